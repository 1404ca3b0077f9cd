//! A flight: an intention on its way, from the ledger to the receiver and back. One attempt is made at a time; every
//! further one goes through the guards and the ledger again.

use std::sync::Arc;

use crate::decision::{
    Action, Aim, Answer, Answers, Intention, Outcome, Progress, Ruling, Verification, Webhook, Wish,
};
use crate::gate::{Release, Standing};
use crate::unit::{Span, UnixMillis};

/// How long after the decision something may still be sent: evidence ages.
pub const EXPIRES: Span = Span::from_secs(300);

/// How long it may take until an action that was taken is seen to have worked.
pub const VERIFY_WITHIN: Span = Span::from_secs(300);

/// How long it is looked whether an attempt of unknown outcome worked, before it is made again.
pub const UNKNOWN_WITHIN: Span = Span::from_secs(60);

/// How much longer than its timeout the answer to an attempt may take to come here, before it is taken for lost.
pub const ANSWER_WITHIN: Span = Span::from_secs(60);
/// How much longer it is waited where nobody can see, since no samples come in.
pub(super) const UNSEEN_FOR: Span = Span::from_secs(180);

/// How long the answer to a step on an object may take.
pub const STEP_WITHIN: Span = Span::from_secs(10);

/// How far apart an object is looked at, to see how far it is.
pub(super) const LOOKED_EVERY: Span = Span::from_secs(2);

/// How many attempts are made at most.
pub const MOST_ATTEMPTS: u32 = 5;

/// How long to wait before each further attempt.
const WAITS: [Span; 4] = [Span::from_secs(2), Span::from_secs(10), Span::from_secs(30), Span::from_secs(60)];

/// An intention on its way.
#[derive(Debug, Clone)]
pub struct Flight {
    /// What is intended.
    pub intention: Intention,
    /// How it is done; nothing if the rules do not say so any more.
    pub action: Option<Arc<Action>>,
    /// What it was decided on: each attempt says that, whatever was seen since.
    pub grounds: Grounds,
    /// Which step is being taken, from 0; a webhook has one.
    pub step: u8,
    /// How far it is.
    pub state: State,
    /// Whether an attempt may have been taken that nobody knows of.
    pub(super) in_doubt: bool,
    /// Until when the answer to its last attempt may take, by the action that it was sent by.
    pub(super) answer_by: Option<UnixMillis>,
    /// When its object was looked at last, to see how far it is.
    pub(super) looked: Option<UnixMillis>,
    /// Why the texts of the attempt that is written down next cannot be filled.
    pub(super) unfilled: Option<String>,
}

/// What an intention was decided on.
#[derive(Debug, Clone, PartialEq)]
pub struct Grounds {
    /// Where its gate stood.
    pub standing: Standing,
    /// Where its release stood.
    pub release: Release,
    /// What was wished for.
    pub wish: Wish,
    /// What came of that.
    pub ruling: Ruling,
}

/// How far a flight is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is found out what its texts ask, before the ledger is asked for this attempt.
    Inquiring {
        /// The number of the attempt.
        attempt: u32,
        /// How long that may take; nothing while nobody was asked by the rules that are in force.
        until: Option<UnixMillis>,
    },
    /// The ledger is asked for this attempt.
    Journaling {
        /// The number of the attempt.
        attempt: u32,
    },
    /// The attempt is made, and nobody knows yet what came of it.
    Sent {
        /// The number of the attempt.
        attempt: u32,
    },
    /// It was taken: it is looked whether it worked.
    Taken {
        /// Until when.
        until: UnixMillis,
    },
    /// Nobody knows whether it was taken: it is looked whether it worked.
    Unknown {
        /// The number of the attempt.
        attempt: u32,
        /// Until when.
        until: UnixMillis,
    },
    /// It was not taken; the next attempt is made then.
    Resting {
        /// The number of the next attempt.
        next: u32,
        /// When.
        until: UnixMillis,
    },
}

/// What follows for a flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// It goes on in this state.
    Go(State),
    /// It goes on with the next step.
    Step {
        /// The number of the attempt.
        attempt: u32,
    },
    /// It ends.
    End(Outcome, String),
}

impl Next {
    /// It was taken, and nothing says how to see that it worked.
    fn taken() -> Self {
        Self::End(Outcome::Taken, "the receiver took it".to_owned())
    }

    /// Nobody knows whether it was, and nobody can see.
    fn unseeable() -> Self {
        let why = "nobody knows whether it was taken, and the action says no way to see it";
        Self::End(Outcome::Unverified, why.to_owned())
    }
}

impl Flight {
    /// An intention before its first attempt.
    pub(super) const fn new(intention: Intention, action: Option<Arc<Action>>, grounds: Grounds) -> Self {
        let state = State::Journaling { attempt: 1 };
        let (in_doubt, answer_by, looked, unfilled) = (false, None, None, None);
        Self { intention, action, grounds, step: 0, state, in_doubt, answer_by, looked, unfilled }
    }

    /// The attempt whose answer did not come, where it should have long since.
    pub(super) fn unanswered(&self, now: UnixMillis) -> Option<u32> {
        let State::Sent { attempt } = self.state else { return None };
        self.answer_by.filter(|by| *by < now).map(|_| attempt)
    }

    /// An attempt is made.
    pub(super) fn sent(&mut self, attempt: u32, now: UnixMillis) {
        let timeout = self.webhook().map_or(STEP_WITHIN, |webhook| webhook.timeout);
        self.state = State::Sent { attempt };
        self.answer_by = Some(now.plus(timeout).plus(ANSWER_WITHIN));
    }

    /// It is done as the rules say now, or not any more. What follows where nothing can be seen of it then.
    pub(super) fn redirect(&mut self, action: Option<Arc<Action>>) -> Option<Next> {
        self.action = action;
        if let State::Inquiring { until, .. } = &mut self.state {
            *until = None;
        }
        match self.state {
            _ if self.can_be_seen() => None,
            State::Taken { .. } => Some(Next::taken()),
            State::Unknown { .. } => Some(Next::unseeable()),
            State::Inquiring { .. }
            | State::Journaling { .. }
            | State::Sent { .. }
            | State::Resting { .. } => None,
        }
    }

    /// How it ended: what may have been taken, or is half done, is neither failed nor never sent, until somebody has looked.
    pub(super) const fn ended(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Failed | Outcome::Expired if self.in_doubt || 0 < self.step => Outcome::Unverified,
            Outcome::Taken | Outcome::Verified | Outcome::Unverified | Outcome::Failed | Outcome::Expired => {
                outcome
            }
        }
    }

    fn webhook(&self) -> Option<&Webhook> {
        self.action.as_deref()?.deed.webhook()
    }

    /// Whether there is a way to see that it worked.
    pub fn can_be_seen(&self) -> bool {
        self.is_on_an_object() || self.webhook().is_some_and(|webhook| webhook.verify.is_some())
    }

    /// Whether it is done to an object, which says by itself how far it is. That stays so whatever the rules say by now: the
    /// object is named in what was written down.
    pub const fn is_on_an_object(&self) -> bool {
        self.intention.aim.is_some()
    }

    /// It is done so from here on, from the first step; nothing: as it was to be.
    pub(super) fn go_for(&mut self, aim: Option<Box<Aim>>) {
        if aim.is_some() {
            (self.intention.aim, self.step) = (aim, 0);
        }
    }

    /// What its queries found is known from here on; nothing: as it was.
    pub(super) fn knows(&mut self, answers: Answers) {
        if !answers.is_empty() {
            self.intention.answers = answers;
        }
    }

    /// How many steps it has.
    fn steps(&self) -> usize {
        self.intention.aim.as_ref().map_or(1, |aim| aim.steps.len())
    }

    /// Whether its object is looked at now, to see how far it is.
    pub(super) fn looks(&mut self, now: UnixMillis) -> bool {
        let looks = self.looked.is_none_or(|last| last.plus(LOOKED_EVERY) <= now);
        if looks {
            self.looked = Some(now);
        }
        looks
    }

    /// What follows from an answer.
    pub(super) fn answered(&mut self, attempt: u32, answer: &Answer, now: UnixMillis) -> Next {
        match answer {
            Answer::Accepted { .. } if usize::from(self.step) + 1 < self.steps() => Next::Step { attempt },
            Answer::Accepted { .. } if self.can_be_seen() => {
                Next::Go(State::Taken { until: now.plus(VERIFY_WITHIN) })
            }
            Answer::Accepted { .. } => Next::taken(),
            Answer::Lost { .. } => self.unknown(attempt, now),
            Answer::Rejected { status, retry_after, .. } => {
                self.again(attempt, *retry_after, now, &format!("the receiver answered {status}"))
            }
            Answer::Unsent { why } => self.again(attempt, None, now, why),
            Answer::Overtaken { why } if 0 < self.step => {
                let why = format!("half of it was done, and then somebody else changed its object: {why}");
                Next::End(Outcome::Unverified, why)
            }
            // Nothing was done, and what is there now is looked at before anything is done again.
            Answer::Overtaken { why } => self.again(attempt, Some(Span::ZERO), now, why),
        }
    }

    /// What follows where nobody knows what came of an attempt.
    pub(super) fn unknown(&mut self, attempt: u32, now: UnixMillis) -> Next {
        self.in_doubt = true;
        if self.can_be_seen() {
            return Next::Go(State::Unknown { attempt, until: now.plus(UNKNOWN_WITHIN) });
        }
        Next::unseeable()
    }

    /// What follows from looking whether it worked, as of some moment: what was seen before something was intended says
    /// nothing about it, and that it did not happen is only known as of when it should have.
    pub(super) fn seen(&self, holds: bool, at: UnixMillis, now: UnixMillis) -> Option<Next> {
        match self.state {
            State::Taken { .. } | State::Unknown { .. } if holds && self.intention.at < at => {
                Some(Next::End(Outcome::Verified, "it is seen to have worked".to_owned()))
            }
            State::Taken { until } if until <= at => Some(Next::End(
                Outcome::Unverified,
                format!("it was taken, but was not seen to have worked within {VERIFY_WITHIN}"),
            )),
            // It is seen not to have happened, so making it again is not blind; the key is the same all the same.
            State::Unknown { attempt, until } if until <= at => {
                Some(self.again(attempt, Some(Span::ZERO), now, "it was not seen to have happened"))
            }
            State::Taken { .. }
            | State::Unknown { .. }
            | State::Inquiring { .. }
            | State::Journaling { .. }
            | State::Sent { .. }
            | State::Resting { .. } => None,
        }
    }

    /// What follows from looking at its object, as of some moment.
    pub(super) fn progressed(
        &mut self,
        progress: &Progress,
        at: UnixMillis,
        now: UnixMillis,
    ) -> Option<Next> {
        let taken = self.steps() <= progress.taken;
        if let (State::Taken { .. } | State::Unknown { .. }, Some(why)) = (self.state, &progress.otherwise) {
            return Some(Next::End(Outcome::Unverified, format!("somebody else changed its object: {why}")));
        }
        match self.state {
            State::Taken { .. } if !taken => Some(Next::End(
                Outcome::Unverified,
                "it was done, and then taken back by somebody else".to_owned(),
            )),
            State::Unknown { .. } if taken && !progress.holds => {
                Some(Next::Go(State::Taken { until: now.plus(VERIFY_WITHIN) }))
            }
            // A look is of what is there, so it need not be waited for that something comes in.
            State::Unknown { attempt, .. } if !taken => {
                // It goes on with the first step that is not taken.
                self.step = u8::try_from(progress.taken).unwrap_or(u8::MAX);
                Some(self.again(attempt, Some(Span::ZERO), now, "it was not seen to have happened"))
            }
            State::Taken { .. }
            | State::Unknown { .. }
            | State::Inquiring { .. }
            | State::Journaling { .. }
            | State::Sent { .. }
            | State::Resting { .. } => self.seen(taken && progress.holds, at, now),
        }
    }

    /// It is looked at its object again before anything is attempted, since nobody could.
    pub(super) fn rests(next: u32, now: UnixMillis) -> State {
        let index = usize::try_from(next).unwrap_or(usize::MAX).saturating_sub(1);
        State::Resting { next, until: now.plus(WAITS[index.min(WAITS.len() - 1)]) }
    }

    /// What follows where nobody can see whether it worked. Not seeing is not seeing that it did not happen: nothing is
    /// made again for it.
    pub(super) fn unseen(&self, now: UnixMillis) -> Option<Next> {
        let (State::Taken { until } | State::Unknown { until, .. }) = self.state else { return None };
        let why = match self.state {
            State::Taken { .. } => "it was taken",
            State::Unknown { .. } => "nobody knows whether it was taken",
            State::Inquiring { .. }
            | State::Journaling { .. }
            | State::Sent { .. }
            | State::Resting { .. } => return None,
        };
        let nothing = match self.webhook().and_then(|webhook| webhook.verify.as_ref()) {
            _ if self.is_on_an_object() => "nobody could look at its object to see whether it worked",
            Some(Verification::Url(_)) => "the address of its `verify` did not say whether it worked",
            Some(Verification::Expr(_)) | None => "no samples came in to see whether it worked",
        };
        (until.plus(UNSEEN_FOR) <= now)
            .then(|| Next::End(Outcome::Unverified, format!("{why}, and {nothing}")))
    }

    fn again(&self, attempt: u32, wait: Option<Span>, now: UnixMillis, why: &str) -> Next {
        let index = usize::try_from(attempt).unwrap_or(usize::MAX).saturating_sub(1);
        let until = now.plus(wait.unwrap_or(WAITS[index.min(WAITS.len() - 1)]));
        if MOST_ATTEMPTS <= attempt {
            return Next::End(Outcome::Failed, format!("{why}; {attempt} attempts are the most"));
        }
        if self.intention.expires < until {
            return Next::End(
                Outcome::Expired,
                format!("{why}, and {EXPIRES} after the decision nothing is sent any more"),
            );
        }
        Next::Go(State::Resting { next: attempt + 1, until })
    }
}
