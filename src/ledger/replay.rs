//! Replay: a decision made again from what the ledger holds, and held against what it says.

use crate::decision::{DecisionId, Occasion, decide};
use crate::gate::{Standing, Verdict};
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
    if !follows(&recorded.occasion, &standing) {
        let (occasion, replayed) = (recorded.occasion, Box::new(standing));
        return Err(Difference::Occasion { id, occasion, replayed });
    }
    if recorded.at != recorded.case.at {
        return Err(Difference::Moment { id, decided: recorded.at, facts: recorded.case.at });
    }
    let ruling = decide(&recorded.case);
    let again = Decided { standing, ruling, ..recorded.clone() };
    let (recorded_bytes, again_bytes) = (payload(recorded), payload(&again));
    if recorded_bytes == again_bytes {
        return Ok(standing);
    }
    if payload(&Decided { standing, ..recorded.clone() }) != recorded_bytes {
        let (recorded, replayed) = (Box::new(recorded.standing), Box::new(standing));
        return Err(Difference::Evidence { id, recorded, replayed });
    }
    let (recorded, replayed) = (format!("{:?}", recorded.ruling), format!("{:?}", again.ruling));
    Err(Difference::Ruling { id, recorded, replayed })
}

/// Whether an occasion follows from a standing. What a first release leads to is the policy's, which is not recorded.
fn follows(occasion: &Occasion, standing: &Standing) -> bool {
    match occasion {
        Occasion::Fail { rung: Some(confidence) } => standing.reaches(*confidence),
        Occasion::Fail { rung: None } => matches!(standing.verdict, Verdict::Fail(_)),
        Occasion::Pass => matches!(standing.verdict, Verdict::Pass(_)),
        Occasion::Inconclusive => matches!(standing.verdict, Verdict::Inconclusive(_)),
        Occasion::FirstRelease => standing.ln_most > 0.0,
    }
}

/// Where the gate stood after the looks that a decision rests on.
fn standing(episode: &Episode, decided: &Decided) -> Result<Standing, Difference> {
    if let Some(trial) = episode.trial(decided.look) {
        return Ok(trial.standing());
    }
    if decided.look == 0 && episode.began.is_none() {
        return Ok(Standing::UNLOOKED);
    }
    Err(Difference::Pruned { id: decided.id, looks: decided.look })
}

/// The bytes that the ledger holds of a decision: equal bytes mean equal bits of every number.
fn payload(decided: &Decided) -> Vec<u8> {
    let Decided { id, look, at, occasion, standing, case, ruling } = decided.clone();
    let record = Record::Decided { id, cell: id.cell, look, at, occasion, standing, case, ruling };
    Entry::of(&record, at).map(|entry| entry.payload().to_vec()).unwrap_or_default()
}
