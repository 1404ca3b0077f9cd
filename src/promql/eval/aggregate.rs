//! Aggregations: many series into few.

mod blend;
mod choose;
mod count_values;
mod fold;
mod limit;
mod quantile;

use crate::promql::aggregation::Aggregator;
use crate::promql::eval::Evaluation;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::Lines;
use crate::promql::eval::numbers::Numbers;
use crate::promql::node::Aggregation;
use crate::promql::text::Text;
use crate::unit::Extent;

/// An aggregation of series.
pub(super) struct Aggregating<'e> {
    pub(super) evaluation: Evaluation<'e>,
    pub(super) own: &'e Aggregation,
    pub(super) grid: Grid,
    pub(super) lines: Lines<'e>,
}

/// Evaluates an aggregation.
pub(super) fn aggregate<'e>(
    evaluation: Evaluation<'e>,
    own: &'e Aggregation,
    grid: Grid,
    parameter: Option<Held<'e>>,
    lines: Lines<'e>,
) -> Result<Lines<'e>, EvalError> {
    let aggregating = Aggregating { evaluation, own, grid, lines };
    let number = |parameter: Option<Held<'e>>| parameter.map_or_else(Numbers::none, Held::scalar);
    match own.op {
        Aggregator::Topk | Aggregator::Bottomk => choose::outermost(aggregating, &number(parameter)),
        Aggregator::Limitk => limit::some(aggregating, &number(parameter)),
        Aggregator::LimitRatio => limit::share(aggregating, &number(parameter)),
        Aggregator::Quantile => quantile::quantile(aggregating, &number(parameter)),
        Aggregator::CountValues => {
            count_values::count_values(aggregating, &parameter.map_or_else(Text::default, Held::text))
        }
        Aggregator::Sum
        | Aggregator::Avg
        | Aggregator::Count
        | Aggregator::Min
        | Aggregator::Max
        | Aggregator::Group
        | Aggregator::Stddev
        | Aggregator::Stdvar => fold::fold(aggregating),
    }
}

impl Aggregating<'_> {
    /// Where the series stand that are aggregated.
    fn extent(&self) -> Extent {
        self.evaluation.plan.node(self.own.of).extent
    }

    /// Takes note that a histogram was left out.
    fn ignored(&self, extent: Extent) {
        let text = format!("ignored histogram in {} aggregation", self.own.op);
        self.evaluation.annotations.inform(extent, text);
    }
}
