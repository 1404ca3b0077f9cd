//! Research: what the texts of an action ask of samples is found out, one query after the other.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use crate::decision::{Action, Answers, Filling, Found, Key, MOST_QUERIES, Matter};
use crate::engine::{Engine, Event, FOUND_OUT_WITHIN, Flight};
use crate::promql::{self, Features, Query, Value, When};
use crate::run::clock::Stopwatch;
use crate::run::message::{matter, message};
use crate::run::queries::worth;
use crate::signal::{Labels, Point};
use crate::store::Store;
use crate::unit::UnixMillis;

/// The most that a query of a text may find. Whoever reads the text reads no more.
const MOST_FOUND: usize = 1_000;

/// The most that all queries of an action may find, in bytes of labels and values: each of it is written down.
const MOST_WRITTEN_DOWN: usize = 64 << 10;

/// What a value counts as, in bytes.
const A_VALUE: usize = 8;

/// What is to be found out before an attempt.
#[derive(Debug)]
pub struct Research {
    key: Key,
    attempt: u32,
    action: Arc<Action>,
    matter: Matter,
    /// What is known from before.
    answers: Answers,
    at: UnixMillis,
    watch: Stopwatch,
}

impl Research {
    /// That of a flight, before this attempt; or why nobody can say.
    pub(crate) fn of(
        flight: &Flight,
        engine: &Engine,
        (attempt, url): (u32, Option<&str>),
        at: UnixMillis,
    ) -> Result<Self, String> {
        let action = flight.action.clone().ok_or("the rules do not say any more how it is done")?;
        let cell =
            engine.cell(flight.intention.decision.cell).ok_or("its gate is not in the rules any more")?;
        let told = message(flight, engine, (cell, url));
        let matter = matter(&told, (cell, url), &action);
        let (key, answers) = (flight.intention.key.clone(), flight.intention.answers.clone());
        Ok(Self { key, attempt, action, matter, answers, at, watch: Stopwatch::start() })
    }

    /// As of when samples are asked for.
    pub(crate) const fn at(&self) -> UnixMillis {
        self.at
    }

    /// How long there is for it from now on.
    pub(crate) fn left(&self) -> Duration {
        Duration::from_millis(FOUND_OUT_WITHIN.millis()).saturating_sub(self.watch.elapsed())
    }

    /// What comes of it where each query is answered so.
    pub(crate) fn done(mut self, ask: impl Fn(&Self, &str) -> Result<Vec<Found>, String>) -> Event {
        let answers = self.found_out(ask).map(|()| std::mem::take(&mut self.answers));
        Event::Informed { key: self.key, attempt: self.attempt, answers }
    }

    /// What comes of it where nobody answers, and why.
    pub fn without(self, why: &str) -> Event {
        self.done(|_, _| Err(why.to_owned()))
    }

    /// What comes of it by these samples.
    pub fn done_by(self, store: &RwLock<Store>) -> Event {
        self.done(|own, query| own.evaluated(query, store))
    }

    fn found_out(&mut self, ask: impl Fn(&Self, &str) -> Result<Vec<Found>, String>) -> Result<(), String> {
        let webhook = self.action.deed.webhook().ok_or("it is no webhook any more")?;
        let says_why = !self.action.kind.changes_target();
        loop {
            let filling = Filling { matter: &self.matter, answers: &self.answers, says_why };
            let Some(query) = webhook.needs(filling)? else { return Ok(()) };
            if MOST_QUERIES <= self.answers.0.len() {
                return Err(format!("its texts ask more than {MOST_QUERIES} queries, all together"));
            }
            let found = ask(self, &query).and_then(|found| self.bounded(found));
            self.answers.add(query, found);
        }
    }

    /// What was found, unless it is more than is written down.
    fn bounded(&self, found: Vec<Found>) -> Result<Vec<Found>, String> {
        if MOST_FOUND < found.len() {
            let count = found.len();
            return Err(format!("it finds {count} values, and {MOST_FOUND} are the most: ask for fewer"));
        }
        let known = self.answers.0.values().flatten().map(|found| size(found)).sum::<usize>();
        if MOST_WRITTEN_DOWN < known + size(&found) {
            return Err(format!("with it more than {MOST_WRITTEN_DOWN} bytes would be written down"));
        }
        Ok(found)
    }

    fn evaluated(&self, query: &str, store: &RwLock<Store>) -> Result<Vec<Found>, String> {
        let plan = promql::parse(query, Features::ALL).map_err(|fault| fault.to_string())?;
        let late = || self.left().is_zero();
        let asked = Query { stop: &late, ..Query::new(When::At(self.at)) };
        let answer = worth(&plan, &asked, store).map_err(|refused| refused.to_string())?;
        match answer.value {
            Value::Scalar(value) => Ok(vec![Found { labels: BTreeMap::new(), value }]),
            Value::Vector(elements) => {
                Ok(elements.iter().map(|(labels, point)| found(labels, number(point))).collect())
            }
            Value::Text(_) | Value::Matrix(_) => Err(NO_VALUES.to_owned()),
        }
    }
}

/// Why something that was answered is no answer.
pub(crate) const NO_VALUES: &str = "it finds neither an instant vector nor a scalar";

/// A value with its labels.
pub(crate) fn found(labels: &Labels, value: f64) -> Found {
    let labels = labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Found { labels, value }
}

/// A histogram is no number, and stands as the zero that Prometheus has there.
const fn number(point: &Point) -> f64 {
    match point {
        Point::Float(value) => *value,
        Point::Histogram(_) => 0.0,
    }
}

fn size(found: &[Found]) -> usize {
    let of = |found: &Found| {
        A_VALUE + found.labels.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
    };
    found.iter().map(of).sum()
}
