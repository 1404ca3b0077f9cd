//! Research: what the texts of an action ask of samples is found out, one query after the other.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use crate::decision::{Action, Answers, Filling, Found, MOST_QUERIES, Matter};
use crate::engine::{Engine, Event, FOUND_OUT_WITHIN, Flight, Inquiry};
use crate::promql::{self, Features, Query, Value, Weight, When};
use crate::run::clock::Stopwatch;
use crate::run::message::{matter, message};
use crate::run::queries::worth;
use crate::signal::{Labels, Point};
use crate::store::Store;
use crate::unit::{Name, UnixMillis};

/// The most that a query of a text may find. Whoever reads the text reads no more.
const MOST_FOUND: usize = 1_000;

/// The most that the queries of an action and what they find may come to, in bytes: all of it is written down.
const MOST_WRITTEN_DOWN: usize = 16 << 10;

/// What a value counts as, in bytes.
const A_VALUE: usize = 8;

/// What is to be found out before an attempt.
#[derive(Debug)]
pub struct Research {
    inquiry: Inquiry,
    action: Arc<Action>,
    /// The source that is asked; none: the samples that were sent.
    source: Option<Name>,
    matter: Matter,
    /// What is known from before.
    answers: Answers,
    at: UnixMillis,
    watch: Stopwatch,
    /// Why it cannot be filled, whatever else is asked.
    failed: Option<String>,
}

impl Research {
    /// That of a flight, before this attempt; or why nobody can say.
    pub(crate) fn of(
        flight: &Flight,
        engine: &Engine,
        (inquiry, url): (&Inquiry, Option<&str>),
        at: UnixMillis,
    ) -> Result<Self, String> {
        let action = flight.action.clone().ok_or("the rules do not say any more how it is done")?;
        let cell =
            engine.cell(flight.intention.decision.cell).ok_or("its gate is not in the rules any more")?;
        let told = message(flight, engine, (cell, url));
        let matter = matter(&told, (cell, url), &action);
        let source =
            engine.program().target(&flight.intention.target).and_then(|target| target.source.clone());
        let (inquiry, answers) = (inquiry.clone(), flight.intention.answers.clone());
        Ok(Self { inquiry, action, source, matter, answers, at, watch: Stopwatch::start(), failed: None })
    }

    /// The source that is asked; none: the samples that were sent.
    pub(crate) const fn source(&self) -> Option<&Name> {
        self.source.as_ref()
    }

    /// As of when samples are asked for.
    pub(crate) const fn at(&self) -> UnixMillis {
        self.at
    }

    /// How long there is for it from now on.
    pub(crate) fn left(&self) -> Duration {
        Duration::from_millis(FOUND_OUT_WITHIN.millis()).saturating_sub(self.watch.elapsed())
    }

    /// The query that has to be answered next; nothing where all is known, or nothing more will be.
    pub(crate) fn next(&mut self) -> Option<String> {
        let webhook = self.action.deed.webhook().filter(|_| self.failed.is_none())?;
        let says_why = self.action.says_why();
        let filling = Filling { matter: &self.matter, answers: &self.answers, says_why };
        match webhook.needs(filling) {
            Ok(Some(_)) if MOST_QUERIES <= self.answers.0.len() => {
                let why = format!("its texts ask more than {MOST_QUERIES} queries, all together");
                self.failed = Some(why);
                None
            }
            Ok(query) => query,
            Err(why) => {
                self.failed = Some(why);
                None
            }
        }
    }

    /// A query found this, or has no answer for this reason.
    pub(crate) fn answer(&mut self, query: String, found: Result<Vec<Found>, String>) {
        let room = MOST_WRITTEN_DOWN.saturating_sub(self.answers.0.iter().map(size).sum());
        let found = found.and_then(|found| match found.len() {
            ..=MOST_FOUND => Ok(found),
            count => Err(format!("it finds {count} values, and {MOST_FOUND} are the most: ask for fewer")),
        });
        if room < query.len() {
            self.failed = Some(format!("its queries alone are longer than {MOST_WRITTEN_DOWN} bytes"));
            return;
        }
        let found = if room < size((&query, &found)) {
            Err(format!("with the others it comes to more than {MOST_WRITTEN_DOWN} bytes"))
        } else {
            found
        };
        self.answers.add(query, found);
    }

    /// What came of it. People are told what is known by now, whatever went wrong.
    pub(crate) fn told(self) -> Event {
        let failed = self.failed.filter(|_| !self.action.says_why());
        Event::Informed(self.inquiry, failed.map_or(Ok(self.answers), Err))
    }

    /// What comes of it where nobody answers, and why.
    pub fn without(self, why: &str) -> Event {
        self.done(|_, _| Err(why.to_owned()))
    }

    /// What comes of it by these samples.
    pub fn done_by(self, store: &RwLock<Store>) -> Event {
        self.done(|own, query| own.evaluated(query, store))
    }

    fn done(mut self, ask: impl Fn(&Self, &str) -> Result<Vec<Found>, String>) -> Event {
        while let Some(query) = self.next() {
            let found = ask(&self, &query);
            self.answer(query, found);
        }
        self.told()
    }

    fn evaluated(&self, query: &str, store: &RwLock<Store>) -> Result<Vec<Found>, String> {
        let plan = promql::parse(query, Features::ALL).map_err(|fault| fault.to_string())?;
        let late = || self.left().is_zero();
        let asked = Query { stop: &late, ..Query::new(When::At(self.at)) };
        let answer = worth(&plan, &asked, store).map_err(|refused| refused.to_string())?;
        if let Some(warning) = answer.annotations.iter().find(|said| said.weight == Weight::Warning) {
            return Err(warned(&warning.text));
        }
        match answer.value {
            Value::Scalar(value) => Ok(vec![Found { labels: BTreeMap::new(), value }]),
            Value::Vector(elements) => {
                Ok(elements.iter().map(|(labels, point)| found(labels, number(point))).collect())
            }
            Value::Text(_) | Value::Matrix(_) => Err(NO_VALUES.to_owned()),
        }
    }
}

/// Why something that may be wrong is no answer.
pub(crate) fn warned(of: &str) -> String {
    format!("it may be wrong: {of}")
}

/// What a histogram stands as, which is no number: the zero that Prometheus has there.
pub(crate) const A_HISTOGRAM: f64 = 0.0;

/// Why something that was answered is no answer.
pub(crate) const NO_VALUES: &str = "it finds neither an instant vector nor a scalar";

/// A value with its labels.
pub(crate) fn found(labels: &Labels, value: f64) -> Found {
    let labels = labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Found { labels, value }
}

const fn number(point: &Point) -> f64 {
    match point {
        Point::Float(value) => *value,
        Point::Histogram(_) => A_HISTOGRAM,
    }
}

fn size((query, found): (&String, &Result<Vec<Found>, String>)) -> usize {
    let of = |found: &Found| {
        A_VALUE + found.labels.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
    };
    query.len() + found.as_ref().map_or_else(String::len, |found| found.iter().map(of).sum())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::config;
    use crate::decision::Key;
    use crate::signal::{NAME, Observation};
    use crate::store::Bounds;

    /// What is to be found out for an action of which the texts of the body are these.
    fn research(does: &str, texts: &[&str]) -> Research {
        let mut rules = format!(
            "hosts: [ '*.example.com' ]\nactions:\n  - action: does\n    does: {does}\n    webhook:\n      url: https://x.example.com\n      body:\n"
        );
        for (index, text) in texts.iter().enumerate() {
            writeln!(rules, "        text{index}: '{text}'").expect("a text takes all");
        }
        let mut gathered = config::Gathered::default();
        gathered.files.add("rules.yaml".to_owned(), rules);
        let loaded = config::load(gathered, Features::NONE);
        let action = loaded.rules.actions.first().unwrap_or_else(|| panic!("{:?}", loaded.findings));
        Research {
            inquiry: Inquiry { key: Key("act_1".to_owned()), attempt: 1, until: UnixMillis::new(0) },
            action: Arc::new(action.clone()),
            source: None,
            matter: Matter::default(),
            answers: Answers::default(),
            at: UnixMillis::new(0),
            watch: Stopwatch::start(),
            failed: None,
        }
    }

    fn told(event: Event) -> Result<Answers, String> {
        let Event::Informed(_, answers) = event else { panic!("{event:?}") };
        answers
    }

    /// So many series of `x`, each with a label as long as that.
    fn store(series: usize, length: usize) -> RwLock<Store> {
        let mut store = Store::new(Bounds::default());
        let now = UnixMillis::new(0);
        let mut observe = |name: &str, index: usize, sample: Observation| {
            let pairs = [(NAME, name.to_owned()), ("pod", format!("{index:0length$}"))];
            let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
            store.observe(&Labels::new(pairs.to_vec()).unwrap(), [sample], now);
        };
        for index in 0..series {
            observe("x", index, Observation { at: now, start: None, point: Point::Float(1.5) });
        }
        RwLock::new(store)
    }

    #[test]
    fn what_is_no_number_of_now_has_no_answer() {
        let store = store(2, 1);
        for (query, value) in [
            ("x", Ok(1.5)),
            ("1 + 1", Ok(2.0)),
            ("x + on () x", Err("many-to-many")),
            ("quantile(7, x)", Err("it may be wrong: ")),
        ] {
            let event = research("notify", &[&format!("{{{{ query `{query}` }}}}")]).done_by(&store);
            let answers = told(event).unwrap();
            match (&answers.0[query], value) {
                (Ok(found), Ok(value)) => {
                    assert_eq!(found[0].value.to_bits(), f64::to_bits(value), "{query}");
                }
                (Err(why), Err(part)) => assert!(why.contains(part), "{query}: {why}"),
                (found, _) => panic!("{query}: {found:?}"),
            }
        }
    }

    /// Each bound from both sides. Nothing is done with a part of it, and people are told what there is.
    #[test]
    fn no_more_is_found_out_than_is_written_down() {
        let each = |count: usize| -> Vec<String> {
            (0..count).map(|number| format!("{{{{ query `{number} + 1` }}}}")).collect()
        };
        let all = || vec!["{{ query `x` | len }}".to_owned()];
        // A series counts its names and values, and eight bytes.
        let whole = |length: usize| (MOST_WRITTEN_DOWN - 1) / ("__name__xpod".len() + length + 8);
        for (what, texts, (series, length), why) in [
            ("as many queries", each(MOST_QUERIES), (0, 1), None),
            ("one query more", each(MOST_QUERIES + 1), (0, 1), Some("more than 16 queries, all together")),
            ("as much", all(), (whole(50), 50), None),
            ("more", all(), (whole(50) + 1, 50), Some("with the others it comes to more than 16384 bytes")),
        ] {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let store = store(series, length);
            let strict = told(research("rollback", &texts).done_by(&store));
            assert_eq!(
                strict.as_ref().err().map(|told| why.is_some_and(|why| told.contains(why))),
                why.map(|_| true),
                "{what}: {strict:?}"
            );
            let people = told(research("notify", &texts).done_by(&store)).unwrap();
            assert_eq!(people.0.values().any(Result::is_err), what == "more", "{what}");
            assert!(people.0.len() <= MOST_QUERIES, "{what}");
        }
        let mut own = research("notify", &["{{ query `x` | len }}"]);
        let found = |count: usize| Ok(vec![Found { labels: BTreeMap::new(), value: 1.0 }; count]);
        own.answer("most".to_owned(), found(MOST_FOUND));
        own.answer("more".to_owned(), found(MOST_FOUND + 1));
        let answers = told(own.told()).unwrap();
        assert!(answers.0["most"].is_ok());
        assert_eq!(
            answers.0["more"],
            Err("it finds 1001 values, and 1000 are the most: ask for fewer".to_owned())
        );
    }
}
