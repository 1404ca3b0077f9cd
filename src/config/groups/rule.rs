//! One rule.

use crate::config::groups::Reader;
use crate::config::raw::groups as raw;
use crate::config::yaml::{Given, Pairs, Spot, Text};
use crate::lint::{Finding, name};
use crate::rule::{AlertName, Alerting, Expr, RecordName, Recording, Rule};
use crate::unit::{Place, Span};

/// What a rule is called, and by that what it is.
enum Called {
    Alert(AlertName),
    Record(RecordName),
}

impl Reader<'_, '_> {
    /// A rule, unless something is wrong with it.
    pub(super) fn rule(&mut self, rule: Spot<raw::Rule>, group: &Pairs) -> Option<Rule> {
        let errors = self.errors;
        let spoiled = self.spoiled(rule.place);
        let place = self.source.head(rule.place);
        let raw = rule.value;
        let called = self.called(raw.record, raw.alert, place);
        let expr = self.expr(raw.expr, place);
        let hold = self.timed("for", raw.hold);
        let keep = self.timed("keep_firing_for", raw.keep_firing_for);
        let labels = raw.labels.value().unwrap_or_default();
        let rule = match called {
            None => {
                self.labels(&labels);
                None
            }
            Some(Called::Alert(name)) => {
                let labels = self.templated_labels(&name, &labels, group);
                let annotations = self.annotations(&name, &raw.annotations.value().unwrap_or_default());
                let (hold, keep_firing_for) = (length(hold), length(keep));
                expr.map(|expr| {
                    Rule::Alerting(Alerting { name, expr, hold, keep_firing_for, labels, annotations, place })
                })
            }
            Some(Called::Record(name)) => {
                self.only_of_alerts("for", hold);
                self.only_of_alerts("keep_firing_for", keep);
                self.no_annotations(raw.annotations);
                let labels = self.merged_labels(&labels, group);
                expr.map(|expr| Rule::Recording(Recording { name, expr, labels, place }))
            }
        };
        rule.filter(|_| !spoiled && self.errors == errors)
    }

    fn called(&mut self, record: Given<Text>, alert: Given<Text>, rule: Place) -> Option<Called> {
        let broken = record.is_broken() || alert.is_broken();
        let some = |given: Given<Text>| given.spot().filter(|spot| !spot.value.value.is_empty());
        let wrong = match (some(record), some(alert)) {
            (Some(record), Some(alert)) => {
                let message = "a rule has `record` or `alert`, not both";
                let finding = Finding::error(name::BAD_VALUE, alert.place, message);
                let finding = finding.help("make two rules of it");
                self.push(finding.with(record.place, "it is a recording rule by this"));
                return None;
            }
            (Some(record), None) => match RecordName::new(record.value.value) {
                Ok(name) => return Some(Called::Record(name)),
                Err(wrong) => (name::BAD_VALUE, record.place, wrong.to_string()),
            },
            (None, Some(alert)) => match AlertName::new(alert.value.value) {
                Ok(name) => return Some(Called::Alert(name)),
                Err(wrong) => (name::BAD_VALUE, alert.place, wrong.to_string()),
            },
            (None, None) if broken => return None,
            (None, None) => {
                (name::MISSING_KEY, rule, "this rule has neither `record` nor `alert`".to_owned())
            }
        };
        self.push(Finding::error(wrong.0, wrong.1, wrong.2));
        None
    }

    fn expr(&mut self, given: Given<Text>, rule: Place) -> Option<Expr> {
        let text = match given {
            Given::Broken(_) => return None,
            Given::Absent => {
                let finding = Finding::error(name::MISSING_KEY, rule, "this rule has no `expr`");
                self.push(finding.help("add `expr: ..`"));
                return None;
            }
            Given::Is(Spot { value, .. }) => value,
        };
        if text.value.is_empty() {
            let finding = Finding::error(name::BAD_VALUE, text.place, "`expr` is empty");
            self.push(finding.help("write a PromQL expression"));
            return None;
        }
        let expr = Expr::new(&text.value, self.features);
        expr.map_err(|fault| {
            let place = self.source.part(&text, fault.extent);
            self.push(Finding::fault(name::PROMQL_SYNTAX, place, fault));
        })
        .ok()
    }

    fn timed(&mut self, key: &str, given: Given<Text>) -> Option<Spot<Span>> {
        let place = given.place()?;
        self.span(key, given).map(|value| Spot { value, place })
    }

    /// No time at all says nothing, and so may stand.
    fn only_of_alerts(&mut self, key: &str, span: Option<Spot<Span>>) {
        if let Some(span) = span.filter(|span| !span.value.is_zero()) {
            let message = format!("a recording rule has no `{key}`");
            let finding = Finding::error(name::BAD_VALUE, span.place, message);
            self.push(finding.help("take it out; it is for alerts"));
        }
    }

    fn no_annotations(&mut self, annotations: Given<Pairs>) {
        if let Some(given) = annotations.spot().filter(|given| !given.value.0.is_empty()) {
            let place = self.source.head(given.place);
            let finding = Finding::error(name::BAD_VALUE, place, "a recording rule has no annotations");
            self.push(finding.help("take them out; they are for alerts"));
        }
    }
}

fn length(span: Option<Spot<Span>>) -> Span {
    span.map_or(Span::ZERO, |span| span.value)
}
