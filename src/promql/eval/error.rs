//! Why an expression has no value.

use crate::signal::Labels;
use crate::unit::Extent;

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// Two series of a result would be one.
    #[error("vector cannot contain metrics with the same labelset")]
    SameLabels(Labels),
    /// More than one series on the side that must have one.
    #[error(
        "found duplicate series for the match group {} on the {side} hand-side of the operation: [{}, {}];\
         many-to-many matching not allowed: matching labels must be unique on one side",
        group.in_full(), one.in_full(), other.in_full()
    )]
    ManyToMany {
        /// `left` or `right`.
        side: &'static str,
        /// The labels by which the series are matched.
        group: Box<Labels>,
        /// A series.
        one: Box<Labels>,
        /// Another.
        other: Box<Labels>,
    },
    /// Several series match one, and nothing says that they may.
    #[error("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")]
    ManyToOne,
    /// `group_left` or `group_right` gives two series the same labels.
    #[error("multiple matches for labels: grouping labels must ensure unique matches")]
    NotUnique,
    /// A query would hold more samples in memory than it may.
    #[error(
        "query processing would load too many samples into memory in query execution: more than {0}; ask for \
         fewer series, a shorter time or longer steps"
    )]
    TooManySamples(usize),
    /// A window or step that is not longer than nothing.
    #[error("duration must be greater than 0")]
    NoDuration(Extent),
    /// A duration that is computed by dividing by nothing.
    #[error("division by zero")]
    DividedDuration(Extent),
    /// Whoever asked waits no longer.
    #[error("query timed out or was cancelled in expression evaluation")]
    Stopped,
    /// What a function or an aggregation was given makes no sense to it.
    #[error("{0}")]
    Argument(String),
}
