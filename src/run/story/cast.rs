//! The cast: everybody outside of backstop. It lives on when the process dies.

use std::sync::{Arc, RwLock};

use crate::config::ArgoCds;
use crate::decision::{Aim, Answer, Key, Order, Sight};
use crate::engine::{Effect, Engine, Event, Flight, Notice};
use crate::ledger::Record;
use crate::responder::object::{Got, Kept, Overtaken};
use crate::run::objects::{Whom, kept};
use crate::run::research::Research;
use crate::run::story::cluster::Cluster;
use crate::run::story::script::{Hand, Moment, Receiver, Step, is_played};
use crate::run::story::told::Told;
use crate::run::world::{Asked, Met, Supply, World};
use crate::signal::{Deaf, Object};
use crate::store::Store;
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
    /// The Argo CDs that backstop is told how to come to.
    pub(super) argocds: ArgoCds,
    /// The objects that targets are.
    cluster: Cluster,
}

/// Why nothing is sent to whom is not there.
const DOWN: &str = "no connection";

/// Why nobody knows what came of something.
const NO_ANSWER: &str = "no answer in time";

impl Cast {
    pub(super) fn new(told: Told) -> Self {
        Self {
            receiver: Receiver::Takes,
            dies_at: None,
            answers: Vec::new(),
            told,
            deaf: None,
            argocds: ArgoCds::default(),
            cluster: Cluster::default(),
        }
    }

    /// Somebody else than backstop does something to an object.
    pub(super) fn lay(&mut self, hand: &Hand, object: &Object, at: UnixMillis) {
        if !self.cluster.lay(hand, object, at) {
            self.told.line(&format!("{object}: that cannot be done to it as it is"));
        }
        self.tell_of_objects();
    }

    /// Whoever keeps objects as git says does what is to be done by now.
    pub(super) fn go_on(&mut self) {
        self.cluster.go_on();
        self.tell_of_objects();
    }

    fn tell_of_objects(&mut self) {
        for line in self.cluster.news() {
            self.told.line(&line);
        }
    }

    /// An object with what keeps it as far as that can be held, and all that has to be known of it.
    fn seen(&self, whom: Whom<'_>, cluster: Option<&str>) -> Result<(Kept, Got), String> {
        let object = whom.object();
        if self.receiver == Receiver::Down {
            return Err(DOWN.to_owned());
        }
        if !is_played(object.kind) {
            return Err(format!("stories do not play a {}", object.kind.word()));
        }
        let kept = kept(whom, self.argocds.of(cluster).is_ok())?;
        let got = self.cluster.got(&kept, object);
        Ok((kept, got))
    }

    /// Takes the step of a flight whose turn it is.
    fn step(&mut self, flight: &Flight, aim: &Aim) -> Answer {
        let cluster = flight.intention.target.cluster.as_deref();
        let (kept, got) = match self.seen(Whom::meant(aim), cluster) {
            Ok(seen) => seen,
            Err(why) => return Answer::Unsent { why },
        };
        let Some(name) = aim.steps.get(usize::from(flight.step)) else {
            return Answer::Unsent { why: "there is no such step".to_owned() };
        };
        let step = match kept.step(aim, *name, &got) {
            Ok(step) => step,
            Err(Overtaken(why)) => return Answer::Overtaken { why },
        };
        let lost = || Answer::Lost { why: NO_ANSWER.to_owned() };
        let (status, retry_after) = match self.receiver {
            Receiver::Down => return Answer::Unsent { why: DOWN.to_owned() },
            Receiver::Drops => return lost(),
            Receiver::Answers { status, retry_after } if !step.expect.contains(&status) => {
                (status, retry_after)
            }
            Receiver::Takes | Receiver::Loses | Receiver::Answers { .. } => (self.cluster.take(&step), None),
        };
        match status {
            _ if self.receiver == Receiver::Loses => lost(),
            _ if step.expect.contains(&status) => Answer::Accepted { status, excerpt: String::new() },
            _ if step.overtaken.contains(&status) => {
                Answer::Overtaken { why: format!("somebody else came first ({status})") }
            }
            _ => Answer::Rejected { status, excerpt: String::new(), retry_after },
        }
    }

    /// Sends a webhook.
    fn post(&self, flight: &Flight) -> Answer {
        let taken = |status| Answer::Accepted { status, excerpt: String::new() };
        match self.receiver {
            Receiver::Takes => taken(200),
            Receiver::Answers { status, .. } if expects(flight, status) => taken(status),
            Receiver::Answers { status, retry_after } => {
                Answer::Rejected { status, excerpt: String::new(), retry_after }
            }
            Receiver::Down => Answer::Unsent { why: DOWN.to_owned() },
            Receiver::Loses | Receiver::Drops => Answer::Lost { why: NO_ANSWER.to_owned() },
        }
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
            self.told.decides(*id, occasion, case);
        }
        Met::Perform(Box::new(effect))
    }

    fn send(&mut self, flight: &Flight, _: &Engine, attempt: u32, _: UnixMillis) {
        self.told.sent(flight, attempt);
        let answer = match &flight.intention.aim {
            Some(aim) => self.step(flight, aim),
            None => self.post(flight),
        };
        self.tell_of_objects();
        self.answers.push(Event::Answered { key: flight.intention.key.clone(), attempt, answer });
    }

    fn inquire(&mut self, research: Research, sent: &Arc<RwLock<Store>>) -> Option<Event> {
        let asks = research.source().is_some();
        Some(match self.deaf.filter(|(_, until)| asks && self.told.at < *until) {
            Some((deaf, _)) => research.without(&format!("the source {deaf}")),
            None => research.done_by(sent),
        })
    }

    fn survey(&mut self, key: Key, order: Order) {
        let seen = self.seen(Whom::of(&order), order.cluster.as_deref());
        let sight = seen.map_or_else(Sight::Unseen, |(kept, got)| kept.sighted(&order, &got));
        self.answers.push(Event::Surveyed { key, sight });
    }

    fn look(&mut self, flight: &Flight, at: UnixMillis) {
        let Some(aim) = &flight.intention.aim else { return };
        let key = flight.intention.key.clone();
        let seen = self.seen(Whom::meant(aim), flight.intention.target.cluster.as_deref());
        self.answers.push(match seen {
            Ok((kept, got)) => Event::Progressed { key, progress: kept.progress(aim, &got), at },
            Err(_) => Event::Unseen { key },
        });
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
        | Effect::Inquire(_)
        | Effect::Refuse { .. }
        | Effect::Switch { .. }
        | Effect::Tell(_) => None,
    }
}

/// Whether an action takes a status for a yes.
fn expects(flight: &Flight, status: u16) -> bool {
    let webhook = flight.action.as_deref().and_then(|action| action.deed.webhook());
    webhook.is_some_and(|webhook| webhook.expect.contains(&status))
}
