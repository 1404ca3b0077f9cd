use super::*;
use crate::gate::terms::{Asked, Judged};

/// The bounds that OpenTelemetry gives a histogram of seconds.
const OTEL: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// A thousand observations of which so many lie above each of some bounds, and none above the others.
fn histogram(bounds: &[f64], above: &[(f64, u64)]) -> Histogram {
    let under = |bound: f64| {
        let known = above.iter().rfind(|(known, _)| *known <= bound);
        let next = above.iter().find(|(known, _)| bound <= *known);
        match (known, next) {
            (_, Some((at, above))) if (at - bound).abs() < f64::EPSILON => 1_000 - above,
            (Some((_, above)), Some(_)) => 1_000 - above,
            (None, Some(_)) => 0,
            (_, None) => 1_000 - above.last().map_or(0, |(_, above)| *above),
        }
    };
    Histogram::new(1_000, bounds.iter().map(|bound| (*bound, under(*bound))))
}

fn check(worse: Worse, fails: &[Bound], passes: &[Bound]) -> CheckTerms {
    CheckTerms {
        name: "p99".parse().unwrap(),
        asked: Asked::Quantile { q: 0.99 },
        judged: Judged::Yes,
        weight: 1.0,
        worse,
        fails: fails.to_vec(),
        passes: if passes.is_empty() { Proof::Never } else { Proof::Within(passes.to_vec()) },
        at_least: 0,
        critical: false,
        because: None,
        question: None,
    }
}

fn words(borders: Option<Vec<Border>>) -> Vec<String> {
    let Some(borders) = borders else { return vec!["none".to_owned()] };
    let word = |border: &Border| {
        let shows = format!("{:?}", border.shows).to_lowercase();
        match border.lacks() {
            Some(at) if border.new > 0.0 => format!("{shows}: lacks {at} or more"),
            Some(at) => format!("{shows}: lacks {at} or less"),
            None => format!("{shows}: {} against {}", border.new, border.old),
        }
    };
    borders.iter().map(word).collect()
}

/// What it is about, of which histogram, which way is worse, what fails and what passes, and the borders of that.
type Row<'a> = (&'static str, &'a Histogram, Worse, &'a [Bound], &'a [Bound], &'a [&'a str]);

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn bounds_on_a_quantile_become_pairs_of_buckets() {
    use Bound::{Difference, Ratio, Value};
    use Worse::{Higher, Lower};
    // Of a thousand, nine lie above 0.5: the 99th percentile is just below it.
    let usual = histogram(&OTEL, &[(0.1, 300), (0.25, 100), (0.5, 9), (0.75, 2), (1.0, 0)]);
    let fine = histogram(
        &[0.1, 0.25, 0.35, 0.42, 0.5, 0.6, 0.75],
        &[(0.1, 300), (0.25, 100), (0.35, 10), (0.42, 4), (0.5, 0)],
    );
    let beyond_last = histogram(&OTEL, &[(0.1, 900), (10.0, 11)]);
    let at_the_last = histogram(&OTEL, &[(0.1, 900), (7.5, 100), (10.0, 9)]);
    let in_the_first = histogram(&OTEL, &[(0.005, 0)]);
    let rows: &[Row<'_>] = &[
        (
            "the next bucket is half as much again",
            &usual,
            Higher,
            &[Ratio(1.2)],
            &[],
            &["harm: 0.75 against 0.5"],
        ),
        ("just as far as it", &usual, Higher, &[Ratio(1.5)], &[], &["harm: 0.75 against 0.5"]),
        ("further than it", &usual, Higher, &[Ratio(1.51)], &[], &["harm: 1 against 0.5"]),
        ("none at all is the same bucket", &usual, Higher, &[Ratio(1.0)], &[], &["harm: 0.5 against 0.5"]),
        (
            "a pass rounds the other way",
            &usual,
            Higher,
            &[Ratio(1.2)],
            &[Ratio(1.2), Ratio(2.0), Ratio(1.9)],
            &[
                "harm: 0.75 against 0.5",
                "proof: 0.5 against 0.5",
                "proof: 1 against 0.5",
                "proof: 0.75 against 0.5",
            ],
        ),
        (
            "a time more",
            &usual,
            Higher,
            &[Difference(0.25), Difference(0.3)],
            &[Difference(0.3)],
            &["harm: 0.75 against 0.5", "harm: 1 against 0.5", "proof: 0.75 against 0.5"],
        ),
        (
            "a time alone is held on both sides",
            &usual,
            Higher,
            &[Value(0.5), Value(0.6)],
            &[Value(0.6), Value(0.5)],
            &[
                "harm: 0.5 against 0.5",
                "harm: 0.75 against 0.75",
                "proof: 0.5 against 0.5",
                "proof: 0.5 against 0.5",
            ],
        ),
        (
            "as good as a bucket",
            &fine,
            Higher,
            &[Ratio(1.2)],
            &[Ratio(1.2)],
            &["harm: 0.42 against 0.35", "proof: 0.42 against 0.35"],
        ),
        (
            "less is worse",
            &usual,
            Lower,
            &[Ratio(0.5), Ratio(0.4), Difference(0.1)],
            &[Ratio(0.4)],
            &[
                "harm: 0.25 against 0.5",
                "harm: 0.1 against 0.5",
                "harm: 0.25 against 0.5",
                "proof: 0.25 against 0.5",
            ],
        ),
        (
            "no bucket far enough",
            &at_the_last,
            Higher,
            &[Ratio(1.2)],
            &[Ratio(1.2)],
            &["harm: lacks 12 or more", "proof: 10 against 10"],
        ),
        (
            "above all buckets",
            &beyond_last,
            Higher,
            &[Ratio(1.2), Difference(0.5)],
            &[Ratio(2.0)],
            &["harm: lacks 12 or more", "harm: lacks 10.5 or more", "proof: lacks 20 or less"],
        ),
        (
            "a time alone beyond all buckets",
            &usual,
            Higher,
            &[Value(30.0)],
            &[Value(30.0), Value(0.001)],
            &["harm: lacks 30 or more", "proof: 10 against 10", "proof: lacks 0.001 or less"],
        ),
        ("all in the first bucket", &in_the_first, Higher, &[Ratio(1.2)], &[], &["harm: 0.01 against 0.005"]),
        ("no traffic", &Histogram::new(0, [(0.5, 0), (1.0, 0)]), Higher, &[Ratio(1.2)], &[], &["none"]),
        (
            "no traffic, for a time alone",
            &Histogram::new(0, [(0.5, 0), (1.0, 0)]),
            Higher,
            &[Value(0.7)],
            &[],
            &["harm: 1 against 1"],
        ),
        ("no bucket but the infinite one", &Histogram::new(9, []), Higher, &[Value(0.7)], &[], &["none"]),
    ];
    for (what, histogram, worse, fails, passes, expected) in rows {
        let found = words(histogram.shifts(0.99, &check(*worse, fails, passes)));
        assert_eq!(found, *expected, "{what}");
    }
}

#[test]
fn a_quantile_is_nearest_to_a_bucket() {
    // Ten of a thousand lie above the 99th percentile, so this many above the bucket below it decide on its place.
    for (above, expected) in [
        ([100, 11, 0], "harm: 0.75 against 0.5"),
        ([100, 20, 0], "harm: 0.75 against 0.5"),
        ([100, 19, 0], "harm: 0.75 against 0.5"),
        ([100, 21, 0], "harm: 1 against 0.75"),
        ([10, 0, 0], "harm: 0.5 against 0.25"),
        ([11, 0, 0], "harm: 0.5 against 0.25"),
    ] {
        let under = [0.25, 0.5, 0.75].into_iter().zip(above).map(|(bound, above)| (bound, 1_000 - above));
        let histogram = Histogram::new(1_000, under.chain([(1.0, 1_000)]));
        let found = words(histogram.shifts(0.99, &check(Worse::Higher, &[Bound::Ratio(1.2)], &[])));
        assert_eq!(found, [expected], "{above:?}");
    }
}

#[test]
fn shares_of_slow_ones_are_counted_above_one_bucket_on_both_sides() {
    let usual = histogram(&OTEL, &[(0.05, 600), (0.1, 300), (0.25, 80), (0.5, 9), (0.75, 2), (1.0, 0)]);
    let steep = histogram(&[0.1, 1.0], &[(0.1, 30), (1.0, 0)]);
    let rows: &[(&str, &Histogram, &[f64], &[&str])] = &[
        ("a tenth and a hundredth", &usual, &[], &["both: 0.25 against 0.25", "both: 0.5 against 0.5"]),
        ("one bucket is both", &steep, &[], &["both: 0.1 against 0.1"]),
        (
            "all below the first",
            &Histogram::new(1_000, [(0.1, 1_000), (1.0, 1_000)]),
            &[],
            &["both: 0.1 against 0.1"],
        ),
        (
            "most above the last",
            &Histogram::new(1_000, [(0.1, 0), (1.0, 400)]),
            &[],
            &["harm: lacks 2 or more"],
        ),
        ("no traffic", &Histogram::new(0, [(0.1, 0)]), &[], &["none"]),
        ("no buckets", &Histogram::new(1_000, []), &[], &["none"]),
        ("a bucket by name", &usual, &[0.5], &["both: 0.5 against 0.5"]),
        ("two", &usual, &[0.5, 2.5], &["both: 0.5 against 0.5", "both: 2.5 against 2.5"]),
        ("between two buckets", &usual, &[0.6], &["harm: 0.75 against 0.75", "proof: 0.5 against 0.5"]),
        ("beyond the last", &usual, &[30.0], &["harm: lacks 30 or more", "proof: 10 against 10"]),
        ("below the first", &usual, &[0.001], &["harm: 0.005 against 0.005", "proof: lacks 0.001 or less"]),
    ];
    for (what, histogram, over, expected) in rows {
        assert_eq!(words(histogram.slow(over)), *expected, "{what}");
    }
}

/// Scrapes of two counters are a moment apart, and instances may have other buckets: neither leads to nonsense.
#[test]
fn a_histogram_rises() {
    let ragged = Histogram::new(100, [(2.0, 95), (0.5, 80), (1.0, 60), (f64::INFINITY, 100), (5.0, 130)]);
    assert_eq!(ragged.buckets, [(0.5, 80), (1.0, 80), (2.0, 95), (5.0, 100)]);
}
