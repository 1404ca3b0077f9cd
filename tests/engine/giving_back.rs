//! What keeps an object as git says is held for a rollback, and given back once git has moved past what was taken back.

use backstop::decision::{Aim, Key, Misfit, Move, Outcome, Page, Scope, Seen, Sight, StepName, Turn};
use backstop::engine::Event;
use backstop::ledger::Record;
use backstop::signal::{GitOps, GitOpsKind};

use crate::bench::{Bench, Does, change, lost, program, rejected, taken};
use crate::objects::{EDITS, progress, progressed, sent, sight, tick};

const HELD: &[StepName] = &[StepName::Detach, StepName::Undo];

fn keeper() -> GitOps {
    GitOps { kind: GitOpsKind::Flux, app: "kustomization/flux/shop".to_owned() }
}

/// What was seen, where what keeps the object is held.
fn kept(sight: Sight) -> Sight {
    match sight {
        Sight::Seen(seen) => {
            let aim = seen.aim.map(|aim| Aim { keeper: Some(keeper()), ..aim });
            Sight::Seen(Box::new(Seen { aim, ..*seen }))
        }
        unseen @ Sight::Unseen(_) => unseen,
    }
}

/// A bench on which a release was taken back just now, for which what keeps its object was held.
fn taken_back() -> Bench {
    let (mut bench, key) = begun(HELD);
    bench.answer(&taken());
    bench.answer(&taken());
    progressed(&mut bench, &key, progress(2, true, None));
    assert_eq!(bench.outcomes(), [Outcome::Verified]);
    bench
}

/// Lets so many seconds pass, and answers each look with this. How often somebody looked.
fn looked(bench: &mut Bench, seconds: u32, sight: &Sight) -> usize {
    let mut looks = 0;
    for _ in 0..seconds {
        tick(bench);
        for (key, order) in std::mem::take(&mut bench.world.surveys) {
            assert_eq!(order.does, Move::GiveBack, "{key}");
            looks += 1;
            bench.happen(Event::Surveyed { key, sight: sight.clone() });
        }
    }
    looks
}

fn not_moved() -> Sight {
    sight(&[], vec![Misfit::NotMoved { revision: "main@sha1:b".to_owned() }])
}

fn may_be() -> Sight {
    kept(sight(&[StepName::Attach], Vec::new()))
}

/// A bench on which the first of these steps was sent just now.
fn begun(steps: &[StepName]) -> (Bench, Key) {
    let (mut bench, key) = crate::objects::looked(&EDITS);
    bench.happen(Event::Surveyed { key: key.clone(), sight: kept(sight(steps, Vec::new())) });
    (bench, key)
}

/// One of which nobody knows how it ended may be held as well, and so may one that found it held.
#[test]
fn whatever_may_be_held_is_looked_at() {
    let (mut bench, key) = begun(HELD);
    bench.answer(&taken());
    bench.answer(&taken());
    progressed(&mut bench, &key, progress(1, false, None));
    assert_eq!(bench.outcomes(), [Outcome::Unverified]);
    assert_eq!((looked(&mut bench, 2, &may_be()), given(&bench).len()), (1, 1));
    let (mut bench, key) = begun(&[StepName::Undo]);
    bench.answer(&taken());
    progressed(&mut bench, &key, progress(1, true, None));
    assert_eq!((looked(&mut bench, 2, &may_be()), given(&bench).len()), (1, 1));
}

/// What was begun to give back, by its keys.
fn given(bench: &Bench) -> Vec<Key> {
    let given = |record: &Record| match record {
        Record::Intended(intention) if intention.key.gives_back() => Some(intention.key.clone()),
        _ => None,
    };
    bench.records.iter().filter_map(given).collect()
}

fn pages(bench: &Bench) -> Vec<Page> {
    let page = |record: &Record| match record {
        Record::Intended(intention) => intention.page,
        _ => None,
    };
    bench.records.iter().filter_map(page).collect()
}

#[test]
fn it_is_looked_at_each_minute_and_given_back_once_with_or_without_a_death() {
    for dies in [false, true] {
        let mut bench = taken_back();
        assert_eq!(looked(&mut bench, 180, &not_moved()), 3, "once a minute");
        assert!(given(&bench).is_empty());
        if dies {
            bench.restart(program(&EDITS));
        }
        assert_eq!(looked(&mut bench, 61, &may_be()), 1);
        let [key] = &*given(&bench) else { panic!("{:?}", given(&bench)) };
        if dies {
            // Nobody knows whether it was sent: it is looked at, and it was.
            bench.restart(program(&EDITS));
        } else {
            bench.answer(&taken());
        }
        progressed(&mut bench, key, progress(1, true, None));
        assert_eq!(bench.outcomes(), [Outcome::Verified, Outcome::Verified], "dies: {dies}");
        if dies {
            bench.restart(program(&EDITS));
        }
        assert_eq!(looked(&mut bench, 300, &may_be()), 0, "it is given back");
        assert_eq!((given(&bench).len(), pages(&bench)), (1, Vec::new()));
    }
}

#[test]
fn what_does_not_come_through_is_looked_at_anew() {
    let mut bench = taken_back();
    looked(&mut bench, 2, &may_be());
    let key = given(&bench)[0].clone();
    bench.answer(&lost());
    progressed(&mut bench, &key, progress(0, false, None));
    looked(&mut bench, 120, &may_be());
    let keys = given(&bench);
    assert_eq!((keys.len(), keys[0] == keys[1]), (2, false), "each attempt is an intention of its own");
    bench.answer(&taken());
    progressed(&mut bench, &keys[1], progress(1, true, None));
    assert_eq!(bench.outcomes(), [Outcome::Verified, Outcome::Unverified, Outcome::Verified]);
}

/// However often it is refused, one person is called, and what rollbacks may cost is left as it was.
#[test]
fn whoever_does_not_take_it_back_calls_somebody_once_and_costs_no_rollback() {
    let mut bench = taken_back();
    bench.restart(program(&EDITS[..3]));
    let spent = |bench: &Bench| {
        let target = crate::bench::target("a");
        let rate = "100/h".parse().unwrap();
        bench.engine.past().spent((None, Scope::Service), (&target, None), (rate, bench.now))
    };
    let before = spent(&bench);
    for _ in 0..1_200 {
        looked(&mut bench, 1, &may_be());
        bench.answer(&rejected(None));
    }
    let tries = given(&bench).len();
    assert!((3..20).contains(&tries), "it is tried ever less often: {tries} times in 20 minutes");
    // That the gate does not recover is told as well, and is another matter.
    let ended = pages(&bench).into_iter().filter(|page| matches!(page, Page::Ended(_))).count();
    assert_eq!((ended, spent(&bench)), (1, before), "{:?}", pages(&bench));
}

#[test]
fn nothing_is_given_back_while_automation_is_off() {
    let mut bench = taken_back();
    bench.happen(Event::Switched(Turn::of_all(Some("a drill".to_owned()), "me")));
    assert_eq!(looked(&mut bench, 120, &may_be()), 0);
    bench.happen(Event::Switched(Turn::of_all(None, "me")));
    assert_eq!((looked(&mut bench, 2, &may_be()), given(&bench).len()), (1, 1));
}

#[test]
fn what_somebody_gave_back_by_hand_is_let_be() {
    let mut bench = taken_back();
    assert_eq!(looked(&mut bench, 300, &sight(&[], vec![Misfit::NotOurs])), 1);
    assert!(given(&bench).is_empty());
}

#[test]
fn whoever_brings_back_what_was_taken_back_is_told_of_once_and_not_fought() {
    let again = sight(&[], vec![Misfit::Reapplied { images: vec!["web=shop:2".to_owned()] }]);
    let mut bench = taken_back();
    // With rules by which somebody can be called.
    let edits = &EDITS[..3];
    bench.restart(program(edits));
    assert_eq!(looked(&mut bench, 180, &again), 3);
    assert_eq!((given(&bench).len(), pages(&bench)), (0, vec![Page::Reapplied]));
    bench.restart(program(edits));
    looked(&mut bench, 180, &again);
    assert_eq!(pages(&bench), [Page::Reapplied]);
    let undone = bench.intended().iter().filter(|intended| *intended == "rollback a").count();
    assert_eq!(undone, 1, "{:?}", bench.intended());
}

#[test]
fn what_was_held_for_nothing_is_not_looked_at() {
    let (mut bench, key) = sent(&[StepName::Undo]);
    bench.answer(&taken());
    progressed(&mut bench, &key, progress(1, true, None));
    assert_eq!(looked(&mut bench, 300, &may_be()), 0);
}

/// Two objects that one Kustomization keeps: what it rolls out reaches both.
#[test]
fn what_keeps_two_objects_is_not_given_back_while_one_of_them_is_undone() {
    let other = (
        "service: b, environment: production, select: { service: b } }",
        "service: b, environment: production, select: { service: b }, object: deployment/shop/b }",
    );
    let edits: Vec<(&str, &str)> = EDITS.into_iter().chain([other]).collect();
    let mut bench = Bench::new(&edits).does("a", 0, Does::Badly).does("b", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    // Tells of an undo that is wanted, and lets its first step be sent; of what is to be given back, how often it was looked at.
    let undone = |bench: &mut Bench, of: &str, seconds: u32| {
        let mut given_back = 0;
        for _ in 0..seconds {
            tick(bench);
            for (key, order) in std::mem::take(&mut bench.world.surveys) {
                let sight = match order.does {
                    Move::GiveBack => {
                        given_back += 1;
                        not_moved()
                    }
                    _ => kept(sight(HELD, Vec::new())),
                };
                assert!(order.does == Move::GiveBack || order.object.name() == of, "{order:?}");
                bench.happen(Event::Surveyed { key, sight });
            }
        }
        given_back
    };
    let ends = |bench: &mut Bench| {
        let (key, _) = bench.world.sent[0].clone();
        bench.answer(&taken());
        bench.answer(&taken());
        (key, bench.outcomes().len())
    };
    while bench.world.sent.is_empty() {
        undone(&mut bench, "a", 1);
    }
    let (first, _) = ends(&mut bench);
    progressed(&mut bench, &first, progress(2, true, None));
    assert_eq!(undone(&mut bench, "a", 120), 2, "nothing else is in flight");
    let now = crate::bench::seconds(bench.now);
    bench.tell(change("b", "2", now));
    while bench.world.sent.is_empty() {
        undone(&mut bench, "b", 1);
    }
    // It is sent, and nobody sees yet that it worked.
    let (second, ended) = ends(&mut bench);
    assert_eq!((ended, undone(&mut bench, "b", 150)), (1, 0), "the other object is undone");
    progressed(&mut bench, &second, progress(2, true, None));
    assert_eq!(bench.outcomes(), [Outcome::Verified, Outcome::Verified]);
    assert_eq!(undone(&mut bench, "b", 61), 2, "both may be given back by now");
}
