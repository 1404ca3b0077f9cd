//! Tables of figures: a name, and a row for each set of labels. They are written as they are read, and kept nowhere.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// Labels of a row.
pub(super) type Pairs = Vec<(&'static str, String)>;

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    labels: Pairs,
    value: f64,
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    name: &'static str,
    help: &'static str,
    rises: bool,
    rows: Vec<Row>,
}

impl Row {
    pub(super) const fn new(labels: Pairs, value: f64) -> Self {
        Self { labels, value }
    }
}

impl Table {
    /// What goes up and down.
    pub(super) const fn gauge(name: &'static str, help: &'static str, rows: Vec<Row>) -> Self {
        Self { name, help, rises: false, rows }
    }

    /// What only ever goes up: its samples are called by its name and `_total`.
    pub(super) const fn counter(name: &'static str, help: &'static str, rows: Vec<Row>) -> Self {
        Self { name, help, rises: true, rows }
    }
}

/// All tables.
#[derive(Debug)]
pub(super) struct Tables(pub(super) Vec<Table>);

impl Collector for Tables {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for table in self.0.iter().filter(|table| !table.rows.is_empty()) {
            let kind = if table.rises { MetricType::Counter } else { MetricType::Gauge };
            let mut metric =
                encoder.encode_descriptor(table.name, &format!("{}.", table.help), None, kind)?;
            for Row { labels, value } in &table.rows {
                let row = metric.encode_family(labels)?;
                if table.rises {
                    ConstCounter::new(*value).encode(row)?;
                } else {
                    ConstGauge::new(*value).encode(row)?;
                }
            }
        }
        Ok(())
    }
}

pub(super) fn labels(pairs: &[(&'static str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

#[expect(clippy::cast_precision_loss, reason = "no count is so large, and a figure is a float")]
pub(super) fn total(count: usize) -> f64 {
    count as f64
}
