//! Checks on quantiles: what is counted above the borders of buckets, from the choice of them to the verdict.

use backstop::gate::{
    Asked, Before, Border, Bound, CheckTerms, Counted, Counts, Design, Found, Histogram, Look, Opening, Part,
    Proof, Shortfall, Shows, Strand, Tally, Trial, Verdict,
};
use backstop::unit::UnixMillis;

use crate::chance::Chance;
use crate::{Arm, Gap, check, terms};

/// The bounds that OpenTelemetry gives a histogram, in seconds.
const OTEL: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Twentyfold buckets between a tenth of a second and ten.
fn fine() -> Vec<f64> {
    (0..=100).map(|step| 0.1 * libm::pow(1.05, f64::from(step))).collect()
}

/// How many of so many requests take longer, where their median is 80 ms, or so many times that, and one in a hundred
/// takes longer than 514 ms: a lognormal.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "counts"
)]
fn above(bound: f64, of: u64, times: f64) -> u64 {
    let away = (libm::log(bound) - libm::log(0.08 * times)) / 0.8;
    (of as f64 * 0.5 * libm::erfc(away / std::f64::consts::SQRT_2)).round() as u64
}

fn p99(fails: &[Bound], passes: &[Bound]) -> CheckTerms {
    CheckTerms {
        asked: Asked::Quantile { q: 0.99 },
        fails: fails.to_vec(),
        passes: if passes.is_empty() { Proof::Never } else { Proof::Within(passes.to_vec()) },
        ..check("p99")
    }
}

/// A release whose requests take so many times as long, with as many on either side, look by look until it is decided.
fn release(design: Design, check: CheckTerms, bounds: &[f64], times: f64) -> Trial {
    let of = 2_000;
    let histogram =
        Histogram::new(120 * of, bounds.iter().map(|bound| (*bound, 120 * (of - above(*bound, of, 1.0)))));
    let borders = histogram.shifts(0.99, &check).unwrap();
    let tally = |bound: f64, times: f64| match bound {
        _ if bound == f64::INFINITY => Tally { events: 0, of },
        _ if bound == f64::NEG_INFINITY => Tally { events: of, of },
        _ => Tally { events: above(bound, of, times), of },
    };
    let groups = |border: &Border| match design {
        Design::Concurrent => {
            let Tally { events, of } = tally(border.old, 1.0);
            // In two pods, which never differ by more than one.
            vec![
                Tally { events: events / 2, of: of / 2 },
                Tally { events: events - events / 2, of: of - of / 2 },
            ]
        }
        Design::AfterBefore | Design::AfterShort => vec![tally(border.old, 1.0)],
    };
    let strand = |border: &Border| Strand {
        part: Part { slice: None, border: Some(*border) },
        rows: vec![groups(border); 480],
    };
    let before = Before { strands: borders.iter().map(strand).collect(), ..Before::default() };
    let counted = |border: &Border| Counted {
        new: tally(border.new, times),
        old: if design == Design::Concurrent { groups(border) } else { Vec::new() },
    };
    let found = Found::Counts(Counts {
        strands: borders.iter().map(counted).collect(),
        aside: Vec::new(),
        merged: None,
        mixes: Vec::new(),
    });
    let mut trial = Trial::open(terms(design, 60, vec![check]), &Opening { checks: vec![before] });
    for number in 1..=60 {
        let at = UnixMillis::new(number * 30_000);
        if !matches!(trial.look(&Look { at, found: vec![found.clone()] }).verdict, Verdict::Inconclusive(_)) {
            break;
        }
    }
    trial
}

fn word(trial: &Trial) -> String {
    match trial.standing().verdict {
        Verdict::Pass(_) => "pass".to_owned(),
        Verdict::Fail(_) => "fail".to_owned(),
        Verdict::Inconclusive(Shortfall::Saturated { at, .. }) => format!("lacks a bucket at {at}"),
        Verdict::Inconclusive(_) => "inconclusive".to_owned(),
    }
}

/// What fails and what passes, on which buckets, how many times as long it takes, and what comes of it.
type Row<'a> = (&'a [Bound], &'a [Bound], &'a [f64], f64, &'a str);

/// What a quantile of a release comes to, and on which buckets.
#[test]
fn a_quantile_is_judged_as_finely_as_its_buckets() {
    use Bound::{Difference, Ratio, Value};
    let fine = fine();
    let rows: &[Row<'_>] = &[
        // Buckets at 0.5 and 0.75: 20 % is tested as 50 %.
        (&[Ratio(1.2)], &[], &OTEL, 1.0, "inconclusive"),
        (&[Ratio(1.2)], &[], &OTEL, 1.2, "inconclusive"),
        (&[Ratio(1.2)], &[], &OTEL, 1.4, "inconclusive"),
        (&[Ratio(1.2)], &[], &OTEL, 2.0, "fail"),
        // Buckets that are fine enough.
        (&[Ratio(1.2)], &[Ratio(1.2)], &fine, 1.0, "pass"),
        (&[Ratio(1.2)], &[], &fine, 1.0, "inconclusive"),
        (&[Ratio(1.2)], &[], &fine, 1.2, "inconclusive"),
        (&[Ratio(1.2)], &[], &fine, 1.5, "fail"),
        // A pass is proved between two buckets, and on one bucket never.
        (&[Ratio(1.2)], &[Ratio(2.0)], &OTEL, 1.0, "pass"),
        (&[Ratio(1.2)], &[Ratio(2.0)], &OTEL, 2.1, "fail"),
        (&[Ratio(1.2)], &[Ratio(1.2)], &OTEL, 1.0, "inconclusive"),
        // Times.
        (&[Difference(0.1)], &[], &fine, 1.0, "inconclusive"),
        (&[Difference(0.1)], &[], &fine, 1.5, "fail"),
        (&[Value(0.75)], &[Value(0.75)], &OTEL, 1.0, "pass"),
        (&[Value(0.75)], &[Value(0.75)], &OTEL, 2.0, "fail"),
        (&[Value(0.75)], &[Value(0.75)], &OTEL, 1.46, "inconclusive"),
        // All of several have to be broken, and to be kept.
        (&[Ratio(1.2), Value(0.75)], &[], &fine, 1.3, "inconclusive"),
        (&[Ratio(1.2), Value(0.75)], &[], &fine, 2.0, "fail"),
        (&[Ratio(1.2)], &[Ratio(2.0), Value(0.5)], &OTEL, 1.0, "inconclusive"),
        (&[Ratio(1.2)], &[Ratio(2.0), Value(0.75)], &OTEL, 1.0, "pass"),
        // No bucket reaches.
        (&[Ratio(1.2)], &[Ratio(2.0)], &OTEL[..8], 3.0, "lacks a bucket at 0.6"),
        (&[Ratio(1.2)], &[Ratio(2.0)], &OTEL[..7], 0.1, "lacks a bucket at 0.3"),
        (&[Value(20.0)], &[Value(20.0)], &OTEL, 0.1, "lacks a bucket at 20"),
    ];
    for design in [Design::Concurrent, Design::AfterBefore] {
        for (fails, passes, bounds, times, expected) in rows {
            let trial = release(design, p99(fails, passes), bounds, *times);
            let what = format!("{design:?} {fails:?} {passes:?}, {times} times");
            assert_eq!(word(&trial), *expected, "{what}: {:?}", trial.account(0));
        }
    }
}

/// Nothing above the border on either side proves nothing: a quantile of zero is no proof of speed.
#[test]
fn none_above_a_border_proves_nothing() {
    let border = |shows| Border { new: 0.75, old: 0.5, shows };
    let parts = [border(Shows::Harm), border(Shows::Proof)];
    let none = Tally { events: 0, of: 5_000 };
    let strand =
        |border| Strand { part: Part { slice: None, border: Some(border) }, rows: vec![vec![none]; 480] };
    let opening =
        Opening { checks: vec![Before { strands: parts.map(strand).to_vec(), ..Before::default() }] };
    let check = p99(&[Bound::Ratio(1.2)], &[Bound::Ratio(2.0)]);
    let mut trial = Trial::open(terms(Design::Concurrent, 60, vec![check]), &opening);
    for number in 1..=60 {
        let counted = Counted { new: none, old: vec![none] };
        let found = Found::Counts(Counts {
            strands: vec![counted; 2],
            aside: Vec::new(),
            merged: None,
            mixes: Vec::new(),
        });
        trial.look(&Look { at: UnixMillis::new(number * 30_000), found: vec![found] });
    }
    assert_eq!(word(&trial), "inconclusive");
}

/// What was not known before the first look is not made up for after it.
#[test]
fn without_a_history_nothing_is_judged() {
    let gap = Found::Missing(Gap::NoHistory);
    let check = p99(&[Bound::Ratio(1.2)], &[Bound::Ratio(2.0)]);
    let mut trial = Trial::open(terms(Design::Concurrent, 60, vec![check]), &Opening::default());
    let standing = trial.look(&Look { at: UnixMillis::new(30_000), found: vec![gap] });
    assert!(matches!(
        standing.verdict,
        Verdict::Inconclusive(Shortfall::Missing { check: 0, gap: Gap::NoHistory })
    ));
    let lost = Found::Missing(Gap::NoBucket(Arm::New));
    let standing = trial.look(&Look { at: UnixMillis::new(60_000), found: vec![lost] });
    assert!(matches!(standing.verdict, Verdict::Inconclusive(Shortfall::Missing { .. })));
}

/// How long a doubling above the border takes is known before the first look, and how long a pass takes from what was
/// seen.
#[test]
fn capacity_is_about_what_lies_above_the_border() {
    let trial = release(Design::Concurrent, p99(&[Bound::Ratio(1.2)], &[Bound::Ratio(2.0)]), &OTEL, 1.1);
    let capacity = trial.capacity(0).unwrap();
    assert!(capacity.to_prove_a_doubling.is_some_and(|looks| looks < 20.0), "{capacity:?}");
    assert!(capacity.to_pass.is_some_and(|looks| looks < 20.0), "{capacity:?}");
    let fixed = release(Design::Concurrent, p99(&[Bound::Value(0.75)], &[]), &OTEL, 1.46);
    let capacity = fixed.capacity(0).unwrap();
    assert!(capacity.to_prove_a_doubling.is_some_and(|looks| looks < 20.0), "{capacity:?}");
    assert_eq!(capacity.to_pass, None);
}

/// A release that is watched for an hour by its share of slow requests: so many requests a look, each so many times as
/// long, beside nineteen times as many that are as before. When it failed.
fn slow(chance: &mut Chance, of: u32, times: f64) -> Option<u32> {
    let share = |bound: f64, times: f64| {
        let away = (libm::log(bound) - libm::log(0.08 * times)) / 0.8;
        0.5 * libm::erfc(away / std::f64::consts::SQRT_2)
    };
    // Above the higher of two bounds, and then above the lower one too.
    let side = |chance: &mut Chance, of: u32, times: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
        let mut events = |share: f64| chance.events(f64::from(of) * share) as u64;
        let of = u64::from(of);
        let (most, more) = (share(0.5, times), share(0.25, times));
        let high = events(most).min(of);
        let low = high.saturating_add(events(more - most)).min(of);
        [Tally { events: low, of }, Tally { events: high, of }]
    };
    let pods = |chance: &mut Chance| -> [Vec<Tally>; 2] {
        let pods: Vec<[Tally; 2]> = (0..4).map(|_| side(chance, of * 19 / 4, 1.0)).collect();
        [0, 1].map(|bound| pods.iter().map(|pod| pod[bound]).collect())
    };
    let history: Vec<[Vec<Tally>; 2]> = (0..120).map(|_| pods(chance)).collect();
    let strand = |(nth, bound): (usize, f64)| Strand {
        part: Part { slice: None, border: Some(Border { new: bound, old: bound, shows: Shows::Both }) },
        rows: history.iter().map(|row| row[nth].clone()).collect(),
    };
    let strands = [0.25, 0.5].into_iter().enumerate().map(strand).collect();
    let check = CheckTerms { fails: vec![Bound::Ratio(1.0)], passes: Proof::Never, ..check("slow") };
    let opening = Opening { checks: vec![Before { strands, ..Before::default() }] };
    let mut trial = Trial::open(terms(Design::Concurrent, 120, vec![check]), &opening);
    (1..=120_u32).find(|number| {
        let (new, old) = (side(chance, of, times), pods(chance));
        let strands = new.into_iter().zip(old).map(|(new, old)| Counted { new, old }).collect();
        let found =
            vec![Found::Counts(Counts { strands, aside: Vec::new(), merged: None, mixes: Vec::new() })];
        let look = Look { at: UnixMillis::new(30_000 * i64::from(*number)), found };
        matches!(trial.look(&look).verdict, Verdict::Fail(_))
    })
}

/// At one request a second and at ten: as fast as stable it is let be, and what is slower is found within minutes.
#[test]
fn slow_releases_are_found_and_others_let_be() {
    let mut chance = Chance(23);
    for of in [30, 300] {
        let failed = (0..300).filter(|_| slow(&mut chance, of, 1.0).is_some()).count();
        assert!(failed <= 15, "{failed} of 300 failed at {of} a look");
    }
    for (of, times, within) in [(30, 1.5, 6), (300, 1.2, 6), (300, 1.5, 2)] {
        let mut looks: Vec<u32> =
            (0..100).map(|_| slow(&mut chance, of, times).unwrap_or(u32::MAX)).collect();
        looks.sort_unstable();
        assert!(looks[50] <= within, "{} looks at {of} a look, {times} times as long", looks[50]);
    }
}
