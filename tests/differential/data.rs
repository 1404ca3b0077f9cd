//! Random samples: gauges that wander, counters that begin anew, buckets, with gaps and odd values.

use std::io::Write;

use backstop::signal::{Labels, NAME, Observation, Point, Sample, Series};
use backstop::store::{Bounds, Store};
use backstop::unit::{Span, UnixMillis};

use crate::chance::Chance;

pub(crate) const BEGAN: i64 = 1_700_000_000_000;
/// How long there are samples, in milliseconds.
pub(crate) const LENGTH: i64 = 3_600_000;

const INTERVAL: i64 = 15_000;

/// A whole number from 0 and below.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "they are small")]
pub(crate) fn within(chance: &mut Chance, below: i64) -> i64 {
    (chance.share() * below as f64) as i64
}

pub(crate) fn series(chance: &mut Chance) -> Vec<Series> {
    let mut all = Vec::new();
    for (a, b) in [("1", "x"), ("1", "y"), ("2", "x"), ("2", "y"), ("3", "x"), ("3", "")] {
        for name in ["gauge", "other"] {
            all.push(one(&[(NAME, name), ("a", a), ("b", b)], chance, wander));
        }
        all.push(one(&[(NAME, "events_total"), ("a", a), ("b", b)], chance, count));
        let seed = chance.0;
        for (index, bound) in ["0.1", "0.5", "1", "5", "+Inf"].into_iter().enumerate() {
            let labels = [(NAME, "took_bucket"), ("a", a), ("b", b), ("le", bound)];
            let share = f64::from(u32::try_from(index + 1).unwrap());
            // All buckets of a histogram go on together.
            all.push(one(&labels, &mut Chance(seed), move |before, chance| {
                (count(before, chance) * share).floor()
            }));
        }
    }
    all.push(one(&[(NAME, "one")], chance, wander));
    all
}

fn wander(before: f64, chance: &mut Chance) -> f64 {
    match within(chance, 60) {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => -before,
        3 => 0.0,
        _ if before.is_finite() => ((before + chance.share() - 0.48) * 64.0).round() / 64.0,
        _ => 1.0,
    }
}

fn count(before: f64, chance: &mut Chance) -> f64 {
    if within(chance, 40) == 0 { 0.0 } else { before + (chance.share() * 20.0).floor() }
}

fn one(labels: &[(&str, &str)], chance: &mut Chance, next: impl Fn(f64, &mut Chance) -> f64) -> Series {
    let pairs = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let (mut samples, mut value) = (Vec::new(), 1.0);
    let mut gap = 0;
    for step in 0..LENGTH / INTERVAL {
        value = next(value, chance);
        if within(chance, 50) == 0 {
            gap = within(chance, 30);
        }
        gap -= 1;
        let late = if within(chance, 5) == 0 { within(chance, 3_000) } else { 0 };
        if gap < 0 {
            samples.push(Sample { at: UnixMillis::new(BEGAN + step * INTERVAL + late), value }.into());
        }
    }
    Series { labels: Labels::new(pairs.collect()).unwrap(), samples }
}

pub(crate) fn store(series: &[Series]) -> Store {
    let mut store = Store::new(Bounds { retention: Span::from_secs(1 << 20), ..Bounds::default() });
    let appended = store.append(series, UnixMillis::new(BEGAN + LENGTH));
    assert_eq!(appended.refused(), 0);
    store
}

/// The same as text.
pub(crate) fn write(series: &[Series], file: &mut dyn Write) {
    for Series { labels, samples } in series {
        let others = labels.iter().filter(|(name, _)| *name != NAME);
        let pairs: Vec<String> = others.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        for Observation { at, point, .. } in samples {
            let Point::Float(value) = point else { continue };
            let (name, at) = (labels.get(NAME), at.millis());
            let value = if *value == f64::INFINITY { "+Inf".to_owned() } else { value.to_string() };
            writeln!(file, "{name}{{{}}} {value} {}.{:03}", pairs.join(","), at / 1_000, at % 1_000).unwrap();
        }
    }
}
