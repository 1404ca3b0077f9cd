//! What holds of the evidence whatever is counted.

use backstop::stats::{
    Aim, BaselineEvidence, CAP, DifferenceEvidence, Direction, Dispersion, Interval, Pair, Planned,
    RatioEvidence, Traffic, ValueEvidence, baseline_interval, ratio_estimate, ratio_interval,
};
use proptest::prelude::*;

/// A count as it comes: none, few, many, next to nothing, more than there are.
fn count() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => Just(0.0),
        3 => (0_u32..50).prop_map(f64::from),
        3 => (0_u32..4_000_000).prop_map(f64::from),
        2 => 0.0..1e4_f64,
        1 => prop_oneof![Just(f64::MIN_POSITIVE), Just(1e-300), Just(1e-9), Just(1e18), Just(f64::MAX)],
    ]
}

fn pair() -> impl Strategy<Value = Pair> {
    let any = || (count(), count(), count(), count());
    let pair = |(new_events, new_of, old_events, old_of)| Pair { new_events, new_of, old_events, old_of };
    let all = |pair: Pair| Pair { new_events: pair.new_of, old_events: pair.old_of, ..pair };
    let some = |pair: Pair| Pair {
        new_events: pair.new_events.min(pair.new_of),
        old_events: pair.old_events.min(pair.old_of),
        ..pair
    };
    prop_oneof![any().prop_map(pair), any().prop_map(pair).prop_map(all), any().prop_map(pair).prop_map(some)]
}

fn temper() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), 1.0..20.0_f64, Just(0.0), Just(f64::MAX)]
}

fn history() -> impl Strategy<Value = Vec<(Pair, f64)>> {
    prop::collection::vec((pair(), temper()), 1..12)
}

/// A border, and the same as a share or a difference.
fn border() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), Just(0.0005), Just(0.98), 0.0..1.0_f64, 1.0..3.0_f64]
}

/// All processes over one history, look by look.
fn folded(history: &[(Pair, f64)], border: f64) -> Vec<f64> {
    let mut all = Vec::new();
    for planned in [Planned::harm(5), Planned::proof()] {
        for direction in [Direction::Up, Direction::Down] {
            let before = (history[0].0.old_events, history[0].0.old_of);
            let mut ratio = RatioEvidence::new(border, direction, planned);
            let mut value = ValueEvidence::new(border, direction, planned);
            let mut baseline = BaselineEvidence::new(before, border, direction, 2, planned);
            for (pair, temper) in history {
                all.push(ratio.look(pair, *temper));
                all.push(value.look(pair.new_events, pair.new_of, *temper));
                all.push(baseline.look(pair.new_events, pair.new_of, *temper));
            }
            assert!(ratio.ln_now().is_finite() && value.ln_now().is_finite(), "{history:?}");
            assert!(baseline.ln_now().is_finite(), "{history:?}");
        }
        for (aim, prior) in [(Aim::Harm, (0.0, 0.0)), (Aim::NonInferior, (60.0, 6000.0))] {
            for difference in [border, -border, 0.0] {
                let mut evidence = DifferenceEvidence::new(difference, aim, planned, prior);
                all.extend(history.iter().map(|(pair, temper)| evidence.look(pair, *temper)));
                assert!(evidence.ln_now().is_finite(), "{history:?}");
            }
        }
    }
    all
}

/// The evidence of a difference after looks at strata.
fn in_strata(looks: &[Vec<Pair>], difference: f64, aim: Aim) -> f64 {
    let mut evidence = DifferenceEvidence::new(difference, aim, Planned::harm(60), (0.0, 0.0));
    looks.iter().map(|strata| evidence.look_in_strata(strata, 1.0)).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn is_a_number_whatever_is_counted(history in history(), border in border()) {
        let all = folded(&history, border);
        prop_assert!(all.iter().all(|ln| ln.is_finite()), "{all:?}");
    }

    #[test]
    fn folds_to_the_same_bits_again(history in history(), border in border()) {
        let bits = |all: Vec<f64>| all.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        prop_assert_eq!(bits(folded(&history, border)), bits(folded(&history, border)));
    }

    #[test]
    fn one_look_decides_nothing(first in pair(), border in border()) {
        for ln in folded(&[(first, 1.0)], border) {
            prop_assert!(ln <= libm::log(CAP) + 1e-12, "{}", ln);
        }
        let planned = Planned::harm(60);
        let most = planned.first * CAP + 1.0 - planned.first;
        prop_assert!(most < 20.0);
        let mut harm = RatioEvidence::new(border, Direction::Up, planned);
        prop_assert!(harm.look(&first, 1.0) <= libm::log(most) + 1e-12);
        let before = (first.old_events, first.old_of);
        let mut harm = BaselineEvidence::new(before, border, Direction::Up, 10, Planned::harm(60));
        prop_assert!(harm.look(first.new_events, first.new_of, 1.0) <= libm::log(most) + 1e-12);
    }

    /// Where each stratum fails as often on both sides, it matters to no difference how many of which are on which.
    #[test]
    fn another_mix_is_no_difference(
        strata in prop::collection::vec((0.0..0.5_f64, 1.0..1e4_f64, 1.0..1e5_f64), 1..6), difference in 0.000_1..0.1_f64
    ) {
        let pair = |(share, new_of, old_of): &(f64, f64, f64)|
            Pair { new_events: share * new_of, new_of: *new_of, old_events: share * old_of, old_of: *old_of };
        let look: Vec<Pair> = strata.iter().map(pair).collect();
        let most = in_strata(&vec![look; 60], difference, Aim::Harm);
        prop_assert!(most < libm::log(20.0), "{}", most);
    }

    /// Strata without traffic say nothing, and one alone is a look as it is.
    #[test]
    fn a_stratum_without_traffic_says_nothing(
        looks in prop::collection::vec(pair(), 1..20), difference in 0.000_1..0.3_f64, harm in any::<bool>()
    ) {
        let aim = if harm { Aim::Harm } else { Aim::NonInferior };
        let with = |many: usize| -> Vec<Vec<Pair>> {
            looks.iter().map(|pair| std::iter::once(*pair).chain(vec![Pair::default(); many]).collect()).collect()
        };
        let mut plain = DifferenceEvidence::new(difference, aim, Planned::harm(60), (0.0, 0.0));
        let plain = looks.iter().map(|pair| plain.look(pair, 1.0)).fold(0.0, f64::max);
        for many in 0..3 {
            let strata = in_strata(&with(many), difference, aim);
            prop_assert_eq!(strata.to_bits(), plain.to_bits(), "{} more", many);
        }
    }

    #[test]
    fn more_events_of_the_new_side_never_speak_for_it(
        history in history(), more in count(), border in border(), temper in temper()
    ) {
        let (last, _) = history[history.len() - 1];
        let worse = Pair { new_events: last.new_events + more, ..last };
        let mut before = RatioEvidence::new(border, Direction::Up, Planned::harm(60));
        for (pair, temper) in &history {
            before.look(pair, *temper);
        }
        let (mut fewer, mut more) = (before.clone(), before);
        let (fewer, more) = (fewer.look(&last, temper), more.look(&worse, temper));
        prop_assert!(fewer <= more + 1e-12 * fewer.abs(), "{} > {}", fewer, more);
    }

    /// Nor do they at any look after them, though the cap cut them off.
    #[test]
    fn more_events_after_a_baseline_never_speak_for_what_follows(
        before in (0_u32..200, 1_u32..50_000), looks in prop::collection::vec((0_u32..100, 0_u32..2_000), 2..40),
        more in 1_u32..4_000, border in border(), temper in temper()
    ) {
        let (events, of) = (f64::from(before.0.min(before.1)), f64::from(before.1));
        let mut fewer = BaselineEvidence::new((events, of), border, Direction::Up, 10, Planned::harm(40));
        let mut worse = fewer.clone();
        for (number, (events, of)) in looks.into_iter().enumerate() {
            let (events, of) = (f64::from(events), f64::from(of));
            let added = if number == 0 { f64::from(more) } else { 0.0 };
            let (fewer, worse) = (fewer.look(events, of, temper), worse.look(events + added, of, temper));
            prop_assert!(fewer <= worse + 1e-9 * fewer.abs().max(1.0), "look {}: {} > {}", number, fewer, worse);
        }
    }

    #[test]
    fn an_estimate_lies_within_its_interval(history in history(), alpha in 0.001..0.5_f64) {
        // Sixteen digits tell no more events than this from one more or less.
        let told = |(pair, temper): &(Pair, f64)| (
            Pair { new_events: pair.new_events.min(1e9), old_events: pair.old_events.min(1e9), ..*pair },
            *temper,
        );
        let history: Vec<_> = history.iter().map(told).collect();
        let Interval { lower, upper } = ratio_interval(&history, alpha);
        prop_assert!(0.0 <= lower && lower <= upper, "{} to {}", lower, upper);
        if let Some(estimate) = ratio_estimate(&history) {
            prop_assert!(!estimate.is_nan());
            // Beyond a millionfold nothing is sought.
            let (lowest, highest) = (lower.min(0.99e6), upper.max(1.01e-6));
            prop_assert!(lowest <= estimate * (1.0 + 1e-9), "{} below {}", estimate, lower);
            prop_assert!(estimate <= highest * (1.0 + 1e-9), "{} above {}", estimate, upper);
        } else {
            prop_assert_eq!((lower.to_bits(), upper.to_bits()), (0.0_f64.to_bits(), f64::INFINITY.to_bits()));
        }
    }

    #[test]
    fn an_interval_narrows_as_one_dares_more(pair in pair(), temper in temper(), alpha in 0.001..0.4_f64) {
        for (timid, bold) in [
            (ratio_interval(&[(pair, temper)], alpha), ratio_interval(&[(pair, temper)], 2.0 * alpha)),
            (baseline_interval(&pair, temper, alpha), baseline_interval(&pair, temper, 2.0 * alpha)),
        ] {
            prop_assert!(timid.lower <= bold.lower * (1.0 + 1e-9), "{:?} {:?}", timid, bold);
            prop_assert!(bold.upper <= timid.upper * (1.0 + 1e-9), "{:?} {:?}", timid, bold);
        }
    }

    #[test]
    fn clusters_have_a_size(rows in prop::collection::vec(prop::collection::vec((count(), count()), 0..9), 0..6)) {
        let mut dispersion = Dispersion::default();
        for row in rows {
            let (events, of): (Vec<f64>, Vec<f64>) = row.into_iter().unzip();
            dispersion.add(&events, &of);
            prop_assert!(dispersion.phi().is_finite() && dispersion.phi() >= 0.0);
            prop_assert!(dispersion.temper(2.0).is_finite() && dispersion.temper(2.0) >= 1.0);
        }
    }

    #[test]
    fn takes_some_looks_or_cannot_be_proved(
        new_of in count(), old_of in count(), old_share in 0.0..1.0_f64, temper in temper(), border in 0.1..3.0_f64, truth in 0.0..9.0_f64
    ) {
        let looks = Traffic { new_of, old_of, old_share, temper }.looks_needed(border, truth, 0.05, Planned::harm(60));
        prop_assert!(looks.is_none_or(|looks| looks.is_finite() && looks > 0.0), "{:?}", looks);
    }
}

#[test]
fn an_event_that_cannot_be_compared_says_nothing() {
    let alone = Pair { new_events: 30.0, new_of: 100.0, ..Pair::default() };
    for (pair, what) in [
        (alone, "no traffic on the old side"),
        (Pair { old_events: 3.0, old_of: 100.0, ..Pair::default() }, "none on the new side"),
        (Pair::default(), "none at all"),
    ] {
        let zero = 0.0_f64.to_bits();
        let mut ratio = RatioEvidence::new(1.0, Direction::Up, Planned::proof());
        assert_eq!(ratio.look(&pair, 1.0).to_bits(), zero, "ratio: {what}");
        let mut difference = DifferenceEvidence::new(0.0, Aim::Harm, Planned::proof(), (0.0, 0.0));
        assert_eq!(difference.look(&pair, 1.0).to_bits(), zero, "difference: {what}");
        let before = (pair.old_events, pair.old_of);
        let mut baseline = BaselineEvidence::new(before, 1.0, Direction::Up, 10, Planned::proof());
        assert!(baseline.look(pair.new_events, pair.new_of, 1.0).abs() < 1e-12, "baseline: {what}");
    }
}

/// The canary has most of the route that fails often: the total seems worse by far more than either route.
#[test]
fn a_difference_of_the_total_may_be_one_of_the_mix() {
    let often = Pair { new_events: 80.0, new_of: 800.0, old_events: 100.0, old_of: 1_000.0 };
    let seldom = Pair { new_events: 2.0, new_of: 200.0, old_events: 90.0, old_of: 9_000.0 };
    let total = Pair { new_events: 82.0, new_of: 1_000.0, old_events: 190.0, old_of: 10_000.0 };
    for (look, proved) in [(vec![total], true), (vec![often, seldom], false)] {
        let ln = in_strata(&vec![look; 20], 0.01, Aim::Harm);
        assert_eq!(ln >= libm::log(20.0), proved, "{ln}");
    }
    // What is worse in one of them is found there.
    let worse = Pair { new_events: 120.0, ..often };
    assert!(in_strata(&vec![vec![worse, seldom]; 20], 0.01, Aim::Harm) >= libm::log(20.0));
}

#[test]
fn a_change_of_the_split_misleads_no_estimate() {
    // Both sides fail alike, ten times as often in the look in which the new side has most of the traffic.
    let first = Pair { new_events: 10.0, new_of: 1000.0, old_events: 90.0, old_of: 9000.0 };
    let second = Pair { new_events: 900.0, new_of: 9000.0, old_events: 100.0, old_of: 1000.0 };
    let estimate = ratio_estimate(&[(first, 1.0), (second, 1.0)]).unwrap();
    assert!((estimate - 1.0).abs() < 1e-9, "{estimate}");
    for (pair, expected) in [
        (Pair { old_events: 0.0, ..first }, Some(f64::INFINITY)),
        (Pair { new_events: 0.0, ..first }, Some(0.0)),
        (Pair { new_events: 0.0, old_events: 0.0, ..first }, None),
    ] {
        assert_eq!(ratio_estimate(&[(pair, 1.0)]), expected, "{pair:?}");
    }
}

#[test]
fn more_events_than_there_were_in_all_are_all_of_them() {
    let all = Pair { new_events: 10.0, new_of: 10.0, old_events: 5.0, old_of: 190.0 };
    let more = Pair { new_events: 30.0, ..all };
    let value = |pair: Pair| {
        let mut evidence = ValueEvidence::new(0.5, Direction::Up, Planned::proof());
        evidence.look(pair.new_events, pair.new_of, 4.0)
    };
    let difference = |pair: Pair| {
        let mut evidence = DifferenceEvidence::new(0.5, Aim::Harm, Planned::proof(), (0.0, 0.0));
        evidence.look(&pair, 4.0)
    };
    assert_eq!(value(more).to_bits(), value(all).to_bits());
    assert_eq!(difference(more).to_bits(), difference(all).to_bits());
    let complement = more.complement();
    assert_eq!((complement.new_events, complement.old_events), (0.0, 185.0));
}

#[test]
fn an_effect_may_begin_late_but_not_at_too_many_looks() {
    // A day of looks, and a process that is no larger and no slower for it.
    let mut baseline = BaselineEvidence::new((300.0, 30_000.0), 1.0, Direction::Up, 10, Planned::harm(2880));
    let quiet = (0..1200).map(|_| baseline.look(1.0, 100.0, 1.0)).last().unwrap();
    assert!(quiet < 0.0, "{quiet}");
    let loud = (0..10).map(|_| baseline.look(4.0, 100.0, 1.0)).last().unwrap();
    assert!(loud > libm::log(CAP), "{loud}");
}
