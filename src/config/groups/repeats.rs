//! Names that stand twice.

use std::collections::BTreeMap;

use crate::lint::{Finding, name};
use crate::rule::{Group, Rule};
use crate::unit::Place;

/// What makes two rules one: the kind does not count for Prometheus's own lint, and does not here.
type Identity<'g> = (&'g str, Vec<(&'g str, &'g str)>);

/// Reports rules that write the same series or fire the same alert. They load, and overwrite one another.
pub(super) fn rules(groups: &[Group], findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<Identity<'_>, Place> = BTreeMap::new();
    for rule in groups.iter().flat_map(|group| &group.rules) {
        let identity = identity(rule);
        match seen.get(&identity) {
            None => {
                seen.insert(identity, rule.place());
            }
            Some(first) => {
                let message =
                    format!("the rule `{}` stands in this file twice with the same labels", rule.name());
                let finding = Finding::warning(name::DUPLICATE_RULES, rule.place(), message);
                let finding = finding.help("take one out, or give it a label");
                findings.push(finding.with(*first, "it stands here first"));
            }
        }
    }
}

fn identity(rule: &Rule) -> Identity<'_> {
    let labels = match rule {
        Rule::Alerting(rule) => {
            rule.labels.iter().map(|(name, value)| (name.as_str(), value.text())).collect()
        }
        Rule::Recording(rule) => {
            rule.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
        }
    };
    (rule.name(), labels)
}
