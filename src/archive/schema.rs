//! The tables. `entry` is the ledger; the others say again what its records say, for the checks to be quick.

use std::path::Path;

use sqlx::SqliteConnection;

use crate::archive::error::{Error, OpenError};

/// Marks the file as one of backstop's ledgers: "bkst".
const APPLICATION: i64 = 0x626b_7374;

/// The version of the tables.
pub(super) const VERSION: i64 = 2;

/// Ledgers are large and nearly all of one kind of row, `looked`, so that kind stays out of the indices of kinds. A `subject` is 64
/// bits without a sign and stored as the same bits with one.
const TABLES: &str = "
CREATE TABLE entry (
    seq     INTEGER PRIMARY KEY,
    format  INTEGER NOT NULL,
    chain   INTEGER NOT NULL,
    epoch   INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    digest  BLOB NOT NULL,
    hash    BLOB NOT NULL,
    payload BLOB
) STRICT;
CREATE INDEX entry_subject ON entry (subject) WHERE subject <> 0;
CREATE INDEX entry_kind ON entry (kind) WHERE kind <> 4;
CREATE INDEX entry_kind_at ON entry (kind, at) WHERE kind <> 4;

CREATE TABLE ledger (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    chain INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    clean INTEGER NOT NULL,
    off   TEXT,
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL,
    doubted INTEGER
) STRICT;

CREATE TABLE switch (
    service TEXT PRIMARY KEY,
    why     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cell (
    id     INTEGER PRIMARY KEY,
    opened INTEGER NOT NULL,
    ended  INTEGER,
    pruned INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX cell_open ON cell (opened) WHERE ended IS NULL;
CREATE INDEX cell_ended ON cell (ended) WHERE pruned = 0;

CREATE TABLE intention (
    key         TEXT PRIMARY KEY,
    seq         INTEGER NOT NULL,
    cell        INTEGER NOT NULL,
    decision    TEXT NOT NULL,
    at          INTEGER NOT NULL,
    service     TEXT NOT NULL,
    environment TEXT,
    cluster     TEXT,
    action      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    change      TEXT NOT NULL,
    changes     INTEGER NOT NULL,
    open        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX intention_at ON intention (at);
CREATE INDEX intention_open ON intention (service) WHERE open = 1;

PRAGMA application_id = 1651209076;
PRAGMA user_version = 2;
";

/// From the tables of version 1 to those of version 2.
const TO_2: &str = "
ALTER TABLE ledger ADD COLUMN doubted INTEGER;
CREATE TABLE switch (
    service TEXT PRIMARY KEY,
    why     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 2;
";

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet.
    Empty,
    /// A ledger, of this version of the tables.
    Ledger(i64),
}

/// Makes the tables.
pub(super) async fn make(connection: &mut SqliteConnection) -> Result<(), Error> {
    sqlx::raw_sql(TABLES).execute(connection).await?;
    Ok(())
}

/// Makes the tables of an older version those of now, within a transaction.
pub(super) async fn migrate(connection: &mut SqliteConnection, version: i64) -> Result<(), Error> {
    if version < 2 {
        sqlx::raw_sql(TO_2).execute(connection).await?;
    }
    Ok(())
}

/// What the file is, where it may be used.
pub(super) async fn look(connection: &mut SqliteConnection, path: &Path) -> Result<Found, OpenError> {
    let path = path.to_owned();
    let asked = ask(connection).await;
    let (application, version, tables) = match asked {
        Ok(found) => found,
        Err(Error::Damaged(_)) => return Err(OpenError::Foreign { path }),
        Err(why) => return Err(OpenError::Storage { path, why }),
    };
    match (application, version, tables) {
        (0, 0, 0) => Ok(Found::Empty),
        (APPLICATION, version @ 1..=VERSION, _) => Ok(Found::Ledger(version)),
        (APPLICATION, found, _) => Err(OpenError::Newer { path, found, known: VERSION }),
        _ => Err(OpenError::Foreign { path }),
    }
}

/// The two marks in the file's header, and how many tables there are.
async fn ask(connection: &mut SqliteConnection) -> Result<(i64, i64, i64), Error> {
    let application = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *connection).await?;
    let version = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    let tables = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(connection).await?;
    Ok((application, version, tables))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_marked_as_what_is_looked_for() {
        assert!(TABLES.contains(&format!("application_id = {APPLICATION};")));
        assert!(TABLES.contains(&format!("user_version = {VERSION};")));
        assert!(TABLES.contains(&format!("WHERE kind <> {};", crate::ledger::Kind::Looked.number())));
    }
}
