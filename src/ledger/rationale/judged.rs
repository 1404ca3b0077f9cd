//! The grounds of a verdict that nobody decided on: told as those of a decision are.

use crate::gate::{Release, Standing, Trial};
use crate::ledger::episode::Began;
use crate::ledger::rationale::figures::tally;
use crate::ledger::rationale::prospect::{Prospect, prospects};
use crate::ledger::rationale::{conclusion, passages};

/// What a verdict rests on.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// What the gate began with; nothing if it never began.
    pub began: Option<&'a Began>,
    /// Its evidence.
    pub trial: Option<&'a Trial>,
    /// Where it stands.
    pub standing: &'a Standing,
}

impl Grounds<'_> {
    /// The evidence, as lines.
    pub fn evidence(&self) -> Vec<String> {
        passages::evidence(self.began, (self.trial, self.standing.looks), None)
    }

    /// The verdict, as lines: the first says it, and why.
    pub fn verdict(&self) -> Vec<String> {
        conclusion::verdict((self.began, self.trial), self.standing, &Release::alone(self.standing))
    }

    /// What its checks could prove at the traffic that they see: those that saw any.
    pub fn prospects(&self) -> Vec<Prospect> {
        let known = self.began.zip(self.trial);
        let mut prospects = known.map(|(began, trial)| prospects(trial, began.every)).unwrap_or_default();
        prospects.retain(|prospect| prospect.capacity.is_some());
        prospects
    }

    /// What each check has counted by now, in a line.
    pub fn counts(&self) -> String {
        let Some((began, trial)) = self.began.zip(self.trial) else { return String::new() };
        let (new, old) = passages::sides(began.terms.design);
        let count = |index: usize| {
            let (check, account) = (began.terms.checks.get(index)?, trial.account(index)?);
            Some(format!("{}: {new} {}, {old} {}", check.name, tally(account.new), tally(account.old)))
        };
        (0..began.terms.checks.len()).filter_map(count).collect::<Vec<_>>().join("; ")
    }
}
