//! Replay: a decision made again from what the ledger holds, and held against what it says.

use crate::decision::{Case, DecisionId, Occasion, Wish, decide};
use crate::gate::{Release, Shortfall, Standing, Verdict};
use crate::ledger::episode::{Decided, Episode};
use crate::ledger::{Entry, Record};
use crate::unit::UnixMillis;

/// Why a decision cannot be made again, or comes out otherwise.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Difference {
    /// There is no such decision.
    #[error("the ledger holds no decision {0}; `backstop explain` without a name shows the last one")]
    NoDecision(DecisionId),
    /// Looks that it rests on are gone.
    #[error(
        "decision {id} rests on {looks} looks, and not all of their counts are in the ledger any more: they were pruned"
    )]
    Pruned {
        /// The decision.
        id: DecisionId,
        /// On how many looks it rests.
        looks: u32,
    },
    /// The evidence comes out otherwise.
    #[error("decision {id} says the evidence was {recorded:?}; its counts give {replayed:?}")]
    Evidence {
        /// The decision.
        id: DecisionId,
        /// What the ledger says.
        recorded: Box<Standing>,
        /// What its counts give.
        replayed: Box<Standing>,
    },
    /// What it says led to it does not follow from its counts.
    #[error("decision {id} says that {occasion:?} led to it; its counts give {replayed:?}")]
    Occasion {
        /// The decision.
        id: DecisionId,
        /// What the ledger says.
        occasion: Occasion,
        /// What its counts give.
        replayed: Box<Standing>,
    },
    /// Its facts are of another moment.
    #[error("decision {id} was made at {decided}; its facts are of {facts}")]
    Moment {
        /// The decision.
        id: DecisionId,
        /// When it was made.
        decided: UnixMillis,
        /// Of when its facts are.
        facts: UnixMillis,
    },
    /// The ruling comes out otherwise, or its bytes do.
    #[error("decision {id} says `{recorded}`; its facts give `{replayed}`")]
    Ruling {
        /// The decision.
        id: DecisionId,
        /// What the ledger says.
        recorded: String,
        /// What its facts give.
        replayed: String,
    },
}

/// Makes a decision again. What comes out is the same bit for bit, or it is a difference.
pub fn replay(episode: &Episode, id: DecisionId) -> Result<Standing, Difference> {
    let recorded = episode.decision(id).ok_or(Difference::NoDecision(id))?;
    let standing = standing(episode, recorded)?;
    let release = released(recorded, &standing);
    if !follows(recorded, (&standing, &release)) {
        let (occasion, replayed) = (recorded.occasion, Box::new(standing));
        return Err(Difference::Occasion { id, occasion, replayed });
    }
    if recorded.at != recorded.case.at {
        return Err(Difference::Moment { id, decided: recorded.at, facts: recorded.case.at });
    }
    let ruling = decide(&recorded.case);
    let case = Box::new(Case { release, ..(*recorded.case).clone() });
    let again = Decided { standing, case, ruling, ..recorded.clone() };
    let (recorded_bytes, again_bytes) = (payload(recorded), payload(&again));
    if recorded_bytes == again_bytes {
        return Ok(standing);
    }
    if payload(&Decided { ruling: recorded.ruling.clone(), ..again.clone() }) != recorded_bytes {
        let (recorded, replayed) = (Box::new(recorded.standing), Box::new(standing));
        return Err(Difference::Evidence { id, recorded, replayed });
    }
    let (recorded, replayed) = (format!("{:?}", recorded.ruling), format!("{:?}", again.ruling));
    Err(Difference::Ruling { id, recorded, replayed })
}

/// Where the release stood. Of one that a gate watches alone, its counts tell; what other gates gave to it is a fact
/// like any other across gates. It may lag what this gate shows, since it is weighed only as far as each of them looked.
/// Where all of them pass, every look is weighed: then it cannot be less than what this one gives.
fn released(decided: &Decided, standing: &Standing) -> Release {
    let recorded = decided.case.release;
    let less = recorded.passes && recorded.ln_most + ROUNDING < standing.ln_now;
    if recorded.gates <= 1 || less { Release::alone(standing) } else { recorded }
}

/// By how much a sum of logarithms may be off.
const ROUNDING: f64 = 1e-9;

/// Whether an occasion follows from where the gate stood and its release. What a first release leads to is the policy's,
/// which is not recorded.
fn follows(decided: &Decided, (standing, release): (&Standing, &Release)) -> bool {
    let disturbs = matches!(&decided.case.wish, Wish::Do { kind, .. } if kind.disturbs());
    let passes = matches!(standing.verdict, Verdict::Pass(_));
    match &decided.occasion {
        Occasion::Fail { rung: Some(confidence) } if disturbs => release.blames(*confidence),
        Occasion::Fail { rung: Some(confidence) } => release.reaches(*confidence),
        Occasion::Fail { rung: None } => matches!(standing.verdict, Verdict::Fail(_)),
        Occasion::Breach => standing.verdict.is_breach(),
        Occasion::Pass => passes && release.passes && !release.leans(),
        Occasion::Inconclusive if passes => !release.passes || release.leans(),
        Occasion::Inconclusive => matches!(standing.verdict, Verdict::Inconclusive(_)),
        Occasion::FirstRelease => release.ln_most > 0.0 || standing.verdict.is_breach(),
        // What the alert said is a fact, as what other gates gave is: there are no counts of it.
        Occasion::Alerted => decided.case.alarm.is_some() && decided.look == 0,
    }
}

/// Where the gate stood after the looks that a decision rests on.
fn standing(episode: &Episode, decided: &Decided) -> Result<Standing, Difference> {
    if let Some(trial) = episode.trial(decided.look) {
        return Ok(trial.standing());
    }
    if decided.look == 0 && episode.began.is_none() {
        // Why there was no look is no count, and cannot be found again.
        let verdict = match decided.standing.verdict {
            unheard @ Verdict::Inconclusive(Shortfall::Unheard { .. }) => unheard,
            Verdict::Pass(_) | Verdict::Inconclusive(_) | Verdict::Fail(_) => Standing::UNLOOKED.verdict,
        };
        return Ok(Standing { verdict, ..Standing::UNLOOKED });
    }
    Err(Difference::Pruned { id: decided.id, looks: decided.look })
}

/// The bytes that the ledger holds of a decision: equal bytes mean equal bits of every number.
fn payload(decided: &Decided) -> Vec<u8> {
    let Decided { id, look, at, occasion, standing, case, ruling, written } = decided.clone();
    let record = Record::Decided { id, cell: id.cell, look, at, occasion, standing, case, ruling, written };
    Entry::of(&record, at).map(|entry| entry.payload().to_vec()).unwrap_or_default()
}
