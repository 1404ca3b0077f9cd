//! The world of a service: webhooks go out, and people read a log.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;

use crate::decision::{
    Answer, CellId, Claimant, Course, Incident, Key, Order, Outcome, Recovery, Refusal, Turn,
};
use crate::engine::{Effect, Engine, Event, Flight, Notice};
use crate::ledger::{prospects, recovery_words};
use crate::responder;
use crate::run::control::{Command, Line};
use crate::run::counting::{Counted, Counting};
use crate::run::evaluators::Evaluators;
use crate::run::front::Tally;
use crate::run::mirror::Mirrors;
use crate::run::objects::Objects;
use crate::run::requests::Requests;
use crate::run::research::Research;
use crate::run::researchers::{Ask, Researchers};
use crate::run::spans::span;
use crate::run::switch::Stop;
use crate::run::world::{Asked, Met, Supply, World};
use crate::signal::{Deaf, TargetKey};
use crate::store::Store;
use crate::surface::events;
use crate::unit::{Span, UnixMillis};

/// How far apart the address of an action's `verify` is asked.
const LOOKED_EVERY: Span = Span::from_secs(5);

/// The world of a service.
pub(crate) struct Outside {
    pub(crate) line: Line,
    pub(crate) handle: Handle,
    pub(crate) requests: Requests,
    /// When the address of an action's `verify` is asked again, at the earliest.
    pub(crate) looks: BTreeMap<Key, UnixMillis>,
    pub(crate) tally: Arc<Tally>,
    /// Whoever wants to hear of everything as it happens.
    pub(crate) listener: Option<UnboundedSender<Notice>>,
    pub(crate) mirrors: Arc<Mutex<Mirrors>>,
    pub(crate) evaluators: Evaluators,
    /// The kill switch.
    pub(crate) stop: Stop,
    pub(crate) objects: Objects,
    pub(crate) researchers: Researchers,
}

impl World for Outside {
    fn meet(&mut self, effect: Effect) -> Met {
        self.tally.board.meet(&effect);
        Met::Perform(Box::new(effect))
    }

    fn forbids(&self, service: &str) -> Option<Refusal> {
        self.stop.against(service)
    }

    fn switched(&mut self, turn: &Turn) {
        self.stop.settled(turn);
    }

    fn took(&mut self, cell: CellId, took: Duration) {
        self.tally.board.took(cell, took);
    }

    fn send(&mut self, flight: &Flight, engine: &Engine, attempt: u32, now: UnixMillis) {
        self.tally.attempts.fetch_add(1, Ordering::Relaxed);
        if flight.is_on_an_object() {
            let stop = self.stop_of(flight.intention.target.service.clone());
            return self.objects.take(flight, attempt, stop);
        }
        let (line, key) = (self.line.clone(), flight.intention.key.clone());
        let answered = move |answer| {
            let event = Event::Answered { key, attempt, answer };
            if line.say(Command::Happen(Box::new(event))).is_err() {
                tracing::error!(
                    "an answer was dropped: the queue is full; it will be verified after a restart"
                );
            }
        };
        let stop = self.stop_of(flight.intention.target.service.clone());
        let request = match self.requests.of(flight, engine, stop) {
            Ok(request) => request,
            Err(why) => return answered(Answer::Unsent { why }),
        };
        let responder = self.requests.responder.clone();
        self.handle.spawn(async move { answered(responder.attempt(&request, now).await) });
    }

    fn look_at(&mut self, flight: &Flight, engine: &Engine, now: UnixMillis) -> Option<Event> {
        let key = flight.intention.key.clone();
        if self.looks.get(&key).is_some_and(|next| now < *next) {
            return None;
        }
        let (request, says) = match self.requests.look(flight, engine) {
            Ok(look) => look,
            Err(why) => {
                tracing::warn!(%key, why, "nobody can be asked whether it worked");
                self.looks.insert(key.clone(), now.plus(LOOKED_EVERY));
                return Some(Event::Unseen { key });
            }
        };
        // One at a time.
        self.looks.insert(key.clone(), now.plus(LOOKED_EVERY.max(request.timeout)));
        let (line, responder) = (self.line.clone(), self.requests.responder.clone());
        self.handle.spawn(async move {
            let seen = responder.look(&request, says.as_deref(), now).await;
            tracing::debug!(%key, ?seen, "asked whether it worked");
            let event = match seen {
                Ok(holds) => Event::Verified { key, holds, at: now },
                Err(_) => Event::Unseen { key },
            };
            // What is dropped is asked again.
            line.say(Command::Happen(Box::new(event))).ok();
        });
        None
    }

    fn external_url(&self) -> Option<String> {
        self.requests.external_url()
    }

    fn inquire(&mut self, research: Research, sent: &Arc<RwLock<Store>>) -> Option<Event> {
        let ask = match research.source().cloned().map(|name| (self.mirrors().source(&name), name)) {
            None => Ask::Sent(Arc::clone(sent)),
            Some((Some(prometheus), name)) => Ask::Source(name, Box::new(prometheus)),
            Some((None, name)) => {
                return Some(research.without(&format!("the source `{name}` cannot be asked")));
            }
        };
        self.researchers.begin(research, ask);
        None
    }

    fn survey(&mut self, key: Key, order: Order) {
        self.objects.survey(key, order);
    }

    fn look(&mut self, flight: &Flight, now: UnixMillis) {
        self.objects.look(flight, now);
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
        self.looks.retain(|key, _| engine.flight(key).is_some());
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

    /// What is asked about a service at the last moment.
    fn stop_of(&self, service: String) -> responder::Stop {
        let stop = self.stop.clone();
        Arc::new(move || stop.against(&service).map(|why| why.to_string()))
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
            | Notice::Reloaded { .. }
            | Notice::Recovery(..)
            | Notice::Alerted(_) => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
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
        Notice::Refused(key, why) => tracing::warn!(%key, %why, "not done"),
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
        Notice::Alerted(incident) => log_alert(incident),
        Notice::Recovery(id, recovery @ Recovery::Unrecovered { .. }) => {
            tracing::error!(cell = %id, gate = ?gate(*id), "{}", recovery_words(recovery));
        }
        Notice::Recovery(id, recovery) => {
            tracing::info!(cell = %id, gate = ?gate(*id), "{}", recovery_words(recovery));
        }
    }
}

/// Likewise of an alert.
fn log_alert(incident: &Incident) {
    let Incident { alert, of, by, resolved, .. } = incident;
    let (name, fingerprint) = (alert.name(), &alert.fingerprint.0);
    match (resolved, of) {
        (Some(_), _) => tracing::info!(name, fingerprint, by, "an alert is resolved"),
        (None, Claimant::Target(target)) => {
            tracing::info!(name, fingerprint, %target, by, "an alert fires");
        }
        // Somebody's Alertmanager may tell of all that it has: the figures and `/v1/incidents` tell of these.
        (None, Claimant::Nobody) => {
            tracing::debug!(name, fingerprint, by, "an alert fires that is no target's: no `alerts` fit it");
        }
        (None, Claimant::Several(targets)) => {
            let targets = claimants(targets);
            tracing::warn!(name, fingerprint, targets, by, "an alert fires that could be of several targets");
        }
    }
}

/// How many of several targets are named.
const MOST_NAMED: usize = 5;

fn claimants(targets: &[TargetKey]) -> String {
    let named: Vec<String> = targets.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    let more = targets.len().saturating_sub(MOST_NAMED);
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}
