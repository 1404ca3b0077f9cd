//! A transaction of the ledger's: it begins by checking that this process still may write, and ends whole or not at all.

use sqlx::{Row as _, SqliteConnection};

use crate::archive::error::Error;
use crate::archive::open::Archive;
use crate::ledger::{Entry, FORMAT, Hash, Kind, Link, Record};
use crate::unit::UnixMillis;

/// A transaction that has begun.
pub(super) struct Writing<'a> {
    archive: &'a mut Archive,
    head: Link,
    off: Option<String>,
}

impl Archive {
    /// Begins a transaction. Transactions are begun and ended here and not by the driver: it loses count where the
    /// database itself takes one back, as it does on a full disk.
    pub(super) async fn begin(&mut self) -> Result<Writing<'_>, Error> {
        if self.unfinished {
            self.take_back().await;
        }
        self.unfinished = true;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
        match self.state().await {
            Ok((head, off)) => Ok(Writing { archive: self, head, off }),
            Err(error) => {
                self.take_back().await;
                Err(error)
            }
        }
    }

    async fn take_back(&mut self) {
        // It fails where there is nothing to take back any more, which is what was wanted.
        sqlx::query("ROLLBACK").execute(&mut self.connection).await.ok();
        self.unfinished = false;
    }

    /// The end of the chain and the switch, where this process still may write.
    async fn state(&mut self) -> Result<(Link, Option<String>), Error> {
        let state = sqlx::query("SELECT epoch, off, seq, hash FROM ledger");
        let state = state.fetch_one(&mut self.connection).await?;
        let now: u32 = state.try_get("epoch")?;
        if now != self.epoch {
            return Err(Error::Fenced { ours: self.epoch, now });
        }
        let hash: Vec<u8> = state.try_get("hash")?;
        let hash =
            hash.try_into().map_err(|_| Error::Damaged("the last hash has lost its length".to_owned()))?;
        let seq = state.try_get::<i64, _>("seq")?.cast_unsigned();
        Ok((Link { seq, hash: Hash(hash) }, state.try_get("off")?))
    }
}

impl Writing<'_> {
    /// The end of the chain.
    pub(super) const fn head(&self) -> Link {
        self.head
    }

    /// Why automation is switched off, where it is.
    pub(super) const fn off(&self) -> Option<&String> {
        self.off.as_ref()
    }

    /// The connection, for what is asked and noted beside the records.
    pub(super) const fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.archive.connection
    }

    /// Writes a record about a gate and change, or about none.
    pub(super) async fn record(&mut self, record: &Record, at: UnixMillis) -> Result<u64, Error> {
        self.entry(&Entry::of(record, at)?).await
    }

    /// Writes what became of records, in their order.
    pub(super) async fn entries(&mut self, entries: &[Entry]) -> Result<Vec<u64>, Error> {
        let mut written = Vec::with_capacity(entries.len());
        for entry in entries {
            if let Some(kind) = unchecked(entry) {
                return Err(Error::Unchecked { kind: kind.word() });
            }
            written.push(self.entry(entry).await?);
        }
        Ok(written)
    }

    /// Writes one entry, whatever its kind.
    pub(super) async fn entry(&mut self, entry: &Entry) -> Result<u64, Error> {
        let row = self.head.join(self.archive.chain, self.archive.epoch, entry);
        let (seq, subject) = (row.header.seq.cast_signed(), row.header.subject.cast_signed());
        let insert = sqlx::query("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(seq)
            .bind(FORMAT)
            .bind(row.header.chain)
            .bind(row.header.epoch)
            .bind(row.header.kind)
            .bind(row.header.at.millis())
            .bind(subject)
            .bind(&row.digest.0[..])
            .bind(&row.hash.0[..])
            .bind(entry.payload());
        insert.execute(&mut self.archive.connection).await?;
        let noted = match Kind::of(entry.kind()) {
            Some(Kind::Awaited | Kind::Opened) => Some(
                "INSERT INTO cell (id, opened) VALUES (?2, ?1)
                 ON CONFLICT (id) DO UPDATE SET opened = ?1, ended = NULL, pruned = 0",
            ),
            Some(Kind::Ended) => Some("UPDATE cell SET ended = ?1 WHERE id = ?2"),
            _ => None,
        };
        if let Some(noted) = noted {
            sqlx::query(noted).bind(seq).bind(subject).execute(&mut self.archive.connection).await?;
        }
        self.head = row.link();
        Ok(row.header.seq)
    }

    /// Ends the transaction: with what was done, where it was, or as if it had never begun.
    pub(super) async fn end<T>(self, done: Result<T, Error>) -> Result<T, Error> {
        let committed = match &done {
            Ok(_) => commit(&mut self.archive.connection, self.head).await,
            Err(_) => Ok(()),
        };
        if done.is_ok() && committed.is_ok() {
            self.archive.unfinished = false;
        } else {
            self.archive.take_back().await;
        }
        committed.and(done)
    }
}

async fn commit(connection: &mut SqliteConnection, head: Link) -> Result<(), Error> {
    let update = sqlx::query("UPDATE ledger SET seq = ?1, hash = ?2 WHERE seq <> ?1");
    let update = update.bind(head.seq.cast_signed()).bind(&head.hash.0[..]);
    update.execute(&mut *connection).await?;
    sqlx::query("COMMIT").execute(connection).await?;
    Ok(())
}

/// The kind of an entry that may not be written without its checks.
fn unchecked(entry: &Entry) -> Option<Kind> {
    Kind::of(entry.kind()).filter(|kind| {
        matches!(
            kind,
            Kind::Intended | Kind::Retried | Kind::Closed | Kind::Switched | Kind::Refused | Kind::Accepted
        )
    })
}
