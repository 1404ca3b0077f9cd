//! `quantile_over_time` and `mad_over_time`: functions of the order of a window's numbers.

use std::cmp::Ordering;
use std::ops::Range;

use crate::promql::eval::column::Column;
use crate::promql::eval::over::Course;
use crate::promql::eval::over::around::Around;
use crate::promql::eval::over::seen::Floats;
use crate::promql::eval::sum::count;
use crate::promql::eval::window::Window;
use crate::signal::Point;

pub(super) fn quantile(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let values = sorted(&Floats::of(window, around)?.values);
    Some(Point::Float(told_share(around, &values)))
}

pub(super) fn mad(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    Some(Point::Float(deviation(&sorted(&Floats::of(window, around)?.values))))
}

pub(super) fn moving_quantile(course: &Course<'_>) -> Option<Column> {
    moving(course, told_share)
}

pub(super) fn moving_mad(course: &Course<'_>) -> Option<Column> {
    moving(course, |_, values| deviation(values))
}

/// NaN is less than any number.
fn rising(one: f64, other: f64) -> Ordering {
    other.is_nan().cmp(&one.is_nan()).then(one.total_cmp(&other))
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_unstable_by(|one, other| rising(*one, *other));
    values
}

fn told_share(around: &Around<'_>, values: &[f64]) -> f64 {
    let share = around.number(0);
    if !(0.0..=1.0).contains(&share) {
        around.remarks.warn(format!("quantile value should be between 0 and 1, got {}", general(share)));
    }
    at_share(share, values.len(), |place| values.get(place).copied())
}

/// A number as Go prints it with `%g`.
fn general(number: f64) -> String {
    if number.is_infinite() {
        return if number < 0.0 { "-Inf" } else { "+Inf" }.to_owned();
    }
    let plain = (1e-4..1e6).contains(&number.abs());
    if plain || number == 0.0 || number.is_nan() {
        return format!("{number}");
    }
    let written = format!("{number:e}");
    let Some((digits, power)) = written.split_once('e') else { return written };
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    format!("{digits}e{sign}{power:0>2}")
}

/// What so large a share of sorted values lies below, on the line between the two nearest.
fn at_share(share: f64, len: usize, value: impl Fn(usize) -> Option<f64>) -> f64 {
    if len == 0 || share.is_nan() {
        return f64::NAN;
    }
    if share < 0.0 {
        return f64::NEG_INFINITY;
    }
    if 1.0 < share {
        return f64::INFINITY;
    }
    let rank = share * count(len - 1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies within 0..len")]
    let lower = rank.floor() as usize;
    let weight = rank - rank.floor();
    let value = |place: usize| value(place.min(len - 1)).unwrap_or(f64::NAN);
    value(lower) * (1.0 - weight) + value(lower + 1) * weight
}

/// The median of how far sorted values lie from their median.
///
/// Below and above the median these distances are sorted already: they only have to be merged up to their middle.
fn deviation(values: &[f64]) -> f64 {
    // NaN comes first.
    if values.first().is_none_or(|first| first.is_nan()) {
        return f64::NAN;
    }
    let median = at_share(0.5, values.len(), |place| values.get(place).copied());
    if !median.is_finite() {
        let distances: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
        let distances = sorted(&distances);
        return at_share(0.5, distances.len(), |place| distances.get(place).copied());
    }
    let distance = |value: &f64| (value - median).abs();
    let (below, above) = values.split_at(values.partition_point(|value| *value < median));
    let (mut below, mut above) =
        (below.iter().rev().map(distance).peekable(), above.iter().map(distance).peekable());
    let (mut before, mut newest) = (f64::NAN, f64::NAN);
    for _ in 0..=values.len() / 2 {
        let nearer = match (below.peek(), above.peek()) {
            (Some(one), Some(other)) if one < other => below.next(),
            (Some(_), None) => below.next(),
            (_, _) => above.next(),
        };
        (before, newest) = (newest, nearer.unwrap_or(f64::NAN));
    }
    let middle = values.len() / 2;
    at_share(0.5, values.len(), |place| Some(if place == middle { newest } else { before }))
}

/// The numbers of a window in order, kept so while it slides.
#[derive(Default)]
struct Order {
    values: Vec<f64>,
    window: Range<usize>,
}

impl Order {
    fn slide(&mut self, all: &[f64], to: Range<usize>) {
        let (gone, come) = (self.window.start..to.start, self.window.end..to.end);
        // Where most are others, sorting anew costs less than going through all of them for each.
        if self.values.len() <= gone.len() + come.len() {
            self.values = sorted(all.get(to.clone()).unwrap_or_default());
        } else {
            for value in all.get(gone).unwrap_or_default() {
                if let Ok(place) = self.values.binary_search_by(|known| rising(*known, *value)) {
                    self.values.remove(place);
                }
            }
            for value in all.get(come).unwrap_or_default() {
                let place = self.values.partition_point(|known| rising(*known, *value).is_lt());
                self.values.insert(place, *value);
            }
        }
        self.window = to;
    }
}

fn moving(course: &Course<'_>, told: fn(&Around<'_>, &[f64]) -> f64) -> Option<Column> {
    let points = course.track.points();
    if !points.histograms.is_empty() {
        return None;
    }
    let mut order = Order::default();
    Some(course.track.each_part(course.reach, |step, part| {
        order.slide(points.values, part);
        Some(Point::Float(told(&course.around(step), &order.values)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_go_does() {
        for (number, text) in [
            (1.5, "1.5"),
            (-0.1, "-0.1"),
            (2.0, "2"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (999_999.0, "999999"),
            (1e6, "1e+06"),
            (-0.000_01, "-1e-05"),
            (1.25e-7, "1.25e-07"),
        ] {
            assert_eq!(general(number), text);
        }
    }

    #[test]
    fn a_deviation_is_the_median_distance_from_the_median() {
        for (values, expected) in [
            (&[4.0][..], 0.0),
            (&[1.0, 3.0], 1.0),
            (&[1.0, 2.0, 100.0], 1.0),
            (&[4.0, 6.0, 2.0, 1.0, 999.0, 1.0, 2.0], 1.0),
            (&[1.0, 2.0, 3.0, 10.0], 1.0),
            (&[1.0, 1.0, 1.0, 10.0], 0.0),
        ] {
            let got = deviation(&sorted(values));
            assert!((got - expected).abs() < 1e-12, "{values:?}: {got}");
        }
        assert!(deviation(&sorted(&[1.0, f64::NAN])).is_nan());
    }
}
