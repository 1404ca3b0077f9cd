//! `quantile_over_time` and `mad_over_time`: functions of the order of a window's numbers.

use std::cmp::Ordering;
use std::ops::Range;

use crate::promql::eval::column::Column;
use crate::promql::eval::meter::Meter;
use crate::promql::eval::over::Course;
use crate::promql::eval::over::around::Around;
use crate::promql::eval::over::seen::Floats;
use crate::promql::eval::sorted::sort_copies;
use crate::promql::eval::sum::count;
use crate::promql::eval::window::Window;
use crate::signal::Point;

pub(super) fn quantile(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let values = sorted(&Floats::of(window, around)?.values, around.meter)?;
    Some(Point::Float(told_share(around, &values)))
}

pub(super) fn mad(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let values = sorted(&Floats::of(window, around)?.values, around.meter)?;
    deviation(&values, around.meter).map(Point::Float)
}

pub(super) fn moving_quantile(course: &Course<'_>) -> Option<Column> {
    moving(course, |around, values| Some(told_share(around, values)))
}

pub(super) fn moving_mad(course: &Course<'_>) -> Option<Column> {
    moving(course, |around, values| deviation(values, around.meter))
}

/// NaN is less than any number.
fn rising(one: f64, other: f64) -> Ordering {
    other.is_nan().cmp(&one.is_nan()).then(one.total_cmp(&other))
}

fn sorted(values: &[f64], meter: &Meter<'_>) -> Option<Vec<f64>> {
    let mut values = values.to_vec();
    sort_copies(meter, &mut values, |one, other| rising(*one, *other)).ok()?;
    Some(values)
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
fn deviation(values: &[f64], meter: &Meter<'_>) -> Option<f64> {
    // NaN comes first.
    if values.first().is_none_or(|first| first.is_nan()) {
        return Some(f64::NAN);
    }
    let median = at_share(0.5, values.len(), |place| values.get(place).copied());
    if !median.is_finite() {
        let distances: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
        let distances = sorted(&distances, meter)?;
        return Some(at_share(0.5, distances.len(), |place| distances.get(place).copied()));
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
    Some(at_share(0.5, values.len(), |place| Some(if place == middle { newest } else { before })))
}

/// The numbers of a window in order, kept so while it slides.
#[derive(Default)]
struct Order {
    values: Vec<f64>,
    window: Range<usize>,
}

impl Order {
    fn slide(&mut self, all: &[f64], to: Range<usize>, meter: &Meter<'_>) -> Option<()> {
        let (gone, come) = (self.window.start..to.start, self.window.end..to.end);
        // Where most are others, sorting anew costs less than going through all of them for each.
        if self.values.len() <= gone.len() + come.len() {
            self.values = sorted(all.get(to.clone()).unwrap_or_default(), meter)?;
        } else if MOVED < gone.len() + come.len() {
            let part = |part: Range<usize>| sorted(all.get(part).unwrap_or_default(), meter);
            self.values = exchanged(&self.values, &part(gone)?, &part(come)?);
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
        Some(())
    }
}

/// Up to how many numbers are each put in their place by moving all behind it.
const MOVED: usize = 64;

/// Numbers in order, without some that are among them and with some others.
fn exchanged(values: &[f64], gone: &[f64], come: &[f64]) -> Vec<f64> {
    let mut made = Vec::with_capacity((values.len() + come.len()).saturating_sub(gone.len()));
    let (mut gone, mut come) = (gone.iter().peekable(), come.iter().peekable());
    for value in values {
        if gone.next_if(|gone| rising(**gone, *value).is_eq()).is_some() {
            continue;
        }
        while let Some(next) = come.next_if(|come| rising(**come, *value).is_lt()) {
            made.push(*next);
        }
        made.push(*value);
    }
    made.extend(come);
    made
}

fn moving(course: &Course<'_>, told: fn(&Around<'_>, &[f64]) -> Option<f64>) -> Option<Column> {
    let points = course.track.points();
    if !points.histograms.is_empty() {
        return None;
    }
    let mut order = Order::default();
    Some(course.numbers(|step, part| {
        let around = course.around(step);
        order.slide(points.values, part, around.meter)?;
        told(&around, &order.values)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        let meter = Meter::new(0, &|| false);
        let of = |values: &[f64]| deviation(&sorted(values, &meter).unwrap(), &meter).unwrap();
        for (values, expected) in [
            (&[4.0][..], 0.0),
            (&[1.0, 3.0], 1.0),
            (&[1.0, 2.0, 100.0], 1.0),
            (&[4.0, 6.0, 2.0, 1.0, 999.0, 1.0, 2.0], 1.0),
            (&[1.0, 2.0, 3.0, 10.0], 1.0),
            (&[1.0, 1.0, 1.0, 10.0], 0.0),
        ] {
            let got = of(values);
            assert!((got - expected).abs() < 1e-12, "{values:?}: {got}");
        }
        assert!(of(&[1.0, f64::NAN]).is_nan());
    }

    proptest! {
        /// However many numbers go and come, what is left is in order and what was to be there.
        #[test]
        fn an_order_slides(moves in prop::collection::vec((0_usize..300, 0_usize..300), 1..12)) {
            let value = |index: u32| if index.is_multiple_of(11) { f64::NAN } else { f64::from(index * 7_919 % 101) };
            let all: Vec<f64> = (0..4_000).map(value).collect();
            let meter = Meter::new(0, &|| false);
            let (mut order, mut low, mut high) = (Order::default(), 0, 0);
            for (fewer, more) in moves {
                high += more;
                low = (low + fewer).min(high);
                order.slide(&all, low..high, &meter).unwrap();
                let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                prop_assert_eq!(bits(&order.values), bits(&sorted(&all[low..high], &meter).unwrap()));
            }
        }
    }
}
