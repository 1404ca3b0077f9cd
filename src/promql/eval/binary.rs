//! Operators between scalars, vectors, and one of each.

mod join;
mod set;
mod signature;

use crate::promql::eval::Evaluation;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::Lines;
use crate::promql::eval::meter::{Meter, UNLOOKED};
use crate::promql::eval::numbers::Numbers;
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
        (Held::Scalar(mut left), Held::Scalar(right)) => {
            for (left, right) in left.chunks_mut(UNLOOKED).zip(right.chunks(UNLOOKED)) {
                evaluation.meter.work(OPERATED * right.len())?;
                operate_numbers(binary, left, right);
            }
            Held::Scalar(left)
        }
        (Held::Scalar(numbers), right) => {
            Held::Lines(beside(evaluation.meter, operating, right.lines(), (numbers, true)))
        }
        (left, Held::Scalar(numbers)) => {
            Held::Lines(beside(evaluation.meter, operating, left.lines(), (numbers, false)))
        }
        (left, right) if binary.op.is_set() => {
            Held::Lines(set::combine(evaluation, binary, grid, left.lines(), right.lines())?)
        }
        (left, right) => {
            let sides = (left.lines(), right.lines());
            Held::Lines(join::join(evaluation, operating, grid, sides)?)
        }
    })
}

/// How much work it is to put two numbers together, as powers are.
pub(super) const OPERATED: usize = 4;

/// The left numbers with the right ones.
fn operate_numbers(binary: &Binary, left: &mut [f64], right: &[f64]) {
    for (left, right) in left.iter_mut().zip(right) {
        let outcome = Outcome::of(binary.op, *left, *right);
        *left = if binary.op.compares() { outcome.truth() } else { outcome.value };
    }
}

/// Each series with a number. Whichever side the series is on, what passes a comparison is its value.
fn beside<'e>(
    meter: &'e Meter<'e>,
    operating: Operating<'e>,
    lines: Lines<'e>,
    (numbers, number_left): (Numbers<'e>, bool),
) -> Lines<'e> {
    lines.map(move |mut line| {
        if line.column.is_mixed() {
            line.column = line
                .column
                .map(meter, |index, cell| operating.with_number(cell, numbers[index], number_left));
        } else {
            let parts = line.column.values.chunks_mut(UNLOOKED).zip(numbers.chunks(UNLOOKED));
            for (values, numbers) in parts.take_while(|(_, numbers)| !meter.is_over(OPERATED * numbers.len()))
            {
                operating.column_with_numbers(values, numbers, number_left);
            }
        }
        line
    })
}
