//! Regular expressions, as `match` and `reReplaceAll` take them: anywhere in a text.

use regex::{Captures, Regex, RegexBuilder};

use crate::template::call::Wrong;
use crate::template::paper::{Full, Paper};
use crate::template::quote::quote;
use crate::unit::GoPattern;

/// The most that a compiled pattern may take.
const MOST_BYTES: usize = 1 << 20;

pub(super) fn compiled(pattern: &str) -> Result<Regex, Wrong> {
    let translated =
        GoPattern::read(pattern).map_err(|flaw| format!("{} is no pattern: {}", quote(pattern), flaw.why))?;
    RegexBuilder::new(&translated.source)
        .size_limit(MOST_BYTES)
        .build()
        .map_err(|_| format!("{} is too large a pattern", quote(pattern)).into())
}

/// Every stretch that matches, replaced; `$1` and `${name}` stand for what a group has matched.
pub(super) fn replaced(paper: &mut Paper, pattern: &str, replacement: &str, text: &str) -> Result<(), Wrong> {
    let expression = compiled(pattern)?;
    let mut end = 0;
    for found in expression.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        // Go takes no empty match where the one before it ends.
        if whole.is_empty() && whole.start() == end && end != 0 {
            continue;
        }
        paper.write(text.get(end..whole.start()).unwrap_or_default())?;
        expand(paper, replacement, &found)?;
        end = whole.end();
    }
    Ok(paper.write(text.get(end..).unwrap_or_default())?)
}

fn expand(paper: &mut Paper, replacement: &str, found: &Captures<'_>) -> Result<(), Full> {
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        paper.write(before)?;
        if let Some(after) = after.strip_prefix('$') {
            paper.write("$")?;
            rest = after;
            continue;
        }
        let Some((name, after)) = named(after) else {
            paper.write("$")?;
            rest = after;
            continue;
        };
        let number = name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse().ok()).flatten();
        let group = match number {
            Some(number) => found.get(number),
            None => found.name(name),
        };
        paper.write(group.map_or("", |group| group.as_str()))?;
        rest = after;
    }
    paper.write(rest)
}

/// The name behind a `$`, in braces or without, and what follows it.
fn named(after: &str) -> Option<(&str, &str)> {
    let (inside, braced) = match after.strip_prefix('{') {
        Some(inside) => (inside, true),
        None => (after, false),
    };
    let length = inside.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(length);
    let rest = if braced { rest.strip_prefix('}')? } else { rest };
    (!name.is_empty()).then_some((name, rest))
}
