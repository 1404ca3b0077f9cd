//! What a check may ask of a baseline that does not hold every time of day.

use crate::config::reader::Reader;
use crate::gate::{Check, Passes, Quantity, Question, TIME_OF_DAY, Threshold, Thresholds, WHOLE_DAY, Worse};
use crate::lint::{Finding, name};
use crate::unit::Span;

/// Less harm than the time of day alone may do cannot be told from it, nor be ruled out.
pub(super) fn hold(reader: &mut Reader<'_>, check: &Check, baseline: Span) {
    if !matches!(check.question, Question::Proportion(_) | Question::Slow(_)) {
        return;
    }
    let (border, called) = (border(check.worse), &check.name);
    let mut warn = |message: String, help: String| {
        reader.push(Finding::warning(name::SHORT_BASELINE, check.place, message).help(help));
    };
    let others = || check.for_changes.iter().map(|(_, other)| other);
    let mut fails = others().filter_map(|other| other.fails_when.as_ref()).chain([&check.fails_when]);
    if !fails.all(|fails| tells_time_of_day(fails, check.worse)) {
        let message = format!(
            "check `{called}` asks for less than the time of day alone may do to a baseline of {baseline}, so it fails only \
             beyond a ratio of {border}"
        );
        warn(message, format!("write that ratio, or a baseline of {WHOLE_DAY} or more"));
    }
    let mut passes = others().filter_map(|other| other.passes_when.as_ref()).chain(&check.passes_when);
    if passes.any(|passes| within_time_of_day(passes, check.worse)) {
        let message = format!(
            "check `{called}` passes only where it rules out what the time of day alone may hide after a baseline of \
             {baseline}, so it can hardly pass"
        );
        warn(
            message,
            format!("leave room beyond a ratio of {border}, or write a baseline of {WHOLE_DAY} or more"),
        );
    }
}

const fn border(worse: Worse) -> f64 {
    match worse {
        Worse::Higher => TIME_OF_DAY,
        Worse::Lower => 1.0 / TIME_OF_DAY,
    }
}

/// How many times as much a threshold asks for, where it is held against the old side by that.
fn times(threshold: &Threshold) -> Option<f64> {
    match threshold.quantity {
        Quantity::Ratio => Some(threshold.amount.value()),
        Quantity::Increase => Some(1.0 + threshold.amount.value()),
        Quantity::Decrease => Some(1.0 - threshold.amount.value()),
        Quantity::Difference | Quantity::Value => None,
    }
}

/// Whether so much harm is asked for that the time of day alone does less, or none against the old side.
fn tells_time_of_day(fails: &Thresholds, worse: Worse) -> bool {
    let border = border(worse);
    let beyond = |ratio: f64| match worse {
        Worse::Higher => border <= ratio,
        Worse::Lower => ratio <= border,
    };
    let thresholds = fails.all();
    thresholds.iter().all(|threshold| threshold.quantity == Quantity::Value)
        || thresholds.iter().filter_map(times).any(beyond)
}

/// Whether a pass rules out no more than the time of day alone may hide.
fn within_time_of_day(passes: &Passes, worse: Worse) -> bool {
    let border = border(worse);
    let Passes::Proved(within) = passes else { return false };
    within.all().iter().filter_map(times).any(|ratio| match worse {
        Worse::Higher => ratio <= border,
        Worse::Lower => border <= ratio,
    })
}
