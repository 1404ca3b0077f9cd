//! What an expression is worth at one moment.
//!
//! This is Prometheus's arithmetic for a part of PromQL: small, exact in what it covers, and plain enough to be held
//! against it. What it does not cover it refuses by name ([`covered()`]) rather than come near to it.

mod error;
mod sum;
mod element;
mod window;
mod rate;
mod absent;
mod covered;
mod known;
mod stored;
mod aggregate;
mod operate;
mod matching;
mod binary;

pub use covered::covered;
pub use error::{EvalError, NotCovered};
pub use stored::of_store;
pub use window::LOOKBACK;

use crate::promql::eval::covered::refuse;
use crate::promql::eval::element::{Held, unname};
use crate::promql::eval::known::{Around, Known};
use crate::promql::node::{Call, Kind, Node, NodeId, Sign};
use crate::promql::plan::Plan;
use crate::promql::selector::Selector;
use crate::promql::text::Text;
use crate::signal::{Labels, Series};
use crate::unit::UnixMillis;

/// Finds the series that a selector means, with their samples after the first moment and up to the second, oldest
/// first. The series may come in any order, each once.
pub type Select<'s> = dyn Fn(&Selector, UnixMillis, UnixMillis) -> Vec<Series> + 's;

/// What an expression is worth.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// One number.
    Scalar(f64),
    /// A number for each of some series, in the order of their labels.
    Vector(Vec<(Labels, f64)>),
    /// A text.
    Text(Text),
}

impl Value {
    /// Whether there is a number other than zero. NaN says nothing, and so does no number at all.
    pub fn holds(&self) -> bool {
        let says = |value: f64| value < 0.0 || 0.0 < value;
        match self {
            Self::Scalar(value) => says(*value),
            Self::Vector(elements) => elements.iter().any(|(_, value)| says(*value)),
            Self::Text(_) => false,
        }
    }
}

/// When the metric's name goes off the series that are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// In every step, as Prometheus does unless told otherwise.
    #[default]
    GoAtOnce,
    /// At the very end, as Prometheus does with its feature `promql-delayed-name-removal`.
    GoLast,
}

/// Evaluates an expression at a moment.
pub fn instant(plan: &Plan, at: UnixMillis, select: &Select<'_>) -> Result<Value, EvalError> {
    instant_with(Names::default(), plan, at, select)
}

/// The same where names go off as is said.
pub fn instant_with(
    names: Names,
    plan: &Plan,
    at: UnixMillis,
    select: &Select<'_>,
) -> Result<Value, EvalError> {
    covered(plan)?;
    let mut evaluation = Evaluation { names, plan, at, select, held: Vec::with_capacity(plan.nodes().len()) };
    // Each node stands behind those it is made of: no expression is too deep.
    for node in plan.nodes() {
        let held = evaluation.node(node)?;
        evaluation.held.push(Some(evaluation.named(node, held)?));
    }
    match evaluation.take(plan.root()) {
        Held::Scalar(value) => Ok(Value::Scalar(value)),
        Held::Text(text) => Ok(Value::Text(text)),
        Held::Vector(mut elements) => {
            unname(&mut elements)?;
            elements.sort_by(|one, other| one.labels.cmp(&other.labels));
            Ok(Value::Vector(elements.into_iter().map(|element| (element.labels, element.value)).collect()))
        }
        Held::Windows(_) => Ok(refuse(plan.node(plan.root()).extent, "a window of samples")?),
    }
}

struct Evaluation<'e> {
    names: Names,
    plan: &'e Plan,
    at: UnixMillis,
    select: &'e Select<'e>,
    /// By node; gone once the node that it is part of has it.
    held: Vec<Option<Held>>,
}

impl Evaluation<'_> {
    fn node(&mut self, node: &Node) -> Result<Held, EvalError> {
        Ok(match &node.kind {
            Kind::Number(number) => Held::Scalar(number.0),
            Kind::Text(text) => Held::Text(text.clone()),
            Kind::Selector(selector) if selector.range.is_some() => {
                Held::Windows(window::windows(selector, self.at, self.select))
            }
            Kind::Selector(selector) => Held::Vector(window::newest(selector, self.at, self.select)),
            Kind::Subquery(_) => refuse(node.extent, "a subquery")?,
            Kind::Call(call) => self.call(call)?,
            Kind::Aggregation(own) => Held::Vector(aggregate::aggregate(own, self.take(own.of).vector())),
            Kind::Binary(own) => {
                let (left, right) = (self.take(own.left), self.take(own.right));
                binary::operate(own, left, right, self.names)?
            }
            Kind::Signed(Sign::Minus, of) => negated(self.take(*of)),
            Kind::Signed(Sign::Plus, of) | Kind::Grouped(of) => self.take(*of),
        })
    }

    fn call(&mut self, call: &Call) -> Result<Held, EvalError> {
        let known = Known::named(call.function.name, call.name)?;
        let selector = call.arguments.first().and_then(|of| selector(self.plan, *of));
        let around = Around { at: self.at, selector };
        let arguments = call.arguments.iter().map(|argument| self.take(*argument)).collect();
        Ok(known.call(&around, arguments))
    }

    /// Sees to the names of what a node has computed.
    fn named(&self, node: &Node, mut held: Held) -> Result<Held, EvalError> {
        let Held::Vector(elements) = &mut held else { return Ok(held) };
        for element in elements.iter_mut() {
            element.unnamed |= node.drops_name;
        }
        if self.names == Names::GoAtOnce {
            unname(elements)?;
        }
        Ok(held)
    }

    fn take(&mut self, id: NodeId) -> Held {
        self.held.get_mut(id.index()).and_then(Option::take).unwrap_or(Held::Vector(Vec::new()))
    }
}

/// The selector that a node is, brackets aside.
fn selector(plan: &Plan, mut id: NodeId) -> Option<&Selector> {
    while let Kind::Grouped(of) = &plan.node(id).kind {
        id = *of;
    }
    if let Kind::Selector(selector) = &plan.node(id).kind { Some(selector) } else { None }
}

fn negated(held: Held) -> Held {
    match held {
        Held::Scalar(value) => Held::Scalar(-value),
        Held::Vector(mut elements) => {
            for element in &mut elements {
                element.value = -element.value;
            }
            Held::Vector(elements)
        }
        Held::Windows(_) | Held::Text(_) => held,
    }
}

#[cfg(test)]
mod tests;
