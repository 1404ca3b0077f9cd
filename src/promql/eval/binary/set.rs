//! `and`, `or` and `unless`: series of either side, by whether the other has their labels.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::promql::eval::Evaluation;
use crate::promql::eval::binary::signature::Signature;
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::line::{Line, Lines, merged, weight};
use crate::promql::eval::meter::{Hold, Kept, Meter, samples_of};
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
        let known = present(evaluation.meter, signature, &left, grid)?;
        let right = right.map(move |line| without(signature, &known, line));
        // A series may stand on the left at one step and on the right at another.
        let mut both = left;
        let right = right.collect(evaluation.meter)?;
        for line in right.each() {
            both.push(line.weight(), line)?;
        }
        return Ok(Lines::kept(merged(evaluation.meter, both, false)?, false));
    }
    let right = right.collect(evaluation.meter)?;
    let known = present(evaluation.meter, signature, &right, grid)?;
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
struct Present<'e> {
    by_labels: BTreeMap<Labels, Vec<bool>>,
    hold: Hold<'e>,
}

fn present<'e>(
    meter: &'e Meter<'e>,
    signature: Signature<'_>,
    lines: &Kept<'_, Line<'_>>,
    grid: Grid,
) -> Result<Present<'e>, EvalError> {
    let mut present = Present { by_labels: BTreeMap::new(), hold: Hold::new(meter) };
    for line in lines.iter() {
        meter.work(signature.work() + grid.len())?;
        let steps = match present.by_labels.entry(signature.group(&line.labels)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                present.hold.add(weight(place.key()) + samples_of(grid.len()))?;
                place.insert(vec![false; grid.len()])
            }
        };
        for (index, step) in steps.iter_mut().enumerate() {
            *step |= line.column.has(index);
        }
    }
    Ok(present)
}

fn within<'e>(signature: Signature<'_>, present: &Present<'_>, line: Line<'e>) -> Line<'e> {
    match present.by_labels.get(&signature.group(&line.labels)) {
        Some(steps) => filtered(line, |index| steps[index]),
        None => Line { column: Column::empty(line.column.len()), ..line },
    }
}

fn without<'e>(signature: Signature<'_>, present: &Present<'_>, line: Line<'e>) -> Line<'e> {
    match present.by_labels.get(&signature.group(&line.labels)) {
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
