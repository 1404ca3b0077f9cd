//! What is queried: gauges, counters in buckets and short-lived series, a sample every ten seconds for a day and some.

use backstop::signal::{Labels, NAME, Observation, Sample, Series};
use backstop::store::{Bounds, Store};
use backstop::unit::{Span, UnixMillis};

/// How far apart samples lie.
pub(crate) const INTERVAL: i64 = 10_000;

/// How many samples each series has: a day, and a thousand steps.
pub(crate) const SAMPLES: i64 = 8_640 + 1_000;

/// How many samples each of the short-lived series has.
const SPARSE: i64 = 100;

/// When the first sample was taken.
pub(crate) const BEGAN: i64 = 1_700_000_000_000;

/// Every series but the short-lived ones.
fn names() -> Vec<Vec<(String, String)>> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut all = Vec::new();
    for (size, count) in [("one", 1), ("hundred", 100)] {
        for index in 0..count {
            let own = |letter: &str| {
                let mut pairs = vec![pair(NAME, &format!("{letter}_{size}"))];
                if 1 < count {
                    pairs.push(pair("l", &index.to_string()));
                }
                pairs
            };
            all.extend([own("a"), own("b")]);
            for bound in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "+Inf"] {
                let mut pairs = own("h");
                pairs.push(pair("le", bound));
                all.push(pairs);
            }
        }
    }
    all
}

/// Each series with its samples.
pub(crate) fn each(mut with: impl FnMut(&Labels, &[Sample])) {
    let names = names();
    for (index, pairs) in names.iter().enumerate() {
        let offset = float(index) / float(names.len());
        let sample = |step: i64| Sample {
            at: UnixMillis::new(BEGAN + step * INTERVAL),
            value: float(usize::try_from(step).unwrap()) + offset,
        };
        let samples: Vec<Sample> = (0..SAMPLES).map(sample).collect();
        with(&Labels::new(pairs.clone()).unwrap(), &samples);
    }
    for own in 0..SAMPLES / SPARSE {
        let pairs = vec![(NAME.to_owned(), "sparse".to_owned()), ("l".to_owned(), own.to_string())];
        let sample = |step: i64| Sample {
            at: UnixMillis::new(BEGAN + step * INTERVAL),
            value: float(usize::try_from(step).unwrap()),
        };
        let samples: Vec<Sample> = (own * SPARSE..(own + 1) * SPARSE).map(sample).collect();
        with(&Labels::new(pairs).unwrap(), &samples);
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are not so many")]
fn float(number: usize) -> f64 {
    number as f64
}

/// A store that holds them all.
pub(crate) fn store() -> Store {
    let end = UnixMillis::new(BEGAN + SAMPLES * INTERVAL);
    let bounds = Bounds { retention: Span::from_secs(1 << 20), ..Bounds::default() };
    let mut store = Store::new(bounds);
    each(|labels, samples| {
        let samples = samples.iter().map(|sample| Observation::from(*sample)).collect();
        let series = Series { labels: labels.clone(), samples };
        let appended = store.append(&[series], end);
        assert_eq!(appended.refused(), 0);
    });
    store
}
