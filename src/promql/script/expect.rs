//! What is expected of an expression besides its worth: that it fails, and what it has to be taken with.

use crate::promql::pattern::Pattern;
use crate::promql::script::error::Misread;

/// What is expected of an expression besides its worth.
#[derive(Debug, Clone, Default)]
pub(super) struct Expects {
    /// That it fails, and how.
    pub(super) fails: Option<Told>,
    /// That its series come in this order.
    pub(super) ordered: bool,
    pub(super) warnings: Notes,
    pub(super) infos: Notes,
}

/// What annotations of one weight are expected.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    /// At least one.
    pub(super) some: bool,
    /// None at all.
    pub(super) none: bool,
    /// These and no others, where there are any.
    pub(super) told: Vec<Told>,
}

/// What a message has to say.
#[derive(Debug, Clone)]
pub(super) enum Told {
    Anything,
    Exactly(String),
    Like { pattern: String, compiled: Pattern },
}

impl Told {
    pub(super) fn accepts(&self, message: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Exactly(text) => text == message,
            Self::Like { compiled, .. } => compiled.matches(message),
        }
    }

    /// It, in words.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Anything => "any".to_owned(),
            Self::Exactly(text) => text.clone(),
            Self::Like { pattern, .. } => format!("one like {pattern}"),
        }
    }

    /// A message with a part like this.
    pub(super) fn like(pattern: &str) -> Result<Self, Misread> {
        // A pattern of the language matches a whole text.
        let whole = format!("(?s:.*)(?:{pattern})(?s:.*)");
        let compiled = Pattern::read(whole.as_bytes())
            .map_err(|flaw| Misread::Pattern { pattern: pattern.to_owned(), why: flaw.why })?;
        Ok(Self::Like { pattern: pattern.to_owned(), compiled })
    }

    fn read(text: &str) -> Option<Result<Self, Misread>> {
        let trimmed = text.trim_start();
        if trimmed.is_empty() {
            return Some(Ok(Self::Anything));
        }
        if let Some(message) = trimmed.strip_prefix("msg:") {
            return Some(Ok(Self::Exactly(message.trim().to_owned())));
        }
        trimmed.strip_prefix("regex:").map(|pattern| Self::like(pattern.trim()))
    }
}

impl Expects {
    /// Takes a line that begins with `expect`.
    pub(super) fn take(&mut self, line: &str) -> Result<(), Misread> {
        let no_such = || Misread::Expect(line.to_owned());
        let rest = line.strip_prefix("expect").unwrap_or(line).trim_start();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (kind, rest) = rest.split_at(end);
        let told = Told::read(rest).ok_or_else(no_such)??;
        match kind {
            "ordered" => self.ordered = true,
            "fail" if self.fails.is_some() => return Err(Misread::Both("fail")),
            "fail" => self.fails = Some(told),
            "warn" => self.warnings.told.push(told),
            "info" => self.infos.told.push(told),
            "no_warn" => self.warnings.none = true,
            "no_info" => self.infos.none = true,
            _ => return Err(no_such()),
        }
        for (notes, kind) in [(&self.warnings, "no_warn"), (&self.infos, "no_info")] {
            if notes.none && !notes.told.is_empty() {
                return Err(Misread::Both(kind));
            }
        }
        Ok(())
    }
}
