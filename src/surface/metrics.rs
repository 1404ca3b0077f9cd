//! Figures about backstop itself, as OpenMetrics.

mod gates;
mod sources;
mod spread;
mod switches;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::decision::Switches;
use crate::store::Appended;
use crate::surface::metrics::table::{Row, Table, Tables, labels};
use crate::unit::UnixMillis;

pub use gates::{CellFigures, CheckFigures, GateFigures, MOST_CELLS, Whom};
pub use sources::SourceFigures;
pub use spread::Spread;

/// How late a look may be, in seconds.
const LATE: [f64; 12] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// The figures of a moment.
#[derive(Debug)]
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
    /// Whether the ledger is doubted.
    pub doubted: bool,
    /// What is switched off.
    pub switches: Switches,
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
    /// What is watched, and what came of it.
    pub watching: WatchFigures,
    /// Looks that were cut, as a source did not answer in time, by why.
    pub cut: BTreeMap<&'static str, u64>,
    /// Alerts that were told of, by what became of them.
    pub alerts: BTreeMap<&'static str, u64>,
    /// Incidents that are open.
    pub incidents_open: u64,
    /// Each source.
    pub sources: Vec<SourceFigures>,
    /// Whoever hears of things as they happen.
    pub listeners: ListenerFigures,
    /// Spans.
    pub spans: SpanFigures,
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

/// Figures of what is watched.
#[derive(Debug, Default)]
pub struct WatchFigures {
    /// Each gate, by its name.
    pub gates: BTreeMap<String, GateFigures>,
    /// Each gate that watches a change.
    pub cells: Vec<Arc<CellFigures>>,
    /// How often a check found nothing at a look, by why.
    pub missing: BTreeMap<&'static str, u64>,
    /// How often a guard held something back, by which.
    pub holds: BTreeMap<&'static str, u64>,
    /// Actions that ended, by what they were for and how.
    pub actions: BTreeMap<(&'static str, &'static str), u64>,
    /// Changes that were taken back, by whether things got well by that.
    pub recoveries: BTreeMap<&'static str, u64>,
    /// Each budget as it was when it was last asked for: of which action, over what, how much was spent and how much there is.
    pub budgets: BTreeMap<(String, &'static str), (u32, u32)>,
    /// How late looks were, in seconds.
    pub late: Option<Histogram>,
    /// How long the looks at a check took.
    pub checks_took: Spread,
    /// How long the looks of a gate took.
    pub gates_took: Spread,
}

/// Figures of whoever hears of things as they happen.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListenerFigures {
    /// How many there are.
    pub open: u64,
    /// How many were one too many.
    pub refused: u64,
    /// Events that were told.
    pub told: u64,
    /// Events that a listener was too slow for.
    pub lost: u64,
}

/// Figures of spans.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpanFigures {
    /// Spans that a collector took.
    pub sent: u64,
    /// Spans that were let go of, as too many waited.
    pub dropped: u64,
    /// Spans that no collector took.
    pub failed: u64,
}

/// How late looks are: empty.
pub fn lateness() -> Histogram {
    Histogram::new(LATE)
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
    Sent,
    Dropped,
}

/// The figures as text.
pub fn rendered(figures: &Figures) -> String {
    let mut registry = Registry::with_prefix("backstop");
    gauges(&mut registry, figures);
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
    listened(&mut registry, figures);
    reloaded(&mut registry, figures.reloads);
    let mut told = Registry::default();
    told.register_collector(Box::new(Tables(tables(figures))));
    let mut text = String::new();
    // Writing to a text does not fail.
    encode_registry(&mut text, &registry).ok();
    encode_registry(&mut text, &told).ok();
    let watching = &figures.watching;
    let (checks, gates) =
        ("prometheus_rule_evaluation_duration_seconds", "prometheus_rule_group_duration_seconds");
    watching.checks_took.write(&mut text, (checks, "How long a look at a check took"), &[0.5, 0.9, 0.99]);
    let quantiles = [0.01, 0.05, 0.5, 0.9, 0.99];
    watching.gates_took.write(&mut text, (gates, "How long a look of a gate took"), &quantiles);
    encode_eof(&mut text).ok();
    text
}

/// What there is of things now.
fn gauges(registry: &mut Registry, figures: &Figures) {
    for (name, help, value) in [
        ("ready", "Whether the engine lives and its ledger can be written", u64::from(figures.ready)),
        (
            "ledger_doubted",
            "Whether the ledger is a restored or older one that nobody has accepted",
            u64::from(figures.doubted),
        ),
        ("store_series", "Series in the store", figures.series as u64),
        ("store_samples", "Samples in the store", figures.samples as u64),
        ("store_bytes", "What they take in memory, roughly", figures.store_bytes as u64),
        ("connections_open", "Connections that are open", figures.connections_open),
        ("incidents_open", "Incidents that are open", figures.incidents_open),
        ("queries_open", "Queries that are being answered", figures.queries.open),
        ("queries_waiting", "Queries that wait until others are answered", figures.queries.waiting),
    ] {
        let gauge = Gauge::<u64, AtomicU64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
}

/// Figures of whoever hears of things as they happen, of spans, and of how late looks are.
fn listened(registry: &mut Registry, figures: &Figures) {
    let (listeners, spans) = (figures.listeners, figures.spans);
    let open = Gauge::<u64, AtomicU64>::default();
    open.set(listeners.open);
    registry.register("listeners_open", "Whoever hears of things as they happen", open);
    for (name, help, value) in [
        ("listeners_refused", "Listeners beyond the most at once", listeners.refused),
        ("events", "Events that listeners could be told of", listeners.told),
        ("events_lost", "Events that a listener was too slow for", listeners.lost),
    ] {
        let counter: Counter = Counter::default();
        counter.inc_by(value);
        registry.register(name, help, counter);
    }
    family(
        registry,
        ("spans", "Spans, by what became of them"),
        &[(What::Sent, spans.sent), (What::Dropped, spans.dropped), (What::Failed, spans.failed)],
    );
    if let Some(late) = &figures.watching.late {
        registry.register(
            "look_lateness_seconds",
            "How long after it could be a look was taken",
            late.clone(),
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "no count is so large, and a figure is a float")]
fn tables(figures: &Figures) -> Vec<Table> {
    let watching = &figures.watching;
    let by = |name: &'static str, counts: &BTreeMap<&'static str, u64>| {
        counts.iter().map(|(why, count)| Row::new(labels(&[(name, why)]), *count as f64)).collect::<Vec<_>>()
    };
    let mut tables = gates::tables(&watching.gates, &watching.cells);
    tables.push(Table::counter(
        "backstop_looks_cut",
        "Looks that were cut, as a source did not answer in time, by why",
        by("reason", &figures.cut),
    ));
    tables.push(Table::counter(
        "backstop_alerts",
        "Alerts that were told of, by what became of them; refused are whole notifications",
        by("outcome", &figures.alerts),
    ));
    tables.push(Table::counter(
        "backstop_looks_missing",
        "How often a check found nothing at a look, by why",
        by("reason", &watching.missing),
    ));
    tables.push(Table::counter(
        "backstop_holds",
        "How often a guard held something back, by which",
        by("reason", &watching.holds),
    ));
    let action = |((kind, outcome), count): (&(&'static str, &'static str), &u64)| {
        Row::new(labels(&[("kind", kind), ("outcome", outcome)]), *count as f64)
    };
    tables.push(Table::counter(
        "backstop_actions",
        "Actions that ended, by what they were for and how",
        watching.actions.iter().map(action).collect(),
    ));
    tables.push(Table::counter(
        "backstop_recoveries",
        "Changes that were taken back, by whether things were seen to be well again in time",
        by("outcome", &watching.recoveries),
    ));
    let budget = |figure: fn(&(u32, u32)) -> u32| {
        let row = |((of, scope), own): (&(String, &'static str), &(u32, u32))| {
            Row::new(labels(&[("action", of), ("scope", scope)]), f64::from(figure(own)))
        };
        watching.budgets.iter().map(row).collect::<Vec<_>>()
    };
    tables.push(Table::gauge(
        "backstop_budget_spent",
        "How much of a budget was spent when it was last asked for",
        budget(|own| own.0),
    ));
    tables.push(Table::gauge("backstop_budget_limit", "How much there is of a budget", budget(|own| own.1)));
    tables.push(switches::table(&figures.switches));
    tables.extend(sources::tables(&figures.sources));
    tables
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
