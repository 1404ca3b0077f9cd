//! What is done with texts: letters, patterns, hosts, links, escapes.

use core::net::IpAddr;
use std::str::FromStr;

use crate::template::call::Wrong;
use crate::template::expression;
use crate::template::paper::{Full, Paper};
use crate::template::print::is_printed;
use crate::template::value::Value;

/// Steps beside those for the texts: what it takes to compile a pattern.
const PATTERN: usize = 2_000;

/// What a function takes beside what it reads and writes, in steps.
pub(super) fn cost(name: &str) -> usize {
    if matches!(name, "match" | "reReplaceAll") { PATTERN } else { 0 }
}

pub(super) fn answered(name: &str, arguments: &[Value], external_url: &str) -> Result<Value, Wrong> {
    let texts: Vec<_> = arguments
        .iter()
        .map(|value| String::from_utf8_lossy(value.bytes().unwrap_or_default()).into_owned())
        .collect();
    let first = texts.first().map_or("", String::as_str);
    let mut paper = Paper::default();
    match (name, texts.as_slice()) {
        ("match", [pattern, text]) => {
            return Ok(Value::Bool(expression::compiled(pattern)?.is_match(text)));
        }
        ("reReplaceAll", [pattern, replacement, text]) => {
            expression::replaced(&mut paper, pattern, replacement, text)?;
        }
        ("safeHtml", _) => {
            return Ok(Value::Html(arguments.first().and_then(Value::bytes).unwrap_or_default().into()));
        }
        ("title", _) => paper.write(title(first))?,
        ("toUpper", _) => paper.write(first.chars().map(upper).collect::<String>())?,
        ("toLower", _) => paper.write(first.chars().map(lower).collect::<String>())?,
        ("stripPort", _) => paper.write(parted(first).map_or(first, |(host, _)| host))?,
        ("stripDomain", _) => paper.write(strip_domain(first))?,
        ("graphLink" | "tableLink", _) => {
            paper.write("/graph?g0.expr=")?;
            query_escaped(&mut paper, first.as_bytes())?;
            paper.write(if name == "graphLink" { "&g0.tab=0" } else { "&g0.tab=1" })?;
        }
        ("externalURL", _) => paper.write(external_url)?,
        _ => paper.write(path(external_url))?,
    }
    Ok(Value::text(paper.bytes))
}

/// What stands behind the host of an address, up to a `?` or `#`.
fn path(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    let path = after.find('/').and_then(|place| after.get(place..)).unwrap_or_default();
    path.split(['?', '#']).next().unwrap_or_default()
}

/// The capital of a letter, where that is one letter.
fn upper(c: char) -> char {
    let mut capital = c.to_uppercase();
    match (capital.next(), capital.next()) {
        (Some(capital), None) => capital,
        _ => c,
    }
}

fn lower(c: char) -> char {
    // The first of what Rust makes of `İ` is what Go makes of it.
    c.to_lowercase().next().unwrap_or(c)
}

/// A capital for the first letter of each word that has one; all other letters stay as they are. One point or
/// apostrophe between two letters ends no word.
fn title(text: &str) -> String {
    let (mut titled, mut joint) = (false, false);
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let joins = matches!(c, '\'' | '.' | ':' | '·' | '’' | '‘' | '․' | '‧');
        if c == '_' || c.is_alphanumeric() {
            let begins = !titled && (c.is_lowercase() || c.is_uppercase());
            titled |= begins;
            joint = false;
            if begins {
                push_title(&mut shown, c);
                continue;
            }
        } else {
            titled &= joins && !joint;
            joint = joins;
        }
        shown.push(c);
    }
    shown
}

/// A letter as a title begins with it: of two in one, only the first is a capital.
fn push_title(shown: &mut String, c: char) {
    match c {
        'Ǆ'..='ǆ' => shown.push('ǅ'),
        'Ǉ'..='ǉ' => shown.push('ǈ'),
        'Ǌ'..='ǌ' => shown.push('ǋ'),
        'Ǳ'..='ǳ' => shown.push('ǲ'),
        // Georgian has capitals, and no titles.
        'ა'..='ჿ' => shown.push(c),
        _ => {
            let mut capital = c.to_uppercase();
            shown.extend(capital.next());
            shown.extend(capital.flat_map(char::to_lowercase));
        }
    }
}

/// Host and port, where there are both.
fn parted(text: &str) -> Option<(&str, &str)> {
    let (before, port) = text.rsplit_once(':')?;
    let host = match before.strip_prefix('[') {
        Some(inside) => inside.strip_suffix(']').filter(|host| !host.contains(['[', ']']))?,
        None if before.contains([':', '[', ']']) => return None,
        None => before,
    };
    (!port.contains(['[', ']'])).then_some((host, port))
}

/// The first part of a host's name with its port; addresses stay whole.
fn strip_domain(text: &str) -> String {
    let (host, port) = parted(text).unwrap_or((text, ""));
    if IpAddr::from_str(host).is_ok() {
        return text.to_owned();
    }
    let first = host.split('.').next().unwrap_or_default();
    match port {
        "" => first.to_owned(),
        port if first.contains(':') => format!("[{first}]:{port}"),
        port => format!("{first}:{port}"),
    }
}

/// What is escaped for a value: that nothing is there is said, and a sample goes without the sign of a pointer.
pub(super) fn escapable(value: &Value) -> Value {
    match value {
        Value::Missing => Value::text("<no value>"),
        Value::Record(record) => Value::record("record", record.fields.clone()),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Complex(..)
        | Value::Text(_)
        | Value::Html(_)
        | Value::List(_)
        | Value::Labels(_)
        | Value::Arguments(_)
        | Value::Time(_) => value.clone(),
    }
}

/// For a page, for a script, or for the query of an address.
pub(super) fn escape(paper: &mut Paper, function: &str, bytes: &[u8]) -> Result<(), Full> {
    if function == "urlquery" {
        return query_escaped(paper, bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    for c in text.chars() {
        let instead = if function == "html" { for_a_page(c) } else { for_a_script(c) };
        match instead {
            Some(instead) => paper.write(instead)?,
            None => paper.write(c.encode_utf8(&mut [0; 4]))?,
        }
    }
    Ok(())
}

fn for_a_page(c: char) -> Option<String> {
    let instead = match c {
        '\0' => "\u{fffd}",
        '"' => "&#34;",
        '\'' => "&#39;",
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => return None,
    };
    Some(instead.to_owned())
}

fn for_a_script(c: char) -> Option<String> {
    match c {
        '\\' | '\'' | '"' => Some(format!("\\{c}")),
        '<' | '>' | '&' | '=' => Some(format!("\\u{:04X}", u32::from(c))),
        c if is_printed(c) || c == '\u{7f}' => None,
        c => Some(format!("\\u{:04X}", u32::from(c))),
    }
}

/// For any part of an address.
pub(super) fn address_escaped(paper: &mut Paper, bytes: &[u8]) -> Result<(), Full> {
    let mut written = Paper::default();
    query_escaped(&mut written, bytes)?;
    // A `+` is a space in a query and a plus in a path; this is a space in both.
    written.bytes.split(|byte| *byte == b'+').enumerate().try_for_each(|(place, part)| {
        if place != 0 {
            paper.write("%20")?;
        }
        paper.write(part)
    })
}

fn query_escaped(paper: &mut Paper, bytes: &[u8]) -> Result<(), Full> {
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => paper.write([*byte])?,
            b' ' => paper.write("+")?,
            byte => paper.write(format!("%{byte:02X}"))?,
        }
    }
    Ok(())
}
