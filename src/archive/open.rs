//! Opening a ledger for writing, and closing it.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use crate::archive::error::{Error, OpenError};
use crate::archive::lock::{LastStop, Lock, Mark};
use crate::archive::reader::Reader;
use crate::archive::schema::{self, Found};
use crate::ledger::{Link, Record};
use crate::unit::UnixMillis;

/// A ledger that this process writes.
#[derive(Debug)]
pub struct Archive {
    pub(super) connection: SqliteConnection,
    pub(super) chain: u32,
    pub(super) epoch: u32,
    /// A transaction was begun that nobody saw the end of.
    pub(super) unfinished: bool,
    last_stop: LastStop,
    doubted: Option<UnixMillis>,
    reader: Reader,
    // The last field: it is let go of when nothing is written any more.
    lock: Lock,
}

impl Archive {
    /// Opens a ledger for writing, and makes it where there is none. Whoever had it open before can write no more.
    pub async fn open(path: impl AsRef<Path>, chain: u32) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let mut lock = Lock::take(path)?;
        let storage = |why| OpenError::Storage { path: path.to_owned(), why };
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let mut connection = options.connect().await.map_err(|error| storage(error.into()))?;
        let found = schema::look(&mut connection, path).await?;
        durable(&mut connection).await.map_err(storage)?;
        let left = lock.left();
        let mut opening = Opening { connection: &mut connection, chain, left };
        let raised = opening.raise(found).await.map_err(storage)?;
        if raised.chain != chain {
            return Err(OpenError::OtherChain { path: path.to_owned(), found: raised.chain, asked: chain });
        }
        lock.mark(raised.mark)?;
        let reader = Reader::beside(path);
        let Raised { last_stop, doubted, mark: Mark { epoch, .. }, .. } = raised;
        Ok(Self { connection, chain, epoch, unfinished: false, last_stop, doubted, reader, lock })
    }

    /// Opens a ledger for reading alone, beside whoever writes it.
    pub async fn read_only(path: impl AsRef<Path>) -> Result<Reader, OpenError> {
        Reader::open(path.as_ref()).await
    }

    /// How the ledger was left before it was opened.
    pub const fn last_stop(&self) -> LastStop {
        self.last_stop
    }

    /// Since when it is known to be older than what was done, or not known not to be, which nobody has accepted yet.
    pub const fn doubted(&self) -> Option<UnixMillis> {
        self.doubted
    }

    /// Somebody takes a ledger for what it is that was found to be older; nothing where it is not doubted.
    pub async fn accept(
        &mut self,
        at: UnixMillis,
        by: String,
        why: String,
    ) -> Result<Option<UnixMillis>, Error> {
        let Some(since) = self.doubted else { return Ok(None) };
        let mut writing = self.begin().await?;
        let done = async {
            writing.record(&Record::Accepted { at, by, why, since }, at).await?;
            sqlx::query("UPDATE ledger SET doubted = NULL").execute(writing.connection()).await?;
            Ok(Some(since))
        };
        let done = done.await;
        let done = writing.end(done).await?;
        self.doubted = None;
        Ok(done)
    }

    /// How often it has been opened for writing, this time included.
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// What is in it, for as many to read as like to.
    pub fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// Closes it: the next to open it knows that nothing was cut short.
    pub async fn close(mut self) -> Result<(), Error> {
        let writing = self.begin().await?;
        let seq = writing.head().seq;
        writing.end(Ok(())).await?;
        let clean = sqlx::query("UPDATE ledger SET clean = 1 WHERE epoch = ?").bind(self.epoch);
        clean.execute(&mut self.connection).await?;
        // Where the mark cannot be written, an older copy is told from this one a little less well.
        self.lock.mark(Mark { epoch: self.epoch, seq }).ok();
        self.reader.close().await;
        self.connection.close().await?;
        Ok(())
    }
}

/// Each transaction is on disk before anybody hears that it is.
async fn durable(connection: &mut SqliteConnection) -> Result<(), Error> {
    for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] {
        sqlx::query(pragma).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A ledger on its way to being open.
struct Opening<'c> {
    connection: &'c mut SqliteConnection,
    chain: u32,
    left: Mark,
}

/// A ledger whose epoch was raised.
struct Raised {
    chain: u32,
    mark: Mark,
    last_stop: LastStop,
    doubted: Option<UnixMillis>,
}

impl Opening<'_> {
    /// Raises the epoch, so that nobody who opened the ledger before can write to it.
    async fn raise(&mut self, found: Found) -> Result<Raised, Error> {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *self.connection).await?;
        let raised = self.raise_within(found).await;
        if raised.as_ref().is_ok_and(|raised| raised.chain == self.chain) {
            sqlx::query("COMMIT").execute(&mut *self.connection).await?;
        } else {
            // What went wrong first is what is told.
            sqlx::query("ROLLBACK").execute(&mut *self.connection).await.ok();
        }
        raised
    }

    async fn raise_within(&mut self, found: Found) -> Result<Raised, Error> {
        let fresh = found == Found::Empty;
        if let Found::Ledger(version) = found {
            schema::migrate(self.connection, version).await?;
        }
        if fresh {
            schema::make(self.connection).await?;
            let first = "INSERT INTO ledger (one, chain, epoch, clean, seq, hash) VALUES (1, ?, 0, 0, 0, ?)";
            let first = sqlx::query(first).bind(self.chain).bind(&Link::START.hash.0[..]);
            first.execute(&mut *self.connection).await?;
        }
        let known =
            sqlx::query("SELECT chain, epoch, clean, seq FROM ledger").fetch_one(&mut *self.connection);
        let known = known.await?;
        let found =
            Mark { epoch: known.try_get("epoch")?, seq: known.try_get::<i64, _>("seq")?.cast_unsigned() };
        // Rows without any mark beside them were put here by somebody.
        let unmarked = self.left == Mark::default() && !fresh;
        let last_stop = match (found < self.left || unmarked, fresh, known.try_get("clean")?) {
            (true, ..) => LastStop::Older,
            (false, true, _) => LastStop::First,
            (false, false, true) => LastStop::Clean,
            (false, false, false) => LastStop::Unclean,
        };
        // An older copy goes on after the newest epoch there ever was, so that no two rows share one.
        let epoch = found.epoch.max(self.left.epoch).saturating_add(1);
        let raise = sqlx::query("UPDATE ledger SET epoch = ?, clean = 0").bind(epoch);
        raise.execute(&mut *self.connection).await?;
        if last_stop == LastStop::Older {
            // It stays so through further starts, until somebody accepts it.
            let doubt =
                "UPDATE ledger SET doubted = coalesce(doubted, CAST(unixepoch('subsec') * 1000 AS INTEGER))";
            sqlx::query(doubt).execute(&mut *self.connection).await?;
        }
        let doubted: Option<i64> =
            sqlx::query_scalar("SELECT doubted FROM ledger").fetch_one(&mut *self.connection).await?;
        let (mark, doubted) = (Mark { epoch, seq: found.seq }, doubted.map(UnixMillis::new));
        Ok(Raised { chain: known.try_get("chain")?, mark, last_stop, doubted })
    }
}
