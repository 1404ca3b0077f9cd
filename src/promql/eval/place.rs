//! Places: at which moments each part of an expression is evaluated.

use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::query::Query;
use crate::promql::eval::reach::Reach;
use crate::promql::node::{Kind, NodeId, Subquery};
use crate::promql::plan::Plan;
use crate::promql::value::ValueType;
use crate::unit::Extent;

/// At which moments a part is evaluated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) grid: Grid,
    /// To how many steps what it is at its one moment is spread out: nothing in it depends on the time, but what it
    /// is part of does.
    pub(super) spread: Option<usize>,
    /// Whether of its histograms nothing but counts and sums are asked for.
    pub(super) counted: bool,
}

impl Place {
    fn of(grid: Grid, still: bool) -> Self {
        if still && 1 < grid.len() {
            Self { grid: grid.first_alone(), spread: Some(grid.len()), counted: false }
        } else {
            Self { grid, spread: None, counted: false }
        }
    }
}

/// The place of every node.
pub(super) fn places(plan: &Plan, query: &Query<'_>) -> Result<Vec<Place>, EvalError> {
    let still = still(plan);
    let whole = query.grid();
    let mut places = vec![Place { grid: whole, spread: None, counted: false }; plan.nodes().len()];
    if let Some(root) = places.last_mut() {
        *root = Place::of(whole, still[plan.root().index()] && !is_window(plan, plan.root()));
    }
    // From the whole to its parts, which stand before it.
    for index in (0..plan.nodes().len()).rev() {
        let own = places[index].grid;
        let node = &plan.nodes()[index];
        let inner = match &node.kind {
            Kind::Subquery(subquery) => inner(query, own, subquery, node.extent)?,
            Kind::Number(_)
            | Kind::Text(_)
            | Kind::Selector(_)
            | Kind::Call(_)
            | Kind::Aggregation(_)
            | Kind::Binary(_)
            | Kind::Signed(..)
            | Kind::Grouped(_) => own,
        };
        // Each column has a place for each step, so this is asked before there is one.
        if query.samples < inner.len() {
            return Err(EvalError::TooManySamples(query.samples));
        }
        let counted = counted(&node.kind, places[index].counted);
        for part in node.kind.parts() {
            let stands = still[part.index()] && !still[index] && !is_window(plan, part);
            places[part.index()] = Place { counted, ..Place::of(inner, stands) };
        }
    }
    Ok(places)
}

/// Whether nothing but counts and sums are asked of the parts of a node, where that is so of itself or not.
fn counted(kind: &Kind, own: bool) -> bool {
    let Kind::Call(call) = kind else { return own };
    match call.function.name {
        "histogram_count" | "histogram_sum" | "histogram_avg" => true,
        "histogram_quantile" | "histogram_quantiles" | "histogram_fraction" => false,
        _ => own,
    }
}

/// The moments at which a subquery evaluates what it is of.
pub(super) fn inner(
    query: &Query<'_>,
    grid: Grid,
    subquery: &Subquery,
    extent: Extent,
) -> Result<Grid, EvalError> {
    let reach = Reach::of_subquery(query, grid, subquery, extent)?;
    let step = subquery.step.as_ref().map(|step| Reach::step(query, step, extent)).transpose()?;
    let default = i64::try_from(query.subquery_step.millis()).unwrap_or(i64::MAX);
    let last = grid.len().saturating_sub(1);
    Ok(Grid::multiples(reach.start(0), reach.end(last), step.unwrap_or(default)))
}

/// Whether each node is worth the same at every moment.
fn still(plan: &Plan) -> Vec<bool> {
    let mut still: Vec<bool> = Vec::with_capacity(plan.nodes().len());
    for node in plan.nodes() {
        let own = match &node.kind {
            Kind::Number(_) | Kind::Text(_) => true,
            Kind::Selector(selector) => selector.shift.at.is_some(),
            Kind::Subquery(subquery) => subquery.shift.at.is_some(),
            Kind::Call(call) => !call.function.tells_time && all(&node.kind, &still),
            Kind::Aggregation(_) | Kind::Binary(_) | Kind::Signed(..) | Kind::Grouped(_) => {
                all(&node.kind, &still)
            }
        };
        still.push(own);
    }
    still
}

fn all(kind: &Kind, still: &[bool]) -> bool {
    kind.parts().iter().all(|part| still.get(part.index()).copied().unwrap_or_default())
}

fn is_window(plan: &Plan, id: NodeId) -> bool {
    plan.node(id).value_type == ValueType::Matrix
}
