//! Operators between scalars, vectors, and one of each.

use std::collections::BTreeSet;

use crate::promql::eval::Names;
use crate::promql::eval::element::{Element, Held};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::matching::{Match, join};
use crate::promql::eval::operate::Outcome;
use crate::promql::node::Binary;
use crate::promql::operator::Operator;
use crate::signal::Labels;

/// Evaluates an operator.
pub(super) fn operate(binary: &Binary, left: Held, right: Held, names: Names) -> Result<Held, EvalError> {
    let (op, truth) = (binary.op, binary.modifier.returns_bool);
    Ok(match (left, right) {
        (Held::Scalar(left), Held::Scalar(right)) => {
            let outcome = Outcome::of(op, left, right);
            Held::Scalar(if op.compares() { outcome.truth() } else { outcome.value })
        }
        (Held::Scalar(left), right) => Held::Vector(with_scalar(right.vector(), truth, |value| {
            let outcome = Outcome::of(op, left, value);
            // Whichever side it is on, what passes a comparison is the vector's value.
            if op.compares() { Outcome { value, ..outcome } } else { outcome }
        })),
        (left, Held::Scalar(right)) => {
            Held::Vector(with_scalar(left.vector(), truth, |value| Outcome::of(op, value, right)))
        }
        (left, right) if op.is_set() => {
            Held::Vector(combine(op, &Match::of(binary), left.vector(), right.vector()))
        }
        (left, right) => Held::Vector(join(binary, left.vector(), right.vector(), names)?),
    })
}

fn with_scalar(vector: Vec<Element>, truth: bool, outcome: impl Fn(f64) -> Outcome) -> Vec<Element> {
    let one = |element: Element| {
        let outcome = outcome(element.value);
        let value = if truth { outcome.truth() } else { outcome.value };
        (truth || outcome.holds).then_some(Element { value, ..element })
    };
    vector.into_iter().filter_map(one).collect()
}

/// `and`, `or` and `unless`: elements of either side, by whether the other has their labels.
fn combine(op: Operator, matched: &Match<'_>, left: Vec<Element>, right: Vec<Element>) -> Vec<Element> {
    let groups = |elements: &[Element]| -> BTreeSet<Labels> {
        elements.iter().map(|element| matched.group(&element.labels)).collect()
    };
    if op == Operator::Or {
        let known = groups(&left);
        let others = right.into_iter().filter(|element| !known.contains(&matched.group(&element.labels)));
        return left.into_iter().chain(others).collect();
    }
    let known = groups(&right);
    let wanted = op == Operator::And;
    left.into_iter().filter(|element| known.contains(&matched.group(&element.labels)) == wanted).collect()
}
