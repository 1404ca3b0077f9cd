//! Worked cases, and laws over histograms of every kind.

mod laws;
mod sums;
mod told;

use crate::signal::histogram::*;
use crate::signal::{Notated, WrittenValue, written_values};

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
fn sizes_are_those_that_limits_are_told_in() {
    for (text, samples) in
        [("{{}}", 11), ("{{buckets:[1 1 1]}}", 13), ("{{schema:-53 custom_values:[1 2]}}", 12)]
    {
        assert_eq!(read(text).samples(), samples, "{text}");
    }
}
