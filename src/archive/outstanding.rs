//! What is not over yet, and what was spent: whatever has to be known again after a restart.

use sqlx::Row as _;

use crate::archive::error::Error;
use crate::archive::reader::Reader;
use crate::archive::row::{self, rows};
use crate::decision::{CellId, Intention};
use crate::ledger::Record;
use crate::signal::Change;
use crate::unit::UnixMillis;

/// A gate that watches a change and has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenCell {
    /// Which.
    pub cell: CellId,
    /// The row that opened it; [`Reader::about`] tells the rest.
    pub opened: u64,
}

/// An intention, and whether it has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// The intention.
    pub intention: Intention,
    /// Whether it has not ended.
    pub open: bool,
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

    /// All intentions after a time, in their order: what budgets, cool-downs and the blast radius are counted from.
    pub async fn history(&self, since: UnixMillis) -> Result<Vec<Spent>, Error> {
        let spent = sqlx::query(rows!(
            with ", intention.open AS open",
            "JOIN intention ON intention.seq = entry.seq WHERE intention.at > ? ORDER BY entry.seq"
        ));
        let mut history = Vec::new();
        for found in spent.bind(since.millis()).fetch_all(&self.pool).await? {
            if let Some(intention) = intention(row::record(&found)?) {
                history.push(Spent { intention, open: found.try_get("open")? });
            }
        }
        Ok(history)
    }

    /// All changes that were recorded after a time, in their order.
    pub async fn changes(&self, since: UnixMillis) -> Result<Vec<Change>, Error> {
        let told = sqlx::query(rows!("WHERE kind = 2 AND kind <> 4 AND at > ? ORDER BY seq"));
        let found = told.bind(since.millis()).fetch_all(&self.pool).await?;
        let records: Vec<_> = found.iter().map(row::record).collect::<Result<_, _>>()?;
        let change = |record| if let Some(Record::Changed(change)) = record { Some(change) } else { None };
        Ok(records.into_iter().filter_map(change).collect())
    }

    /// Why automation is switched off, where it is.
    pub async fn switched_off(&self) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar("SELECT off FROM ledger").fetch_one(&self.pool).await?)
    }
}

fn intention(record: Option<Record>) -> Option<Intention> {
    if let Some(Record::Intended(intention)) = record { Some(intention) } else { None }
}
