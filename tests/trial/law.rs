//! What holds of every trial, whatever is counted.

use backstop::gate::{Bound, Counted, Design, Judged, Look, Opening, Tally, Terms, Trial, Verdict, Worse};
use proptest::prelude::*;

use crate::{check, fold, harm, kinds, look, terms};

type Looks = Vec<Vec<Option<Counted>>>;

fn tally() -> impl Strategy<Value = Tally> {
    let of = prop_oneof![1 => Just(0_u64), 3 => 1_u64..50, 4 => 50_u64..5_000, 1 => 5_000_u64..2_000_000];
    (of, 0.0..1.0_f64, any::<bool>()).prop_map(|(of, share, few)| {
        let share = if few { share * 0.02 } else { share };
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a small count"
        )]
        let events = (of as f64 * share) as u64;
        Tally { events, of }
    })
}

fn counted(design: Design) -> impl Strategy<Value = Option<Counted>> {
    let groups = match design {
        Design::Concurrent => 1..5_usize,
        Design::AfterBefore | Design::AfterShort => 0..1,
    };
    let counted = (tally(), prop::collection::vec(tally(), groups));
    prop_oneof![1 => Just(None), 9 => counted.prop_map(|(new, old)| Some(Counted { new, old }))]
}

fn opening(design: Design, checks: usize) -> impl Strategy<Value = Opening> {
    let (rows, groups) = match design {
        Design::Concurrent => (0..20_usize, 0..5_usize),
        Design::AfterBefore | Design::AfterShort => (0..60, 0..2),
    };
    let row = prop::collection::vec(tally(), groups);
    prop::collection::vec(prop::collection::vec(row, rows), checks).prop_map(crate::opening)
}

fn design() -> impl Strategy<Value = Design> {
    prop_oneof![Just(Design::Concurrent), Just(Design::AfterBefore)]
}

/// A trial of some checks, and looks at it.
fn trial() -> impl Strategy<Value = (Terms, Opening, Looks)> {
    let kinds = kinds();
    let one = (0..kinds.len(), 1_u32..5, prop_oneof![Just(0_u64), Just(100)], any::<bool>());
    (design(), prop::collection::vec(one, 1..4), 1_u32..40, 1_u32..5).prop_flat_map(
        move |(design, checks, looks, pass_from)| {
            let checks: Vec<_> = checks
                .iter()
                .enumerate()
                .map(|(index, (kind, weight, at_least, critical))| {
                    let (worse, fails, passes) = kinds[*kind].clone();
                    let (at_least, critical) = (*at_least, *critical);
                    backstop::gate::CheckTerms {
                        weight: f64::from(*weight),
                        worse,
                        fails,
                        passes,
                        at_least,
                        critical,
                        ..check(&format!("c{index}"))
                    }
                })
                .collect();
            let many = checks.len();
            let mut terms = terms(design, looks, checks);
            (terms.pass_from, terms.share) = (pass_from, 1.0 / f64::from(pass_from));
            let looked = prop::collection::vec(prop::collection::vec(counted(design), many), 1..40);
            (Just(terms), opening(design, many), looked)
        },
    )
}

fn bits(trial: &Trial) -> (u32, u64, u64, String) {
    let standing = trial.standing();
    (standing.looks, standing.ln_now.to_bits(), standing.ln_most.to_bits(), format!("{:?}", standing.verdict))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Opened again on the same terms, the same counts lead to the same bits, at every look.
    #[test]
    fn folded_again_it_is_the_same((terms, opening, looks) in trial()) {
        let mut trial = Trial::open(terms.clone(), &opening);
        for (number, counted) in looks.iter().enumerate() {
            let standing = trial.look(&look(number, counted.clone()));
            let again = fold(&terms, &opening, &looks[..=number]);
            prop_assert_eq!(bits(&trial), bits(&again));
            prop_assert_eq!(standing, again.standing());
            prop_assert!(standing.ln_now.is_finite() && standing.ln_most >= 0.0);
        }
    }

    /// Which check stands first does not matter to the evidence, nor to what is said of it.
    #[test]
    fn the_order_of_checks_does_not_matter((terms, opening, looks) in trial(), by in 0_usize..4) {
        let by = by % terms.checks.len();
        let (mut turned, mut rows, mut counted) = (terms.clone(), opening.clone(), looks.clone());
        turned.checks.rotate_left(by);
        rows.checks.rotate_left(by);
        for look in &mut counted {
            look.rotate_left(by);
        }
        let (one, other) = (fold(&terms, &opening, &looks).standing(), fold(&turned, &rows, &counted).standing());
        let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * one.abs().max(1.0);
        prop_assert!(near(one.ln_now, other.ln_now) && near(one.ln_most, other.ln_most), "{one:?} {other:?}");
        // A border that both miss by a rounding may fall either way.
        if (one.ln_most - libm::log(20.0)).abs() > 1e-9 && (one.ln_now - libm::log(5.0)).abs() > 1e-9 {
            prop_assert_eq!(harm(&one.verdict), harm(&other.verdict));
        }
    }

    /// More errors on the new side, at any look, never make anything better: the evidence of harm does not fall, and the
    /// verdict does not rise.
    #[test]
    fn more_errors_never_help((terms, opening, looks) in trial(), at in 0_usize..40, more in 1_u64..2_000) {
        let mut worse = looks.clone();
        let at = at % looks.len();
        for (counted, check) in worse[at].iter_mut().zip(&terms.checks) {
            let Some(Counted { new, .. }) = counted else { continue };
            match check.worse {
                Worse::Higher => new.events = (new.events + more).min(new.of),
                Worse::Lower => new.events = new.events.saturating_sub(more),
            }
        }
        let (mut one, mut other) = (Trial::open(terms.clone(), &opening), Trial::open(terms, &opening));
        for (number, (counted, harmed)) in looks.iter().zip(&worse).enumerate() {
            let (one, other) = (one.look(&look(number, counted.clone())), other.look(&look(number, harmed.clone())));
            prop_assert!(one.ln_now <= other.ln_now + 1e-9 * one.ln_now.abs().max(1.0), "look {number}: {} {}", one.ln_now, other.ln_now);
            prop_assert!(harm(&one.verdict) <= harm(&other.verdict), "look {number}: {one:?} {other:?}");
        }
    }

    /// A side without traffic proves nothing: neither a pass nor a failure.
    #[test]
    fn silence_is_neither_a_pass_nor_a_failure((terms, opening, looks) in trial(), whose in 0_u8..3) {
        let mut silent = looks;
        let opening = if whose == 1 { Opening::default() } else { opening };
        for counted in silent.iter_mut().flatten() {
            match (whose, counted.as_mut()) {
                (0, Some(counted)) => counted.new = Tally::default(),
                (1, Some(counted)) => counted.old = Vec::new(),
                (_, _) => *counted = None,
            }
        }
        // A fixed border needs no other side.
        let needs_both = terms.checks.iter().all(|check| !check.fails.iter().any(|bound| matches!(bound, Bound::Value(_))));
        let mut trial = Trial::open(terms, &opening);
        for (number, counted) in silent.into_iter().enumerate() {
            let standing = trial.look(&look(number, counted));
            prop_assert!(harm(&standing.verdict) > 0, "{standing:?}");
            prop_assert!(whose == 1 && !needs_both || harm(&standing.verdict) == 1, "{standing:?}");
        }
    }

    /// A check in shadow has no say in anything.
    #[test]
    fn a_check_in_shadow_has_no_say((terms, opening, looks) in trial(), other in prop::collection::vec(counted(Design::Concurrent), 40)) {
        let (mut shadowed, mut counted) = (terms.clone(), looks.clone());
        shadowed.checks.push(backstop::gate::CheckTerms { judged: Judged::Shadow, critical: true, ..check("shadow") });
        counted.iter_mut().zip(other).for_each(|(look, other)| look.push(other));
        let (one, other) = (fold(&terms, &opening, &looks).standing(), fold(&shadowed, &opening, &counted).standing());
        prop_assert_eq!(one, other);
    }

    /// No single look makes more than twenty times of what there was, and so none proves anything by itself.
    #[test]
    fn one_look_decides_nothing((terms, opening, looks) in trial(), only in 0_usize..40) {
        let only = only % looks.len();
        let nothing = vec![Some(Counted { new: Tally { events: 0, of: 0 }, old: Vec::new() }); terms.checks.len()];
        let looks: Vec<Look> = looks.into_iter().enumerate().map(|(number, counted)| {
            look(number, if number == only { counted } else { nothing.clone() })
        }).collect();
        let mut trial = Trial::open(terms, &opening);
        for look in &looks {
            let standing = trial.look(look);
            prop_assert!(!matches!(standing.verdict, Verdict::Fail(_)), "{standing:?}");
        }
    }
}
