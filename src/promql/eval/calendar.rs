//! Functions of the calendar.

use std::borrow::Cow;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Column, is_none};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::seconds;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::numbers::Numbers;
use crate::signal::Labels;
use crate::unit::Date;

/// What part of a moment is told.
pub(super) type Part = fn(&Moment) -> i128;

/// A moment of the calendar, as far as it is told.
pub(super) struct Moment {
    days: i128,
    second: i128,
    date: Date,
}

/// The function of that name.
pub(super) fn named(name: &str) -> Option<Part> {
    Some(match name {
        "day_of_month" => |at| at.date.day,
        // The first of January 1970 was a Thursday.
        "day_of_week" => |at| (at.days + 4).rem_euclid(7),
        "day_of_year" => |at| at.days - Date::days_before(at.date.year, 1) + 1,
        "days_in_month" => |at| {
            let Date { year, month, .. } = at.date;
            let (next, after) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            Date::days_before(next, after) - Date::days_before(year, month)
        },
        "hour" => |at| at.second / 3_600,
        "minute" => |at| at.second % 3_600 / 60,
        "month" => |at| at.date.month,
        "year" => |at| at.date.year,
        _ => return None,
    })
}

/// How much work it is to find a date.
const DATED: usize = 8;

/// The part of the date that each value is, in seconds since 1970; of the time where no series are given.
pub(super) fn call(mut called: Called<'_>, part: Part) -> Result<Lines<'_>, EvalError> {
    let meter = called.evaluation.meter;
    if called.len() == 0 {
        let values = called.grid.moments().map(|at| told(seconds(at), part));
        let values = Numbers::of(meter, called.grid.len(), values)?.into_values();
        let column = Column { values, histograms: Vec::new() };
        let labels = Cow::Owned(Labels::default());
        return Lines::of(meter, [Line { labels, unnamed: false, column }], true);
    }
    Ok(called.lines(0).map(move |mut line| {
        line.column.histograms.clear();
        for (index, value) in line.column.values.iter_mut().enumerate() {
            if meter.is_over_at(index, DATED) {
                break;
            }
            if !is_none(*value) {
                *value = told(*value, part);
            }
        }
        line
    }))
}

fn told(at: f64, part: Part) -> f64 {
    let number = part(&moment(whole_seconds(at)));
    #[expect(clippy::cast_precision_loss, reason = "no part of a date is so large")]
    {
        number as f64
    }
}

/// What Prometheus takes a number for, on the machines that most of its servers run on: what fits no 64 bits, NaN among
/// it, is the first moment of all.
fn whole_seconds(at: f64) -> i64 {
    const MOST: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "it fits")]
    if (-MOST..MOST).contains(&at) { at as i64 } else { i64::MIN }
}

/// The year in which Go's calendar begins; what is earlier comes at its end, 2^64 seconds later.
const FIRST_YEAR: i128 = -292_277_022_399;

const DAY: i128 = 86_400;

fn moment(seconds: i64) -> Moment {
    let mut seconds = i128::from(seconds);
    if seconds < Date::days_before(FIRST_YEAR, 1) * DAY {
        seconds += 1 << 64;
    }
    let days = seconds.div_euclid(DAY);
    Moment { days, second: seconds.rem_euclid(DAY), date: Date::after_1970(days) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Datelike, Timelike};
    use proptest::prelude::*;

    fn part(name: &str, at: f64) -> f64 {
        told(at, named(name).unwrap())
    }

    #[test]
    fn what_is_no_moment_is_the_first_of_all() {
        for at in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            let all = ["year", "month", "day_of_month", "hour", "minute"].map(|name| part(name, at));
            assert_eq!(all.map(|part| part.to_string()), ["292277026596", "12", "4", "15", "30"], "{at}");
        }
    }

    proptest! {
        #[test]
        fn dates_are_those_of_the_calendar(at in -4_000_000_000_000_i64..4_000_000_000_000) {
            let date = DateTime::from_timestamp(at, 0).unwrap();
            #[expect(clippy::cast_precision_loss, reason = "they are exact")]
            let at = at as f64;
            prop_assert!((part("year", at) - f64::from(date.year())).abs() < 0.5);
            for (name, expected) in [
                ("month", date.month()),
                ("day_of_month", date.day()),
                ("day_of_year", date.ordinal()),
                ("day_of_week", date.weekday().num_days_from_sunday()),
                ("days_in_month", u32::from(date.num_days_in_month())),
                ("hour", date.hour()),
                ("minute", date.minute()),
            ] {
                prop_assert!((part(name, at) - f64::from(expected)).abs() < 0.5, "{name} of {date}");
            }
        }
    }
}
