//! The world of a service: webhooks go out, and people read a log.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;

use crate::config::SecretError;
use crate::decision::{Action, Answer, CellId, Course, Deed, Matter, Outcome, Webhook, fill};
use crate::engine::{Cell, Effect, Engine, Event, Flight, Notice};
use crate::ledger::prospects;
use crate::responder::{self, Message, Request, Responder, SigningKey};
use crate::run::control::{Command, Line};
use crate::run::counting::{Counted, Counting};
use crate::run::evaluators::Evaluators;
use crate::run::front::Tally;
use crate::run::mirror::Mirrors;
use crate::run::set::InForce;
use crate::run::spans::span;
use crate::run::world::{Asked, Met, Supply, World};
use crate::signal::Deaf;
use crate::surface::events;
use crate::unit::{Confidence, Name, Span, UnixMillis};

/// The world of a service.
pub(crate) struct Outside {
    pub(crate) line: Line,
    pub(crate) handle: Handle,
    pub(crate) responder: Responder,
    /// Where secrets are, by the rules that are in force.
    pub(crate) in_force: InForce,
    pub(crate) tally: Arc<Tally>,
    /// Whoever wants to hear of everything as it happens.
    pub(crate) listener: Option<UnboundedSender<Notice>>,
    pub(crate) mirrors: Arc<Mutex<Mirrors>>,
    pub(crate) evaluators: Evaluators,
}

impl World for Outside {
    fn meet(&mut self, effect: Effect) -> Met {
        self.tally.board.meet(&effect);
        Met::Perform(Box::new(effect))
    }

    fn took(&mut self, cell: CellId, took: Duration) {
        self.tally.board.took(cell, took);
    }

    fn send(&mut self, flight: &Flight, engine: &Engine, attempt: u32, now: UnixMillis) {
        self.tally.attempts.fetch_add(1, Ordering::Relaxed);
        let (line, key) = (self.line.clone(), flight.intention.key.clone());
        let answered = move |answer| {
            let event = Event::Answered { key, attempt, answer };
            if line.say(Command::Happen(Box::new(event))).is_err() {
                tracing::error!(
                    "an answer was dropped: the queue is full; it will be verified after a restart"
                );
            }
        };
        let request = match self.request(flight, engine) {
            Ok(request) => request,
            Err(why) => return answered(Answer::Unsent { why }),
        };
        let responder = self.responder.clone();
        self.handle.spawn(async move { answered(responder.attempt(&request, now).await) });
    }

    fn supply(&mut self, asked: &Asked<'_>, engine: &Engine) -> Supply {
        self.mirrors().supply(asked, engine)
    }

    fn supplied(&mut self) {
        self.mirrors().flush();
    }

    fn count(&mut self, counting: Counting) -> Option<Counted> {
        self.evaluators.count(counting);
        None
    }

    fn counted(&mut self) -> Vec<Counted> {
        self.evaluators.counted()
    }

    fn wakes(&self) -> bool {
        true
    }

    fn woken(&mut self) -> Vec<CellId> {
        self.mirrors().woken()
    }

    fn timed(&mut self, late: Span, cut: Option<Deaf>) {
        self.tally.timed(late, cut);
    }

    fn sweep(&mut self, engine: &Engine) {
        self.tally.board.fill(engine);
        self.mirrors().sweep(engine);
    }

    fn tell(&mut self, notice: &Notice, engine: &Engine) {
        self.note(notice);
        log(notice, engine);
        let now = self.tally.now();
        let took = self.tally.board.tell(notice, engine, now);
        if let Some(exporter) = &self.tally.exporter
            && let Some(span) = span(notice, engine, (now, took))
        {
            exporter.export(span);
        }
        let data = || serde_json::to_string(&events::shown(notice, engine, now)).unwrap_or_default();
        self.tally.listeners.tell(events::kind(notice), data);
        if let Some(listener) = &self.listener {
            // Whoever stopped listening is told nothing more.
            if listener.send(notice.clone()).is_err() {
                self.listener = None;
            }
        }
    }
}

impl Outside {
    fn mirrors(&self) -> MutexGuard<'_, Mirrors> {
        self.mirrors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self, flight: &Flight, engine: &Engine) -> Result<Request, String> {
        let action = flight.action.as_deref().ok_or("the rules do not say any more how it is done")?;
        let Deed::Send(webhook) = &action.deed else {
            return Err("there is no adapter for it yet".to_owned());
        };
        let cell =
            engine.cell(flight.intention.decision.cell).ok_or("its gate is not in the rules any more")?;
        let message = message(flight, engine, cell);
        let matter = matter(&message, cell, action);
        let body = match &webhook.body {
            Some(body) => fill(body, &matter)
                .map_err(|fault| format!("its body cannot be filled: {fault}"))
                .map(responder::json)?,
            None => message.body(),
        };
        let body = body.map_err(|error| error.to_string())?;
        let filled = webhook.url.filled(&matter, true);
        let url = filled.map_err(|fault| format!("its address cannot be filled: {fault}"))?;
        let signing =
            webhook.sign.iter().map(|name| self.signing_key(name)).collect::<Result<_, String>>()?;
        let bearer = webhook.bearer.as_ref().map(|name| self.secret(name)).transpose()?;
        let Webhook { method, headers, expect, timeout, .. } = &**webhook;
        Ok(Request {
            url,
            method: *method,
            headers: headers.clone(),
            body,
            signing,
            bearer,
            expect: expect.clone(),
            timeout: *timeout,
            key: flight.intention.key.clone(),
        })
    }

    /// Secrets are read when they are used, so one that was changed is the new one from then on.
    fn secret(&self, name: &Name) -> Result<crate::unit::Secret, String> {
        let set = self.in_force.now();
        let secret = set.server.secrets.get(name).ok_or_else(|| format!("there is no secret `{name}`"))?;
        secret.read().map_err(|error: SecretError| error.to_string())
    }

    fn signing_key(&self, name: &Name) -> Result<SigningKey, String> {
        SigningKey::parse(&self.secret(name)?)
            .map_err(|error| format!("the secret `{name}` signs nothing: {error}"))
    }

    fn note(&self, notice: &Notice) {
        let counter = match notice {
            Notice::Looked(..) => &self.tally.looks,
            Notice::Decided(_, Course::Act) => &self.tally.decisions[0],
            Notice::Decided(_, Course::Ask) => &self.tally.decisions[1],
            Notice::Decided(_, Course::Hold) => &self.tally.decisions[2],
            Notice::Closed(_, Outcome::Unverified | Outcome::Failed | Outcome::Expired, _) => {
                &self.tally.failures
            }
            Notice::Closed(_, Outcome::Taken | Outcome::Verified, _)
            | Notice::Awaited(_)
            | Notice::Began(..)
            | Notice::Refused(..)
            | Notice::Sent(..)
            | Notice::Answered(..)
            | Notice::Ended(..)
            | Notice::Withdrawn { .. }
            | Notice::Reloaded { .. } => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

fn message(flight: &Flight, engine: &Engine, cell: &Cell) -> Message {
    let (intention, change, standing) = (&flight.intention, &cell.change, &flight.standing);
    let release = &flight.release;
    let gate = engine.program().watches[cell.watch].gate.name.clone();
    // What is surer than a float can say is still not certain.
    let confidence = Confidence::new(release.confidence().min(1.0 - f64::EPSILON / 2.0)).ok();
    let sure = confidence.map(|sure| format!(" with confidence {:.4}", sure.share())).unwrap_or_default();
    let headline = format!(
        "{} {}: gate {gate} says {}{sure} about {} {}",
        intention.kind.verb(),
        intention.target,
        standing.verdict,
        change.kind.word(),
        change.version
    );
    Message {
        event: responder::Event::ActionRequested,
        at: intention.at,
        key: intention.key.clone(),
        decision: intention.decision,
        action: intention.action.clone(),
        kind: intention.kind,
        target: intention.target.clone(),
        change: change.id.clone(),
        version: change.version.clone(),
        previous: change.previous.clone(),
        gate,
        verdict: standing.verdict.word().to_owned(),
        confidence,
        headline,
    }
}

/// What the texts of an action are filled from: what the fixed body says, and what its rule says of it.
fn matter(message: &Message, cell: &Cell, action: &Action) -> Matter {
    let target = message.target.clone();
    Matter {
        service: target.service,
        environment: target.environment.unwrap_or_default(),
        cluster: target.cluster.unwrap_or_default(),
        change: message.change.0.clone(),
        change_kind: cell.change.kind.word().to_owned(),
        version: message.version.clone(),
        previous: message.previous.clone().unwrap_or_default(),
        action: message.action.to_string(),
        kind: message.kind.to_string(),
        gate: message.gate.to_string(),
        verdict: message.verdict.clone(),
        confidence: message.confidence.map(Confidence::share),
        key: message.key.0.clone(),
        runbook: action.runbook.clone().unwrap_or_default(),
        owner: action.owner.clone().unwrap_or_default(),
        decision: message.decision.to_string(),
        headline: message.headline.clone(),
    }
}

/// The log: looks are too many for it, everything else is a line.
fn log(notice: &Notice, engine: &Engine) {
    let gate = |id| {
        engine.cell(id).map(|cell| {
            (engine.program().watches[cell.watch].gate.name.to_string(), cell.change.id.0.clone())
        })
    };
    match notice {
        Notice::Awaited(id) => tracing::info!(cell = %id, gate = ?gate(*id), "waits for traffic"),
        Notice::Began(id, from) => {
            tracing::info!(cell = %id, gate = ?gate(*id), %from, "looks");
            let trial = engine.cell(*id).and_then(|cell| Some((cell.trial()?, cell.every())));
            for prospect in trial.map(|(trial, every)| prospects(trial, every)).unwrap_or_default() {
                let (check, words) = (&prospect.check, prospect.words());
                if prospect.in_vain {
                    tracing::warn!(cell = %id, %check, "neither a doubling nor a pass can be proved in the looks planned: {words}");
                } else {
                    tracing::info!(cell = %id, %check, "{words}");
                }
            }
        }
        Notice::Looked(id, standing) => {
            tracing::debug!(cell = %id, look = standing.looks, verdict = %standing.verdict, "looked");
        }
        Notice::Decided(id, course) => {
            tracing::info!(decision = %id, gate = ?gate(id.cell), %course, "decided");
        }
        Notice::Refused(key, why) => tracing::warn!(%key, %why, "the ledger refused"),
        Notice::Sent(key, attempt) => tracing::info!(%key, attempt, "sent"),
        Notice::Answered(key, attempt, answer) => tracing::info!(%key, attempt, ?answer, "answered"),
        Notice::Closed(key, outcome @ (Outcome::Taken | Outcome::Verified), why) => {
            tracing::info!(%key, ?outcome, why, "done");
        }
        Notice::Closed(key, outcome, why) => {
            tracing::error!(%key, ?outcome, why, "a person has to look at this action");
        }
        Notice::Ended(id, why, standing) => {
            tracing::info!(cell = %id, gate = ?gate(*id), ?why, verdict = %standing.verdict, "ends");
        }
        Notice::Withdrawn { cell, gate, change, target, standing } => {
            let (change, verdict) = (&change.0, standing.verdict);
            tracing::warn!(%cell, %gate, change, %target, %verdict, "ends, as the rules say otherwise now");
        }
        Notice::Reloaded { config, withdrawn } => {
            let gates = engine.program().watches.len();
            tracing::info!(config, gates, withdrawn, "other rules are in force");
        }
    }
}
