//! Watching: when a gate begins, looks, decides and ends.

use std::collections::{BTreeSet, VecDeque};

use backstop::decision::{Outcome, Refusal, Turn};
use backstop::engine::{Ask, Effect, Engine, Event, Phase};
use backstop::gate::{Ending, Found, Gap, Opening, Verdict};
use backstop::ledger::Record;
use backstop::signal::{Change, ChangeId};
use backstop::surface::watching::{Chosen, GATES, shown};
use backstop::unit::{Span, UnixMillis};

use crate::attempts::ONLY_ROLLBACK;
use crate::bench::{Bench, Does, at, change, gate, lost, program, rejected, seconds, taken};

/// When gates began to count, and how often they look.
fn opened(bench: &Bench) -> Vec<(i64, u32)> {
    let opened = |record: &Record| match record {
        Record::Opened { from, terms, .. } => Some((seconds(*from), terms.looks)),
        _ => None,
    };
    bench.records.iter().filter_map(opened).collect()
}

/// The looks that were written down: when each row was, and how many looks are in it.
fn looks(bench: &Bench) -> Vec<i64> {
    let looked = |record: &Record| match record {
        Record::Looked { looks, .. } => Some(looks.iter().map(|look| seconds(look.at)).collect::<Vec<_>>()),
        _ => None,
    };
    bench.records.iter().filter_map(looked).flatten().collect()
}

#[test]
fn releases_come_to_their_ends() {
    for (what, edits, does, decided, intended, ending) in [
        (
            "one that is worse",
            &[][..],
            Does::Worse,
            &["act: notify", "act: pause", "act: rollback"][..],
            // Nobody sees that it worked, so somebody is called.
            &["notify a", "pause a", "rollback a", "notify a"][..],
            Ending::TimeUp,
        ),
        ("a good one", &[], Does::Well, &["act: promote"], &["promote a"], Ending::Verdict),
        (
            "a good one that nothing is wanted of",
            &[("      pass: promote\n", "")],
            Does::Well,
            &["hold: nothing"],
            &[],
            Ending::Verdict,
        ),
        ("one with next to no traffic", &[], Does::Little, &["act: notify"], &["notify a"], Ending::TimeUp),
        ("one without any", &[], Does::Nothing, &["act: notify"], &["notify a"], Ending::NeverBegan),
        (
            "one that nothing is known of",
            &[],
            Does::Missing,
            &["act: notify"],
            &["notify a"],
            Ending::NeverBegan,
        ),
        (
            "one without any, of which nothing is wanted",
            &[("      inconclusive: { after: 8m, do: notify }\n", "")],
            Does::Nothing,
            &["hold: nothing"],
            &[],
            Ending::NeverBegan,
        ),
        (
            "a bad one in shadow mode",
            &[("mode: act", "mode: shadow"), ONLY_ROLLBACK],
            Does::Badly,
            &["hold: rollback Shadow"],
            &[],
            Ending::TimeUp,
        ),
        (
            "a bad one in ask mode",
            &[("mode: act", "mode: ask"), ONLY_ROLLBACK],
            Does::Badly,
            &["ask: rollback ModeAsks"],
            &[],
            Ending::TimeUp,
        ),
    ] {
        let mut bench = Bench::new(edits).does("a", 0, does);
        bench.tell(change("a", "2", 0));
        bench.run(1_200, &taken());
        assert_eq!(bench.decided(), decided, "{what}");
        assert_eq!(bench.intended(), intended, "{what}");
        assert_eq!(bench.endings(), [ending], "{what}");
        assert_eq!(bench.ids().len(), decided.len(), "{what}: each decision has a number of its own");
    }
}

#[test]
fn a_gate_looks_from_its_beginning_to_its_horizon_and_not_further() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Little);
    bench.tell(change("a", "2", 7));
    bench.run(1_200, &taken());
    // Traffic by 30 s, a minute to warm up, then a look each half minute, for ten minutes.
    assert_eq!(opened(&bench), [(90, 20)]);
    assert_eq!(looks(&bench), (1..=20).map(|look| 90 + 30 * look).collect::<Vec<_>>());
}

#[test]
fn a_pass_does_not_count_before_its_time() {
    for (edits, passed) in [
        (&[][..], 4),
        // The proof itself takes three looks.
        (&[("not_before: 2m", "not_before: 30s")][..], 3),
        (&[("not_before: 2m", "not_before: 8m")], 16),
        (&[("not_before: 2m", "not_before: 10m")], 20),
        (
            &[
                ("not_before: 2m", "not_before: 10m"),
                ("passes_when: ratio < 2", "passes_when: not_contradicted"),
            ],
            20,
        ),
        (&[("passes_when: ratio < 2", "passes_when: not_contradicted")], 20),
    ] {
        let mut bench = Bench::new(edits);
        bench.tell(change("a", "2", 0));
        bench.run(1_200, &taken());
        let ended = bench.records.iter().find_map(|record| match record {
            Record::Ended { look, standing, .. } => Some((*look, standing.verdict)),
            _ => None,
        });
        let Some((look, Verdict::Pass(_))) = ended else { panic!("{edits:?}: {ended:?}") };
        assert_eq!(look, passed, "{edits:?}");
    }
}

#[test]
fn a_gate_that_does_not_wait_for_traffic_begins_at_the_change() {
    for (at, warmup, from) in [(0, "0s", 0), (0, "1m", 60), (7, "0s", 30), (7, "1m", 90), (29, "1s", 30)] {
        let warmup = format!("warmup: {warmup}");
        let edits = [("at: first_traffic", "at: change"), ("warmup: 1m", warmup.as_str())];
        let mut bench = Bench::new(&edits).does("a", 0, Does::Nothing);
        bench.tell(change("a", "2", at));
        bench.run(200, &taken());
        assert_eq!(opened(&bench), [(from, 20)], "a change at {at} s, {warmup}");
    }
}

/// Whoever is told late, or hangs for a while, finds the same beginning.
#[test]
fn the_beginning_does_not_depend_on_who_looks_when() {
    for told in [0, 70, 200, 290] {
        let mut bench = Bench::new(&[]).does("a", 0, Does::Nothing).does("a", 100, Does::Badly);
        bench.now = at(told);
        bench.tell(change("a", "2", 0));
        bench.run(700, &taken());
        assert_eq!(opened(&bench), [(180, 20)], "told at {told} s");
    }
}

#[test]
fn traffic_that_comes_too_late_is_not_waited_for() {
    for (from, begins) in [(0, true), (270, true), (300, false)] {
        let mut bench = Bench::new(&[]).does("a", 0, Does::Nothing).does("a", from, Does::Badly);
        bench.tell(change("a", "2", 0));
        bench.run(1_200, &rejected(None));
        assert_eq!(!opened(&bench).is_empty(), begins, "traffic from {from} s on");
        assert_eq!(bench.endings() == [Ending::NeverBegan], !begins, "traffic from {from} s on");
    }
}

#[test]
fn looks_are_written_down_at_least_every_minute() {
    for (every, together) in [("10s", 6), ("20s", 3), ("30s", 2), ("1m", 1), ("2m", 1)] {
        let every_text = format!("every: {every}");
        let mut bench =
            Bench::new(&[("every: 30s", every_text.as_str()), ("not_before: 2m", "not_before: 4m")]).does(
                "a",
                0,
                Does::Little,
            );
        bench.tell(change("a", "2", 0));
        bench.run(900, &taken());
        let rows = bench.records.iter().filter_map(|record| match record {
            Record::Looked { looks, .. } => Some(looks.len()),
            _ => None,
        });
        let rows: Vec<usize> = rows.collect();
        assert!(rows.len() > 3 && rows.iter().all(|looks| *looks <= together), "{every}: {rows:?}");
    }
}

/// A decision's looks stand before it in the ledger, all of them.
#[test]
fn a_decision_stands_behind_the_looks_that_it_rests_on() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    bench.run(900, &taken());
    let mut written = 0;
    for record in &bench.records {
        match record {
            Record::Looked { first, looks, .. } => {
                assert_eq!(*first, written + 1);
                written += u32::try_from(looks.len()).unwrap();
            }
            Record::Decided { look, .. } => assert_eq!(*look, written),
            _ => {}
        }
    }
}

#[test]
fn the_next_change_takes_the_place_of_the_one_before() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Little);
    bench.tell(change("a", "2", 0));
    bench.run(200, &taken());
    bench.tell(change("b", "2", 200));
    assert!(bench.endings().is_empty(), "a change of another target takes nobody's place");
    bench.tell(change("a", "3", 200));
    assert_eq!(bench.endings(), [Ending::Superseded]);
    bench.tell(change("a", "3", 200));
    assert_eq!(
        bench.records.iter().filter(|record| matches!(record, Record::Awaited { .. })).count(),
        3,
        "told of twice"
    );
}

/// An older one that is told of late was superseded before anybody could look; of two at one moment, one is the later.
#[test]
fn what_was_told_of_late_is_not_watched() {
    for (first, second, watched) in [(100, 50, "2"), (100, 100, "3"), (100, 101, "3")] {
        let mut bench = Bench::new(&[]).does("a", 0, Does::Little);
        bench.now = at(150);
        bench.tell(change("a", "2", first));
        bench.tell(change("a", "3", second));
        let watching: Vec<_> = bench
            .engine
            .cells()
            .filter(|cell| !cell.is_over())
            .map(|cell| cell.change.version.clone())
            .collect();
        assert_eq!(watching, [watched], "{first} s, then {second} s");
    }
}

/// What is on its way is carried through, but nothing new is decided about a version that does not run any more.
#[test]
fn a_superseded_change_is_not_decided_on_while_its_action_flies() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Worse);
    bench.tell(change("a", "2", 0));
    loop {
        assert!(bench.now < at(900), "there was no pause: {:?}", bench.decided());
        bench.now = bench.now.plus(Span::from_secs(1));
        bench.happen(Event::Tick);
        if bench.intended().last().is_some_and(|last| last == "pause a") {
            break;
        }
        bench.answer(&taken());
    }
    assert!(bench.endings().is_empty());
    let now = seconds(bench.now);
    bench.tell(change("a", "3", now));
    let decided = bench.decided().len();
    assert!(bench.endings().is_empty(), "it waits for the pause");
    bench.run(now + 60, &taken());
    assert_eq!(bench.endings(), [Ending::Superseded]);
    assert_eq!(bench.decided().len(), decided, "{:?}", bench.decided());
}

/// One action at a time: the next one waits for the end of this one.
#[test]
fn a_stronger_action_waits_for_the_weaker_one() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Worse);
    bench.tell(change("a", "2", 0));
    bench.run(400, &rejected(None));
    let decided = ["act: notify", "act: pause", "hold: rollback InFlight", "act: rollback"];
    assert_eq!(bench.decided(), decided);
    let closed = bench
        .records
        .iter()
        .position(|record| matches!(record, Record::Closed { key, .. } if bench.key("pause") == *key));
    let intended = bench
        .records
        .iter()
        .position(|record| matches!(record, Record::Intended(it) if it.key == bench.key("rollback")));
    assert!(closed.unwrap() < intended.unwrap());
}

/// One name for the changes of several targets, as of a pipeline that ships to each.
#[test]
fn changes_of_one_name_are_told_apart_by_their_targets() {
    let mut bench = Bench::new(&[ONLY_ROLLBACK]).does("a", 0, Does::Badly).does("b", 0, Does::Badly);
    let named = |service| {
        let mut change = change(service, "2", 0);
        change.id.0 = "build-17".to_owned();
        change
    };
    bench.tell(named("a"));
    bench.tell(named("b"));
    assert_eq!(bench.engine.cells().count(), 2);
    bench.run(100, &taken());
    bench.restart(program(&[ONLY_ROLLBACK]));
    let targets: BTreeSet<_> = bench.engine.cells().map(|cell| cell.change.target.service.clone()).collect();
    assert_eq!(targets.len(), 2, "{targets:?}");
    bench.run(700, &taken());
    let intended: BTreeSet<_> = bench.intended().into_iter().collect();
    assert_eq!(intended, BTreeSet::from(["rollback a".to_owned(), "rollback b".to_owned()]));
}

/// Everything that fails at once is decided on in one tick. Each counts those before it, though the ledger has not
/// answered yet.
#[test]
fn limits_hold_within_one_tick() {
    for (what, edits, spoke) in [
        (
            "blast radius",
            &[("changes_undone_at_once: 100", "changes_undone_at_once: 2"), ONLY_ROLLBACK][..],
            "SharedCause",
        ),
        (
            "budget",
            &[
                ("everywhere: 100/h", "everywhere: 2/h"),
                ("per_service: 100/h", "per_service: 2/h"),
                ("per_service: 9/h", "per_service: 2/h"),
                ONLY_ROLLBACK,
            ],
            "Budget",
        ),
    ] {
        let mut bench = Bench::new(edits);
        for service in ["a", "b", "c"] {
            bench = bench.does(service, 0, Does::Badly);
            bench.tell(change(service, "2", 0));
        }
        bench.run(1_200, &rejected(None));
        assert_eq!(bench.intended().len(), 2, "{what}: {:?}", bench.intended());
        assert!(bench.decided().contains(&format!("ask: rollback {spoke}")), "{what}: {:?}", bench.decided());
    }
}

#[test]
fn what_the_ledger_refuses_is_judged_again_on_current_evidence() {
    for (why, again) in
        [(Refusal::SwitchedOff("x".to_owned()), true), (Refusal::Fenced, true), (Refusal::Known, false)]
    {
        let mut bench = Bench::new(&[ONLY_ROLLBACK]).does("a", 0, Does::Badly);
        bench.world.refusals.insert("rollback".to_owned(), VecDeque::from([why.clone()]));
        bench.tell(change("a", "2", 0));
        while !bench.records.iter().any(|record| matches!(record, Record::Refused { .. })) {
            bench.run(seconds(bench.now) + 1, &taken());
        }
        assert_eq!(bench.engine.flights().count(), 0);
        assert!(
            !bench.engine.past().changes().any(|change| bench.engine.past().unverified(&change.id).is_some())
        );
        // The same after a restart.
        for restarted in [false, true] {
            let mut bench = bench.clone();
            if restarted {
                bench.restart(program(&[ONLY_ROLLBACK]));
            }
            bench.run(seconds(bench.now) + 60, &taken());
            assert_eq!(bench.intended().len(), usize::from(again), "{why:?}, restarted: {restarted}");
        }
    }
}

/// Its last look is behind it while its message is on its way; when that ends, so does the gate.
#[test]
fn a_gate_whose_time_is_up_ends_when_its_action_does() {
    for (answer, outcome) in [(rejected(None), Outcome::Failed), (lost(), Outcome::Unverified)] {
        let mut bench = Bench::new(&[("after: 8m", "after: 10m")]).does("a", 0, Does::Little);
        bench.tell(change("a", "2", 0));
        bench.run(1_200, &answer);
        assert_eq!((bench.outcomes(), bench.endings()), (vec![outcome], vec![Ending::TimeUp]));
    }
}

/// Looks that were missed are taken, but nothing is decided on the past; and where even the last look is of the past, a
/// person decides.
#[test]
fn nothing_is_done_on_looks_of_the_past() {
    for (outage, decided) in [
        (120, &["act: rollback"][..]),
        (300, &["act: rollback"]),
        (479, &["act: rollback"]),
        (3_600, &["ask: rollback Stale"]),
    ] {
        let mut bench = Bench::new(&[ONLY_ROLLBACK]).does("a", 130, Does::Badly);
        bench.tell(change("a", "2", 0));
        bench.run(149, &taken());
        bench.now = at(149 + outage);
        bench.happen(Event::Tick);
        bench.run(149 + outage + 90, &taken());
        assert_eq!(bench.decided(), decided, "after an outage of {outage} s");
        let late = bench.records.iter().find_map(|record| match record {
            Record::Decided { case, look, .. } => Some((case.at, *look)),
            _ => None,
        });
        let (when, look) = late.unwrap();
        let newest = 90 + 30 * i64::from(look);
        assert!(look == 20 || seconds(when) - newest < 60, "decided at {when} on a look at {newest} s");
    }
}

/// A clock that is set back does not take time back.
#[test]
fn time_does_not_go_back() {
    let mut bench = Bench::new(&[ONLY_ROLLBACK]).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    bench.run(160, &taken());
    let before = bench.records.len();
    for back in [100, 0, -86_400] {
        bench.now = at(back);
        bench.happen(Event::Tick);
        assert_eq!(bench.records.len(), before, "set back to {back} s");
    }
    bench.run(600, &rejected(None));
    assert_eq!(bench.intended(), ["rollback a"]);
    let times: Vec<_> = bench
        .decisions()
        .iter()
        .filter_map(|record| match record {
            Record::Decided { at, .. } => Some(*at),
            _ => None,
        })
        .collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn the_kill_switch_holds_everything_until_it_is_on_again() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Badly);
    bench.happen(Event::Switched(Turn::of_all(Some("incident".to_owned()), "me")));
    bench.tell(change("a", "2", 0));
    bench.run(300, &taken());
    assert!(bench.intended().is_empty());
    assert!(
        !bench.decided().is_empty()
            && bench.decided().iter().all(|it| it.starts_with("hold") && it.contains("SwitchedOff"))
    );
    bench.restart(program(&[]));
    bench.run(400, &taken());
    assert!(bench.intended().is_empty(), "it stays off over a restart");
    bench.happen(Event::Switched(Turn::of_all(None, "me")));
    bench.run(500, &taken());
    assert_eq!(bench.intended(), ["rollback a"]);
}

/// Held for the same reasons, look after look, is one decision.
#[test]
fn nothing_is_decided_twice_on_like_facts() {
    let mut bench = Bench::new(&[("mode: act", "mode: ask")]).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    bench.run(1_200, &taken());
    let decided = bench.decided();
    let different: BTreeSet<_> = decided.iter().collect();
    assert_eq!(different.len(), decided.len(), "{decided:?}");
}

#[test]
fn a_first_release_has_nothing_to_go_back_to() {
    let rules = [("    then:\n", "    first_release: notify\n    then:\n"), ONLY_ROLLBACK];
    for (previous, told_before, intended) in
        [(None, false, "notify a"), (Some("1"), false, "rollback a"), (None, true, "rollback a")]
    {
        let mut bench = Bench::new(&rules).does("a", 0, Does::Badly);
        if told_before {
            bench.tell(change("a", "1", -1_000));
        }
        bench.tell(Change { previous: previous.map(str::to_owned), ..change("a", "2", 0) });
        bench.run(400, &taken());
        assert_eq!(bench.intended(), [intended], "previous {previous:?}, told before: {told_before}");
    }
}

/// Several gates on one change share what it may cost to be wrong about it.
#[test]
fn gates_of_one_change_share_its_evidence() {
    let second = RULES_OF_TWO;
    let bench = {
        let mut bench = Bench::new(&[second]).does("a", 0, Does::Worse);
        bench.tell(change("a", "2", 0));
        bench.run(1_200, &taken());
        bench
    };
    let shares: Vec<f64> = bench
        .records
        .iter()
        .filter_map(|record| match record {
            Record::Opened { terms, .. } => Some(terms.share),
            _ => None,
        })
        .collect();
    assert_eq!(shares.len(), 2);
    assert!(shares.iter().sum::<f64>() <= 1.0, "{shares:?}");
    // And what both want is done once. Nobody sees that it worked, so somebody is called.
    assert_eq!(bench.intended(), ["notify a", "pause a", "rollback a", "notify a"]);
}

/// What each check shows takes a moment to reckon, so it is told of one change and not of all at once.
#[test]
fn what_checks_show_is_told_of_one_change() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Well).does("b", 0, Does::Well);
    let (a, b) = (change("a", "2", 0), change("b", "2", 0));
    let id = a.id.clone();
    for change in [a, b] {
        bench.tell(change);
    }
    bench.run(200, &taken());
    let chosen = |change: Option<&ChangeId>| Chosen { change: change.cloned(), limit: GATES };
    let all = shown(&bench.engine, &chosen(None), at(200));
    let gates = all["gates"].as_array().unwrap();
    assert_eq!((gates.len(), gates.iter().filter(|gate| gate.get("checks").is_some()).count()), (2, 0));
    let one = shown(&bench.engine, &chosen(Some(&id)), at(200));
    let gates = one["gates"].as_array().unwrap();
    assert_eq!(gates.len(), 1, "{one}");
    assert_eq!(gates[0]["checks"][0]["check"], "errors", "{one}");
    assert_eq!(gates[0]["checks"][0]["verdict"], "inconclusive", "{one}");
}

/// However many there are, no more are shown than were asked for: first those that look, the newest of them before all.
#[test]
fn the_rest_is_left_out_and_counted() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Well).does("b", 0, Does::Well);
    for (service, version, second) in [("a", "2", 0), ("b", "2", 10), ("a", "3", 20)] {
        bench.run(second, &taken());
        bench.tell(change(service, version, second));
    }
    let ordered = ["a-3 waiting for traffic", "b-2 waiting for traffic", "a-2 over"];
    for (limit, left_out) in [(1, 2), (2, 1), (3, 0), (GATES, 0)] {
        let told = shown(&bench.engine, &Chosen { change: None, limit }, at(20));
        let gates = told["gates"].as_array().unwrap().iter();
        let gates: Vec<String> = gates
            .map(|gate| format!("{} {}", gate["change"].as_str().unwrap(), gate["phase"].as_str().unwrap()))
            .collect();
        assert_eq!(gates, ordered[..limit.min(3)], "{told}");
        assert_eq!(told["left_out"], left_out, "{told}");
    }
}

const RULES_OF_TWO: (&str, &str) = (
    "gates:\n",
    concat!(
        "gates:\n",
        gate!("other" warms up "1m" and ends after "10m", "other" counts "other_total"),
        "    then:
      fail: [ { confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback } ]
"
    ),
);

/// Terms are what they were before the first look. A gate that asks something else cannot go on with the counts of what
/// it asked before.
#[test]
fn a_gate_whose_questions_changed_is_withdrawn() {
    for (what, edits, withdrawn) in [
        ("nothing", &[ONLY_ROLLBACK][..], false),
        ("its thresholds", &[ONLY_ROLLBACK, ("fails_when: ratio > 1.25", "fails_when: ratio > 9")], false),
        ("its name", &[ONLY_ROLLBACK, ("gate: canary", "gate: renamed")], true),
        ("a check's name", &[ONLY_ROLLBACK, ("check: errors", "check: failures")], true),
        ("how often it looks", &[ONLY_ROLLBACK, ("every: 30s", "every: 1m")], true),
    ] {
        let mut bench = Bench::new(&[ONLY_ROLLBACK]).does("a", 149, Does::Badly);
        bench.tell(change("a", "2", 0));
        bench.run(185, &taken());
        bench.restart(program(edits));
        assert_eq!(bench.endings() == [Ending::Withdrawn], withdrawn, "{what}");
        bench.run(800, &rejected(None));
        let rolled_back = bench.intended() == ["rollback a"];
        assert_eq!(rolled_back, !withdrawn, "{what}");
        // Once it is written down, it is not written down again.
        bench.restart(program(edits));
        assert_eq!(bench.endings().len(), 1, "{what}");
    }
}

/// Nothing grows without an end, and what an action on its way goes by is not let go of.
#[test]
fn old_gates_are_let_go_of_but_for_those_with_an_action_on_its_way() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Badly);
    bench.world.holds = true;
    bench.tell(change("a", "2", 0));
    while bench.endings().is_empty() {
        assert!(bench.now < at(400), "{:?}", bench.decided());
        bench.now = bench.now.plus(Span::from_secs(1));
        bench.happen(Event::Tick);
        // The message is put off, the rollback is taken.
        let message = bench.intended().last().is_some_and(|last| last == "notify a");
        bench.answer(&if message { rejected(Some(200)) } else { taken() });
    }
    assert_eq!((bench.endings(), bench.engine.flights().count()), (vec![Ending::ActedOn], 1));
    let flying = bench.engine.flights().next().unwrap().intention.decision.cell;
    let now = seconds(bench.now);
    for number in 0..1_100 {
        bench.tell(change("b", &format!("v{number}"), now + number));
    }
    bench.happen(Event::Tick);
    let over = bench.engine.cells().filter(|cell| matches!(cell.phase, Phase::Over { .. })).count();
    assert_eq!(over, 1_001);
    assert!(bench.engine.cell(flying).is_some());
    bench.run(now + 210, &taken());
    assert!(
        bench.records.iter().any(|record| matches!(record, Record::Retried { .. })),
        "the further attempt was made"
    );
    let over = bench.engine.cells().filter(|cell| matches!(cell.phase, Phase::Over { .. })).count();
    assert_eq!(over, 1_001, "it is looked whether things are well");
    bench.run(now + 700, &taken());
    let over = bench.engine.cells().filter(|cell| matches!(cell.phase, Phase::Over { .. })).count();
    assert_eq!(over, 1_000, "then it is let go of as well");
}

/// Between two turns nothing is asked, and at each something is, from the wait for traffic to the last look.
#[test]
fn whoever_wakes_at_each_turn_asks_in_time() {
    let mut engine = Engine::new(program(&[]));
    let asks = |effects: &[Effect]| {
        let ask = |effect: &Effect| if let Effect::Ask(ask) = effect { Some(ask.clone()) } else { None };
        effects.iter().filter_map(ask).collect::<Vec<_>>()
    };
    engine.step(Event::Changed(Box::new(change("a", "2", 10))), at(10));
    let (mut now, mut turns) = (at(10), Vec::new());
    while let Some(next) = engine.next_turn(now) {
        let before = UnixMillis::new(next.millis() - 1);
        assert_eq!(asks(&engine.clone().step(Event::Tick, before)), [], "{} s, and not yet", seconds(next));
        now = next;
        let asked = asks(&engine.step(Event::Tick, now));
        assert_eq!(asked.len(), 1, "{} s", seconds(next));
        turns.push(seconds(next));
        for ask in asked {
            let answer = match ask {
                Ask::Traffic { cell, window } => {
                    Event::Traffic { cell, to: window.to, seen: window.to == at(90) }
                }
                Ask::Opening { cell, .. } => Event::Opening { cell, opening: Opening::default() },
                Ask::Recovery { .. } => unreachable!("nothing was taken back"),
                Ask::Count { cell, at, .. } => {
                    Event::Counted { cell, at, found: vec![Found::Missing(Gap::NoValue)] }
                }
            };
            engine.step(answer, now);
        }
    }
    // Traffic up to 90 s, a warm-up of a minute, and twenty looks, each half a minute after its time.
    let looks = (0..20).map(|look| 210 + 30 * look);
    assert_eq!(turns, [60, 90, 120, 180].into_iter().chain(looks).collect::<Vec<_>>());
}
