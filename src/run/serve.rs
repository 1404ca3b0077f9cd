//! `backstop serve`.

use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use crate::config::Loaded;
use crate::decision::{Action, Deed, Verification};
use crate::gate::Question;
use crate::responder::SigningKey;
use crate::run::args::Serve;
use crate::run::export::{Exporter, Settings};
use crate::run::service::{Setup, StartError, start};
use crate::run::{Ending, load, log, output};

pub(crate) fn run(asked: &Serve) -> Ending {
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
    match runtime.block_on(serve(asked, loaded)) {
        Ok(()) => Ending::Clean,
        Err(error) => output::complain(&error.to_string()),
    }
}

async fn serve(asked: &Serve, loaded: Loaded) -> Result<(), StartError> {
    let listen = asked.listen.unwrap_or(loaded.server.listen);
    let ledger = PathBuf::from(asked.ledger.as_ref().unwrap_or(&loaded.server.ledger));
    let counts = (loaded.rules.gates.len(), loaded.server.targets.len(), loaded.server.mode);
    let mut service = start(Setup { loaded, ledger, listen, listener: None, exporter: exporter() }).await?;
    let (gates, targets, mode) = counts;
    tracing::info!(address = %service.address, %mode, gates, targets, "backstop is ready");
    let unlistenable = StartError::Thread;
    let mut terminate = signal(SignalKind::terminate()).map_err(unlistenable)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unlistenable)?;
    let told = tokio::select! {
        _ = terminate.recv() => true,
        _ = interrupt.recv() => true,
        () = service.ended() => false,
    };
    tracing::info!("backstop stops");
    service.stop().await;
    if told { Ok(()) } else { Err(StartError::Ended) }
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
    match &action.deed {
        Deed::Undo { .. } | Deed::Hold | Deed::GoOn | Deed::SetVariant { .. } => {
            Some(format!("action {name}: there is no adapter for it yet, so a person is asked instead"))
        }
        Deed::Send(webhook) if matches!(webhook.verify, Some(Verification::Url(_))) => Some(format!(
            "action {name}: the address of its `verify` is not asked yet, so nobody sees whether it worked"
        )),
        Deed::Send(webhook) if webhook.body.is_some() => {
            Some(format!("action {name}: its `body` is not filled in yet; the fixed one is sent"))
        }
        Deed::Send(_) => None,
    }
}

/// Secrets that actions could not use now. They are read again with each use, so this keeps nothing from starting.
fn unusable(loaded: &Loaded) -> Vec<String> {
    let mut lines = Vec::new();
    for action in &loaded.rules.actions {
        let Deed::Send(webhook) = &action.deed else { continue };
        for (name, signs) in webhook
            .sign
            .iter()
            .map(|name| (name, true))
            .chain(webhook.bearer.iter().map(|name| (name, false)))
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
