//! The nodes of a plan: what an expression is made of.

use crate::promql::aggregation::Aggregator;
use crate::promql::duration::Length;
use crate::promql::function::Function;
use crate::promql::number::Number;
use crate::promql::operator::Operator;
use crate::promql::pattern::Whole;
use crate::promql::selector::{Selector, Shift};
use crate::promql::text::Text;
use crate::promql::value::ValueType;
use crate::unit::Extent;

/// Names a node of one plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Its place in [`Plan::nodes`](crate::promql::Plan::nodes).
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// All of its text, with everything that belongs to it.
    pub extent: Extent,
    /// What it evaluates to.
    pub value_type: ValueType,
    /// Whether it takes the metric's name off the series that it computes; what it merely passes on is not told.
    pub drops_name: bool,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A number.
    Number(Number),
    /// A string.
    Text(Text),
    /// Series, as they are stored.
    Selector(Selector),
    /// An expression evaluated over a window.
    Subquery(Subquery),
    /// A function's result.
    Call(Call),
    /// Series made into fewer.
    Aggregation(Aggregation),
    /// Two expressions and an operator.
    Binary(Binary),
    /// A sign before an expression.
    Signed(Sign, NodeId),
    /// An expression in brackets.
    Grouped(NodeId),
}

impl Kind {
    /// The nodes that it is made of.
    pub fn parts(&self) -> Vec<NodeId> {
        match self {
            Self::Number(_) | Self::Text(_) | Self::Selector(_) => Vec::new(),
            Self::Subquery(subquery) => vec![subquery.of],
            Self::Call(call) => call.arguments.clone(),
            Self::Aggregation(own) => own.parameter.into_iter().chain([own.of]).collect(),
            Self::Binary(binary) => vec![binary.left, binary.right],
            Self::Signed(_, of) | Self::Grouped(of) => vec![*of],
        }
    }

    /// Where in time it looks, where that can be told.
    pub(super) const fn shift_mut(&mut self) -> Option<&mut Shift> {
        match self {
            Self::Selector(Selector { shift, .. }) | Self::Subquery(Subquery { shift, .. }) => Some(shift),
            Self::Number(_)
            | Self::Text(_)
            | Self::Call(_)
            | Self::Aggregation(_)
            | Self::Binary(_)
            | Self::Signed(..)
            | Self::Grouped(_) => None,
        }
    }
}

/// An expression evaluated over a window: `expr[1h:5m]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subquery {
    /// The expression.
    pub of: NodeId,
    /// The window.
    pub range: Length,
    /// How far apart the evaluations lie; the evaluator's default where none is given.
    pub step: Option<Length>,
    /// Where in time it looks.
    pub shift: Shift,
}

/// A function's result: `rate(x[5m])`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function.
    pub function: &'static Function,
    /// Its name.
    pub name: Extent,
    /// Its arguments.
    pub arguments: Vec<NodeId>,
    /// The pattern of `label_replace`, once it is compiled.
    pub(super) pattern: Whole,
}

/// Series made into fewer: `sum by (job) (x)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregation {
    /// How.
    pub op: Aggregator,
    /// Its name.
    pub name: Extent,
    /// The parameter of those that take one.
    pub parameter: Option<NodeId>,
    /// The series.
    pub of: NodeId,
    /// Into what groups; into one where nothing is said.
    pub grouping: Option<Grouping>,
}

/// Into what groups an aggregation sorts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// How the labels are meant.
    pub kind: GroupingKind,
    /// The labels.
    pub labels: Vec<Label>,
}

/// How the labels of a grouping are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupingKind {
    /// `by`: these tell the groups apart.
    By,
    /// `without`: all others do.
    Without,
}

/// A label that is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub extent: Extent,
}

/// A sign before an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// Two expressions and an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binary {
    /// The operator.
    pub op: Operator,
    /// Where the operator stands.
    pub op_extent: Extent,
    /// The expression before it.
    pub left: NodeId,
    /// The expression behind it.
    pub right: NodeId,
    /// What stands right behind the operator.
    pub modifier: Modifier,
}

/// How an operator finds the series that belong together, and what it makes of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modifier {
    /// `bool`: a comparison gives 0 or 1.
    pub returns_bool: bool,
    /// The labels that tell which series belong together.
    pub matching: Option<Matching>,
    /// On which side many series may belong to one.
    pub many: Option<Many>,
    /// What stands in for a series that is missing on the left.
    pub fill_left: Option<Number>,
    /// What stands in for a series that is missing on the right.
    pub fill_right: Option<Number>,
}

/// The labels that tell which series belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// How the labels are meant.
    pub kind: MatchingKind,
    /// The labels.
    pub labels: Vec<Label>,
}

/// How the labels of a matching are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchingKind {
    /// `on`: these must be equal.
    On,
    /// `ignoring`: all others must.
    Ignoring,
}

/// On which side many series may belong to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Many {
    /// The side.
    pub side: Side,
    /// The labels taken over from the other side.
    pub include: Vec<Label>,
}

/// A side of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before it: `group_left`.
    Left,
    /// Behind it: `group_right`.
    Right,
}
