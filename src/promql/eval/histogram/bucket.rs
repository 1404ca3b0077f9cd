//! Buckets of a histogram that is told by counters: how many observations lie up to each bound.

use crate::promql::eval::histogram::family::Asks;

/// Differences of counts that are smaller than this share of them come from rounding.
const ROUNDING: f64 = 1e-12;

/// How many observations lie up to each bound, the smallest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Shares(Vec<(f64, f64)>);

impl Shares {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a bucket of a bound no smaller than those before; what has the same bound is one bucket.
    pub(super) fn push(&mut self, bound: f64, count: f64) {
        match self.0.last_mut() {
            #[expect(clippy::float_cmp, reason = "they were read from labels and are the same or not")]
            Some((last, known)) if *last == bound => *known += count,
            Some(_) | None => self.0.push((bound, count)),
        }
    }

    /// Sees to it that no count is smaller than the one before it; where that is more than rounding it is told.
    pub(super) fn smooth(&mut self, name: &str, asks: &Asks<'_>) {
        let Some((_, mut before)) = self.0.first().copied() else { return };
        if !self.is_whole() {
            return;
        }
        let mut forced: Option<(f64, f64, f64)> = None;
        for (bound, count) in self.0.iter_mut().skip(1) {
            let own = *count;
            if almost(before, own) || own < before {
                *count = before;
                if !almost(before, own) {
                    let fall = before - own;
                    let (least, _, most) = forced.unwrap_or((*bound, *bound, fall));
                    forced = Some((least, *bound, most.max(fall)));
                }
            } else {
                before = own;
            }
        }
        if let Some((least, most, fall)) = forced {
            asks.forced(name, (least, most), fall);
        }
    }

    /// The value below which that share lies.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        let buckets = self.0.as_slice();
        if share.is_nan() {
            return f64::NAN;
        }
        if share < 0.0 {
            return f64::NEG_INFINITY;
        }
        if 1.0 < share {
            return f64::INFINITY;
        }
        let [.., (below, _), (_, all)] = buckets else { return f64::NAN };
        if !self.is_whole() || *all == 0.0 {
            return f64::NAN;
        }
        let rank = share * all;
        let last = buckets.len() - 1;
        let at = first_reaching(&buckets[..last], rank);
        // Nothing is known of what lies beyond the last bound.
        let Some((end, count)) = buckets[..last].get(at).copied() else { return *below };
        let Some((start, before)) = at.checked_sub(1).map(|before| buckets[before]) else {
            return if end <= 0.0 { end } else { end * (rank / count) };
        };
        start + (end - start) * ((rank - before) / (count - before))
    }

    /// The share that lies between two values.
    pub(super) fn fraction(&self, lower: f64, upper: f64) -> f64 {
        let Some((_, all)) = self.0.last().copied() else { return f64::NAN };
        if !self.is_whole() || all == 0.0 || lower.is_nan() || upper.is_nan() {
            return f64::NAN;
        }
        if upper <= lower {
            return 0.0;
        }
        (self.rank(upper) - self.rank(lower)) / all
    }

    /// How many lie below a value.
    fn rank(&self, value: f64) -> f64 {
        let all = self.0.last().map_or(0.0, |(_, count)| *count);
        let mut below = 0.0_f64;
        let mut start = match self.0.first() {
            Some((first, _)) if 0.0 < *first => 0.0,
            Some(_) | None => f64::NEG_INFINITY,
        };
        for (end, count) in &self.0 {
            if value <= start {
                return below.min(all);
            }
            if value < *end {
                // Nobody knows where below its end those of the first bucket lie.
                if start == f64::NEG_INFINITY {
                    return *count;
                }
                let within = below + (count - below) * (value - start) / (end - start);
                return if all < within { all } else { within };
            }
            (below, start) = (*count, *end);
        }
        all
    }

    /// Whether the last bucket holds all there is.
    fn is_whole(&self) -> bool {
        self.0.last().is_some_and(|(bound, _)| *bound == f64::INFINITY)
    }
}

/// The first bucket that counts so many. Counts that are NaN reach nothing, and the search is halved as Prometheus does
/// it: where some are and others are not, that decides.
fn first_reaching(buckets: &[(f64, f64)], rank: f64) -> usize {
    let (mut low, mut high) = (0, buckets.len());
    while low < high {
        let middle = low.midpoint(high);
        if rank <= buckets[middle].1 { high = middle } else { low = middle + 1 }
    }
    low
}

/// Whether two counts differ by no more than rounding.
fn almost(one: f64, other: f64) -> bool {
    if one.is_nan() || other.is_nan() {
        return one.is_nan() && other.is_nan();
    }
    let apart = (one - other).abs();
    let both = one.abs() + other.abs();
    if apart == 0.0 {
        true
    } else if one == 0.0 || other == 0.0 || both < f64::MIN_POSITIVE {
        apart < ROUNDING * f64::MIN_POSITIVE
    } else {
        apart / both.min(f64::MAX) < ROUNDING
    }
}

impl Asks<'_> {
    fn forced(&self, name: &str, (least, most): (f64, f64), fall: f64) {
        let function = self.function;
        let named = if name.is_empty() { String::new() } else { format!(" for metric name \"{name}\"") };
        let text = format!(
            "input to histogram_quantile needed to be fixed for monotonicity (see \
             https://prometheus.io/docs/prometheus/latest/querying/functions/#{function}){named}, from buckets {least} \
             to {most}, with a max diff of {fall}"
        );
        self.annotations.inform(self.of, text);
    }
}
