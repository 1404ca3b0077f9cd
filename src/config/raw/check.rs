//! A check as it is written.

use crate::config::raw::layer::mirror;
use crate::config::yaml::{Given, List, OneOrMany, Text};

mirror! {
    /// One question of a gate: exactly one of `proportion`, `quantile`, `slow`, `mean` and `expr`.
    Check {
        /// Its name, unique in its gate.
        check: Given<Text>,
        /// How large a share of events is bad, or good.
        proportion: Given<Proportion>,
        /// Which value a share of the observations stays under.
        quantile: Given<Quantile>,
        /// How large a share of the observations lies above a bound that is the same on both sides.
        slow: Given<Slow>,
        /// The mean of a measure.
        mean: Given<Mean>,
        /// Anything PromQL can say; a threshold with no statistics behind it.
        expr: Given<Text>,
        /// For `expr`: how many of the last looks have to agree, as `3 of 5`.
        looks: Given<Text>,
        /// What has to be shown for it to fail: `ratio > 1.25 and difference > 0.05pp`.
        fails_when: Given<Text>,
        /// What has to be proved for it to pass: `ratio < 2`, or `not_contradicted`.
        passes_when: Given<Text>,
        /// Which way is worse; `proportion: { good: .. }` knows by itself.
        #[schemars(extend("enum" = ["higher_is_worse", "lower_is_worse"]))]
        direction: Given<Text>,
        /// Labels by which it is asked again for each slice; the worst one is named. Without them another mix of routes on
        /// the canary counts as harm.
        by: Given<OneOrMany<Text>>,
        /// How much the new side has to show before it may say anything: `100 requests`.
        at_least: Given<Text>,
        /// Its share of the evidence, against the other checks of its gate.
        weight: Given<f64>,
        /// Whether a pass of the gate needs a pass of this check.
        critical: Given<bool>,
        /// Whether it only watches.
        shadow: Given<bool>,
        /// The day from which its metrics have to exist: `2027-01-31`.
        optional_until: Given<Text>,
        /// Other thresholds for changes that were declared to be of a kind; the first entry that fits counts.
        for_changes: Given<List<ForChange>>,
    }
}

mirror! {
    /// Events with a property among all of them; exactly one of `bad` and `good`.
    Proportion {
        /// The counter of the bad ones.
        bad: Given<Text>,
        /// The counter of the good ones.
        good: Given<Text>,
        /// The counter of all.
        of: Given<Text>,
        /// How long after the event it is counted.
        lag: Given<Text>,
        /// What a missing `bad` series means: `unknown`, `zero_if_on_other_track`, `zero_if_seen_in 7d`.
        absent_bad: Given<Text>,
    }
}

mirror! {
    /// A quantile of a histogram.
    Quantile {
        /// Which: `0.99`.
        q: Given<f64>,
        /// The histogram: a native one, or the name of a classic one without `_bucket`.
        of: Given<Text>,
        /// Which of the two it is. Observations that are NaN lie above every border of either.
        #[schemars(extend("enum" = ["classic", "native"]))]
        buckets: Given<Text>,
        /// In which unit of time its buckets are, where its name does not say.
        #[schemars(extend("enum" = ["nanoseconds", "microseconds", "milliseconds", "seconds", "minutes", "hours", "days"]))]
        unit: Given<Text>,
    }
}

mirror! {
    /// The share of slow observations of a histogram.
    Slow {
        /// The histogram: a native one, or the name of a classic one without `_bucket`.
        of: Given<Text>,
        /// Slower than what: `500ms`, or several. Left out: the buckets that a tenth and a hundredth of the old side's
        /// observations lay above before the change.
        over: Given<OneOrMany<Text>>,
        /// Which of the two it is. Observations that are NaN lie above every border of either.
        #[schemars(extend("enum" = ["classic", "native"]))]
        buckets: Given<Text>,
        /// In which unit of time its buckets are, where its name does not say.
        #[schemars(extend("enum" = ["nanoseconds", "microseconds", "milliseconds", "seconds", "minutes", "hours", "days"]))]
        unit: Given<Text>,
    }
}

mirror! {
    /// The mean of a measure.
    Mean {
        /// The measure.
        of: Given<Text>,
    }
}

mirror! {
    /// Thresholds for changes that were declared to be of a kind; exactly one of `risk` and `intent`.
    ForChange {
        /// Their expected risk.
        risk: Given<Text>,
        /// What they are meant to do.
        intent: Given<Text>,
        /// In place of `fails_when`.
        fails_when: Given<Text>,
        /// In place of `passes_when`.
        passes_when: Given<Text>,
    }
}

impl Check {
    /// Its expressions as they are written, in the order in which a question lists its plans.
    pub(crate) fn queries(&self) -> Vec<&Text> {
        let proportion = self.proportion.get().map(|spot| &spot.value);
        let keys = [
            proportion.map(|proportion| &proportion.bad),
            proportion.map(|proportion| &proportion.good),
            proportion.map(|proportion| &proportion.of),
            self.quantile.get().map(|spot| &spot.value.of),
            self.slow.get().map(|spot| &spot.value.of),
            self.mean.get().map(|spot| &spot.value.of),
            Some(&self.expr),
        ];
        keys.into_iter().flatten().filter_map(Given::get).map(|spot| &spot.value).collect()
    }
}
