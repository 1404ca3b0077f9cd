//! Trials as a whole: what holds of every one of them, and how simulated releases come out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "kit/chance.rs"]
mod chance;
#[path = "trial/borders.rs"]
mod borders;
#[path = "trial/fares.rs"]
mod fares;
#[path = "trial/law.rs"]
mod law;
#[path = "trial/levels.rs"]
mod levels;
#[path = "trial/mix.rs"]
mod mix;
#[path = "trial/simulation.rs"]
mod simulation;
#[path = "trial/strands.rs"]
mod strands;
#[path = "trial/verdict.rs"]
mod verdict;
#[path = "trial/votes.rs"]
mod votes;

use backstop::gate::{
    Arm, Asked, Before, Bound, CheckTerms, Counted, Design, Found, Gap, Judged, Look, Opening, Part, Proof,
    Strand, Tally, Terms, Trial, Verdict, Worse,
};
use backstop::unit::UnixMillis;

/// The default rule: worse by more than a quarter, and by more than a twentieth of a point.
fn check(name: &str) -> CheckTerms {
    CheckTerms {
        name: name.parse().unwrap(),
        asked: Asked::Share,
        judged: Judged::Yes,
        weight: 1.0,
        worse: Worse::Higher,
        fails: vec![Bound::Ratio(1.25), Bound::Difference(0.000_5)],
        passes: Proof::Within(vec![Bound::Ratio(2.0)]),
        at_least: 0,
        critical: false,
        because: None,
        question: None,
    }
}

/// In which direction a check looks, when it fails, and when it passes: one of each sort.
fn kinds() -> [(Worse, Vec<Bound>, Proof); 6] {
    [
        (
            Worse::Higher,
            vec![Bound::Ratio(1.25), Bound::Difference(0.000_5)],
            Proof::Within(vec![Bound::Ratio(2.0)]),
        ),
        (Worse::Higher, vec![Bound::Difference(0.01)], Proof::NotContradicted),
        (Worse::Higher, vec![Bound::Value(0.05)], Proof::Within(vec![Bound::Difference(0.02)])),
        (Worse::Lower, vec![Bound::Ratio(0.8)], Proof::Within(vec![Bound::Ratio(0.5)])),
        (Worse::Higher, vec![Bound::Ratio(1.0)], Proof::Never),
        (Worse::Lower, vec![Bound::Value(0.3)], Proof::Never),
    ]
}

fn terms(design: Design, looks: u32, checks: Vec<CheckTerms>) -> Terms {
    Terms { design, looks, pass_from: 1, share: 1.0, checks }
}

const fn tally(events: u64, of: u64) -> Tally {
    Tally { events, of }
}

fn look(number: usize, counted: Vec<Option<Counted>>) -> Look {
    let gap = Found::Missing(Gap::Silent(Arm::New));
    let found = counted.into_iter().map(|counted| counted.map_or(gap.clone(), Found::from)).collect();
    Look { at: UnixMillis::new(30_000 * i64::try_from(number).unwrap()), found }
}

/// An opening with these rows of each check.
fn opening(rows: Vec<Vec<Vec<Tally>>>) -> Opening {
    let strand = |rows| Strand { part: Part::default(), rows };
    let before = |rows| Before { strands: vec![strand(rows)], ..Before::default() };
    Opening { checks: rows.into_iter().map(before).collect() }
}

/// A trial after all these looks, each of as many checks as there are.
fn fold(terms: &Terms, opening: &Opening, looks: &[Vec<Option<Counted>>]) -> Trial {
    let mut trial = Trial::open(terms.clone(), opening);
    for (number, counted) in looks.iter().enumerate() {
        trial.look(&look(number, counted.clone()));
    }
    trial
}

/// The worse, the greater.
const fn harm(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Pass(_) => 0,
        Verdict::Inconclusive(_) => 1,
        Verdict::Fail(_) => 2,
    }
}
