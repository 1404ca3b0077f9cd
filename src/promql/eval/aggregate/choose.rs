//! `topk` and `bottomk`: the series with the outermost values.

use crate::promql::aggregation::Aggregator;
use crate::promql::eval::aggregate::Aggregating;
use crate::promql::eval::column::{Cell, Column};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::group::Groups;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::Hold;
use crate::promql::eval::sort::further;
use crate::promql::number::Number;

/// How many series a number asks for.
pub(super) fn how_many(number: f64) -> Result<usize, EvalError> {
    const MOST: f64 = 9_223_372_036_854_775_808.0;
    if number.is_nan() {
        return Err(EvalError::Argument("Parameter value is NaN".to_owned()));
    }
    let wrong = |what: &str| EvalError::Argument(format!("Scalar value {} {what} int64", Number(number)));
    if number <= -MOST {
        return Err(wrong("underflows"));
    }
    if MOST <= number {
        return Err(wrong("overflows"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast stops at either end")]
    Ok(number as usize)
}

/// How much work it is to see at a step whether a series is among the outermost.
const CHOSEN: usize = 8;

pub(super) fn outermost<'e>(
    mut aggregating: Aggregating<'e>,
    counts: &[f64],
) -> Result<Lines<'e>, EvalError> {
    let (evaluation, own) = (aggregating.evaluation, aggregating.own);
    let lines = std::mem::replace(&mut aggregating.lines, Lines::none());
    let apart = lines.apart;
    let counts = counts.iter().map(|count| how_many(*count)).collect::<Result<Vec<usize>, EvalError>>()?;
    let meter = evaluation.meter;
    let lines = lines.collect(meter)?;
    let mut groups = Groups::new(own.grouping.as_ref());
    let mut members: Vec<usize> = Vec::with_capacity(lines.len());
    let mut hold = Hold::new(meter);
    for line in lines.iter() {
        meter.work(groups.work())?;
        // What is chosen of it, and its place among those of a step.
        hold.add(line.column.len() + 1)?;
        members.push(groups.of(&line.labels, line.unnamed));
    }
    let mut made: Vec<Column> = lines.iter().map(|line| Column::empty(line.column.len())).collect();
    let mut order = Vec::new();
    for (index, count) in counts.iter().enumerate() {
        if *count == 0 {
            continue;
        }
        meter.work(CHOSEN * lines.len())?;
        for chosen in chosen(&aggregating, &lines, (&members, groups.len()), (index, *count)) {
            order.push(chosen);
            made[chosen].set(index, lines[chosen].column.cell(index).point());
        }
    }
    // Only where there is one step there is one order.
    if counts.len() == 1 {
        let chosen =
            order.into_iter().map(|chosen| Line { column: made[chosen].clone(), ..lines[chosen].clone() });
        return Ok(Lines::of(meter, chosen, apart)?.in_this_order());
    }
    let made = lines.each().zip(made).map(move |(line, column)| {
        let _: &Hold<'_> = &hold;
        Ok(Line { column, ..line })
    });
    Ok(Lines::new(made.filter(is_there), apart))
}

/// Whether a line has a value at any step.
pub(super) fn is_there(line: &Result<Line<'_>, EvalError>) -> bool {
    line.as_ref().map_or(true, |line| !line.column.is_void())
}

/// The lines with the outermost values of each group at a step, group by group, the outermost first.
fn chosen(
    aggregating: &Aggregating<'_>,
    lines: &[Line<'_>],
    (members, groups): (&[usize], usize),
    (index, count): (usize, usize),
) -> Vec<usize> {
    let mut each: Vec<Vec<(f64, usize)>> = vec![Vec::new(); groups];
    for (line, group) in members.iter().enumerate() {
        match lines[line].column.cell(index) {
            Cell::Float(value) => each[*group].push((value, line)),
            Cell::Histogram(_) => aggregating.ignored(aggregating.own.name),
            Cell::None => {}
        }
    }
    let largest = aggregating.own.op == Aggregator::Topk;
    let outer =
        |one: &(f64, usize), other: &(f64, usize)| further(one.0, other.0, largest).then(one.1.cmp(&other.1));
    for group in &mut each {
        if count < group.len() {
            group.select_nth_unstable_by(count - 1, outer);
            group.truncate(count);
        }
        group.sort_by(outer);
    }
    each.into_iter().flatten().map(|(_, line)| line).collect()
}

/// Takes over what another column has at a step.
pub(super) fn keep(column: &mut Column, from: &Column, index: usize) {
    column.set(index, from.cell(index).point());
}
