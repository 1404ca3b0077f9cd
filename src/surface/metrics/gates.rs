//! Figures of gates: where each stands that watches a change, and how its looks go. Those of Prometheus's ruler have the
//! names that they have there, with a gate for a group of rules and a check for a rule.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::gate::{Bound, Tally, Verdict};
use crate::surface::metrics::table::{Row, Table, labels, total};

/// How many gates that watch a change are shown one by one, those first that found something. Each is some ten series and
/// ten more for each of its checks, and whoever reads them has a bound of their own.
pub const MOST_CELLS: usize = 2_000;

/// Whom the figures of a gate that watches a change are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whom {
    /// The gate.
    pub gate: String,
    /// The service.
    pub service: String,
    /// Its environment.
    pub environment: String,
    /// Its cluster.
    pub cluster: String,
}

/// A gate that watches a change.
#[derive(Debug, Clone)]
pub struct CellFigures {
    /// Whom it is about.
    pub whom: Arc<Whom>,
    /// When the change took effect, in milliseconds: of two changes of one target the later one is shown.
    pub changed: i64,
    /// Its verdict.
    pub verdict: Verdict,
    /// How sure it is that something is wrong.
    pub confidence: f64,
    /// How many looks it took.
    pub looks: u32,
    /// Its checks.
    pub checks: Vec<CheckFigures>,
}

/// A check of such a gate.
#[derive(Debug, Clone)]
pub struct CheckFigures {
    /// What it is called.
    pub check: String,
    /// What the new side had.
    pub new: Tally,
    /// What the old side had.
    pub old: Tally,
    /// What it is held to: it fails beyond all of these.
    pub fails: Vec<Bound>,
}

/// How the looks of a gate go, at whatever change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GateFigures {
    /// How many checks it has.
    pub rules: u64,
    /// How far apart its looks are, in seconds.
    pub interval: f64,
    /// How many changes it watches.
    pub watches: u64,
    /// How many looks were due, taken or not.
    pub iterations: u64,
    /// How many of them were cut, as the source did not answer before the next one.
    pub missed: u64,
    /// How often a check was looked at.
    pub evaluations: u64,
    /// How often nobody could, as the source was not heard.
    pub failures: u64,
    /// How long the last look took, in seconds.
    pub last_duration: f64,
    /// When it was taken, in seconds.
    pub last_at: Option<f64>,
}

/// All tables of gates.
pub(super) fn tables(gates: &BTreeMap<String, GateFigures>, cells: &[Arc<CellFigures>]) -> Vec<Table> {
    let mut tables = ruler(gates);
    let (shown, beyond) = shown(cells);
    tables.extend(each(&shown));
    tables.push(Table::gauge(
        "backstop_gates_not_shown",
        "Gates that watch a change, beyond those that are shown one by one",
        vec![Row::new(Vec::new(), total(beyond))],
    ));
    tables
}

/// The cells that are shown, and how many are not: of one gate and target the newest, and the worst first where they are
/// too many.
fn shown(cells: &[Arc<CellFigures>]) -> (Vec<Arc<CellFigures>>, usize) {
    let mut newest: BTreeMap<&Whom, &Arc<CellFigures>> = BTreeMap::new();
    for cell in cells {
        let known = newest.entry(&cell.whom).or_insert(cell);
        if known.changed < cell.changed {
            *known = cell;
        }
    }
    let mut chosen: Vec<&Arc<CellFigures>> = newest.into_values().collect();
    if MOST_CELLS < chosen.len() {
        chosen.sort_by_key(|cell| Reverse(level(cell.verdict)));
        chosen.truncate(MOST_CELLS);
        chosen.sort_by(|one, other| one.whom.cmp(&other.whom));
    }
    let shown: Vec<_> = chosen.into_iter().cloned().collect();
    let beyond = cells.len() - shown.len();
    (shown, beyond)
}

/// A verdict as a figure: the larger, the worse.
const fn level(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass(_) => 0,
        Verdict::Inconclusive(_) => 1,
        Verdict::Fail(_) => 2,
    }
}

/// A figure of each gate: its name, what it says, and how it is read.
type Figure = (&'static str, &'static str, fn(&GateFigures) -> f64);

fn ruler(gates: &BTreeMap<String, GateFigures>) -> Vec<Table> {
    let each = |figure: fn(&GateFigures) -> f64| {
        let row =
            |(gate, own): (&String, &GateFigures)| Row::new(labels(&[("rule_group", gate)]), figure(own));
        gates.iter().map(row).collect::<Vec<_>>()
    };
    let last = gates.iter().filter_map(|(gate, own)| Some((gate, own.last_at?)));
    let counters: [Figure; 4] = [
        ("prometheus_rule_evaluations", "How often a check of a gate was looked at", |own| {
            whole(own.evaluations)
        }),
        (
            "prometheus_rule_evaluation_failures",
            "How often a check of a gate could not be looked at, as its source was not heard",
            |own| whole(own.failures),
        ),
        ("prometheus_rule_group_iterations", "Looks that were due, taken or not", |own| {
            whole(own.iterations)
        }),
        (
            "prometheus_rule_group_iterations_missed",
            "Looks that were not taken, as the source did not answer before the next one",
            |own| whole(own.missed),
        ),
    ];
    let gauges: [Figure; 3] = [
        ("prometheus_rule_group_interval_seconds", "How far apart looks are", |own| own.interval),
        ("prometheus_rule_group_rules", "How many checks a gate has", |own| whole(own.rules)),
        ("prometheus_rule_group_last_duration_seconds", "How long the last look took", |own| {
            own.last_duration
        }),
    ];
    let counters = counters.map(|(name, help, figure)| Table::counter(name, help, each(figure)));
    let gauges = gauges.map(|(name, help, figure)| Table::gauge(name, help, each(figure)));
    let others = [
        Table::gauge(
            "prometheus_rule_group_last_evaluation_timestamp_seconds",
            "When the last look was taken",
            last.map(|(gate, at)| Row::new(labels(&[("rule_group", gate)]), at)).collect(),
        ),
        Table::gauge("backstop_gate_watches", "Changes that a gate watches", {
            let row = |(gate, own): (&String, &GateFigures)| {
                Row::new(labels(&[("gate", gate)]), whole(own.watches))
            };
            gates.iter().map(row).collect()
        }),
    ];
    counters.into_iter().chain(gauges).chain(others).collect()
}

fn each(cells: &[Arc<CellFigures>]) -> Vec<Table> {
    let of = |whom: &Whom, more: &[(&'static str, &str)]| {
        let Whom { gate, service, environment, cluster } = whom;
        let own = [("gate", gate), ("service", service), ("environment", environment), ("cluster", cluster)];
        let own = own.iter().map(|(name, value)| (*name, value.as_str()));
        labels(&own.chain(more.iter().copied()).collect::<Vec<_>>())
    };
    let cell = |figure: fn(&CellFigures) -> f64| {
        cells.iter().map(|cell| Row::new(of(&cell.whom, &[]), figure(cell))).collect::<Vec<_>>()
    };
    let (mut events, mut totals, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        for check in &cell.checks {
            let name = check.check.as_str();
            for (side, tally) in [("new", check.new), ("old", check.old)] {
                let labels = || of(&cell.whom, &[("check", name), ("side", side)]);
                events.push(Row::new(labels(), whole(tally.events)));
                totals.push(Row::new(labels(), whole(tally.of)));
            }
            let mut told: Vec<&str> = Vec::new();
            for (quantity, bound) in check.fails.iter().map(quantity) {
                // Of two bounds on one quantity the first is shown.
                if !told.contains(&quantity) {
                    told.push(quantity);
                    bounds.push(Row::new(of(&cell.whom, &[("check", name), ("quantity", quantity)]), bound));
                }
            }
        }
    }
    vec![
        Table::gauge(
            "backstop_gate_verdict",
            "The verdict of a gate that watches a change: 0 pass, 1 inconclusive, 2 fail",
            cell(|cell| f64::from(level(cell.verdict))),
        ),
        Table::gauge(
            "backstop_gate_confidence",
            "How sure a gate is that something is wrong",
            cell(|cell| cell.confidence),
        ),
        Table::gauge(
            "backstop_gate_looks",
            "Looks that a gate took at a change",
            cell(|cell| f64::from(cell.looks)),
        ),
        Table::gauge("backstop_check_events", "Marked events that a check counted at a change", events),
        Table::gauge("backstop_check_of", "Events that a check counted at a change, marked or not", totals),
        Table::gauge(
            "backstop_check_threshold",
            "What a check is held to: it fails beyond all of these",
            bounds,
        ),
    ]
}

const fn quantity(bound: &Bound) -> (&'static str, f64) {
    match bound {
        Bound::Ratio(bound) => ("ratio", *bound),
        Bound::Difference(bound) => ("difference", *bound),
        Bound::Value(bound) | Bound::Reached(bound) => ("value", *bound),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no count is so large, and a figure is a float")]
const fn whole(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Finding, Shortfall};

    fn cell(service: usize, changed: i64, verdict: Verdict) -> Arc<CellFigures> {
        let whom = Whom {
            gate: "canary".to_owned(),
            service: format!("shop-{service:05}"),
            environment: "production".to_owned(),
            cluster: String::new(),
        };
        let check = CheckFigures {
            check: "errors".to_owned(),
            new: Tally { events: 3, of: 1_000 },
            old: Tally { events: 5, of: 4_000 },
            fails: vec![Bound::Ratio(1.25), Bound::Difference(0.0005)],
        };
        Arc::new(CellFigures {
            whom: Arc::new(whom),
            changed,
            verdict,
            confidence: 0.5,
            looks: 4,
            checks: vec![check],
        })
    }

    const OPEN: Verdict = Verdict::Inconclusive(Shortfall::NoLook);
    const FAILED: Verdict = Verdict::Fail(Finding { check: 0, ln_evidence: 3.0, proved: true });

    #[test]
    fn of_more_gates_than_are_shown_the_worst_are() {
        let mut cells: Vec<_> = (0..MOST_CELLS + 500).map(|service| cell(service, 0, OPEN)).collect();
        cells.push(cell(99_999, 0, FAILED));
        let (chosen, beyond) = shown(&cells);
        assert_eq!((chosen.len(), beyond), (MOST_CELLS, 501));
        assert_eq!(chosen.last().map(|cell| cell.whom.service.as_str()), Some("shop-99999"));
        assert!(chosen.is_sorted_by(|one, other| one.whom < other.whom));
        assert_eq!(shown(&cells[..MOST_CELLS]).1, 0);
    }

    #[test]
    fn of_two_changes_of_one_target_the_later_is_shown() {
        let cells = [cell(1, 5, FAILED), cell(1, 9, OPEN), cell(1, 7, FAILED)];
        let (chosen, beyond) = shown(&cells);
        assert_eq!((chosen.len(), chosen[0].changed, beyond), (1, 9, 2));
    }
}
