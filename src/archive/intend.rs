//! Writing down what is about to be done: in one transaction with the checks that it may be done at all.

use sqlx::Row as _;

use crate::archive::error::Error;
use crate::archive::open::Archive;
use crate::archive::writing::Writing;
use crate::decision::{Aim, Answers, CellId, Claim, Intention, Key, Outcome, Refusal, Scope};
use crate::ledger::{Entry, Record};
use crate::unit::{Name, UnixMillis};

/// A further attempt, or a further step of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Of what.
    pub key: Key,
    /// The number of the attempt.
    pub number: u32,
    /// Which step of it, from 0.
    pub step: u8,
    /// What is done from here on, where another look led elsewhere.
    pub aim: Option<Box<Aim>>,
    /// What the queries of its texts found, where that is known only by now.
    pub answers: Answers,
}

/// What the ledger says to an intention. Only what is written down may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// It is written down.
    Journaled {
        /// As this row.
        seq: u64,
    },
    /// It is not, for this reason.
    Refused(Refusal),
}

/// What is written down together with its checks.
#[derive(Debug, Clone, PartialEq)]
pub enum Posting {
    /// Something is about to be done.
    Intend(Intention),
    /// It is about to be tried again.
    Retry {
        /// How.
        attempt: Attempt,
        /// When.
        at: UnixMillis,
    },
    /// What was decided is not intended after all.
    Refuse {
        /// What.
        key: Key,
        /// Which gate and change it is about.
        cell: CellId,
        /// When.
        at: UnixMillis,
        /// Why.
        why: Refusal,
    },
    /// Nothing more is done about it.
    Close {
        /// What.
        key: Key,
        /// When.
        at: UnixMillis,
        /// How it ended.
        outcome: Outcome,
        /// Why.
        why: String,
    },
}

impl Archive {
    /// Writes down what happened `before`, and then each of these as if it were alone: one after the other, each refused if
    /// something speaks against it by then. All of it is on disk at once, when this returns, at the cost of one.
    pub async fn post(&mut self, before: &[Entry], postings: &[Posting]) -> Result<Vec<Receipt>, Error> {
        let mut writing = match self.begin().await {
            Err(Error::Fenced { .. }) => return Ok(vec![Receipt::Refused(Refusal::Fenced); postings.len()]),
            begun => begun?,
        };
        let done = post(&mut writing, before, postings).await;
        writing.end(done).await
    }
}

async fn post(
    writing: &mut Writing<'_>,
    before: &[Entry],
    postings: &[Posting],
) -> Result<Vec<Receipt>, Error> {
    writing.entries(before).await?;
    let mut receipts = Vec::with_capacity(postings.len());
    for posting in postings {
        receipts.push(match posting {
            Posting::Intend(intention) => intend(writing, intention).await?,
            Posting::Retry { attempt, at } => retry(writing, attempt, *at).await?,
            Posting::Refuse { key, cell, at, why } => {
                refused(writing, (key, *cell), *at, why.clone()).await?
            }
            Posting::Close { key, at, outcome, why } => {
                let record =
                    Record::Closed { key: key.clone(), at: *at, outcome: *outcome, why: why.clone() };
                Receipt::Journaled { seq: close(writing, key, *at, &record).await? }
            }
        });
    }
    Ok(receipts)
}

async fn intend(writing: &mut Writing<'_>, intention: &Intention) -> Result<Receipt, Error> {
    let at = intention.at;
    if let Some(why) = refusal(writing, intention).await? {
        return refused(writing, (&intention.key, intention.decision.cell), at, why).await;
    }
    let seq = writing.record(&Record::Intended(intention.clone()), at).await?;
    note(writing, intention, seq).await?;
    Ok(Receipt::Journaled { seq })
}

async fn retry(writing: &mut Writing<'_>, attempt: &Attempt, at: UnixMillis) -> Result<Receipt, Error> {
    let Attempt { key, number, step, aim, answers } = attempt;
    let (cell, service) = open_cell(writing, key).await?;
    if let Some(why) = switched_off(writing, &service).await? {
        return refused(writing, (key, cell), at, why).await;
    }
    let record = Record::Retried {
        key: key.clone(),
        attempt: *number,
        step: *step,
        at,
        aim: aim.clone(),
        answers: answers.clone(),
    };
    let seq = writing.entry(&Entry::of(&record, at)?.about(cell)).await?;
    Ok(Receipt::Journaled { seq })
}

/// Writes down why something is not done.
async fn refused(
    writing: &mut Writing<'_>,
    (key, cell): (&Key, CellId),
    at: UnixMillis,
    why: Refusal,
) -> Result<Receipt, Error> {
    let record = Record::Refused { key: key.clone(), at, why: why.clone() };
    writing.entry(&Entry::of(&record, at)?.about(cell)).await?;
    Ok(Receipt::Refused(why))
}

async fn close(writing: &mut Writing<'_>, key: &Key, at: UnixMillis, record: &Record) -> Result<u64, Error> {
    let (cell, _) = open_cell(writing, key).await?;
    let seq = writing.entry(&Entry::of(record, at)?.about(cell)).await?;
    let update = sqlx::query("UPDATE intention SET open = 0 WHERE key = ?").bind(&key.0);
    update.execute(writing.connection()).await?;
    Ok(seq)
}

/// What an open intention is about: which gate and change, and which service.
async fn open_cell(writing: &mut Writing<'_>, key: &Key) -> Result<(CellId, String), Error> {
    let found = sqlx::query("SELECT cell, service FROM intention WHERE key = ? AND open = 1").bind(&key.0);
    let found = found.fetch_optional(writing.connection()).await?;
    let found = found.ok_or_else(|| Error::NotOpen { key: key.0.clone() })?;
    Ok((CellId(found.try_get::<i64, _>("cell")?.cast_unsigned()), found.try_get("service")?))
}

/// That automation is switched off, for everything or for the service.
async fn switched_off(writing: &mut Writing<'_>, service: &str) -> Result<Option<Refusal>, Error> {
    if let Some(off) = writing.off() {
        return Ok(Some(Refusal::SwitchedOff(off.clone())));
    }
    let off = sqlx::query_scalar("SELECT why FROM switch WHERE service = ?").bind(service);
    Ok(off.fetch_optional(writing.connection()).await?.map(Refusal::ServiceOff))
}

/// What speaks against an intention.
async fn refusal(writing: &mut Writing<'_>, intention: &Intention) -> Result<Option<Refusal>, Error> {
    if let Some(why) = switched_off(writing, &intention.target.service).await? {
        return Ok(Some(why));
    }
    let known = sqlx::query("SELECT 1 FROM intention WHERE key = ?").bind(&intention.key.0);
    if known.fetch_optional(writing.connection()).await?.is_some() {
        return Ok(Some(Refusal::Known));
    }
    if !intention.kind.changes_target() {
        return Ok(None);
    }
    if let Some(key) = in_flight(writing, intention).await? {
        return Ok(Some(Refusal::InFlight(key)));
    }
    for claim in &intention.claims {
        if u64::from(claim.rate.times()) <= spent(writing, intention, claim).await? {
            return Ok(Some(Refusal::Budget(claim.clone())));
        }
    }
    Ok(None)
}

/// An action on the same target that has not ended.
async fn in_flight(writing: &mut Writing<'_>, intention: &Intention) -> Result<Option<Key>, Error> {
    let target = &intention.target;
    let found = sqlx::query_scalar(
        "SELECT key FROM intention WHERE open = 1 AND changes = 1
         AND service = ? AND environment IS ? AND cluster IS ? ORDER BY seq LIMIT 1",
    );
    let found = found.bind(&target.service).bind(&target.environment).bind(&target.cluster);
    Ok(found.fetch_optional(writing.connection()).await?.map(Key))
}

/// How often a budget was paid from in the stretch that ends with this intention. What is dated later counts as well: a
/// clock that was set back must not make room. What is given back to git follows from what was paid for.
async fn spent(writing: &mut Writing<'_>, intention: &Intention, claim: &Claim) -> Result<u64, Error> {
    let target = &intention.target;
    let service = (claim.scope == Scope::Service).then_some(&target.service);
    let environment = claim.scope == Scope::Environment;
    let count = sqlx::query_scalar(
        "SELECT count(*) FROM intention WHERE changes = 1 AND at > ?1 AND key NOT GLOB 'back_*'
         AND (?2 IS NULL OR action = ?2) AND (?3 IS NULL OR service = ?3)
         AND (?4 = 0 OR environment IS ?5)",
    );
    let count = count
        .bind(intention.at.minus(claim.rate.per()).millis())
        .bind(claim.of.as_ref().map(Name::as_str))
        .bind(service)
        .bind(environment)
        .bind(&target.environment);
    let count: i64 = count.fetch_one(writing.connection()).await?;
    Ok(count.unsigned_abs())
}

/// Notes an intention where the checks look for it.
async fn note(writing: &mut Writing<'_>, intention: &Intention, seq: u64) -> Result<(), Error> {
    let target = &intention.target;
    let insert = sqlx::query("INSERT INTO intention VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")
        .bind(&intention.key.0)
        .bind(seq.cast_signed())
        .bind(intention.decision.cell.0.cast_signed())
        .bind(intention.decision.to_string())
        .bind(intention.at.millis())
        .bind(&target.service)
        .bind(&target.environment)
        .bind(&target.cluster)
        .bind(intention.action.as_str())
        .bind(intention.kind.to_string())
        .bind(&intention.change.0)
        .bind(intention.kind.changes_target());
    insert.execute(writing.connection()).await?;
    Ok(())
}
