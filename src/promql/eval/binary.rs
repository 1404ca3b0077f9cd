//! Operators between scalars, vectors, and one of each.

mod join;
mod set;
mod signature;

use crate::promql::eval::Evaluation;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::Lines;
use crate::promql::eval::operate::{Operating, Outcome};
use crate::promql::node::Binary;

/// Evaluates an operator.
pub(super) fn operate<'e>(
    evaluation: Evaluation<'e>,
    binary: &'e Binary,
    (grid, operating): (Grid, Operating<'e>),
    left: Held<'e>,
    right: Held<'e>,
) -> Result<Held<'e>, EvalError> {
    Ok(match (left, right) {
        (Held::Scalar(left), Held::Scalar(right)) => Held::Scalar(numbers(binary, &left, &right)),
        (Held::Scalar(numbers), right) => Held::Lines(beside(operating, right.lines(), numbers, true)),
        (left, Held::Scalar(numbers)) => Held::Lines(beside(operating, left.lines(), numbers, false)),
        (left, right) if binary.op.is_set() => {
            Held::Lines(set::combine(evaluation, binary, grid, left.lines(), right.lines())?)
        }
        (left, right) => {
            let sides = (left.lines(), right.lines());
            Held::Lines(join::join(evaluation, operating, grid, sides)?)
        }
    })
}

fn numbers(binary: &Binary, left: &[f64], right: &[f64]) -> Vec<f64> {
    let one = |(left, right): (&f64, &f64)| {
        let outcome = Outcome::of(binary.op, *left, *right);
        if binary.op.compares() { outcome.truth() } else { outcome.value }
    };
    left.iter().zip(right).map(one).collect()
}

/// Each series with a number. Whichever side the series is on, what passes a comparison is its value.
fn beside<'e>(operating: Operating<'e>, lines: Lines<'e>, numbers: Vec<f64>, number_left: bool) -> Lines<'e> {
    lines.map(move |mut line| {
        if line.column.is_mixed() {
            line.column =
                line.column.map(|index, cell| operating.with_number(cell, numbers[index], number_left));
        } else {
            operating.column_with_numbers(&mut line.column.values, &numbers, number_left);
        }
        line
    })
}
