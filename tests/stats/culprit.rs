//! What holds of those that are named, whatever the evidence.

use backstop::stats::{culprits, ln_mean};
use proptest::prelude::*;

use crate::chance::Chance;

/// Evidence on its logarithm: about what decides, any, none, any number at all.
fn ln() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -2.0..8.0_f64, 1 => -900.0..900.0_f64, 1 => Just(0.0), 1 => Just(libm::log(20.0))]
}

fn weight() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.01..1.0_f64, 2 => Just(1.0), 1 => Just(0.0), 1 => prop_oneof![Just(f64::MAX), Just(1e-300)]]
}

fn pieces() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    prop::collection::vec((ln(), weight()), 0..30).prop_map(|pieces| pieces.into_iter().unzip())
}

/// Nobody is named in `less` who is not in `more`.
fn within(less: &[bool], more: &[bool]) -> bool {
    less.iter().zip(more).all(|(less, more)| *more || !*less)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_does_not_matter((ln, weights) in pieces(), by in 0_usize..30, alpha in 0.001..1.0_f64) {
        let named = culprits(&ln, &weights, alpha);
        prop_assert_eq!(named.len(), ln.len());
        let turned = |of: &[f64]| {
            let (first, last) = of.split_at(by.min(of.len()));
            last.iter().chain(first).rev().copied().collect::<Vec<f64>>()
        };
        let mut expected: Vec<bool> = named;
        expected.rotate_left(by.min(ln.len()));
        expected.reverse();
        prop_assert_eq!(culprits(&turned(&ln), &turned(&weights), alpha), expected);
    }

    #[test]
    fn more_evidence_takes_no_name_away((ln, weights) in pieces(), at in 0_usize..30, more in 0.0..9.0_f64) {
        let named = culprits(&ln, &weights, 0.05);
        let more: Vec<f64> = ln.iter().enumerate().map(|(place, ln)| if place == at { ln + more } else { *ln }).collect();
        let more = culprits(&more, &weights, 0.05);
        prop_assert!(within(&named, &more), "{:?} {:?}", named, more);
    }

    #[test]
    fn who_dares_more_names_no_fewer((ln, weights) in pieces(), alpha in 0.001..0.5_f64, times in 1.0..2.0_f64) {
        let (timid, bold) = (culprits(&ln, &weights, alpha), culprits(&ln, &weights, alpha * times));
        prop_assert!(within(&timid, &bold), "{:?} {:?}", timid, bold);
    }

    /// A name is never said of a release that is not found to be harmful itself.
    #[test]
    fn nobody_is_named_unless_the_whole_is_proved((ln, weights) in pieces(), alpha in 0.001..1.0_f64) {
        // Weights that can be added up.
        let weights: Vec<f64> = weights.iter().map(|weight| weight.min(1e6)).collect();
        if culprits(&ln, &weights, alpha).contains(&true) {
            let whole = ln_mean(&ln, &weights);
            prop_assert!(whole >= libm::log(1.0 / alpha) - 1e-9, "{} at {}", whole, alpha);
        }
    }

    #[test]
    fn any_numbers_name_somebody_or_nobody(
        pieces in prop::collection::vec((prop::num::f64::ANY, prop::num::f64::ANY), 0..9), alpha in prop::num::f64::ANY
    ) {
        let (ln, weights): (Vec<f64>, Vec<f64>) = pieces.into_iter().unzip();
        for ((named, ln), weight) in culprits(&ln, &weights, alpha).into_iter().zip(&ln).zip(&weights) {
            // Without any level, evidence without end is still enough.
            let level = alpha > 0.0 || (alpha <= 0.0 && *ln == f64::INFINITY);
            prop_assert!(!named || (!ln.is_nan() && *weight > 0.0 && level), "{} {} {}", ln, weight, alpha);
        }
    }
}

#[test]
fn names_those_with_enough_evidence_for_their_number() {
    let even = [1.0; 4];
    for (what, evidence, weights, alpha, expected) in [
        ("each has enough for one", [90.0, 80.0, 1.0, 1.0], even, 0.05, [true, true, false, false]),
        ("none has enough for itself, all for all", [20.0; 4], even, 0.05, [true; 4]),
        ("one less, and none has", [20.0, 20.0, 20.0, 19.0], even, 0.05, [false; 4]),
        ("enough but for the weight", [90.0, 1.0, 1.0, 1.0], [0.1, 1.0, 1.0, 1.0], 0.05, [false; 4]),
        (
            "enough by the weight",
            [30.0, 1.0, 1.0, 1.0],
            [4.0, 1.0, 1.0, 0.0],
            0.05,
            [true, false, false, false],
        ),
        (
            "all the weight",
            [20.0, 900.0, 900.0, 0.0],
            [1.0, 0.0, 0.0, 0.0],
            0.05,
            [true, false, false, false],
        ),
        ("no weight", [900.0; 4], [0.0, -1.0, f64::NAN, 0.0], 0.05, [false; 4]),
        ("weights beyond all sums", [90.0, 1.0, 1.0, 1.0], [f64::MAX; 4], 0.05, [true, false, false, false]),
        ("no evidence is no name at any level", [0.5; 4], even, 30.0, [false; 4]),
    ] {
        let ln = evidence.map(f64::ln);
        assert_eq!(culprits(&ln, &weights, alpha), expected, "{what}");
    }
    assert_eq!(culprits(&[], &[], 0.05), [false; 0]);
}

/// Of pieces that say nothing true, each worth `worth` once in so many times and nothing else: all together, or each
/// by itself beside two that are right.
#[test]
fn few_are_named_wrongly() {
    let rollouts = 4000_u32;
    let (mut together, mut single, mut chance) = (0.0, 0.0, Chance(11));
    for _ in 0..rollouts {
        let mut lucky =
            |worth: f64| if chance.share() < 1.0 / worth { libm::log(worth) } else { f64::NEG_INFINITY };
        let all = [lucky(20.0); 10];
        together += wrong(&culprits(&all, &[1.0; 10], 0.05), 0);
        // Worth just what a third name takes.
        let mut some = [9.0; 12];
        for ln in some.iter_mut().skip(2) {
            *ln = lucky(80.0);
        }
        single += wrong(&culprits(&some, &[1.0; 12], 0.05), 2);
    }
    let all = f64::from(rollouts);
    let most = 0.05 * all + 3.0 * libm::sqrt(0.05 * 0.95 * all);
    for (what, wrong) in [("together", together), ("each by itself", single)] {
        assert!(wrong <= most, "{what}: {wrong} of {rollouts}");
        assert!(wrong > 0.4 * most, "{what}: {wrong} of {rollouts} is no trial");
    }
}

/// The share of those named that are not among the first so many.
fn wrong(named: &[bool], right: usize) -> f64 {
    let many = |named: &[bool]| named.iter().map(|named| f64::from(u8::from(*named))).sum::<f64>();
    many(&named[right..]) / many(named).max(1.0)
}
