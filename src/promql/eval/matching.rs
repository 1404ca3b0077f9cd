//! Which series of two vectors belong together, and what becomes of each pair.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::promql::eval::Names;
use crate::promql::eval::element::{Element, nameless};
use crate::promql::eval::error::{EvalError, words};
use crate::promql::eval::operate::Outcome;
use crate::promql::node::{Binary, Label, Many, MatchingKind, Side};
use crate::signal::{Labels, NAME};

/// The labels by which series are matched.
pub(super) struct Match<'b> {
    on: bool,
    labels: &'b [Label],
}

impl<'b> Match<'b> {
    /// All labels, where the operator names none.
    pub(super) fn of(binary: &'b Binary) -> Self {
        binary.modifier.matching.as_ref().map_or(Self { on: false, labels: &[] }, |matching| Self {
            on: matching.kind == MatchingKind::On,
            labels: &matching.labels,
        })
    }

    /// The labels by which a series is matched. Its name is one of them only where `on` says so.
    pub(super) fn group(&self, labels: &Labels) -> Labels {
        self.kept(labels).only(|name| self.on || name != NAME)
    }

    /// The labels that a pair keeps.
    fn kept(&self, labels: &Labels) -> Labels {
        labels.only(|name| self.labels.iter().any(|label| label.name == name) == self.on)
    }
}

/// Joins two vectors: each series of the side that may be many with the one that has its labels.
pub(super) fn join(
    binary: &Binary,
    left: Vec<Element>,
    right: Vec<Element>,
    names: Names,
) -> Result<Vec<Element>, EvalError> {
    // So that nothing to be matched is no fault of the other side.
    if left.is_empty() || right.is_empty() {
        return Ok(Vec::new());
    }
    let join = Join { binary, matched: Match::of(binary), many: binary.modifier.many.as_ref(), names };
    if join.many.is_some_and(|many| many.side == Side::Right) {
        join.pairs(right, &left)
    } else {
        join.pairs(left, &right)
    }
}

struct Join<'b> {
    binary: &'b Binary,
    matched: Match<'b>,
    many: Option<&'b Many>,
    names: Names,
}

impl Join<'_> {
    fn pairs(&self, many: Vec<Element>, ones: &[Element]) -> Result<Vec<Element>, EvalError> {
        let ones = self.by_group(ones)?;
        let mut results: BTreeMap<Labels, BTreeSet<Labels>> = BTreeMap::new();
        let mut joined = Vec::new();
        for element in many {
            let group = self.matched.group(&element.labels);
            let Some(one) = ones.get(&group) else { continue };
            let labels = self.result(&element.labels, &one.labels);
            let op = self.binary.op.text();
            // What a comparison goes on to leave out counts here too.
            if self.many.is_none() && results.contains_key(&group) {
                return Err(EvalError::ManyToOne { op, group });
            }
            if !results.entry(group).or_default().insert(labels.clone()) {
                return Err(EvalError::NotUnique { op, labels });
            }
            joined.extend(self.value(&element, one).map(|value| Element { labels, value, ..element }));
        }
        Ok(joined)
    }

    fn by_group<'e>(&self, ones: &'e [Element]) -> Result<BTreeMap<Labels, &'e Element>, EvalError> {
        let mut by_group: BTreeMap<Labels, &Element> = BTreeMap::new();
        for one in ones {
            let group = self.matched.group(&one.labels);
            if let Some(other) = by_group.insert(group.clone(), one) {
                let side = if self.turned() { Side::Left } else { Side::Right };
                return Err(EvalError::Ambiguous {
                    op: self.binary.op.text(),
                    side: words(side),
                    group,
                    one: other.labels.clone(),
                    other: one.labels.clone(),
                });
            }
        }
        Ok(by_group)
    }

    /// Whether the many stand on the right.
    fn turned(&self) -> bool {
        self.many.is_some_and(|many| many.side == Side::Right)
    }

    /// The value of a pair; none where a comparison leaves it out.
    fn value(&self, many: &Element, one: &Element) -> Option<f64> {
        let (left, right) = if self.turned() { (one, many) } else { (many, one) };
        let outcome = Outcome::of(self.binary.op, left.value, right.value);
        if self.binary.modifier.returns_bool {
            return Some(outcome.truth());
        }
        outcome.holds.then_some(outcome.value)
    }

    /// The labels of a pair.
    fn result(&self, many: &Labels, one: &Labels) -> Labels {
        let compares = self.binary.op.compares();
        // Between two vectors arithmetic takes the name off at once, whenever that is done elsewhere.
        let unnamed = !compares || self.binary.modifier.returns_bool && self.names == Names::GoAtOnce;
        let labels = if unnamed { nameless(many) } else { many.clone() };
        match self.many {
            None => self.matched.kept(&labels),
            Some(Many { include, .. }) => {
                include.iter().fold(labels, |labels, label| labels.with(&label.name, one.get(&label.name)))
            }
        }
    }
}
