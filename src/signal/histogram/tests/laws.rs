//! Laws over histograms of every kind.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::signal::Notated;
use crate::signal::histogram::tests::{is_near, read};
use crate::signal::histogram::*;

fn side() -> impl Strategy<Value = Buckets> {
    (-6..6_i32, vec((0..4_u32, 0..50_u32), 0..8)).prop_map(|(first, cells)| {
        let spans = cells.iter().enumerate().map(|(place, (gap, _))| {
            let offset = i32::try_from(*gap).unwrap() + if place == 0 { first } else { 0 };
            BucketSpan { offset, length: 1 }
        });
        Buckets::new(spans, cells.iter().map(|(_, count)| f64::from(*count)).collect()).unwrap()
    })
}

/// Histograms whose count is that of their buckets, of which none reaches into the zero bucket. Prometheus counts what
/// does so twice or not at all once resolutions differ, and so does this.
fn exponential_within(widths: &'static [f64]) -> impl Strategy<Value = Histogram> {
    let zero = (0..widths.len(), 0..20_u32);
    (-2..5_i32, zero, side(), side(), -100.0..100.0).prop_map(
        move |(schema, (width, zero), positive, negative, sum)| {
            let resolution = Resolution::new(schema).unwrap();
            let outside = |side: Buckets| {
                Buckets::of(side.iter().filter(|(index, _)| widths[width] <= resolution.bound(*index - 1)))
            };
            let (positive, negative) = (outside(positive), outside(negative));
            let zero_count = f64::from(zero);
            let count = zero_count + positive.counts().iter().chain(negative.counts()).sum::<f64>();
            Histogram::new(Parts {
                schema: Schema::Exponential(resolution),
                zero_threshold: widths[width],
                zero_count,
                count,
                sum,
                positive,
                negative,
                hint: Hint::Unknown,
            })
            .unwrap()
        },
    )
}

/// Zero buckets end where a bucket of every resolution ends: of others, Prometheus counts some observations twice.
fn exponential() -> impl Strategy<Value = Histogram> {
    exponential_within(&[0.0, 1e-9, 1.0])
}

fn custom() -> impl Strategy<Value = Histogram> {
    (proptest::collection::btree_set(-20..20_i32, 0..6), vec(0..50_u32, 7), -100.0..100.0).prop_map(
        |(bounds, counts, sum)| {
            let bounds: Vec<f64> = bounds.into_iter().map(f64::from).collect();
            let counts: Vec<f64> = counts.into_iter().take(bounds.len() + 1).map(f64::from).collect();
            let count = counts.iter().sum();
            let schema = Schema::Custom(Bounds::new(bounds).unwrap());
            let positive = Buckets::from_index(0, counts).unwrap();
            Histogram::new(Parts { schema, count, sum, positive, ..Parts::default() }).unwrap()
        },
    )
}

fn any_histogram() -> impl Strategy<Value = Histogram> {
    prop_oneof![exponential(), custom()]
}

fn pair() -> impl Strategy<Value = (Histogram, Histogram)> {
    prop_oneof![(exponential(), exponential()), (custom(), custom())]
}

fn sum(left: &Histogram, right: &Histogram) -> Histogram {
    let mut sum = left.clone();
    sum.add(right).unwrap();
    sum.compact(0);
    sum
}

fn in_buckets(histogram: &Histogram) -> f64 {
    let parts = histogram.parts();
    parts.zero_count + parts.positive.counts().iter().chain(parts.negative.counts()).sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn addition_commutes((left, right) in pair()) {
        prop_assert!(sum(&left, &right).same_as(&sum(&right, &left)));
    }

    #[test]
    fn addition_loses_no_observation((left, right) in pair()) {
        let sum = sum(&left, &right);
        prop_assert!(is_near(sum.count(), left.count() + right.count()));
        prop_assert!(is_near(in_buckets(&sum), in_buckets(&left) + in_buckets(&right)));
    }

    #[test]
    fn what_is_added_and_subtracted_is_gone((left, right) in pair()) {
        let mut back = left.clone();
        back.add(&right).unwrap();
        back.subtract(&right).unwrap();
        prop_assert!(is_near(back.count(), left.count()));
        prop_assert!(is_near(in_buckets(&back), in_buckets(&left)));
    }

    #[test]
    fn merging_before_is_merging_after(left in exponential_within(&[0.0]), right in exponential_within(&[0.0])) {
        let coarsest = Resolution::new(-3).unwrap();
        let mut after = sum(&left, &right).reduced(coarsest).unwrap();
        after.compact(0);
        let before = sum(&left.reduced(coarsest).unwrap(), &right.reduced(coarsest).unwrap());
        prop_assert_eq!(after.parts(), before.parts());
    }

    #[test]
    fn multiplying_and_dividing_by_the_same_changes_nothing(histogram in any_histogram(), power in -4..4_i32) {
        let mut scaled = histogram.clone();
        scaled.multiply(2_f64.powi(power));
        scaled.divide(2_f64.powi(power));
        prop_assert!(scaled.same_as(&histogram));
    }

    #[test]
    fn trims_never_count_more(histogram in any_histogram(), at in -20.0..20.0) {
        let (below, above) = (histogram.below(at), histogram.above(at));
        prop_assert!(below.count() <= histogram.count() + 1e-9);
        prop_assert!(above.count() <= histogram.count() + 1e-9);
        if !histogram.schema().is_custom() {
            prop_assert!(is_near(below.count() + above.count(), histogram.count()));
        }
        prop_assert!(below.below(at).count() <= below.count() + 1e-9);
    }

    #[test]
    fn quantiles_rise(histogram in prop_oneof![exponential_within(&[0.0, 1e-9]), custom()], shares in vec(0.0..=1.0_f64, 2)) {
        let (low, high) = (shares[0].min(shares[1]), shares[0].max(shares[1]));
        let [low, high] = [low, high].map(|share| histogram.quantile(share).value);
        let is_there = 0.0 < histogram.count();
        prop_assert!(!is_there || low <= high + 1e-9 * high.abs(), "{low} {high}");
    }

    #[test]
    fn what_only_grows_has_no_reset(left in exponential_within(&[0.0]), right in exponential_within(&[0.0])) {
        let more = sum(&left, &right);
        prop_assert!(!more.has_reset_since(&left) && !more.has_reset_since(&more));
    }

    #[test]
    fn compensated_sums_are_near_plain_ones(histograms in vec(exponential(), 1..6)) {
        let mut plain = histograms[0].clone();
        let mut kept = Compensated::new(&plain);
        for histogram in &histograms[1..] {
            plain.add(histogram).unwrap();
            kept.add(histogram).unwrap();
        }
        let mut kept = kept.total();
        kept.compact(0);
        plain.compact(0);
        prop_assert!(is_near(kept.sum(), plain.sum()) || (kept.sum() - plain.sum()).abs() < 1e-9);
        prop_assert_eq!(&kept.parts().positive, &plain.parts().positive);
        prop_assert_eq!(&kept.parts().negative, &plain.parts().negative);
        prop_assert!(is_near(kept.parts().zero_count, plain.parts().zero_count));
    }

    #[test]
    fn written_histograms_read_back_as_they_were(histogram in any_histogram()) {
        let mut whole = histogram.clone();
        whole.compact(u32::MAX);
        prop_assert!(read(&Notated(&histogram).to_string()).same_as(&whole));
    }
}
