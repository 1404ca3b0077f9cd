//! Replaying: a decision comes out again as it was, and nothing that it rests on can be altered unseen.

use std::collections::BTreeSet;

use backstop::decision::{Case, CellId, Course, DecisionId, Held, Mode, Occasion, Scope, Wish};
use backstop::engine::Event;
use backstop::gate::{Counted, Finding, Found, Gap, Look, Opening, Terms, Verdict};
use backstop::ledger::{Decided, Difference, Entry, Episode, Record, rationale, replay};
use backstop::signal::{Deaf, Provenance};
use backstop::unit::{Confidence, Span};

use crate::bench::{Bench, Does, at, change, rejected, taken};
use crate::reloading::ANOTHER_GATE;

/// All that the ledger holds about a cell, as an episode.
pub(crate) fn episode(bench: &Bench, cell: CellId) -> Episode {
    let keys: BTreeSet<_> = bench
        .records
        .iter()
        .filter_map(|record| match record {
            Record::Intended(intention) if intention.decision.cell == cell => Some(intention.key.clone()),
            _ => None,
        })
        .collect();
    let own = |record: &&Record| match record {
        Record::Retried { key, .. } | Record::Answered { key, .. } | Record::Closed { key, .. } => {
            keys.contains(key)
        }
        other => other.cell().is_none_or(|of| of == cell),
    };
    Episode::of(bench.records.iter().filter(own).cloned())
}

fn bench() -> Bench {
    let edits = [("changes_undone_at_once: 100", "changes_undone_at_once: 2"), ("mode: act", "mode: ask")];
    let mut bench = Bench::new(&edits).does("a", 0, Does::Worse).does("b", 0, Does::Nothing);
    for service in ["a", "b", "c"] {
        bench.tell(change(service, "2", 0));
    }
    bench.run(1_200, &rejected(None));
    bench
}

/// What a look counted for the first check.
fn counted(look: &mut Look) -> &mut Counted {
    let Found::Counts(counts) = &mut look.found[0] else { unreachable!("this look counted") };
    &mut counts.strands[0]
}

#[test]
fn every_decision_comes_out_again() {
    for does in [Does::Well, Does::Badly, Does::Worse, Does::Nothing, Does::Missing, Does::Little] {
        for edits in [&[][..], &[ANOTHER_GATE]] {
            let mut bench = Bench::new(edits).does("a", 0, does);
            bench.tell(change("a", "2", 0));
            bench.run(1_200, &taken());
            assert!(!bench.ids().is_empty());
            for id in bench.ids() {
                let replayed = replay(&episode(&bench, id.cell), id);
                assert!(replayed.is_ok(), "{does:?}: {replayed:?}");
            }
        }
    }
}

/// Why there was no look is told with where more is told of that, and is made again as it was.
#[test]
fn a_source_that_was_never_heard_is_explained() {
    let mut bench = Bench::new(&[]);
    bench.tell(change("a", "2", 0));
    let cell = bench.engine.cells().next().unwrap().id;
    bench.now = at(100_000);
    bench.happen(Event::Unheard { cell, deaf: Deaf::Late });
    let id = *bench.ids().first().unwrap();
    let episode = episode(&bench, cell);
    assert!(replay(&episode, id).is_ok(), "{:?}", replay(&episode, id));
    let text = rationale(&episode, id).unwrap();
    assert!(text.contains("no look was taken, as the source"), "{text}");
    assert!(text.contains("the log and `/metrics` say more of the source"), "{text}");
}

type Alter<T> = fn(&mut T);

fn next_up(float: &mut f64) {
    *float = float.next_up();
}

/// The decision on the last rung, which has looks, a case and voices.
fn held(bench: &Bench) -> (Episode, DecisionId) {
    let found = bench.records.iter().find_map(|record| match record {
        Record::Decided { id, occasion: Occasion::Fail { rung: Some(rung) }, .. } if rung.share() > 0.98 => {
            Some(*id)
        }
        _ => None,
    });
    let id = found.unwrap();
    (episode(bench, id.cell), id)
}

#[test]
fn an_altered_decision_is_found() {
    let alterations: Vec<(&str, Alter<Decided>)> = vec![
        ("its looks, one fewer", |it| it.look -= 1),
        ("its looks, one more than there are", |it| it.look = 10_000),
        ("its time", |it| it.at = at(1)),
        ("what led to it: another verdict", |it| it.occasion = Occasion::Pass),
        ("what led to it: none", |it| it.occasion = Occasion::Inconclusive),
        ("what led to it: a rung it did not reach", |it| {
            it.occasion = Occasion::Fail { rung: Some(Confidence::new(0.999_999).unwrap()) }
        }),
        ("how many looks its standing has", |it| it.standing.looks += 1),
        ("its evidence by a bit", |it| next_up(&mut it.standing.ln_now)),
        ("the most of it by a bit", |it| next_up(&mut it.standing.ln_most)),
        ("its verdict", |it| {
            it.standing.verdict = Verdict::Pass(Finding { check: 0, ln_evidence: 3.0, proved: true });
        }),
        ("its verdict's culprit", |it| {
            if let Verdict::Fail(finding) = &mut it.standing.verdict {
                finding.check += 1;
            }
        }),
        ("its verdict's evidence", |it| {
            if let Verdict::Fail(finding) = &mut it.standing.verdict {
                next_up(&mut finding.ln_evidence);
            }
        }),
        ("whether that is proved", |it| {
            if let Verdict::Fail(finding) = &mut it.standing.verdict {
                finding.proved = false;
            }
        }),
        ("its course", |it| it.ruling.course = Course::Act),
        ("who spoke: nobody", |it| it.ruling.spoke.clear()),
        ("who spoke: one more", |it| it.ruling.spoke.push(Held::Unable)),
        ("its case's time", |it| it.case.at = at(1)),
        ("the wish", |it| it.case.wish = Wish::Nothing),
        ("the mode", |it| it.case.mode = Mode::Act),
        ("the switch", |it| it.case.switched_off = Some("x".to_owned())),
        ("the switch of the service", |it| it.case.service_off = Some("x".to_owned())),
        ("who told", |it| it.case.provenance = Provenance::Inferred),
        ("what ran before", |it| it.case.ran_before = true),
        ("how old the looks are", |it| it.case.stale = Some(at(0))),
        ("how strong the evidence is", |it| it.case.weak = [backstop::decision::Weak::Expr].into()),
        ("what is in flight", |it| it.case.in_flight = Some("k".to_owned())),
        ("what is unverified", |it| it.case.unverified = Some("k".to_owned())),
        ("a budget", |it| it.case.budgets[0].spent = 1_000),
        ("when it was last acted", |it| {
            (it.case.last_acted, it.case.cooldown) = (Some(it.at), Span::from_secs(9));
        }),
        ("how many are undone", |it| it.case.undone_now = 2),
    ];
    let (episode, id) = held(&bench());
    assert!(replay(&episode, id).is_ok());
    for (what, alter) in alterations {
        let mut altered = episode.clone();
        alter(altered.decisions.iter_mut().find(|decided| decided.id == id).unwrap());
        assert_ne!(altered.decisions, episode.decisions, "{what} was not altered");
        assert!(replay(&altered, id).is_err(), "{what}");
    }
}

/// Every count of every look and of what was before, and every figure of the terms that counts.
#[test]
fn an_altered_count_is_found() {
    let (episode, id) = held(&bench());
    let look = episode.decision(id).unwrap().look;
    let differs = |altered: &Episode, what: &str| {
        let difference = replay(altered, id);
        assert!(
            matches!(difference, Err(Difference::Evidence { .. } | Difference::Occasion { .. })),
            "{what}: {difference:?}"
        );
    };
    let counts: Vec<(&str, Alter<Look>)> = vec![
        ("an error more", |look| counted(look).new.events += 1),
        ("an error fewer", |look| counted(look).new.events -= 1),
        ("a request more", |look| counted(look).new.of += 1),
        ("an old error more", |look| counted(look).old[3].events += 1),
        ("an old request more", |look| counted(look).old[0].of += 1),
        ("no counts", |look| look.found[0] = Found::Missing(Gap::NoValue)),
    ];
    for (what, alter) in counts {
        for index in 0..usize::try_from(look).unwrap() {
            let mut altered = episode.clone();
            alter(&mut altered.looks[index].1);
            differs(&altered, &format!("{what} at look {}", index + 1));
        }
    }
    let terms: Vec<(&str, Alter<Terms>)> = vec![
        ("the horizon", |terms| terms.looks += 1),
        ("the share", |terms| terms.share = 0.999),
        ("a floor", |terms| terms.checks[0].at_least = 1_000_000),
        ("a border", |terms| terms.checks[0].fails = vec![backstop::gate::Bound::Ratio(1.250_000_1)]),
        ("the design", |terms| terms.design = backstop::gate::Design::AfterBefore),
        ("what is judged", |terms| terms.checks[0].judged = backstop::gate::Judged::Shadow),
    ];
    for (what, alter) in terms {
        let mut altered = episode.clone();
        alter(&mut altered.began.as_mut().unwrap().terms);
        differs(&altered, what);
    }
    let opening: Vec<(&str, Alter<Opening>)> = vec![
        ("a cluster before", |opening| opening.checks[0].strands[0].rows[5][0].events += 400),
        ("no history", |opening| opening.checks.clear()),
    ];
    for (what, alter) in opening {
        let mut altered = episode.clone();
        alter(&mut altered.began.as_mut().unwrap().opening);
        differs(&altered, what);
    }
    let mut pruned = episode.clone();
    pruned.looks.remove(1);
    assert!(matches!(replay(&pruned, id), Err(Difference::Pruned { .. })));
    let mut pruned = episode;
    pruned.looks.truncate(1);
    assert!(matches!(replay(&pruned, id), Err(Difference::Pruned { .. })));
}

/// What a ruling does not rest on here, it may rest on elsewhere: whatever is altered, the bytes are others, and so is the
/// chain.
#[test]
fn an_alteration_that_replay_cannot_see_breaks_the_chain() {
    let bench = bench();
    let (episode, id) = held(&bench);
    let decided = episode.decision(id).unwrap();
    let bytes = |case: &Case| {
        let Decided { id, look, at, occasion, standing, ruling, .. } = decided.clone();
        let record = Record::Decided {
            id,
            cell: id.cell,
            look,
            at,
            occasion,
            standing,
            case: Box::new(case.clone()),
            ruling,
            written: None,
        };
        Entry::of(&record, at).unwrap().payload().to_vec()
    };
    let quiet: Vec<(&str, Alter<Case>)> = vec![
        ("what a budget is of", |case| case.budgets[0].of = None),
        ("where it counts", |case| case.budgets[0].scope = Scope::Environment),
        ("its rate", |case| case.budgets[0].rate = "8/h".parse().unwrap()),
        ("what is spent", |case| case.budgets[0].spent = 3),
        ("when it was last acted", |case| case.last_acted = Some(at(-100_000))),
        ("how long it cools down", |case| case.cooldown = Span::from_secs(17)),
        ("how many are undone", |case| case.undone_now = 1),
        ("how many may be", |case| case.undone_at_once = None),
    ];
    for (what, alter) in quiet {
        let mut case = decided.case.clone();
        alter(&mut case);
        assert_ne!(bytes(&case), bytes(&decided.case), "{what}");
    }
}
