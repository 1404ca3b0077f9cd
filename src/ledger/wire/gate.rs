//! The shapes of terms, openings and standings.

use serde::{Deserialize, Serialize};

use crate::gate;
use crate::ledger::counts::{read_levels, read_rows, write_levels, write_rows};
use crate::ledger::entry::Malformed;
use crate::ledger::wire::mirror::Mirror;
use crate::ledger::wire::scalar::{Base64, Real};
use crate::ledger::wire::signal::Target;
use crate::signal;

mirror_struct!(Terms of gate::Terms {
    design: Design,
    looks: u32,
    pass_from: u32,
    share: Real,
    checks: Vec<CheckTerms>,
});

mirror_enum!(Design of gate::Design { Concurrent, AfterBefore, AfterShort });

mirror_struct!(CheckTerms of gate::CheckTerms {
    name: String,
    asked: Asked,
    judged: Judged,
    weight: Real,
    worse: Worse,
    fails: Vec<Bound>,
    passes: Proof,
    at_least: u64,
    critical: bool,
    // Older ledgers lack it, and what does not say anything is written as it ever was.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<ChangeTrait>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    question: Option<String>,
});

mirror_enum!(Asked of gate::Asked { Share, Quantile { q: Real }, Level, Votes { agree: u32, of: u32 } });

mirror_enum!(ChangeTrait of gate::ChangeTrait { Risk(String), Intent(String) });

mirror_enum!(Judged of gate::Judged { Yes, Shadow, NotYet(Unjudged) });

mirror_enum!(Unjudged of gate::Unjudged { Mean, Expr, NoCounter });

mirror_enum!(Worse of gate::Worse { Higher, Lower });

mirror_enum!(Bound of gate::Bound { Ratio(Real), Difference(Real), Value(Real), Reached(Real) });

mirror_enum!(Proof of gate::Proof { Within(Vec<Bound>), NotContradicted, Never });

mirror_struct!(Standing of gate::Standing {
    looks: u32,
    ln_now: Real,
    ln_most: Real,
    ln_ours: Real,
    verdict: Verdict,
});

mirror_enum!(Verdict of gate::Verdict { Pass(Finding), Inconclusive(Shortfall), Fail(Finding) });

mirror_struct!(Finding of gate::Finding { check: u64, ln_evidence: Real, proved: bool });

mirror_enum!(Shortfall of gate::Shortfall {
    NoLook,
    Unheard { deaf: Deaf },
    NoTraffic { check: u64, arm: Arm },
    Missing { check: u64, gap: Gap },
    TooFew { check: u64, had: u64, needs: u64 },
    Unjudged { check: u64, question: Unjudged },
    Saturated { check: u64, at: Real },
    Unlike { check: u64 },
    Leaning { check: u64, ln_evidence: Real },
    NotProved { check: u64 },
});

mirror_enum!(Gap of gate::Gap {
    Silent(Arm),
    Behind(Arm),
    Unmarked(Arm),
    NotACount(Arm),
    Incoherent(Arm),
    NoBucket(Arm),
    NoHistory,
    NoValue,
    Unheard(Deaf),
});

mirror_enum!(Deaf of signal::Deaf {
    Unusable,
    Unreachable,
    Late,
    Unwelcome,
    Redirected,
    Refused,
    Failed,
    Overloaded,
    BackingOff,
    OverBudget,
    Garbage,
    TooMuch,
    Partial,
    Uncounted,
});

mirror_enum!(Arm of gate::Arm { New, Old });

mirror_enum!(Ending of gate::Ending {
    Verdict, TimeUp, Superseded, NeverBegan, Unheard, ActedOn, Withdrawn, Resolved,
});

mirror_struct!(Opening of gate::Opening { checks: Vec<Before> });

mirror_struct!(Before of gate::Before {
    strands: Vec<Strand>,
    levels: Levels,
    lately: Tally,
    aside: Vec<Aside>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resolution: Option<i8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mixes: Vec<Mix>,
});

mirror_struct!(Mix of gate::Mix { label: String, values: Vec<String>, before: Vec<Tally> });

mirror_struct!(Origin of gate::Origin {
    new: String,
    old: Option<String>,
    new_series: u32,
    old_series: Option<u32>,
    fresh: u64,
});

mirror_struct!(Strand of gate::Strand { part: Part, rows: Rows });

mirror_struct!(Part of gate::Part { slice: Option<Slice>, border: Option<Border> });

mirror_enum!(Slice of gate::Slice { Of(Vec<String>), Other });

mirror_struct!(Border of gate::Border { new: Real, old: Real, shows: Shows });

mirror_enum!(Shows of gate::Shows { Both, Harm, Proof });

mirror_struct!(Aside of gate::Aside { target: Target, dependency: bool, before: Tally });

mirror_struct!(Tally of gate::Tally { events: u64, of: u64 });

/// A baseline of four hours is thousands of counts, which nobody reads as digits: they are bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Rows(Base64);

impl Mirror<Vec<Vec<gate::Tally>>> for Rows {
    fn of(it: &Vec<Vec<gate::Tally>>) -> Self {
        Self(Mirror::of(&write_rows(it)))
    }

    fn back(self) -> Result<Vec<Vec<gate::Tally>>, Malformed> {
        read_rows(&self.0.back()?)
    }
}

/// Levels before the first look, as bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Levels(Base64);

impl Mirror<Vec<gate::Levels>> for Levels {
    fn of(it: &Vec<gate::Levels>) -> Self {
        Self(Mirror::of(&write_levels(it)))
    }

    fn back(self) -> Result<Vec<gate::Levels>, Malformed> {
        read_levels(&self.0.back()?)
    }
}
