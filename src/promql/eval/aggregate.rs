//! Many series into few.

use std::collections::BTreeMap;

use crate::promql::aggregation::Aggregator;
use crate::promql::eval::element::Element;
use crate::promql::eval::sum::{Sum, count, mean, outermost};
use crate::promql::node::{Aggregation, Grouping, GroupingKind};
use crate::signal::{Labels, NAME};

/// Makes one series of each group.
pub(super) fn aggregate(aggregation: &Aggregation, elements: Vec<Element>) -> Vec<Element> {
    let mut groups: BTreeMap<Labels, (Vec<f64>, bool)> = BTreeMap::new();
    for element in elements {
        let group = group(aggregation.grouping.as_ref(), &element.labels);
        let (values, unnamed) = groups.entry(group).or_default();
        values.push(element.value);
        *unnamed |= element.unnamed;
    }
    let one = |(labels, (values, unnamed)): (Labels, (Vec<f64>, bool))| {
        let value = value(aggregation.op, &values)?;
        Some(Element { unnamed, ..Element::new(labels, value) })
    };
    groups.into_iter().filter_map(one).collect()
}

fn group(grouping: Option<&Grouping>, labels: &Labels) -> Labels {
    let Some(Grouping { kind, labels: named }) = grouping else { return Labels::default() };
    let listed = |name: &str| named.iter().any(|label| label.name == name);
    match kind {
        GroupingKind::By => labels.only(listed),
        GroupingKind::Without => labels.only(|name| name != NAME && !listed(name)),
    }
}

fn value(op: Aggregator, values: &[f64]) -> Option<f64> {
    match op {
        Aggregator::Sum => {
            let (first, rest) = values.split_first()?;
            Some(rest.iter().copied().fold(Sum::of(*first), Sum::plus).value())
        }
        Aggregator::Avg => mean(values),
        Aggregator::Min => outermost(values, f64::lt),
        Aggregator::Max => outermost(values, f64::gt),
        Aggregator::Count => Some(count(values.len())),
        Aggregator::Group => Some(1.0),
        Aggregator::Stddev
        | Aggregator::Stdvar
        | Aggregator::Topk
        | Aggregator::Bottomk
        | Aggregator::Quantile
        | Aggregator::CountValues
        | Aggregator::Limitk
        | Aggregator::LimitRatio => None,
    }
}
