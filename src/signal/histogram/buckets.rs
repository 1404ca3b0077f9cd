//! Counts of buckets side by side.

use crate::signal::histogram::HistogramError;
use crate::signal::histogram::cell::Cell;
use std::sync::Arc;

/// Buckets without a gap between them, as the wire tells of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketSpan {
    /// The index of its first bucket; for a later span, how many indexes are left out before it.
    pub offset: i32,
    /// How many buckets.
    pub length: u32,
}

/// Buckets without a gap between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    first: i32,
    end: i32,
}

/// Counts of buckets, each with its index.
///
/// The spans are never empty and never touch, so that the same buckets always have the same spans.
#[derive(Debug, Clone, PartialEq)]
pub struct Buckets<C = f64> {
    runs: Arc<[Run]>,
    counts: Vec<C>,
}

impl<C> Default for Buckets<C> {
    fn default() -> Self {
        Self { runs: Arc::from([]), counts: Vec::new() }
    }
}

impl Buckets {
    /// Buckets of these spans, as the wire and the scripts have them: spans may be empty or touch.
    pub fn new(
        spans: impl IntoIterator<Item = BucketSpan>,
        counts: Vec<f64>,
    ) -> Result<Self, HistogramError> {
        let mut layout = Layout::default();
        let mut told = 0_usize;
        let mut end = 0_i32;
        for (place, span) in spans.into_iter().enumerate() {
            if 0 < place && span.offset < 0 {
                return Err(HistogramError::Backwards { place: place + 1, offset: span.offset });
            }
            let first = end.checked_add(span.offset).ok_or(HistogramError::TooFar)?;
            end = first.checked_add_unsigned(span.length).ok_or(HistogramError::TooFar)?;
            told = told.saturating_add(span.length as usize);
            layout.append(Run { first, end });
        }
        if told != counts.len() {
            return Err(HistogramError::Mismatch { told, given: counts.len() });
        }
        Ok(Self { runs: layout.0.into(), counts })
    }

    /// Buckets without a gap from that index on.
    pub fn from_index(first: i32, counts: Vec<f64>) -> Result<Self, HistogramError> {
        let length = u32::try_from(counts.len()).map_err(|_| HistogramError::TooFar)?;
        Self::new([BucketSpan { offset: first, length }], counts)
    }

    /// The same with neighbours merged so many times, as exponential buckets are of a resolution that is so much coarser.
    #[must_use]
    pub fn merged(&self, times: u32) -> Self {
        if times == 0 {
            return self.clone();
        }
        // The last bucket of a pair has an even index, and so has the one that holds both.
        self.regrouped(|index| (index.saturating_sub(1) >> times.min(i32::BITS - 1)).saturating_add(1))
    }

    /// The counts.
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// Indexes and counts, as the indexes rise.
    pub fn iter(&self) -> impl Iterator<Item = (i32, f64)> {
        self.cells()
    }

    /// Whether all that there is, is the same to the last bit.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        let bits = |counts: &[f64]| counts.iter().map(|count| count.to_bits()).collect::<Vec<_>>();
        self.runs == other.runs && bits(&self.counts) == bits(&other.counts)
    }
}

impl<C> Buckets<C> {
    /// The spans, none of them empty.
    pub fn spans(&self) -> impl ExactSizeIterator<Item = BucketSpan> {
        let mut end = 0;
        self.runs.iter().map(move |run| {
            let offset = run.first - end;
            end = run.end;
            BucketSpan { offset, length: run.end.abs_diff(run.first) }
        })
    }

    /// How many buckets there are, those that count nothing among them.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The index of the first bucket.
    pub fn first_index(&self) -> Option<i32> {
        self.runs.first().map(|run| run.first)
    }

    /// The index of the last bucket.
    pub fn last_index(&self) -> Option<i32> {
        self.runs.last().map(|run| run.end - 1)
    }
}

impl<C: Cell> Buckets<C> {
    /// Indexes and counts, as the indexes rise.
    pub(super) fn cells(&self) -> impl Iterator<Item = (i32, C)> {
        self.runs.iter().flat_map(|run| run.first..run.end).zip(self.counts.iter().copied())
    }

    /// Indexes and counts, as the indexes fall.
    pub(super) fn cells_back(&self) -> impl Iterator<Item = (i32, C)> {
        self.runs
            .iter()
            .rev()
            .flat_map(|run| (run.first..run.end).rev())
            .zip(self.counts.iter().rev().copied())
    }

    /// The counts, to be changed where they stand.
    pub(super) fn counts_mut(&mut self) -> impl Iterator<Item = &mut C> {
        self.counts.iter_mut()
    }

    /// Buckets whose indexes rise.
    pub(super) fn of(cells: impl Iterator<Item = (i32, C)>) -> Self {
        let mut layout = Layout::default();
        let mut counts = Vec::with_capacity(cells.size_hint().0);
        for (index, count) in cells {
            layout.append(Run { first: index, end: index + 1 });
            counts.push(count);
        }
        Self { runs: layout.0.into(), counts }
    }

    /// The same buckets counted otherwise.
    pub(super) fn map<D>(&self, otherwise: impl Fn(C) -> D) -> Buckets<D> {
        Buckets {
            runs: Arc::clone(&self.runs),
            counts: self.counts.iter().map(|count| otherwise(*count)).collect(),
        }
    }

    /// Neighbours that share a new index make one bucket.
    pub(super) fn regrouped(&self, new_index: impl Fn(i32) -> i32) -> Self {
        let mut cells = self.cells().map(|(index, count)| (new_index(index), count)).peekable();
        Self::of(std::iter::from_fn(|| {
            let (index, mut count) = cells.next()?;
            while let Some((_, more)) = cells.next_if(|(next, _)| *next == index) {
                count = count.plus(more);
            }
            Some((index, count))
        }))
    }

    /// Adds the buckets of another that follow its first `skipped` ones.
    pub(super) fn absorb<D: Cell>(&mut self, other: &Buckets<D>, skipped: usize, as_own: impl Fn(D) -> C) {
        if other.len() <= skipped {
            return;
        }
        if Arc::ptr_eq(&self.runs, &other.runs) || self.runs == other.runs {
            let more = other.counts.iter().enumerate().skip(skipped);
            for (place, count) in more {
                self.counts[place] = self.counts[place].plus(as_own(*count));
            }
            return;
        }
        let mut own = self.cells().peekable();
        let mut more = other.cells().skip(skipped).map(|(index, count)| (index, as_own(count))).peekable();
        let merged = Self::of(std::iter::from_fn(|| match (own.peek(), more.peek()) {
            (Some((index, _)), Some((next, _))) if index == next => {
                let (index, count) = own.next()?;
                Some((index, count.plus(more.next()?.1)))
            }
            (Some((index, _)), Some((next, _))) if next < index => more.next(),
            (Some(_), _) => own.next(),
            (None, _) => more.next(),
        }));
        drop((own, more));
        *self = merged;
    }

    /// Leaves out the first buckets as long as that is said of them, and all that count nothing.
    pub(super) fn cut_while(&mut self, is_cut: impl Fn(i32) -> bool) {
        let mut cutting = true;
        let kept = self.cells().filter(|(index, count)| {
            cutting = cutting && is_cut(*index);
            !cutting && !count.is_nothing()
        });
        *self = Self::of(kept);
    }

    /// Leaves out buckets that count nothing, but for at most that many side by side between others.
    pub(super) fn compact(&mut self, most_between: u32) {
        let is_compact = self.counts.iter().all(|count| !count.is_nothing())
            && self.spans().skip(1).all(|span| most_between < span.offset.unsigned_abs());
        if is_compact {
            return;
        }
        let mut end: Option<i32> = None;
        let filled = self.cells().filter(|(_, count)| !count.is_nothing()).flat_map(|(index, count)| {
            let from = end.filter(|end| index.abs_diff(*end) <= most_between).unwrap_or(index);
            end = Some(index + 1);
            (from..index).map(|between| (between, C::default())).chain([(index, count)])
        });
        *self = Self::of(filled);
    }
}

/// Runs that grow at their end.
#[derive(Default)]
struct Layout(Vec<Run>);

impl Layout {
    /// The next buckets; none of those before lies at or after them.
    fn append(&mut self, run: Run) {
        match self.0.last_mut() {
            _ if run.first == run.end => (),
            Some(last) if last.end == run.first => last.end = run.end,
            Some(_) | None => self.0.push(run),
        }
    }
}
