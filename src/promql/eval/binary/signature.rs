//! Signatures: the labels by which series of two vectors are matched.

use crate::promql::eval::line::is_metadata;
use crate::promql::eval::meter::SERIES;
use crate::promql::node::{Binary, Label, Many, MatchingKind};
use crate::signal::{Labels, NAME};

/// How many labels are looked through in the time that all else takes that is done for a series.
const LABELS: usize = 8;

/// The labels by which series are matched.
#[derive(Clone, Copy)]
pub(super) struct Signature<'b> {
    on: bool,
    labels: &'b [Label],
}

impl<'b> Signature<'b> {
    /// All labels, where the operator names none.
    pub(super) fn of(binary: &'b Binary) -> Self {
        binary.modifier.matching.as_ref().map_or(Self { on: false, labels: &[] }, |matching| Self {
            on: matching.kind == MatchingKind::On,
            labels: &matching.labels,
        })
    }

    /// How much work it is to find them.
    pub(super) const fn work(self) -> usize {
        SERIES * (1 + self.labels.len() / LABELS)
    }

    /// The labels by which a series is matched. Its name is one of them only where `on` says so.
    pub(super) fn group(self, labels: &Labels) -> Labels {
        labels.only(|name| self.keeps(name) && (self.on || name != NAME))
    }

    /// The labels of a pair.
    pub(super) fn result(self, binary: &Binary, many: &Labels, one: &Labels, unnamed: bool) -> Labels {
        let labels = many.only(|name| {
            let kept = binary.modifier.many.is_some() || self.keeps(name);
            kept && !(unnamed && is_metadata(name))
        });
        let Some(Many { include, .. }) = &binary.modifier.many else { return labels };
        include.iter().fold(labels, |labels, label| labels.with(&label.name, one.get(&label.name)))
    }

    fn keeps(self, name: &str) -> bool {
        self.labels.iter().any(|label| label.name == name) == self.on
    }
}
