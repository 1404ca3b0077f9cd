//! The archive: the ledger on disk, in one file of a database.
//!
//! One process writes at a time: it holds a lock on a file beside the ledger, and every transaction checks that nobody
//! has opened the ledger for writing since. What is about to be done is written down in one transaction with the checks
//! that it may be done at all, so that no budget can be spent twice. A [`Reader`] reads while another process writes.

mod error;
mod lock;
mod schema;
mod open;
mod writing;
mod append;
mod intend;
mod prune;
mod row;
mod reader;
mod recall;
mod outstanding;

pub use error::{Error, OpenError};
pub use intend::{Attempt, Posting, Receipt};
pub use lock::LastStop;
pub use open::Archive;
pub use outstanding::OpenCell;
pub use reader::{PAGE, Reader};
