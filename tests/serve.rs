//! The program as it is run: started, told things over its port, stopped, killed, and asked what it did.
#![expect(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]
#![expect(clippy::panic, reason = "a test that waits in vain says for what")]

#[path = "kit/alertmanager.rs"]
mod alertmanager;
#[path = "kit/folder.rs"]
mod folder;
#[path = "kit/certificates.rs"]
mod certificates;
#[path = "kit/prometheus.rs"]
mod prometheus;
#[path = "kit/promtool.rs"]
mod promtool;
#[path = "kit/schema.rs"]
mod schema;
#[path = "kit/skip.rs"]
mod skip;
#[path = "kit/wire.rs"]
mod wire;

#[path = "serve/process.rs"]
mod process;
#[path = "serve/receiver.rs"]
mod receiver;
#[path = "serve/shop.rs"]
mod shop;
#[path = "serve/site.rs"]
mod site;

#[path = "serve/approving.rs"]
mod approving;
#[path = "serve/between.rs"]
mod between;
#[path = "serve/alerts.rs"]
mod alerts;
#[path = "serve/body.rs"]
mod body;
#[path = "serve/canary.rs"]
mod canary;
#[path = "serve/demo.rs"]
mod demo;
#[path = "serve/document.rs"]
mod document;
#[path = "serve/edges.rs"]
mod edges;
#[path = "serve/events.rs"]
mod events;
#[path = "serve/figures.rs"]
mod figures;
#[path = "serve/freezes.rs"]
mod freezes;
#[path = "serve/full.rs"]
mod full;
#[path = "serve/gate.rs"]
mod gate;
#[path = "serve/hostile.rs"]
mod hostile;
#[path = "serve/inquiring.rs"]
mod inquiring;
#[path = "serve/killed.rs"]
mod killed;
#[path = "serve/log.rs"]
mod log;
#[path = "serve/native.rs"]
mod native;
#[path = "serve/query.rs"]
mod query;
#[path = "serve/receivers.rs"]
mod receivers;
#[path = "serve/recovering.rs"]
mod recovering;
#[path = "serve/release.rs"]
mod release;
#[path = "serve/reload.rs"]
mod reload;
#[path = "serve/sources.rs"]
mod sources;
#[path = "serve/spans.rs"]
mod spans;
#[path = "serve/starting.rs"]
mod starting;
#[path = "serve/stopping.rs"]
mod stopping;
#[path = "serve/verified.rs"]
mod verified;
#[path = "serve/tls.rs"]
mod tls;
#[path = "serve/storm.rs"]
mod storm;
#[path = "serve/switch.rs"]
mod switch;
