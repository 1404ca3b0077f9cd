//! `backstop serve`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::{Loaded, STANDARD_INPUT};
use crate::decision::{Action, Deed};
use crate::gate::Question;
use crate::responder::SigningKey;
use crate::run::args::Serve;
use crate::run::export::{Exporter, Settings};
use crate::run::notify::Notify;
use crate::run::reload::{By, Origin, watch};
use crate::run::service::{Service, Setup, StartError, start};
use crate::run::sight::Sight;
use crate::run::{Ending, load, log, output};

/// How long it may take to stop: requests end, attempts are answered, everything is written down.
const STOPS_WITHIN: Duration = Duration::from_secs(30);

pub(crate) fn run(asked: &Serve) -> Ending {
    let origin = Origin { paths: asked.paths.clone(), server: asked.server.clone() };
    // Before they are read: what is written from here on is seen.
    let sight = Sight::of(&origin, &[]);
    let loaded = match load::load(&asked.paths, asked.server.as_ref()) {
        Ok(loaded) => loaded,
        Err(report) => return output::complain(&report),
    };
    log::start(asked.log);
    for line in not_judged(&loaded).into_iter().chain(unusable(&loaded)) {
        tracing::warn!("{line}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("no thread can be started: {error}")),
    };
    let ending = runtime.block_on(serve(asked, loaded, (origin, sight)));
    // Whatever still runs is not waited for: it had its time.
    runtime.shutdown_background();
    match ending {
        Ok(ending) => ending,
        Err(error) => output::complain(&error.to_string()),
    }
}

async fn serve(
    asked: &Serve,
    loaded: Loaded,
    (origin, sight): (Origin, Sight),
) -> Result<Ending, StartError> {
    let listen = asked.listen.unwrap_or(loaded.server.listen);
    let ledger = PathBuf::from(asked.ledger.as_ref().unwrap_or(&loaded.server.ledger));
    let counts = (loaded.rules.gates.len(), loaded.server.targets.len(), loaded.server.mode);
    let notify = Notify::of_environment();
    let watches = !asked.no_watch && !origin.paths.iter().any(|path| path == STANDARD_INPUT);
    let origin = Some(origin);
    // Before it lives: a signal that nobody hears ends it.
    let mut signals = Signals::heard().map_err(StartError::Thread)?;
    let mut service =
        start(Setup { loaded, ledger, listen, listener: None, exporter: exporter(), origin }).await?;
    let (gates, targets, mode) = counts;
    tracing::info!(address = %service.address, %mode, gates, targets, "backstop is ready");
    let told = live(&mut service, &mut signals, (&notify, watches.then_some(sight))).await;
    tracing::info!("backstop stops");
    notify.stopping();
    let stopped = tokio::select! {
        () = service.stop() => true,
        () = signals.end() => {
            tracing::error!("told twice to stop, so it ends at once; the next start finds the ledger cut short");
            false
        }
        () = tokio::time::sleep(STOPS_WITHIN) => {
            tracing::error!("it did not stop within {STOPS_WITHIN:?}, so it ends at once");
            false
        }
    };
    match (stopped, told) {
        (false, _) => Ok(Ending::CutShort),
        (true, true) => Ok(Ending::Clean),
        (true, false) => Err(StartError::Ended),
    }
}

/// Lives until it is told to stop, and reads its rules again where somebody wants it to. Whether it was told.
async fn live(
    service: &mut Service,
    signals: &mut Signals,
    (notify, watched): (&Notify, Option<Sight>),
) -> bool {
    let (tally, reloader, readiness) =
        (Arc::clone(&service.tally), service.reloader.clone(), service.readiness());
    let ready = async {
        readiness.await;
        notify.ready("watches");
        notify.live(&tally).await;
    };
    let watching = async {
        match (&reloader, watched) {
            (Some(reloader), Some(sight)) => watch(reloader, sight).await,
            (Some(_) | None, _) => std::future::pending().await,
        }
    };
    let turn = service.turns();
    let ended = service.ended();
    tokio::pin!(ready, watching, ended);
    loop {
        tokio::select! {
            _ = signals.terminate.recv() => return true,
            _ = signals.interrupt.recv() => return true,
            () = &mut ended => return false,
            () = &mut ready => {}
            () = &mut watching => {}
            _ = signals.off.recv() => {
                turn(Some("SIGUSR1".to_owned()));
            }
            _ = signals.on.recv() => {
                turn(None);
            }
            _ = signals.hangup.recv() => {
                if let Some(reloader) = &reloader {
                    let (reloader, notify) = (Arc::clone(reloader), notify.clone());
                    tokio::spawn(async move {
                        notify.reloading();
                        let status = match reloader.reload(By::Request).await {
                            Ok(_) => "watches",
                            Err(_) => "watches by older rules: the new ones could not be read, its log says why",
                        };
                        notify.ready(status);
                    });
                }
            }
        }
    }
}

/// What it is told by signals.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    off: Signal,
    on: Signal,
}

impl Signals {
    fn heard() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            off: signal(SignalKind::user_defined1())?,
            on: signal(SignalKind::user_defined2())?,
        })
    }

    /// That it ends.
    async fn end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The way out for spans, where the environment asks for one. A watch does not fail for want of it.
fn exporter() -> Option<Exporter> {
    let settings = match Settings::of(|name| std::env::var(name).ok()) {
        Ok(settings) => settings?,
        Err(error) => {
            tracing::error!("no spans are sent: {error}");
            return None;
        }
    };
    let endpoint = settings.shown();
    match Exporter::start(settings) {
        Ok(exporter) => {
            tracing::info!(%endpoint, "spans are sent");
            Some(exporter)
        }
        Err(error) => {
            tracing::error!("no spans are sent: {error}");
            None
        }
    }
}

/// What is in the rules and cannot be carried out yet: it is said when backstop starts, not when it is missed.
fn not_judged(loaded: &Loaded) -> Vec<String> {
    let mut lines = Vec::new();
    for guarded in &loaded.rules.gates {
        for check in &guarded.gate.checks {
            if matches!(check.question, Question::Mean { .. }) && !check.by.is_empty() {
                let (gate, check) = (&guarded.gate.name, &check.name);
                lines.push(format!("gate {gate}: check {check} is judged as a whole, and not by slices yet"));
            }
        }
    }
    lines.extend(loaded.rules.actions.iter().filter_map(not_carried_out));
    if !loaded.rules.rollouts.is_empty() || !loaded.rules.groups.is_empty() {
        lines
            .push("rollouts, and groups of Prometheus rules, are checked but not carried out yet".to_owned());
    }
    lines
}

/// What of an action is not carried out yet.
fn not_carried_out(action: &Action) -> Option<String> {
    let name = &action.name;
    matches!(action.deed, Deed::SetVariant { .. })
        .then(|| format!("action {name}: there is no adapter for it yet, so a person is asked instead"))
}

/// Secrets that actions could not use now. They are read again with each use, so this keeps nothing from starting.
fn unusable(loaded: &Loaded) -> Vec<String> {
    let mut lines = Vec::new();
    for action in &loaded.rules.actions {
        let Some(webhook) = action.deed.webhook() else { continue };
        for (name, signs) in
            webhook.sign.iter().map(|name| (name, true)).chain(webhook.secrets().map(|name| (name, false)))
        {
            let Some(secret) = loaded.server.secrets.get(name) else { continue };
            let why = match secret.read() {
                Ok(text) if signs => SigningKey::parse(&text).err().map(|error| error.to_string()),
                Ok(_) => None,
                Err(error) => Some(error.to_string()),
            };
            if let Some(why) = why {
                lines.push(format!(
                    "action {}: nothing could be sent now, as its secret {name} cannot be used: {why}",
                    action.name
                ));
            }
        }
    }
    lines
}
