//! What is not over yet.

use sqlx::Row as _;

use crate::archive::error::Error;
use crate::archive::reader::Reader;
use crate::archive::row::{self, rows};
use crate::decision::{CellId, Intention};
use crate::ledger::Record;

/// A gate that watches a change and has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenCell {
    /// Which.
    pub cell: CellId,
    /// The row that opened it; [`Reader::about`] tells the rest.
    pub opened: u64,
}

impl Reader {
    /// All gates that have not ended, in the order in which they were opened.
    pub async fn open_cells(&self) -> Result<Vec<OpenCell>, Error> {
        let open = sqlx::query("SELECT id, opened FROM cell WHERE ended IS NULL ORDER BY opened");
        let read = |row: &sqlx::sqlite::SqliteRow| {
            let cell = CellId(row.try_get::<i64, _>("id")?.cast_unsigned());
            Ok(OpenCell { cell, opened: row.try_get::<i64, _>("opened")?.cast_unsigned() })
        };
        open.fetch_all(&self.pool).await?.iter().map(read).collect()
    }

    /// All intentions that have not ended, in their order.
    pub async fn open_intentions(&self) -> Result<Vec<Intention>, Error> {
        let open = sqlx::query(rows!(
            "JOIN intention ON intention.seq = entry.seq WHERE intention.open = 1 ORDER BY entry.seq"
        ));
        let found = open.fetch_all(&self.pool).await?;
        let records: Vec<_> = found.iter().map(row::record).collect::<Result<_, _>>()?;
        Ok(records.into_iter().filter_map(intention).collect())
    }
}

fn intention(record: Option<Record>) -> Option<Intention> {
    if let Some(Record::Intended(intention)) = record { Some(intention) } else { None }
}
