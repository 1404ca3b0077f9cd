//! The past: what budgets, cool-downs and loop guards count from it, on both sides of each border.

use std::collections::BTreeSet;

use backstop::decision::{Answers, DecisionId, Intention, Key, Kind, Outcome, Scope};
use backstop::engine::Past;
use backstop::signal::{Change, ChangeId, ChangeKind};
use backstop::unit::UnixMillis;

use crate::bench::{at, change, target};

pub(crate) fn done(past: &mut Past, kind: Kind, change: &Change, seconds: i64) -> Key {
    let action = kind.to_string().parse().unwrap();
    let key = Key::of(&change.id, &change.target, &action);
    past.intended(Intention {
        key: key.clone(),
        decision: DecisionId { cell: backstop::decision::CellId(1), number: 1 },
        action,
        kind,
        change: change.id.clone(),
        target: change.target.clone(),
        at: at(seconds),
        expires: at(seconds + 300),
        claims: Vec::new(),
        page: None,
        aim: None,
        answers: Answers::default(),
    });
    key
}

#[test]
fn a_budget_counts_what_was_intended_in_its_stretch() {
    let mut past = Past::default();
    let own = done(&mut past, Kind::Rollback, &change("a", "2", 0), 1_000);
    done(&mut past, Kind::Rollback, &change("a", "3", 0), 2_000);
    done(&mut past, Kind::Pause, &change("a", "3", 0), 2_100);
    done(&mut past, Kind::Rollback, &change("b", "2", 0), 2_200);
    done(&mut past, Kind::Notify, &change("b", "2", 0), 2_300);
    let other = Key("other".to_owned());
    let rollback = "rollback".parse().unwrap();
    for (what, of, scope, own, now, spent) in [
        ("all of an hour", None, Scope::Everywhere, &other, 3_000, 4),
        ("but for its own", None, Scope::Everywhere, &own, 3_000, 3),
        ("of a service", None, Scope::Service, &other, 3_000, 3),
        ("of an environment", None, Scope::Environment, &other, 3_000, 4),
        ("of an action", Some(&rollback), Scope::Everywhere, &other, 3_000, 3),
        ("of an action on a service", Some(&rollback), Scope::Service, &other, 3_000, 2),
        ("just within the hour", None, Scope::Everywhere, &other, 1_000 + 3_599, 4),
        ("just out of it", None, Scope::Everywhere, &other, 1_000 + 3_600, 3),
        ("by a clock that was set back", None, Scope::Everywhere, &other, 0, 4),
    ] {
        let found = past.spent((of, scope), (&target("a"), Some(own)), ("9/h".parse().unwrap(), at(now)));
        assert_eq!(found, spent, "{what}");
    }
}

#[test]
fn one_action_at_a_time_is_one_that_changes_the_target() {
    let mut past = Past::default();
    let (a, b) = (change("a", "2", 0), change("b", "2", 0));
    let other = Key("other".to_owned());
    done(&mut past, Kind::Notify, &a, 10);
    assert_eq!(past.in_flight(&a.target, Some(&other)), None, "telling is no action on a target");
    let key = done(&mut past, Kind::Pause, &a, 10);
    assert_eq!(past.in_flight(&a.target, Some(&other)), Some(&key));
    assert_eq!(past.in_flight(&a.target, Some(&key)), None, "it is not in its own way");
    assert_eq!(past.in_flight(&b.target, Some(&other)), None, "another target");
    past.closed(&key, Outcome::Failed);
    assert_eq!(past.in_flight(&a.target, Some(&other)), None, "it ended");
}

#[test]
fn only_an_unverified_action_for_the_same_change_stops_all_others() {
    for (outcome, stops) in [
        (Outcome::Taken, false),
        (Outcome::Verified, false),
        (Outcome::Unverified, true),
        (Outcome::Failed, false),
        (Outcome::Expired, false),
    ] {
        let mut past = Past::default();
        let (own, other) = (change("a", "2", 0), change("a", "3", 0));
        let key = done(&mut past, Kind::Pause, &own, 10);
        assert_eq!(past.unverified(&own.id), None);
        past.closed(&key, outcome);
        assert_eq!(past.unverified(&own.id).is_some(), stops, "{outcome:?}");
        assert_eq!(past.unverified(&other.id), None, "{outcome:?}");
    }
}

#[test]
fn a_cool_down_is_for_other_changes_of_the_target() {
    let mut past = Past::default();
    let (own, other, elsewhere) = (change("a", "2", 0), change("a", "3", 0), change("b", "2", 0));
    done(&mut past, Kind::Pause, &own, 10);
    done(&mut past, Kind::Rollback, &elsewhere, 20);
    done(&mut past, Kind::Notify, &other, 30);
    assert_eq!(past.last_acted(&own.target, &own.id), None, "escalation within a change is exempt");
    assert_eq!(past.last_acted(&own.target, &other.id), Some(at(10)));
}

/// How many other changes are being undone.
fn undone_of(past: &Past, own: &Change, now: i64) -> usize {
    past.undone(&own.id, at(now)).map(|intention| &intention.change).collect::<BTreeSet<_>>().len()
}

#[test]
fn the_blast_radius_counts_other_changes_that_are_undone() {
    let mut past = Past::default();
    let own = change("a", "2", 0);
    let open = done(&mut past, Kind::Rollback, &change("b", "2", 0), 0);
    let ended = done(&mut past, Kind::Rollback, &change("b", "3", 0), 100);
    done(&mut past, Kind::Rollback, &change("b", "3", 0), 110);
    done(&mut past, Kind::Pause, &change("b", "4", 0), 110);
    done(&mut past, Kind::Rollback, &own, 110);
    past.closed(&ended, Outcome::Verified);
    for (now, undone) in [(120, 2), (100 + 1_799, 2), (110 + 1_800, 1), (100_000, 1)] {
        assert_eq!(undone_of(&past, &own, now), undone, "at {now}");
    }
    past.closed(&open, Outcome::Verified);
    assert_eq!(undone_of(&past, &own, 100_000), 0);
}

/// What a target ran: its versions in turn, `v1<v0` where it was told what it replaced; and whether the last is somebody's
/// rollback.
#[test]
fn a_version_that_comes_back_is_somebodys_rollback() {
    for (told, came_back) in [
        ("2", false),
        ("1 2", false),
        ("1 2 1", true),
        ("v1 2 1", true),
        ("1 2 3 1", true),
        ("1 2 2", false),
        ("2<1 2<1", false),
        ("1 2<1 2<1", false),
        ("1 2 2 2", false),
        ("1 1<2", true),
        ("1 2 3 3<2 2", true),
        ("2<1 2<2", false),
    ] {
        let mut past = Past::default();
        let mut last = None;
        for (index, told) in told.split(' ').enumerate() {
            let (version, previous) =
                told.split_once('<').map_or((told, None), |(one, two)| (one, Some(two)));
            let seconds = i64::try_from(index).unwrap();
            let mut change = change("a", version, seconds);
            change.id.0 = format!("{index}");
            change.previous = previous.map(str::to_owned);
            // A canary that goes on to all brings no other version.
            change.kind = if index % 2 == 0 { ChangeKind::Canary } else { ChangeKind::Deployment };
            last = past.change(change);
        }
        assert_eq!(past.ran_before(&last.unwrap()), came_back, "{told}");
    }
}

#[test]
fn a_flags_variants_are_no_versions() {
    let mut past = Past::default();
    past.change(change("a", "2", 0)).unwrap();
    let mut flag = change("a", "3", 1);
    flag.kind = ChangeKind::Flag;
    past.change(flag.clone()).unwrap();
    let mut again = Change { at: at(2), ..flag };
    again.id.0 = "again".to_owned();
    (again.version, again.previous) = ("2".to_owned(), None);
    let again = past.change(again).unwrap();
    assert!(!past.ran_before(&again));
}

#[test]
fn what_is_known_stays_known_and_the_newest_is_the_newest_by_its_own_time() {
    let mut past = Past::default();
    let (one, two, late) = (change("a", "1", 10), change("a", "2", 20), change("a", "0", 5));
    let first = Change { previous: None, ..one };
    assert!(past.is_first(&first));
    for change in [&first, &two, &late] {
        assert!(past.change(change.clone()).is_some());
        assert!(past.change(change.clone()).is_none(), "it is told of twice");
    }
    assert!(!past.is_first(&Change { previous: None, ..two.clone() }));
    assert!(past.overtaken(&first).is_some());
    assert!(past.overtaken(&late).is_some(), "told of last, but older");
    assert!(past.overtaken(&two).is_none());
    assert!(past.overtaken(&change("b", "1", 0)).is_none(), "another target");
    // Two at one moment have an order all the same.
    let (same, time) = (change("a", "3", 20), UnixMillis::new(0));
    assert!(time < same.at);
    past.change(same.clone()).unwrap();
    assert!(past.overtaken(&two).is_some() && past.overtaken(&same).is_none());
}

/// What a target ran, the versions in turn, and which of them was taken back; whether the last one is quarantined.
#[test]
fn a_version_that_was_taken_back_is_known_when_it_comes_again() {
    let rows: &[(&[&str], usize, Kind, Outcome, bool)] = &[
        (&["1", "2", "2"], 1, Kind::Rollback, Outcome::Verified, true),
        (&["1", "2", "v2"], 1, Kind::Rollback, Outcome::Taken, true),
        (&["1", "2", "1", "2"], 1, Kind::Rollback, Outcome::Taken, true),
        (&["1", "2", "3", "2"], 1, Kind::Rollback, Outcome::Taken, true),
        (&["1", "2", "3"], 1, Kind::Rollback, Outcome::Verified, false),
        (&["1", "2", "1"], 1, Kind::Rollback, Outcome::Verified, false),
        (&["1", "2"], 1, Kind::Rollback, Outcome::Verified, false),
        (&["1", "2", "2"], 1, Kind::Pause, Outcome::Verified, false),
        (&["1", "2", "2"], 1, Kind::Rollback, Outcome::Failed, false),
        (&["1", "2", "2"], 1, Kind::Rollback, Outcome::Unverified, true),
        (&["1", "2", "2"], 1, Kind::Rollback, Outcome::Expired, false),
    ];
    for (versions, which, kind, outcome, quarantined) in rows {
        let mut past = Past::default();
        let mut told = Vec::new();
        for (nth, version) in (0..).zip(*versions) {
            let id = ChangeId(format!("change-{nth}"));
            told.extend(past.change(Change { id, ..change("a", version, nth * 100) }));
        }
        let key = done(&mut past, *kind, &told[*which], 150);
        past.closed(&key, *outcome);
        let last = told.last().unwrap();
        let at = quarantined.then_some(at(150));
        assert_eq!(past.taken_back(last), at, "{versions:?} {kind} {outcome:?}");
        let elsewhere = Change { target: target("b"), ..(**last).clone() };
        assert_eq!(past.taken_back(&elsewhere), None, "of another target");
    }
}
