//! PromQL: read, checked and taken apart, each part with its place; printed again; and evaluated over the store.
//!
//! A text goes through these stages, each of which finds the errors that are its to find, with their places:
//!
//! 1. `token` cuts it into names, numbers, texts and marks.
//! 2. `reader` assembles from them all that needs no grammar (selectors, windows, modifiers, the names of
//!    functions) and sees to it that every part may follow on the one before.
//! 3. `lower` asks `promql-parser` how the operators bind, and makes the nodes of a plan.
//! 4. `check` holds the nodes against the rules for types and arguments.
//!
//! Then `print` writes a plan as text, and `eval` says what it is worth. [`script`] holds that against what is written
//! down.

mod value;
mod number;
mod text;
mod name;
mod feature;
mod token;
mod duration;
mod function;
mod aggregation;
mod operator;
mod pattern;
mod matcher;
mod selector;
mod node;
mod item;
mod reader;
mod skeleton;
mod attach;
mod lower;
mod check;
mod plan;
mod fuse;
mod stock;
mod print;
mod eval;
pub mod script;

pub use aggregation::Aggregator;
pub use duration::{Arithmetic, Length};
pub use eval::{
    Annotation, Answer, EvalError, LOOKBACK, MOST_SAMPLES, Names, Query, Row, SUBQUERY_STEP, Value, Weight,
    When, evaluate, wanted,
};
pub use feature::{Feature, Features};
pub use function::{FUNCTIONS, Function, More};
pub use fuse::Mould;
pub use matcher::{MatchOp, Matcher};
pub use name::{is_label_name, is_legacy_label_name, is_legacy_metric_name, is_metric_name};
pub use node::{
    Aggregation, Binary, Call, Grouping, GroupingKind, Kind, Label, Many, Matching, MatchingKind, Modifier,
    Node, NodeId, Side, Sign, Subquery,
};
pub use number::Number;
pub use operator::Operator;
pub use plan::Plan;
pub use selector::{At, Extended, Name, Selector, Shift};
pub use stock::{Shared, Stock};
pub use text::Text;
pub use value::ValueType;

use crate::unit::{Extent, Fault};

/// The most bytes that one expression may have.
pub const MAX_TEXT: usize = 1 << 20;

/// Reads an expression.
///
/// What the value's type may be depends on the use; a rule, for one, takes any, as it does in Prometheus.
pub fn parse(text: &str, features: Features) -> Result<Plan, Fault> {
    if MAX_TEXT < text.len() {
        let message = format!("an expression may have {MAX_TEXT} bytes; this one has {}", text.len());
        return Err(Fault::new(Extent::default(), message));
    }
    let nodes = lower::lower(reader::read(text, features)?)?;
    check::check(&nodes)?;
    Ok(Plan::new(nodes))
}

#[cfg(test)]
mod tests;
