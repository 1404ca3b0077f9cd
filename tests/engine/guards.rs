//! Guards: each on both sides of its border, and all together.

use std::collections::BTreeSet;

use backstop::decision::{
    Aim, Alarm, Approval, Budget, Case, Consent, Course, Edition, Frozen, Held, Identity, Irreversible, Kind,
    Misfit, Mode, Scope, Seen, Share, Sight, StepName, Suspect, Weak, Wish, decide,
};
use backstop::gate::{Release, Standing};
use backstop::signal::{ChangeId, Object, Provenance};
use backstop::unit::{Confidence, Name, Span, UnixMillis};
use proptest::prelude::*;

use crate::bench::at;

type Edit = fn(&mut Case);

/// A rollback that nothing speaks against.
fn free() -> Case {
    Case {
        release: Release::alone(&Standing::UNLOOKED),
        at: at(1_000),
        wish: Wish::Do {
            action: "rollback".parse().unwrap(),
            kind: Kind::Rollback,
            approval: Approval::None,
            able: true,
        },
        mode: Mode::Act,
        switched_off: None,
        service_off: None,
        doubted: None,
        frozen: None,
        first: false,
        irreversible: None,
        provenance: Provenance::Authenticated,
        ran_before: false,
        stale: None,
        weak: BTreeSet::new(),
        in_flight: None,
        unverified: None,
        budgets: Vec::new(),
        last_acted: None,
        cooldown: Span::from_secs(100),
        undone_now: 0,
        undone_at_once: None,
        superseded: None,
        taken_back: None,
        floor: None,
        unkeyed: None,
        suspect: None,
        share: None,
        consents: Vec::new(),
        declined: None,
        alarm: None,
        sight: None,
    }
}

fn alarm(provenance: Provenance) -> Alarm {
    Alarm {
        name: "HighErrors".to_owned(),
        fingerprint: "c0ffee".to_owned(),
        starts: at(900),
        heard: at(1_000),
        by: "alertmanager".to_owned(),
        provenance,
        rule: "burn".parse().unwrap(),
        others: 0,
    }
}

fn wish(case: &mut Case, edit: impl Fn(&mut Kind, &mut Approval, &mut bool)) {
    if let Wish::Do { kind, approval, able, .. } = &mut case.wish {
        edit(kind, approval, able);
    }
}

fn kind(case: &mut Case, to: Kind) {
    wish(case, |kind, _, _| *kind = to);
}

fn budget(spent: u32) -> Budget {
    Budget { of: None, scope: Scope::Everywhere, rate: "3/h".parse().unwrap(), spent }
}

fn peak() -> Frozen {
    Frozen { name: "peak".parse().unwrap(), why: "the busiest days".to_owned(), until: at(5_000) }
}

/// Each guard with what makes it speak, in the order in which they are asked.
fn voices() -> Vec<(Edit, Held)> {
    vec![
        (|c| c.switched_off = Some("incident".to_owned()), Held::SwitchedOff("incident".to_owned())),
        (|c| c.service_off = Some("a sale".to_owned()), Held::ServiceOff("a sale".to_owned())),
        (|c| c.doubted = Some(at(50)), Held::Doubted(at(50))),
        (|c| c.mode = Mode::Shadow, Held::Shadow),
        (|c| c.frozen = Some(peak()), Held::Frozen(peak())),
        (|c| c.provenance = Provenance::Inferred, Held::Unattested),
        (|c| c.alarm = Some(alarm(Provenance::Unauthenticated).into()), Held::UnattestedAlert),
        (|c| c.superseded = Some(next()), Held::Superseded(next())),
        (|c| c.ran_before = true, Held::RanBefore),
        (|c| c.taken_back = Some(at(50)), Held::TakenBack(at(50))),
        (|c| c.first = true, Held::FirstRelease),
        (|c| c.irreversible = Some(one_way()), Held::Irreversible(one_way())),
        (|c| c.stale = Some(at(100)), Held::Stale(at(100))),
        (|c| c.weak = [Weak::AfterBefore, Weak::Expr].into(), Held::WeakEvidence(Weak::AfterBefore)),
        (|c| c.floor = Some(sure(0.999)), Held::BelowFloor(sure(0.999))),
        (|c| c.unkeyed = Some(Scope::Environment), Held::Unkeyed(Scope::Environment)),
        (|c| c.in_flight = Some("act_1".to_owned()), Held::InFlight("act_1".to_owned())),
        (|c| c.unverified = Some("act_2".to_owned()), Held::Unverified("act_2".to_owned())),
        (|c| c.budgets = vec![budget(2), budget(3), budget(4)], Held::Budget(budget(3))),
        (
            |c| c.last_acted = Some(at(950)),
            Held::CoolingDown { since: at(950), cooldown: Span::from_secs(100) },
        ),
        (|c| c.suspect = Some(payment()), Held::Suspect(payment())),
        (|c| (c.undone_now, c.undone_at_once) = (3, Some(3)), Held::SharedCause { undone: 3, limit: 3 }),
        (|c| c.share = Some(share(3)), Held::TooMany(share(3))),
        (|c| seen(c).misfits = vec![Misfit::NotHeld], Held::Unfit(vec![Misfit::NotHeld])),
        (|c| seen(c).keeper = Some("git".to_owned()), Held::Reconciled { by: "git".to_owned() }),
        (|c| c.declined = Some(kim()), Held::Declined(kim())),
        (|c| wish(c, |_, approval, _| *approval = Approval::Two), Held::NeedsApproval { people: 2 }),
        (|c| wish(c, |_, _, able| *able = false), Held::Unable),
    ]
}

/// What was seen of the object that it is done to, which is fit for it where nobody said otherwise.
fn seen(case: &mut Case) -> &mut Seen {
    let object: Object = "deployment/shop/a".parse().unwrap();
    let aim = Aim {
        object: object.clone(),
        at: at(999),
        seen: Identity::default(),
        from: Edition::default(),
        to: None,
        steps: vec![StepName::Undo],
        index: None,
        keeper: None,
        through: None,
    };
    let fit = Seen { object, at: at(999), runs: None, aim: Some(aim), misfits: Vec::new(), keeper: None };
    match case.sight.get_or_insert_with(|| Sight::Seen(Box::new(fit))) {
        Sight::Seen(seen) => seen,
        Sight::Unseen(_) => unreachable!("it was seen"),
    }
}

fn everything(case: &mut Case) {
    for (edit, _) in voices() {
        edit(case);
    }
}

fn spoken() -> Vec<Held> {
    voices().into_iter().map(|(_, held)| held).collect()
}

fn sure(share: f64) -> Confidence {
    Confidence::new(share).unwrap()
}

fn kim() -> Name {
    "kim".parse().unwrap()
}

fn next() -> ChangeId {
    ChangeId("a-3".to_owned())
}

fn one_way() -> Irreversible {
    Irreversible { change: next(), version: "3".to_owned(), judged: true }
}

fn payment() -> Suspect {
    Suspect { service: "payment".to_owned(), change: ChangeId("p".to_owned()), version: "7".to_owned() }
}

fn share(undone: u32) -> Share {
    Share { undone, services: 10, most: 2 }
}

/// Somebody who agrees to what these guards speak of.
fn consent(by: &str, lifts: &[&str]) -> Consent {
    let lifts = lifts.iter().map(|word| (*word).to_owned()).collect();
    Consent { by: by.parse().unwrap(), at: at(990), lifts }
}

/// As sure as this that it was the change, and that something is the matter.
fn shows(case: &mut Case, (ours, most): (f64, f64)) {
    let ln = |share: f64| -(1.0 - share).ln() + 1e-6;
    (case.release.ln_ours, case.release.ln_most) = (ln(ours), ln(most));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_guard_speaks_beyond_its_border_and_not_before_it() {
    use Course::{Act, Ask, Hold};
    let cooling = |since: i64| Held::CoolingDown { since: at(since), cooldown: Span::from_secs(100) };
    let rows: Vec<(&str, Edit, Course, Vec<Held>)> = vec![
        ("nothing speaks against it", |_| {}, Act, vec![]),
        ("switched off", |c| c.switched_off = Some("x".into()), Hold, vec![Held::SwitchedOff("x".into())]),
        (
            "its service is off",
            |c| c.service_off = Some("x".into()),
            Hold,
            vec![Held::ServiceOff("x".into())],
        ),
        (
            "nothing is wanted of it",
            |c| (c.service_off, c.wish) = (Some("x".into()), Wish::Nothing),
            Hold,
            vec![],
        ),
        ("its ledger is doubted", |c| c.doubted = Some(at(1)), Hold, vec![Held::Doubted(at(1))]),
        ("frozen", |c| c.frozen = Some(peak()), Ask, vec![Held::Frozen(peak())]),
        ("asked in a freeze", |c| (c.frozen, c.wish) = (Some(peak()), Wish::Ask), Ask, vec![]),
        ("a first release", |c| c.first = true, Ask, vec![Held::FirstRelease]),
        (
            "a first release that is paused",
            |c| {
                c.first = true;
                kind(c, Kind::Pause);
            },
            Act,
            vec![],
        ),
        (
            "a change that cannot be undone",
            |c| c.irreversible = Some(one_way()),
            Ask,
            vec![Held::Irreversible(one_way())],
        ),
        (
            "a pause of a change that cannot be undone",
            |c| {
                c.irreversible = Some(one_way());
                kind(c, Kind::Pause);
            },
            Act,
            vec![],
        ),
        ("shadow", |c| c.mode = Mode::Shadow, Hold, vec![Held::Shadow]),
        ("an object that is fit", |c| seen(c).misfits.clear(), Act, vec![]),
        (
            "an object that nobody could look at",
            |c| c.sight = Some(Sight::Unseen("x".into())),
            Ask,
            vec![Held::Unseen("x".into())],
        ),
        ("an object of which nothing is planned", |c| seen(c).aim = None, Ask, vec![Held::Unfit(vec![])]),
        ("the mode asks", |c| c.mode = Mode::Ask, Ask, vec![Held::ModeAsks]),
        (
            "one has to agree",
            |c| wish(c, |_, a, _| *a = Approval::One),
            Ask,
            vec![Held::NeedsApproval { people: 1 }],
        ),
        (
            "two have to agree",
            |c| wish(c, |_, a, _| *a = Approval::Two),
            Ask,
            vec![Held::NeedsApproval { people: 2 }],
        ),
        (
            "told by nobody known",
            |c| c.provenance = Provenance::Unauthenticated,
            Hold,
            vec![Held::Unattested],
        ),
        (
            "alerted by somebody known",
            |c| c.alarm = Some(alarm(Provenance::Authenticated).into()),
            Act,
            vec![],
        ),
        (
            "alerted by nobody known",
            |c| c.alarm = Some(alarm(Provenance::Unauthenticated).into()),
            Hold,
            vec![Held::UnattestedAlert],
        ),
        (
            "told of an alert by nobody known",
            |c| {
                c.alarm = Some(alarm(Provenance::Unauthenticated).into());
                kind(c, Kind::Notify);
            },
            Act,
            vec![],
        ),
        ("an alert alone", |c| c.weak = [Weak::Alert].into(), Ask, vec![Held::WeakEvidence(Weak::Alert)]),
        (
            "an alert alone that pauses",
            |c| {
                c.weak = [Weak::Alert].into();
                kind(c, Kind::Pause);
            },
            Act,
            vec![],
        ),
        ("inferred", |c| c.provenance = Provenance::Inferred, Hold, vec![Held::Unattested]),
        ("a rollback of a rollback", |c| c.ran_before = true, Ask, vec![Held::RanBefore]),
        (
            "a promotion of what ran before",
            |c| {
                c.ran_before = true;
                kind(c, Kind::Promote);
            },
            Act,
            vec![],
        ),
        (
            "a pause of what ran before",
            |c| {
                c.ran_before = true;
                kind(c, Kind::Pause);
            },
            Ask,
            vec![Held::RanBefore],
        ),
        ("looks of the past", |c| c.stale = Some(at(1)), Ask, vec![Held::Stale(at(1))]),
        (
            "a promotion on looks of the past",
            |c| {
                c.stale = Some(at(1));
                kind(c, Kind::Promote);
            },
            Ask,
            vec![Held::Stale(at(1))],
        ),
        ("weak evidence", |c| c.weak = [Weak::Expr].into(), Ask, vec![Held::WeakEvidence(Weak::Expr)]),
        (
            "a pause on weak evidence",
            |c| {
                c.weak = [Weak::AfterBefore].into();
                kind(c, Kind::Pause);
            },
            Act,
            vec![],
        ),
        (
            "a promotion on weak evidence",
            |c| {
                c.weak = [Weak::AfterBefore].into();
                kind(c, Kind::Promote);
            },
            Act,
            vec![],
        ),
        (
            "a restart of what something else is likelier to hurt",
            |c| {
                c.suspect = Some(payment());
                kind(c, Kind::Restart);
            },
            Ask,
            vec![Held::Suspect(payment())],
        ),
        (
            "a restart, less sure than the floor that it was the change",
            |c| {
                c.floor = Some(sure(0.99));
                shows(c, (0.98, 0.999));
                kind(c, Kind::Restart);
            },
            Ask,
            vec![Held::BelowFloor(sure(0.99))],
        ),
        (
            "a restart on weak evidence",
            |c| {
                c.weak = [Weak::AfterBefore].into();
                kind(c, Kind::Restart);
            },
            Ask,
            vec![Held::WeakEvidence(Weak::AfterBefore)],
        ),
        (
            "a restart of a first release, and of what cannot be undone",
            |c| {
                (c.first, c.irreversible) = (true, Some(one_way()));
                kind(c, Kind::Restart);
            },
            Act,
            vec![],
        ),
        (
            "anything else on weak evidence",
            |c| {
                c.weak = [Weak::AfterBefore].into();
                kind(c, Kind::Other);
            },
            Ask,
            vec![Held::WeakEvidence(Weak::AfterBefore)],
        ),
        ("one in flight", |c| c.in_flight = Some("k".into()), Hold, vec![Held::InFlight("k".into())]),
        ("one unverified", |c| c.unverified = Some("k".into()), Hold, vec![Held::Unverified("k".into())]),
        ("a budget with one left", |c| c.budgets = vec![budget(2)], Act, vec![]),
        ("a budget that is spent", |c| c.budgets = vec![budget(3)], Ask, vec![Held::Budget(budget(3))]),
        (
            "the second budget is spent",
            |c| c.budgets = vec![budget(0), budget(9)],
            Ask,
            vec![Held::Budget(budget(9))],
        ),
        ("just cooling down", |c| c.last_acted = Some(at(901)), Ask, vec![cooling(901)]),
        ("cooled down", |c| c.last_acted = Some(at(900)), Act, vec![]),
        (
            "acted on in the future, by a clock set back",
            |c| c.last_acted = Some(at(2_000)),
            Ask,
            vec![cooling(2_000)],
        ),
        (
            "a promotion while cooling down",
            |c| {
                c.last_acted = Some(at(999));
                kind(c, Kind::Promote);
            },
            Act,
            vec![],
        ),
        (
            "one fewer than may be undone at once",
            |c| (c.undone_now, c.undone_at_once) = (2, Some(3)),
            Act,
            vec![],
        ),
        (
            "as many as may be undone at once",
            |c| (c.undone_now, c.undone_at_once) = (3, Some(3)),
            Ask,
            vec![Held::SharedCause { undone: 3, limit: 3 }],
        ),
        (
            "a pause while as many are undone",
            |c| {
                (c.undone_now, c.undone_at_once) = (3, Some(3));
                kind(c, Kind::Pause);
            },
            Act,
            vec![],
        ),
        ("any number where no limit is set", |c| c.undone_now = 1_000, Act, vec![]),
        ("superseded", |c| c.superseded = Some(next()), Hold, vec![Held::Superseded(next())]),
        (
            "a person is asked about what was superseded",
            |c| (c.wish, c.superseded) = (Wish::Ask, Some(next())),
            Hold,
            vec![Held::Superseded(next())],
        ),
        ("taken back before", |c| c.taken_back = Some(at(9)), Ask, vec![Held::TakenBack(at(9))]),
        (
            "a promotion of what was taken back before",
            |c| {
                c.taken_back = Some(at(9));
                kind(c, Kind::Promote);
            },
            Ask,
            vec![Held::TakenBack(at(9))],
        ),
        (
            "as sure as the floor",
            |c| {
                c.floor = Some(sure(0.99));
                shows(c, (0.99, 0.99));
            },
            Act,
            vec![],
        ),
        (
            "less sure than the floor that it was the change",
            |c| {
                c.floor = Some(sure(0.99));
                shows(c, (0.98, 0.999));
            },
            Ask,
            vec![Held::BelowFloor(sure(0.99))],
        ),
        (
            "a pause as sure as the floor that something is the matter",
            |c| {
                c.floor = Some(sure(0.99));
                shows(c, (0.0, 0.99));
                kind(c, Kind::Pause);
            },
            Act,
            vec![],
        ),
        (
            "a budget of no environment",
            |c| c.unkeyed = Some(Scope::Environment),
            Ask,
            vec![Held::Unkeyed(Scope::Environment)],
        ),
        ("what it depends on fails", |c| c.suspect = Some(payment()), Ask, vec![Held::Suspect(payment())]),
        (
            "a pause while what it depends on fails",
            |c| {
                c.suspect = Some(payment());
                kind(c, Kind::Pause);
            },
            Act,
            vec![],
        ),
        ("as many services as may be undone", |c| c.share = Some(share(2)), Act, vec![]),
        ("one service more", |c| c.share = Some(share(3)), Ask, vec![Held::TooMany(share(3))]),
        (
            "one agrees where one has to",
            |c| {
                wish(c, |_, a, _| *a = Approval::One);
                c.consents = vec![consent("kim", &["needs_approval"])];
            },
            Act,
            vec![Held::NeedsApproval { people: 1 }],
        ),
        (
            "one agrees twice where two have to",
            |c| {
                wish(c, |_, a, _| *a = Approval::Two);
                c.consents = vec![consent("kim", &["needs_approval"]), consent("kim", &["needs_approval"])];
            },
            Ask,
            vec![Held::NeedsApproval { people: 2 }],
        ),
        (
            "two agree where two have to",
            |c| {
                wish(c, |_, a, _| *a = Approval::Two);
                c.consents = vec![consent("kim", &["needs_approval"]), consent("lee", &["needs_approval"])];
            },
            Act,
            vec![Held::NeedsApproval { people: 2 }],
        ),
        (
            "what somebody agreed to, and what nobody was shown",
            |c| {
                c.mode = Mode::Ask;
                c.weak = [Weak::Expr].into();
                c.consents = vec![consent("kim", &["mode_asks"])];
            },
            Ask,
            vec![Held::WeakEvidence(Weak::Expr), Held::ModeAsks],
        ),
        ("somebody said no", |c| c.declined = Some(kim()), Hold, vec![Held::Declined(kim())]),
        ("no adapter", |c| wish(c, |_, _, able| *able = false), Ask, vec![Held::Unable]),
        ("a person is asked", |c| c.wish = Wish::Ask, Ask, vec![]),
        (
            "a person is asked in shadow mode",
            |c| {
                c.wish = Wish::Ask;
                c.mode = Mode::Shadow;
            },
            Hold,
            vec![Held::Shadow],
        ),
        (
            "a person is asked in ask mode",
            |c| {
                c.wish = Wish::Ask;
                c.mode = Mode::Ask;
            },
            Ask,
            vec![],
        ),
        ("nothing is wanted", |c| c.wish = Wish::Nothing, Hold, vec![]),
        (
            "nothing is wanted, whatever else",
            |c| {
                everything(c);
                c.wish = Wish::Nothing;
            },
            Hold,
            vec![],
        ),
        ("everything at once", everything, Hold, spoken()),
    ];
    for (what, edit, course, spoke) in rows {
        let mut case = free();
        edit(&mut case);
        let ruling = decide(&case);
        assert_eq!((ruling.course, ruling.spoke), (course, spoke), "{what}");
    }
}

/// Telling somebody changes nothing, so nothing but the switch and shadow mode stands in its way: if it is about what runs
/// now, and as sure as a message has to be.
#[test]
fn a_message_passes_all_but_the_switch_and_shadow_mode() {
    let tell = |edit: Edit| {
        let mut case = free();
        everything(&mut case);
        (case.superseded, case.floor) = (None, None);
        (case.switched_off, case.service_off, case.doubted) = (None, None, None);
        case.mode = Mode::Ask;
        kind(&mut case, Kind::Notify);
        wish(&mut case, |_, _, able| *able = true);
        edit(&mut case);
        decide(&case)
    };
    for (what, edit, course) in [
        ("in ask mode, with all else against a change", (|_| {}) as Edit, Course::Act),
        ("in shadow mode", |case| case.mode = Mode::Shadow, Course::Hold),
        ("switched off", |case| case.switched_off = Some("x".to_owned()), Course::Hold),
        ("with a doubted ledger", |case| case.doubted = Some(UnixMillis::new(0)), Course::Hold),
        ("switched off for its service", |case| case.service_off = Some("x".to_owned()), Course::Hold),
    ] {
        let ruling = tell(edit);
        assert_eq!(ruling.course, course, "{what}: {:?}", ruling.spoke);
    }
}

/// One that holds, holds whatever others would merely ask about.
#[test]
fn holding_is_stronger_than_asking() {
    let holds: [Edit; 7] = [
        |case| case.doubted = Some(UnixMillis::new(0)),
        |case| case.switched_off = Some("x".to_owned()),
        |case| case.service_off = Some("x".to_owned()),
        |case| case.mode = Mode::Shadow,
        |case| case.provenance = Provenance::Inferred,
        |case| case.in_flight = Some("k".to_owned()),
        |case| case.unverified = Some("k".to_owned()),
    ];
    let asks: [Edit; 5] = [
        |case| case.ran_before = true,
        |case| case.stale = Some(UnixMillis::new(0)),
        |case| case.weak = [Weak::Expr].into(),
        |case| case.budgets = vec![budget(3)],
        |case| wish(case, |_, approval, _| *approval = Approval::One),
    ];
    for (holding, hold) in holds.iter().enumerate() {
        for (asking, ask) in asks.iter().enumerate() {
            let mut case = free();
            hold(&mut case);
            ask(&mut case);
            let ruling = decide(&case);
            assert_eq!(ruling.course, Course::Hold, "{holding} with {asking}");
            assert_eq!(ruling.spoke.len(), 2, "{holding} with {asking}: {:?}", ruling.spoke);
        }
    }
}

/// What no agreement lifts.
#[test]
fn nobody_agrees_to_what_is_not_for_them_to_say() {
    let never = [
        "switched_off",
        "service_off",
        "doubted",
        "shadow",
        "frozen",
        "unattested",
        "unattested_alert",
        "superseded",
        "taken_back",
        "stale",
        "unkeyed",
        "in_flight",
        "unverified",
        "budget",
        "declined",
        "unfit",
        "reconciled",
        "unable",
    ];
    for (edit, held) in voices() {
        let mut case = free();
        edit(&mut case);
        case.consents = vec![consent("kim", &[held.word()]), consent("lee", &[held.word()])];
        let ruling = decide(&case);
        assert_eq!(ruling.course == Course::Act, !never.contains(&held.word()), "{}", held.word());
        assert_eq!(ruling.spoke, vec![held]);
    }
}

proptest! {
    /// Whatever facts come together, each guard speaks of its own, in the one order; and no fact turns a hold into less.
    #[test]
    fn each_guard_speaks_for_itself_and_in_its_place(facts: [bool; 27], more in 0_usize..27) {
        let told = |facts: &[bool]| {
            let mut case = free();
            let voices: Vec<_> = voices().into_iter().zip(facts).filter(|(_, there)| **there).collect();
            for ((edit, _), _) in &voices {
                edit(&mut case);
            }
            (decide(&case), voices.into_iter().map(|((_, held), _)| held).collect::<Vec<_>>())
        };
        let (ruling, spoken) = told(&facts);
        prop_assert_eq!(&ruling.spoke, &spoken);
        let mut further = facts;
        further[more] = true;
        prop_assert!(ruling.course <= told(&further).0.course);
    }
}
