//! What the routes are answered with: the engine's thread, the store and the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::body::Bytes;
use serde_json::Value;

use crate::archive::Reader;
use crate::decision::{Announced, DecisionId, Switches, Turn};
use crate::engine::{Agreement, NotAsked, Outcomes, Said};
use crate::ledger::Episode;
use crate::run::board::Board;
use crate::run::clock;
use crate::run::control::{Command, Line};
use crate::run::export::Exporter;
use crate::run::mirror::Mirrors;
use crate::run::queries::Queries;
use crate::run::reload::{By, Came, Reloader};
use crate::run::reloads::Reloads;
use crate::run::set::InForce;
use crate::run::switch::Stop;
use crate::signal::{Change, Deaf, Notification};
use crate::source::remote_write::{self, ParseError};
use crate::store::{Appended, Store};
use crate::surface::decisions;
use crate::surface::http::{
    Asked, Counters, Desk, Listeners, NotFrozen, NotReloaded, NotSwitched, Pending, Recorded, Refused,
    Reloaded, Unavailable, WriteError,
};
use crate::surface::metrics::{Figures, rendered};
use crate::surface::watching::Chosen;
use crate::unit::{Name, Span, UnixMillis, nearest};

/// How many services are listed to whoever names none that is known.
const MOST_LISTED: usize = 12;

/// Answers the routes.
pub(crate) struct Front {
    pub(crate) line: Line,
    pub(crate) store: Arc<RwLock<Store>>,
    /// Reads the ledger beside the engine, which alone writes it.
    pub(crate) ledger: Reader,
    pub(crate) ready: Arc<AtomicBool>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) tally: Arc<Tally>,
    pub(crate) queries: Queries,
    /// Reads the rules again; nobody does where they were made up.
    pub(crate) reloader: Option<Arc<Reloader>>,
    /// What is held of each source.
    pub(crate) mirrors: Arc<Mutex<Mirrors>>,
    /// The kill switch.
    pub(crate) stop: Stop,
    /// What is in force.
    pub(crate) in_force: InForce,
}

/// What is counted for whoever watches the watcher.
pub(crate) struct Tally {
    /// Where each gate stands.
    pub(crate) board: Board,
    /// Whoever hears of things as they happen.
    pub(crate) listeners: Arc<Listeners>,
    /// The way out for spans.
    pub(crate) exporter: Option<Exporter>,
    /// By how many milliseconds the time that the engine lives in is ahead of the wall clock, while that is doubted.
    pub(crate) lead: AtomicI64,
    /// Looks that were taken.
    pub(crate) looks: AtomicU64,
    /// Decisions, by their course: act, ask, hold.
    pub(crate) decisions: [AtomicU64; 3],
    /// Attempts that were made.
    pub(crate) attempts: AtomicU64,
    /// Actions that ended in a way that a person has to look at.
    pub(crate) failures: AtomicU64,
    /// Looks that were cut, as a source did not answer in time, by why.
    pub(crate) cut: [AtomicU64; Deaf::ALL.len()],
    /// How often the engine was built again from the ledger, because that could not be written.
    pub(crate) restarts: AtomicU64,
    /// Turns of the engine's thread: as long as they grow, it lives.
    pub(crate) beats: AtomicU64,
    /// What became of reading the rules again.
    pub(crate) reloads: Reloads,
    /// What became of alerts.
    pub(crate) alerts: Alerts,
}

/// What became of alerts.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    /// Alerts, by what became of them, in the order of [`Outcomes::each`].
    outcomes: [AtomicU64; 6],
    /// Notifications that were not read.
    refused: AtomicU64,
    /// Incidents that are open.
    pub(crate) open: AtomicU64,
}

impl Alerts {
    /// Alerts were told of.
    pub(crate) fn heard(&self, outcomes: &Outcomes) {
        for (counter, (_, count)) in self.outcomes.iter().zip(outcomes.each()) {
            counter.fetch_add(count, Ordering::Relaxed);
        }
    }

    fn figures(&self) -> BTreeMap<&'static str, u64> {
        let words = Outcomes::default().each().map(|(word, _)| word);
        let heard = words.into_iter().zip(&self.outcomes).chain([("refused", &self.refused)]);
        heard.map(|(word, counter)| (word, counter.load(Ordering::Relaxed))).collect()
    }
}

impl Tally {
    /// Nothing was counted yet.
    pub(crate) fn new(exporter: Option<Exporter>) -> Self {
        Self {
            exporter,
            board: Board::default(),
            listeners: Arc::new(Listeners::new(clock::now().millis())),
            lead: AtomicI64::default(),
            looks: AtomicU64::default(),
            decisions: Default::default(),
            attempts: AtomicU64::default(),
            failures: AtomicU64::default(),
            cut: Default::default(),
            restarts: AtomicU64::default(),
            beats: AtomicU64::default(),
            reloads: Reloads::default(),
            alerts: Alerts::default(),
        }
    }

    /// How many looks were cut, by why.
    fn cut(&self) -> BTreeMap<&'static str, u64> {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Deaf::ALL.iter().zip(&self.cut).map(|(deaf, counter)| (deaf.word(), read(counter))).collect()
    }

    /// A look was taken, or cut, so long after it could have been.
    pub(crate) fn timed(&self, late: Span, cut: Option<Deaf>) {
        self.board.timed(late);
        let place = cut.and_then(|deaf| Deaf::ALL.iter().position(|known| *known == deaf));
        if let Some(counter) = place.and_then(|place| self.cut.get(place)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The time that the engine lives in.
    pub(crate) fn now(&self) -> UnixMillis {
        UnixMillis::new(clock::now().millis().saturating_add(self.lead.load(Ordering::Relaxed)))
    }
}

impl Front {
    /// Whether a service is one that is known, and no file holds what is to be lifted.
    fn may_turn(&self, turn: &Turn) -> Result<(), NotSwitched> {
        let (set, now) = (self.in_force.now(), self.stop.now());
        if let Some(service) = &turn.service {
            let known: BTreeSet<&str> =
                set.rules.program.targets.iter().map(|target| target.service.as_str()).collect();
            // What is off has to be on again also where it is no target any more.
            if !known.contains(service.as_str()) && now.service(service).is_none() {
                let help = match nearest(service, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("what is known here: {}", listed(&known)),
                };
                return Err(NotSwitched::Unknown { service: service.clone(), help });
            }
        }
        match now.by_file().get(&turn.service) {
            Some(why) if turn.off.is_none() => {
                let path = set.server.switch_file.clone().unwrap_or_default();
                Err(NotSwitched::Held { path, why: why.clone() })
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The first of many names, and how many more there are.
fn listed(names: &BTreeSet<&str>) -> String {
    let some: Vec<String> = names.iter().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST_LISTED) {
        _ if names.is_empty() => "no service, as there is no target".to_owned(),
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}

impl Desk for Front {
    fn now(&self) -> UnixMillis {
        self.tally.now()
    }

    fn record_change(&self, change: Change) -> Pending<'_, Result<Recorded, Unavailable>> {
        Box::pin(self.line.ask(move |reply| Command::Change(Box::new(change), reply)))
    }

    fn record_alerts(&self, told: Notification) -> Pending<'_, Result<Outcomes, Unavailable>> {
        Box::pin(self.line.ask(move |reply| Command::Alerts(Box::new(told), reply)))
    }

    fn refuse_alerts(&self) {
        self.tally.alerts.refused.fetch_add(1, Ordering::Relaxed);
    }

    fn incidents(&self, limit: usize) -> Pending<'_, Result<Value, Unavailable>> {
        Box::pin(self.line.ask(move |reply| Command::Incidents(limit, reply)))
    }

    fn changes(&self, limit: usize) -> Pending<'_, Result<Vec<Value>, Unavailable>> {
        Box::pin(self.line.ask(move |reply| Command::Changes(limit, reply)))
    }

    fn gates(&self, chosen: Chosen) -> Pending<'_, Result<Value, Unavailable>> {
        Box::pin(self.line.ask(move |reply| Command::Gates(chosen, reply)))
    }

    fn decision(&self, id: DecisionId) -> Pending<'_, Result<Option<Value>, Unavailable>> {
        Box::pin(async move {
            let records = self.ledger.episode(id.cell).await;
            let records = records.map_err(|error| Unavailable(error.to_string()))?;
            Ok(decisions::shown(&Episode::of(records), id))
        })
    }

    fn approvals(&self) -> Pending<'_, Result<Value, Unavailable>> {
        Box::pin(self.line.ask(Command::Approvals))
    }

    fn say(&self, said: Said) -> Pending<'_, Result<Result<Agreement, NotAsked>, Unavailable>> {
        Box::pin(self.line.ask(move |reply| Command::Say(Box::new(said), reply)))
    }

    fn switch(&self, turn: Turn) -> Pending<'_, Result<(), NotSwitched>> {
        Box::pin(async move {
            self.may_turn(&turn)?;
            self.stop.turn(&turn, &self.line).await.map_err(NotSwitched::Unavailable)
        })
    }

    fn switches(&self) -> Result<Switches, Unavailable> {
        Ok(self.stop.now())
    }

    fn freeze(&self, announced: Announced) -> Pending<'_, Result<Result<(), NotFrozen>, Unavailable>> {
        Box::pin(self.line.ask(move |reply| Command::Freeze(announced, reply)))
    }

    fn lift(&self, name: Name, by: String) -> Pending<'_, Result<Result<(), NotFrozen>, Unavailable>> {
        Box::pin(self.line.ask(move |reply| Command::Lift(name, by, reply)))
    }

    fn freezes(&self) -> Pending<'_, Result<Value, Unavailable>> {
        Box::pin(self.line.ask(Command::Freezes))
    }

    fn reload(&self) -> Pending<'_, Result<Reloaded, NotReloaded>> {
        Box::pin(async move {
            let nowhere = || NotReloaded::Refused("these rules are read from no files".to_owned());
            match self.reloader.as_ref().ok_or_else(nowhere)?.reload(By::Request).await? {
                Came::Taken(reloaded) => Ok(reloaded),
                // It is told of whoever watches files alone.
                Came::Same | Came::Moving => Err(NotReloaded::Unavailable("the files move".to_owned())),
            }
        })
    }

    fn write(&self, body: Bytes) -> Pending<'_, Result<(), WriteError>> {
        let (store, tally) = (Arc::clone(&self.store), Arc::clone(&self.tally));
        let take = move || {
            let parsed =
                remote_write::parse(&body, &remote_write::Caps::default()).map_err(|why| unreadable(&why))?;
            let appended =
                store.write().unwrap_or_else(PoisonError::into_inner).append(&parsed.series, tally.now());
            match (parsed.refused.named.first(), complaint(appended)) {
                (Some(refused), _) => Err(WriteError::Bad(refused.to_string())),
                (None, Some(why)) => Err(WriteError::Bad(why)),
                (None, None) => Ok(()),
            }
        };
        Box::pin(async move {
            let taken = tokio::task::spawn_blocking(take).await;
            taken.unwrap_or_else(|_| Err(WriteError::Unavailable("backstop is stopping".to_owned())))
        })
    }

    fn query(&self, asked: Asked) -> Pending<'_, Result<Bytes, Refused>> {
        Box::pin(self.queries.answer(asked))
    }

    fn listeners(&self) -> &Arc<Listeners> {
        &self.tally.listeners
    }

    fn metrics(&self) -> Pending<'_, String> {
        Box::pin(async move {
            let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
            // One lock after the other, and each for a moment: the engine waits for them as well.
            let (series, samples, store_bytes, appended) = {
                let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
                (store.series(), store.samples(), store.bytes(), store.totals())
            };
            let sources = self.mirrors.lock().unwrap_or_else(PoisonError::into_inner).figures();
            let figures = Figures {
                series,
                samples,
                store_bytes,
                appended,
                looks: read(&self.tally.looks),
                decisions: [0, 1, 2].map(|course| read(&self.tally.decisions[course])),
                attempts: read(&self.tally.attempts),
                failures: read(&self.tally.failures),
                doubted: self.in_force.now().rules.program.doubted.is_some(),
                switches: self.stop.now(),
                restarts: read(&self.tally.restarts),
                ready: self.ready.load(Ordering::Relaxed),
                connections: read(&self.counters.accepted),
                connections_refused: read(&self.counters.refused),
                connections_open: read(&self.counters.open),
                timed_out: read(&self.counters.timed_out),
                queries: self.queries.figures(),
                reloads: self.tally.reloads.figures(),
                watching: self.tally.board.figures(),
                cut: self.tally.cut(),
                alerts: self.tally.alerts.figures(),
                incidents_open: read(&self.tally.alerts.open),
                sources: Vec::new(),
                listeners: self.tally.listeners.figures(),
                spans: self.tally.exporter.as_ref().map(Exporter::figures).unwrap_or_default(),
            };
            // Of many gates it takes a while, in which others are answered.
            let render = move || rendered(&Figures { sources: sources.read(), ..figures });
            tokio::task::spawn_blocking(render).await.unwrap_or_default()
        })
    }

    fn ready(&self) -> Pending<'_, Result<(), String>> {
        Box::pin(async move {
            if self.ready.load(Ordering::SeqCst) {
                return Ok(());
            }
            Err("it is starting, or its ledger cannot be written; its log says which".to_owned())
        })
    }
}

fn unreadable(why: &ParseError) -> WriteError {
    let refused = if why.is_too_large() { WriteError::TooLarge } else { WriteError::Bad };
    refused(why.to_string())
}

/// What a sender has to know of samples that were not taken. None of it would be otherwise if they were sent again.
fn complaint(appended: Appended) -> Option<String> {
    let each = [
        (appended.out_of_order, "older than the newest of their series"),
        (appended.too_old, "older than anything that is kept"),
        (appended.in_the_future, "too far ahead of the clock here"),
        (appended.over_series, "of series that there is no room for"),
        (appended.over_samples, "too many: there is no room for more"),
    ];
    let (count, why) = each.iter().find(|(count, _)| *count > 0)?;
    Some(format!("{count} samples were not taken: they are {why}"))
}
