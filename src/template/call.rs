//! Calls: how many arguments a function takes, what each has to be, and who answers.

use crate::template::answer::Answers;
use crate::template::bound::{BYTES_A_STEP, MOST_QUERIES};
use crate::template::evaluate::Rest;
use crate::template::function::{GO, PROMETHEUS};
use crate::template::paper::{Full, Paper};
use crate::template::render::{Stop, Walk, Walked, too_long};
use crate::template::value::Value;
use crate::template::{builtin, compare, human, label, print, text};
use crate::unit::{Extent, Fault};

/// What an argument has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Anything,
    Text,
    Sample,
    Samples,
}

/// What keeps a function from giving a value.
#[derive(Debug)]
pub(super) enum Wrong {
    Because(String),
    TooLong,
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self::Because(why)
    }
}

impl From<&str> for Wrong {
    fn from(why: &str) -> Self {
        Self::Because(why.to_owned())
    }
}

impl From<Full> for Wrong {
    fn from(Full: Full) -> Self {
        Self::TooLong
    }
}

impl Wants {
    /// What that function wants at that place.
    fn of(function: &str, place: usize) -> Self {
        match (function, place) {
            ("first", _) | ("sortByLabel", 1) => Self::Samples,
            ("value" | "strvalue", _) | ("label", 1) => Self::Sample,
            ("printf" | "label" | "sortByLabel", 0)
            | (
                "graphLink" | "match" | "parseDuration" | "query" | "reReplaceAll" | "safeHtml"
                | "stripDomain" | "stripPort" | "tableLink" | "title" | "toLower" | "toUpper",
                _,
            ) => Self::Text,
            _ => Self::Anything,
        }
    }

    /// What stands for nothing.
    pub(super) fn of_nothing(self) -> Result<Value, String> {
        match self {
            Self::Anything => Ok(Value::Missing),
            Self::Samples => Ok(Value::list([])),
            Self::Text => Err("a text is wanted here, and there is nothing".to_owned()),
            Self::Sample => Err("a sample is wanted here, and there is nothing".to_owned()),
        }
    }

    /// The value, where it is what is wanted.
    pub(super) fn fit(self, value: Value) -> Result<Value, String> {
        let (fits, wanted) = match (self, &value) {
            (Self::Anything, _) => return Ok(value),
            (_, Value::Missing) => return self.of_nothing(),
            (Self::Text, value) => (matches!(value, Value::Text(_)), "a text"),
            (Self::Sample, value) => (value.is_sample(), "a sample"),
            (Self::Samples, Value::List(list)) => {
                (list.first().is_none_or(Value::is_sample), "what `query` found")
            }
            (Self::Samples, _) => (false, "what `query` found"),
        };
        if fits { Ok(value) } else { Err(format!("{wanted} is wanted here, and this is {}", value.kind())) }
    }
}

impl<'t> Walk<'t> {
    pub(super) fn function(&mut self, dot: &Value, name: &str, rest: Rest<'t>) -> Walked<Value> {
        let at = rest.extent;
        let Some(function) = GO.iter().chain(PROMETHEUS).find(|function| function.name == name) else {
            return Err(Fault::new(at, format!("there is no function `{name}`")).into());
        };
        let (count, arity) = (rest.len(), function.arity);
        if count < usize::from(arity.least) || arity.most.is_some_and(|most| usize::from(most) < count) {
            let least = arity.least;
            let wanted = if arity.most.is_none() { format!("{least} or more") } else { least.to_string() };
            return Err(Fault::new(at, format!("`{name}` takes {wanted} arguments, and has {count}")).into());
        }
        if let "and" | "or" = name {
            return self.either(dot, name == "or", rest);
        }
        let arguments = self.arguments(dot, rest, |place| Wants::of(name, place))?;
        self.step(arguments.iter().map(weight).sum(), at)?;
        let value = if name == "query" {
            self.query(&arguments, at)?
        } else {
            answered(name, &arguments, self.external_url).map_err(|wrong| match wrong {
                Wrong::Because(why) => Fault::new(at, why).into(),
                Wrong::TooLong => too_long(at),
            })?
        };
        self.step(text::cost(name) + weight(&value), at)?;
        Ok(value)
    }

    /// `and` and `or`: the first argument that settles it, or the last. Those after it are not looked at.
    fn either(&mut self, dot: &Value, wanted: bool, rest: Rest<'t>) -> Walked<Value> {
        let mut value = Value::Missing;
        for operand in rest.arguments {
            value = self.argument(dot, operand, Wants::Anything)?;
            if value.truth() == wanted {
                return Ok(value);
            }
        }
        Ok(rest.last.unwrap_or(value))
    }

    pub(super) fn arguments(
        &mut self,
        dot: &Value,
        rest: Rest<'t>,
        wants: impl Fn(usize) -> Wants,
    ) -> Walked<Vec<Value>> {
        let mut values = Vec::with_capacity(rest.len());
        for (place, operand) in rest.arguments.iter().enumerate() {
            values.push(self.argument(dot, operand, wants(place))?);
        }
        if let Some(last) = rest.last {
            let fit = wants(values.len()).fit(last);
            values.push(fit.map_err(|why| Stop::from(Fault::new(rest.extent, why)))?);
        }
        Ok(values)
    }

    fn query(&mut self, arguments: &[Value], at: Extent) -> Walked<Value> {
        let query = match arguments.first().and_then(Value::bytes).map(std::str::from_utf8) {
            Some(Ok(query)) => query.to_owned(),
            Some(Err(_)) | None => return Err(Fault::new(at, "the query is no valid UTF-8").into()),
        };
        let answers: &'t Answers = self.answers;
        self.asked.insert(query.clone());
        if MOST_QUERIES < self.asked.len() {
            let fault = Fault::new(at, format!("this asks more than {MOST_QUERIES} different queries"));
            return Err(fault.help("ask one that finds all of it, and walk over what it finds").into());
        }
        match answers.get(&query) {
            Some(Ok(found)) => Ok(found),
            Some(Err(why)) => Err(Fault::new(at, format!("the query `{query}` has no answer: {why}")).into()),
            None => Err(Stop::Needs(query)),
        }
    }
}

/// How many steps it takes to go over it.
fn weight(value: &Value) -> usize {
    let length = value.length().unwrap_or(0);
    if value.bytes().is_some() { length / BYTES_A_STEP } else { length }
}

/// What a function makes of its arguments. How many they are and what they are has been looked at.
fn answered(name: &str, arguments: &[Value], external_url: &str) -> Result<Value, Wrong> {
    let mut paper = Paper::default();
    match name {
        "print" => print::joined(&mut paper, arguments)?,
        "println" => print::line(&mut paper, arguments)?,
        "printf" => {
            if let Some((format, rest)) = arguments.split_first() {
                print::formatted(&mut paper, format.bytes().unwrap_or_default(), rest)?;
            }
        }
        "html" | "js" | "urlquery" => {
            print::joined(&mut paper, &arguments.iter().map(text::escapable).collect::<Vec<_>>())?;
            let raw = std::mem::take(&mut paper);
            text::escape(&mut paper, name, &raw.bytes)?;
        }
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" => {
            return Ok(Value::Bool(compare::compared(name, arguments)?));
        }
        "first" | "value" | "strvalue" | "label" | "sortByLabel" => return label::answered(name, arguments),
        "humanize" | "humanize1024" | "humanizeDuration" | "humanizePercentage" | "humanizeTimestamp"
        | "toTime" | "parseDuration" => return human::answered(name, arguments),
        "not" | "len" | "index" | "slice" | "call" | "args" => return builtin::answered(name, arguments),
        _ => return text::answered(name, arguments, external_url),
    }
    Ok(Value::text(paper.bytes))
}
