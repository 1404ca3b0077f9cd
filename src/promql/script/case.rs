//! Cases: an expression, when it is evaluated, and what has to come of it.

use std::collections::BTreeMap;

use crate::promql::eval::{Annotation, Answer, EvalError, Names, Query, Value, Weight, When, evaluate};
use crate::promql::plan::Plan;
use crate::promql::script::compare;
use crate::promql::script::expect::{Expects, Notes, Told};
use crate::promql::script::row::{Row, Written};
use crate::promql::script::told::{self, Difference, Failure};
use crate::promql::script::variants::{self, Put};
use crate::promql::text::Text;
use crate::signal::Labels;
use crate::store::Store;
use crate::unit::{Span, UnixMillis};

/// How many samples an expression of a script may hold at a time.
const HELD: usize = 10_000;

/// An expression, when it is evaluated, and what has to come of it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// The number of its line.
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) plan: Plan,
    pub(super) when: When,
    pub(super) expects: Expects,
    pub(super) worth: Worth,
}

/// What an expression is worth.
#[derive(Debug, Clone)]
pub(super) enum Worth {
    Scalar(f64),
    Text(Text),
    Series(Expected),
}

/// What series are expected.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) steps: Steps,
    /// Whether each is a range of samples though the expression is evaluated at a moment.
    pub(super) windows: bool,
    pub(super) rows: BTreeMap<Labels, ExpectedRow>,
}

/// What is expected of a series.
#[derive(Debug, Clone)]
pub(super) struct ExpectedRow {
    /// How many stand before it.
    pub(super) position: usize,
    pub(super) values: Vec<Option<Written>>,
}

/// The moments of which a row tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    pub(super) from: UnixMillis,
    pub(super) to: UnixMillis,
    pub(super) step: Span,
}

impl Steps {
    pub(super) const fn one(at: UnixMillis) -> Self {
        Self { from: at, to: at, step: Span::ZERO }
    }

    /// How many there are.
    pub(super) const fn count(&self) -> u64 {
        match self
            .to
            .millis()
            .saturating_sub(self.from.millis())
            .unsigned_abs()
            .checked_div(self.step.millis())
        {
            Some(steps) => steps.saturating_add(1),
            None => 1,
        }
    }

    /// Which of them a moment is.
    pub(super) fn index(&self, at: UnixMillis) -> Option<usize> {
        let since = u64::try_from(at.millis().checked_sub(self.from.millis())?).ok()?;
        let step = self.step.millis().max(1);
        if since % step == 0 { usize::try_from(since / step).ok() } else { None }
    }
}

impl Expected {
    pub(super) fn take(&mut self, row: Row) {
        let position = self.rows.len();
        self.rows.insert(row.labels, ExpectedRow { position, values: row.values });
    }
}

impl Case {
    pub(super) fn run(&self, store: &Store) -> Result<(), Failure> {
        let When::At(at) = self.when else {
            let answer = evaluated(&self.plan, self.when, store);
            return self.check(answer).map(drop).map_err(|what| self.failure(String::new(), what));
        };
        for put in variants::puts(&self.plan, at) {
            self.run_at(&put, store)?;
        }
        Ok(())
    }

    /// Holds one way to put it against what is expected, at its moment and as a step of a range.
    fn run_at(&self, put: &Put<'_>, store: &Store) -> Result<(), Failure> {
        let answer = evaluated(&put.plan, When::At(put.at), store);
        let checked = self.check(answer).map_err(|what| self.failure(put.at_a_moment(), what))?;
        let over_steps = match &self.worth {
            Worth::Scalar(_) => true,
            Worth::Text(_) => false,
            Worth::Series(expected) => !expected.windows,
        };
        if checked.is_none() || !over_steps || variants::asks_for_its_range(&self.text) {
            return Ok(());
        }
        let ranged = evaluated(&put.plan, put.around(), store);
        self.check_middle(ranged, put.at).map_err(|what| self.failure(put.within_a_range(), what))
    }

    /// Holds an answer against all that is expected; nothing where it failed as it should.
    fn check(&self, answer: Result<Answer, EvalError>) -> Result<Option<Answer>, Difference> {
        let answer = match (answer, &self.expects.fails) {
            (Err(error), Some(told)) if told.accepts(&error.to_string()) => return Ok(None),
            (Err(error), told) => {
                let expected = told.as_ref().map_or_else(|| told::worth(&self.worth), failing);
                return Err(Difference { expected, got: format!("error: {error}") });
            }
            (Ok(answer), Some(told)) => {
                return Err(Difference { expected: failing(told), got: told::value(&answer.value) });
            }
            (Ok(answer), None) => answer,
        };
        self.check_annotations(&answer.annotations)?;
        compare::compare(&self.worth, self.expects.ordered, &answer.value)?;
        Ok(Some(answer))
    }

    /// Holds the middle step of a range against what is expected at a moment.
    fn check_middle(&self, answer: Result<Answer, EvalError>, at: UnixMillis) -> Result<(), Difference> {
        let answer = answer.map_err(|error| Difference {
            expected: told::worth(&self.worth),
            got: format!("error: {error}"),
        })?;
        if self.expects.ordered {
            return Ok(());
        }
        compare::sorted(&answer.value)?;
        let Value::Matrix(rows) = answer.value else {
            return Err(Difference { expected: told::worth(&self.worth), got: told::value(&answer.value) });
        };
        let elements = rows.into_iter().filter_map(|row| {
            let found = row.points().find(|(time, _)| *time == at);
            found.map(|(_, point)| (row.labels, point))
        });
        let elements = elements.collect();
        let value = if matches!(self.worth, Worth::Scalar(_)) {
            compare::as_scalar(elements)
        } else {
            Value::Vector(elements)
        };
        compare::compare(&self.worth, false, &value)
    }

    fn check_annotations(&self, annotations: &[Annotation]) -> Result<(), Difference> {
        let kinds = [(Weight::Warning, &self.expects.warnings), (Weight::Info, &self.expects.infos)];
        for (weight, notes) in kinds {
            let of_weight = annotations.iter().filter(|annotation| annotation.weight == weight);
            check_notes(
                notes,
                &of_weight.map(|annotation| annotation.within(&self.text)).collect::<Vec<_>>(),
            )?;
        }
        Ok(())
    }

    fn failure(&self, put: String, what: Difference) -> Failure {
        Failure { line: self.line, expression: self.text.clone(), put, what }
    }
}

/// As the evaluator by which these scripts are held evaluates.
fn evaluated(plan: &Plan, when: When, store: &Store) -> Result<Answer, EvalError> {
    let query = Query { names: Names::GoLast, starts: true, samples: HELD, ..Query::new(when) };
    evaluate(plan, &query, store)
}

fn failing(told: &Told) -> String {
    format!("error: {}", told.text())
}

fn check_notes(notes: &Notes, found: &[String]) -> Result<(), Difference> {
    let got = || told::rows(found.iter().cloned());
    if notes.none && !found.is_empty() {
        return Err(Difference { expected: "no annotations of this kind".to_owned(), got: got() });
    }
    let missing = notes.told.iter().any(|told| !found.iter().any(|note| told.accepts(note)));
    let all_told =
        notes.told.is_empty() || found.iter().all(|note| notes.told.iter().any(|told| told.accepts(note)));
    if missing || !all_told || notes.some && found.is_empty() {
        let expected = told::rows(notes.told.iter().map(Told::text));
        return Err(Difference { expected: format!("annotations: {expected}"), got: got() });
    }
    Ok(())
}
