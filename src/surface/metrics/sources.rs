//! Figures of the sources that are asked.

use std::collections::BTreeMap;

use crate::surface::metrics::table::{Row, Table, labels};

/// A source, and what it was asked.
#[derive(Debug, Clone, Default)]
pub struct SourceFigures {
    /// Its name.
    pub name: String,
    /// Queries that it was asked.
    pub queries: u64,
    /// Bytes that it answered with.
    pub bytes: u64,
    /// Queries that it did not answer, by why.
    pub errors: BTreeMap<&'static str, u64>,
    /// Questions of gates that those queries were for.
    pub questions: u64,
    /// Questions that shared a query with another.
    pub fused: u64,
    /// Seconds that its answers took, all together.
    pub seconds: f64,
    /// Queries that had to wait for their turn.
    pub waited: u64,
    /// Selectors that are wanted of it.
    pub selectors: usize,
    /// Of these, those that are asked for as sums.
    pub summed: usize,
    /// Selectors that were one too many.
    pub refused: u64,
    /// Series that are held of it.
    pub series: usize,
    /// Samples that are held of it.
    pub samples: usize,
}

#[expect(clippy::cast_precision_loss, reason = "no count is so large, and a figure is a float")]
pub(super) fn tables(sources: &[SourceFigures]) -> Vec<Table> {
    let each = |figure: fn(&SourceFigures) -> u64| {
        let row =
            |source: &SourceFigures| Row::new(labels(&[("source", &source.name)]), figure(source) as f64);
        sources.iter().map(row).collect::<Vec<_>>()
    };
    let error = |source: &SourceFigures| {
        let row = |(why, count): (&&'static str, &u64)| {
            Row::new(labels(&[("source", &source.name), ("reason", why)]), *count as f64)
        };
        source.errors.iter().map(row).collect::<Vec<_>>()
    };
    vec![
        Table::counter("backstop_source_queries", "Queries that a source was asked", each(|own| own.queries)),
        Table::counter("backstop_source_bytes", "Bytes that a source answered with", each(|own| own.bytes)),
        Table::counter(
            "backstop_source_errors",
            "Queries that a source did not answer, by why",
            sources.iter().flat_map(error).collect(),
        ),
        Table::counter(
            "backstop_source_questions",
            "Questions of gates that a source was asked",
            each(|own| own.questions),
        ),
        Table::counter(
            "backstop_source_questions_fused",
            "Questions of gates that shared a query with another",
            each(|own| own.fused),
        ),
        Table::counter(
            "backstop_source_queries_waited",
            "Queries that had to wait for their turn",
            each(|own| own.waited),
        ),
        Table::counter(
            "backstop_source_selectors_refused",
            "Selectors that were one too many",
            each(|own| own.refused),
        ),
        Table::counter(
            "backstop_source_seconds",
            "How long a source's answers took, all together",
            sources.iter().map(|own| Row::new(labels(&[("source", &own.name)]), own.seconds)).collect(),
        ),
        Table::gauge(
            "backstop_source_selectors",
            "Selectors that are wanted of a source",
            each(|own| own.selectors as u64),
        ),
        Table::gauge(
            "backstop_source_selectors_summed",
            "Selectors that are asked for as sums, as their series are too many",
            each(|own| own.summed as u64),
        ),
        Table::gauge(
            "backstop_source_series",
            "Series that are held of a source",
            each(|own| own.series as u64),
        ),
        Table::gauge(
            "backstop_source_samples",
            "Samples that are held of a source",
            each(|own| own.samples as u64),
        ),
    ]
}
