//! `and`, `or` and `unless`: series of either side, by whether the other has their labels.

use std::collections::BTreeMap;

use crate::promql::eval::Evaluation;
use crate::promql::eval::binary::signature::Signature;
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::line::{Line, Lines, merged};
use crate::promql::eval::meter::Kept;
use crate::promql::node::Binary;
use crate::promql::operator::Operator;
use crate::signal::Labels;

pub(super) fn combine<'e>(
    evaluation: Evaluation<'e>,
    binary: &'e Binary,
    grid: Grid,
    left: Lines<'e>,
    right: Lines<'e>,
) -> Result<Lines<'e>, EvalError> {
    let signature = Signature::of(binary);
    if binary.op == Operator::Or {
        let left = left.collect(evaluation.meter)?;
        let known = present(signature, &left, grid);
        let right = right.map(move |line| without(signature, &known, line));
        // A series may stand on the left at one step and on the right at another.
        let mut both = left;
        let right = right.collect(evaluation.meter)?;
        for line in right.each() {
            both.push(line.column.weight(), line)?;
        }
        return Ok(Lines::kept(merged(both, false)?, false));
    }
    let right = right.collect(evaluation.meter)?;
    let known = present(signature, &right, grid);
    drop(right);
    let wanted = binary.op == Operator::And;
    let lines =
        left.map(
            move |line| {
                if wanted { within(signature, &known, line) } else { without(signature, &known, line) }
            },
        );
    Ok(lines)
}

/// At which steps there is a series with these labels.
type Present = BTreeMap<Labels, Vec<bool>>;

fn present(signature: Signature<'_>, lines: &Kept<'_, Line<'_>>, grid: Grid) -> Present {
    let mut present = Present::new();
    for line in lines.iter() {
        let steps = present.entry(signature.group(&line.labels)).or_insert_with(|| vec![false; grid.len()]);
        for (index, step) in steps.iter_mut().enumerate() {
            *step |= line.column.has(index);
        }
    }
    present
}

fn within<'e>(signature: Signature<'_>, present: &Present, line: Line<'e>) -> Line<'e> {
    match present.get(&signature.group(&line.labels)) {
        Some(steps) => filtered(line, |index| steps[index]),
        None => Line { column: Column::empty(line.column.len()), ..line },
    }
}

fn without<'e>(signature: Signature<'_>, present: &Present, line: Line<'e>) -> Line<'e> {
    match present.get(&signature.group(&line.labels)) {
        Some(steps) => filtered(line, |index| !steps[index]),
        None => line,
    }
}

fn filtered(mut line: Line<'_>, keep: impl Fn(usize) -> bool) -> Line<'_> {
    for index in (0..line.column.len()).filter(|index| !keep(*index)) {
        line.column.set(index, None);
    }
    line
}
