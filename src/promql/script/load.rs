//! Loading: series that are there from then on.

use std::collections::BTreeMap;

use crate::promql::script::classic;
use crate::promql::script::error::Misread;
use crate::promql::script::row::Row;
use crate::promql::script::start::Starts;
use crate::promql::script::told::{Difference, Failure};
use crate::signal::{Labels, Observation};
use crate::store::Store;
use crate::unit::{Span, UnixMillis};

/// When it is as far as a store is concerned.
const NOW: UnixMillis = UnixMillis::new(0);

/// Series to load. One that is written twice is worth what it says last.
#[derive(Debug, Clone)]
pub(super) struct Load {
    /// The number of its line.
    pub(super) line: usize,
    step: i64,
    /// Whether the buckets of classic histograms are loaded as histograms as well.
    with_histograms: bool,
    series: BTreeMap<Labels, Vec<Observation>>,
    /// Start times for the line below.
    pending: Option<Starts>,
    /// Start times of every series that has none of its own.
    default: Vec<Option<i64>>,
}

impl Load {
    pub(super) fn new(line: usize, step: Span, with_histograms: bool) -> Self {
        let step = i64::try_from(step.millis()).unwrap_or(i64::MAX);
        Self { line, step, with_histograms, series: BTreeMap::new(), pending: None, default: Vec::new() }
    }

    /// Takes a line, and tells how many samples that adds.
    pub(super) fn take(&mut self, line: &str) -> Result<usize, Misread> {
        if let Some(starts) = Starts::read(line)? {
            self.complete()?;
            match starts.labels {
                None => self.default = starts.values,
                Some(_) => self.pending = Some(starts),
            }
            return Ok(0);
        }
        let row = Row::read(line)?;
        let starts = self.starts_of(&row)?;
        let values = row.values.iter().zip(starts).enumerate();
        let observations = values.filter_map(|(index, (value, start))| {
            let at = i64::try_from(index).unwrap_or(i64::MAX).saturating_mul(self.step);
            // As on the wire, zero says that nobody knows.
            let start = start.map(|start| at.saturating_add(start)).filter(|start| *start != 0);
            Some(Observation {
                at: UnixMillis::new(at),
                start: start.map(UnixMillis::new),
                point: value.as_ref()?.point(),
            })
        });
        let observations: Vec<Observation> = observations.collect();
        let count = observations.len();
        self.series.insert(row.labels, observations);
        Ok(count)
    }

    /// Whether no start times are left over.
    pub(super) fn complete(&self) -> Result<(), Misread> {
        match &self.pending {
            Some(Starts { labels: Some(labels), .. }) => Err(Misread::StartAlone(labels.to_string())),
            Some(_) | None => Ok(()),
        }
    }

    fn starts_of(&mut self, row: &Row) -> Result<Vec<Option<i64>>, Misread> {
        let belongs =
            |own: &Starts| own.labels.as_ref() == Some(&row.labels) && own.values.len() == row.values.len();
        if self.pending.as_ref().is_some_and(|own| !belongs(own)) {
            self.complete()?;
        }
        let len = row.values.len();
        Ok(match self.pending.take() {
            Some(own) => own.values,
            None if self.default.is_empty() => vec![None; len],
            None => self.default.iter().copied().cycle().take(len).collect(),
        })
    }

    pub(super) fn load_into(&self, store: &mut Store) -> Result<(), Failure> {
        let made = if self.with_histograms { classic::histograms(&self.series) } else { Ok(BTreeMap::new()) };
        let made = made.map_err(|error| self.failure(error.to_string()))?;
        let mut refused = 0;
        for (labels, observations) in self.series.iter().chain(&made) {
            refused += store.observe(labels, observations.iter().cloned(), NOW).refused();
        }
        if refused == 0 {
            return Ok(());
        }
        Err(self.failure(format!(
            "{refused} samples refused, as there are later ones of their series, or too many"
        )))
    }

    fn failure(&self, got: String) -> Failure {
        let what = Difference { expected: "series that can be loaded".to_owned(), got };
        Failure { line: self.line, expression: "load".to_owned(), put: String::new(), what }
    }
}
