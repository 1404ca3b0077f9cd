//! Figures about backstop itself, as OpenMetrics.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::store::Appended;
use crate::unit::UnixMillis;

/// The figures of a moment.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Series in the store.
    pub series: usize,
    /// Samples in the store.
    pub samples: usize,
    /// What they take, roughly.
    pub store_bytes: usize,
    /// What became of every sample that came.
    pub appended: Appended,
    /// Looks that were taken.
    pub looks: u64,
    /// Decisions: act, ask, hold.
    pub decisions: [u64; 3],
    /// Attempts at actions.
    pub attempts: u64,
    /// Actions that a person has to look at.
    pub failures: u64,
    /// How often the engine was built again because the ledger could not be written.
    pub restarts: u64,
    /// Whether it is ready.
    pub ready: bool,
    /// Connections that were taken.
    pub connections: u64,
    /// Connections that were one too many.
    pub connections_refused: u64,
    /// Connections that are open.
    pub connections_open: u64,
    /// Requests that took too long.
    pub timed_out: u64,
    /// What became of queries.
    pub queries: QueryFigures,
    /// What became of reading the rules again.
    pub reloads: ReloadFigures,
}

/// Figures of reading the rules again.
#[derive(Debug, Clone, Copy)]
pub struct ReloadFigures {
    /// How often others came into force.
    pub taken: u64,
    /// How often those that were in force stayed, as something was wrong.
    pub refused: u64,
    /// Whether nothing was wrong the last time.
    pub last_succeeded: bool,
    /// When those that are in force were read.
    pub last_taken: UnixMillis,
}

/// Figures of queries.
#[derive(Debug, Clone, Copy, Default)]
pub struct QueryFigures {
    /// Queries that are being answered.
    pub open: u64,
    /// Queries that wait until others are.
    pub waiting: u64,
    /// Queries that were answered.
    pub answered: u64,
    /// Queries that could not be evaluated.
    pub failed: u64,
    /// Queries that took too long.
    pub late: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct By {
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
enum What {
    Act,
    Ask,
    Hold,
    Taken,
    Duplicate,
    OutOfOrder,
    TooOld,
    InTheFuture,
    OverSeries,
    OverSamples,
    Answered,
    Failed,
    Late,
}

/// The figures as text.
pub fn rendered(figures: &Figures) -> String {
    let mut registry = Registry::with_prefix("backstop");
    for (name, help, value) in [
        ("ready", "Whether the engine lives and its ledger can be written", u64::from(figures.ready)),
        ("store_series", "Series in the store", figures.series as u64),
        ("store_samples", "Samples in the store", figures.samples as u64),
        ("store_bytes", "What they take in memory, roughly", figures.store_bytes as u64),
        ("connections_open", "Connections that are open", figures.connections_open),
        ("queries_open", "Queries that are being answered", figures.queries.open),
        ("queries_waiting", "Queries that wait until others are answered", figures.queries.waiting),
    ] {
        let gauge = Gauge::<u64, AtomicU64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
    for (name, help, value) in [
        ("looks", "Looks that were taken", figures.looks),
        ("attempts", "Attempts at actions", figures.attempts),
        ("action_failures", "Actions that failed, or were not seen to have worked", figures.failures),
        ("restarts", "How often the engine was built again from the ledger", figures.restarts),
        ("connections", "Connections that were taken", figures.connections),
        ("connections_refused", "Connections beyond the most at once", figures.connections_refused),
        ("requests_timed_out", "Requests that took too long", figures.timed_out),
    ] {
        let counter: Counter = Counter::default();
        counter.inc_by(value);
        registry.register(name, help, counter);
    }
    let [act, ask, hold] = figures.decisions;
    family(
        &mut registry,
        ("decisions", "Decisions, by their course"),
        &[(What::Act, act), (What::Ask, ask), (What::Hold, hold)],
    );
    let appended = figures.appended;
    family(
        &mut registry,
        ("samples", "Samples that came, by what became of them"),
        &[
            (What::Taken, appended.taken),
            (What::Duplicate, appended.duplicate),
            (What::OutOfOrder, appended.out_of_order),
            (What::TooOld, appended.too_old),
            (What::InTheFuture, appended.in_the_future),
            (What::OverSeries, appended.over_series),
            (What::OverSamples, appended.over_samples),
        ],
    );
    let queries = figures.queries;
    family(
        &mut registry,
        ("queries", "Queries, by what became of them"),
        &[(What::Answered, queries.answered), (What::Failed, queries.failed), (What::Late, queries.late)],
    );
    reloaded(&mut registry, figures.reloads);
    let mut text = String::new();
    // Writing to a text does not fail.
    encode(&mut text, &registry).ok();
    text
}

fn reloaded(registry: &mut Registry, reloads: ReloadFigures) {
    for (name, help, value) in [
        (
            "config_last_reload_successful",
            "Whether the rules could be read the last time that somebody tried",
            u64::from(reloads.last_succeeded),
        ),
        (
            "config_last_reload_success_timestamp_seconds",
            "When the rules that are in force were read",
            reloads.last_taken.millis().max(0).unsigned_abs() / 1_000,
        ),
    ] {
        let gauge = Gauge::<u64, AtomicU64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
    family(
        registry,
        ("config_reloads", "How often rules were read again, by what became of it"),
        &[(What::Taken, reloads.taken), (What::Failed, reloads.refused)],
    );
}

fn family(registry: &mut Registry, (name, help): (&str, &str), values: &[(What, u64)]) {
    let family = Family::<By, Counter>::default();
    for (what, value) in values {
        family.get_or_create(&By { what: *what }).inc_by(*value);
    }
    registry.register(name, help, family);
}
