//! What an evaluation will read, known before it begins: so that whoever holds the store may take note of it.

use std::collections::BTreeMap;

use crate::promql::eval::error::EvalError;
use crate::promql::eval::info;
use crate::promql::eval::place::places;
use crate::promql::eval::query::Query;
use crate::promql::eval::reach::Reach;
use crate::promql::matcher::{MatchOp, Matcher};
use crate::promql::node::Kind;
use crate::promql::plan::Plan;
use crate::promql::selector::Selector;
use crate::promql::text::Text;
use crate::store::Wanted;
use crate::unit::Extent;

/// The samples that an evaluation reads, and no others. Selectors that ask the same are looked for once.
pub fn wanted(plan: &Plan, query: &Query<'_>) -> Result<Vec<Wanted<Matcher>>, EvalError> {
    let mut all = BTreeMap::new();
    for (node, place) in plan.nodes().iter().zip(places(plan, query)?) {
        match &node.kind {
            Kind::Selector(selector) => {
                let shift = (&selector.shift, selector.range.as_ref());
                let reach = Reach::of(query, place.grid, shift, node.extent)?.extended(selector.extended);
                add(&mut all, of(selector, &reach));
            }
            Kind::Call(call) if call.function.name == "info" => {
                let (selector, reach) = info::infos(plan, query, call, place.grid)?;
                add(&mut all, of(&selector, &reach));
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
    Ok(all.into_values().collect())
}

/// What a selector asks, wherever it stands.
type Asked = Vec<(String, MatchOp, Text)>;

fn add(all: &mut BTreeMap<Asked, Wanted<Matcher>>, wanted: Wanted<Matcher>) {
    let asked = wanted.asks.iter().map(|matcher| (matcher.label.clone(), matcher.op, matcher.value.clone()));
    let (after, to) = (wanted.after, wanted.to);
    let known = all.entry(asked.collect()).or_insert(wanted);
    (known.after, known.to) = (known.after.min(after), known.to.max(to));
}

/// The samples that a selector reads.
pub(super) fn of(selector: &Selector, reach: &Reach) -> Wanted<Matcher> {
    let (after, to) = reach.whole();
    let mut asks = selector.asks();
    for matcher in &mut asks {
        matcher.extent = Extent::default();
    }
    Wanted { asks, after, to }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::eval::query::When;
    use crate::promql::{Features, parse};
    use crate::unit::UnixMillis;

    #[test]
    fn what_is_asked_twice_is_looked_for_once() {
        let at = When::At(UnixMillis::new(1_000_000));
        for (text, expected) in [
            (r#"rate(x{a="1"}[5m]) / rate(x{a="1"}[1m] offset 2m)"#, vec![(700_000, 1_000_000)]),
            ("x + x @ 0", vec![(-300_000, 1_000_000)]),
            (r#"x{a="1"} + x{a=~"1|2"}"#, vec![(700_000, 1_000_000); 2]),
            ("1", vec![]),
        ] {
            let wanted = wanted(&parse(text, Features::NONE).unwrap(), &Query::new(at)).unwrap();
            let times: Vec<(i64, i64)> =
                wanted.iter().map(|own| (own.after.millis(), own.to.millis())).collect();
            assert_eq!(times, expected, "{text}");
        }
    }
}
