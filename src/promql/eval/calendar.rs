//! Functions of the calendar.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Column, is_none};
use crate::promql::eval::grid::seconds;
use crate::promql::eval::line::{Line, Lines};
use crate::signal::Labels;

/// What part of a date is told.
pub(super) type Part = fn(DateTime<Utc>) -> u32;

/// The function of that name.
pub(super) fn named(name: &str) -> Option<Part> {
    Some(match name {
        "day_of_month" => |date| date.day(),
        "day_of_week" => |date| date.weekday().num_days_from_sunday(),
        "day_of_year" => |date| date.ordinal(),
        "days_in_month" => |date| u32::from(date.num_days_in_month()),
        "hour" => |date| date.hour(),
        "minute" => |date| date.minute(),
        "month" => |date| date.month(),
        "year" => |date| u32::try_from(date.year()).unwrap_or_default(),
        _ => return None,
    })
}

/// The part of the date that each value is, in seconds since 1970; of the time where no series are given.
pub(super) fn call(mut called: Called<'_>, part: Part) -> Lines<'_> {
    if called.len() == 0 {
        let values = called.grid.moments().map(|at| told(seconds(at), part)).collect();
        let column = Column { values, histograms: Vec::new() };
        let labels = Cow::Owned(Labels::default());
        return Lines::of(vec![Line { labels, unnamed: false, column }], true);
    }
    called.lines(0).map(move |mut line| {
        line.column.histograms.clear();
        for value in line.column.values.iter_mut().filter(|value| !is_none(**value)) {
            *value = told(*value, part);
        }
        line
    })
}

fn told(at: f64, part: Part) -> f64 {
    if at.is_nan() {
        return f64::NAN;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast stops at either end, which no calendar reaches"
    )]
    DateTime::from_timestamp(at as i64, 0).map_or(f64::NAN, |date| f64::from(part(date)))
}
