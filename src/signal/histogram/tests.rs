//! Worked cases, and laws over histograms of every kind.

use crate::signal::histogram::*;
use crate::signal::{Notated, WrittenValue, written_values};
use proptest::collection::vec;
use proptest::prelude::*;

fn read(text: &str) -> Histogram {
    match written_values(text).unwrap().pop() {
        Some(Some(WrittenValue::Histogram(written))) => written.histogram,
        _ => panic!("{text} is no histogram"),
    }
}

fn written(histogram: &Histogram) -> String {
    let mut histogram = histogram.clone();
    histogram.compact(0);
    Notated(&histogram).to_string()
}

fn is_near(left: f64, right: f64) -> bool {
    left.total_cmp(&right).is_eq()
        || (left.is_nan() && right.is_nan())
        || (left - right).abs() <= 1e-9 * (left.abs() + right.abs())
}

#[test]
fn bounds_grow_by_the_factor_of_their_schema() {
    for (schema, index, bound) in [
        (0, 0, 1.0),
        (0, 1, 2.0),
        (0, -1, 0.5),
        (0, 10, 1024.0),
        (0, 1023, 2_f64.powi(1023)),
        (0, 1024, f64::MAX),
        (0, 1025, f64::INFINITY),
        (0, -1074, 5e-324),
        (0, -1075, 0.0),
        (-4, 0, 1.0),
        (-4, 1, 65536.0),
        (-4, -1, 1.0 / 65536.0),
        (-4, 64, f64::MAX),
        (-4, 65, f64::INFINITY),
        (-1, 512, f64::MAX),
        (1, 1, std::f64::consts::SQRT_2),
        (1, -1, std::f64::consts::FRAC_1_SQRT_2),
        (1, 2, 2.0),
        (3, 24, 8.0),
        (8, 256, 2.0),
        (8, 1024 * 256, f64::MAX),
        (8, 1024 * 256 + 256, f64::INFINITY),
    ] {
        let got = Resolution::new(schema).unwrap().bound(index);
        assert!(is_near(got, bound), "{schema} {index}: {got}");
    }
    // Prometheus's bound lies one last place below the root.
    assert_eq!(Resolution::new(1).unwrap().bound(-1).to_bits(), 0.707_106_781_186_547_5_f64.to_bits());
    assert!(matches!(Resolution::new(9), Err(HistogramError::Schema(9))));
}

#[test]
fn bounds_of_all_resolutions_rise_and_those_of_a_coarser_one_are_among_them() {
    for schema in -4..=8 {
        let resolution = Resolution::new(schema).unwrap();
        let bounds: Vec<f64> = (-600..600).map(|index| resolution.bound(index)).collect();
        assert!(
            bounds.windows(2).all(|pair| pair[0] < pair[1] || pair[1] == f64::INFINITY || pair[0] == 0.0)
        );
        if let Ok(coarser) = Resolution::new(schema - 1) {
            for index in (-600..600).filter(|index| resolution.bound(*index).is_finite()) {
                let merged = resolution.index_in(coarser, index);
                assert!(resolution.bound(index) <= coarser.bound(merged), "{schema} {index}");
                assert!(coarser.bound(merged - 1) < resolution.bound(index).max(5e-324), "{schema} {index}");
            }
        }
    }
}

#[test]
fn parts_that_do_not_hold_together_are_refused() {
    let custom = |bounds: &[f64]| Schema::Custom(Bounds::new(bounds).unwrap());
    let buckets = |first, counts: &[f64]| Buckets::from_index(first, counts.to_vec()).unwrap();
    let span = |offset, length| BucketSpan { offset, length };
    for (parts, error) in [
        (
            Parts { schema: custom(&[1.0]), zero_count: 2.0, ..Parts::default() },
            HistogramError::CustomZero { count: 2.0, threshold: 0.0 },
        ),
        (
            Parts { schema: custom(&[1.0]), negative: buckets(0, &[1.0]), ..Parts::default() },
            HistogramError::CustomNegative { buckets: 1 },
        ),
        (
            Parts { schema: custom(&[1.0]), positive: buckets(1, &[1.0, 1.0]), ..Parts::default() },
            HistogramError::BeyondBounds { index: 2, bounds: 1 },
        ),
        (
            Parts { schema: custom(&[1.0]), positive: buckets(-1, &[1.0]), ..Parts::default() },
            HistogramError::BeforeBounds { index: -1 },
        ),
        (
            Parts { negative: buckets(-1_077, &[1.0]), ..Parts::default() },
            HistogramError::BeyondReach { index: -1_077, reach: 1_076 },
        ),
    ] {
        assert_eq!(Histogram::new(parts).unwrap_err(), error);
    }
    for (spans, counts, error) in [
        (vec![span(0, 2)], 1, HistogramError::Mismatch { told: 2, given: 1 }),
        (vec![span(0, 1), span(-1, 1)], 2, HistogramError::Backwards { place: 2, offset: -1 }),
        (vec![span(i32::MAX, 1)], 1, HistogramError::TooFar),
    ] {
        assert_eq!(Buckets::new(spans, vec![1.0; counts]).unwrap_err(), error);
    }
    for (bounds, error) in [
        (vec![1.0, 1.0], HistogramError::NotRising { bound: 1.0, next: 1.0 }),
        (vec![1.0, f64::INFINITY], HistogramError::NoBound(f64::INFINITY)),
    ] {
        assert_eq!(Bounds::new(bounds).unwrap_err(), error);
    }
    assert!(Bounds::new([f64::NEG_INFINITY, 0.0]).is_ok());
    // The last bucket has no bound of its own.
    let whole = Parts { schema: custom(&[1.0]), positive: buckets(0, &[1.0, 1.0]), ..Parts::default() };
    assert!(Histogram::new(whole).is_ok());
}

#[test]
fn empty_and_touching_spans_are_the_same_as_one() {
    let span = |offset, length| BucketSpan { offset, length };
    let counts = vec![1.0, 2.0, 3.0];
    let one = Buckets::new([span(-2, 2), span(3, 1)], counts.clone()).unwrap();
    let many = [span(-4, 0), span(2, 1), span(0, 1), span(1, 0), span(2, 1)];
    assert_eq!(Buckets::new(many, counts).unwrap(), one);
    assert_eq!(one.spans().collect::<Vec<_>>(), [span(-2, 2), span(3, 1)]);
    assert_eq!(one.iter().collect::<Vec<_>>(), [(-2, 1.0), (-1, 2.0), (3, 3.0)]);
    assert_eq!((one.first_index(), one.last_index()), (Some(-2), Some(3)));
}

#[test]
fn histograms_print_as_prometheus_prints_them() {
    for (text, shown) in [
        ("{{}}", "{count:0, sum:0}"),
        ("{{schema:0 sum:5 count:4 buckets:[1 2 1]}}", "{count:4, sum:5, (0.5,1]:1, (1,2]:2, (2,4]:1}"),
        (
            "{{sum:-1.5 count:1234567 z_bucket:2 z_bucket_w:0.001 n_offset:1 n_buckets:[1 0 2.5] buckets:[0 3]}}",
            "{count:1.234567e+06, sum:-1.5, [-8,-4):2.5, [-2,-1):1, [-0.001,0.001]:2, (1,2]:3}",
        ),
        (
            "{{schema:-53 count:3 sum:0.00001 custom_values:[-1 5] buckets:[1 1 1]}}",
            "{count:3, sum:1e-05, [-Inf,-1]:1, (-1,5]:1, (5,+Inf]:1}",
        ),
    ] {
        assert_eq!(read(text).to_string(), shown, "{text}");
    }
}

#[test]
fn buckets_come_in_order_and_end_at_the_zero_bucket() {
    let histogram = read("{{count:9 z_bucket:2 z_bucket_w:0.75 offset:-1 buckets:[1 2] n_buckets:[3 1]}}");
    let ends: Vec<_> = histogram.buckets().map(|b| (b.lower, b.upper, b.count)).collect();
    let upwards =
        [(-2.0, -1.0, 1.0), (-1.0, -0.75, 3.0), (-0.75, 0.75, 2.0), (0.75, 0.5, 1.0), (0.75, 1.0, 2.0)];
    assert_eq!(ends, upwards);
    let mut downwards: Vec<_> = histogram.buckets_downwards().map(|b| (b.lower, b.upper, b.count)).collect();
    downwards.reverse();
    assert_eq!(downwards, upwards);
}

#[test]
fn sums_are_told_in_what_both_can_be_told_in() {
    for (left, right, sum, bounds_differ) in [
        (
            "{{count:3 sum:1 buckets:[1 2]}}",
            "{{count:2 sum:4 offset:3 buckets:[2]}}",
            "{{count:5 sum:5 buckets:[1 2 0 2]}}",
            false,
        ),
        // The finer one is merged: buckets 1 and 2 of schema 1 are bucket 1 of schema 0.
        (
            "{{schema:1 count:7 buckets:[1 2 4]}}",
            "{{count:1 buckets:[0 1]}}",
            "{{count:8 buckets:[1 7]}}",
            false,
        ),
        (
            "{{count:1 buckets:[0 1]}}",
            "{{schema:1 count:7 buckets:[1 2 4]}}",
            "{{count:8 buckets:[1 7]}}",
            false,
        ),
        // The zero bucket is widened to 0.5, and then to the end of the bucket that counts something there.
        (
            "{{count:4 z_bucket:1 z_bucket_w:0.7 buckets:[0 3]}}",
            "{{count:7 z_bucket:1 z_bucket_w:0.01 offset:-2 buckets:[1 2 3]}}",
            "{{count:11 z_bucket:8 z_bucket_w:1 offset:1 buckets:[3]}}",
            false,
        ),
        (
            "{{count:6 n_offset:-2 n_buckets:[1 2 3]}}",
            "{{z_bucket:1 count:1 z_bucket_w:0.5}}",
            "{{count:7 z_bucket:4 z_bucket_w:0.5 n_buckets:[3]}}",
            false,
        ),
        (
            "{{schema:-53 count:3 custom_values:[1 2] buckets:[1 1 1]}}",
            "{{schema:-53 count:3 custom_values:[1 2] buckets:[1 2]}}",
            "{{schema:-53 count:6 custom_values:[1 2] buckets:[2 3 1]}}",
            false,
        ),
        (
            "{{schema:-53 count:6 custom_values:[1 2 3] buckets:[1 1 2 2]}}",
            "{{schema:-53 count:3 custom_values:[2 4] buckets:[1 1 1]}}",
            "{{schema:-53 count:9 custom_values:[2] buckets:[3 6]}}",
            true,
        ),
        (
            "{{schema:-53 count:1 custom_values:[1] buckets:[1]}}",
            "{{schema:-53 count:3 custom_values:[2 4] buckets:[1 1 1]}}",
            "{{schema:-53 count:4 custom_values:[] buckets:[4]}}",
            true,
        ),
    ] {
        let (mut added, right) = (read(left), read(right));
        let met = added.add(&right).unwrap();
        assert_eq!(
            (written(&added), met.bounds_differ),
            (written(&read(sum)), bounds_differ),
            "{left} + {right}"
        );
        let mut summed = Compensated::new(&read(left));
        assert_eq!(summed.add(&right).unwrap(), met);
        assert!(written(&summed.total()) == written(&added), "{left} + {right}");
    }
    let custom = read("{{schema:-53 custom_values:[1]}}");
    assert_eq!(read("{{}}").add(&custom), Err(MixedSchemas));
    assert_eq!(read("{{schema:-53 custom_values:[1]}}").subtract(&read("{{}}")), Err(MixedSchemas));
}

#[test]
fn a_zero_bucket_that_ends_within_a_coarser_bucket_counts_twice_as_in_prometheus() {
    let (coarse, fine) = (read("{{schema:-2 z_bucket_w:0.3}}"), read("{{count:1 offset:-3 buckets:[1]}}"));
    let (mut left, mut right) = (coarse.clone(), fine.clone());
    left.add(&fine).unwrap();
    right.add(&coarse).unwrap();
    assert_eq!(left.to_string(), "{count:1, sum:0, [-0.3,0.3]:1, (0.0625,1]:1}");
    assert_eq!(right.to_string(), "{count:1, sum:0, [-0.3,0.3]:1}");
}

#[test]
fn hints_of_sums_say_what_is_known_of_both() {
    use Hint::{Gauge, NotReset, Reset, Unknown};
    for (left, right, hint, hints_collide) in [
        (Unknown, Unknown, Unknown, false),
        (Reset, Reset, Reset, false),
        (NotReset, NotReset, NotReset, false),
        (Gauge, Reset, Gauge, false),
        (NotReset, Gauge, Gauge, false),
        (Unknown, Gauge, Gauge, false),
        (Unknown, Reset, Unknown, false),
        (NotReset, Unknown, Unknown, false),
        (Reset, NotReset, Unknown, true),
        (NotReset, Reset, Unknown, true),
    ] {
        let mut sum = read("{{}}").with_hint(left);
        let met = sum.add(&read("{{}}").with_hint(right)).unwrap();
        assert_eq!((sum.hint(), met.hints_collide), (hint, hints_collide), "{left:?} {right:?}");
    }
    let reset = read("{{count:1}}").with_hint(Reset);
    assert_eq!(reset.clone().negated().hint(), Gauge);
    let mut divided = reset;
    divided.divide(2.0);
    assert_eq!(divided.hint(), Reset);
    divided.divide(-2.0);
    assert_eq!(divided.hint(), Gauge);
}

#[test]
fn divided_by_zero_nothing_is_left_in_buckets() {
    let mut histogram = read("{{count:4 sum:0 z_bucket:1 buckets:[1 2]}}");
    histogram.divide(0.0);
    assert_eq!(histogram.to_string(), "{count:+Inf, sum:NaN, [-0,0]:+Inf}");
    assert!(histogram.overflows());
}

#[test]
fn compacted_histograms_keep_few_empty_buckets_between_others() {
    for (text, most, spans) in [
        ("{{buckets:[0 1 0 0 2 0]}}", 0, vec![(1, 1), (2, 1)]),
        ("{{buckets:[0 1 0 0 2 0]}}", 1, vec![(1, 1), (2, 1)]),
        ("{{buckets:[0 1 0 0 2 0]}}", 2, vec![(1, 4)]),
        ("{{buckets:[0 0]}}", 2, vec![]),
        ("{{offset:-3 buckets:[1 2]}}", 0, vec![(-3, 2)]),
    ] {
        let mut histogram = read(text);
        histogram.compact(most);
        let got: Vec<_> = histogram.parts().positive.spans().map(|span| (span.offset, span.length)).collect();
        assert_eq!(got, spans, "{text} {most}");
    }
    let span = |offset, length| BucketSpan { offset, length };
    let mut apart = Buckets::new([span(0, 1), span(2, 1)], vec![1.0, 1.0]).unwrap();
    apart.compact(2);
    assert_eq!(apart.counts(), [1.0, 0.0, 0.0, 1.0]);
}

#[test]
fn a_counter_that_fell_has_started_anew() {
    for (before, after, has_reset) in [
        ("{{count:3 buckets:[1 2]}}", "{{count:3 buckets:[1 2]}}", false),
        ("{{count:3 buckets:[1 2]}}", "{{count:2 buckets:[1 2]}}", true),
        ("{{count:3 buckets:[1 2]}}", "{{count:9 buckets:[1 1]}}", true),
        ("{{count:3 buckets:[1 2]}}", "{{count:9 buckets:[1]}}", true),
        ("{{count:3 buckets:[1 0]}}", "{{count:9 buckets:[1]}}", false),
        ("{{count:3 buckets:[1 2]}}", "{{count:9 buckets:[1]}}", true),
        ("{{count:3 buckets:[1 2]}}", "{{count:9 counter_reset_hint:not_reset}}", false),
        ("{{count:3}}", "{{count:9 counter_reset_hint:reset}}", true),
        ("{{count:3 buckets:[1 2]}}", "{{count:3 counter_reset_hint:gauge buckets:[1 1]}}", true),
        // Coarser is no reset, finer is one.
        ("{{schema:1 count:7 buckets:[1 2 4]}}", "{{count:7 buckets:[1 6]}}", false),
        ("{{schema:1 count:7 buckets:[1 2 4]}}", "{{count:9 buckets:[1 5]}}", true),
        ("{{count:7 buckets:[1 6]}}", "{{schema:1 count:7 buckets:[1 2 4]}}", true),
        // A wider zero bucket holds what lay there before.
        (
            "{{count:3 z_bucket:1 z_bucket_w:0.1 offset:-1 buckets:[2]}}",
            "{{count:3 z_bucket:3 z_bucket_w:0.5}}",
            false,
        ),
        (
            "{{count:3 z_bucket:1 z_bucket_w:0.1 offset:-1 buckets:[2]}}",
            "{{count:3 z_bucket:3 z_bucket_w:0.4}}",
            true,
        ),
        ("{{count:3 z_bucket:3 z_bucket_w:0.5}}", "{{count:3 z_bucket:3 z_bucket_w:0.1}}", true),
        ("{{count:3 z_bucket:3}}", "{{count:3 z_bucket:2}}", true),
        ("{{count:3 n_buckets:[3]}}", "{{count:3 n_buckets:[2 1]}}", true),
        ("{{count:3 buckets:[3]}}", "{{schema:-53 count:3 custom_values:[1] buckets:[3]}}", true),
        ("{{schema:-53 count:3 custom_values:[1] buckets:[3]}}", "{{count:3 buckets:[3]}}", true),
        (
            "{{schema:-53 count:3 custom_values:[1 2] buckets:[1 2]}}",
            "{{schema:-53 count:3 custom_values:[2 3] buckets:[3]}}",
            false,
        ),
        (
            "{{schema:-53 count:3 custom_values:[1 2] buckets:[1 2]}}",
            "{{schema:-53 count:3 custom_values:[2 3] buckets:[2 1]}}",
            true,
        ),
    ] {
        assert_eq!(read(after).has_reset_since(&read(before)), has_reset, "{before} then {after}");
    }
}

#[test]
fn equality_is_to_the_last_bit_and_knows_no_hints() {
    let one = "{{count:3 sum:1 z_bucket:1 buckets:[1 0 1]}}";
    for (other, is_same) in [
        (one, true),
        ("{{count:3 sum:1 z_bucket:1 buckets:[1 0 1] counter_reset_hint:gauge}}", true),
        ("{{count:3 sum:1 z_bucket:1 buckets:[1 0 1 0]}}", false),
        ("{{count:3 sum:1 z_bucket:1 z_bucket_w:0.1 buckets:[1 0 1]}}", false),
        ("{{count:3 sum:1.0000000000000002 z_bucket:1 buckets:[1 0 1]}}", false),
        ("{{schema:1 count:3 sum:1 z_bucket:1 buckets:[1 0 1]}}", false),
        ("{{count:3 sum:1 z_bucket:1 n_buckets:[1 0 1]}}", false),
    ] {
        assert_eq!(read(one).same_as(&read(other)), is_same, "{other}");
    }
    assert!(read("{{sum:NaN}}").same_as(&read("{{sum:NaN}}")));
}

#[test]
fn trims_keep_what_lies_on_their_side() {
    for (text, at, below, above) in [
        // 3 of bucket (1,4] lie above 2, as many below: the root of the bounds is 2.
        (
            "{{schema:-1 count:8 sum:20 buckets:[2 6]}}",
            2.0,
            "{{schema:-1 count:5 sum:5.242640687119286 buckets:[2 3]}}",
            "{{schema:-1 count:3 sum:8.485281374238571 offset:1 buckets:[3]}}",
        ),
        ("{{count:8 sum:20 buckets:[2 6]}}", 5.0, "{{count:8 sum:20 buckets:[2 6]}}", "{{}}"),
        ("{{count:8 sum:20 buckets:[2 6]}}", 0.0, "{{}}", "{{count:8 sum:20 buckets:[2 6]}}"),
        (
            "{{count:4 sum:20 z_bucket:4 z_bucket_w:0.5}}",
            0.25,
            "{{count:3 sum:-0.375 z_bucket:3 z_bucket_w:0.5}}",
            "{{count:1 sum:0.375 z_bucket:1 z_bucket_w:0.5}}",
        ),
        // Only what is positive is there, so the zero bucket reaches down to 0 alone.
        (
            "{{count:5 z_bucket:4 z_bucket_w:0.5 offset:2 buckets:[1]}}",
            0.25,
            "{{count:2 sum:0.25 z_bucket:2 z_bucket_w:0.5}}",
            "{{count:3 sum:3.5784271247461903 z_bucket:2 z_bucket_w:0.5 offset:2 buckets:[1]}}",
        ),
        (
            "{{schema:-53 count:6 custom_values:[5 10] buckets:[1 4 1]}}",
            7.5,
            "{{schema:-53 count:3 sum:15 custom_values:[5 10] buckets:[1 2]}}",
            "{{schema:-53 count:3 sum:27.5 custom_values:[5 10] offset:1 buckets:[2 1]}}",
        ),
        (
            "{{schema:-53 count:6 custom_values:[5 10] buckets:[2 4]}}",
            2.5,
            "{{schema:-53 count:1 sum:1.25 custom_values:[5 10] buckets:[1]}}",
            "{{schema:-53 count:5 sum:33.75 custom_values:[5 10] buckets:[1 4]}}",
        ),
        (
            "{{schema:-53 count:6 custom_values:[-5] buckets:[2 4]}}",
            -7.0,
            "{{schema:-53 count:2 sum:-14 custom_values:[-5] buckets:[2]}}",
            "{{schema:-53 count:4 sum:-20 custom_values:[-5] offset:1 buckets:[4]}}",
        ),
    ] {
        let histogram = read(text);
        for (got, wanted) in [(histogram.below(at), below), (histogram.above(at), above)] {
            let (got, wanted) = (got.parts(), read(wanted));
            assert!(is_near(got.sum, wanted.sum()), "{text} {at}: sum {}", got.sum);
            let wanted = Parts {
                sum: got.sum,
                hint: got.hint,
                zero_threshold: got.zero_threshold,
                ..wanted.into_parts()
            };
            assert_eq!(got, &wanted, "{text} {at}");
        }
    }
}

#[test]
fn quantiles_lie_where_their_buckets_say() {
    use NanObservations::{Harmless, Hit, Skewed};
    for (text, share, value, nan) in [
        ("{{count:4 buckets:[0 4]}}", 0.5, std::f64::consts::SQRT_2, Harmless),
        ("{{count:4 buckets:[0 4]}}", 0.0, 1.0, Harmless),
        ("{{count:4 buckets:[0 4]}}", 1.0, 2.0, Harmless),
        ("{{count:4 n_buckets:[0 4]}}", 0.5, -std::f64::consts::SQRT_2, Harmless),
        ("{{count:4 z_bucket:4 z_bucket_w:1}}", 0.75, 0.5, Harmless),
        ("{{count:8 z_bucket:4 z_bucket_w:1 offset:2 buckets:[4]}}", 0.25, 0.5, Harmless),
        ("{{count:8 z_bucket:4 z_bucket_w:1 n_offset:2 n_buckets:[4]}}", 0.75, -0.5, Harmless),
        ("{{schema:-53 count:4 custom_values:[5 10] buckets:[0 4]}}", 0.5, 7.5, Harmless),
        ("{{schema:-53 count:4 custom_values:[5 10] buckets:[4]}}", 0.5, 2.5, Harmless),
        ("{{schema:-53 count:4 custom_values:[-5 10] buckets:[4]}}", 0.5, -5.0, Harmless),
        ("{{schema:-53 count:4 custom_values:[5 10] buckets:[0 0 4]}}", 0.5, 10.0, Harmless),
        ("{{count:4 buckets:[4]}}", -0.1, f64::NEG_INFINITY, Harmless),
        ("{{count:4 buckets:[4]}}", 1.1, f64::INFINITY, Harmless),
        ("{{count:4 buckets:[4]}}", f64::NAN, f64::NAN, Harmless),
        ("{{}}", 0.5, f64::NAN, Harmless),
        ("{{count:8 sum:NaN buckets:[0 4]}}", 0.25, std::f64::consts::SQRT_2, Skewed),
        ("{{count:8 sum:NaN buckets:[0 4]}}", 0.75, f64::NAN, Hit),
        ("{{count:4 sum:NaN buckets:[0 4]}}", 0.5, std::f64::consts::SQRT_2, Harmless),
    ] {
        let got = read(text).quantile(share);
        assert!(is_near(got.value, value) && got.nan == nan, "{text} {share}: {got:?}");
    }
}

#[test]
fn shares_between_two_values_follow_the_buckets() {
    let inf = f64::INFINITY;
    for (text, lower, upper, value, has_nan) in [
        ("{{count:4 buckets:[0 4]}}", 1.0, 2.0, 1.0, false),
        ("{{count:4 buckets:[0 4]}}", 1.0, std::f64::consts::SQRT_2, 0.5, false),
        ("{{count:4 n_buckets:[0 4]}}", -std::f64::consts::SQRT_2, 0.0, 0.5, false),
        ("{{count:4 z_bucket:4 z_bucket_w:1}}", 0.0, 0.5, 0.25, false),
        ("{{count:4 z_bucket:4 z_bucket_w:1}}", -inf, inf, 1.0, false),
        ("{{schema:-53 count:4 custom_values:[5 10] buckets:[0 4]}}", 5.0, 6.25, 0.25, false),
        ("{{count:4 buckets:[0 4]}}", 2.0, 1.0, 0.0, false),
        ("{{count:4 buckets:[0 4]}}", f64::NAN, 1.0, f64::NAN, false),
        ("{{}}", 0.0, 1.0, f64::NAN, false),
        ("{{count:8 sum:NaN buckets:[0 4]}}", -inf, inf, 0.5, true),
    ] {
        let got = read(text).fraction(lower, upper);
        assert!(is_near(got.value, value) && got.has_nan == has_nan, "{text} {lower} {upper}: {got:?}");
    }
}

#[test]
fn variance_takes_values_to_lie_in_the_middle() {
    for (text, mean, variance) in [
        ("{{count:4 sum:8 buckets:[0 4]}}", 2.0, 0.343_145_750_507_619_5),
        ("{{count:2 sum:0 z_bucket:2 z_bucket_w:1}}", 0.0, 0.0),
        ("{{schema:-53 count:2 sum:14 custom_values:[5 10] buckets:[0 2]}}", 7.0, 0.25),
        ("{{count:4 sum:-8 n_buckets:[0 4]}}", -2.0, 0.343_145_750_507_619_5),
    ] {
        let histogram = read(text);
        assert!(is_near(histogram.mean(), mean), "{text}");
        assert!(is_near(histogram.variance(), variance), "{text}: {}", histogram.variance());
        assert!(is_near(histogram.deviation(), variance.sqrt()), "{text}");
    }
}

#[test]
fn classic_series_make_custom_buckets() {
    let inf = f64::INFINITY;
    for (buckets, count, text) in [
        (
            vec![(1.0, 2.0), (5.0, 3.0), (inf, 4.0)],
            Some(4.0),
            "{{schema:-53 count:4 sum:9 custom_values:[1 5] buckets:[2 1 1]}}",
        ),
        (
            vec![(5.0, 3.0), (1.0, 2.0), (1.0, 7.0)],
            Some(4.0),
            "{{schema:-53 count:4 sum:9 custom_values:[1 5] buckets:[2 1 1]}}",
        ),
        (vec![(1.0, 2.0)], None, "{{schema:-53 count:2 sum:9 custom_values:[1] buckets:[2]}}"),
        (vec![], Some(2.0), "{{schema:-53 count:2 sum:9 custom_values:[] buckets:[2]}}"),
        (
            vec![(1.0, 0.5), (2.0, 0.5), (inf, 1.5)],
            Some(1.5),
            "{{schema:-53 count:1.5 sum:9 custom_values:[1 2] buckets:[0.5 0 1]}}",
        ),
    ] {
        let got = from_classic(buckets.clone(), count, 9.0).unwrap();
        assert_eq!(written(&got), written(&read(text)), "{buckets:?}");
    }
    let whole = from_classic([(1.0, 1.0), (2.0, 1.0), (3.0, 2.0)], None, 0.0).unwrap();
    assert_eq!(whole.parts().positive.counts(), [1.0, 0.0, 1.0]);
    for (buckets, count, error) in [
        (
            vec![(1.0, 2.0), (2.0, 1.0)],
            None,
            ClassicError::NotCumulative { bound: 2.0, count: 1.0, before: 2.0 },
        ),
        (vec![(1.0, 2.0), (inf, 3.0)], Some(4.0), ClassicError::CountMismatch { count: 4.0, last: 3.0 }),
        (vec![(1.0, -2.0)], None, ClassicError::NegativeBucket { bound: 1.0, count: -2.0 }),
        (vec![], Some(-1.0), ClassicError::NegativeCount(-1.0)),
        (vec![(f64::NAN, 1.0)], None, ClassicError::NanBound),
    ] {
        assert_eq!(from_classic(buckets, count, 0.0).unwrap_err(), error);
    }
}

#[test]
fn many_small_counts_are_not_lost_beside_a_large_one() {
    let mut sum = Compensated::new(&read("{{count:1e16 sum:1e16 z_bucket:1e16 buckets:[1e16]}}"));
    let one = read("{{count:1 sum:1 z_bucket:1 buckets:[1]}}");
    for _ in 0..10 {
        sum.add(&one).unwrap();
    }
    let expected = "{count:1.000000000000001e+16, sum:1.000000000000001e+16, [-0,0]:1.000000000000001e+16, (0.5,1]:1.000000000000001e+16}";
    assert_eq!(sum.total().to_string(), expected);
    sum.divide(2.0);
    sum.multiply(2.0);
    assert_eq!(sum.total().to_string(), expected);
    assert!(!sum.rounded().overflows());
}

#[test]
fn sizes_are_those_that_limits_are_told_in() {
    for (text, samples) in
        [("{{}}", 11), ("{{buckets:[1 1 1]}}", 13), ("{{schema:-53 custom_values:[1 2]}}", 12)]
    {
        assert_eq!(read(text).samples(), samples, "{text}");
    }
}

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
