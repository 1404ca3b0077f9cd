//! Questions about histograms: from what was written to what is asked.

use crate::config::raw;
use crate::config::reader::{Reader, Whose, texts};
use crate::config::yaml::{Given, OneOrMany, Spot, Text};
use crate::gate::{BucketUnit, Buckets, Quantile, Question, Slow};
use crate::lint::{Finding, name};
use crate::promql;
use crate::unit::Span;

const BUCKETS: [(&str, Buckets); 2] = [("classic", Buckets::Classic), ("native", Buckets::Native)];

/// How many bounds a check may name. They share its evidence, so each further one makes all of them slower to prove.
const MOST_BOUNDS: usize = 8;

impl Reader<'_> {
    pub(crate) fn quantile(&mut self, written: &Spot<raw::Quantile>) -> Option<Quantile> {
        let whose = Whose { what: "the quantile", place: written.place };
        let raw = &written.value;
        let q = self.need(&raw.q, "q", whose);
        let inside = q.is_some_and(|q| q.value > 0.0 && q.value < 1.0);
        if let Some(q) = q.filter(|_| !inside) {
            let message = format!("{} is no quantile; it lies between 0 and 1, both excluded", q.value);
            self.error(name::BAD_VALUE, q.place, message, "the 99th percentile is `q: 0.99`");
        }
        let of = self.need(&raw.of, "of", whose).and_then(|spot| self.histogram(&spot.value));
        let buckets = self.word(&raw.buckets, &BUCKETS);
        let unit = self.unit(&raw.unit, of.as_ref());
        Some(Quantile { q: q.filter(|_| inside)?.value, of: of?, buckets, unit: unit? })
    }

    pub(crate) fn slow(&mut self, written: &Spot<raw::Slow>) -> Option<Slow> {
        let whose = Whose { what: "the share of slow requests", place: written.place };
        let raw = &written.value;
        let of = self.need(&raw.of, "of", whose).and_then(|spot| self.histogram(&spot.value));
        let over = self.over(&raw.over);
        let buckets = self.word(&raw.buckets, &BUCKETS);
        let unit = self.unit(&raw.unit, of.as_ref());
        Some(Slow { of: of?, over: over?, buckets, unit: unit? })
    }

    /// Bounds, rising; nothing if any of them is none.
    fn over(&mut self, given: &Given<OneOrMany<Text>>) -> Option<Vec<Span>> {
        let spans: Vec<Option<Span>> = texts(given).map(|text| self.bound(text)).collect();
        let count = spans.len();
        if let Some(place) = given.place().filter(|_| count == 0 || MOST_BOUNDS < count) {
            let message = format!("{count} bounds; a check has 1 to {MOST_BOUNDS}, which share its evidence");
            let help = "leave `over` out to have them chosen by how the old side does";
            self.error(name::BAD_VALUE, place, message, help);
            return None;
        }
        let mut bounds = spans.into_iter().collect::<Option<Vec<_>>>()?;
        bounds.sort_unstable();
        bounds.dedup();
        if bounds.len() < count
            && let Some(place) = given.place()
        {
            self.error(name::BAD_VALUE, place, "one of these bounds stands twice", "leave one out");
        }
        Some(bounds)
    }

    fn bound(&mut self, text: &Text) -> Option<Span> {
        let span: Span = self.parse_text(text)?;
        if span.is_zero() {
            let help = "as in `over: 500ms`";
            self.error(name::BAD_VALUE, text.place, "everything is slower than no time at all", help);
        }
        Some(span)
    }

    /// The unit of the buckets: what the rule says, else what the name says, else what Prometheus asks for.
    fn unit(&mut self, given: &Given<Text>, of: Option<&promql::Plan>) -> Option<BucketUnit> {
        if given.is_absent() {
            return Some(of.and_then(named).unwrap_or(BucketUnit::Seconds));
        }
        self.word(given, &BucketUnit::NAMED)
    }

    /// Says where a time is held against buckets of which nobody says the unit, or two say different ones.
    pub(crate) fn unit_is_clear(&mut self, raw: &raw::Check, question: Option<&Question>, times: bool) {
        let (of, plan, unit) = match (question, raw.quantile.get(), raw.slow.get()) {
            (Some(Question::Quantile(quantile)), Some(raw), _) if times => {
                (&raw.value.of, &quantile.of, &raw.value.unit)
            }
            (Some(Question::Slow(slow)), _, Some(raw)) if !slow.over.is_empty() => {
                (&raw.value.of, &slow.of, &raw.value.unit)
            }
            _ => return,
        };
        let finding = match (named(plan), self.word(unit, &BucketUnit::NAMED), unit.place().or(of.place())) {
            (None, None, Some(place)) => {
                let message =
                    "the name of this histogram does not say its unit, so its buckets are taken for seconds";
                let help = "say it, as in `unit: milliseconds`, also where seconds are right";
                Finding::warning(name::UNCLEAR_UNIT, place, message).help(help)
            }
            (Some(name), Some(unit), Some(place)) if name != unit => {
                let message = format!(
                    "the name of this histogram says {}, and `unit` says {}",
                    name.word(),
                    unit.word()
                );
                let help = "`unit` counts; leave it out if the name is right";
                Finding::warning(name::UNCLEAR_UNIT, place, message).help(help)
            }
            _ => return,
        };
        self.push(finding);
    }

    /// A histogram, by its own name: the name of its buckets is made from it.
    fn histogram(&mut self, text: &Text) -> Option<promql::Plan> {
        let plan = self.counter(text)?;
        let called =
            plan.selectors().find_map(|selector| selector.name.as_ref()).map(|called| called.text.as_str());
        if called.is_none() {
            let help = "as in `http_server_request_duration_seconds`";
            self.error(name::NOT_A_COUNTER, text.place, "a histogram is asked for by its name", help);
            return None;
        }
        if let Some(family) = called.and_then(|called| called.strip_suffix("_bucket")) {
            let message = format!("this names the buckets of the histogram `{family}`");
            self.error(
                name::BAD_VALUE,
                text.place,
                message,
                format!("name the histogram itself: `{family}`"),
            );
            return None;
        }
        Some(plan)
    }
}

/// The unit that the name of a histogram says.
fn named(plan: &promql::Plan) -> Option<BucketUnit> {
    let name = plan.selectors().find_map(|selector| selector.name.as_ref())?;
    BucketUnit::of_name(&name.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::promql::Features;

    fn asked(question: &str, fails_when: &str) -> Question {
        let rule = format!(
            "gates: [ {{ gate: http, owner: team, checks: [ {{ check: a, {question}, fails_when: {fails_when} }} ] }} ]\n"
        );
        let mut gathered = config::Gathered::default();
        gathered.files.add("rules.yaml".to_owned(), rule);
        let loaded = config::load(gathered, Features::NONE);
        assert!(!loaded.rules.gates.is_empty(), "{:?}", loaded.findings);
        loaded.rules.gates[0].gate.checks[0].question.clone()
    }

    #[test]
    fn bounds_rise_and_are_in_the_unit_of_their_buckets() {
        for (slow, buckets, bounds) in [
            ("{ of: a_seconds, over: [2s, 500ms] }", None, vec![0.5, 2.0]),
            ("{ of: a_milliseconds, over: 500ms, buckets: classic }", Some(Buckets::Classic), vec![500.0]),
            ("{ of: a, over: 500ms, buckets: native }", Some(Buckets::Native), vec![0.5]),
            ("{ of: a, over: 500ms, unit: microseconds }", None, vec![500_000.0]),
            ("{ of: a_seconds, over: 500ms, unit: milliseconds }", None, vec![500.0]),
            ("{ of: a_seconds }", None, vec![]),
        ] {
            let Question::Slow(found) = asked(&format!("slow: {slow}"), "ratio > 2") else {
                panic!("{slow} asks for something else");
            };
            let told: Vec<f64> = found.over.iter().map(|span| found.unit.bound(*span)).collect();
            assert_eq!((found.buckets, told), (buckets, bounds), "{slow}");
        }
    }

    #[test]
    fn a_quantile_has_the_unit_of_its_buckets_too() {
        for (quantile, unit) in [
            ("{ q: 0.99, of: a_ms }", BucketUnit::Milliseconds),
            ("{ q: 0.99, of: a }", BucketUnit::Seconds),
            ("{ q: 0.99, of: a, unit: milliseconds }", BucketUnit::Milliseconds),
        ] {
            let Question::Quantile(found) = asked(&format!("quantile: {quantile}"), "value > 500ms") else {
                panic!("{quantile} asks for something else");
            };
            assert_eq!(found.unit, unit, "{quantile}");
        }
    }
}
