//! What people are asked, what they may say to it, and who hears of what is held.

use std::collections::BTreeSet;

use backstop::decision::{CellId, Course, DecisionId, Outcome, Page, Turn};
use backstop::engine::{Agreement, Event, NotAsked, Said};
use backstop::ledger::Record;
use backstop::signal::Change;
use backstop::unit::Name;
use proptest::prelude::*;

use crate::bench::{Bench, Does, change, program, rejected, taken};

const ASKS: (&str, &str) = ("action: rollback, approval: none", "action: rollback, approval: one");
const ASKS_TWO: (&str, &str) = ("action: rollback, approval: none", "action: rollback, approval: two");

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn said(decision: DecisionId, by: &str, lifts: &[&str]) -> Said {
    let lifts = lifts.iter().map(|word| (*word).to_owned()).collect();
    Said { decision, by: name(by), agrees: true, lifts, why: String::new() }
}

/// A bad release of somebody's, about whose rollback people are asked.
fn asked(edits: &[(&str, &str)]) -> (Bench, DecisionId) {
    let mut bench = Bench::new(edits).does("a", 0, Does::Badly);
    let (told_by, author) = (Some(name("ci")), Some("kim".to_owned()));
    bench.tell(Change { told_by, author, ..change("a", "2", 0) });
    while bench.engine.asked(bench.now).is_empty() {
        assert!(bench.now < crate::bench::at(600), "nobody is asked: {:?}", bench.decided());
        let next = crate::bench::seconds(bench.now) + 1;
        bench.run(next, &taken());
    }
    let decision = bench.engine.asked(bench.now)[0].2.decision;
    (bench, decision)
}

/// Says it, and has what follows performed.
fn say(bench: &mut Bench, said: Said) -> Result<Agreement, NotAsked> {
    let agreed = bench.engine.clone().said(said.clone(), bench.now).map(|(agreed, _)| agreed);
    bench.happen(Event::Said(Box::new(said)));
    let next = crate::bench::seconds(bench.now) + 1;
    bench.run(next, &taken());
    agreed
}

fn rollbacks(bench: &Bench) -> usize {
    bench.intended().iter().filter(|intended| *intended == "rollback a").count()
}

/// Why somebody was called.
fn called(bench: &Bench) -> Vec<Page> {
    let page = |record: &Record| match record {
        Record::Intended(intention) => intention.page,
        _ => None,
    };
    bench.records.iter().filter_map(page).collect()
}

const WORD: &str = "needs_approval";

/// Which decision somebody speaks of, by the one that asks.
type Which = fn(DecisionId) -> DecisionId;

/// Why that does not count.
type Refused = fn(DecisionId) -> Option<NotAsked>;

#[test]
fn who_may_agree_to_what() {
    let elsewhere = |id: DecisionId| DecisionId { cell: CellId(id.cell.0 ^ 1), ..id };
    let earlier = |id: DecisionId| DecisionId { number: 1, ..id };
    let same = |id: DecisionId| id;
    let rows: Vec<(&str, Which, &str, &[&str], Refused)> = vec![
        ("somebody else", same, "lee", &[WORD], |_| None),
        ("who told of it", same, "ci", &[WORD], |_| Some(NotAsked::OwnChange(name("ci")))),
        ("who made it", same, "kim", &[WORD], |_| Some(NotAsked::OwnChange(name("kim")))),
        ("to nothing", same, "lee", &[], |_| Some(NotAsked::LeftOut(WORD))),
        ("to what does not speak", same, "lee", &[WORD, "budget"], |_| {
            Some(NotAsked::NotSpoken("budget".to_owned()))
        }),
        ("to what was decided before", earlier, "lee", &[WORD], |id| {
            Some(NotAsked::Over(DecisionId { number: 1, ..id }))
        }),
        ("to what nobody decided", elsewhere, "lee", &[WORD], |id| {
            Some(NotAsked::Unknown(DecisionId { cell: CellId(id.cell.0 ^ 1), ..id }))
        }),
    ];
    for (what, which, by, lifts, refused) in rows {
        let (mut bench, decision) = asked(&[ASKS]);
        let agreed = say(&mut bench, said(which(decision), by, lifts));
        assert_eq!(agreed.clone().err(), refused(decision), "{what}");
        assert_eq!(rollbacks(&bench), usize::from(agreed.is_ok()), "{what}");
    }
}

#[test]
fn what_is_agreed_to_in_time_is_done_and_later_it_is_not() {
    let minute = ("settle: 30s", "settle: 30s\napprove_within: 1m");
    for (wait, done) in [(1, true), (58, true), (61, false)] {
        let (mut bench, decision) = asked(&[ASKS, minute]);
        let began = crate::bench::seconds(bench.now);
        bench.run(began + wait, &taken());
        let agreed = say(&mut bench, said(decision, "lee", &[WORD]));
        assert_eq!(agreed.is_ok(), done, "after {wait} s: {agreed:?}");
        assert_eq!(rollbacks(&bench), usize::from(done), "after {wait} s");
        if !done {
            // It was judged again, and asks again, under a number of its own.
            bench.run(began + 95, &taken());
            let again = bench.engine.asked(bench.now)[0].2.decision;
            assert_ne!(again, decision);
            assert!(say(&mut bench, said(again, "lee", &[WORD])).is_ok());
            assert_eq!(rollbacks(&bench), 1);
        }
    }
}

#[test]
fn a_restart_forgets_neither_yes_nor_no() {
    let edits = [ASKS_TWO];
    let (mut bench, decision) = asked(&edits);
    let agreed = say(&mut bench, said(decision, "lee", &[WORD])).unwrap();
    assert_eq!(agreed, Agreement { course: Course::Ask, people: 1, needed: 2 });
    bench.restart(program(&edits));
    assert_eq!(
        say(&mut bench, said(decision, "lee", &[WORD])),
        Err(NotAsked::Already(name("lee"))),
        "one is one"
    );
    assert_eq!(rollbacks(&bench), 0);
    assert!(say(&mut bench, said(decision, "sam", &[WORD])).is_ok());
    assert_eq!(rollbacks(&bench), 1);

    let (mut bench, decision) = asked(&edits);
    let no = Said { agrees: false, lifts: BTreeSet::new(), ..said(decision, "lee", &[]) };
    say(&mut bench, no).unwrap();
    bench.restart(program(&edits));
    bench.run(crate::bench::seconds(bench.now) + 200, &taken());
    assert!(bench.engine.asked(bench.now).is_empty());
    assert_eq!(rollbacks(&bench), 0);
}

/// What was held is told to somebody once for each reason, however many looks there are, and after a death as well.
#[test]
fn somebody_is_called_about_what_is_held() {
    let (mut bench, _) = asked(&[ASKS]);
    assert_eq!(called(&bench), [Page::Held]);
    bench.run(crate::bench::seconds(bench.now) + 200, &taken());
    assert_eq!(called(&bench), [Page::Held]);
    bench.restart(program(&[ASKS]));
    bench.run(crate::bench::seconds(bench.now) + 60, &taken());
    assert_eq!(called(&bench), [Page::Held]);
    // The process died behind the decision and before the call was written down.
    let (mut bench, _) = asked(&[ASKS]);
    bench.records.retain(|record| !matches!(record, Record::Intended(intention) if intention.page.is_some()));
    bench.world.sent.clear();
    bench.restart(program(&[ASKS]));
    bench.run(crate::bench::seconds(bench.now) + 60, &taken());
    assert_eq!(called(&bench), [Page::Held]);
}

#[test]
fn nobody_is_called_in_shadow_mode_or_while_automation_is_off() {
    let mut bench = Bench::new(&[ASKS, ("mode: act", "mode: shadow")]).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    bench.run(600, &taken());
    assert_eq!(called(&bench), []);
    let mut bench = Bench::new(&[ASKS]).does("a", 0, Does::Badly);
    bench.happen(Event::Switched(Turn::of_all(Some("a drill".to_owned()), "me")));
    bench.tell(change("a", "2", 0));
    bench.run(600, &taken());
    assert_eq!(called(&bench), []);
}

/// A rollback that automation was switched off under: whoever could not be called then is called once it is on again, and
/// once only, whether it died in between or not.
#[test]
fn whoever_could_not_be_called_is_called_later() {
    for dies in [false, true] {
        let mut bench = Bench::new(&[]).does("a", 0, Does::Badly);
        bench.tell(change("a", "2", 0));
        while rollbacks(&bench) == 0 {
            assert!(bench.now < crate::bench::at(600), "nothing is undone: {:?}", bench.decided());
            bench.run(crate::bench::seconds(bench.now) + 1, &rejected(None));
        }
        bench.happen(Event::Switched(Turn::of_all(Some("a drill".to_owned()), "me")));
        bench.run(crate::bench::seconds(bench.now) + 60, &rejected(None));
        assert_eq!(bench.outcomes().last(), Some(&Outcome::Expired));
        assert_eq!(called(&bench), []);
        if dies {
            bench.restart(program(&[]));
        }
        bench.happen(Event::Switched(Turn::of_all(None, "me")));
        bench.run(crate::bench::seconds(bench.now) + 60, &taken());
        assert_eq!(called(&bench), [Page::Ended(Outcome::Expired)], "dies: {dies}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whoever agrees, in whichever order, however often, over deaths: nothing is done before two different people did who
    /// had no part in the change.
    #[test]
    fn never_fewer_people_than_asked(voices in prop::collection::vec((0_usize..4, any::<bool>()), 1..7)) {
        let edits = [ASKS_TWO];
        let (mut bench, decision) = asked(&edits);
        let mut others = BTreeSet::new();
        for (who, dies) in voices {
            let who = ["ci", "kim", "lee", "sam"][who];
            if say(&mut bench, said(decision, who, &[WORD])).is_ok() {
                others.insert(who);
            }
            prop_assert!(!others.contains("ci") && !others.contains("kim"));
            if dies {
                bench.restart(program(&edits));
            }
            prop_assert_eq!(rollbacks(&bench), usize::from(others.len() == 2), "{:?}", others);
        }
    }
}
