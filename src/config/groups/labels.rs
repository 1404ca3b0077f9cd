//! Labels and annotations.

use std::collections::BTreeMap;

use crate::config::groups::Reader;
use crate::config::yaml::{Pairs, Text};
use crate::lint::{Finding, Severity, name};
use crate::rule::{AlertName, AnnotationName, LabelName, NameError, Templated};

impl Reader<'_, '_> {
    /// Labels with their values as they are.
    pub(super) fn labels(&mut self, pairs: &Pairs) -> BTreeMap<LabelName, String> {
        self.named(pairs, LabelName::new).into_iter().map(|(name, text)| (name, text.value.clone())).collect()
    }

    /// Labels of a record, with those of the group under its own.
    pub(super) fn merged_labels(&mut self, pairs: &Pairs, group: &Pairs) -> BTreeMap<LabelName, String> {
        // What is wrong with the names of the group was told at the group.
        let given = group.0.iter().filter_map(|pair| {
            Some((LabelName::new(pair.key.value.as_str()).ok()?, pair.value.value.clone()))
        });
        let mut labels: BTreeMap<LabelName, String> = given.collect();
        labels.extend(self.labels(pairs));
        labels
    }

    /// Labels of an alert: templates, with those of the group under its own.
    pub(super) fn templated_labels(
        &mut self,
        alert: &AlertName,
        pairs: &Pairs,
        group: &Pairs,
    ) -> BTreeMap<LabelName, Templated> {
        let mut labels = BTreeMap::new();
        for pair in &group.0 {
            // What is wrong with its name was told at the group.
            let Ok(name) = LabelName::new(pair.key.value.as_str()) else { continue };
            // Prometheus does not look at these before an alert fires.
            labels.extend(self.template(alert, &pair.value, Severity::Warning).map(|value| (name, value)));
        }
        for (name, text) in self.named(pairs, LabelName::new) {
            labels.extend(self.template(alert, text, Severity::Error).map(|value| (name, value)));
        }
        labels
    }

    /// What is told with an alert.
    pub(super) fn annotations(
        &mut self,
        alert: &AlertName,
        pairs: &Pairs,
    ) -> BTreeMap<AnnotationName, Templated> {
        let named = self.named(pairs, AnnotationName::new);
        let templates =
            named.into_iter().map(|(name, text)| Some((name, self.template(alert, text, Severity::Error)?)));
        templates.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// The pairs whose keys are names.
    fn named<'p, N>(
        &mut self,
        pairs: &'p Pairs,
        check: fn(String) -> Result<N, NameError>,
    ) -> Vec<(N, &'p Text)> {
        let mut named = Vec::with_capacity(pairs.0.len());
        for pair in &pairs.0 {
            match check(pair.key.value.clone()) {
                Ok(name) => named.push((name, &pair.value)),
                Err(wrong) => {
                    self.push(Finding::error(name::BAD_VALUE, pair.key.place, wrong.to_string()));
                }
            }
        }
        named
    }

    fn template(&mut self, alert: &AlertName, text: &Text, severity: Severity) -> Option<Templated> {
        let template = Templated::new(&text.value, alert);
        template
            .map_err(|fault| {
                let place = self.source.part(text, fault.extent);
                self.push(Finding { severity, ..Finding::fault(name::TEMPLATE_SYNTAX, place, fault) });
            })
            .ok()
    }
}
