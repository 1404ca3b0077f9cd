//! Histograms that are added up, divided, and that start anew.

use crate::signal::histogram::tests::{read, written};
use crate::signal::histogram::*;

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
