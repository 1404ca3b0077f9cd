//! How things fare at one look alone, by its plain shares and levels.

use backstop::gate::{
    Arm, Asked, Before, Bound, CheckTerms, Counted, Counts, Design, Fares, Found, Gap, Judged, Levels, Look,
    Opening, Part, Proof, Slice, Strand, Tally, Trial, Worse,
};
use backstop::unit::UnixMillis;

use crate::{check, tally, terms};

/// What a look found: so many of so many on the new side, and on the old one, where it runs beside.
fn counts(new: Tally, old: &[Tally]) -> Found {
    Found::from(Counted { new, old: old.to_vec() })
}

/// A trial of these checks that found each of them once, with a baseline of 10 in 1,000 where nothing runs beside it.
fn trial(design: Design, checks: Vec<CheckTerms>, found: Vec<Found>) -> Trial {
    let strand = Strand { part: Part::default(), rows: vec![vec![tally(10, 1_000)]; 30] };
    let levels = vec![Levels { new: 5.0, old: 5.0 }; 30];
    let before = Before { strands: vec![strand], levels, ..Before::default() };
    let opening = Opening { checks: vec![before; checks.len()] };
    let mut trial = Trial::open(terms(design, 20, checks), &opening);
    trial.look(&Look { at: UnixMillis::new(30_000), found });
    trial
}

fn of(worse: Worse, fails: &[Bound]) -> CheckTerms {
    CheckTerms { worse, fails: fails.to_vec(), passes: Proof::Never, ..check("errors") }
}

/// From both sides of each bound, in both directions, beside the other side and after what was before.
#[test]
fn a_share_is_beyond_its_bounds_or_is_not() {
    use Bound::{Difference, Ratio, Value};
    use Fares::{Badly, Unknown, Well};
    use Worse::{Higher, Lower};
    let both = [Ratio(1.25), Difference(0.005)];
    for (worse, fails, new, expected) in [
        (Higher, &[Ratio(2.0)][..], tally(20, 1_000), Well),
        (Higher, &[Ratio(2.0)], tally(21, 1_000), Badly),
        (Higher, &[Difference(0.01)], tally(20, 1_000), Well),
        (Higher, &[Difference(0.01)], tally(21, 1_000), Badly),
        (Higher, &[Value(0.05)], tally(50, 1_000), Well),
        (Higher, &[Value(0.05)], tally(51, 1_000), Badly),
        (Lower, &[Ratio(0.5)], tally(5, 1_000), Well),
        (Lower, &[Ratio(0.5)], tally(4, 1_000), Badly),
        (Lower, &[Difference(0.005)], tally(4, 1_000), Badly),
        (Lower, &[Difference(0.005)], tally(6, 1_000), Well),
        // All bounds have to be broken.
        (Higher, &both, tally(14, 1_000), Well),
        (Higher, &both, tally(16, 1_000), Badly),
        // Nothing that happened says nothing.
        (Higher, &both, tally(0, 0), Unknown),
        // A check without bounds fails at nothing.
        (Higher, &[], tally(900, 1_000), Well),
    ] {
        for (design, old) in [
            (Design::Concurrent, vec![tally(4, 500), tally(6, 500)]),
            (Design::AfterBefore, vec![]),
            (Design::AfterShort, vec![]),
        ] {
            let found = counts(new, &old);
            let trial = trial(design, vec![of(worse, fails)], vec![found.clone()]);
            assert_eq!(trial.fares(&[found], false), expected, "{new:?} {fails:?} {worse:?} {design:?}");
        }
    }
}

#[test]
fn what_it_is_held_against_has_to_be_there() {
    let silent = [tally(0, 0)];
    for (fails, expected) in [
        (Bound::Ratio(2.0), Fares::Unknown),
        (Bound::Difference(0.1), Fares::Unknown),
        (Bound::Value(0.5), Fares::Well),
    ] {
        let found = counts(tally(1, 1_000), &silent);
        let trial = trial(Design::Concurrent, vec![of(Worse::Higher, &[fails])], vec![found.clone()]);
        assert_eq!(trial.fares(&[found], false), expected, "{fails:?}");
    }
}

/// Several checks, of which each may be there, missing, or well or not; and the new side may be idle.
#[test]
fn all_that_was_there_has_to_be_there_again() {
    let old = [tally(10, 1_000)];
    let (well, bad) = (counts(tally(10, 1_000), &old), counts(tally(90, 1_000), &old));
    let (none, gone) = (counts(tally(0, 0), &old), Found::Missing(Gap::Silent(Arm::New)));
    let own = || of(Worse::Higher, &[Bound::Ratio(1.25)]);
    let shadow = || CheckTerms { judged: Judged::Shadow, ..own() };
    for (title, second, before, found, idle, expected) in [
        ("both are well", own(), [&well, &well], [&well, &well], false, Fares::Well),
        ("one is not", own(), [&well, &well], [&well, &bad], false, Fares::Badly),
        ("one is not, however idle", own(), [&well, &well], [&none, &bad], true, Fares::Badly),
        ("one is missing", own(), [&well, &well], [&well, &gone], false, Fares::Unknown),
        ("one had nothing to count", own(), [&well, &well], [&well, &none], false, Fares::Unknown),
        ("one is missing that always was", own(), [&well, &gone], [&well, &gone], false, Fares::Well),
        ("all are missing that always were", own(), [&gone, &gone], [&gone, &gone], false, Fares::Unknown),
        ("idle, with nothing there", own(), [&well, &well], [&gone, &none], true, Fares::Well),
        ("one is bad that only watches", shadow(), [&well, &well], [&well, &bad], false, Fares::Well),
        (
            "only one is there that only watches",
            shadow(),
            [&well, &well],
            [&gone, &well],
            false,
            Fares::Unknown,
        ),
    ] {
        let trial = trial(Design::Concurrent, vec![own(), second], before.map(Clone::clone).to_vec());
        assert_eq!(trial.fares(&found.map(Clone::clone), idle), expected, "{title}");
    }
    let trial = trial(Design::Concurrent, vec![own()], vec![well]);
    assert_eq!(trial.fares(&[], false), Fares::Unknown, "nothing was answered");
}

#[test]
fn levels_and_expressions_are_held_to_their_bounds() {
    use Bound::{Difference, Ratio, Reached, Value};
    use Fares::{Badly, Unknown, Well};
    let level = |new: f64| Found::Levels(Levels { new, old: 5.0 });
    for (asked, worse, fails, found, expected) in [
        (Asked::Level, Worse::Higher, Ratio(2.0), level(10.0), Well),
        (Asked::Level, Worse::Higher, Ratio(2.0), level(10.5), Badly),
        (Asked::Level, Worse::Lower, Difference(1.0), level(3.9), Badly),
        (Asked::Level, Worse::Lower, Difference(1.0), level(4.0), Well),
        (Asked::Level, Worse::Higher, Value(7.0), level(7.1), Badly),
        (Asked::Level, Worse::Higher, Value(7.0), level(f64::NAN), Unknown),
        (Asked::Votes { agree: 3, of: 5 }, Worse::Higher, Value(14.4), Found::Value(14.5), Badly),
        (Asked::Votes { agree: 3, of: 5 }, Worse::Higher, Value(14.4), Found::Value(14.4), Well),
        (Asked::Votes { agree: 3, of: 5 }, Worse::Higher, Reached(14.4), Found::Value(14.4), Badly),
        (Asked::Votes { agree: 3, of: 5 }, Worse::Higher, Value(14.4), Found::Value(f64::NAN), Unknown),
    ] {
        for design in [Design::Concurrent, Design::AfterBefore] {
            let known = if asked == Asked::Level { level(5.0) } else { Found::Value(1.0) };
            let check = CheckTerms { asked, ..of(worse, &[fails]) };
            let trial = trial(design, vec![check], vec![known]);
            assert_eq!(
                trial.fares(std::slice::from_ref(&found), false),
                expected,
                "{found:?} {fails:?} {design:?}"
            );
        }
    }
}

/// What was proved to be bad has to be well, however little of the whole it is; what is bad by luck in a slice is not waited
/// for.
#[test]
fn a_slice_that_was_named_has_to_be_well() {
    let slice = |name: &str| Some(Slice::Of(vec![name.to_owned()]));
    let strand =
        |slice| Strand { part: Part { slice, border: None }, rows: vec![vec![tally(10, 1_000)]; 60] };
    let strands = vec![strand(None), strand(slice("/pay")), strand(slice("/list"))];
    let opening = Opening { checks: vec![Before { strands, ..Before::default() }] };
    let look = |pay: u64, list: u64| {
        let own = |new| Counted { new, old: vec![tally(10, 1_000)] };
        let whole = Counted { new: tally(10 + pay + list, 50_000), old: vec![tally(500, 50_000)] };
        let strands = vec![whole, own(tally(pay, 1_000)), own(tally(list, 1_000))];
        Found::Counts(Counts { strands, ..Counts::default() })
    };
    let own = of(Worse::Higher, &[Bound::Ratio(1.25)]);
    let mut trial = Trial::open(terms(Design::Concurrent, 20, vec![own]), &opening);
    for number in 1..=15 {
        trial.look(&Look { at: UnixMillis::new(30_000 * number), found: vec![look(300, 10)] });
    }
    let named: Vec<String> = trial.account(0).unwrap().culprits().map(ToString::to_string).collect();
    assert_eq!(named, ["/pay"]);
    for (pay, list, expected) in [(10, 10, Fares::Well), (300, 10, Fares::Badly), (10, 300, Fares::Well)] {
        assert_eq!(trial.fares(&[look(pay, list)], false), expected, "{pay} {list}");
    }
}
