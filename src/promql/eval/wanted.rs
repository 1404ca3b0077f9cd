//! What an evaluation will read, known before it begins: so that
//! whoever holds the store may take note of it.

use crate::promql::eval::error::EvalError;
use crate::promql::eval::info;
use crate::promql::eval::place::places;
use crate::promql::eval::query::Query;
use crate::promql::eval::reach::Reach;
use crate::promql::matcher::Matcher;
use crate::promql::node::Kind;
use crate::promql::plan::Plan;
use crate::promql::selector::Selector;
use crate::store::Wanted;

/// The samples that an evaluation reads, and no others.
pub fn wanted(plan: &Plan, query: &Query<'_>) -> Result<Vec<Wanted<Matcher>>, EvalError> {
    let mut all = Vec::new();
    for (node, place) in plan.nodes().iter().zip(places(plan, query)?) {
        match &node.kind {
            Kind::Selector(selector) => {
                let shift = (&selector.shift, selector.range.as_ref());
                let reach = Reach::of(query, place.grid, shift, node.extent)?.extended(selector.extended);
                all.push(of(selector, &reach));
            }
            Kind::Call(call) if call.function.name == "info" => {
                let (selector, reach) = info::infos(plan, query, call, place.grid)?;
                all.push(of(&selector, &reach));
            }
            Kind::Call(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Subquery(_)
            | Kind::Aggregation(_)
            | Kind::Binary(_)
            | Kind::Signed(..)
            | Kind::Grouped(_) => {}
        }
    }
    Ok(all)
}

/// The samples that a selector reads.
pub(super) fn of(selector: &Selector, reach: &Reach) -> Wanted<Matcher> {
    let (after, to) = reach.whole();
    Wanted { asks: selector.asks(), after, to }
}
