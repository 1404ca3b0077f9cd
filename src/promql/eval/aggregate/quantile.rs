//! `quantile`: the value that so large a share of a group lies below.

use std::borrow::Cow;

use crate::promql::eval::aggregate::Aggregating;
use crate::promql::eval::column::{Cell, Column};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::group::Groups;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::Kept;
use crate::promql::number::Number;
use crate::signal::Point;

/// How much work it is to find out on which side of the quantile a value lies.
const SELECTED: usize = 4;

pub(super) fn quantile<'e>(mut aggregating: Aggregating<'e>, shares: &[f64]) -> Result<Lines<'e>, EvalError> {
    let evaluation = aggregating.evaluation;
    let lines = std::mem::replace(&mut aggregating.lines, Lines::none()).collect(evaluation.meter)?;
    for share in shares.iter().filter(|share| share.is_nan() || **share < 0.0 || 1.0 < **share) {
        let extent = aggregating.own.parameter.map(|id| evaluation.plan.node(id).extent);
        let text = format!("quantile value should be between 0 and 1, got {}", Number(*share));
        evaluation.annotations.warn(extent.unwrap_or_default(), text);
    }
    let mut groups = Groups::new(aggregating.own.grouping.as_ref());
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        evaluation.meter.work(groups.work())?;
        let group = groups.of(&line.labels, line.unnamed);
        if members.len() < groups.len() {
            members.push(Vec::new());
        }
        members[group].push(index);
    }
    let apart = groups.are_nameless();
    let mut made = Kept::new(evaluation.meter);
    for ((labels, unnamed), members) in groups.each().zip(&members) {
        let mut column = Column::empty(shares.len());
        let mut values = Vec::with_capacity(members.len());
        for (index, share) in shares.iter().enumerate() {
            evaluation.meter.work(1 + SELECTED * members.len())?;
            values.clear();
            for member in members {
                match lines[*member].column.cell(index) {
                    Cell::Float(value) => values.push(value),
                    Cell::Histogram(_) => aggregating.ignored(aggregating.extent()),
                    Cell::None => {}
                }
            }
            if !values.is_empty() {
                column.set(index, Some(Point::Float(of(*share, &mut values))));
            }
        }
        let line = Line { labels: Cow::Owned(labels), unnamed, column };
        made.push(line.weight(), line)?;
    }
    Ok(Lines::kept(made, apart))
}

/// The value that so large a share of values lies below, between two of them by their distance. NaN is the smallest.
pub(in crate::promql::eval) fn of(share: f64, values: &mut [f64]) -> f64 {
    if values.is_empty() || share.is_nan() {
        return f64::NAN;
    }
    if share < 0.0 {
        return f64::NEG_INFINITY;
    }
    if 1.0 < share {
        return f64::INFINITY;
    }
    let smaller = |one: &f64, other: &f64| other.is_nan().cmp(&one.is_nan()).then(one.total_cmp(other));
    #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
    let rank = share * (values.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies within the values")]
    let low = (rank.floor() as usize).min(values.len() - 1);
    let weight = rank - rank.floor();
    let (_, lower, above) = values.select_nth_unstable_by(low, smaller);
    let lower = *lower;
    let upper = above.iter().copied().min_by(smaller).unwrap_or(lower);
    lower * (1.0 - weight) + upper * weight
}
