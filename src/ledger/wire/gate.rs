//! The shapes of terms, openings and standings.

use serde::{Deserialize, Serialize};

use crate::gate;
use crate::ledger::counts::{read_rows, write_opening};
use crate::ledger::entry::Malformed;
use crate::ledger::wire::mirror::Mirror;
use crate::ledger::wire::scalar::{Base64, Real};

mirror_struct!(Terms of gate::Terms {
    design: Design,
    looks: u32,
    pass_from: u32,
    share: Real,
    checks: Vec<CheckTerms>,
});

mirror_enum!(Design of gate::Design { Concurrent, AfterBefore });

mirror_struct!(CheckTerms of gate::CheckTerms {
    name: String,
    judged: Judged,
    weight: Real,
    worse: Worse,
    fails: Vec<Bound>,
    passes: Proof,
    at_least: u64,
    critical: bool,
});

mirror_enum!(Judged of gate::Judged { Yes, Shadow, NotYet(Unjudged) });

mirror_enum!(Unjudged of gate::Unjudged { Quantile, Mean, Expr, NoCounter });

mirror_enum!(Worse of gate::Worse { Higher, Lower });

mirror_enum!(Bound of gate::Bound { Ratio(Real), Difference(Real), Value(Real) });

mirror_enum!(Proof of gate::Proof { Within(Vec<Bound>), NotContradicted, Never });

mirror_struct!(Standing of gate::Standing { looks: u32, ln_now: Real, ln_most: Real, verdict: Verdict });

mirror_enum!(Verdict of gate::Verdict { Pass(Finding), Inconclusive(Shortfall), Fail(Finding) });

mirror_struct!(Finding of gate::Finding { check: u64, ln_evidence: Real, proved: bool });

mirror_enum!(Shortfall of gate::Shortfall {
    NoLook,
    NoTraffic { check: u64, arm: Arm },
    Missing { check: u64 },
    TooFew { check: u64, had: u64, needs: u64 },
    Unjudged { check: u64, question: Unjudged },
    Leaning { check: u64, ln_evidence: Real },
    NotProved { check: u64 },
});

mirror_enum!(Arm of gate::Arm { New, Old });

mirror_enum!(Ending of gate::Ending { Verdict, TimeUp, Superseded, NeverBegan, ActedOn, Withdrawn });

/// A baseline of four hours is thousands of counts, which nobody reads as digits: each check's are bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Opening(Vec<Base64>);

impl Mirror<gate::Opening> for Opening {
    fn of(it: &gate::Opening) -> Self {
        Self(Mirror::of(&write_opening(it)))
    }

    fn back(self) -> Result<gate::Opening, Malformed> {
        let checks: Vec<Vec<u8>> = self.0.back()?;
        Ok(gate::Opening { rows: checks.iter().map(|bytes| read_rows(bytes)).collect::<Result<_, _>>()? })
    }
}
