//! Classic histograms, which are series of counts, as histograms.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::signal::histogram::{ClassicError, from_classic};
use crate::signal::{Labels, NAME, Observation, Point};
use crate::unit::UnixMillis;

/// What tells the buckets of a classic histogram apart.
const BOUND: &str = "le";

/// The counts of a classic histogram at one moment.
#[derive(Default)]
struct Classic {
    buckets: Vec<(f64, f64)>,
    count: Option<f64>,
    sum: f64,
}

type Moments = BTreeMap<UnixMillis, Classic>;

/// The histograms that these series say, by the labels that their parts share.
pub(super) fn histograms(
    series: &BTreeMap<Labels, Vec<Observation>>,
) -> Result<BTreeMap<Labels, Vec<Observation>>, ClassicError> {
    let mut classic: BTreeMap<Labels, Moments> = BTreeMap::new();
    for (labels, observations) in series {
        let Some((whole, part)) = Part::of(labels) else { continue };
        let moments = classic.entry(whole).or_default();
        for observation in observations {
            let Point::Float(value) = observation.point else { continue };
            part.tell(moments.entry(observation.at).or_default(), value);
        }
    }
    let made = classic.into_iter().map(|(labels, moments)| {
        let moments = moments.into_iter().map(|(at, classic)| {
            let histogram = from_classic(classic.buckets, classic.count, classic.sum)?;
            Ok(Observation { at, start: None, point: Point::Histogram(Arc::new(histogram)) })
        });
        Ok((labels, moments.collect::<Result<_, ClassicError>>()?))
    });
    made.collect()
}

/// What a series is to the histogram that it is part of.
enum Part {
    Bucket(f64),
    Count,
    Sum,
}

impl Part {
    fn of(labels: &Labels) -> Option<(Labels, Self)> {
        let name = labels.get(NAME);
        let (base, part) = if let Some(base) = name.strip_suffix("_bucket") {
            let bound = labels.get(BOUND).parse::<f64>().ok().filter(|bound| !bound.is_nan())?;
            (base, Self::Bucket(bound))
        } else if let Some(base) = name.strip_suffix("_count") {
            (base, Self::Count)
        } else {
            (name.strip_suffix("_sum")?, Self::Sum)
        };
        Some((labels.with(BOUND, "").with(NAME, base), part))
    }

    fn tell(&self, classic: &mut Classic, value: f64) {
        match self {
            Self::Bucket(bound) => classic.buckets.push((*bound, value)),
            Self::Count => classic.count = Some(value),
            Self::Sum => classic.sum = value,
        }
    }
}
