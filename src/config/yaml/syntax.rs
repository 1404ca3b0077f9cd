//! What is no YAML, said in plain words; and what is YAML, but none that Prometheus reads.

use serde_yaml::granit_parser::ErrorKind;

use crate::config::yaml::mend::escape;
use crate::lint::{Finding, name};
use crate::unit::{Extent, FileId, Place};

/// A finding about the text itself.
pub(super) fn finding(place: Place, message: String, help: Option<&str>) -> Finding {
    help.into_iter().fold(Finding::error(name::YAML_SYNTAX, place, message), Finding::help)
}

/// The first character that no YAML file may hold.
pub(super) fn refused_character(file: FileId, text: &str) -> Option<Finding> {
    let refused = |c: &(usize, char)| matches!(c.1, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    let (at, c) = text.char_indices().find(refused)?;
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let length = u32::try_from(c.len_utf8()).unwrap_or(1);
    let place = Place { file, extent: Extent::new(at, at.saturating_add(length)) };
    let message = format!("the control character U+{:04X} may not stand in a YAML file", u32::from(c));
    Some(finding(place, message, Some("write it as an escape between double quotes, like `\"\\x1b\"`")))
}

/// An anchor whose name Prometheus does not read.
pub(super) fn refused_anchor(place: Place, text: &str) -> Option<Finding> {
    let anchor = place.extent.of(text);
    let named = anchor.strip_prefix('&').unwrap_or(anchor);
    let behind = text.get(place.extent.end as usize..).and_then(|rest| rest.chars().next());
    let ends = behind.is_none_or(|c| c.is_whitespace() || matches!(c, '?' | ':' | ',' | ']' | '}'));
    if ends && named.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return None;
    }
    let message = format!("the anchor `{anchor}` has a name that Prometheus does not read");
    Some(finding(place, message, Some("name anchors with letters, digits, `-` and `_`, and a space behind")))
}

/// What the parser stumbled over.
pub(super) fn broken(file: FileId, text: &str, kind: &ErrorKind, at: u32) -> Finding {
    let at = (at as usize).min(text.len());
    let start = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let length = text[start..].chars().next().filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8);
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let place = |start, length| Place { file, extent: Extent::new(byte(start), byte(start + length)) };
    if *kind == ErrorKind::UnknownQuotedScalarEscape {
        let known = |c: char| "0abt\tnvfre \"'\\N_LPxuU\n\r".contains(c);
        let rest = &text[start..];
        let escape = escape(rest, |c| !known(c)).unwrap_or(0);
        let length = rest[escape..].chars().take(2).map(char::len_utf8).sum();
        let (message, help) = words(kind);
        return finding(place(start + escape, length), message, help);
    }
    // A tab in the indentation comes out as all kinds of errors, in its line or in the one before.
    if let Some(tab) = tab_near(text, start) {
        let (message, help) = words(&ErrorKind::TabInIndentation);
        return finding(place(tab, 1), message, help);
    }
    let (message, help) = words(kind);
    finding(place(start, length), message, help)
}

/// A tab in the indentation of the line of a byte or of the next.
fn tab_near(text: &str, at: usize) -> Option<usize> {
    let mut line = text[..at].rfind('\n').map_or(0, |before| before + 1);
    for _ in 0..2 {
        let indent = text[line..].bytes().take_while(|b| *b == b' ').count();
        if text[line + indent..].starts_with('\t') {
            return Some(line + indent);
        }
        line += text[line..].find('\n')? + 1;
    }
    None
}

/// The parser's error in the words of somebody who writes rules.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is said in the parser's words")]
fn words(kind: &ErrorKind) -> (String, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::TabInIndentation
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => {
            ("a tab stands where the line is indented", "YAML is indented with spaces only")
        }
        ErrorKind::UnclosedQuotedScalar => ("this quote is never closed", "close it with the same quote"),
        ErrorKind::UnclosedFlowCollection { open } => {
            return (format!("this `{open}` is never closed"), Some("close it with its counterpart"));
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("`{open}` is closed by `{close}`"), Some("close it with its counterpart"));
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("this bracket closes nothing", "open it first, or quote the text")
        }
        ErrorKind::MappingValueNotAllowed => (
            "a second `:` makes a key where none can stand",
            "quote a text that holds `: `, and set each key on its own line",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("a `:` is missing after this key", "write `key: value`; mind how far the line is indented")
        }
        ErrorKind::ExpectedBlockMappingKey => (
            "a key is wanted here",
            "indent the line like the keys it belongs to, and quote a text that begins like this",
        ),
        ErrorKind::ExpectedBlockSequenceEntry => {
            ("a `- ` is wanted here", "indent the line like the items it belongs to")
        }
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => {
            ("a list item (`- `) cannot stand here", "begin the list on a line of its own")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            return (
                format!("no value can begin with `{}`", character.escape_default()),
                Some("quote the text"),
            );
        }
        ErrorKind::UnknownQuotedScalarEscape => (
            "this escape is unknown",
            "between double quotes write `\\\\` for one backslash, or use single quotes",
        ),
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent => {
            ("this line is not indented like what it belongs to", "indent it like the lines before it")
        }
        ErrorKind::RecursionLimitExceeded => {
            ("lists and mappings are nested too deep here", "no rule needs that")
        }
        other => return rarer(other),
    };
    (message.to_owned(), Some(help))
}

/// The errors that few people see.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is said in the parser's words")]
fn rarer(kind: &ErrorKind) -> (String, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            ("text stands behind the closing quote", "put all of it between the quotes")
        }
        ErrorKind::ExpectedFlowMappingSeparator => {
            ("a `,` or `}` is wanted here", "quote a text that holds brackets, commas or braces")
        }
        ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a `,` or `]` is wanted here", "quote a text that holds brackets, commas or braces")
        }
        ErrorKind::ExpectedNodeContent
        | ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEofBlockSequence => {
            ("a value is wanted here", "write one, and quote a text that begins like this")
        }
        ErrorKind::MappingKeyNotAllowed => ("a `? ` cannot stand here", "quote the text"),
        ErrorKind::ExpectedDocumentStart => (
            "this does not belong to what stands before it, and Prometheus does not read it",
            "indent the line like the others, or begin a new document with `---`",
        ),
        ErrorKind::MissingAnchorOrAliasName => {
            ("this mark names an anchor, and no name follows", "quote a text that begins with `&` or `*`")
        }
        ErrorKind::BomInsideDocument => ("a byte order mark stands within the file", "take it out"),
        ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => {
            ("an escape in this text is no character", "write the character itself")
        }
        ErrorKind::UndeclaredTagHandle => {
            ("this tag has a prefix that was never declared", "leave the tag out")
        }
        other => return (format!("this is not YAML: {other}"), None),
    };
    (message.to_owned(), Some(help))
}
