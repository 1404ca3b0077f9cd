//! Writing down what happened.

use crate::archive::error::Error;
use crate::archive::open::Archive;
use crate::archive::writing::Writing;
use crate::decision::Turn;
use crate::ledger::{Entry, Record};
use crate::unit::UnixMillis;

impl Archive {
    /// Writes entries, all of them or none, and tells their numbers. They are on disk when it returns.
    pub async fn append(&mut self, entries: &[Entry]) -> Result<Vec<u64>, Error> {
        let mut writing = self.begin().await?;
        let done = writing.entries(entries).await;
        writing.end(done).await
    }

    /// Switches automation off, for a reason, or on again.
    pub async fn switch(&mut self, at: UnixMillis, turn: &Turn) -> Result<u64, Error> {
        let mut writing = self.begin().await?;
        let done = switch(&mut writing, at, turn).await;
        writing.end(done).await
    }
}

/// What a file says is no state of the ledger's: whoever begins reads the file.
async fn switch(writing: &mut Writing<'_>, at: UnixMillis, turn: &Turn) -> Result<u64, Error> {
    let Turn { service, off, by, file } = turn.clone();
    let seq = writing.record(&Record::Switched { at, off, by, service, file }, at).await?;
    let noted = match (&turn.service, &turn.off) {
        _ if turn.file => return Ok(seq),
        (None, off) => sqlx::query("UPDATE ledger SET off = ?").bind(off),
        (Some(service), Some(why)) => {
            sqlx::query("INSERT OR REPLACE INTO switch (service, why) VALUES (?, ?)").bind(service).bind(why)
        }
        (Some(service), None) => sqlx::query("DELETE FROM switch WHERE service = ?").bind(service),
    };
    noted.execute(writing.connection()).await?;
    Ok(seq)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Link;

    async fn pragma(archive: &mut Archive, pragma: &'static str) {
        sqlx::query(pragma).execute(&mut archive.connection).await.unwrap();
    }

    fn large() -> Vec<Entry> {
        let unknown = Record::Unknown { kind: 77, payload: vec![7; 20_000] };
        vec![Entry::of(&unknown, UnixMillis::new(0)).unwrap(); 20]
    }

    /// Each trouble is made and mended by a pragma of the connection: no file system has to be filled for it.
    #[tokio::test]
    async fn what_cannot_be_written_is_not_written_in_part() {
        let folder = std::env::temp_dir().join(format!("backstop-append-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut archive = Archive::open(folder.join("ledger"), 1).await.unwrap();
        for (trouble, mended, expected) in [
            ("PRAGMA max_page_count = 40", "PRAGMA max_page_count = 1000000", "its disk is full"),
            ("PRAGMA query_only = 1", "PRAGMA query_only = 0", "it may only be read"),
        ] {
            let before = archive.reader().head().await.unwrap();
            pragma(&mut archive, trouble).await;
            let error = archive.append(&large()).await.unwrap_err();
            assert!(error.to_string().starts_with(expected), "{error}");
            assert_eq!(archive.reader().head().await.unwrap(), before);
            pragma(&mut archive, mended).await;
            let written = archive.append(&large()).await.unwrap();
            assert_eq!(written[0], before.seq + 1);
            assert_eq!(archive.reader().verify().await.unwrap().rows, before.seq + 20);
        }
        assert_ne!(archive.reader().head().await.unwrap(), Link::START);
        archive.close().await.unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
