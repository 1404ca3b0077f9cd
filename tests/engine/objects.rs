//! What is done to objects: a look before each decision, a step after the other, and a look after a restart.

use backstop::decision::{
    Aim, Answer, Edition, Held, Identity, Key, Kind, Misfit, Outcome, Progress, Seen, Sight, StepName,
};
use backstop::engine::{Event, Past, STEP_WITHIN, SURVEY_WITHIN};
use backstop::ledger::Record;
use backstop::unit::Span;

use crate::attempts::ONLY_ROLLBACK;
use crate::bench::{Bench, Does, at, change, lost, program, rejected, seconds, taken, target, unsent};

pub(crate) const EDITS: [(&str, &str); 4] = [
    ("settle: 30s", "kubernetes: { main: { in_cluster: true } }\nsettle: 30s"),
    ("select: { service: a } }", "select: { service: a }, object: deployment/shop/a }"),
    (
        "webhook: { url: 'http://localhost/r', sign: hook, verify: { expr: 'up' } }",
        "undo: target, to: last_known_good",
    ),
    ONLY_ROLLBACK,
];

pub(crate) fn edition(revision: &str, version: &str) -> Edition {
    let (revision, images) = (revision.to_owned(), vec![format!("web=shop:{version}")]);
    Edition { hash: format!("h{revision}"), revision, images, version: None }
}

pub(crate) fn aim(steps: &[StepName]) -> Aim {
    Aim {
        object: "deployment/shop/a".parse().unwrap(),
        at: at(0),
        seen: Identity { uid: "u".to_owned(), resource_version: "7".to_owned(), generation: 2 },
        from: edition("2", "2"),
        to: Some(edition("1", "1")),
        steps: steps.to_vec(),
        index: None,
        keeper: None,
        through: None,
    }
}

pub(crate) fn sight(steps: &[StepName], misfits: Vec<Misfit>) -> Sight {
    let aim = Some(aim(steps)).filter(|_| misfits.is_empty());
    let object = "deployment/shop/a".parse().unwrap();
    Sight::Seen(Box::new(Seen {
        object,
        at: at(0),
        runs: Some(edition("2", "2")),
        aim,
        misfits,
        keeper: None,
    }))
}

const UNDO: &[StepName] = &[StepName::Undo];
const BOTH: &[StepName] = &[StepName::Undo, StepName::Resume];

/// A bench on which somebody looks at the object now.
pub(crate) fn looked(edits: &[(&str, &str)]) -> (Bench, Key) {
    let mut bench = Bench::new(edits).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    while bench.world.surveys.is_empty() {
        assert!(bench.now < at(600), "nobody looked: {:?}", bench.decided());
        tick(&mut bench);
    }
    let (key, order) = bench.world.surveys.remove(0);
    assert_eq!((&*order.version, order.quarantined.clone()), ("2", vec!["2".to_owned()]));
    assert!(bench.decided().is_empty(), "nothing is decided before: {:?}", bench.decided());
    (bench, key)
}

pub(crate) fn tick(bench: &mut Bench) {
    bench.now = bench.now.plus(Span::from_secs(1));
    bench.happen(Event::Tick);
}

/// A bench on which the first step was sent just now.
pub(crate) fn sent(steps: &[StepName]) -> (Bench, Key) {
    let (mut bench, key) = looked(&EDITS);
    bench.happen(Event::Surveyed { key: key.clone(), sight: sight(steps, Vec::new()) });
    assert_eq!(bench.world.sent, [(key.clone(), 1)]);
    (bench, key)
}

pub(crate) fn progress(taken: usize, holds: bool, otherwise: Option<&str>) -> Progress {
    Progress { taken, holds, otherwise: otherwise.map(str::to_owned) }
}

pub(crate) fn progressed(bench: &mut Bench, key: &Key, progress: Progress) {
    let at = bench.now.plus(Span::from_millis(1));
    bench.happen(Event::Progressed { key: key.clone(), progress, at });
}

/// The attempts and steps that were written down again.
fn retried(bench: &Bench) -> Vec<(u32, u8, bool)> {
    let retried = |record: &Record| match record {
        Record::Retried { attempt, step, aim, .. } => Some((*attempt, *step, aim.is_some())),
        _ => None,
    };
    bench.records.iter().filter_map(retried).collect()
}

fn spoke(bench: &Bench) -> Vec<Vec<Held>> {
    let spoke = |record: &Record| match record {
        Record::Decided { ruling, .. } => Some(ruling.spoke.clone()),
        _ => None,
    };
    bench.records.iter().filter_map(spoke).collect()
}

#[test]
fn nothing_is_decided_before_somebody_looked_and_what_was_seen_is_in_what_is_decided() {
    let (bench, key) = sent(UNDO);
    let decided = bench.records.iter().find_map(|record| match record {
        Record::Decided { case, .. } => case.sight.clone(),
        _ => None,
    });
    assert_eq!(decided, Some(sight(UNDO, Vec::new())));
    let intended = bench.records.iter().find_map(|record| match record {
        Record::Intended(intention) => Some(intention.clone()),
        _ => None,
    });
    let intended = intended.unwrap();
    assert_eq!((intended.key, intended.aim.as_deref()), (key, Some(&aim(UNDO))));
}

#[test]
fn a_look_that_does_not_come_in_time_asks_a_person() {
    let (mut bench, key) = looked(&EDITS);
    let asked = seconds(bench.now);
    let within = i64::try_from(SURVEY_WITHIN.millis()).unwrap() / 1_000;
    while seconds(bench.now) < asked + within - 1 {
        tick(&mut bench);
    }
    assert!(bench.decided().is_empty(), "{:?}", bench.decided());
    tick(&mut bench);
    assert!(
        matches!(&spoke(&bench)[..], [held] if matches!(&held[..], [Held::Unseen(why)] if why.contains("5s")))
    );
    assert!(bench.intended().is_empty());
    // One that comes late after all is taken for what it says.
    bench.happen(Event::Surveyed { key, sight: sight(UNDO, Vec::new()) });
    assert_eq!(bench.intended(), ["rollback a"]);
}

#[test]
fn what_speaks_against_it_asks_a_person_and_the_next_look_may_say_otherwise() {
    let (mut bench, key) = looked(&EDITS);
    let busy = vec![Misfit::Busy { generation: 3, observed: 2 }];
    bench.happen(Event::Surveyed { key: key.clone(), sight: sight(UNDO, busy.clone()) });
    assert_eq!(spoke(&bench), [vec![Held::Unfit(busy)]]);
    while bench.world.surveys.is_empty() {
        assert!(bench.now < at(900), "nobody looked again");
        tick(&mut bench);
    }
    bench.happen(Event::Surveyed { key, sight: sight(UNDO, Vec::new()) });
    assert_eq!(bench.intended(), ["rollback a"]);
}

#[test]
fn steps_are_taken_one_after_the_other_and_each_is_written_down() {
    let (mut bench, key) = sent(BOTH);
    bench.answer(&taken());
    assert_eq!((retried(&bench), bench.world.sent.len()), (vec![(1, 1, false)], 1));
    bench.answer(&taken());
    let steps: Vec<u8> = bench
        .records
        .iter()
        .filter_map(|record| match record {
            Record::Answered { step, .. } => Some(*step),
            _ => None,
        })
        .collect();
    assert_eq!((steps, bench.world.sent.len(), bench.outcomes().len()), (vec![0, 1], 0, 0));
    progressed(&mut bench, &key, progress(2, false, None));
    assert!(bench.outcomes().is_empty(), "it is asked for, and does not run yet");
    progressed(&mut bench, &key, progress(2, true, None));
    assert_eq!(bench.outcomes(), [Outcome::Verified]);
}

#[test]
fn what_came_of_it_is_seen_or_a_person_has_to_look() {
    for (what, seen, outcome) in [
        ("it runs", progress(1, true, None), Some(Outcome::Verified)),
        ("not yet", progress(1, false, None), None),
        ("it was taken back", progress(0, false, None), Some(Outcome::Unverified)),
        ("it is something else", progress(0, false, Some("it runs 3")), Some(Outcome::Unverified)),
    ] {
        let (mut bench, key) = sent(UNDO);
        bench.answer(&taken());
        progressed(&mut bench, &key, seen);
        assert_eq!(bench.outcomes().first().copied(), outcome, "{what}");
    }
}

#[test]
fn whoever_was_overtaken_looks_again_and_decides_again_under_the_same_key() {
    let (mut bench, key) = sent(UNDO);
    bench.now = bench.now.plus(Span::from_secs(11));
    bench.answer(&Answer::Overtaken { why: "it runs 3".to_owned() });
    bench.happen(Event::Tick);
    assert_eq!(bench.world.surveys.len(), 1, "what is there now is looked at first");
    bench.happen(Event::Surveyed { key: key.clone(), sight: sight(UNDO, Vec::new()) });
    assert_eq!((retried(&bench), bench.world.sent.clone()), (vec![(2, 0, true)], vec![(key.clone(), 2)]));
    bench.world.surveys.clear();
    bench.now = bench.now.plus(Span::from_secs(11));
    bench.answer(&Answer::Overtaken { why: "it runs 3".to_owned() });
    bench.happen(Event::Tick);
    let other = Misfit::RunsOther { version: "2".to_owned(), images: vec!["web=shop:3".to_owned()] };
    bench.happen(Event::Surveyed { key, sight: sight(UNDO, vec![other]) });
    assert_eq!(bench.outcomes(), [Outcome::Expired], "somebody's own fix is left alone");
    assert_eq!(bench.intended(), ["rollback a"]);
}

#[test]
fn a_platform_that_is_away_is_waited_for_until_it_makes_no_sense_any_more() {
    let (mut bench, key) = sent(UNDO);
    let began = bench.now;
    bench.answer(&unsent());
    while bench.outcomes().is_empty() {
        assert!(bench.now < began.plus(Span::from_secs(400)), "it is tried for ever");
        tick(&mut bench);
        bench.world.surveys.clear();
    }
    assert_eq!(bench.outcomes(), [Outcome::Expired]);
    assert!(began.plus(Span::from_secs(290)) < bench.now, "it gave up early");
    // And where it comes back in time, it is done.
    let (mut bench, again) = sent(UNDO);
    assert_eq!(key, again);
    bench.answer(&rejected(None));
    bench.run(seconds(bench.now) + 60, &taken());
    bench.world.surveys.clear();
    while bench.world.surveys.is_empty() {
        tick(&mut bench);
    }
    bench.happen(Event::Surveyed { key: key.clone(), sight: sight(UNDO, Vec::new()) });
    bench.answer(&taken());
    progressed(&mut bench, &key, progress(1, true, None));
    assert_eq!(bench.outcomes(), [Outcome::Verified]);
}

#[test]
fn after_a_restart_a_look_says_what_is_left_to_do() {
    for (what, answered, seen, retried_as, left) in [
        ("sent, and never arrived", 0, progress(0, false, None), vec![(2, 0, true), (2, 1, false)], 2),
        ("sent, and half of it is there", 0, progress(1, false, None), vec![(2, 1, false)], 1),
        ("the first step was answered", 1, progress(1, false, None), vec![(1, 1, false), (2, 1, false)], 1),
        ("all of it is there", 1, progress(2, false, None), vec![(1, 1, false)], 0),
    ] {
        let (mut bench, key) = sent(BOTH);
        for _ in 0..answered {
            bench.answer(&taken());
        }
        bench.restart(program(&EDITS));
        assert!(bench.world.sent.is_empty(), "{what}: nothing is sent blindly");
        progressed(&mut bench, &key, seen);
        bench.happen(Event::Tick);
        if left == 2 {
            assert_eq!(bench.world.surveys.len(), 1, "{what}: nothing is done yet, so it is decided again");
            bench.happen(Event::Surveyed { key: key.clone(), sight: sight(BOTH, Vec::new()) });
        }
        assert_eq!(
            bench.world.surveys.len(),
            usize::from(left == 2),
            "{what}: what is half done is finished"
        );
        for _ in 0..left {
            assert_eq!(bench.world.sent, [(key.clone(), 2)], "{what}");
            bench.answer(&taken());
        }
        progressed(&mut bench, &key, progress(2, true, None));
        assert_eq!((bench.outcomes(), retried(&bench)), (vec![Outcome::Verified], retried_as), "{what}");
        assert_eq!(bench.intended(), ["rollback a"], "{what}");
    }
}

#[test]
fn what_is_half_done_is_never_called_failed() {
    for (what, answer, ends) in [
        ("somebody came in between", Answer::Overtaken { why: "it runs 3".to_owned() }, 1),
        ("it is refused again and again", rejected(None), 200),
        ("the platform is away", unsent(), 400),
    ] {
        let (mut bench, _) = sent(BOTH);
        bench.answer(&taken());
        bench.answer(&answer);
        let until = seconds(bench.now) + ends;
        bench.run(until, &answer);
        assert_eq!(bench.outcomes(), [Outcome::Unverified], "{what}");
    }
}

#[test]
fn a_step_of_which_nobody_knows_is_looked_for_at_once() {
    let (mut bench, key) = sent(UNDO);
    bench.answer(&lost());
    bench.now = bench.now.plus(Span::from_secs(1));
    progressed(&mut bench, &key, progress(1, true, None));
    assert_eq!(bench.outcomes(), [Outcome::Verified]);
    let (mut bench, _) = sent(UNDO);
    bench.now = bench.now.plus(STEP_WITHIN).plus(Span::from_secs(61));
    bench.happen(Event::Tick);
    let lost = |record: &Record| matches!(record, Record::Answered { answer: Answer::Lost { .. }, .. });
    assert!(bench.records.iter().any(lost), "an answer that never comes is not waited for");
}

#[test]
fn a_switch_between_two_steps_leaves_it_to_a_person() {
    let (mut bench, _) = sent(BOTH);
    let key = bench.world.sent.remove(0).0;
    // The ledger refuses the next step, as it does where automation is off.
    let mut engine = bench.engine.clone();
    engine.step(Event::Answered { key: key.clone(), attempt: 1, answer: taken() }, bench.now);
    let off = backstop::decision::Refusal::SwitchedOff("incident".to_owned());
    let effects = engine.step(Event::Refused { key: key.clone(), why: off }, bench.now);
    let unverified = |effect: &backstop::engine::Effect| {
        matches!(effect, backstop::engine::Effect::Close { outcome: Outcome::Unverified, .. })
    };
    assert!(effects.iter().any(unverified), "{effects:?}");
}

#[test]
fn what_passes_is_vouched_for_once_and_after_a_restart() {
    let mut bench = Bench::new(&EDITS).does("a", 0, Does::Well);
    bench.tell(change("a", "2", 0));
    bench.run(1_200, &taken());
    let vouched = |bench: &Bench| -> Vec<String> {
        let version = |record: &Record| match record {
            Record::Vouched { version, .. } => Some(version.clone()),
            _ => None,
        };
        bench.records.iter().filter_map(version).collect()
    };
    assert_eq!(
        (vouched(&bench), bench.engine.past().vouched(&target("a"))),
        (vec!["2".to_owned()], vec!["2".to_owned()])
    );
    bench.restart(program(&EDITS));
    assert_eq!(bench.engine.past().vouched(&target("a")), ["2"]);
    let mut bad = Bench::new(&EDITS).does("a", 0, Does::Badly);
    bad.tell(change("a", "2", 0));
    bad.run(1_200, &taken());
    assert!(vouched(&bad).is_empty());
}

#[test]
fn what_is_good_what_is_bad_and_what_is_held_is_told_by_the_past() {
    let mut past = Past::default();
    let [one, two, three] = ["1", "2", "3"].map(|version| change("a", version, version.parse().unwrap()));
    for change in [&one, &two, &three] {
        past.change(change.clone());
    }
    assert!(past.vouch(&one, at(10)) && past.vouch(&two, at(20)) && !past.vouch(&two, at(21)));
    assert_eq!(past.vouched(&target("a")), ["1", "2"]);
    assert_eq!(past.quarantined(&three), ["3"]);
    let key = crate::past::done(&mut past, Kind::Rollback, &two, 30);
    assert_eq!(past.quarantined(&three), ["2", "3"], "while it is on its way");
    past.closed(&key, Outcome::Failed);
    assert_eq!(past.quarantined(&three), ["3"], "it was not taken back after all");
    past.closed(&key, Outcome::Verified);
    assert_eq!(past.quarantined(&three), ["2", "3"]);
    // It comes again, and passes this time.
    let again = backstop::signal::Change { id: backstop::signal::ChangeId("again".to_owned()), ..two };
    assert!(past.vouch(&again, at(42)));
    assert_eq!(past.quarantined(&three), ["3"]);
    for (nth, (kind, outcome, holds)) in (50..).zip([
        (Kind::Pause, Outcome::Failed, false),
        (Kind::Pause, Outcome::Verified, true),
        (Kind::Notify, Outcome::Taken, true),
        (Kind::Rollback, Outcome::Verified, false),
        (Kind::Pause, Outcome::Taken, true),
        (Kind::Promote, Outcome::Verified, false),
    ]) {
        let key = crate::past::done(&mut past, kind, &three, nth);
        past.closed(&key, outcome);
        assert_eq!(past.holds(&target("a")), holds, "{kind} {outcome:?}");
    }
    // Of what was done to an object its steps say it, whatever it was for.
    for (nth, (kind, steps, holds)) in (60..).zip([
        (Kind::Pause, &[StepName::Pause][..], true),
        (Kind::Resume, &[StepName::Retry], true),
        (Kind::Promote, &[StepName::Promote], false),
        (Kind::Pause, &[StepName::Pause], true),
        (Kind::Restart, &[StepName::Restart], true),
        (Kind::Rollback, &[StepName::Undo, StepName::Resume], false),
    ]) {
        let key = crate::past::done(&mut past, kind, &three, nth);
        let intention = past.intention(&key).cloned().unwrap();
        past.intended(backstop::decision::Intention { aim: Some(Box::new(aim(steps))), ..intention });
        past.closed(&key, Outcome::Verified);
        assert_eq!(past.holds(&target("a")), holds, "{kind} {steps:?}");
    }
}
