//! Regular expressions of matchers: Go's syntax, checked on load, compiled when first used.
//!
//! Each is translated for the `regex` crate by [`GoPattern`], which refuses what Go refuses; what it returns
//! always compiles, so that nothing needs to be compiled to know that a rule is sound. Compiling costs a hundred
//! times as much as reading, and thousands of rules are read at once. Plain texts and choices between plain texts,
//! which most are, never need an automaton.

use crate::unit::GoPattern;
use regex::{Regex, RegexBuilder};
use std::sync::{Arc, OnceLock};

pub(super) use crate::unit::PatternFlaw as Flaw;

/// The most that a compiled pattern may take.
const MAX_BYTES: usize = 64 << 20;

/// The largest pattern, in parts of an automaton as the translation counts them. Every one up to this size fits, so
/// that none needs to be compiled on load: a few hundred large ones would take minutes.
const LARGEST: usize = 20_000;

/// The most that a small pattern notes of texts that it has seen, for each that uses it at a time: it is small where its
/// plan may be kept. Large ones would be slow with so little.
const MAX_NOTED: usize = 128 << 10;
const SMALL: usize = 100;

/// Deeper than brackets may nest.
const DEPTH: u32 = 2_000;

/// A regular expression that must match a whole value.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Means);

#[derive(Debug, Clone)]
enum Means {
    /// One of these texts.
    OneOf(Vec<Vec<u8>>),
    /// Any text.
    Anything,
    /// Any text but the empty one.
    Something,
    /// What the automaton says that is built from this.
    Automaton { source: String, size: usize, compiled: Arc<OnceLock<Option<Regex>>> },
}

/// The expression that matches a whole text as Go's pattern does, with its groups; compiled when first used.
#[derive(Debug, Clone, Default)]
pub(super) struct Whole(Arc<OnceLock<Option<Regex>>>);

impl Pattern {
    pub(super) fn read(pattern: &[u8]) -> Result<Self, Flaw> {
        if !pattern.iter().any(|byte| br"\.+*?()[]{}^$".contains(byte)) {
            return Ok(Self(Means::OneOf(pattern.split(|byte| *byte == b'|').map(<[u8]>::to_vec).collect())));
        }
        let pattern = std::str::from_utf8(pattern).map_err(|error| Flaw {
            start: error.valid_up_to(),
            end: pattern.len(),
            why: "it is not valid UTF-8",
        })?;
        match pattern {
            ".*" => return Ok(Self(Means::Anything)),
            ".+" => return Ok(Self(Means::Something)),
            _ => {}
        }
        let translated = GoPattern::read(pattern)?;
        let source = anchored(&translated.source);
        let compiled = Arc::new(OnceLock::new());
        if LARGEST < translated.size {
            return Err(Flaw { start: 0, end: pattern.len(), why: "it is too large" });
        }
        Ok(Self(Means::Automaton { source, size: translated.size, compiled }))
    }

    /// How large its automaton is, in parts.
    pub(super) const fn size(&self) -> usize {
        if let Means::Automaton { size, .. } = &self.0 { *size } else { 0 }
    }

    pub(super) fn matches(&self, value: &str) -> bool {
        match &self.0 {
            Means::OneOf(texts) => texts.iter().any(|text| text == value.as_bytes()),
            Means::Anything => true,
            Means::Something => !value.is_empty(),
            Means::Automaton { source, size, compiled } => {
                // It compiles: the translation is sound, and what might not fit was refused on load.
                let compiled = compiled.get_or_init(|| compile(source, *size));
                compiled.as_ref().is_some_and(|regex| regex.is_match(value))
            }
        }
    }
}

impl Whole {
    /// That of this pattern, which is always the same one; nothing where it is none.
    pub(super) fn of(&self, pattern: &str) -> Option<&Regex> {
        let compiled = self.0.get_or_init(|| {
            let translated = GoPattern::read(pattern).ok().filter(|translated| translated.size <= LARGEST)?;
            compile(&anchored(&translated.source), translated.size)
        });
        compiled.as_ref()
    }
}

/// The expression that matches a whole text.
fn anchored(source: &str) -> String {
    format!("^(?s:{source})$")
}

/// What stands for the same pattern is the same.
impl PartialEq for Whole {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Whole {}

/// How large the automaton of a pattern is, in parts; nothing where there is none to be.
pub(super) fn size(pattern: &str) -> usize {
    GoPattern::read(pattern).map_or(0, |translated| translated.size)
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Means::OneOf(own), Means::OneOf(other)) => own == other,
            (Means::Anything, Means::Anything) | (Means::Something, Means::Something) => true,
            (Means::Automaton { source: own, .. }, Means::Automaton { source: other, .. }) => own == other,
            (Means::OneOf(_) | Means::Anything | Means::Something | Means::Automaton { .. }, _) => false,
        }
    }
}

/// What is compiled of a translation of that size.
fn compile(source: &str, size: usize) -> Option<Regex> {
    let mut builder = RegexBuilder::new(source);
    builder.size_limit(MAX_BYTES).nest_limit(DEPTH);
    if size <= SMALL {
        builder.dfa_size_limit(MAX_NOTED);
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests;
