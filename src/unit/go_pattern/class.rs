//! Single characters and classes of them.

use crate::unit::go_pattern::{Flaw, Input};

/// Roughly how many states a class of Unicode needs.
const UNICODE_SIZE: usize = 500;

/// The most classes of Unicode that one pattern may name: each must be looked up.
const MAX_CLASSES: usize = 50;

/// A class that nothing is in.
const NOTHING: &str = r"[^\x00-\x{10FFFF}]";

const SURROGATES: std::ops::RangeInclusive<u32> = 0xD800..=0xDFFF;

/// Writes a character so that it means itself, within a class and without.
pub(super) fn push_char(source: &mut String, c: char) {
    if c.is_ascii_alphanumeric() || !c.is_ascii() {
        source.push(c);
    } else {
        push_code(source, u32::from(c));
    }
}

fn push_code(source: &mut String, code: u32) {
    let digits = format!("{code:x}");
    source.extend([r"\x{", &digits, "}"]);
}

/// Translates an escape that stands outside of a class; says how large it is.
pub(super) fn escaped(input: &mut Input<'_>, source: &mut String) -> Result<usize, Flaw> {
    if let Some((class, size)) = named(input)? {
        source.extend(["[", &class, "]"]);
        return Ok(size);
    }
    let code = character(input)?;
    match char::from_u32(code) {
        Some(c) => push_char(source, c),
        // Half a surrogate pair is in no text.
        None => source.push_str(NOTHING),
    }
    Ok(1)
}

/// Translates a class in square brackets; says how large it is.
pub(super) fn bracketed(input: &mut Input<'_>, source: &mut String) -> Result<usize, Flaw> {
    let (start, mut total) = (input.at, 1);
    let unclosed = Flaw { start, end: start + 1, why: "this bracket is not closed" };
    input.take("[");
    source.push_str(if input.take("^") { "[^" } else { "[" });
    let mut first = true;
    while first || input.peek() != Some(']') {
        if input.peek().is_none() {
            return Err(unclosed);
        }
        first = false;
        if let Some(class) = posix(input)? {
            source.push_str(class);
        } else if let Some((class, size)) = named(input)? {
            total += size;
            source.extend(["[", &class, "]"]);
        } else {
            range(input, source)?;
        }
    }
    input.take("]");
    source.push(']');
    Ok(total)
}

/// Translates one character of a class, or a range of them.
fn range(input: &mut Input<'_>, source: &mut String) -> Result<(), Flaw> {
    let start = input.at;
    let low = class_character(input)?;
    let mut ahead = input.rest().chars();
    let ranges = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
    let high = if ranges {
        input.next();
        class_character(input)?
    } else {
        low
    };
    if high < low {
        return Err(input.flaw(start, "this range runs backwards"));
    }
    let (low, high) = (
        if SURROGATES.contains(&low) { SURROGATES.end() + 1 } else { low },
        if SURROGATES.contains(&high) { SURROGATES.start() - 1 } else { high },
    );
    if low <= high {
        push_code(source, low);
        source.push('-');
        push_code(source, high);
    } else {
        source.push_str(NOTHING);
    }
    Ok(())
}

fn class_character(input: &mut Input<'_>) -> Result<u32, Flaw> {
    if input.peek() == Some('\\') {
        return character(input);
    }
    let start = input.at;
    input.next().map(u32::from).ok_or_else(|| input.flaw(start, "the class does not end"))
}

/// A class such as `[:alpha:]`, within square brackets.
fn posix(input: &mut Input<'_>) -> Result<Option<&'static str>, Flaw> {
    const CLASSES: [&str; 28] = [
        "[:alnum:]",
        "[:^alnum:]",
        "[:alpha:]",
        "[:^alpha:]",
        "[:ascii:]",
        "[:^ascii:]",
        "[:blank:]",
        "[:^blank:]",
        "[:cntrl:]",
        "[:^cntrl:]",
        "[:digit:]",
        "[:^digit:]",
        "[:graph:]",
        "[:^graph:]",
        "[:lower:]",
        "[:^lower:]",
        "[:print:]",
        "[:^print:]",
        "[:punct:]",
        "[:^punct:]",
        "[:space:]",
        "[:^space:]",
        "[:upper:]",
        "[:^upper:]",
        "[:word:]",
        "[:^word:]",
        "[:xdigit:]",
        "[:^xdigit:]",
    ];
    let start = input.at;
    if !input.rest().starts_with("[:") {
        return Ok(None);
    }
    let Some(end) = input.rest()[2..].find(":]") else { return Ok(None) };
    let written = &input.rest()[..end + 4];
    input.at += written.len();
    let known = CLASSES.into_iter().find(|class| *class == written);
    known.map(Some).ok_or_else(|| input.flaw(start, "there is no such class of characters"))
}

/// A class such as `\d` or `\pL`, and its size; none where no class begins.
fn named(input: &mut Input<'_>) -> Result<Option<(String, usize)>, Flaw> {
    let start = input.at;
    let mut ahead = input.rest().chars();
    if ahead.next() != Some('\\') {
        return Ok(None);
    }
    let kind = ahead.next();
    let ascii = match kind {
        Some('d') => "0-9",
        Some('D') => "^0-9",
        Some('s') => r"\t\n\f\r\x20",
        Some('S') => r"^\t\n\f\r\x20",
        Some('w') => "0-9A-Za-z_",
        Some('W') => "^0-9A-Za-z_",
        Some('p' | 'P') => {
            input.at += 2;
            return unicode(input, start, kind == Some('P')).map(Some);
        }
        _ => return Ok(None),
    };
    input.at += 2;
    Ok(Some((ascii.to_owned(), 1)))
}

fn unicode(input: &mut Input<'_>, start: usize, negated: bool) -> Result<(String, usize), Flaw> {
    let name = if input.take("{") {
        let name = input.rest().split('}').next().unwrap_or("");
        input.at += name.len();
        if !input.take("}") {
            return Err(input.flaw(start, "the name of this class does not end"));
        }
        name
    } else {
        let begin = input.at;
        input.next();
        &input.pattern[begin..input.at]
    };
    input.classes += 1;
    if MAX_CLASSES < input.classes {
        return Err(input.flaw(start, "no more than 50 such classes can be named"));
    }
    let (name, negated) = name.strip_prefix('^').map_or((name, negated), |name| (name, !negated));
    let letter = if negated { 'P' } else { 'p' };
    let escape = match name {
        "Any" => if negated { NOTHING } else { r"\x00-\x{10FFFF}" }.to_owned(),
        // Halves of surrogate pairs are in no text.
        "Cs" => if negated { r"\x00-\x{10FFFF}" } else { NOTHING }.to_owned(),
        _ => format!("\\{letter}{{{name}}}"),
    };
    let surrogates = matches!(name, "Any" | "Cs");
    // Go knows them by their own names only; the other side is more generous, and asking it is dear but rare.
    let words = || name.split('_').all(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_') && words();
    let asked = if name.len() <= 2 { escape.clone() } else { format!("\\p{{Script={name}}}") };
    if surrogates || plain && regex::Regex::new(&asked).is_ok() {
        return Ok((escape, UNICODE_SIZE));
    }
    Err(input.flaw(start, "there is no such class of characters"))
}

/// A character written as an escape.
fn character(input: &mut Input<'_>) -> Result<u32, Flaw> {
    let start = input.at;
    input.take("\\");
    let octal = |c: Option<char>| c.and_then(|c| c.to_digit(8));
    let Some(c) = input.next() else {
        return Err(input.flaw(start, "a backslash ends the pattern"));
    };
    let named = match c {
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        'x' => return hexadecimal(input, start),
        '1'..='7' if octal(input.peek()).is_none() => {
            return Err(input.flaw(start, "Go's syntax has no references to groups"));
        }
        '0'..='7' => {
            let mut code = u32::from(c) - u32::from('0');
            for _ in 0..2 {
                let Some(digit) = octal(input.peek()) else { break };
                input.next();
                code = code * 8 + digit;
            }
            code
        }
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => u32::from(c),
        _ => return Err(input.flaw(start, "Go's syntax has no such escape")),
    };
    Ok(named)
}

fn hexadecimal(input: &mut Input<'_>, start: usize) -> Result<u32, Flaw> {
    let digits = if input.take("{") {
        let digits = input.rest().split('}').next().unwrap_or("");
        input.at += digits.len();
        if input.take("}") { digits } else { "" }
    } else {
        let digits = input.rest().get(..2).unwrap_or("");
        input.at += digits.len();
        digits
    };
    let hexadecimal = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let code = if hexadecimal { u32::from_str_radix(digits, 16).ok() } else { None };
    code.filter(|code| *code <= u32::from(char::MAX))
        .ok_or_else(|| input.flaw(start, "this names no character by its number"))
}
