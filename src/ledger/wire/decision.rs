//! The shapes of cases, rulings and intentions.

use crate::decision;
use crate::gate;
use crate::ledger::wire::answers::Answers;
use crate::ledger::wire::incident::Alarm;
use crate::ledger::wire::object::{Aim, Misfit, Sight};
use crate::ledger::wire::scalar::Real;
use crate::ledger::wire::signal::{Provenance, Target};

mirror_struct!(Case of decision::Case {
    at: i64,
    wish: Wish,
    release: Release,
    mode: Mode,
    switched_off: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service_off: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    doubted: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frozen: Option<Frozen>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    first: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    irreversible: Option<Irreversible>,
    provenance: Provenance,
    ran_before: bool,
    stale: Option<i64>,
    weak: Vec<Weak>,
    in_flight: Option<String>,
    unverified: Option<String>,
    budgets: Vec<Budget>,
    last_acted: Option<i64>,
    cooldown: u64,
    undone_now: u32,
    undone_at_once: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    superseded: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    taken_back: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    floor: Option<Real>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unkeyed: Option<Scope>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suspect: Option<Suspect>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    share: Option<Share>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    consents: Vec<Consent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    declined: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alarm: Option<Box<Alarm>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sight: Option<Sight>,
});

mirror_struct!(Irreversible of decision::Irreversible { change: String, version: String, judged: bool });

mirror_struct!(Suspect of decision::Suspect { service: String, change: String, version: String });

mirror_struct!(Share of decision::Share { undone: u32, services: u32, most: u32 });

mirror_struct!(Consent of decision::Consent { by: String, at: i64, lifts: Vec<String> });

mirror_struct!(Release of gate::Release {
    gates: u32,
    ln_now: Real,
    ln_most: Real,
    ln_ours: Real,
    named: bool,
    passes: bool,
});

mirror_enum!(Wish of decision::Wish {
    Nothing,
    Ask,
    Do { action: String, kind: Kind, approval: Approval, able: bool },
});

mirror_enum!(Occasion of decision::Occasion {
    Fail { rung: Option<Real> }, Breach, Pass, Inconclusive, FirstRelease, Alerted,
});

mirror_enum!(Mode of decision::Mode { Shadow, Ask, Act });

mirror_enum!(Kind of decision::Kind {
    Rollback, Pause, Resume, Promote, SetWeight, ToggleFlag, Notify, Other, Restart,
});

mirror_enum!(Approval of decision::Approval { None, One, Two });

mirror_enum!(Weak of decision::Weak { AfterBefore, Expr, Alert });

mirror_enum!(Scope of decision::Scope { Service, Environment, Everywhere });

mirror_struct!(Budget of decision::Budget { of: Option<String>, scope: Scope, rate: String, spent: u32 });

mirror_struct!(Ruling of decision::Ruling { course: Course, spoke: Vec<Held> });

mirror_enum!(Course of decision::Course { Act, Ask, Hold });

mirror_enum!(Held of decision::Held {
    SwitchedOff(String),
    Shadow,
    ModeAsks,
    NeedsApproval { people: u8 },
    Unattested,
    RanBefore,
    Stale(i64),
    WeakEvidence(Weak),
    InFlight(String),
    Unverified(String),
    Budget(Budget),
    CoolingDown { since: i64, cooldown: u64 },
    SharedCause { undone: u32, limit: u32 },
    Unable,
    Frozen(Frozen),
    FirstRelease,
    Superseded(String),
    TakenBack(i64),
    BelowFloor(Real),
    Unkeyed(Scope),
    Suspect(Suspect),
    TooMany(Share),
    Declined(String),
    UnattestedAlert,
    ServiceOff(String),
    Doubted(i64),
    Unseen(String),
    Unfit(Vec<Misfit>),
    Reconciled { by: String },
    Irreversible(Irreversible),
});

mirror_struct!(Frozen of decision::Frozen { name: String, why: String, until: i64 });

mirror_struct!(Announced of decision::Announced {
    name: String,
    why: String,
    by: String,
    from: i64,
    until: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    services: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    environments: Vec<String>,
    holds: Vec<Kind>,
});

mirror_struct!(Intention of decision::Intention {
    key: String,
    decision: String,
    action: String,
    kind: Kind,
    change: String,
    target: Target,
    at: i64,
    expires: i64,
    claims: Vec<Claim>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<Page>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aim: Option<Box<Aim>>,
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    answers: Answers,
});

mirror_enum!(Page of decision::Page { Held, Ended(Outcome), Unrecovered, Reapplied });

mirror_struct!(Claim of decision::Claim { of: Option<String>, scope: Scope, rate: String });

mirror_enum!(Refusal of decision::Refusal {
    Known, InFlight(String), Budget(Claim), SwitchedOff(String), Fenced, ServiceOff(String), Meanwhile(String),
});

mirror_enum!(Answer of decision::Answer {
    Accepted { status: u16, excerpt: String },
    Rejected { status: u16, excerpt: String, retry_after: Option<u64> },
    Unsent { why: String },
    Lost { why: String },
    Overtaken { why: String },
});

mirror_enum!(Outcome of decision::Outcome { Taken, Verified, Unverified, Failed, Expired });

mirror_struct!(Authorship of decision::Authorship {
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    head: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    changed: bool,
});
