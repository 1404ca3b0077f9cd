//! What holds of the evidence of values, whatever they are.

use backstop::stats::{Direction, Planned, RankEvidence, Size, beyond, rank_temper};
use proptest::prelude::*;

const SIZES: [Size; 2] = [Size::Ranked, Size::Ignored];

/// A difference as it comes: none, one of a few that tie, any at all, next to nothing, the largest there is.
fn difference() -> impl Strategy<Value = f64> {
    prop_oneof![
        1 => prop_oneof![Just(0.0), Just(-0.0)],
        3 => (-3_i32..4).prop_map(f64::from),
        3 => -10.0..10.0_f64,
        1 => prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL,
        1 => prop_oneof![Just(f64::MAX), Just(f64::MIN)],
    ]
}

/// A look that may have seen nothing.
fn seen() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![4 => difference().prop_map(Some), 1 => Just(None)]
}

fn temper() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), 1.0..20.0_f64, Just(0.0), Just(f64::MAX), Just(f64::NAN)]
}

fn planned() -> impl Strategy<Value = Planned> {
    prop_oneof![Just(Planned::harm(5)), Just(Planned::harm(120)), Just(Planned::proof())]
}

fn folded(size: Size, planned: Planned, looks: impl IntoIterator<Item = (Option<f64>, f64)>) -> Vec<f64> {
    let mut evidence = RankEvidence::new(size, planned);
    looks.into_iter().map(|(beyond, temper)| evidence.look(beyond, temper)).collect()
}

/// The evidence after all looks, tempered alike.
fn at_last(size: Size, planned: Planned, looks: impl IntoIterator<Item = Option<f64>>) -> f64 {
    folded(size, planned, looks.into_iter().map(|beyond| (beyond, 1.5))).last().copied().unwrap_or(0.0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn is_a_number_and_the_same_again(
        looks in prop::collection::vec((seen(), temper()), 0..60), planned in planned()
    ) {
        for size in SIZES {
            let all = folded(size, planned, looks.clone());
            prop_assert!(all.iter().all(|ln| ln.is_finite()), "{:?}", all);
            let again = folded(size, planned, looks.clone());
            prop_assert!(all.iter().zip(again).all(|(ln, again)| ln.to_bits() == again.to_bits()));
        }
    }

    /// All that was won and as much again, but a tenth.
    #[test]
    fn one_look_moves_little(looks in prop::collection::vec(seen(), 0..40), planned in planned()) {
        for size in SIZES {
            let mut before = 0.0;
            for now in folded(size, planned, looks.iter().map(|beyond| (*beyond, 1.0))) {
                prop_assert!(now <= before + libm::log(1.9) + 1e-12, "{} after {}", now, before);
                before = now;
            }
        }
    }

    #[test]
    fn a_worse_value_is_never_less_evidence_at_its_look(
        looks in prop::collection::vec(seen(), 0..40), one in difference(), other in difference(), planned in planned()
    ) {
        let (better, worse) = if one < other { (one, other) } else { (other, one) };
        for size in SIZES {
            let after = |last: f64| at_last(size, planned, looks.iter().copied().chain([Some(last)]));
            let (better, worse) = (after(better), after(worse));
            prop_assert!(better <= worse + 1e-12, "{:?}: {} > {}", size, better, worse);
        }
    }

    #[test]
    fn worse_values_are_never_less_evidence_where_size_is_ignored(
        looks in prop::collection::vec((difference(), 0.0..5.0_f64), 0..40), planned in planned()
    ) {
        let better = at_last(Size::Ignored, planned, looks.iter().map(|(beyond, _)| Some(*beyond)));
        let worse = at_last(Size::Ignored, planned, looks.iter().map(|(beyond, more)| Some(beyond + more)));
        prop_assert!(better <= worse + 1e-12, "{} > {}", better, worse);
    }

    #[test]
    fn nothing_seen_changes_nothing(
        looks in prop::collection::vec(difference(), 0..40), at in prop::collection::vec(0_usize..40, 1..5),
        planned in planned()
    ) {
        for size in SIZES {
            let mut evidence = RankEvidence::new(size, planned);
            for beyond in &looks {
                evidence.look(Some(*beyond), 1.5);
            }
            let before = evidence.ln_now();
            for nothing in [None, Some(0.0), Some(-0.0), Some(f64::NAN), Some(f64::INFINITY)] {
                let after = evidence.clone().look(nothing, 1.5);
                prop_assert!((after - before).abs() <= 1e-12, "{:?}: {} after {}", nothing, after, before);
            }
            // Nor what follows, where an effect has but one look to begin at.
            let mut gaps: Vec<Option<f64>> = looks.iter().copied().map(Some).collect();
            for (number, at) in at.iter().enumerate() {
                gaps.insert(*at.min(&gaps.len()), if number % 2 == 0 { None } else { Some(0.0) });
            }
            let (with, without) =
                (at_last(size, Planned::proof(), gaps), at_last(size, Planned::proof(), looks.iter().copied().map(Some)));
            prop_assert_eq!(with.to_bits(), without.to_bits());
        }
    }

    #[test]
    fn the_unit_of_the_values_does_not_matter(
        looks in prop::collection::vec(-1e6..1e6_f64, 20..60), planned in planned(), unit in 1e-3..1e3_f64
    ) {
        let other: Vec<f64> = looks.iter().map(|beyond| beyond * unit).collect();
        for size in SIZES {
            let one = at_last(size, planned, looks.iter().copied().map(Some));
            prop_assert_eq!(one.to_bits(), at_last(size, planned, other.iter().copied().map(Some)).to_bits());
        }
        prop_assert_eq!(rank_temper(&looks).to_bits(), rank_temper(&other).to_bits());
    }

    #[test]
    fn runs_have_a_length(history in prop::collection::vec(prop_oneof![difference(), Just(f64::NAN)], 0..200)) {
        let temper = rank_temper(&history);
        prop_assert!((1.0..=19.0 + 1e-9).contains(&temper), "{}", temper);
    }

    #[test]
    fn lies_beyond_by_a_number_or_is_missing(
        new in difference(), old in difference(), tolerance in prop_oneof![0.0..1.0_f64, Just(f64::MAX)]
    ) {
        for harm in [Direction::Up, Direction::Down] {
            let by = beyond(new, old, tolerance, harm);
            prop_assert!(by.is_some_and(f64::is_finite), "{:?}", by);
            prop_assert_eq!(beyond(-new, -old, tolerance, harm), by.and(beyond(new, old, tolerance, opposite(harm))));
        }
    }
}

fn opposite(harm: Direction) -> Direction {
    match harm {
        Direction::Up => Direction::Down,
        Direction::Down => Direction::Up,
    }
}

#[test]
fn lies_beyond_by_what_the_old_value_does_not_tolerate() {
    for (new, old, tolerance, harm, expected) in [
        (130.0, 100.0, 0.25, Direction::Up, Some(5.0)),
        (120.0, 100.0, 0.25, Direction::Up, Some(-5.0)),
        (70.0, 100.0, 0.25, Direction::Down, Some(5.0)),
        (130.0, 100.0, 0.25, Direction::Down, Some(-55.0)),
        (100.0, 100.0, 0.0, Direction::Up, Some(0.0)),
        // Below zero a tolerance is still one.
        (-100.0, -100.0, 0.25, Direction::Up, Some(-25.0)),
        (-100.0, -100.0, 0.25, Direction::Down, Some(-25.0)),
        // As much less as is tolerated, but for the last digit.
        (0.8 * 0.7, 0.7, 0.2, Direction::Down, Some(0.0)),
        (2.7, 3.0, 0.1, Direction::Down, Some(0.0)),
        (f64::MAX, f64::MIN, 0.0, Direction::Up, Some(f64::MAX)),
        (f64::NAN, 1.0, 0.0, Direction::Up, None),
        (1.0, f64::INFINITY, 0.0, Direction::Down, None),
        (1.0, 1.0, f64::NAN, Direction::Up, None),
    ] {
        assert_eq!(beyond(new, old, tolerance, harm), expected, "{new} {old} {tolerance} {harm:?}");
    }
}

/// So that the last look of a long release costs no more than the first of its second day.
#[test]
fn sizes_are_ranked_among_the_first_thousands() {
    let ones = || (0..4096).map(|look| if look % 2 == 0 { 1.0 } else { -1.0 });
    let last = |more: fn(u32) -> f64| {
        at_last(Size::Ranked, Planned::harm(120), ones().chain((0..500).map(more)).map(Some))
    };
    let (same, larger) = (last(|_| 2.0), last(|look| 2.0 + f64::from(look)));
    assert_eq!(same.to_bits(), larger.to_bits(), "all are larger than those that are remembered");
}

#[test]
fn runs_are_as_long_as_they_were() {
    let looks = |of: fn(u32) -> f64, many: u32| (0..many).map(of).collect::<Vec<f64>>();
    let missing =
        |history: &[f64]| history.iter().flat_map(|beyond| [*beyond, f64::NAN]).collect::<Vec<f64>>();
    let pairs = looks(|look| f64::from(look / 2 % 2), 120);
    for (what, history, expected) in [
        ("none", Vec::new(), 3.0),
        ("one too few", looks(f64::from, 19), 3.0),
        ("a trend", looks(f64::from, 120), 19.0),
        ("to and fro", looks(|look| f64::from(look % 2), 120), 1.0),
        ("always the same", looks(|_| 0.5, 120), 3.0),
        ("in pairs that tie", pairs.clone(), 1.0),
        ("a number at every other look", missing(&pairs), 1.0),
        ("too few numbers", missing(&looks(f64::from, 19)), 3.0),
    ] {
        let temper = rank_temper(&history);
        assert!((temper - expected).abs() < 1e-9, "{what}: {temper}, expected {expected}");
    }
}
