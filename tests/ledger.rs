//! The ledger: its bytes, its chain, and what it refuses.
#![expect(clippy::unwrap_used, reason = "a test that cannot use its ledger has failed")]

#[path = "kit/folder.rs"]
mod folder;
#[path = "kit/posts.rs"]
mod posts;
#[path = "kit/records.rs"]
mod records;
#[path = "kit/snapshot.rs"]
mod snapshot;

#[path = "ledger/bytes.rs"]
mod bytes;
#[path = "ledger/opening.rs"]
mod opening;
#[path = "ledger/reading.rs"]
mod reading;
#[path = "ledger/refusals.rs"]
mod refusals;
#[path = "ledger/tampering.rs"]
mod tampering;

use sqlx::{ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};

/// A connection to a ledger behind the archive's back.
async fn behind(path: &std::path::Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path);
    options.pragma("synchronous", "OFF").connect().await.unwrap()
}
