//! Verdicts: what the evidence says, always with its grounds.

use std::fmt;

use crate::gate::look::Gap;
use crate::gate::terms::Unjudged;
use crate::signal::Deaf;

/// The evidence from which on a release is held where it is, though nothing is proved.
pub const LEANING: f64 = 5.0;

/// The evidence beyond which a gate fails, and that beyond which a proof holds: one in twenty.
pub const PROVED: f64 = 20.0;

/// Whether evidence lies beyond a border, both as logarithms. A look multiplies evidence by [`PROVED`] at the most, and no
/// single look may decide anything: so more is asked than to be there, and more than rounding could make of that.
pub(super) fn lies_beyond(ln_evidence: f64, ln_border: f64) -> bool {
    ln_border + 1e-9 < ln_evidence
}

/// The usual rungs of a ladder: tell, hold, take back.
const RUNGS: [f64; 3] = [0.99, 0.95, 0.80];

/// What the evidence says. The order is that of harm: where several are put together, the greatest counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// It is proved, or was not contradicted, that the new side is no worse than it may be.
    Pass(Finding),
    /// Nothing is proved, for this reason.
    Inconclusive(Shortfall),
    /// It is proved that the new side is worse than it may be; or a threshold is broken, which proves nothing.
    Fail(Finding),
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// The check that says it loudest, by its number in the gate.
    pub check: usize,
    /// The logarithm of the evidence for it.
    pub ln_evidence: f64,
    /// Whether it was proved. A pass that was not was merely not contradicted; a failure that was not is a threshold that
    /// is broken, without any confidence.
    pub proved: bool,
}

/// Why nothing is proved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shortfall {
    /// It has not looked yet.
    NoLook,
    /// It has not looked yet, as the source is not heard.
    Unheard {
        /// Why.
        deaf: Deaf,
    },
    /// An arm had no traffic at all.
    NoTraffic {
        /// The check.
        check: usize,
        /// Which.
        arm: Arm,
    },
    /// Something that is needed was not there at the last look.
    Missing {
        /// The check.
        check: usize,
        /// What.
        gap: Gap,
    },
    /// The new side has had too few events.
    TooFew {
        /// The check.
        check: usize,
        /// How many it had.
        had: u64,
        /// How many it needs.
        needs: u64,
    },
    /// The question cannot be judged yet.
    Unjudged {
        /// The check.
        check: usize,
        /// Which.
        question: Unjudged,
    },
    /// The two sides have such unlike mixes of traffic that a total compares those.
    Unlike {
        /// The check.
        check: usize,
    },
    /// The histogram has no bucket where one is needed, so nothing can be proved.
    Saturated {
        /// The check.
        check: usize,
        /// Where one is missing.
        at: f64,
    },
    /// Something speaks against the new side, but it is not proved.
    Leaning {
        /// The check that says it loudest.
        check: usize,
        /// The logarithm of the evidence for it.
        ln_evidence: f64,
    },
    /// Neither harm nor its absence is proved.
    NotProved {
        /// The check that is furthest from it.
        check: usize,
    },
}

/// An arm of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arm {
    /// The new one: canary, or after.
    New,
    /// The old one: stable, or before.
    Old,
}

/// Where a trial stands after a look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// How many looks there were.
    pub looks: u32,
    /// The logarithm of the release's evidence of harm now.
    pub ln_now: f64,
    /// The largest that it ever was.
    pub ln_most: f64,
    /// The largest that it ever was as far as it was this change that did it: what confidence rests on.
    pub ln_ours: f64,
    /// The verdict.
    pub verdict: Verdict,
}

/// Why a gate watches a change no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Its verdict is final.
    Verdict,
    /// Its time is up.
    TimeUp,
    /// The next change of the same target took its place.
    Superseded,
    /// What it waits for did not come in time.
    NeverBegan,
    /// The source was not heard in time, so nobody knows whether it came.
    Unheard,
    /// The change was acted on, so there is nothing left to watch.
    ActedOn,
    /// The rules have no such gate any more, or it asks something else: counts of two questions are not one evidence.
    Withdrawn,
    /// The alert that asked for something is resolved.
    Resolved,
}

impl Ending {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::TimeUp => "time_up",
            Self::Superseded => "superseded",
            Self::NeverBegan => "never_began",
            Self::Unheard => "unheard",
            Self::ActedOn => "acted_on",
            Self::Withdrawn => "withdrawn",
            Self::Resolved => "resolved",
        }
    }
}

impl Verdict {
    /// Whether a threshold is broken, and nothing is proved.
    pub const fn is_breach(&self) -> bool {
        matches!(self, Self::Fail(Finding { proved: false, .. }))
    }

    /// Its word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Inconclusive(_) => "inconclusive",
            Self::Fail(_) => "fail",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Standing {
    /// Where every trial stands before its first look.
    pub const UNLOOKED: Self = Self {
        looks: 0,
        ln_now: 0.0,
        ln_most: 0.0,
        ln_ours: 0.0,
        verdict: Verdict::Inconclusive(Shortfall::NoLook),
    };

    /// How sure it is that something is wrong: were the release harmless, evidence this strong would appear in fewer
    /// than one minus this of all rollouts, however often anybody looks.
    pub fn confidence(&self) -> f64 {
        sureness(self.ln_ours)
    }

    /// The highest of the usual rungs of confidence that it reached: for people, whom each figure would only disturb.
    pub fn rung(&self) -> Option<f64> {
        RUNGS.into_iter().find(|rung| is_as_sure_as(self.ln_most, *rung))
    }
}

/// How sure evidence makes: where there is nothing, it would be this strong in fewer than one minus this of all cases.
pub fn sureness(ln_evidence: f64) -> f64 {
    1.0 - libm::exp(-ln_evidence.max(0.0))
}

/// Whether evidence makes as sure as that. Logarithms are compared, since confidences near 1 round.
pub(super) fn is_as_sure_as(ln_evidence: f64, share: f64) -> bool {
    lies_beyond(ln_evidence, -libm::log1p(-share))
}
