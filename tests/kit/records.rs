//! A record of each kind, with every variant and every odd number in at least one of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its data has failed")]

use std::collections::{BTreeMap, BTreeSet};

use backstop::decision::{
    self, Aim, Alarm, Announced, Answer, Answers, Approval, Authorship, Budget, Case, CellId, Claim,
    Claimant, Consent, Course, DecisionId, Edition, Frozen, Held, Identity, Incident, Intention,
    Irreversible, Key, Kind, Led, LedTo, Misfit, Mode, Occasion, Outcome, Page, Recovery, Refusal, Ruling,
    Scope, Seen, Share, Sight, StepName, Suspect, Weak, Wish,
};
use backstop::gate::{
    Arm, Aside, Asked, Before, Border, Bound, ChangeTrait, CheckTerms, Counted, Counts, Design, Ending,
    Finding, Found, Gap, Judged, Lacking, Levels, Look, Mix, Opening, Origin, Part, Proof, QuestionId,
    Release, Shortfall, Shows, Slice, Standing, Strand, Tally, Terms, Unjudged, Verdict, Worse,
};
use backstop::ledger::Record;
use backstop::signal::{
    Alert, Change, ChangeId, ChangeKind, Deaf, Fingerprint, GitOps, GitOpsKind, Provenance, TargetKey,
};
use backstop::unit::{Confidence, Name, Span, UnixMillis};

pub(crate) const CELL: CellId = CellId(0x4f2a_9c01_b7e3_d655);

pub(crate) fn at(seconds: i64) -> UnixMillis {
    UnixMillis::new(1_795_271_400_000 + seconds * 1_000)
}

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub(crate) fn target(service: &str) -> TargetKey {
    TargetKey { service: service.to_owned(), environment: Some("production".to_owned()), cluster: None }
}

pub(crate) fn claim(of: Option<&str>, scope: Scope, rate: &str) -> Claim {
    Claim { of: of.map(name), scope, rate: rate.parse().unwrap() }
}

/// A rollback of a service at a time, paid from nothing.
pub(crate) fn intention(service: &str, seconds: i64) -> Intention {
    let (change, target, action) =
        (ChangeId(format!("{service}@{seconds}")), target(service), name("rollback"));
    Intention {
        key: Key::of(&change, &target, &action),
        decision: DecisionId { cell: CELL, number: 1 },
        action,
        kind: Kind::Rollback,
        change,
        target,
        at: at(seconds),
        expires: at(seconds + 300),
        claims: Vec::new(),
        page: None,
        aim: None,
        answers: Answers::default(),
    }
}

pub(crate) fn change() -> Change {
    Change {
        id: ChangeId("deploy-4711".to_owned()),
        kind: ChangeKind::Canary,
        target: target("checkout"),
        version: "2.4.0".to_owned(),
        previous: Some("2.3.9".to_owned()),
        at: at(0),
        author: Some("José \"jo\" <jo@example.com>\n".to_owned()),
        git_sha: None,
        link: Some("https://git.example.com/checkout/4711".to_owned()),
        intent: Some("schema-change".to_owned()),
        risk: None,
        irreversible: false,
        weight: None,
        provenance: Provenance::Authenticated,
        told_by: None,
    }
}

fn check(check: &str, judged: Judged, fails: Vec<Bound>, passes: Proof) -> CheckTerms {
    let (weight, worse) = (0.1 + 0.2, Worse::Higher);
    let asked = if judged == Judged::NotYet(Unjudged::NoCounter) {
        Asked::Quantile { q: 0.99 }
    } else {
        Asked::Share
    };
    CheckTerms {
        name: name(check),
        asked,
        judged,
        weight,
        worse,
        fails,
        passes,
        at_least: 100,
        critical: true,
        because: None,
        question: None,
    }
}

fn terms() -> Terms {
    Terms {
        design: Design::Concurrent,
        looks: 60,
        pass_from: 20,
        share: 1.0 / 3.0,
        checks: vec![
            check(
                "errors",
                Judged::Yes,
                vec![Bound::Ratio(1.25), Bound::Difference(0.000_5)],
                Proof::Within(vec![Bound::Ratio(2.0)]),
            ),
            check("p99", Judged::NotYet(Unjudged::NoCounter), vec![Bound::Value(5e-324)], Proof::Never),
            check("orders", Judged::Shadow, Vec::new(), Proof::NotContradicted),
        ],
    }
}

pub(crate) fn opened(cell: CellId) -> Record {
    let row = |seed| (0..3).map(|group| Tally { events: seed, of: 300 + group }).collect();
    Record::Opened {
        cell,
        gate: name("http"),
        change: ChangeId("deploy-4711".to_owned()),
        target: target("checkout"),
        at: at(0),
        from: at(-30),
        every: Span::from_secs(30),
        terms: terms(),
        opening: Opening {
            checks: vec![
                before(vec![row(0), row(2), Vec::new()]),
                Before { lately: Tally { events: 1, of: 12 }, ..Before::default() },
            ],
        },
    }
}

/// A gate on a change whose declared risk or intent moved its thresholds.
fn opened_for(because: ChangeTrait) -> Record {
    let mut record = opened(CELL);
    if let Record::Opened { terms, .. } = &mut record {
        terms.checks[0].because = Some(because);
    }
    record
}

pub(crate) fn awaited(cell: CellId) -> Record {
    let (gate, change) = (name("http"), ChangeId("deploy-4711".to_owned()));
    Record::Awaited { cell, gate, change, target: target("checkout"), at: at(0), share: None, alarm: None }
}

fn before(rows: Vec<Vec<Tally>>) -> Before {
    let whole = Strand { part: Part::default(), rows: rows.clone() };
    let border = Some(Border { new: 0.75, old: 0.5, shows: Shows::Harm });
    let sliced = Strand { part: Part { slice: Some(Slice::Of(vec!["/pay".to_owned()])), border }, rows };
    let rest = Strand { part: Part { slice: Some(Slice::Other), border }, rows: Vec::new() };
    let aside = Aside { target: target("stock"), dependency: true, before: Tally { events: 2, of: 900 } };
    let levels = vec![Levels { new: 0.1, old: f64::MAX }];
    Before {
        strands: vec![whole, sliced, rest],
        levels,
        lately: Tally::default(),
        aside: vec![aside],
        ..Before::default()
    }
}

pub(crate) fn looked(cell: CellId, first: u32) -> Record {
    let old = (0..8).map(|group| Tally { events: group % 2, of: 350 + group }).collect();
    let counted: Found = Counted { new: Tally { events: 3, of: 151 }, old }.into();
    let strands = vec![Counted::default(), Counted { new: Tally { events: 0, of: 7 }, old: Vec::new() }];
    let sliced = Found::Counts(Counts {
        strands,
        aside: vec![Tally { events: 1, of: 2 }],
        merged: None,
        mixes: Vec::new(),
    });
    let looks = vec![
        Look { at: at(30), found: vec![counted.clone(), Found::Missing(Gap::Silent(Arm::New))] },
        Look { at: at(60), found: vec![Found::Value(f64::NEG_INFINITY), counted] },
        Look { at: at(90), found: vec![Found::Levels(Levels { new: 0.1, old: -0.0 }), sliced] },
    ];
    Record::Looked { cell, first, looks }
}

/// Looks at histograms: of instances that lack a bucket, and of some that merged theirs.
fn looked_at_histograms() -> Record {
    let lacking = |arm, named: &[&str], count| {
        let named = named.iter().map(|name| (*name).to_owned()).collect();
        Found::Lacking(Lacking { arm, named, count })
    };
    let counted = Counted { new: Tally { events: 3, of: 151 }, old: Vec::new() };
    let merged = |merged| {
        Found::Counts(Counts {
            strands: vec![counted.clone(); 2],
            aside: Vec::new(),
            merged,
            mixes: Vec::new(),
        })
    };
    let looks = vec![
        Look {
            at: at(30),
            found: vec![lacking(Arm::New, &["10.0.0.3:80", "zwölf:80"], 7), merged(Some(-2))],
        },
        Look { at: at(60), found: vec![lacking(Arm::Old, &[], 0), merged(Some(8))] },
    ];
    Record::Looked { cell: CELL, first: 1, looks }
}

/// A gate that watches the mix of what it counts.
fn opened_with_a_mix() -> Record {
    let mut record = opened(CELL);
    if let Record::Opened { opening, .. } = &mut record {
        opening.checks[1].mixes = vec![Mix {
            label: "route".to_owned(),
            values: vec!["/pay".to_owned(), "/see".to_owned()],
            before: [(3, 90), (1, 800), (0, 7)].map(|(events, of)| Tally { events, of }).to_vec(),
        }];
    }
    record
}

/// Looks of it: beside something, after against before, and behind merged buckets.
fn looked_at_a_mix() -> Record {
    let tally = Tally { events: 1, of: 40 };
    let look = |seconds, old: Vec<Tally>, merged| {
        let mixes = vec![Counted { new: tally, old }, Counted::default()];
        let counts = Counts { strands: vec![Counted::default()], aside: vec![tally], merged, mixes };
        Look { at: at(seconds), found: vec![Found::Counts(counts)] }
    };
    let looks = vec![look(30, vec![tally], None), look(60, Vec::new(), None), look(90, Vec::new(), Some(3))];
    Record::Looked { cell: CELL, first: 1, looks }
}

/// A gate on native histograms.
fn opened_natively() -> Record {
    let mut record = opened(CELL);
    if let Record::Opened { opening, .. } = &mut record {
        opening.checks[1].resolution = Some(3);
        opening.checks[1].origin = Some(Origin {
            new: "latency{service=\"checkout\"}".to_owned(),
            old: None,
            new_series: 4,
            old_series: None,
            fresh: Span::from_secs(90),
        });
    }
    record
}

fn standing() -> Standing {
    let verdict = Verdict::Fail(Finding { check: 0, ln_evidence: 4.605_170_185_988_092, proved: true });
    Standing {
        looks: 12,
        ln_now: 4.1,
        ln_most: 4.605_170_185_988_092,
        ln_ours: 4.605_170_185_988_092,
        verdict,
    }
}

fn budget() -> Budget {
    Budget { of: Some(name("rollback")), scope: Scope::Service, rate: "1/h".parse().unwrap(), spent: 1 }
}

fn case() -> Case {
    let (kind, approval) = (Kind::Rollback, Approval::One);
    Case {
        release: Release { gates: 3, ln_now: -0.5, ln_most: 4.7, ln_ours: 3.2, named: true, passes: false },
        at: at(360),
        wish: Wish::Do { action: name("rollback"), kind, approval, able: true },
        mode: Mode::Act,
        switched_off: Some("incident 12".to_owned()),
        service_off: None,
        doubted: None,
        frozen: None,
        first: false,
        irreversible: None,
        provenance: Provenance::Unauthenticated,
        ran_before: true,
        stale: Some(at(300)),
        weak: BTreeSet::from([Weak::AfterBefore, Weak::Expr]),
        in_flight: Some("act_0123".to_owned()),
        unverified: Some("act_0e".to_owned()),
        budgets: vec![budget()],
        last_acted: Some(at(100)),
        cooldown: Span::from_secs(1_800),
        undone_now: 3,
        undone_at_once: Some(3),
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

fn ruling() -> Ruling {
    let spoke = vec![
        Held::SwitchedOff("incident 12".to_owned()),
        Held::Shadow,
        Held::ModeAsks,
        Held::NeedsApproval { people: 2 },
        Held::Unattested,
        Held::RanBefore,
        Held::Stale(at(300)),
        Held::WeakEvidence(Weak::Expr),
        Held::InFlight("act_0123".to_owned()),
        Held::Unverified("act_0e".to_owned()),
        Held::Budget(budget()),
        Held::CoolingDown { since: at(100), cooldown: Span::from_secs(1_800) },
        Held::SharedCause { undone: 3, limit: 3 },
        Held::Unable,
    ];
    Ruling { course: Course::Hold, spoke }
}

pub(crate) fn decided() -> Record {
    let rung = Some(Confidence::new(0.99).unwrap());
    Record::Decided {
        id: DecisionId { cell: CELL, number: 1 },
        cell: CELL,
        look: 12,
        at: at(360),
        occasion: Occasion::Fail { rung },
        standing: standing(),
        case: Box::new(case()),
        ruling: ruling(),
        written: None,
    }
}

/// What later versions came to know of.
fn decided_later() -> Record {
    let Record::Decided { id, cell, look, at: when, occasion, standing, case, written, .. } = decided()
    else {
        unreachable!("it is a decision")
    };
    let floor = Confidence::new(0.995).unwrap();
    let frozen = Frozen { name: name("peak"), why: "the busiest days".to_owned(), until: at(900) };
    let suspect =
        Suspect { service: "payment".to_owned(), change: ChangeId("p".to_owned()), version: "7".to_owned() };
    let share = Share { undone: 3, services: 10, most: 2 };
    let lifts = BTreeSet::from(["needs_approval".to_owned(), "too_many".to_owned()]);
    let case = Case {
        frozen: Some(frozen.clone()),
        first: true,
        superseded: Some(ChangeId("next".to_owned())),
        taken_back: Some(at(50)),
        floor: Some(floor),
        unkeyed: Some(Scope::Environment),
        suspect: Some(suspect.clone()),
        share: Some(share),
        consents: vec![Consent { by: name("kim"), at: at(350), lifts }],
        declined: Some(name("lee")),
        ..*case
    };
    let spoke = vec![
        Held::Frozen(frozen),
        Held::Superseded(ChangeId("next".to_owned())),
        Held::TakenBack(at(50)),
        Held::FirstRelease,
        Held::BelowFloor(floor),
        Held::Unkeyed(Scope::Environment),
        Held::Suspect(suspect),
        Held::TooMany(share),
        Held::Declined(name("lee")),
    ];
    let ruling = Ruling { course: Course::Hold, spoke };
    Record::Decided { id, cell, look, at: when, occasion, standing, case: Box::new(case), ruling, written }
}

fn undecided(occasion: Occasion, verdict: Verdict) -> Record {
    let (ln_now, ln_most) = (f64::NEG_INFINITY, -0.0);
    let quiet = Case { wish: Wish::Ask, weak: BTreeSet::new(), budgets: Vec::new(), ..case() };
    let case = Case {
        switched_off: None,
        service_off: None,
        doubted: None,
        frozen: None,
        first: false,
        in_flight: None,
        stale: None,
        last_acted: None,
        undone_at_once: None,
        ..quiet
    };
    Record::Decided {
        id: DecisionId { cell: CELL, number: 2 },
        cell: CELL,
        look: 0,
        at: at(360),
        occasion,
        standing: Standing { looks: 0, ln_now, ln_most, ln_ours: ln_most, verdict },
        case: Box::new(case),
        ruling: Ruling { course: Course::Ask, spoke: Vec::new() },
        written: None,
    }
}

fn wanting_nothing() -> Record {
    let mut record = undecided(Occasion::Inconclusive, Verdict::Inconclusive(Shortfall::NoLook));
    if let Record::Decided { case, ruling, .. } = &mut record {
        case.wish = Wish::Nothing;
        ruling.course = Course::Hold;
    }
    record
}

pub(crate) fn ended(cell: CellId) -> Record {
    Record::Ended { cell, at: at(1_800), look: 60, standing: standing(), why: Ending::TimeUp }
}

/// Records of each kind.
pub(crate) fn all() -> Vec<Record> {
    let config = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned();
    let started =
        |mode| Record::Started { version: "0.1.0".to_owned(), judge: 1, config: config.clone(), mode };
    let claims = vec![
        claim(None, Scope::Everywhere, "5/h"),
        claim(Some("rollback"), Scope::Service, "10/1h30m"),
        claim(None, Scope::Environment, "2/d"),
    ];
    let mut records = vec![awaited(CELL), opened(CELL), looked(CELL, 300), decided()];
    records.push(Record::Intended(Intention { claims, ..intention("checkout", 360) }));
    records.push(Record::Reloaded { config: "6b".repeat(32), mode: Mode::Ask });
    records.push(Record::Switched {
        at: at(5),
        off: Some("incident".to_owned()),
        by: "jo".to_owned(),
        service: None,
        file: false,
    });
    records.push(Record::Switched { at: at(6), off: None, by: "jo".to_owned(), service: None, file: false });
    for (service, file) in [(Some("checkout"), false), (None, true), (Some("checkout"), true)] {
        let (off, service) = (Some("a sale".to_owned()), service.map(str::to_owned));
        records.push(Record::Switched { at: at(7), off, by: "jo".to_owned(), service, file });
    }
    let peak = Announced {
        name: name("peak"),
        why: "the busiest days".to_owned(),
        by: "jo".to_owned(),
        from: at(8),
        until: at(3_608),
        services: Vec::new(),
        environments: Vec::new(),
        holds: [Kind::Rollback, Kind::Other].into(),
    };
    let (services, environments) = (vec!["check*".to_owned()], vec!["production".to_owned()]);
    records.push(Record::Frozen(Announced { services, environments, until: at(9), ..peak.clone() }));
    records.push(Record::Frozen(peak));
    let (by, why) = ("kim".to_owned(), "nothing was done since".to_owned());
    records.push(Record::Accepted { at: at(9), by, why, since: at(8) });
    records.extend([Mode::Shadow, Mode::Ask, Mode::Act].map(started));
    let declared = [ChangeTrait::Risk("high".to_owned()), ChangeTrait::Intent("schema-change".to_owned())];
    records.extend(declared.map(opened_for));
    records.extend([opened_natively(), looked_at_histograms(), opened_with_a_mix(), looked_at_a_mix()]);
    records.extend(changes());
    records.extend(verdicts());
    records.extend(after_an_intention());
    records.extend(alerts());
    records.extend(on_objects());
    records.extend(after_a_rollback());
    records.extend(what_cannot_be_undone());
    records.extend(what_texts_ask());
    records.sort_by_key(Record::kind);
    records
}

pub(crate) fn alarm() -> Alarm {
    Alarm {
        name: "HighErrors".to_owned(),
        fingerprint: "c0ffee0123456789".to_owned(),
        starts: at(290),
        heard: at(300),
        by: "alertmanager".to_owned(),
        provenance: Provenance::Authenticated,
        rule: name("burn"),
        others: 0,
    }
}

pub(crate) fn incident() -> Incident {
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Incident {
        alert: Alert {
            fingerprint: Fingerprint("c0ffee0123456789".to_owned()),
            starts: at(290),
            ends: None,
            labels: BTreeMap::from([("alertname", "HighErrors"), ("service", "checkout")].map(pair)),
            annotations: BTreeMap::from([("summary", "5% fail\\nin \"eu\"")].map(pair)),
            link: Some("http://prometheus:9090/graph".to_owned()),
        },
        of: Claimant::Target(target("checkout")),
        at: at(300),
        by: "alertmanager".to_owned(),
        provenance: Provenance::Authenticated,
        left_out: 3,
        resolved: None,
        led: vec![
            Led { rule: name("burn"), to: LedTo::Began(CELL) },
            Led { rule: name("saturated"), to: LedTo::Asked(CELL) },
            Led { rule: name("stale"), to: LedTo::Nothing("no change is known".to_owned()) },
        ],
    }
}

/// What alerts added to records.
fn alerts() -> Vec<Record> {
    let bare = Incident { of: Claimant::Nobody, left_out: 0, led: Vec::new(), ..incident() };
    let several = Claimant::Several(vec![target("checkout"), target("payment")]);
    let (mut over, mut begun, mut asked) = (incident(), awaited(CELL), decided());
    (over.resolved, over.alert.ends) = (Some(at(400)), Some(at(390)));
    let incidents = [incident(), bare.clone(), Incident { of: several, ..bare }, over];
    if let Record::Awaited { alarm: own, .. } = &mut begun {
        *own = Some(Box::new(alarm()));
    }
    if let Record::Decided { occasion, case, ruling, .. } = &mut asked {
        *occasion = Occasion::Alerted;
        case.weak = BTreeSet::from([Weak::Alert]);
        case.alarm = Some(Box::new(Alarm { others: 2, provenance: Provenance::Unauthenticated, ..alarm() }));
        ruling.spoke = vec![Held::UnattestedAlert, Held::WeakEvidence(Weak::Alert)];
    }
    let (cell, at, look) = (CELL, at(1_800), 0);
    let resolved = Record::Ended { cell, at, look, standing: standing(), why: Ending::Resolved };
    let incidents = incidents.into_iter().map(|incident| Record::Alerted(Box::new(incident)));
    incidents.chain([begun, asked, resolved]).collect()
}

fn changes() -> impl Iterator<Item = Record> {
    let (known, unknown) = (Provenance::Unauthenticated, Provenance::Inferred);
    let kinds = ChangeKind::NAMED.map(|(_, kind)| Change { kind, ..change() });
    let told = [known, unknown].map(|provenance| Change { provenance, ..change() });
    let by = Change { told_by: Some(name("ci")), ..change() };
    kinds.into_iter().chain(told).chain([by]).map(Record::Changed)
}

fn verdicts() -> Vec<Record> {
    use Shortfall::{Leaning, Missing, NoLook, NoTraffic, NotProved, Saturated, TooFew, Unheard, Unlike};
    let passed = Verdict::Pass(Finding { check: 1, ln_evidence: 1.0, proved: false });
    let occasions = [Occasion::Pass, Occasion::FirstRelease, Occasion::Breach, Occasion::Fail { rung: None }];
    let mut records: Vec<_> = occasions.into_iter().map(|occasion| undecided(occasion, passed)).collect();
    let questions = [Unjudged::Mean, Unjudged::Expr, Unjudged::NoCounter];
    let unjudged = questions.map(|question| Shortfall::Unjudged { check: 1, question });
    let shortfalls = [
        NoLook,
        Unheard { deaf: Deaf::Unwelcome },
        Missing { check: 0, gap: Gap::Unheard(Deaf::OverBudget) },
        NoTraffic { check: 0, arm: Arm::Old },
        NoTraffic { check: 0, arm: Arm::New },
        Missing { check: 1, gap: Gap::NotACount(Arm::Old) },
        Missing { check: 1, gap: Gap::NoHistory },
        TooFew { check: 0, had: 9, needs: 100 },
        Saturated { check: 1, at: 12.5 },
        Leaning { check: 0, ln_evidence: f64::INFINITY },
        NotProved { check: 1 },
        Unlike { check: 1 },
    ];
    let inconclusive = |shortfall| undecided(Occasion::Inconclusive, Verdict::Inconclusive(shortfall));
    records.extend(shortfalls.into_iter().chain(unjudged).map(inconclusive));
    records.push(wanting_nothing());
    let endings = [
        Ending::Verdict,
        Ending::TimeUp,
        Ending::Superseded,
        Ending::NeverBegan,
        Ending::Unheard,
        Ending::ActedOn,
        Ending::Withdrawn,
    ];
    records.extend(what_older_ledgers_lack());
    records.push(decided_later());
    let pages = [Page::Held, Page::Ended(Outcome::Unverified)];
    let called = |page| Intention { kind: Kind::Notify, page: Some(page), ..intention("checkout", 360) };
    records.extend(pages.map(|page| Record::Intended(called(page))));
    records.extend([("ok by me", true), ("", false)].map(|(why, agrees)| Record::Consented {
        decision: DecisionId { cell: CELL, number: 1 },
        key: intention("checkout", 360).key,
        at: at(400),
        by: name("kim"),
        agrees,
        lifts: if agrees { BTreeSet::from(["needs_approval".to_owned()]) } else { BTreeSet::new() },
        why: why.to_owned(),
    }));
    let (cell, at, look) = (CELL, at(1_800), 60);
    records.extend(endings.map(|why| Record::Ended { cell, at, look, standing: standing(), why }));
    records.extend(against_git());
    records.extend(through_argocd());
    records
}

/// What is driven by Argo CD's actions, and what those cannot do.
fn through_argocd() -> Vec<Record> {
    let app = Some("checkout-eu".to_owned());
    let aim = Box::new(Aim { steps: vec![StepName::Abort], index: None, through: app, ..aim() });
    let Record::Decided { id, cell, look, at, occasion, standing, case, written, .. } = decided() else {
        unreachable!("it is a decision")
    };
    let (object, misfits) = (aim.object.clone(), vec![Misfit::NoAction { step: StepName::Undo }]);
    let seen = Seen { object, at, runs: None, aim: None, misfits: misfits.clone(), keeper: None };
    let case = Box::new(Case { sight: Some(Sight::Seen(Box::new(seen))), ..*case });
    let ruling = Ruling { course: Course::Ask, spoke: vec![Held::Unfit(misfits)] };
    vec![
        Record::Decided { id, cell, look, at, occasion, standing, case, ruling, written },
        Record::Intended(Intention { aim: Some(aim), ..intention("checkout", 360) }),
    ]
}

/// What is held against git, and given back.
fn against_git() -> Vec<Record> {
    let begun = intention("checkout", 360);
    let given_back = begun.key.give_back(0);
    let aim_of = |kind, app: &str, steps: &[StepName]| {
        let keeper = Some(GitOps { kind, app: app.to_owned() });
        Some(Box::new(Aim { steps: steps.to_vec(), index: None, keeper, ..aim() }))
    };
    let held = [StepName::Detach, StepName::Terminate, StepName::Undo];
    let misfits = vec![
        Misfit::NotMoved { revision: "4f2c".to_owned() },
        Misfit::NotOurs,
        Misfit::Reapplied { images: aim().from.images },
    ];
    let Record::Decided { id, cell, look, at, occasion, standing, case, written, .. } = decided() else {
        unreachable!("it is a decision")
    };
    let seen =
        Seen { object: aim().object, at, runs: None, aim: None, misfits: misfits.clone(), keeper: None };
    let case = Box::new(Case { sight: Some(Sight::Seen(Box::new(seen))), ..*case });
    let ruling = Ruling { course: Course::Ask, spoke: vec![Held::Unfit(misfits)] };
    vec![
        Record::Decided { id, cell, look, at, occasion, standing, case, ruling, written },
        Record::Intended(Intention {
            aim: aim_of(GitOpsKind::ArgoCd, "checkout-eu", &held),
            ..begun.clone()
        }),
        Record::Intended(Intention {
            key: given_back,
            kind: Kind::Resume,
            claims: Vec::new(),
            aim: aim_of(GitOpsKind::Flux, "kustomization/flux-system/apps", &[StepName::Attach]),
            ..begun.clone()
        }),
        Record::Intended(Intention { kind: Kind::Notify, page: Some(Page::Reapplied), ..begun }),
    ]
}

/// Records with what was added to them since the first ledgers.
fn what_older_ledgers_lack() -> Vec<Record> {
    let (mut awaited, mut opened, mut decided) = (awaited(CELL), opened(CELL), decided());
    if let Record::Awaited { share, .. } = &mut awaited {
        *share = Some(1.0 / 3.0);
    }
    if let Record::Opened { terms, .. } = &mut opened {
        terms.checks[0].question = Some(QuestionId(0x0011_2233_4455_6677));
    }
    let path = "teams/checkout/gates.yaml".to_owned();
    let bare = Authorship { path, ..Authorship::default() };
    if let Record::Decided { written, .. } = &mut decided {
        *written = Some(Box::new(bare.clone()));
    }
    let mut attributed = decided.clone();
    if let Record::Decided { written, .. } = &mut attributed {
        *written = Some(Box::new(Authorship {
            head: Some("1f".repeat(20)),
            commit: Some("2e".repeat(20)),
            author: Some("José <jo@example.com>".to_owned()),
            subject: Some("Tighten \"errors\"".to_owned()),
            changed: true,
            ..bare
        }));
    }
    vec![awaited, opened, decided, attributed]
}

fn after_an_intention() -> Vec<Record> {
    let Intention { key, .. } = intention("checkout", 360);
    let (excerpt, why) = ("ok".to_owned(), "connection reset".to_owned());
    let answers = [
        Answer::Accepted { status: 202, excerpt: excerpt.clone() },
        Answer::Rejected { status: 409, excerpt, retry_after: Some(Span::from_secs(7)) },
        Answer::Unsent { why: why.clone() },
        Answer::Lost { why: why.clone() },
    ];
    let refusals = [
        Refusal::Known,
        Refusal::InFlight(key.clone()),
        Refusal::Budget(claim(None, Scope::Service, "1/h")),
        Refusal::SwitchedOff("incident".to_owned()),
        Refusal::Fenced,
        Refusal::ServiceOff("a sale".to_owned()),
    ];
    let outcomes =
        [Outcome::Taken, Outcome::Verified, Outcome::Unverified, Outcome::Failed, Outcome::Expired];
    let answered = |answer| Record::Answered { key: key.clone(), attempt: 1, step: 0, at: at(361), answer };
    let closed = |outcome| Record::Closed { key: key.clone(), at: at(400), outcome, why: why.clone() };
    let refused = |why| Record::Refused { key: key.clone(), at: at(360), why };
    let mut records = vec![again(2, 0, 370, None)];
    let mut kinds = Kind::NAMED.map(|(_, kind)| kind).to_vec();
    kinds.push(Kind::Other);
    let intended = |kind| Record::Intended(Intention { kind, ..intention("checkout", 360) });
    records.extend(kinds.into_iter().map(intended));
    records.extend(answers.map(answered));
    records.extend(outcomes.map(closed));
    records.extend(refusals.map(refused));
    records
}

fn edition(revision: &str, tag: &str) -> Edition {
    Edition {
        revision: revision.to_owned(),
        hash: format!("5f6d{revision}"),
        images: vec![format!("web=registry.example.com/checkout:{tag}")],
        version: Some(tag.to_owned()),
    }
}

fn aim() -> Aim {
    Aim {
        object: "deployment/shop/checkout".parse().unwrap(),
        at: at(360),
        seen: Identity { uid: "0e-4711".to_owned(), resource_version: "812".to_owned(), generation: 4 },
        from: edition("3", "2.4.0"),
        to: Some(Edition { version: None, ..edition("1", "2.3.9") }),
        steps: vec![
            StepName::Undo,
            StepName::Resume,
            StepName::Pause,
            StepName::Restart,
            StepName::Abort,
            StepName::Retry,
            StepName::Promote,
            StepName::PromoteFull,
        ],
        index: Some(2),
        keeper: None,
        through: None,
    }
}

/// A further attempt at what is done to the checkout, or a further step of one.
fn again(attempt: u32, step: u8, seconds: i64, aim: Option<Box<Aim>>) -> Record {
    let (key, answers) = (intention("checkout", 360).key, Answers::default());
    Record::Retried { key, attempt, step, at: at(seconds), aim, answers }
}

/// What is done to objects, and why it is not.
fn on_objects() -> Vec<Record> {
    let (key, revision) = (intention("checkout", 360).key, || "2".to_owned());
    let aim = Box::new(aim());
    let misfits = vec![
        Misfit::Gone(aim.object.clone()),
        Misfit::Unreadable("no `spec`".to_owned()),
        Misfit::NoRevision { revision: revision() },
        Misfit::NoneBefore,
        Misfit::SameImages { revision: revision() },
        Misfit::NoneKnownGood { others: 4 },
        Misfit::Quarantined { revision: revision(), version: "2.3.8".to_owned() },
        Misfit::RunsOther { version: "2.4.0".to_owned(), images: aim.from.images.clone() },
        Misfit::HeldByOther,
        Misfit::AlreadyHeld,
        Misfit::NotHeld,
        Misfit::Busy { generation: 5, observed: 4 },
        Misfit::OwnedBy { owner: "Shop checkout".to_owned() },
        Misfit::OnDelete,
        Misfit::CannotHold,
        Misfit::TooSmall { wanted: 12, ready: 8 },
        Misfit::Aborted,
        Misfit::NotAborted,
        Misfit::Promoted,
    ];
    let held = vec![
        Held::Unseen("no answer".to_owned()),
        Held::Unfit(misfits.clone()),
        Held::Reconciled { by: "Argo CD (shop)".to_owned() },
        Held::Frozen(Frozen { name: name("peak"), why: "the busiest days".to_owned(), until: at(5_000) }),
        Held::FirstRelease,
    ];
    let seen = Seen {
        object: aim.object.clone(),
        at: at(359),
        runs: Some(aim.from.clone()),
        aim: Some((*aim).clone()),
        misfits,
        keeper: Some("Argo CD (shop)".to_owned()),
    };
    let unknown = Seen { runs: None, aim: None, misfits: Vec::new(), keeper: None, ..seen.clone() };
    let sights =
        [Sight::Unseen("no answer".to_owned()), Sight::Seen(Box::new(seen)), Sight::Seen(Box::new(unknown))];
    let decided = |sight| {
        let Record::Decided { id, cell, look, at, occasion, standing, case, written, .. } = decided() else {
            unreachable!("it is a decision")
        };
        let case = Box::new(Case { sight: Some(sight), ..*case });
        let ruling = Ruling { course: Course::Ask, spoke: held.clone() };
        Record::Decided { id, cell, look, at, occasion, standing, case, ruling, written }
    };
    let answer = Answer::Overtaken { why: "generation 5".to_owned() };
    let accepted = Answer::Accepted { status: 200, excerpt: String::new() };
    let mut records: Vec<Record> = sights.map(decided).to_vec();
    records.extend([
        Record::Intended(Intention { aim: Some(aim.clone()), ..intention("checkout", 360) }),
        Record::Answered { key: key.clone(), attempt: 1, step: 0, at: at(361), answer },
        Record::Answered { key: key.clone(), attempt: 1, step: 1, at: at(362), answer: accepted },
        again(1, 1, 362, None),
        again(2, 0, 363, Some(aim)),
        Record::Vouched {
            cell: CELL,
            change: change().id,
            target: change().target,
            version: change().version,
            at: at(1_200),
        },
    ]);
    records
}

/// A change that cannot be undone, what holds back for it, and a restart.
fn what_cannot_be_undone() -> Vec<Record> {
    let change = Change { irreversible: true, ..change() };
    let Record::Decided { id, cell, look, at, occasion, standing, case, written, .. } = decided() else {
        unreachable!("it is a decision")
    };
    let of = |judged| Irreversible { change: change.id.clone(), version: change.version.clone(), judged };
    let spoke = vec![Held::Irreversible(of(true)), Held::Irreversible(of(false))];
    let ruling = Ruling { course: Course::Ask, spoke };
    let case = Box::new(Case { irreversible: Some(of(true)), ..*case });
    vec![
        Record::Decided { id, cell, look, at, occasion, standing, case, ruling, written },
        Record::Intended(Intention { kind: Kind::Restart, ..intention("checkout", 360) }),
        Record::Changed(change),
    ]
}

/// What is seen after a change was taken back, and the call where that is not well.
fn after_a_rollback() -> Vec<Record> {
    let rollback = intention("checkout", 360);
    let counts = Counts {
        strands: vec![Counted {
            new: Tally { events: 3, of: 1_200 },
            old: vec![Tally { events: 2, of: 900 }; 2],
        }],
        ..Counts::default()
    };
    let look = |found| Look { at: at(480), found };
    let told = [
        Recovery::Begun { key: rollback.key.clone(), since: at(366), until: at(966) },
        Recovery::Recovered { look: look(vec![Found::Counts(counts), Found::Value(0.1 + 0.2)]), idle: false },
        Recovery::Recovered { look: look(vec![Found::Missing(Gap::Silent(Arm::New))]), idle: true },
        Recovery::Unrecovered { last: Some(look(vec![Found::Levels(Levels { new: 9.0, old: 3.0 })])) },
        Recovery::Unrecovered { last: None },
        Recovery::Superseded,
        Recovery::Withdrawn,
    ];
    let mut records: Vec<Record> =
        told.map(|recovery| Record::Recovery { cell: CELL, at: at(980), recovery }).to_vec();
    let page = Some(Page::Unrecovered);
    records.push(Record::Intended(Intention { kind: Kind::Notify, page, ..rollback }));
    records
}

/// What queries of the texts of an action found, with the first attempt and with a later one.
fn what_texts_ask() -> Vec<Record> {
    let found = |pairs: &[(&str, &str)], value| decision::Found {
        labels: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        value,
    };
    let mut answers = Answers::default();
    answers.add(
        "up",
        Ok(vec![found(&[("__name__", "up"), ("pod", "a \"b\"")], f64::INFINITY), found(&[], 0.1 + 0.2)]),
    );
    answers.add("gone", Ok(Vec::new()));
    let first = intention("checkout", 360);
    let (key, why) = (first.key.clone(), Refusal::Meanwhile("the change was superseded".to_owned()));
    let asked = Record::Intended(Intention { answers: answers.clone(), ..first });
    answers.add("late", Err("its source did not answer in time".to_owned()));
    let refused = Record::Refused { key: key.clone(), at: at(360), why };
    vec![asked, Record::Retried { key, attempt: 2, step: 0, at: at(370), aim: None, answers }, refused]
}
