//! The parts of an expression between which only brackets and the binding of operators are left to find out.

use crate::promql::aggregation::Aggregator;
use crate::promql::duration::Length;
use crate::promql::function::Function;
use crate::promql::node::{Grouping, Modifier, Sign};
use crate::promql::number::Number;
use crate::promql::operator::Operator;
use crate::promql::selector::{At, Extended, Selector};
use crate::promql::text::Text;
use crate::unit::Extent;

/// Such a part, and its place.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) extent: Extent,
    pub(super) part: Part,
}

/// What it is.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Number(Number),
    Text(Text),
    Selector(Selector),
    Sign(Sign),
    Operator(Operator, Modifier),
    /// Belongs to the operand right before it.
    Suffix(Suffix),
    /// Opens brackets: the place of the item is theirs alone.
    Open(Opened),
    /// Closes them; an aggregation's grouping may follow.
    Close(Option<(Grouping, Extent)>),
}

/// What follows an operand and belongs to it before any operator does.
#[derive(Debug, Clone)]
pub(super) enum Suffix {
    Range(Length),
    Subquery(Length, Option<Length>),
    Offset(Length),
    At(At),
    Extended(Extended),
}

/// What brackets are opened for.
#[derive(Debug, Clone)]
pub(super) enum Opened {
    Grouping,
    Call(&'static Function, Extent),
    Aggregation(Aggregator, Extent, Option<Grouping>),
}
