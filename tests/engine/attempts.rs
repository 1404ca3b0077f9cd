//! Attempts: every answer in every state, and how an intention ends.

use backstop::decision::{Answer, Key, Outcome, Turn};
use backstop::engine::{Event, Notice, State};
use backstop::gate::Ending;
use backstop::ledger::Record;
use backstop::unit::UnixMillis;

use crate::bench::{Bench, Does, at, change, lost, program, rejected, seconds, taken, unsent};

/// One rung.
const LADDER: &str = "[ { confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback } ]";

pub(crate) const ONLY_ROLLBACK: (&str, &str) = (LADDER, "[ { confidence: 0.99, do: rollback } ]");
const ONLY_PAUSE: (&str, &str) = (LADDER, "[ { confidence: 0.95, do: pause } ]");

/// A bench on which an attempt was sent just now, and has no answer yet.
fn sent(edits: &[(&str, &str)]) -> (Bench, Key, i64) {
    let mut bench = Bench::new(edits).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    while bench.world.sent.is_empty() {
        assert!(bench.now < at(600), "nothing was sent: {:?}", bench.decided());
        bench.now = bench.now.plus(backstop::unit::Span::from_secs(1));
        bench.happen(Event::Tick);
    }
    let key = bench.world.sent[0].0.clone();
    let now = seconds(bench.now);
    (bench, key, now)
}

fn attempts(bench: &Bench) -> Vec<(u32, i64)> {
    let retried = |record: &Record| match record {
        Record::Intended(intention) => Some((1, seconds(intention.at))),
        Record::Retried { attempt, at, .. } => Some((*attempt, seconds(*at))),
        _ => None,
    };
    bench.records.iter().filter_map(retried).collect()
}

fn state(bench: &Bench, key: &Key) -> Option<State> {
    bench.engine.flight(key).map(|flight| flight.state)
}

#[test]
fn an_answer_leads_where_it_should() {
    let (seen, unseen) = ([ONLY_ROLLBACK], [ONLY_PAUSE]);
    for (what, edits, answer, expected, outcome) in [
        ("taken, and it can be seen", &seen, taken(), Some("taken"), None),
        ("taken, and it cannot", &unseen, taken(), None, Some(Outcome::Taken)),
        ("lost, and it can be seen", &seen, lost(), Some("unknown"), None),
        ("lost, and it cannot", &unseen, lost(), None, Some(Outcome::Unverified)),
        ("rejected", &seen, rejected(None), Some("resting"), None),
        ("rejected, to be left alone until just in time", &seen, rejected(Some(300)), Some("resting"), None),
        ("rejected, to be left alone for too long", &seen, rejected(Some(301)), None, Some(Outcome::Expired)),
        ("not sent", &unseen, unsent(), Some("resting"), None),
    ] {
        let (mut bench, key, _) = sent(edits);
        bench.answer(&answer);
        let state = state(&bench, &key).map(|state| match state {
            State::Journaling { .. } => "journaling",
            State::Sent { .. } => "sent",
            State::Taken { .. } => "taken",
            State::Unknown { .. } => "unknown",
            State::Resting { .. } => "resting",
            State::Inquiring { .. } => "inquiring",
        });
        assert_eq!((state, bench.outcomes().first().copied()), (expected, outcome), "{what}");
    }
}

#[test]
fn a_further_attempt_waits_longer_each_time_and_the_fifth_is_the_last() {
    let (mut bench, _, began) = sent(&[ONLY_ROLLBACK]);
    bench.run(began + 400, &rejected(None));
    let waits = [0, 2, 12, 42, 102];
    // A tick is a second, and the answer comes with it.
    let expected: Vec<_> = (1..).zip(waits).map(|(attempt, wait)| (attempt, began + wait)).collect();
    let found = attempts(&bench);
    let near = |((attempt, at), (other, time)): (&(u32, i64), &(u32, i64))| {
        attempt == other && (0..=4).contains(&(at - time))
    };
    assert!(found.len() == 5 && found.iter().zip(&expected).all(near), "{found:?}");
    assert_eq!(bench.outcomes(), [Outcome::Failed]);
    assert_eq!(bench.intended(), ["rollback a"], "and it is never intended again");
}

#[test]
fn nothing_is_sent_after_it_expired() {
    for (retry_after, late_by, sent_again) in [(290, 0, true), (290, 10, true), (290, 11, false)] {
        let (mut bench, key, began) = sent(&[ONLY_ROLLBACK]);
        bench.answer(&rejected(Some(retry_after)));
        // The process hangs for a while, and its clock goes on.
        bench.now = at(began + 290 + late_by);
        bench.happen(Event::Tick);
        assert_eq!(!bench.world.sent.is_empty(), sent_again, "late by {late_by}");
        assert_eq!(state(&bench, &key).is_some(), sent_again, "late by {late_by}");
        if !sent_again {
            assert_eq!(bench.outcomes(), [Outcome::Expired]);
        }
    }
}

#[test]
fn what_was_taken_is_verified_or_a_person_has_to_look() {
    for (holds_after, outcome, ending) in [
        (Some(10), Outcome::Verified, Some(Ending::ActedOn)),
        (Some(299), Outcome::Verified, Some(Ending::ActedOn)),
        (None, Outcome::Unverified, None),
    ] {
        let (mut bench, _, began) = sent(&[ONLY_ROLLBACK]);
        bench.answer(&taken());
        bench.run(began + holds_after.unwrap_or(301), &taken());
        assert_eq!(bench.outcomes().is_empty(), holds_after.is_some());
        bench.world.holds = holds_after.is_some();
        bench.run(began + 302, &taken());
        assert_eq!(bench.outcomes(), [outcome], "holds after {holds_after:?}");
        assert_eq!(bench.endings().first().copied(), ending, "holds after {holds_after:?}");
        assert_eq!(attempts(&bench).len(), 1, "what was taken is not sent again");
    }
}

/// It is first looked whether it worked; then the same key goes out again; and what may have been taken never counts as
/// failed.
#[test]
fn a_lost_answer_is_looked_into_before_it_is_sent_again() {
    let (mut bench, key, began) = sent(&[ONLY_ROLLBACK]);
    bench.answer(&lost());
    bench.run(began + 59, &lost());
    assert_eq!(attempts(&bench).len(), 1);
    bench.run(began + 61, &taken());
    assert_eq!(attempts(&bench), [(1, began), (2, began + 60)]);
    assert!(matches!(state(&bench, &key), Some(State::Taken { .. })));

    let (mut bench, _, began) = sent(&[ONLY_ROLLBACK]);
    bench.answer(&lost());
    bench.world.holds = true;
    bench.run(began + 2, &lost());
    assert_eq!((attempts(&bench).len(), bench.outcomes()), (1, vec![Outcome::Verified]));

    for then in [lost(), rejected(None), unsent()] {
        let (mut bench, _, began) = sent(&[ONLY_ROLLBACK]);
        bench.answer(&lost());
        bench.run(began + 600, &then);
        assert_eq!(bench.outcomes(), [Outcome::Unverified], "lost, then {then:?}");
    }
}

/// An unverified pause is never followed by a rollback of the same change.
#[test]
fn after_an_unverified_action_nothing_more_is_done() {
    let (mut bench, _, began) =
        sent(&[(LADDER, "[ { confidence: 0.95, do: pause }, { confidence: 0.9999, do: rollback } ]")]);
    bench.answer(&lost());
    bench.run(began + 600, &taken());
    assert_eq!(bench.intended(), ["pause a"]);
    assert!(bench.decided().contains(&"hold: rollback Unverified".to_owned()), "{:?}", bench.decided());
    assert_eq!(bench.endings(), [Ending::TimeUp]);
}

/// The way back from a sender can be too full, and drop an answer. Nothing waits for it forever.
#[test]
fn an_answer_that_never_comes_is_taken_for_lost() {
    for (after, expected) in [(69, false), (70, false), (71, true)] {
        let (mut bench, key, began) = sent(&[ONLY_ROLLBACK]);
        bench.world.sent.clear();
        bench.now = at(began + after);
        bench.happen(Event::Tick);
        assert_eq!(matches!(state(&bench, &key), Some(State::Unknown { .. })), expected, "after {after} s");
        let written = bench.records.iter().any(|record| matches!(record, Record::Answered { .. }));
        assert_eq!(written, expected, "after {after} s");
        // Should it come after all, it says nothing new.
        let before = bench.records.len();
        bench.happen(Event::Answered { key: key.clone(), attempt: 1, answer: taken() });
        assert_eq!(bench.records.len() > before, !expected, "after {after} s");
    }
}

#[test]
fn what_comes_twice_or_out_of_turn_changes_nothing() {
    let (mut bench, key, _) = sent(&[ONLY_ROLLBACK]);
    let stray = |bench: &mut Bench, event: Event| {
        let (records, sends) = (bench.records.len(), bench.world.sent.len());
        bench.happen(event.clone());
        assert_eq!((bench.records.len(), bench.world.sent.len()), (records, sends), "{event:?}");
    };
    let other = Key("act_other".to_owned());
    let answered = |attempt, answer: Answer| Event::Answered { key: key.clone(), attempt, answer };
    for event in [
        Event::Journaled { key: key.clone(), attempt: 1 },
        Event::Journaled { key: key.clone(), attempt: 2 },
        Event::Journaled { key: other.clone(), attempt: 1 },
        Event::Refused { key: key.clone(), why: backstop::decision::Refusal::Known },
        Event::Refused { key: other.clone(), why: backstop::decision::Refusal::Fenced },
        Event::Verified { key: key.clone(), holds: true, at: UnixMillis::new(i64::MAX) },
        Event::Verified { key: other.clone(), holds: true, at: UnixMillis::new(i64::MAX) },
        answered(2, taken()),
        Event::Answered { key: other, attempt: 1, answer: taken() },
    ] {
        stray(&mut bench, event);
    }
    bench.answer(&taken());
    for event in
        [answered(1, taken()), answered(1, lost()), Event::Journaled { key: key.clone(), attempt: 1 }]
    {
        stray(&mut bench, event);
    }
    assert!(matches!(state(&bench, &key), Some(State::Taken { .. })));
}

/// A retry passes the guards again: whatever has come up since holds it.
#[test]
fn a_further_attempt_passes_the_guards_again() {
    let switched_off: fn(&mut Bench) =
        |bench| bench.happen(Event::Switched(Turn::of_all(Some("x".to_owned()), "me")));
    let superseded: fn(&mut Bench) = |bench| bench.tell(change("a", "3", seconds(bench.now)));
    let nothing: fn(&mut Bench) = |_| {};
    for (what, meanwhile, again) in
        [("nothing", nothing, true), ("switched off", switched_off, false), ("superseded", superseded, false)]
    {
        let (mut bench, _, began) = sent(&[ONLY_ROLLBACK]);
        bench.answer(&rejected(None));
        meanwhile(&mut bench);
        bench.run(began + 5, &taken());
        assert_eq!(attempts(&bench).len(), if again { 2 } else { 1 }, "{what}");
        let expired = bench.outcomes().first() == Some(&Outcome::Expired);
        assert_eq!(expired, !again, "{what}: {:?}", bench.outcomes());
    }
}

/// `kill -9` at any moment: what was sent without an answer is of unknown outcome, what was answered goes on from there.
#[test]
fn a_restart_goes_on_from_what_is_written_down() {
    type Row<'r> = (&'r str, Option<Answer>, &'r [(&'r str, &'r str)], Option<&'r str>, Option<Outcome>);
    let cases: [Row<'_>; 8] = [
        ("before any answer", None, &[ONLY_ROLLBACK], Some("unknown"), None),
        ("before any answer, unseen", None, &[ONLY_PAUSE], None, Some(Outcome::Unverified)),
        ("taken", Some(taken()), &[ONLY_ROLLBACK], Some("taken"), None),
        ("taken, unseen", Some(taken()), &[ONLY_PAUSE], None, Some(Outcome::Taken)),
        ("lost", Some(lost()), &[ONLY_ROLLBACK], Some("unknown"), None),
        ("rejected", Some(rejected(None)), &[ONLY_ROLLBACK], Some("resting"), None),
        ("rejected for long", Some(rejected(Some(900))), &[ONLY_ROLLBACK], None, Some(Outcome::Expired)),
        ("not sent", Some(unsent()), &[ONLY_PAUSE], Some("resting"), None),
    ];
    for (what, answer, edits, expected, outcome) in cases {
        let (mut bench, key, _) = sent(edits);
        if let Some(answer) = answer {
            bench.answer(&answer);
            // The end is written down right behind the answer; here the process dies in between.
            bench.records.retain(|record| !matches!(record, Record::Closed { .. } | Record::Ended { .. }));
        }
        bench.restart(program(edits));
        let state = state(&bench, &key).map(|state| match state {
            State::Journaling { .. } => "journaling",
            State::Sent { .. } => "sent",
            State::Taken { .. } => "taken",
            State::Unknown { .. } => "unknown",
            State::Resting { .. } => "resting",
            State::Inquiring { .. } => "inquiring",
        });
        assert_eq!((state, bench.outcomes().first().copied()), (expected, outcome), "{what}");
        assert_eq!(attempts(&bench).len(), 1, "{what}: nothing is sent blindly");
        assert_eq!(bench.engine.flight(&key).is_some(), expected.is_some(), "{what}");
    }
}

/// How it ended is written down before the gate's end is. In between lies a crash.
#[test]
fn what_was_taken_back_is_not_watched_on_after_a_restart() {
    let (mut bench, _, began) = sent(&[ONLY_ROLLBACK]);
    bench.world.holds = true;
    bench.run(began + 2, &taken());
    assert_eq!(bench.endings(), [Ending::ActedOn]);
    bench.records.retain(|record| !matches!(record, Record::Ended { .. }));
    bench.restart(program(&[ONLY_ROLLBACK]));
    assert_eq!(bench.endings(), [Ending::ActedOn]);
    assert!(bench.notices.iter().any(|notice| matches!(notice, Notice::Ended(..))));
}

/// Rules without the gate do not say how it is done, so it is not done.
#[test]
fn an_attempt_that_the_rules_know_no_more_is_given_up() {
    for (answer, outcome) in [(None, Outcome::Unverified), (Some(rejected(None)), Outcome::Expired)] {
        let (mut bench, _, began) = sent(&[ONLY_ROLLBACK]);
        if let Some(answer) = &answer {
            bench.answer(answer);
        }
        bench.restart(program(&[("gate: canary", "gate: renamed"), ONLY_ROLLBACK]));
        bench.run(began + 60, &taken());
        assert_eq!((bench.outcomes(), bench.endings()), (vec![outcome], vec![Ending::Withdrawn]));
        assert_eq!(bench.engine.flights().count(), 0);
    }
}
