//! What hostile queries are asked over: very many series, one with very many samples, histograms, and series that take
//! turns.

use std::sync::Arc;

use backstop::signal::histogram::{Buckets, Parts};
use backstop::signal::{Histogram, Labels, NAME, Observation, Point};
use backstop::store::{Bounds, Store};
use backstop::unit::{Span, UnixMillis};

/// The moment of the newest samples, in milliseconds.
pub(crate) const END: i64 = 1_800_000_000_000;

/// How many samples `long` has, a second apart.
pub(crate) const LONG: i64 = 40_000;

/// How many samples `shapes` has, a second apart.
pub(crate) const SHAPES: i64 = 4_000;

/// How many series are called `left`, and how many `turn`, each of which is there for a second alone.
pub(crate) const TURNS: i64 = 300;

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        .unwrap()
}

#[expect(clippy::cast_precision_loss, reason = "they are small")]
fn value(index: i64) -> f64 {
    (index * 7_919 % 10_007) as f64 + 0.5
}

fn shape(index: i64) -> Point {
    let count = value(index);
    let positive = Buckets::from_index(0, vec![count; 160]).unwrap();
    let parts = Parts { count: 160.0 * count, sum: count, positive, ..Parts::default() };
    Point::Histogram(Arc::new(Histogram::new(parts).unwrap()))
}

/// A store with so many series called `many`.
pub(crate) fn store(many: usize) -> Store {
    let bounds = Bounds {
        retention: Span::from_secs(1 << 30),
        series: many + 10_000,
        samples: usize::MAX,
        ..Bounds::default()
    };
    let mut store = Store::new(bounds);
    let mut add = |labels: &Labels, samples: &mut dyn Iterator<Item = (i64, Point)>| {
        let each = samples.map(|(seconds, point)| Observation {
            at: UnixMillis::new(END - seconds * 1_000),
            start: None,
            point,
        });
        assert_eq!(store.observe(labels, each, UnixMillis::new(END)).refused(), 0);
    };
    let float = |index: i64| (index, Point::Float(value(index)));
    for index in 0..many {
        let (instance, path) =
            (format!("10.0.0.{}:{index}", index % 256), format!("/api/v1/{}", index % 1_000));
        let labels = labels(&[(NAME, "many"), ("instance", &instance), ("job", "api"), ("path", &path)]);
        add(&labels, &mut [float(i64::try_from(index).unwrap() % 200)].into_iter());
    }
    add(&labels(&[(NAME, "long"), ("instance", "a"), ("job", "b")]), &mut (0..LONG).rev().map(float));
    add(&labels(&[(NAME, "shapes")]), &mut (0..SHAPES).rev().map(|index| (index, shape(index))));
    for index in 0..TURNS {
        let own = index.to_string();
        add(&labels(&[(NAME, "left"), ("own", &own)]), &mut (0..TURNS).rev().map(float));
        add(&labels(&[(NAME, "turn"), ("turn", &own)]), &mut [float(index)].into_iter());
    }
    store
}
