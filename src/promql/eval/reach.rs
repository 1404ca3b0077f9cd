//! Reaches: where in time a selector or a subquery looks at each step.

use crate::promql::duration::{Arithmetic, Length};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::query::Query;
use crate::promql::node::Subquery;
use crate::promql::number::{as_float, rounded};
use crate::promql::selector::{At, Extended, Shift};
use crate::unit::{Extent, UnixMillis};

/// Where in time it looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) grid: Grid,
    /// The one moment that it looks at, whatever the step.
    fixed: Option<i64>,
    offset: i64,
    /// How long its window is; nothing for the newest sample alone.
    pub(super) range: i64,
    /// The same in seconds, which may be finer than milliseconds.
    pub(super) seconds: f64,
    /// What the window takes from outside of it.
    pub(super) extended: Option<Extended>,
    /// Whether it is told of each histogram whether its counter fell, as Prometheus does where it reads nothing but
    /// counts and sums.
    pub(super) watched: bool,
    /// How long a sample stands for its series.
    pub(super) lookback: i64,
}

impl Reach {
    /// Where it looks with this shift and this window. The extent is that of the whole.
    pub(super) fn of(
        query: &Query<'_>,
        grid: Grid,
        (shift, range): (&Shift, Option<&Length>),
        extent: Extent,
    ) -> Result<Self, EvalError> {
        let fixed = shift.at.map(|at| match at {
            At::Millis(millis) => millis,
            At::Start => query.grid().start(),
            At::End => query.end().millis(),
        });
        let offset = shift.offset.as_ref().map(|offset| length(query, offset, extent)).transpose()?;
        let seconds = range.map(|range| length(query, range, extent)).transpose()?;
        if seconds.is_some_and(|seconds| seconds <= 0.0 || seconds.is_nan()) {
            return Err(EvalError::NoDuration(extent));
        }
        Ok(Self {
            grid,
            fixed,
            offset: millis(offset.unwrap_or_default()),
            range: millis(seconds.unwrap_or_default()),
            seconds: seconds.unwrap_or_default(),
            extended: None,
            watched: false,
            lookback: i64::try_from(query.lookback.millis()).unwrap_or(i64::MAX),
        })
    }

    /// The same with a window that takes something from outside of it.
    pub(super) const fn extended(self, extended: Option<Extended>) -> Self {
        Self { extended, ..self }
    }

    /// The same where only counts and sums of histograms are read.
    pub(super) const fn watched(self, watched: bool) -> Self {
        Self { watched, ..self }
    }

    /// A window as long as a sample stands for its series: the newest sample is the last in it.
    pub(super) const fn back(self) -> Self {
        Self { range: self.lookback, extended: None, ..self }
    }

    /// Where it looks with another shift within its own.
    pub(super) fn within(self, query: &Query<'_>, shift: &Shift) -> Result<Self, EvalError> {
        let inner = Self::of(query, self.grid, (shift, None), Extent::default())?;
        let offset =
            if inner.fixed.is_some() { inner.offset } else { self.offset.saturating_add(inner.offset) };
        Ok(Self { fixed: inner.fixed.or(self.fixed), offset, ..self })
    }

    /// Where a subquery looks.
    pub(super) fn of_subquery(
        query: &Query<'_>,
        grid: Grid,
        subquery: &Subquery,
        extent: Extent,
    ) -> Result<Self, EvalError> {
        Self::of(query, grid, (&subquery.shift, Some(&subquery.range)), extent)
    }

    /// How far apart a subquery evaluates, in milliseconds.
    pub(super) fn step(query: &Query<'_>, step: &Length, extent: Extent) -> Result<i64, EvalError> {
        let seconds = length(query, step, extent)?;
        if 0.0 < seconds { Ok(millis(seconds)) } else { Err(EvalError::NoDuration(extent)) }
    }

    /// The moment that it looks at, or up to, at a step.
    pub(super) fn end(&self, index: usize) -> i64 {
        self.fixed.unwrap_or_else(|| self.grid.at(index)).saturating_sub(self.offset)
    }

    /// The moment after which its window begins at a step.
    pub(super) fn start(&self, index: usize) -> i64 {
        self.end(index).saturating_sub(self.range)
    }

    /// The moments that samples of a window lie after and up to: its own, and those around an extended one.
    pub(super) fn samples(&self, index: usize) -> (i64, i64) {
        let (before, ahead) = match self.extended {
            None => (0, 0),
            Some(Extended::Anchored) => (self.lookback, 0),
            Some(Extended::Smoothed) => (self.lookback, self.lookback),
        };
        (self.start(index).saturating_sub(before), self.end(index).saturating_add(ahead))
    }

    /// All that it looks at over all steps: after one moment and up to another.
    pub(super) fn whole(&self) -> (UnixMillis, UnixMillis) {
        let behind = match (self.range, self.extended) {
            (0, _) => self.lookback,
            (range, None) => range,
            (range, Some(_)) => range.saturating_add(self.lookback),
        };
        let ahead = if self.extended == Some(Extended::Smoothed) { self.lookback } else { 0 };
        let last = self.end(self.grid.len().saturating_sub(1));
        let from = self.end(0).saturating_sub(behind);
        (UnixMillis::new(from), UnixMillis::new(last.saturating_add(ahead)))
    }
}

/// Seconds in whole milliseconds, cut off as Prometheus does: by way of nanoseconds, or 1.001 would be 1000.
fn millis(seconds: f64) -> i64 {
    rounded(seconds * 1e9) / 1_000_000
}

/// The seconds of a length within a query.
fn length(query: &Query<'_>, length: &Length, extent: Extent) -> Result<f64, EvalError> {
    let of = |part: &Length| self::length(query, part, extent);
    Ok(match length {
        Length::Fixed(seconds) => seconds.0,
        Length::Step => as_float(i64::try_from(query.step().millis()).unwrap_or(i64::MAX)) / 1_000.0,
        Length::Range => as_float(query.end().millis().saturating_sub(query.grid().start())) / 1_000.0,
        Length::Negated(part) => -of(part)?,
        Length::Shorter(one, other) => of(one)?.min(of(other)?),
        Length::Longer(one, other) => of(one)?.max(of(other)?),
        Length::Computed(one, op, other) => {
            let (one, other) = (of(one)?, of(other)?);
            match op {
                Arithmetic::Add => one + other,
                Arithmetic::Subtract => one - other,
                Arithmetic::Multiply => one * other,
                Arithmetic::Divide | Arithmetic::Remainder if other == 0.0 => {
                    return Err(EvalError::DividedDuration(extent));
                }
                Arithmetic::Divide => one / other,
                Arithmetic::Remainder => one % other,
                Arithmetic::Power => libm::pow(one, other),
            }
        }
    })
}
