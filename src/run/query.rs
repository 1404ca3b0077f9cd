//! `backstop query`: what an expression is worth, over samples in files or as a Prometheus has it.

mod data;
mod remote;
mod times;

use crate::promql::{self, Answer, EvalError, Plan, When};
use crate::run::args::{self, Sight};
use crate::run::query::data::Data;
use crate::run::query::times::Times;
use crate::run::{Ending, clock, features, output};
use crate::surface::Wrong;
use crate::surface::answer::{Beside, Shown, json, plot, table};
use crate::unit::{Extent, Fault, UnixMillis};

pub(crate) fn run(asked: &args::Query) -> Ending {
    let ended = match &asked.url {
        Some(url) => remote::run(asked, url, clock::now()),
        None => over_files(asked, clock::now()),
    };
    ended.unwrap_or_else(|why| output::complain(&why))
}

fn over_files(asked: &args::Query, now: UnixMillis) -> Result<Ending, String> {
    let features = features::read(&asked.enable_feature)?;
    let plan = match promql::parse(&asked.expr, features) {
        Ok(plan) => plan,
        Err(fault) => return Ok(faulty(&asked.expr, &fault)),
    };
    let data = Data::read(&asked.data, now)?;
    let when = Times { now, newest: data.newest().unwrap_or(now) }.when(asked)?;
    if let Some(fault) = misfit(&asked.expr, &plan, when) {
        return Ok(faulty(&asked.expr, &fault));
    }
    match promql::evaluate(&plan, &promql::Query::new(when), &data.store) {
        Ok(answer) => Ok(told(asked, when, &answer)),
        Err(error) => {
            output::aside(&unevaluated(&asked.expr, &error));
            Ok(Ending::Found)
        }
    }
}

fn told(asked: &args::Query, when: When, answer: &Answer) -> Ending {
    let text = match sight(asked, when) {
        Sight::Json => {
            let beside = Beside { text: &asked.expr, at: when.end(), limit: None, stats: None };
            format!("{}\n", String::from_utf8_lossy(&json(answer, &beside)))
        }
        sight @ (Sight::Table | Sight::Plot) => {
            for note in &answer.annotations {
                output::aside(&format!("{}\n", note.within(&asked.expr)));
            }
            drawn(sight, &Shown::from(&answer.value))
        }
    };
    output::print(&text, Ending::Clean)
}

fn drawn(sight: Sight, shown: &Shown) -> String {
    match sight {
        Sight::Plot => plot(shown),
        Sight::Table | Sight::Json => table(shown),
    }
}

/// How it is printed, where nobody said: as a picture if that says something and somebody looks.
fn sight(asked: &args::Query, when: When) -> Sight {
    let plain =
        if matches!(when, When::Range { .. }) && output::is_seen() { Sight::Plot } else { Sight::Table };
    asked.output.unwrap_or(plain)
}

/// What a range cannot be asked for.
fn misfit(text: &str, plan: &Plan, when: When) -> Option<Fault> {
    let kind = plan.value_type();
    let fits = matches!(kind, promql::ValueType::Scalar | promql::ValueType::Vector);
    if fits || matches!(when, When::At(_)) {
        return None;
    }
    let message = format!("this is a {kind}, which has no value at each step of a range");
    Some(
        Fault::whole(text, message)
            .help("ask for one moment with `--at`, or make it a vector, as `rate(..)` does"),
    )
}

fn faulty(text: &str, fault: &Fault) -> Ending {
    let Fault { extent, message, help } = fault;
    let wrong = Wrong { text, extent: Some(*extent), message, help: help.as_deref() };
    output::aside(&wrong.render(output::colour_of_errors()));
    Ending::CouldNotRun
}

fn unevaluated(text: &str, error: &EvalError) -> String {
    let extent: Option<Extent> = match error {
        EvalError::NoDuration(extent) | EvalError::DividedDuration(extent) => Some(*extent),
        EvalError::SameLabels(_)
        | EvalError::ManyToMany { .. }
        | EvalError::ManyToOne
        | EvalError::NotUnique
        | EvalError::TooManySamples(_)
        | EvalError::Stopped
        | EvalError::Argument(_) => None,
    };
    Wrong { text, extent, message: &error.to_string(), help: None }.render(output::colour_of_errors())
}
