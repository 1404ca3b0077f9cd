//! Whether things are well again after a change was taken back: who looks, what counts, and who is called where they are not.

use backstop::decision::{Answer, Outcome, Page, Recovery, Refusal, Turn};
use backstop::engine::Event;
use backstop::gate::Ending;
use backstop::ledger::Record;
use backstop::unit::{Span, UnixMillis};

use crate::bench::{Bench, Does, at, change, gate, program, seconds, taken};

/// A minute and a half for things to be well; the bound lies between two looks.
const SOON: (&str, &str) = ("    every: 30s", "    recovers_within: 95s\n    every: 30s");

/// Nothing is held against a rollback that anything else may have led to.
fn bench(edits: &[(&str, &str)]) -> Bench {
    let mut bench = Bench::new(edits).does("a", 0, Does::Badly);
    bench.world.holds = true;
    bench.tell(change("a", "2", 0));
    bench
}

/// The same once the change was taken back, and when that was.
fn taken_back(edits: &[(&str, &str)]) -> (Bench, i64) {
    let mut bench = bench(edits);
    while recoveries(&bench).is_empty() {
        assert!(bench.now < at(600), "nothing is taken back: {:?}", bench.decided());
        tick(&mut bench, &taken());
    }
    let since = seconds(bench.now);
    assert_eq!(recoveries(&bench), [format!("{since} recovering")]);
    (bench, since)
}

fn tick(bench: &mut Bench, answer: &Answer) {
    let next = seconds(bench.now) + 1;
    bench.run(next, answer);
}

/// What was written down of the first that was taken back, with the second of each.
fn recoveries(bench: &Bench) -> Vec<String> {
    let first = bench.records.iter().find(|record| matches!(record, Record::Recovery { .. }));
    let first = first.and_then(Record::cell);
    let told = |record: &Record| match record {
        Record::Recovery { cell, at, recovery } if Some(*cell) == first => {
            Some(format!("{} {}", seconds(*at), recovery.word()))
        }
        _ => None,
    };
    bench.records.iter().filter_map(told).collect()
}

fn last(bench: &Bench) -> Recovery {
    let told = |record: &Record| match record {
        Record::Recovery { recovery, .. } => Some(recovery.clone()),
        _ => None,
    };
    bench.records.iter().rev().find_map(told).unwrap()
}

/// When somebody was called as things were not well.
fn called(bench: &Bench) -> Vec<i64> {
    let page = |record: &Record| match record {
        Record::Intended(intention) if intention.page == Some(Page::Unrecovered) => {
            Some(seconds(intention.at))
        }
        _ => None,
    };
    bench.records.iter().filter_map(page).collect()
}

/// The first moment of the grid from which on a look counts: the end of the rollback, and the time that samples take.
fn from(since: i64) -> i64 {
    (since + 30 + 29) / 30 * 30
}

/// A look is in half a minute after its time; a side is idle where nobody asks it for anything for a minute and a half.
#[test]
fn things_are_well_where_a_look_shows_it() {
    for (title, does, waits, idle) in [
        ("good counts", vec![(0, Does::Well)], 30, false),
        ("nobody asks for it any more", vec![(0, Does::Nothing)], 90, true),
        ("good counts after bad ones", vec![(100, Does::Well)], 60, false),
        ("good counts after silence", vec![(0, Does::Missing), (100, Does::Well)], 60, false),
        ("one request that went well", vec![(0, Does::Little)], 30, false),
        ("idle after it was silent", vec![(0, Does::Missing), (130, Does::Nothing)], 90, true),
    ] {
        let (mut bench, since) = taken_back(&[]);
        for (after, does) in does {
            bench = bench.does("a", since + after, does);
        }
        bench.run(since + 700, &taken());
        let seen = from(since) + waits;
        let expected = [format!("{since} recovering"), format!("{} recovered", seen + 30)];
        assert_eq!(recoveries(&bench), expected, "{title}");
        let Recovery::Recovered { look, idle: was_idle } = last(&bench) else { unreachable!("it recovered") };
        assert_eq!((seconds(look.at), was_idle), (seen, idle), "{title}");
        assert_eq!(called(&bench), Vec::<i64>::new(), "{title}");
    }
}

/// From both sides of the bound: not a second before it, and at it.
#[test]
fn somebody_is_called_where_things_are_not_well_in_time() {
    for (title, edits, does, within) in [
        ("as bad as before", vec![], Does::Badly, 600),
        ("nothing is heard", vec![], Does::Missing, 600),
        ("as bad, and soon", vec![SOON], Does::Badly, 95),
    ] {
        let (bench, since) = taken_back(&edits);
        let mut bench = bench.does("a", since, does);
        // The last look that is in time is in half a minute later, and no earlier than the bound.
        let last_look = (since + within) / 30 * 30;
        let until = (since + within).max(last_look + 30);
        bench.run(until - 1, &taken());
        assert_eq!((recoveries(&bench).len(), called(&bench)), (1, vec![]), "{title}");
        bench.run(until + 900, &taken());
        assert_eq!(recoveries(&bench)[1..], [format!("{until} unrecovered")], "{title}");
        assert_eq!(called(&bench), [until], "{title}");
        let Recovery::Unrecovered { last: Some(seen) } = last(&bench) else { unreachable!("it looked") };
        assert_eq!(seconds(seen.at), last_look, "{title}");
        assert_eq!(seen.found.iter().any(backstop::gate::Found::is_there), does == Does::Badly, "{title}");
        // Nothing else is done about it.
        let done: Vec<_> = bench.intended().into_iter().filter(|own| own != "notify a").collect();
        assert_eq!(done.iter().filter(|own| *own == "rollback a").count(), 1, "{title}: {done:?}");
        assert_eq!(bench.endings(), [Ending::ActedOn], "{title}");
    }
}

/// A gate that has less time than a look takes looks once all the same.
#[test]
fn there_is_a_look_however_short_the_time() {
    let edits = [("    every: 30s", "    recovers_within: 30s\n    every: 30s")];
    for (does, word) in
        [(Does::Well, "recovered"), (Does::Nothing, "recovered"), (Does::Badly, "unrecovered")]
    {
        let (bench, since) = taken_back(&edits);
        let mut bench = bench.does("a", since, does);
        bench.run(since + 300, &taken());
        assert_eq!(recoveries(&bench)[1..], [format!("{} {word}", from(since) + 60)], "{does:?}");
    }
}

#[test]
fn a_further_change_ends_it_unless_it_tells_of_the_rollback() {
    for (title, version, kind, expected) in [
        ("another version", "3", backstop::signal::ChangeKind::Canary, "superseded"),
        ("the version before", "1", backstop::signal::ChangeKind::Canary, "unrecovered"),
        ("the version before, to all", "v1", backstop::signal::ChangeKind::Deployment, "unrecovered"),
        ("a configuration of the same name", "1", backstop::signal::ChangeKind::Config, "superseded"),
    ] {
        for dies in [false, true] {
            let (mut bench, since) = taken_back(&[]);
            bench.run(since + 20, &taken());
            bench.tell(backstop::signal::Change { kind, ..change("a", version, since + 20) });
            if dies {
                // What followed from it was not written down.
                bench.records.retain(|record| !matches!(record, Record::Recovery { recovery, .. } if *recovery == Recovery::Superseded));
                bench.restart(program(&[]));
            }
            bench.run(since + 700, &taken());
            let word = recoveries(&bench)[1].split(' ').nth(1).unwrap().to_owned();
            assert_eq!((word.as_str(), recoveries(&bench).len()), (expected, 2), "{title}, dies: {dies}");
            assert_eq!(called(&bench).len(), usize::from(expected == "unrecovered"), "{title}, dies: {dies}");
        }
    }
}

/// What came before it was seen to have worked is what runs there.
#[test]
fn what_was_overtaken_already_is_not_looked_at() {
    let mut bench = bench(&[]);
    bench.world.holds = false;
    while !bench.intended().contains(&"rollback a".to_owned()) {
        tick(&mut bench, &taken());
    }
    tick(&mut bench, &taken());
    bench.tell(change("a", "3", seconds(bench.now)));
    bench.world.holds = true;
    let mut bench = bench.clone().does("a", seconds(bench.now), Does::Well);
    bench.run(1_200, &taken());
    assert!(bench.outcomes().contains(&Outcome::Verified), "{:?}", bench.outcomes());
    assert_eq!((recoveries(&bench), called(&bench)), (vec![], vec![]));
}

/// The process dies behind each record that was written down, so that all of the others are lost.
#[test]
fn somebody_is_called_once_wherever_it_dies() {
    let edits = [SOON];
    let (mut whole, since) = taken_back(&edits);
    whole.run(since + 400, &taken());
    let calls = called(&whole);
    assert_eq!(calls.len(), 1);
    let told = |record: &Record| matches!(record, Record::Closed { outcome: Outcome::Verified, .. });
    let first = whole.records.iter().position(told).unwrap();
    for cut in first + 1..=whole.records.len() {
        for late in [0, 3_600] {
            let mut bench = whole.clone();
            bench.records.truncate(cut);
            let moment = |record: &Record| match record {
                Record::Recovery { at, .. } | Record::Closed { at, .. } | Record::Ended { at, .. } => {
                    Some(*at)
                }
                Record::Intended(intention) => Some(intention.at),
                _ => None,
            };
            let died: UnixMillis = bench.records.iter().filter_map(moment).max().unwrap();
            bench.now = died.plus(Span::from_secs(late));
            bench.restart(program(&edits));
            let now = seconds(bench.now);
            bench.run(now + 400, &taken());
            let title = format!("dies behind {:?}, for {late} s", whole.records[cut - 1]);
            assert_eq!(called(&bench).len(), 1, "{title}");
            let words: Vec<String> = recoveries(&bench);
            assert!(words.len() == 2 && words[1].ends_with("unrecovered"), "{title}: {words:?}");
            assert_eq!(bench.endings(), [Ending::ActedOn], "{title}");
            // It takes a tick where only the call was lost.
            assert!(0 < late || called(&bench)[0] <= calls[0] + 1, "{title}: {:?}", called(&bench));
        }
    }
}

/// It dies at each second, and whatever it comes to is what it would have come to.
#[test]
fn a_death_changes_nothing_of_it() {
    for does in [Does::Well, Does::Nothing, Does::Badly] {
        let (bench, since) = taken_back(&[SOON]);
        let bench = bench.does("a", since, does);
        let mut whole = bench.clone();
        whole.run(since + 400, &taken());
        for dies in 0..200 {
            let mut cut = bench.clone();
            cut.run(since + dies, &taken());
            cut.restart(program(&[SOON]));
            cut.run(since + 400, &taken());
            assert_eq!(recoveries(&cut), recoveries(&whole), "{does:?}, dies after {dies} s");
            assert_eq!(called(&cut), called(&whole), "{does:?}, dies after {dies} s");
        }
    }
}

/// The switch is off when somebody was to be called, or the ledger refuses the call.
#[test]
fn whoever_could_not_be_called_is_called_later_and_once() {
    for (dies, refused) in [(false, false), (true, false), (false, true), (true, true)] {
        let (mut bench, since) = taken_back(&[SOON]);
        let title = format!("dies: {dies}, refused: {refused}");
        if refused {
            bench.world.refusals.entry("notify".to_owned()).or_default().push_back(Refusal::Fenced);
        } else {
            bench.happen(Event::Switched(Turn::of_all(Some("a drill".to_owned()), "me")));
        }
        bench.run(since + 130, &taken());
        assert_eq!(recoveries(&bench).len(), 2, "{title}");
        if !refused {
            assert_eq!(called(&bench), Vec::<i64>::new(), "{title}");
        }
        if dies {
            bench.restart(program(&[SOON]));
        }
        bench.happen(Event::Switched(Turn::of_all(None, "me")));
        bench.run(since + 600, &taken());
        assert_eq!(called(&bench).len(), 1, "{title}");
        // Nobody is called again, however often it is started.
        bench.restart(program(&[SOON]));
        bench.run(since + 900, &taken());
        assert_eq!(called(&bench).len(), 1, "{title}");
    }
}

/// The rules have no such gate any more: nobody looks, and that is said once.
#[test]
fn a_gate_that_is_gone_looks_no_more() {
    let gone = [("- gate: canary", "- gate: other")];
    for dies in [false, true] {
        let (mut bench, since) = taken_back(&[]);
        bench.run(since + 20, &taken());
        if dies {
            bench.restart(program(&gone));
        } else {
            bench.reload(program(&gone));
        }
        bench.run(since + 700, &taken());
        bench.restart(program(&gone));
        bench.run(since + 800, &taken());
        let expected = [format!("{since} recovering"), format!("{} withdrawn", since + 20)];
        assert_eq!(recoveries(&bench), expected, "dies: {dies}");
        assert_eq!(called(&bench), Vec::<i64>::new(), "dies: {dies}");
        // What was over stays so, should the rules have it again.
        bench.restart(program(&[]));
        bench.run(since + 1_600, &taken());
        assert_eq!(recoveries(&bench), expected, "dies: {dies}");
    }
}

/// Rules that say otherwise by now do not move the bound of what began.
#[test]
fn the_bound_is_that_of_the_beginning() {
    for dies in [false, true] {
        let (mut bench, since) = taken_back(&[SOON]);
        if dies {
            bench.restart(program(&[]));
        } else {
            bench.reload(program(&[]));
        }
        bench.run(since + 700, &taken());
        assert_eq!(recoveries(&bench).len(), 2, "dies: {dies}");
        assert!(called(&bench)[0] < since + 130, "dies: {dies}: {:?}", called(&bench));
    }
}

/// Ledgers of before hold no such record: of what was taken back then nobody is called now.
#[test]
fn what_an_older_ledger_ended_stays_ended() {
    let (mut bench, since) = taken_back(&[]);
    bench.records.retain(|record| !matches!(record, Record::Recovery { .. }));
    bench.restart(program(&[]));
    bench.run(since + 900, &taken());
    assert_eq!((recoveries(&bench), called(&bench)), (vec![], vec![]));
}

/// Of several gates the one looks that had it taken back, so somebody is called once.
#[test]
fn of_several_gates_the_one_looks_that_decided() {
    let second =
        concat!("gates:\n", gate!("second" warms up "1m" and ends after "10m", "lost" counts "lost_total"));
    let both: String = format!("{second}    then:\n      fail: [ {{ confidence: 0.80, do: notify }} ]\n");
    let edits = [("gates:\n", both.as_str())];
    let (mut bench, since) = taken_back(&edits);
    bench.run(since + 700, &taken());
    assert_eq!(bench.endings(), [Ending::ActedOn; 2]);
    assert_eq!((recoveries(&bench).len(), called(&bench).len()), (2, 1));
}

/// Whoever is still to be called when the gate goes is not called when it comes back, by a reload or by a restart.
#[test]
fn a_gate_that_comes_back_calls_nobody_late() {
    let gone = [SOON, ("- gate: canary", "- gate: other")];
    for dies in [false, true] {
        let (mut bench, since) = taken_back(&[SOON]);
        bench.happen(Event::Switched(Turn::of_all(Some("a drill".to_owned()), "me")));
        bench.run(since + 130, &taken());
        for edits in [&gone[..], &[SOON]] {
            if dies {
                bench.restart(program(edits));
            } else {
                bench.reload(program(edits));
            }
            let next = seconds(bench.now) + 5;
            bench.run(next, &taken());
        }
        bench.happen(Event::Switched(Turn::of_all(None, "me")));
        bench.run(since + 600, &taken());
        assert_eq!(called(&bench), Vec::<i64>::new(), "dies: {dies}");
        assert!(recoveries(&bench)[2].ends_with("withdrawn"), "dies: {dies}: {:?}", recoveries(&bench));
    }
}
