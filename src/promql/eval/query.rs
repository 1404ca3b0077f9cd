//! Queries: when an expression is evaluated, and how.

use crate::promql::eval::grid::Grid;
use crate::promql::eval::meter::MOST_SAMPLES;
use crate::unit::{Span, UnixMillis};

/// How long the newest sample of a series stands for it, unless a stale marker ends it sooner.
pub const LOOKBACK: Span = Span::from_secs(300);

/// How far apart a subquery evaluates where it does not say.
pub const SUBQUERY_STEP: Span = Span::from_secs(60);

/// When an expression is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At one moment.
    At(UnixMillis),
    /// From one moment up to another, at moments that lie one step apart.
    Range {
        /// The first moment.
        from: UnixMillis,
        /// No moment is later.
        to: UnixMillis,
        /// How far apart they lie.
        step: Span,
    },
}

impl When {
    /// The end of what is asked for, which may lie after the last moment.
    pub const fn end(self) -> UnixMillis {
        match self {
            Self::At(at) => at,
            Self::Range { to, .. } => to,
        }
    }
}

/// When the metric's name goes off the series that are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// In every step, as Prometheus does unless told otherwise.
    #[default]
    GoAtOnce,
    /// At the very end, as Prometheus does with its feature `promql-delayed-name-removal`.
    GoLast,
}

/// How an expression is evaluated.
#[derive(Clone, Copy)]
pub struct Query<'q> {
    /// When.
    pub when: When,
    /// How long the newest sample of a series stands for it.
    pub lookback: Span,
    /// How far apart a subquery evaluates where it does not say.
    pub subquery_step: Span,
    /// When the metric's name goes.
    pub names: Names,
    /// Whether rates rest on the times at which counters began, where those are known.
    pub starts: bool,
    /// How many samples it may hold at a time.
    pub samples: usize,
    /// Whether it shall stop.
    pub stop: &'q dyn Fn() -> bool,
}

impl Query<'_> {
    /// A query with Prometheus's own settings, that nobody stops.
    pub fn new(when: When) -> Self {
        Self {
            when,
            lookback: LOOKBACK,
            subquery_step: SUBQUERY_STEP,
            names: Names::default(),
            starts: false,
            samples: MOST_SAMPLES,
            stop: &|| false,
        }
    }

    /// How many values so many series have over all of its steps.
    pub fn cells(&self, series: usize) -> usize {
        self.grid().len().saturating_mul(series)
    }

    pub(super) fn grid(&self) -> Grid {
        match self.when {
            When::At(at) => Grid::one(at),
            When::Range { from, to, step } => Grid::between(from, to, step),
        }
    }

    /// The end of what was asked for, which may lie after its last step.
    pub(super) const fn end(&self) -> UnixMillis {
        self.when.end()
    }

    /// How far apart its steps lie; nothing where there is only one.
    pub(super) const fn step(&self) -> Span {
        match self.when {
            When::At(_) => Span::ZERO,
            When::Range { step, .. } => step,
        }
    }
}
