//! Reloading: other rules come into force while gates look. It comes to what a restart under those rules comes to.

use backstop::decision::{self, Course, Mode, Outcome};
use backstop::engine::{Event, Notice, Phase, State};
use backstop::gate::{Ending, Verdict};
use backstop::ledger::{Record, replay};
use proptest::prelude::*;

use crate::acts::{Act, Play, act};
use crate::bench::{Bench, Does, change, gate, lost, program, rejected, seconds, taken};
use crate::replaying::episode;

pub(crate) type Edit = (&'static str, &'static str);

const ONLY_ROLLBACK: Edit = (
    "{ confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback }",
    "{ confidence: 0.99, do: rollback }",
);

pub(crate) const ANOTHER_GATE: Edit = (
    "gates:\n",
    concat!(
        "gates:\n",
        gate!("other" warms up "2m" and ends after "9m", "other" counts "other_total"),
        "        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback } ]
      pass: promote
"
    ),
);

const WITHOUT_B: Edit = ("  - { service: b, environment: production, select: { service: b } }\n", "");

/// What rules may have become. Each stands by itself.
const EDITS: [(&str, &[Edit]); 15] = [
    ("nothing", &[]),
    ("a threshold", &[("fails_when: ratio > 1.25", "fails_when: ratio > 9")]),
    ("rungs", &[ONLY_ROLLBACK]),
    ("its name", &[("gate: canary", "gate: renamed")]),
    ("a check's name", &[("check: errors", "check: failures")]),
    ("what is counted", &[("bad: 'errors_total'", "bad: 'failures_total'")]),
    ("of which series", &[("select: { service: a }", "select: { service: a, cluster: eu }")]),
    ("how often it looks", &[("every: 30s", "every: 1m")]),
    ("how long it warms up", &[("warmup: 1m", "warmup: 3m")]),
    ("how long it watches", &[("after: 10m", "after: 5m"), ("after: 8m", "after: 4m")]),
    ("another gate beside it", &[ANOTHER_GATE]),
    ("a target that is gone", &[WITHOUT_B]),
    ("the mode", &[("mode: act", "mode: ask")]),
    ("limits", &[("per_service: 9/h, cooldown: 0s", "per_service: 1/h, cooldown: 5m")]),
    ("no way to see it", &[(", verify: { expr: 'up' }", "")]),
];

/// Something that happens.
#[derive(Debug, Clone)]
enum Turn {
    Act(Act),
    /// These rules come into force.
    Rules(usize),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![15 => act().prop_map(Turn::Act), 4 => (0..EDITS.len()).prop_map(Turn::Rules)]
}

/// How rules come into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Reload,
    Restart,
}

/// The next thing happens, under rules that come into force in this way.
fn go_on(play: &mut Play, turn: &Turn, by: By) {
    let edit = match turn {
        Turn::Act(act) => return play.act(act),
        Turn::Rules(edit) => EDITS[*edit].1,
    };
    // An answer that is on its way is known to whoever lives on alone.
    play.bench.answer(&play.answer);
    match by {
        By::Reload => play.bench.reload(program(edit)),
        By::Restart => {
            play.bench.write_all();
            play.bench.restart(program(edit));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the rules become, and whenever: it decides and does the same at the same moments, for the same reasons.
    #[test]
    fn a_reload_comes_to_what_a_restart_comes_to(turns in prop::collection::vec(turn(), 1..30)) {
        let (mut reloaded, mut restarted) = (Play::new(&[]), Play::new(&[]));
        for (play, by) in [(&mut reloaded, By::Reload), (&mut restarted, By::Restart)] {
            for turn in &turns {
                go_on(play, turn, by);
            }
            play.act(&Act::Wait(1_500));
        }
        prop_assert_eq!(reloaded.bench.lasting(), restarted.bench.lasting());
        prop_assert_eq!(reloaded.bench.engine.flights().count(), 0);
        prop_assert!(reloaded.bench.engine.cells().all(backstop::engine::Cell::is_over));
        for id in reloaded.bench.ids() {
            let replayed = replay(&episode(&reloaded.bench, id.cell), id);
            prop_assert!(replayed.is_ok(), "{:?}", replayed);
        }
    }
}

/// Nobody could be called when it failed, and then the rules had no such gate for a while.
#[test]
fn a_call_that_is_owed_is_made_once_the_rules_have_its_gate_again() {
    let renamed = EDITS[3].1;
    // Nobody may be called by the first rules; by the others, it is not known yet what is said.
    for first in [ONLY_ROLLBACK, crate::inquiring::NOTIFY_ASKS] {
        for waits in [0, 1, 600] {
            let mut bench = Bench::new(&[first]);
            bench.tell(change("a", "v1", 0));
            bench.run(345, &rejected(None));
            assert_eq!(bench.outcomes(), [Outcome::Failed], "{:?}", bench.decided());
            assert_eq!(bench.intended(), ["promote a"]);
            bench.reload(program(renamed));
            bench.run(345 + waits, &taken());
            bench.reload(program(&[]));
            bench.run(345 + waits + 5, &taken());
            assert_eq!(bench.intended(), ["promote a", "notify a"], "{first:?}, after {waits} s");
        }
    }
}

/// The seconds from the change on at which gates wait, warm up and look.
const MOMENTS: [(i64, &str); 3] = [(1, "waits"), (80, "warms up"), (200, "looks")];

#[test]
fn what_asks_the_same_goes_on_and_what_does_not_is_withdrawn() {
    for (what, edits, stays) in [
        ("nothing", EDITS[0].1, [true; 3]),
        ("a threshold", EDITS[1].1, [true; 3]),
        ("rungs", EDITS[2].1, [true; 3]),
        ("its name", EDITS[3].1, [false; 3]),
        // One that has not begun asks what it is told to ask when it begins.
        ("a check's name", EDITS[4].1, [true, true, false]),
        ("what is counted", EDITS[5].1, [true, true, false]),
        ("of which series", EDITS[6].1, [true, true, false]),
        ("how often it looks", EDITS[7].1, [true, true, false]),
        ("another gate", EDITS[10].1, [true; 3]),
        ("another target", EDITS[11].1, [true; 3]),
        (
            "its target",
            &[("  - { service: a, environment: production, select: { service: a } }\n", "")][..],
            [false; 3],
        ),
        (
            "what it is for",
            &[("match: { environment: production }", "match: { environment: production, service: b }")],
            [false; 3],
        ),
        ("upon what", &[("upon: canary", "upon: config")], [false; 3]),
    ] {
        for ((moment, phase), stays) in MOMENTS.into_iter().zip(stays) {
            let mut bench = Bench::new(&[]).does("a", 0, Does::Well);
            bench.tell(change("a", "2", 0));
            bench.run(moment, &taken());
            let before = bench.engine.cells().next().unwrap().clone();
            bench.reload(program(edits));
            let after = bench.engine.cells().next();
            assert_eq!(after.is_some(), stays, "{what}, while it {phase}");
            let withdrawn =
                bench.notices.iter().filter(|told| matches!(told, Notice::Withdrawn { .. })).count();
            assert_eq!(
                (withdrawn, bench.endings().len()),
                (usize::from(!stays), usize::from(!stays)),
                "{what}"
            );
            if let Some(after) = after.filter(|_| matches!(before.phase, Phase::Looking(_))) {
                assert_eq!(after.standing(), before.standing(), "{what}: nothing of its evidence is lost");
                assert_eq!(after.terms(), before.terms(), "{what}: terms hold once a gate has begun");
            }
        }
    }
}

#[test]
fn looks_that_were_not_written_down_are_so_where_their_gate_ends() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Well);
    bench.tell(change("a", "2", 0));
    bench.run(220, &taken());
    let looks = bench.engine.cells().next().unwrap().standing().looks;
    assert!(u32::try_from(bench.looks().len()).unwrap() < looks, "some are not written down");
    bench.reload(program(&[("gate: canary", "gate: renamed")]));
    assert_eq!(u32::try_from(bench.looks().len()).unwrap(), looks);
    let ended = bench.records.last().unwrap();
    assert!(
        matches!(ended, Record::Ended { look, why: Ending::Withdrawn, .. } if *look == looks),
        "{ended:?}"
    );
}

#[test]
fn mode_limits_and_rungs_are_the_new_ones_at_once() {
    for (what, edits, intended, course) in [
        ("act", &[ONLY_ROLLBACK][..], true, Course::Act),
        ("ask", &[ONLY_ROLLBACK, ("mode: act", "mode: ask")], false, Course::Ask),
        ("shadow", &[ONLY_ROLLBACK, ("mode: act", "mode: shadow")], false, Course::Hold),
        (
            "limits",
            &[
                ONLY_ROLLBACK,
                ("everywhere: 100/h, per_service: 100/h", "everywhere: 0/h, per_service: 0/h"),
                ("per_service: 9/h", "per_service: 0/h"),
            ],
            false,
            Course::Ask,
        ),
    ] {
        let mut bench = Bench::new(&[ONLY_ROLLBACK]).does("a", 100, Does::Badly);
        bench.tell(change("a", "2", 0));
        bench.run(110, &taken());
        assert!(bench.decided().is_empty(), "{what}: {:?}", bench.decided());
        bench.reload(program(edits));
        bench.run(400, &taken());
        assert_eq!(!bench.intended().is_empty(), intended, "{what}: {:?}", bench.decided());
        let courses = bench.records.iter().filter_map(|record| match record {
            Record::Decided { ruling, .. } => Some(ruling.course),
            _ => None,
        });
        assert_eq!(courses.collect::<Vec<_>>().first(), Some(&course), "{what}");
    }
}

/// Changes that nobody watches are not watched from now on either: their beginning was not seen.
#[test]
fn a_gate_that_is_new_watches_the_changes_that_come() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Well);
    bench.tell(change("a", "2", 0));
    bench.run(100, &taken());
    bench.reload(program(&[ANOTHER_GATE]));
    bench.run(200, &taken());
    assert_eq!(bench.engine.cells().count(), 1);
    bench.tell(change("a", "3", 200));
    assert_eq!(bench.engine.cells().filter(|cell| !cell.is_over()).count(), 2);
}

/// A bench with a rollback that was sent, and has no answer yet.
fn sent() -> Bench {
    let mut bench = Bench::new(&[ONLY_ROLLBACK]).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    while bench.world.sent.is_empty() {
        assert!(seconds(bench.now) < 800, "{:?}", bench.decided());
        bench.now = bench.now.plus(backstop::unit::Span::from_secs(1));
        bench.happen(Event::Tick);
    }
    bench
}

#[test]
fn an_answer_on_its_way_is_heard_and_what_comes_next_is_as_the_rules_say_now() {
    for (what, edits, answer, outcome) in [
        ("it can be seen", &[][..], taken(), Outcome::Verified),
        ("nobody can see it any more", &[(", verify: { expr: 'up' }", "")], taken(), Outcome::Taken),
        (
            "nobody can see it, and it was lost",
            &[(", verify: { expr: 'up' }", "")],
            lost(),
            Outcome::Unverified,
        ),
        ("the gate is gone", &[("gate: canary", "gate: renamed")], taken(), Outcome::Taken),
        (
            "the gate is gone, and it was refused",
            &[("gate: canary", "gate: renamed")],
            rejected(None),
            Outcome::Expired,
        ),
        ("the action is gone", &[("do: rollback }", "do: pause }")], rejected(None), Outcome::Expired),
    ] {
        let mut bench = sent();
        bench.world.holds = true;
        let edits: Vec<Edit> = [ONLY_ROLLBACK].iter().chain(edits).copied().collect();
        bench.reload(program(&edits));
        assert!(bench.engine.flights().all(|flight| matches!(flight.state, State::Sent { .. })), "{what}");
        bench.answer(&answer);
        bench.run(seconds(bench.now) + 400, &rejected(None));
        assert_eq!(bench.outcomes().first(), Some(&outcome), "{what}");
    }
}

#[test]
fn what_was_taken_and_cannot_be_seen_any_more_ends() {
    let mut bench = sent();
    bench.answer(&taken());
    assert!(bench.engine.flights().all(|flight| matches!(flight.state, State::Taken { .. })));
    bench.reload(program(&[ONLY_ROLLBACK, (", verify: { expr: 'up' }", "")]));
    assert_eq!(bench.outcomes(), [Outcome::Taken]);
    assert_eq!(bench.endings(), [Ending::ActedOn]);
}

/// What tells a question from others is in every ledger: were it made otherwise by another version, all gates that look
/// would be withdrawn by a start of that.
#[test]
fn questions_are_told_apart_as_they_ever_were() {
    let mut bench = Bench::new(&[]);
    bench.tell(change("a", "2", 0));
    let question = bench.engine.cells().next().unwrap().terms().checks[0].question.unwrap();
    assert_eq!(question.to_string(), "fcf9ad5b8af1ece9");
}

/// A reload is written down before all that follows from it.
#[test]
fn a_reload_is_written_down() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Well);
    bench.tell(change("a", "2", 0));
    bench.run(100, &taken());
    let before = bench.records.len();
    bench.reload(program(&[("gate: canary", "gate: renamed"), ("mode: act", "mode: ask")]));
    let [first, .., last] = &bench.records[before..] else { unreachable!("two records at least") };
    assert_eq!(first, &Record::Reloaded { config: "c0ffee".to_owned(), mode: Mode::Ask });
    assert!(matches!(last, Record::Ended { why: Ending::Withdrawn, .. }), "{last:?}");
}

/// Gates of one release share its evidence: what one of them showed that is gone speaks no more, at no moment.
#[test]
fn a_gate_that_is_gone_has_no_say_in_what_was() {
    let beside = [ANOTHER_GATE];
    let mut bench = Bench::new(&beside);
    bench.world.does.insert("a canary".to_owned(), vec![(0, Does::Badly)]);
    bench.world.does.insert("a other".to_owned(), vec![(0, Does::Well)]);
    bench.happen(Event::Switched(decision::Turn::of_all(Some("incident".to_owned()), "me")));
    bench.tell(change("a", "2", 0));
    bench.run(400, &taken());
    let release = |bench: &Bench, gate: &str| {
        let engine = &bench.engine;
        let cell =
            engine.cells().find(|cell| engine.program().watches[cell.watch].gate.name.as_str() == gate);
        engine.release_of(cell.unwrap().id).unwrap()
    };
    assert!(release(&bench, "other").confidence() > 0.9, "{:?}", release(&bench, "other"));
    bench.reload(program(&[ANOTHER_GATE, ("gate: canary", "gate: renamed")]));
    let after = release(&bench, "other");
    assert!(after.confidence() < 0.5 && after.gates == 1, "{after:?}");
    let standing = bench.engine.cells().find(|cell| !cell.is_over()).unwrap().standing();
    assert!(!matches!(standing.verdict, Verdict::Fail(_)));
}
