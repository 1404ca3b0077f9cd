//! What quoted texts stand for.

/// A wrong escape or character: the bytes of it, counted from the opening quote, and what is wrong.
pub(super) type Slip = (std::ops::Range<usize>, &'static str);

/// The bytes that a quoted text stands for. `text` has its quotes, and they match.
pub(super) fn unquote(text: &str) -> Result<Vec<u8>, Slip> {
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
    if text.starts_with('`') {
        // As in Go's own source, where files may have been saved with either line ending.
        return Ok(inner.bytes().filter(|byte| *byte != b'\r').collect());
    }
    let mut value = Vec::with_capacity(inner.len());
    let mut at = 1;
    while at + 1 < text.len() {
        let unit = unescape(text, at, b'"')?;
        unit.append(&mut value);
        at = unit.end;
    }
    Ok(value)
}

/// The code of the one character of a constant like `'a'`. `text` has its quotes.
pub(super) fn character(text: &str) -> Result<u32, Slip> {
    const ONE: &str = "a character constant holds exactly one character";
    if text.len() <= 2 {
        return Err((0..text.len(), ONE));
    }
    let unit = unescape(text, 1, b'\'')?;
    if unit.end + 1 == text.len() { Ok(unit.code) } else { Err((0..text.len(), ONE)) }
}

/// One character or escape.
struct Unit {
    code: u32,
    /// `\x` and octal escapes name a byte, all else a character.
    byte: bool,
    end: usize,
}

impl Unit {
    fn append(&self, value: &mut Vec<u8>) {
        match (u8::try_from(self.code), char::from_u32(self.code)) {
            (Ok(byte), _) if self.byte => value.push(byte),
            (_, Some(c)) => value.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            (_, None) => {}
        }
    }
}

fn unescape(text: &str, start: usize, quote: u8) -> Result<Unit, Slip> {
    let mut chars = text[start..].chars();
    let first = chars.next().unwrap_or('\0');
    if first != '\\' {
        return Ok(Unit { code: u32::from(first), byte: false, end: start + first.len_utf8() });
    }
    let escape = chars.next().unwrap_or('\0');
    let after = start + 1 + escape.len_utf8();
    let simple = |code: u32| Ok(Unit { code, byte: false, end: after });
    match escape {
        'a' => simple(7),
        'b' => simple(8),
        'f' => simple(12),
        'n' => simple(10),
        'r' => simple(13),
        't' => simple(9),
        'v' => simple(11),
        '\\' => simple(u32::from('\\')),
        c if c == char::from(quote) => simple(u32::from(c)),
        'x' => digits(text, start, after, (16, 2)),
        'u' => digits(text, start, after, (16, 4)),
        'U' => digits(text, start, after, (16, 8)),
        '0'..='7' => digits(text, start, after - 1, (8, 3)),
        '\'' => Err((start..after, "has a backslash too many: in a string write `'`")),
        '"' => Err((start..after, "has a backslash too many: in a character constant write `\"`")),
        _ => Err((start..after, "is no escape that Go knows; a backslash itself is written `\\\\`")),
    }
}

/// An escape that names its character by number: the radix, and how many digits it has.
fn digits(text: &str, start: usize, from: usize, (radix, count): (u32, usize)) -> Result<Unit, Slip> {
    let found: usize =
        text[from..].chars().take(count).take_while(|c| c.is_digit(radix)).map(char::len_utf8).sum();
    let end = from + found;
    if found < count {
        return Err((
            start..end,
            "has too few digits: write `\\x` and 2, `\\u` and 4, `\\U` and 8, or 3 octal",
        ));
    }
    let code = u32::from_str_radix(&text[from..end], radix).unwrap_or(u32::MAX);
    let byte = radix == 8 || count == 2;
    match code {
        256.. if byte => Err((start..end, "is more than a byte; the largest is `\\377`")),
        _ if !byte && char::from_u32(code).is_none() => Err((start..end, "names no character of Unicode")),
        _ => Ok(Unit { code, byte, end }),
    }
}
