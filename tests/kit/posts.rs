//! One thing at a time written into a ledger.
#![expect(clippy::unwrap_used, reason = "each posting has a receipt")]

use backstop::archive::{Archive, Attempt, Error, Posting, Receipt};
use backstop::decision::{Intention, Key, Outcome};
use backstop::ledger::Entry;
use backstop::unit::UnixMillis;

pub(crate) trait Posts {
    async fn post_one(&mut self, before: &[Entry], posting: Posting) -> Result<Receipt, Error>;

    async fn intend(&mut self, before: &[Entry], intention: &Intention) -> Result<Receipt, Error> {
        self.post_one(before, Posting::Intend(intention.clone())).await
    }

    async fn retry(&mut self, attempt: &Attempt, at: UnixMillis) -> Result<Receipt, Error> {
        self.post_one(&[], Posting::Retry { attempt: attempt.clone(), at }).await
    }

    async fn close_intention(
        &mut self,
        key: &Key,
        at: UnixMillis,
        outcome: Outcome,
        why: String,
    ) -> Result<Receipt, Error> {
        self.post_one(&[], Posting::Close { key: key.clone(), at, outcome, why }).await
    }
}

impl Posts for Archive {
    async fn post_one(&mut self, before: &[Entry], posting: Posting) -> Result<Receipt, Error> {
        Ok(self.post(before, &[posting]).await?.pop().unwrap())
    }
}
