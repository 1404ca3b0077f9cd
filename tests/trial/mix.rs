//! A total over unlike mixes of traffic: it is not judged where the mix alone moves it too far.

use backstop::gate::{
    Before, Bound, CheckTerms, Counted, Counts, Design, Found, Look, Mix, Opening, Part, Proof, Shortfall,
    Strand, Tally, Trial, Verdict, Worse,
};
use backstop::unit::UnixMillis;

use crate::{check, tally, terms};

/// What a look counts of each value of a label: on the new side, and on the old one.
type Values = [(Tally, Tally)];

const LOOKS: usize = 12;

fn trial(design: Design, check: CheckTerms, values: &Values) -> Trial {
    let sum = |side: fn(&(Tally, Tally)) -> &Tally| Tally::sum(values.iter().map(side));
    let (new, old) = (sum(|(new, _)| new), sum(|(_, old)| old));
    let beside = design == Design::Concurrent;
    let strand = Strand { part: Part::default(), rows: vec![vec![old]; 480] };
    let named = values.len() - 1;
    let before = |(_, old): &(Tally, Tally)| Tally { events: old.events * 480, of: old.of * 480 };
    let mix = Mix {
        label: "route".to_owned(),
        values: (0..named).map(|value| format!("/{value}")).collect(),
        before: values.iter().map(before).collect(),
    };
    let before = Before { strands: vec![strand], mixes: vec![mix], ..Before::default() };
    let mut trial = Trial::open(terms(design, 60, vec![check]), &Opening { checks: vec![before] });
    let here = |old: Tally| if beside { vec![old] } else { Vec::new() };
    let counts = Counts {
        strands: vec![Counted { new, old: here(old) }],
        mixes: values.iter().map(|(new, old)| Counted { new: *new, old: here(*old) }).collect(),
        ..Counts::default()
    };
    for number in 1..=LOOKS {
        let at = UnixMillis::new(i64::try_from(number).unwrap() * 30_000);
        trial.look(&Look { at, found: vec![Found::Counts(counts.clone())] });
    }
    trial
}

fn word(trial: &Trial) -> &'static str {
    match trial.standing().verdict {
        Verdict::Inconclusive(Shortfall::Unlike { check: 0 }) => "unlike",
        other @ (Verdict::Pass(_) | Verdict::Inconclusive(_) | Verdict::Fail(_)) => other.word(),
    }
}

const NONE: (Tally, Tally) = (tally(0, 0), tally(0, 0));

/// Two routes of which the second fails ten times as often, and the new side has twice the share of it.
const MIXED: [(Tally, Tally); 3] =
    [(tally(4, 800), tally(45, 9_000)), (tally(10, 200), tally(50, 1_000)), NONE];

#[test]
fn a_total_over_unlike_mixes_is_not_judged() {
    let fails = |fails: Vec<Bound>| CheckTerms { fails, ..check("errors") };
    let value = || CheckTerms { passes: Proof::Never, ..fails(vec![Bound::Value(0.005)]) };
    let lower = || CheckTerms {
        worse: Worse::Lower,
        fails: vec![Bound::Ratio(0.8)],
        passes: Proof::Never,
        ..check("orders")
    };
    let kept = |share: u64| {
        [(tally(8 * share, 1_600), tally(40, 8_000)), (tally(2 * share, 400), tally(10, 2_000)), NONE]
    };
    let chance = [(tally(4, 805), tally(40, 8_000)), (tally(10, 195), tally(100, 2_000)), NONE];
    // The status of the events themselves: a release that fails more often has more of it, and is harm for all that.
    let status = [(tally(0, 950), tally(0, 9_900)), (tally(50, 50), tally(100, 100)), NONE];
    let instances =
        [(tally(0, 0), tally(10, 5_000)), (tally(0, 0), tally(90, 5_000)), (tally(50, 1_000), tally(0, 0))];
    let fewer = [(tally(160, 800), tally(1_000, 5_000)), (tally(100, 200), tally(2_500, 5_000)), NONE];
    let mut wrong = Vec::new();
    for (what, check, values, expected) in [
        ("another mix, by the default rule", check("errors"), &MIXED, "unlike"),
        ("another mix, any harm", fails(vec![Bound::Ratio(1.0)]), &MIXED, "unlike"),
        (
            "another mix that moves it little of the way",
            CheckTerms { passes: Proof::Never, ..fails(vec![Bound::Ratio(6.0)]) },
            &MIXED,
            "inconclusive",
        ),
        ("a fixed value compares nothing", value(), &MIXED, "fail"),
        ("fewer are worse", lower(), &fewer, "unlike"),
        ("the same mix, and as good", check("errors"), &kept(1), "pass"),
        ("the same mix, and worse", check("errors"), &kept(8), "fail"),
        ("a mix that differs by chance", fails(vec![Bound::Ratio(1.0)]), &chance, "pass"),
        ("a label that says which are marked", check("errors"), &status, "fail"),
        ("values of one side alone", check("errors"), &instances, "fail"),
    ] {
        for design in [Design::Concurrent, Design::AfterBefore] {
            let trial = trial(design, check.clone(), values);
            let found = word(&trial);
            if found != expected {
                wrong.push(format!("{what}, {design:?}: {found} and not {expected}"));
            }
            let unlike = trial.account(0).unwrap().unlike;
            assert_eq!(unlike.is_some(), found == "unlike", "{what}: {unlike:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// It has no say in the release either, and says by what the mix alone moves it.
#[test]
fn what_is_not_judged_adds_no_evidence() {
    let trial = trial(Design::Concurrent, check("errors"), &MIXED);
    assert!(trial.standing().ln_now < 0.0 && trial.standing().ln_ours <= 0.0, "{:?}", trial.standing());
    let unlike = trial.account(0).unwrap().unlike.unwrap();
    assert_eq!(unlike.label, "route");
    assert!((unlike.old - 0.009_5).abs() < 1e-12 && (unlike.mixed - 0.014).abs() < 1e-12, "{unlike:?}");
}
