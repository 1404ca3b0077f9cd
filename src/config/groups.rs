//! Prometheus's `groups`: from what was typed to rules that are known to be well formed.

mod labels;
mod repeats;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use crate::config::raw::groups as raw;
use crate::config::source::Source;
use crate::config::yaml::{Given, List, Node, Number, Spot, Text, decode};
use crate::lint::{Finding, Severity, name};
use crate::promql::Features;
use crate::rule::{Group, GroupName};
use crate::unit::{Place, Span};

/// Reads the value of `groups`; what is wrong is pushed, and the groups and rules that are right come back.
pub(crate) fn read(
    source: Source<'_>,
    groups: &Node,
    features: Features,
    findings: &mut Vec<Finding>,
) -> Vec<Group> {
    let before = findings.len();
    let raw: List<raw::Group> = decode(groups, findings).unwrap_or_default();
    let mut spoiled: Vec<u32> = findings[before..].iter().map(|finding| finding.place.extent.start).collect();
    spoiled.sort_unstable();
    let mut reader = Reader { source, features, spoiled, errors: 0, findings };
    let groups: Vec<Group> = reader.groups(raw);
    repeats::rules(&groups, findings);
    groups
}

/// What every part of the reading needs.
struct Reader<'s, 'f> {
    source: Source<'s>,
    features: Features,
    /// Where what was typed could not be read.
    spoiled: Vec<u32>,
    errors: usize,
    findings: &'f mut Vec<Finding>,
}

impl Reader<'_, '_> {
    fn groups(&mut self, raw: List<raw::Group>) -> Vec<Group> {
        let mut names: BTreeMap<GroupName, Place> = BTreeMap::new();
        let mut groups = Vec::with_capacity(raw.0.len());
        for group in raw.0 {
            let named = group.value.name.place();
            let Some(group) = self.group(group) else { continue };
            let place = named.unwrap_or(group.place);
            if let Some(first) = names.get(&group.name) {
                let message = format!("the group `{}` stands in this file twice", group.name);
                let finding = Finding::error(name::DUPLICATE_NAME, place, message);
                let finding = finding.help("give each group a name of its own");
                self.push(finding.with(*first, "it stands here first"));
            } else {
                names.insert(group.name.clone(), place);
                groups.push(group);
            }
        }
        groups
    }

    fn group(&mut self, group: Spot<raw::Group>) -> Option<Group> {
        let errors = self.errors;
        let place = self.source.head(group.place);
        let group = group.value;
        let broken = [&group.interval, &group.query_offset].into_iter().any(Given::is_broken)
            || group.limit.is_broken()
            || group.labels.is_broken();
        let name = self.name(group.name, place);
        let interval = self.span("interval", group.interval).filter(|span| !span.is_zero());
        let query_offset = self.span("query_offset", group.query_offset);
        let limit = self.limit(group.limit);
        let given = group.labels.value().unwrap_or_default();
        let labels = self.labels(&given);
        let whole = !broken && self.errors == errors;
        let rules = group.rules.0.into_iter().filter_map(|rule| self.rule(rule, &given)).collect();
        let name = name.filter(|_| whole)?;
        Some(Group { name, interval, query_offset, limit, labels, rules, place })
    }

    fn name(&mut self, name: Given<Text>, group: Place) -> Option<GroupName> {
        let (text, place) = match name {
            Given::Broken(_) => return None,
            Given::Absent => (String::new(), group),
            Given::Is(Spot { value, place }) => (value.value, place),
        };
        let checked = GroupName::new(text);
        checked
            .map_err(|wrong| {
                let finding = Finding::error(name::MISSING_KEY, place, wrong.to_string());
                self.push(finding.help("add `name: ..`"));
            })
            .ok()
    }

    /// A duration as Prometheus reads it.
    fn span(&mut self, key: &str, given: Given<Text>) -> Option<Span> {
        let Spot { value: text, place } = given.spot()?;
        let span = text.value.parse();
        span.map_err(|wrong| self.push(Finding::error(name::BAD_VALUE, place, format!("`{key}`: {wrong}"))))
            .ok()
    }

    /// As Go reads a number into an `int`: what stands behind the point is dropped. Nought and less is no limit.
    fn limit(&mut self, given: Given<Number>) -> Option<NonZeroU64> {
        /// The least float that does not fit 64 bits with a sign, but is let through by Go.
        const MOST: f64 = 9_223_372_036_854_775_808.0;
        let Spot { value, place } = given.spot()?;
        let limit = match value {
            Number::Whole(whole) => i64::try_from(whole).ok(),
            // Not-a-number is not less.
            #[expect(clippy::cast_possible_truncation, reason = "Go drops what is behind the point too")]
            Number::Float(number) => (number <= MOST).then_some(number as i64),
        };
        let Some(limit) = limit else {
            let finding = Finding::error(name::BAD_VALUE, place, "`limit` is no number of 64 bits");
            self.push(finding.help("write a whole number, or 0 for no limit"));
            return None;
        };
        if limit < 0 {
            let finding = Finding::warning(name::BAD_VALUE, place, "a negative `limit` limits nothing");
            self.push(finding.help("write 0, or a limit"));
        }
        u64::try_from(limit).ok().and_then(NonZeroU64::new)
    }

    /// Whether something at a place could not be read.
    fn spoiled(&self, place: Place) -> bool {
        let from = self.spoiled.partition_point(|at| *at < place.extent.start);
        self.spoiled.get(from).is_some_and(|at| *at < place.extent.end)
    }

    fn push(&mut self, finding: Finding) {
        self.errors += usize::from(finding.severity == Severity::Error);
        self.findings.push(finding);
    }
}
