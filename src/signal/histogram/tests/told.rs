//! What histograms tell: parts of them, quantiles, shares and variances.

use crate::signal::histogram::tests::{is_near, read, written};
use crate::signal::histogram::*;

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
