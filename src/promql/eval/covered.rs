//! What can be evaluated, and the place of what cannot.

use crate::promql::aggregation::Aggregator;
use crate::promql::eval::error::NotCovered;
use crate::promql::eval::known::Known;
use crate::promql::node::{Binary, Kind, Node};
use crate::promql::operator::Operator;
use crate::promql::plan::Plan;
use crate::promql::selector::Selector;
use crate::promql::value::ValueType;
use crate::unit::Extent;

/// Refuses an expression that [`instant`](crate::promql::instant) does not evaluate, for the first part of it that it
/// does not.
pub fn covered(plan: &Plan) -> Result<(), NotCovered> {
    plan.nodes().iter().try_for_each(node)?;
    if plan.value_type() == ValueType::Matrix {
        return refuse(plan.node(plan.root()).extent, "a window of samples as the result");
    }
    Ok(())
}

fn node(node: &Node) -> Result<(), NotCovered> {
    match &node.kind {
        Kind::Number(_) | Kind::Text(_) | Kind::Signed(..) | Kind::Grouped(_) => Ok(()),
        Kind::Selector(own) => selector(own, node.extent),
        Kind::Subquery(_) => refuse(node.extent, "a subquery"),
        Kind::Call(call) => Known::named(call.function.name, call.name).map(|_| ()),
        Kind::Aggregation(aggregation) => match aggregation.op {
            Aggregator::Sum
            | Aggregator::Avg
            | Aggregator::Count
            | Aggregator::Min
            | Aggregator::Max
            | Aggregator::Group => Ok(()),
            Aggregator::Stddev
            | Aggregator::Stdvar
            | Aggregator::Topk
            | Aggregator::Bottomk
            | Aggregator::Quantile
            | Aggregator::CountValues
            | Aggregator::Limitk
            | Aggregator::LimitRatio => refuse(aggregation.name, &format!("`{}`", aggregation.op)),
        },
        Kind::Binary(own) => binary(own),
    }
}

fn selector(selector: &Selector, extent: Extent) -> Result<(), NotCovered> {
    if let Some(extended) = selector.extended {
        return refuse(extent, &format!("`{}`", extended.text()));
    }
    let mut lengths = selector.range.iter().chain(&selector.shift.offset);
    if lengths.all(|length| length.fixed().is_some()) {
        return Ok(());
    }
    refuse(extent, "arithmetic in a duration")
}

fn binary(binary: &Binary) -> Result<(), NotCovered> {
    if matches!(binary.op, Operator::TrimUpper | Operator::TrimLower) {
        return refuse(binary.op_extent, &format!("`{}`", binary.op));
    }
    if binary.modifier.fill_left.is_some() || binary.modifier.fill_right.is_some() {
        return refuse(binary.op_extent, "`fill`");
    }
    Ok(())
}

pub(super) fn refuse<T>(extent: Extent, what: &str) -> Result<T, NotCovered> {
    Err(NotCovered { extent, what: what.to_owned() })
}
