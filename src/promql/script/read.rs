//! Reading scripts: commands of one or more lines, with empty lines between them.

use crate::promql::eval::When;
use crate::promql::feature::Features;
use crate::promql::script::case::{Case, Expected, Steps, Worth};
use crate::promql::script::error::{Misread, ScriptError};
use crate::promql::script::expect::{Expects, Told};
use crate::promql::script::load::Load;
use crate::promql::script::row::Row;
use crate::promql::script::{Command, LARGEST_SCRIPT, MOST_LOADED};
use crate::promql::{number, text};
use crate::unit::{Span, UnixMillis};
use std::collections::BTreeMap;

pub(super) fn read(text: &str) -> Result<Vec<Command>, ScriptError> {
    if LARGEST_SCRIPT < text.len() {
        return Err(Misread::TooLarge(text.len()).at(1));
    }
    let mut reader = Reader { lines: text.lines().map(significant).collect(), at: 0, loaded: 0 };
    let mut commands = Vec::new();
    while let Some(line) = reader.next() {
        if !line.is_empty() {
            let begun = reader.at;
            commands.push(reader.command(line, begun).map_err(|why| why.at(reader.at))?);
        }
    }
    Ok(commands)
}

/// A line without the blanks around it; a comment is as good as an empty line.
fn significant(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') { "" } else { line }
}

struct Reader<'t> {
    lines: Vec<&'t str>,
    /// How many lines have been taken, which is the number of the last of them.
    at: usize,
    loaded: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<&'t str> {
        let line = self.lines.get(self.at)?;
        self.at += 1;
        Some(line)
    }

    /// The next line of a command; an empty one ends it.
    fn of_command(&mut self) -> Option<&'t str> {
        let line = self.lines.get(self.at).filter(|line| !line.is_empty())?;
        self.at += 1;
        Some(line)
    }

    fn command(&mut self, line: &'t str, begun: usize) -> Result<Command, Misread> {
        let (word, rest) = first_word(line);
        let lower = word.to_ascii_lowercase();
        match (lower.as_str(), lower.split_once('_').unwrap_or((&lower, ""))) {
            ("clear", _) => Ok(Command::Clear),
            ("load", _) => self.load(Load::new(begun, rest.parse()?, false)).map(Command::Load),
            ("load_with_nhcb", _) => self.load(Load::new(begun, rest.parse()?, true)).map(Command::Load),
            (_, ("eval", mode)) => {
                let mut case = case(line, rest, begun)?;
                mark(&mut case, mode).ok_or_else(|| Misread::Command(word.to_owned()))?;
                self.expectations(&mut case, mode == "fail")?;
                Ok(Command::Eval(Box::new(case)))
            }
            _ => Err(Misread::Command(word.to_owned())),
        }
    }

    fn load(&mut self, mut load: Load) -> Result<Load, Misread> {
        while let Some(line) = self.of_command() {
            self.loaded += load.take(line)?;
            if MOST_LOADED < self.loaded {
                return Err(Misread::TooMuch);
            }
        }
        load.complete()?;
        Ok(load)
    }

    fn expectations(&mut self, case: &mut Case, fails: bool) -> Result<(), Misread> {
        while let Some(line) = self.of_command() {
            if fails && let Some(told) = old_fail(line) {
                case.expects.fails = Some(told?);
                return Ok(());
            }
            if let Some(value) = bare_number(line) {
                case.worth = Worth::Scalar(value);
                return Ok(());
            }
            expectation(case, line)?;
        }
        Ok(())
    }
}

/// The first word, and what follows the blanks behind it.
fn first_word(text: &str) -> (&str, &str) {
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_start())
}

/// What follows these words, each with a word of its own behind it, which come first.
fn told<'t, const N: usize>(mut rest: &'t str, words: [&str; N]) -> Option<([&'t str; N], &'t str)> {
    let mut values = [""; N];
    for (value, expected) in values.iter_mut().zip(words) {
        let (word, behind) = first_word(rest);
        if word != expected {
            return None;
        }
        (*value, rest) = first_word(behind);
    }
    Some((values, rest))
}

fn case(line: &str, rest: &str, begun: usize) -> Result<Case, Misread> {
    let no_time = || Misread::When(line.to_owned());
    let (kind, rest) = first_word(rest);
    let (when, steps, text) = match kind {
        "instant" => {
            let ([at], text) = told(rest, ["at"]).ok_or_else(no_time)?;
            let at = moment(at)?;
            (When::At(at), Steps::one(at), text)
        }
        "range" => {
            let (values, text) = told(rest, ["from", "to", "step"]).ok_or_else(no_time)?;
            let Steps { from, to, step } = steps(values)?;
            (When::Range { from, to, step }, Steps { from, to, step }, text)
        }
        _ => return Err(no_time()),
    };
    if text.is_empty() {
        return Err(no_time());
    }
    let plan = crate::promql::parse(text, Features::ALL)
        .map_err(|fault| Misread::Expression { text: text.to_owned(), fault })?;
    let worth = Worth::Series(Expected { steps, windows: false, rows: BTreeMap::new() });
    Ok(Case { line: begun, text: text.to_owned(), plan, when, expects: Expects::default(), worth })
}

fn moment(text: &str) -> Result<UnixMillis, Misread> {
    Ok(UnixMillis::new(0).plus(text.parse::<Span>()?))
}

fn steps([from, to, step]: [&str; 3]) -> Result<Steps, Misread> {
    let steps = Steps { from: moment(from)?, to: moment(to)?, step: step.parse()? };
    if steps.to < steps.from {
        return Err(Misread::Backwards { from: from.to_owned(), to: to.to_owned() });
    }
    if steps.step.is_zero() {
        return Err(Misread::NoStep);
    }
    Ok(steps)
}

/// Takes what the command itself says that it expects; nothing where it says something else.
fn mark(case: &mut Case, mode: &str) -> Option<()> {
    match mode {
        "" => {}
        "fail" => case.expects.fails = Some(Told::Anything),
        "warn" => case.expects.warnings.some = true,
        "info" => case.expects.infos.some = true,
        "ordered" if matches!(case.when, When::At(_)) => case.expects.ordered = true,
        _ => return None,
    }
    Some(())
}

/// How it was said that an expression fails before there was `expect`.
fn old_fail(line: &str) -> Option<Result<Told, Misread>> {
    if let Some(message) = line.strip_prefix("expected_fail_message") {
        return Some(Ok(Told::Exactly(message.trim().to_owned())));
    }
    line.strip_prefix("expected_fail_regexp").map(|pattern| Told::like(pattern.trim()))
}

fn bare_number(line: &str) -> Option<f64> {
    let (sign, unsigned) = line.strip_prefix('-').map_or((1.0, line), |unsigned| (-1.0, unsigned));
    let read = || number::value(unsigned).filter(|_| number::scan(unsigned) == (unsigned.len(), true));
    line.parse().ok().or_else(|| read().map(|value| sign * value))
}

fn expectation(case: &mut Case, line: &str) -> Result<(), Misread> {
    if let Some(rest) = line.strip_prefix("expect range vector") {
        let ([from, to, step], rest) = told(rest.trim_start(), ["from", "to", "step"])
            .ok_or_else(|| Misread::Expect(line.to_owned()))?;
        if !rest.is_empty() {
            return Err(Misread::Expect(line.to_owned()));
        }
        let steps = steps([from, to, step])?;
        case.when = When::At(steps.to);
        case.worth = Worth::Series(Expected { steps, windows: true, rows: BTreeMap::new() });
        return Ok(());
    }
    if let Some(rest) = line.strip_prefix("expect string") {
        let quoted = rest.trim();
        let whole = text::read(quoted).ok().filter(|(_, end)| *end == quoted.len());
        let (text, _) = whole.ok_or_else(|| Misread::Quoted(quoted.to_owned()))?;
        case.worth = Worth::Text(text);
        return Ok(());
    }
    if line.split(' ').next() == Some("expect") {
        return case.expects.take(line);
    }
    row(case, line)
}

fn row(case: &mut Case, line: &str) -> Result<(), Misread> {
    let row = Row::read(line)?;
    let instant = matches!(case.when, When::At(_));
    let Worth::Series(expected) = &mut case.worth else { return Err(Misread::Both("a series")) };
    let values = row.values.len();
    if instant && !expected.windows {
        if values != 1 {
            return Err(Misread::OneValue(values));
        }
    } else if usize::try_from(expected.steps.count()).is_ok_and(|steps| steps < values) {
        return Err(Misread::TooManyValues { values, steps: expected.steps.count() });
    }
    expected.take(row);
    Ok(())
}
