//! Guards: each on both sides of its border, and all together.

use std::collections::BTreeSet;

use backstop::decision::{
    Approval, Budget, Case, Course, Frozen, Held, Kind, Mode, Scope, Weak, Wish, decide,
};
use backstop::gate::{Release, Standing};
use backstop::signal::Provenance;
use backstop::unit::{Span, UnixMillis};

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
        frozen: None,
        first: false,
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

fn everything(case: &mut Case) {
    case.switched_off = Some("incident".to_owned());
    case.mode = Mode::Shadow;
    case.frozen = Some(peak());
    case.provenance = Provenance::Inferred;
    (case.ran_before, case.first) = (true, true);
    case.stale = Some(at(100));
    case.weak = BTreeSet::from([Weak::AfterBefore, Weak::Expr]);
    case.in_flight = Some("act_1".to_owned());
    case.unverified = Some("act_2".to_owned());
    case.budgets = vec![budget(2), budget(3), budget(4)];
    case.last_acted = Some(at(950));
    (case.undone_now, case.undone_at_once) = (3, Some(3));
    wish(case, |_, approval, able| (*approval, *able) = (Approval::Two, false));
}

fn spoken() -> Vec<Held> {
    vec![
        Held::SwitchedOff("incident".to_owned()),
        Held::Shadow,
        Held::Frozen(peak()),
        Held::Unattested,
        Held::RanBefore,
        Held::FirstRelease,
        Held::Stale(at(100)),
        Held::WeakEvidence(Weak::AfterBefore),
        Held::InFlight("act_1".to_owned()),
        Held::Unverified("act_2".to_owned()),
        Held::Budget(budget(3)),
        Held::CoolingDown { since: at(950), cooldown: Span::from_secs(100) },
        Held::SharedCause { undone: 3, limit: 3 },
        Held::NeedsApproval { people: 2 },
        Held::Unable,
    ]
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_guard_speaks_beyond_its_border_and_not_before_it() {
    use Course::{Act, Ask, Hold};
    let cooling = |since: i64| Held::CoolingDown { since: at(since), cooldown: Span::from_secs(100) };
    let rows: Vec<(&str, Edit, Course, Vec<Held>)> = vec![
        ("nothing speaks against it", |_| {}, Act, vec![]),
        ("switched off", |c| c.switched_off = Some("x".into()), Hold, vec![Held::SwitchedOff("x".into())]),
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
        ("shadow", |c| c.mode = Mode::Shadow, Hold, vec![Held::Shadow]),
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

/// Telling somebody changes nothing, so nothing but the switch and shadow mode stands in its way.
#[test]
fn a_message_passes_all_but_the_switch_and_shadow_mode() {
    let tell = |edit: Edit| {
        let mut case = free();
        everything(&mut case);
        (case.switched_off, case.mode) = (None, Mode::Ask);
        kind(&mut case, Kind::Notify);
        wish(&mut case, |_, _, able| *able = true);
        edit(&mut case);
        decide(&case)
    };
    for (what, edit, course) in [
        ("in ask mode, with all else against a change", (|_| {}) as Edit, Course::Act),
        ("in shadow mode", |case| case.mode = Mode::Shadow, Course::Hold),
        ("switched off", |case| case.switched_off = Some("x".to_owned()), Course::Hold),
    ] {
        let ruling = tell(edit);
        assert_eq!(ruling.course, course, "{what}: {:?}", ruling.spoke);
    }
}

/// One that holds, holds whatever others would merely ask about.
#[test]
fn holding_is_stronger_than_asking() {
    let holds: [Edit; 5] = [
        |case| case.switched_off = Some("x".to_owned()),
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
