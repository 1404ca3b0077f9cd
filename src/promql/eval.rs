//! What an expression is worth, at a moment or over many steps.
//!
//! A part of an expression is worth a *column* for each of its series: a value for each step. Series go through the
//! expression one at a time, as *lines*, made on demand, so that `sum(rate(x[5m]))` never holds all rates. Labels
//! are seen to once for each series, never in a step.
//!
//! 1. `place` tells for each node at which moments it is evaluated: a subquery's parts have moments of their own,
//!    and what stands still is evaluated once.
//! 2. The nodes are evaluated in the order in which they stand, each behind those it is made of: no expression is
//!    too deep.
//! 3. `finish` makes an answer of what the last is worth.

mod error;
mod grid;
mod meter;
mod sorted;
mod query;
mod annotation;
mod column;
mod numbers;
mod line;
mod reach;
mod place;
mod layout;
mod window;
mod read;
mod held;
mod sum;
mod call;
mod time;
mod over;
mod map;
mod label;
mod absent;
mod histogram;
mod calendar;
mod sort;
mod info;
mod group;
mod aggregate;
mod operate;
mod binary;
mod answer;
mod finish;
mod wanted;

pub use annotation::{Annotation, Weight};
pub use answer::{Answer, Row, Value};
pub use error::EvalError;
pub use meter::MOST_SAMPLES;
pub use query::{LOOKBACK, Names, Query, SUBQUERY_STEP, When};
pub use wanted::wanted;

use crate::promql::eval::annotation::Annotations;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::Meter;
use crate::promql::eval::numbers::Numbers;
use crate::promql::eval::operate::Operating;
use crate::promql::eval::place::{Place, places};
use crate::promql::eval::reach::Reach;
use crate::promql::eval::read::Reads;
use crate::promql::eval::window::{Track, Windows};
use crate::promql::node::{Kind, Node, NodeId, Sign, Subquery};
use crate::promql::plan::Plan;
use crate::promql::selector::{Extended, Selector};
use crate::promql::stock::Stock;
use crate::promql::value::ValueType;

/// Evaluates an expression over what there is.
pub fn evaluate(plan: &Plan, query: &Query<'_>, stock: &dyn Stock) -> Result<Answer, EvalError> {
    let annotations = Annotations::default();
    let meter = Meter::new(query.samples, query.stop);
    let places = places(plan, query)?;
    let value = {
        let evaluation = Evaluation { plan, query, stock, annotations: &annotations, meter: &meter };
        evaluation.run(&places).and_then(|held| finish::finish(&evaluation, held))
    };
    // What was left off half way may have come to anything, to other errors as well.
    let value = if meter.was_stopped() { Err(EvalError::Stopped) } else { value }?;
    Ok(Answer { value, held: meter.highest(), age: meter.age(), annotations: annotations.told() })
}

/// What an evaluation goes by.
#[derive(Clone, Copy)]
struct Evaluation<'e> {
    plan: &'e Plan,
    query: &'e Query<'e>,
    stock: &'e dyn Stock,
    annotations: &'e Annotations,
    meter: &'e Meter<'e>,
}

/// What the nodes are worth that no other has taken yet.
struct Worth<'e>(Vec<Option<Held<'e>>>);

impl<'e> Worth<'e> {
    fn take(&mut self, id: NodeId) -> Held<'e> {
        self.0.get_mut(id.index()).and_then(Option::take).unwrap_or_else(|| Held::Lines(Lines::none()))
    }
}

impl<'e> Evaluation<'e> {
    fn run(self, places: &[Place]) -> Result<Held<'e>, EvalError> {
        let mut worth = Worth(Vec::with_capacity(places.len()));
        for (node, place) in self.plan.nodes().iter().zip(places) {
            self.meter.go_on()?;
            let held = self.node(node, *place, &mut worth)?;
            let held = self.named(node, held)?;
            worth.0.push(Some(if let Some(len) = place.spread {
                held.spread(self.meter, len)?
            } else {
                held
            }));
        }
        Ok(worth.take(self.plan.root()))
    }

    fn node(self, node: &'e Node, place: Place, worth: &mut Worth<'e>) -> Result<Held<'e>, EvalError> {
        let grid = place.grid;
        Ok(match &node.kind {
            Kind::Number(number) => Held::Scalar(Numbers::same(self.meter, number.0, grid.len())?),
            Kind::Text(text) => Held::Text(text.clone()),
            Kind::Selector(selector) => self.selected(selector, node, place)?,
            Kind::Subquery(subquery) => {
                let of = worth.take(subquery.of).lines();
                Held::Windows(self.subquery(subquery, node, grid, of)?)
            }
            Kind::Call(call) => call::call(self, call, (grid, node.extent), worth)?,
            Kind::Aggregation(own) => Held::Lines({
                let parameter = own.parameter.map(|parameter| worth.take(parameter));
                aggregate::aggregate(self, own, grid, parameter, worth.take(own.of).lines())?
            }),
            Kind::Binary(own) => {
                let (left, right) = (worth.take(own.left), worth.take(own.right));
                let operating = Operating { binary: own, extent: node.extent, annotations: self.annotations };
                binary::operate(self, own, (grid, operating), left, right)?
            }
            Kind::Signed(Sign::Minus, of) => negated(self.meter, worth.take(*of)),
            Kind::Signed(Sign::Plus, of) | Kind::Grouped(of) => worth.take(*of),
        })
    }

    fn selected(self, selector: &'e Selector, node: &Node, place: Place) -> Result<Held<'e>, EvalError> {
        let reach = self.reach(selector, node, place.grid)?.watched(place.counted);
        Ok(if node.value_type == ValueType::Matrix {
            Held::Windows(read::windows(self.stock, self.meter, selector, reach))
        } else if reach.extended == Some(Extended::Smoothed) {
            let tracks = read::windows(self.stock, self.meter, selector, reach);
            Held::Lines(over::interpolated(tracks, node.extent, self.annotations, self.meter))
        } else {
            Held::Lines(read::newest(self.stock, self.meter, selector, reach, Reads::Value))
        })
    }

    /// Where a selector looks.
    fn reach(self, selector: &Selector, node: &Node, grid: Grid) -> Result<Reach, EvalError> {
        let reach = Reach::of(self.query, grid, (&selector.shift, selector.range.as_ref()), node.extent)?;
        Ok(reach.extended(selector.extended))
    }

    fn subquery(
        self,
        subquery: &Subquery,
        node: &Node,
        grid: Grid,
        of: Lines<'e>,
    ) -> Result<Windows<'e>, EvalError> {
        let reach = Reach::of_subquery(self.query, grid, subquery, node.extent)?;
        let inner = place::inner(self.query, grid, subquery, node.extent)?;
        let apart = of.apart;
        let each = Iterator::map(of, move |line| Track::evaluated(line?, inner.moments(), self.meter));
        Ok(Windows { reach, each: Box::new(each), apart })
    }

    /// Sees to the names of what a node has computed.
    fn named(self, node: &Node, held: Held<'e>) -> Result<Held<'e>, EvalError> {
        let Held::Lines(lines) = held else { return Ok(held) };
        if !node.drops_name {
            return Ok(Held::Lines(lines.shallow(self.meter)?));
        }
        let lines = lines.map(|line| Line { unnamed: true, ..line }).shallow(self.meter)?;
        Ok(Held::Lines(match self.query.names {
            Names::GoLast => lines,
            Names::GoAtOnce => lines.unnamed(self.meter, never_doubled(node))?,
        }))
    }
}

/// Whether a node must not give two series the same labels even at different steps, as range functions and signs must
/// not.
fn never_doubled(node: &Node) -> bool {
    match &node.kind {
        Kind::Call(call) => call.function.arguments.contains(&ValueType::Matrix),
        Kind::Signed(..) => true,
        Kind::Number(_)
        | Kind::Text(_)
        | Kind::Selector(_)
        | Kind::Subquery(_)
        | Kind::Aggregation(_)
        | Kind::Binary(_)
        | Kind::Grouped(_) => false,
    }
}

fn negated<'e>(meter: &'e Meter<'e>, held: Held<'e>) -> Held<'e> {
    match held {
        Held::Scalar(mut values) => {
            values.iter_mut().for_each(|value| *value = -*value);
            Held::Scalar(values)
        }
        Held::Lines(lines) => Held::Lines(lines.map(move |mut line| {
            line.column = line.column.map(meter, |_, cell| operate::negated(cell));
            line
        })),
        Held::Windows(_) | Held::Text(_) => held,
    }
}
