//! Turning what was written into what is meant: each helper here reads one value, or says at its very
//! characters why it cannot.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::config::file::Files;
use crate::config::yaml::{Given, OneOrMany, Pairs, Spot, Text};
use crate::decision::Templated;
use crate::gate::Match;
use crate::lint::{Finding, name};
use crate::promql;
use crate::unit::{Extent, Fault, Pattern, Place, Span, nearest};

/// Reads values; keeps what is wrong with them.
pub(crate) struct Reader<'a> {
    /// The files, for the characters behind a value.
    pub(crate) files: &'a Files,
    /// What PromQL may use.
    pub(crate) features: promql::Features,
    /// What was found so far.
    pub(crate) findings: Vec<Finding>,
}

/// Whom a missing key is told about: what it is, and where.
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    /// Such as "gate `http`".
    pub(crate) what: &'a str,
    /// Where it stands.
    pub(crate) place: Place,
}

impl Reader<'_> {
    /// Says that something is wrong.
    pub(crate) fn error(
        &mut self,
        name: &'static str,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings.push(Finding::error(name, place, message).help(help));
    }

    /// Says what is wrong with some characters of a text.
    pub(crate) fn fault(&mut self, name: &'static str, text: &Text, fault: Fault) {
        let place = self.within(text, fault.extent);
        self.findings.push(Finding::fault(name, place, fault));
    }

    /// The place of some characters of a text.
    pub(crate) fn within(&self, text: &Text, extent: Extent) -> Place {
        text.at(&self.files.get(text.place.file).text, extent)
    }

    /// The value of a key that has to be there.
    pub(crate) fn need<'g, T>(
        &mut self,
        given: &'g Given<T>,
        key: &str,
        whose: Whose<'_>,
    ) -> Option<&'g Spot<T>> {
        if matches!(given, Given::Absent) {
            let message = format!("{} has no `{key}`", whose.what);
            let help = format!("add `{key}: ..`");
            self.findings.push(Finding::error(name::MISSING_KEY, whose.place, message).help(help));
        }
        given.get()
    }

    /// That exactly one of these keys is given.
    pub(crate) fn exactly_one(&mut self, keys: &[(&str, Option<Place>)], whose: Whose<'_>) -> Option<()> {
        let mut given = keys.iter().filter_map(|(key, place)| place.map(|place| (*key, place)));
        let Some((first, first_at)) = given.next() else {
            let message = format!("{} has none of {}", whose.what, list(keys.iter().map(|(key, _)| *key)));
            self.error(name::MISSING_KEY, whose.place, message, "give exactly one of them");
            return None;
        };
        let Some((second, second_at)) = given.next() else { return Some(()) };
        let message = format!("{} has both `{first}` and `{second}`", whose.what);
        let finding = Finding::error(name::BAD_VALUE, second_at, message).help("keep one of them");
        self.findings.push(finding.with(first_at, format!("`{first}` is here")));
        None
    }

    /// A value that is written as one text.
    pub(crate) fn parse<T: FromStr>(&mut self, given: &Given<Text>) -> Option<T>
    where
        T::Err: fmt::Display,
    {
        self.parse_text(&given.get()?.value)
    }

    /// The same for a text at hand.
    pub(crate) fn parse_text<T: FromStr>(&mut self, text: &Text) -> Option<T>
    where
        T::Err: fmt::Display,
    {
        match text.value.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.findings.push(Finding::error(name::BAD_VALUE, text.place, error.to_string()));
                None
            }
        }
    }

    /// One of the words of a table.
    pub(crate) fn word<T: Copy>(&mut self, given: &Given<Text>, table: &[(&'static str, T)]) -> Option<T> {
        self.word_text(&given.get()?.value, table)
    }

    /// The same for a text at hand.
    pub(crate) fn word_text<T: Copy>(&mut self, text: &Text, table: &[(&'static str, T)]) -> Option<T> {
        if let Some((_, known)) = table.iter().find(|(word, _)| *word == text.value) {
            return Some(*known);
        }
        let help = match nearest(&text.value, table.iter().map(|(word, _)| *word)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it is one of {}", list(table.iter().map(|(word, _)| *word))),
        };
        self.error(name::BAD_VALUE, text.place, format!("`{}` is not known here", text.value), help);
        None
    }

    /// An expression.
    pub(crate) fn plan(&mut self, text: &Text) -> Option<promql::Plan> {
        match promql::parse(&text.value, self.features) {
            Ok(plan) => Some(plan),
            Err(fault) => {
                self.fault(name::PROMQL_SYNTAX, text, fault);
                None
            }
        }
    }

    /// A text of an action, which may be a template.
    pub(crate) fn templated(&mut self, text: &Text) -> Option<Templated> {
        let templated = match Templated::new(&text.value, self.features) {
            Ok(templated) => templated,
            Err(fault) => {
                self.fault(name::TEMPLATE_SYNTAX, text, fault);
                return None;
            }
        };
        if let Some(fault) = templated.is_lost_on_nothing(self.features) {
            let place = self.within(text, fault.extent);
            let message = format!("where its query finds nothing, this cannot be filled: {}", fault.message);
            let help = "say something either way: `{{ with query \"..\" }}..{{ else }}..{{ end }}`";
            self.findings.push(Finding::warning(name::LOST_ON_NOTHING, place, message).help(help));
        }
        Some(templated)
    }

    /// Labels as they are given; each has a value.
    pub(crate) fn labels(&mut self, given: &Given<Pairs<Text>>) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::new();
        for pair in given.get().into_iter().flat_map(|spot| &spot.value.0) {
            if pair.value.value.is_empty() {
                let message = format!("the label `{}` has no value", pair.key.value);
                self.error(name::BAD_VALUE, pair.key.place, message, "give it one, or leave it out");
            }
            labels.insert(pair.key.value.clone(), pair.value.value.clone());
        }
        labels
    }

    /// Patterns as they are given.
    pub(crate) fn patterns<'t>(&mut self, texts: impl Iterator<Item = &'t Text>) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for text in texts {
            if text.value.is_empty() || LONGEST_PATTERN < text.value.len() {
                let message = format!("a pattern of {} bytes fits nothing that has a name", text.value.len());
                self.error(
                    name::BAD_VALUE,
                    text.place,
                    message,
                    format!("write 1 to {LONGEST_PATTERN} bytes"),
                );
            } else {
                patterns.push(Pattern::new(&text.value));
            }
        }
        patterns
    }

    /// Keeps a finding.
    pub(crate) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// That each name stands once in a list.
    pub(crate) fn names_once<'t>(&mut self, names: impl Iterator<Item = &'t Spot<Text>>, what: &str) {
        let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
        for spot in names {
            if let Some(first) = seen.insert(&spot.value.value, spot.place) {
                let message = format!("there are two of {what} `{}`", spot.value.value);
                let finding =
                    Finding::error(name::DUPLICATE_NAME, spot.place, message).help("rename one of them");
                self.findings.push(finding.with(first, "the first is here"));
            }
        }
    }

    /// A span longer than nothing.
    pub(crate) fn positive(&mut self, given: &Given<Text>) -> Option<Span> {
        let span: Span = self.parse(given)?;
        if span.is_zero() {
            let place = given.place()?;
            self.error(
                name::BAD_VALUE,
                place,
                "this has to be longer than nothing",
                "write a duration such as `30s`",
            );
            return None;
        }
        Some(span)
    }

    /// What something applies to.
    pub(crate) fn matching(&mut self, given: &Given<Pairs<OneOrMany<Text>>>) -> Match {
        let mut keys = BTreeMap::new();
        for pair in given.get().into_iter().flat_map(|spot| &spot.value.0) {
            let values = &pair.value.0;
            if values.is_empty() {
                let message = format!("`{}` has no value, so nothing would ever match", pair.key.value);
                self.error(name::BAD_VALUE, pair.key.place, message, "leave the key out to match everything");
            }
            let known = ["service", "environment", "cluster", "owner"];
            if let Some(meant) = nearest(&pair.key.value, known).filter(|meant| *meant != pair.key.value) {
                let message = format!("nothing has a label `{}`", pair.key.value);
                self.error(name::BAD_VALUE, pair.key.place, message, format!("did you mean `{meant}`?"));
            }
            keys.insert(pair.key.value.clone(), self.patterns(values.iter().map(|spot| &spot.value)));
        }
        Match::new(keys)
    }

    /// A word that stands for nothing that is known.
    pub(crate) fn unknown<'k>(
        &mut self,
        text: &Text,
        what: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) {
        let help = match nearest(&text.value, known.clone().take(MOST_GUESSED)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.clone().next().is_none() => {
                "none is known here; add it, or take this out".to_owned()
            }
            None => {
                let count = known.clone().count();
                let more = if count > MOST_LISTED {
                    format!(" and {} more", count - MOST_LISTED)
                } else {
                    String::new()
                };
                format!("what is known here: {}{more}", list(known.take(MOST_LISTED)))
            }
        };
        self.error(name::UNKNOWN_NAME, text.place, format!("there is no {what} `{}`", text.value), help);
    }
}

/// How many names are held against one that is not known.
const MOST_GUESSED: usize = 500;

/// How many names are listed where none was meant.
const MOST_LISTED: usize = 12;

/// Words as a person lists them.
pub(crate) fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// A key's text where it is given.
pub(crate) fn plain(given: &Given<Text>) -> Option<String> {
    given.get().map(|spot| spot.value.value.clone())
}

/// The texts of a key that takes one or several.
pub(crate) fn texts(given: &Given<OneOrMany<Text>>) -> impl Iterator<Item = &Text> + Clone {
    given.get().into_iter().flat_map(|spot| &spot.value.0).map(|spot| &spot.value)
}

/// The longest pattern in bytes; what it stands for are names and paths.
const LONGEST_PATTERN: usize = 1_000;
