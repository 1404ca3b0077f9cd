//! Measures: levels that are held against each other at every look.

use backstop::gate::{
    Asked, Before, Bound, CheckTerms, Design, Found, Gap, Levels, Look, Opening, Proof, Shortfall, Terms,
    Trial, Verdict, Worse,
};
use backstop::unit::UnixMillis;
use proptest::prelude::*;

use crate::chance::Chance;
use crate::{check, harm, terms};

/// An order is worth less: by more than a tenth it is harm, and by less than a fifth it may pass.
fn revenue() -> CheckTerms {
    CheckTerms {
        asked: Asked::Level,
        worse: Worse::Lower,
        fails: vec![Bound::Ratio(0.9)],
        passes: Proof::Within(vec![Bound::Ratio(0.8)]),
        ..check("revenue")
    }
}

fn opening(levels: Vec<Levels>) -> Opening {
    Opening { checks: vec![Before { levels, ..Before::default() }] }
}

fn look(number: usize, found: Found) -> Look {
    Look { at: UnixMillis::new(30_000 * i64::try_from(number).unwrap()), found: vec![found] }
}

fn fold(terms: &Terms, opening: &Opening, looks: &[Found]) -> Trial {
    let mut trial = Trial::open(terms.clone(), opening);
    for (number, found) in looks.iter().enumerate() {
        trial.look(&look(number, found.clone()));
    }
    trial
}

const fn levels(new: f64, old: f64) -> Found {
    Found::Levels(Levels { new, old })
}

/// Levels about a wave that both sides follow, the new one so many times as high.
fn waves(looks: usize, times: f64, seed: u64) -> Vec<Found> {
    let mut chance = Chance(seed);
    let level = |number: usize, noise: f64| {
        #[expect(clippy::cast_precision_loss, reason = "a number of looks")]
        let wave = libm::sin(number as f64 / 7.0) * 10.0;
        50.0 + wave + noise
    };
    (0..looks)
        .map(|number| {
            let (new, old) = (chance.normal(), chance.normal());
            levels(level(number, new) * times, level(number, old))
        })
        .collect()
}

/// Enough pairs before the first look to know that none follows the one before it.
fn calm() -> Opening {
    let before = waves(150, 1.0, 99).into_iter().filter_map(|found| match found {
        Found::Levels(levels) => Some(levels),
        Found::Counts(_) | Found::Value(_) | Found::Missing(_) | Found::Lacking(_) => None,
    });
    opening(before.collect())
}

fn outcome(trial: &Trial) -> String {
    match trial.standing().verdict {
        Verdict::Pass(finding) => format!("pass, proved: {}", finding.proved),
        Verdict::Fail(finding) => format!("fail, proved: {}", finding.proved),
        Verdict::Inconclusive(Shortfall::NotProved { .. }) => "nothing is proved".to_owned(),
        Verdict::Inconclusive(Shortfall::Leaning { .. }) => "leaning".to_owned(),
        Verdict::Inconclusive(Shortfall::Missing { gap, .. }) => format!("missing: {gap}"),
        Verdict::Inconclusive(Shortfall::TooFew { had, needs, .. }) => format!("{had} of {needs}"),
        Verdict::Inconclusive(shortfall) => format!("{shortfall:?}"),
    }
}

type Case<'a> = (&'a str, Vec<Found>, &'a dyn Fn(&mut Terms), &'a str);

#[test]
fn levels_lead_to_verdicts() {
    let silent = || Found::Missing(Gap::Silent(backstop::gate::Arm::New));
    let ends = |mut looks: Vec<Found>, last: Found| {
        looks.push(last);
        looks
    };
    let higher = |terms: &mut Terms| {
        terms.checks[0].worse = Worse::Higher;
        terms.checks[0].fails = vec![Bound::Difference(5.0), Bound::Ratio(1.1)];
        terms.checks[0].passes = Proof::Within(vec![Bound::Ratio(1.3)]);
    };
    let same: &dyn Fn(&mut Terms) = &|_| {};
    let cases: [Case<'_>; 12] = [
        ("alike", waves(60, 1.0, 1), same, "pass, proved: true"),
        ("alike, a few looks", waves(3, 1.0, 1), same, "nothing is proved"),
        ("within what is tolerated", waves(60, 0.95, 2), same, "pass, proved: true"),
        (
            "on the border of a pass",
            waves(60, 0.8, 2),
            &|terms| terms.checks[0].fails = vec![Bound::Ratio(0.7)],
            "nothing is proved",
        ),
        ("a third less", waves(60, 0.66, 3), same, "fail, proved: true"),
        ("a third more is no harm", waves(60, 1.33, 3), same, "pass, proved: true"),
        (
            "missing at the last look",
            ends(waves(59, 1.0, 1), silent()),
            same,
            "missing: the new side was not heard of lately",
        ),
        (
            "no number at the last look",
            ends(waves(59, 1.0, 1), levels(f64::NAN, 50.0)),
            same,
            "missing: there is no value, or more than one",
        ),
        (
            "a value where levels should be",
            ends(waves(59, 1.0, 1), Found::Value(50.0)),
            same,
            "missing: there is no value, or more than one",
        ),
        ("too few looks", waves(60, 1.0, 1), &|terms| terms.checks[0].at_least = 61, "60 of 61"),
        ("both bounds", waves(60, 1.5, 4), &higher, "fail, proved: true"),
        ("one bound of two", waves(60, 1.05, 4), &higher, "pass, proved: true"),
    ];
    for (title, looks, change, expected) in cases {
        let mut terms = terms(Design::Concurrent, 120, vec![revenue()]);
        change(&mut terms);
        assert_eq!(outcome(&fold(&terms, &calm(), &looks)), expected, "{title}");
    }
}

/// A level that both sides share is no effect, however it moves; only a fixed value sees it. A wave that cancels between
/// two sides does not cancel against a value, so there it tempers.
#[test]
fn a_fixed_value_is_held_against_the_new_side_alone() {
    let value = |fails: Vec<Bound>| {
        let check = CheckTerms { worse: Worse::Higher, fails, passes: Proof::Never, ..revenue() };
        terms(Design::Concurrent, 120, vec![check])
    };
    let mut chance = Chance(11);
    let noise: Vec<Levels> =
        (0..150).map(|_| Levels { new: 80.0 + chance.normal(), old: 80.0 + chance.normal() }).collect();
    let still = opening(noise);
    let risen: Vec<Found> = (0..60).map(|_| levels(90.0, 90.0)).collect();
    for (before, fails, expected) in [
        (&still, vec![Bound::Value(80.0)], "fail, proved: true"),
        (&still, vec![Bound::Value(95.0)], "nothing is proved"),
        (&still, vec![Bound::Value(80.0), Bound::Ratio(1.1)], "nothing is proved"),
        (&calm(), vec![Bound::Value(80.0)], "nothing is proved"),
    ] {
        assert_eq!(outcome(&fold(&value(fails.clone()), before, &risen)), expected, "{fails:?}");
    }
    let temper = |bound| fold(&value(vec![bound]), &calm(), &[]).account(0).unwrap().temper;
    assert!(temper(Bound::Ratio(1.1)) < 2.0 && temper(Bound::Value(80.0)) > 10.0);
}

/// Where nothing runs beside the new side, each stretch before the change is used once: those right before it.
#[test]
fn a_baseline_is_used_once_and_from_its_end() {
    // The first half of the time before is of another world; as many stretches as looks come after it.
    let pair =
        |number: usize| Levels { old: 500.0 + f64::from(u8::try_from(number % 7).unwrap()), new: 50.0 };
    let before = opening((0..40).map(pair).collect());
    let check = CheckTerms {
        worse: Worse::Higher,
        fails: vec![Bound::Ratio(1.1)],
        passes: Proof::Never,
        ..revenue()
    };
    let terms = terms(Design::AfterBefore, 40, vec![check]);
    let after = |looks: usize, level: f64| fold(&terms, &before, &vec![levels(level, 0.0); looks]);
    assert_eq!(outcome(&after(40, 50.0)), "nothing is proved");
    let account = after(40, 80.0).account(0).unwrap().levels.unwrap();
    assert_eq!((account.new, account.old, account.looks), (Some(80.0), Some(50.0), 40));
    let (proved, later) = (after(40, 80.0).standing(), after(80, 80.0).standing());
    assert!(matches!(proved.verdict, Verdict::Fail(_)), "{proved:?}");
    assert!((proved.ln_now - later.ln_now).abs() < 1e-9, "a stretch was used twice: {proved:?}, {later:?}");
}

/// Levels that follow one another are fewer than they look, and where nobody knows they are taken to.
#[test]
fn what_is_known_from_before_tempers() {
    let temper = |levels: Vec<Levels>| {
        let terms = terms(Design::Concurrent, 120, vec![revenue()]);
        let account = fold(&terms, &opening(levels), &[]).account(0).unwrap().levels.unwrap();
        (account.temper, account.known)
    };
    let mut chance = Chance(7);
    let mut run = 0.0;
    let following: Vec<Levels> = (0..150)
        .map(|_| {
            run = 0.8 * run + chance.normal();
            Levels { new: 50.0 + run, old: 50.0 }
        })
        .collect();
    let alone: Vec<Levels> = (0..150).map(|_| Levels { new: 50.0 + chance.normal(), old: 50.0 }).collect();
    let (long, known) = temper(following.clone());
    assert!(known && (4.0..20.0).contains(&long), "{long}");
    let (short, known) = temper(alone.clone());
    assert!(known && (1.0..1.8).contains(&short), "{short}");
    assert_eq!(temper(alone[..119].to_vec()), (3.0, false));
    assert_eq!(temper(Vec::new()), (3.0, false));
    assert!(3.0 < temper(following[..100].to_vec()).0);
}

/// How often releases that do no harm fail, at a level of one in twenty, where levels follow one another.
#[test]
fn harmless_releases_seldom_fail() {
    for (follows, seed) in [(0.0, 1_u64), (0.3, 2), (0.6, 3)] {
        let mut chance = Chance(seed);
        let rounds = 300;
        let mut failed = 0;
        for _ in 0..rounds {
            let (mut one, mut other) = (0.0, 0.0);
            let mut next = || {
                one = follows * one + chance.normal();
                other = follows * other + chance.normal();
                Levels { new: 50.0 + one, old: 50.0 + other }
            };
            let before = opening((0..120).map(|_| next()).collect());
            let check = CheckTerms { fails: vec![Bound::Ratio(1.0)], passes: Proof::Never, ..revenue() };
            let looks: Vec<Found> = (0..120).map(|_| Found::Levels(next())).collect();
            let trial = fold(&terms(Design::Concurrent, 120, vec![check]), &before, &looks);
            failed += u32::from(matches!(trial.standing().verdict, Verdict::Fail(_)));
        }
        // A twentieth of 300 is 15, and three standard errors are 11 more.
        assert!(failed <= 26, "{failed} of {rounds} failed where levels follow by {follows}");
    }
}

fn any_level() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -100.0..100.0_f64,
        1 => any::<f64>(),
        1 => prop::sample::select(vec![0.0, -0.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::NAN]),
    ]
}

fn any_found() -> impl Strategy<Value = Found> {
    prop_oneof![
        8 => (any_level(), any_level()).prop_map(|(new, old)| levels(new, old)),
        1 => any_level().prop_map(Found::Value),
        1 => Just(Found::Missing(Gap::NoValue)),
    ]
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let bound = prop_oneof![
        (0.1..3.0_f64).prop_map(Bound::Ratio),
        (0.0..50.0_f64).prop_map(Bound::Difference),
        any_level().prop_filter("a bound is a number", |level| level.is_finite()).prop_map(Bound::Value),
    ];
    let bounds = prop::collection::vec(bound, 1..3);
    let design = prop_oneof![Just(Design::Concurrent), Just(Design::AfterBefore)];
    (bounds.clone(), bounds, any::<bool>(), design, 1_u32..40).prop_map(
        |(fails, within, lower, design, looks)| {
            let worse = if lower { Worse::Lower } else { Worse::Higher };
            terms(
                design,
                looks,
                vec![CheckTerms { fails, worse, passes: Proof::Within(within), ..revenue() }],
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is measured, the evidence is a number, and the same levels lead to the same bits.
    #[test]
    fn levels_never_lead_out_of_numbers(
        terms in any_terms(),
        before in prop::collection::vec((any_level(), any_level()), 0..140),
        looks in prop::collection::vec(any_found(), 0..40),
    ) {
        let before = opening(before.into_iter().map(|(new, old)| Levels { new, old }).collect());
        let trial = fold(&terms, &before, &looks);
        let standing = trial.standing();
        prop_assert!(standing.ln_now.is_finite() && standing.ln_most.is_finite(), "{standing:?}");
        let account = trial.account(0).unwrap();
        prop_assert!(account.ln_harm.is_finite() && account.ln_proof.is_finite());
        let levels = account.levels.unwrap();
        prop_assert!(levels.new.is_none_or(f64::is_finite) && levels.old.is_none_or(f64::is_finite));
        prop_assert!(1.0 <= levels.temper && levels.temper.is_finite());
        prop_assert_eq!(standing, fold(&terms, &before, &looks).standing());
    }

    /// A look without levels changes no evidence.
    #[test]
    fn a_missing_level_changes_nothing(
        terms in any_terms(),
        looks in prop::collection::vec(any_found(), 1..30),
        gone in prop::sample::select(vec![Found::Missing(Gap::NoValue), levels(f64::NAN, 1.0), Found::Value(2.0)]),
    ) {
        let planned = usize::try_from(terms.looks).unwrap();
        let looks = &looks[..looks.len().min(planned)];
        let (known, again) = (fold(&terms, &Opening::default(), looks), {
            let mut trial = fold(&terms, &Opening::default(), looks);
            trial.look(&look(looks.len(), gone));
            trial
        });
        let (known, again) = (known.account(0).unwrap(), again.account(0).unwrap());
        prop_assert!((known.ln_harm - again.ln_harm).abs() < 1e-9, "{} {}", known.ln_harm, again.ln_harm);
        prop_assert_eq!(known.levels.unwrap().looks, again.levels.unwrap().looks);
    }

    /// A level that is worse at the last look never leads to a better verdict.
    #[test]
    fn worse_is_never_better(
        terms in any_terms(),
        looks in prop::collection::vec((-100.0..100.0_f64, -100.0..100.0_f64), 1..30),
        by in 0.0..50.0_f64,
    ) {
        let mut looks: Vec<Found> = looks.into_iter().map(|(new, old)| levels(new, old)).collect();
        let verdict = fold(&terms, &Opening::default(), &looks).standing().verdict;
        let sign = if terms.checks[0].worse == Worse::Higher { 1.0 } else { -1.0 };
        let Some(Found::Levels(last)) = looks.last_mut() else { unreachable!("there is a look") };
        last.new += sign * by;
        let after = fold(&terms, &Opening::default(), &looks).standing().verdict;
        prop_assert!(harm(&verdict) <= harm(&after), "{:?} became {:?}", verdict, after);
    }
}
