//! What can go wrong with a ledger on disk, with the way out.

use std::io;
use std::path::PathBuf;

use crate::ledger::{Broken, Malformed, Unwritable};

/// Why a ledger cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process writes it.
    #[error(
        "another process writes the ledger {path}; stop that one, or give this one a ledger of its own. Reading goes on beside it"
    )]
    InUse {
        /// The ledger.
        path: PathBuf,
    },
    /// There is none.
    #[error("there is no ledger at {path}; the server makes one when it begins to write")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{path} is no ledger of backstop's; it is left as it is. Name another file")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A later version wrote it.
    #[error("the ledger {path} is of version {found}, and this backstop knows {known}; use a later backstop")]
    Newer {
        /// The ledger.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The version that is known.
        known: i64,
    },
    /// It belongs to another replica.
    #[error("the ledger {path} holds chain {found}, not {asked}; each replica has a ledger of its own")]
    OtherChain {
        /// The ledger.
        path: PathBuf,
        /// Its chain.
        found: u32,
        /// The chain that was asked for.
        asked: u32,
    },
    /// The file that is locked cannot be used.
    #[error("{path} cannot be locked: {why}; it must lie where this process may write, on a local disk")]
    Lock {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: io::Error,
    },
    /// The database says no.
    #[error("the ledger {path} cannot be opened: {why}")]
    Storage {
        /// The ledger.
        path: PathBuf,
        /// Why not.
        why: Error,
    },
}

/// What went wrong with a ledger. Where something was to be written, nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full.
    #[error("its disk is full, so nothing of this was written; make room, and the next is written again")]
    Full,
    /// It may not be written.
    #[error("it may only be read, so nothing of this was written; give this process the right to write it")]
    ReadOnly,
    /// The file is damaged.
    #[error("the file is damaged ({0}); keep a copy of it, and restore the last backup")]
    Damaged(String),
    /// Another process has begun to write it.
    #[error(
        "another process writes it now: its epoch is {now}, and this process opened {ours}; stop one of the two"
    )]
    Fenced {
        /// The epoch that this process opened.
        ours: u32,
        /// The epoch there is.
        now: u32,
    },
    /// A row is not what was written.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A row says nothing.
    #[error("row {seq} of the ledger says nothing: {why}")]
    Malformed {
        /// Its number.
        seq: u64,
        /// Why.
        why: Malformed,
    },
    /// A record could not be written.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    /// No such intention is open.
    #[error("no intention {key} is open, so there is nothing to try again or to close")]
    NotOpen {
        /// Its key.
        key: String,
    },
    /// A record that is written together with checks was to be written without them.
    #[error("a record of kind {kind} is only written together with its checks; please report it")]
    Unchecked {
        /// Its kind.
        kind: &'static str,
    },
    /// Anything else that the database says.
    #[error("the database says: {0}")]
    Database(sqlx::Error),
}

/// The database's primary result codes that have a way out of their own.
const READONLY: i32 = 8;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const NOTADB: i32 = 26;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let said = error.as_database_error();
        let extended = said.and_then(|error| error.code()?.parse::<i32>().ok());
        match extended.map(|code| code & 0xff) {
            Some(FULL) => Self::Full,
            Some(READONLY) => Self::ReadOnly,
            Some(CORRUPT | NOTADB) => Self::Damaged(error.to_string()),
            _ => Self::Database(error),
        }
    }
}
