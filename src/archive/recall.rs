//! Recalling: the records that something rests on, in their order.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::error::Error;
use crate::archive::reader::{PAGE, Reader, read};
use crate::archive::row::rows;
use crate::decision::{CellId, DecisionId, Recovery};
use crate::ledger::{Kind, Record, Row};
use crate::signal::{Change, ChangeId, TargetKey};
use crate::unit::UnixMillis;

/// How many passes are recalled, of all targets together.
const MOST_VOUCHED: i64 = 20_000;

impl Reader {
    /// Everything that an engine has to know again after a restart: what happened across all gates since a time, and all
    /// about what has not ended yet.
    pub async fn unfinished(&self, since: UnixMillis) -> Result<Vec<Record>, Error> {
        let across = sqlx::query(rows!("WHERE kind <> 4 AND kind IN (2, 6, 7, 8, 9, 16, 17) AND at > ?"));
        let mut found = read(&across.bind(since.millis()).fetch_all(&self.pool).await?)?;
        // Each turn lifts, or outlasts, those before it: there is no knowing how far back the last one of a service is.
        let switched = sqlx::query(rows!("WHERE kind <> 4 AND kind = 10 ORDER BY seq"));
        found.extend(read(&switched.fetch_all(&self.pool).await?)?);
        found.extend(self.vouched().await?);
        let mut cells: Vec<CellId> = self.open_cells().await?.into_iter().map(|open| open.cell).collect();
        cells.extend(self.recovering(since).await?);
        cells.extend(self.open_intentions().await?.into_iter().map(|intention| intention.decision.cell));
        cells.sort_unstable();
        cells.dedup();
        let mut about = Vec::new();
        for cell in &cells {
            about.extend(self.all_about(*cell).await?);
        }
        for cell in self.siblings(&about).await? {
            if cells.binary_search(&cell).is_err() {
                about.extend(self.all_about(cell).await?);
            }
        }
        found.extend(about);
        let found: BTreeMap<u64, Row> = found.into_iter().map(|row| (row.header.seq, row)).collect();
        records(found.into_values())
    }

    /// The gates that look whether things are well after their change was taken back, and those that did not see it: somebody may
    /// still have to be called.
    async fn recovering(&self, since: UnixMillis) -> Result<BTreeSet<CellId>, Error> {
        let told = sqlx::query(rows!("WHERE kind = 20 AND kind <> 4 AND at > ? ORDER BY seq"));
        let told = read(&told.bind(since.millis()).fetch_all(&self.pool).await?)?;
        let mut cells = BTreeSet::new();
        for record in records(told.into_iter())? {
            let Record::Recovery { cell, recovery, .. } = record else { continue };
            match recovery {
                Recovery::Begun { .. } | Recovery::Unrecovered { .. } => cells.insert(cell),
                Recovery::Recovered { .. } | Recovery::Superseded | Recovery::Withdrawn => {
                    cells.remove(&cell)
                }
            };
        }
        Ok(cells)
    }

    /// What passed, however long ago: what is good stays so until something else is.
    async fn vouched(&self) -> Result<Vec<Row>, Error> {
        let vouched = sqlx::query(rows!("WHERE kind = 18 AND kind <> 4 ORDER BY seq DESC LIMIT ?"));
        read(&vouched.bind(MOST_VOUCHED).fetch_all(&self.pool).await?)
    }

    /// The gates that were told of the same changes as those that these rows are about: their evidence is one, though
    /// some of them ended.
    async fn siblings(&self, about: &[Row]) -> Result<BTreeSet<CellId>, Error> {
        let told: Vec<&Row> = about.iter().filter(|row| row.header.kind == Kind::Awaited.number()).collect();
        let times: BTreeSet<i64> = told.iter().map(|row| row.header.at.millis()).collect();
        let changes = records(told.into_iter().cloned())?;
        let mut siblings = BTreeSet::new();
        for at in times {
            let awaited = sqlx::query(rows!("WHERE kind = 13 AND kind <> 4 AND at = ?"));
            for record in records(read(&awaited.bind(at).fetch_all(&self.pool).await?)?.into_iter())? {
                if changes.iter().any(|known| is_of_one_release(known, &record)) {
                    siblings.extend(record.cell());
                }
            }
        }
        Ok(siblings)
    }

    /// Everything about a gate that watched a change, its change with it.
    pub async fn episode(&self, cell: CellId) -> Result<Vec<Record>, Error> {
        let mut told = records(self.all_about(cell).await?.into_iter())?;
        let named = told.iter().find_map(|record| {
            let (Record::Awaited { change, target, .. } | Record::Opened { change, target, .. }) = record
            else {
                return None;
            };
            Some((change.clone(), target.clone()))
        });
        if let Some((id, target)) = named {
            told.extend(self.change(&id, &target).await?.map(Record::Changed));
        }
        Ok(told)
    }

    /// The decisions, in their order.
    pub async fn decisions(&self) -> Result<Vec<DecisionId>, Error> {
        let decided = sqlx::query(rows!("WHERE kind = 5 AND kind <> 4 ORDER BY seq"));
        let decided = records(read(&decided.fetch_all(&self.pool).await?)?.into_iter())?;
        let id = |record| if let Record::Decided { id, .. } = record { Some(id) } else { None };
        Ok(decided.into_iter().filter_map(id).collect())
    }

    /// The last decision.
    pub async fn last_decision(&self) -> Result<Option<DecisionId>, Error> {
        let last = records(self.last(Kind::Decided).await?.into_iter())?;
        Ok(last
            .into_iter()
            .find_map(|record| if let Record::Decided { id, .. } = record { Some(id) } else { None }))
    }

    /// The change of this id to this target: one pipeline may give one id to changes of several.
    async fn change(&self, id: &ChangeId, target: &TargetKey) -> Result<Option<Change>, Error> {
        let told = sqlx::query(rows!("WHERE kind = 2 AND kind <> 4 AND instr(payload, ?) > 0 ORDER BY seq"));
        let told = read(&told.bind(id.0.as_bytes()).fetch_all(&self.pool).await?)?;
        let change = |record| if let Record::Changed(change) = record { Some(change) } else { None };
        Ok(records(told.into_iter())?
            .into_iter()
            .filter_map(change)
            .find(|change| (&change.id, &change.target) == (id, target)))
    }

    async fn all_about(&self, cell: CellId) -> Result<Vec<Row>, Error> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = self.about(cell, after).await?;
            let full = page.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
            after = page.last().map_or(after, |row| row.header.seq);
            all.extend(page);
            if !full {
                return Ok(all);
            }
        }
    }
}

/// What rows say; those whose contents were pruned say nothing.
fn records(rows: impl Iterator<Item = Row>) -> Result<Vec<Record>, Error> {
    let read = |row: Row| row.record().map_err(|why| Error::Malformed { seq: row.header.seq, why });
    rows.map(read).filter_map(Result::transpose).collect()
}

fn is_of_one_release(one: &Record, other: &Record) -> bool {
    match (one, other) {
        (
            Record::Awaited { change, target, .. },
            Record::Awaited { change: other_change, target: other_target, .. },
        ) => (change, target) == (other_change, other_target),
        _ => false,
    }
}
