//! The shapes of cases, rulings and intentions.

use crate::decision;
use crate::gate;
use crate::ledger::wire::scalar::Real;
use crate::ledger::wire::signal::{Provenance, Target};

mirror_struct!(Case of decision::Case {
    at: i64,
    wish: Wish,
    release: Release,
    mode: Mode,
    switched_off: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frozen: Option<Frozen>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    first: bool,
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
});

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

mirror_enum!(Occasion of decision::Occasion { Fail { rung: Option<Real> }, Breach, Pass, Inconclusive, FirstRelease });

mirror_enum!(Mode of decision::Mode { Shadow, Ask, Act });

mirror_enum!(Kind of decision::Kind {
    Rollback, Pause, Resume, Promote, SetWeight, ToggleFlag, Notify, Other,
});

mirror_enum!(Approval of decision::Approval { None, One, Two });

mirror_enum!(Weak of decision::Weak { AfterBefore, Expr });

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
});

mirror_struct!(Frozen of decision::Frozen { name: String, why: String, until: i64 });

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
});

mirror_struct!(Claim of decision::Claim { of: Option<String>, scope: Scope, rate: String });

mirror_enum!(Refusal of decision::Refusal {
    Known, InFlight(String), Budget(Claim), SwitchedOff(String), Fenced,
});

mirror_enum!(Answer of decision::Answer {
    Accepted { status: u16, excerpt: String },
    Rejected { status: u16, excerpt: String, retry_after: Option<u64> },
    Unsent { why: String },
    Lost { why: String },
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
