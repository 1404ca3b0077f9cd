//! Reviewing a ledger: whether it verifies, and whether every decision in it comes out again the same.

use crate::archive::{Error, Reader};
use crate::decision::{CellId, DecisionId, DecisionIdError};
use crate::ledger::{Episode, rationale, replay};

/// What a review found.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// How many rows there are.
    pub rows: u64,
    /// How many decisions came out the same.
    pub replayed: usize,
    /// What is wrong, a line for each.
    pub faults: Vec<String>,
    /// The rationale of the last decision.
    pub last_rationale: Option<String>,
}

impl Review {
    /// How many decisions came out the same, in words.
    pub(crate) fn same(&self) -> String {
        match self.replayed {
            1 => "1 decision comes out the same, bit for bit".to_owned(),
            many => format!("{many} decisions come out the same, bit for bit"),
        }
    }
}

/// Reviews a ledger.
pub async fn review(reader: &Reader) -> Result<Review, Error> {
    let mut review = Review::default();
    match reader.verify().await {
        Ok(verified) => review.rows = verified.last.seq,
        Err(Error::Broken(broken)) => review.faults.push(format!("the ledger is broken: {broken}")),
        Err(error) => return Err(error),
    }
    let decisions = reader.decisions().await?;
    let mut known: Option<(CellId, Episode)> = None;
    for id in &decisions {
        let episode = match known.take() {
            Some((cell, episode)) if cell == id.cell => episode,
            Some(_) | None => Episode::of(reader.episode(id.cell).await?),
        };
        match replay(&episode, *id) {
            Ok(_) => review.replayed += 1,
            Err(difference) => review.faults.push(format!("replay differs: {difference}")),
        }
        if decisions.last() == Some(id) {
            review.last_rationale = rationale(&episode, *id);
        }
        known = Some((id.cell, episode));
    }
    Ok(review)
}

/// The decision that a text names; without one, the last in the ledger.
pub(crate) async fn named(reader: &Reader, text: Option<&str>) -> Result<Result<DecisionId, String>, Error> {
    match text {
        Some(text) => Ok(text.parse().map_err(|error: DecisionIdError| error.to_string())),
        None => {
            Ok(reader.last_decision().await?.ok_or_else(|| "the ledger holds no decision yet".to_owned()))
        }
    }
}
