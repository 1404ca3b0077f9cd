//! The cast: everybody outside of backstop. It lives on when the process dies.

use crate::decision::Answer;
use crate::engine::{Effect, Engine, Event, Flight, Notice};
use crate::ledger::Record;
use crate::run::story::script::{Moment, Receiver, Step};
use crate::run::story::told::Told;
use crate::run::world::{Asked, Met, Supply, World};
use crate::signal::Deaf;
use crate::unit::UnixMillis;

/// Everybody outside of backstop.
pub(super) struct Cast {
    pub(super) receiver: Receiver,
    /// Before which step the process dies next.
    pub(super) dies_at: Option<Step>,
    /// Answers that are on their way.
    pub(super) answers: Vec<Event>,
    pub(super) told: Told,
    /// Why the source that is asked does not answer, and until when.
    pub(super) deaf: Option<(Deaf, Moment)>,
}

impl Cast {
    pub(super) const fn new(told: Told) -> Self {
        Self { receiver: Receiver::Takes, dies_at: None, answers: Vec::new(), told, deaf: None }
    }
}

impl World for Cast {
    fn meet(&mut self, effect: Effect) -> Met {
        let step = step(&effect);
        if step.is_some() && step == self.dies_at {
            self.dies_at = None;
            return Met::Died;
        }
        if let Effect::Write(_, Record::Decided { id, case, occasion, .. }) = &effect {
            self.told.decides(*id, occasion, &case.wish);
        }
        Met::Perform(Box::new(effect))
    }

    fn send(&mut self, flight: &Flight, _: &Engine, attempt: u32, _: UnixMillis) {
        let taken = |status| Answer::Accepted { status, excerpt: String::new() };
        let answer = match self.receiver {
            Receiver::Takes => taken(200),
            Receiver::Answers { status, .. } if expects(flight, status) => taken(status),
            Receiver::Answers { status, retry_after } => {
                Answer::Rejected { status, excerpt: String::new(), retry_after }
            }
            Receiver::Down => Answer::Unsent { why: "no connection".to_owned() },
            Receiver::Loses | Receiver::Drops => Answer::Lost { why: "no answer in time".to_owned() },
        };
        self.told.sent(&flight.intention, attempt);
        self.answers.push(Event::Answered { key: flight.intention.key.clone(), attempt, answer });
    }

    /// What is sent to the stage is what every source knows.
    fn supply(&mut self, _: &Asked<'_>, _: &Engine) -> Supply {
        match self.deaf {
            Some((deaf, until)) if self.told.at < until => Supply::Not(Some(deaf)),
            Some(_) | None => Supply::Sent,
        }
    }

    fn tell(&mut self, notice: &Notice, engine: &Engine) {
        self.told.notice(notice, engine);
    }
}

/// Which step of an action an effect is.
const fn step(effect: &Effect) -> Option<Step> {
    match effect {
        Effect::Intend(_) | Effect::Retry { .. } => Some(Step::Journal),
        Effect::Send { .. } => Some(Step::Send),
        Effect::Write(_, Record::Answered { .. }) => Some(Step::Answer),
        Effect::Close { .. } => Some(Step::Close),
        Effect::Write(..)
        | Effect::Ask(_)
        | Effect::Verify { .. }
        | Effect::Survey { .. }
        | Effect::Switch { .. }
        | Effect::Tell(_) => None,
    }
}

/// Whether an action takes a status for a yes.
fn expects(flight: &Flight, status: u16) -> bool {
    let webhook = flight.action.as_deref().and_then(|action| action.deed.webhook());
    webhook.is_some_and(|webhook| webhook.expect.contains(&status))
}
