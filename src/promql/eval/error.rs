//! Why an expression has no value.

use crate::promql::node::Side;
use crate::signal::Labels;
use crate::unit::Extent;

/// A part of an expression that is PromQL, and that is not evaluated here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} cannot be evaluated here yet; write it without, or record it with a rule of Prometheus's and name that"
)]
pub struct NotCovered {
    /// Where it stands.
    pub extent: Extent,
    /// What it is, as in `` `topk` `` or `a subquery`.
    pub what: String,
}

/// Why an expression has no value at a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// A part of it is not evaluated here.
    #[error(transparent)]
    NotCovered(#[from] NotCovered),
    /// Two series of a result would be one.
    #[error("two series of the result have the labels {0}; choose one metric, or aggregate them")]
    SameLabels(Labels),
    /// More than one series on the side that must have one.
    #[error(
        "{one} and {other}, {side} of `{op}`, both have {group}; aggregate that side, or match by more labels"
    )]
    Ambiguous {
        /// The operator.
        op: &'static str,
        /// `left` or `right`.
        side: &'static str,
        /// The labels by which the series are matched.
        group: Labels,
        /// A series.
        one: Labels,
        /// Another.
        other: Labels,
    },
    /// Several series match one, and nothing says that they may.
    #[error("several series left of `{op}` match the one with {group} right of it; say so with `group_left`")]
    ManyToOne {
        /// The operator.
        op: &'static str,
        /// The labels by which the series are matched.
        group: Labels,
    },
    /// `group_left` or `group_right` gives two series the same labels.
    #[error("`{op}` would give two series the labels {labels}; match or take over other labels")]
    NotUnique {
        /// The operator.
        op: &'static str,
        /// The labels.
        labels: Labels,
    },
}

/// A side in words.
pub(super) const fn words(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}
