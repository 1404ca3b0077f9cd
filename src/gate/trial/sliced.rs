//! Slices: what each has to show for itself, and the verdict that this leads to. It goes by the rules of its check, but all
//! slices are told of together, and what is promised is promised of all of them.

use crate::gate::inquiry::Inquiry;
use crate::gate::opening::Slice;
use crate::gate::strands::{Shown, Strands};
use crate::gate::terms::{CheckTerms, Judged, Proof};
use crate::gate::trial::{LEAST, Trial, is_proved};
use crate::gate::verdict::{Arm, Finding, LEANING, PROVED, Shortfall, Verdict};
use crate::stats::culprits;

/// What a slice has to show for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceAccount {
    /// Which.
    pub slice: Slice,
    /// The logarithm of its evidence of harm now.
    pub ln_harm: f64,
    /// Whether it is proved that this slice does more harm than it may.
    pub named: bool,
    /// Its verdict; nothing where the check has no say.
    pub verdict: Option<Verdict>,
}

/// What is asked of a slice.
struct Asking<'a> {
    check: usize,
    terms: &'a CheckTerms,
    inquiry: &'a Inquiry,
    /// The logarithm of what its evidence counts for among all that is asked of the release.
    ln_part: f64,
    /// The logarithm of how many slices there are.
    ln_many: f64,
}

impl Trial {
    /// What the slices of a check have to show for themselves.
    pub(super) fn slices(&self, check: usize) -> Vec<SliceAccount> {
        let asked = self.terms.checks.get(check).zip(self.inquiries.get(check));
        let Some((terms, inquiry)) = asked else { return Vec::new() };
        let shown: Vec<(&Slice, Shown)> =
            inquiry.strands().map(|strands| Strands::by_slice(strands).collect()).unwrap_or_default();
        // A check that only watches takes nothing from the others, and counts as if it were alone.
        let judged = terms.judged == Judged::Yes;
        let ln_part = if judged { libm::log(self.part_of(terms)) } else { 0.0 };
        let given: Vec<f64> = shown.iter().map(|(_, own)| own.ln_harm + ln_part).collect();
        let named = culprits(&given, &vec![1.0; given.len()], 1.0 / PROVED);
        #[expect(clippy::cast_precision_loss, reason = "a few slices")]
        let ln_many = libm::log(shown.len().max(1) as f64);
        let asking = Asking { check, terms, inquiry, ln_part, ln_many };
        let account = |((slice, own), named): ((&Slice, Shown), bool)| SliceAccount {
            slice: slice.clone(),
            ln_harm: own.ln_harm,
            named,
            verdict: judged.then(|| self.of_slice(&asking, &own, named)),
        };
        shown.into_iter().zip(named).map(account).collect()
    }

    /// The verdict of one slice. It fails where the evidence names it among all slices, by its check's share of the release.
    fn of_slice(&self, asking: &Asking<'_>, own: &Shown, named: bool) -> Verdict {
        let Asking { check, terms, inquiry, ln_part, .. } = *asking;
        let ln_evidence = (own.ln_harm + ln_part).max(LEAST);
        // What a check has to have seen before it has a say, it has to have seen as a whole.
        if named && terms.at_least <= inquiry.saw() {
            return Verdict::Fail(Finding { check, ln_evidence, proved: true });
        }
        if let Some(shortfall) = shortfall(asking, own) {
            return Verdict::Inconclusive(shortfall);
        }
        if libm::log(LEANING) <= ln_evidence {
            return Verdict::Inconclusive(Shortfall::Leaning { check, ln_evidence });
        }
        self.pass_of_slice(asking, own)
            .map_or(Verdict::Inconclusive(Shortfall::NotProved { check }), Verdict::Pass)
    }

    /// Of each of so many slices as much more has to be shown: so it is hardly ever said of any of them wrongly. The largest
    /// evidence that there ever was counts, and of that no more can be promised than by counting them.
    fn pass_of_slice(&self, asking: &Asking<'_>, own: &Shown) -> Option<Finding> {
        let ln_evidence = own.ln_proof.unwrap_or(0.0) - asking.ln_many;
        let proved = match &asking.terms.passes {
            Proof::Within(_) => is_proved(ln_evidence).then_some(true),
            Proof::NotContradicted => (self.terms.looks <= self.looks).then_some(false),
            Proof::Never => None,
        }?;
        Some(Finding { check: asking.check, ln_evidence, proved })
    }
}

/// What keeps a slice from any verdict but a failure.
fn shortfall(asking: &Asking<'_>, own: &Shown) -> Option<Shortfall> {
    let Asking { check, terms, inquiry, .. } = *asking;
    if let Some(gap) = inquiry.gap {
        return Some(Shortfall::Missing { check, gap });
    }
    if let Some(arm) = idle(own) {
        return Some(Shortfall::NoTraffic { check, arm });
    }
    let (had, needs) = (inquiry.saw(), terms.at_least);
    if had < needs {
        return Some(Shortfall::TooFew { check, had, needs });
    }
    own.lacks.map(|at| Shortfall::Saturated { check, at })
}

/// The side of a slice that had no events.
const fn idle(own: &Shown) -> Option<Arm> {
    match (own.sides.0.of, own.sides.1.of) {
        (0, _) => Some(Arm::New),
        (_, 0) => Some(Arm::Old),
        _ => None,
    }
}
