//! String literals: bytes, because an escape can write any.

use std::fmt::{self, Write};

/// What a string literal holds. It need not be UTF-8: `"\xff"` is one byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(Vec<u8>);

impl Text {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same as text, where it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As a literal in double quotes.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '"' => f.write_str("\\\"")?,
                    '\\' => f.write_str("\\\\")?,
                    '\n' => f.write_str("\\n")?,
                    '\r' => f.write_str("\\r")?,
                    '\t' => f.write_str("\\t")?,
                    // Prometheus takes a replacement character for broken UTF-8 and refuses the literal.
                    char::REPLACEMENT_CHARACTER => f.write_str("\\ufffd")?,
                    c if c.is_ascii_control() => write!(f, "\\x{:02x}", u32::from(c))?,
                    c => f.write_char(c)?,
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        f.write_char('"')
    }
}

/// What is wrong within a literal: the bytes of it, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) why: &'static str,
}

/// Reads the literal at the start of `text`, which begins with its quote; also says where it ends.
pub(super) fn read(text: &str) -> Result<(Text, usize), Flaw> {
    let quote = text.chars().next().unwrap_or('"');
    let mut bytes = Vec::new();
    let mut rest = text.char_indices().skip(1);
    while let Some((at, c)) = rest.next() {
        match c {
            c if c == quote => return Ok((Text(bytes), at + 1)),
            char::REPLACEMENT_CHARACTER => {
                return Err(Flaw {
                    start: at,
                    end: at + c.len_utf8(),
                    why: "the text is not valid UTF-8 here",
                });
            }
            '\n' if quote != '`' => break,
            '\\' if quote != '`' => {
                let (length, value) = escape(&text[at..], quote).map_err(|flaw| Flaw {
                    start: at + flaw.start,
                    end: at + flaw.end,
                    ..flaw
                })?;
                match value {
                    Escaped::Byte(byte) => bytes.push(byte),
                    Escaped::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                }
                rest.nth(length - 2);
            }
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    let end = if quote == '`' { text.len() } else { text.find('\n').unwrap_or(text.len()) };
    Err(Flaw { start: 0, end, why: "the string does not end" })
}

enum Escaped {
    Byte(u8),
    Char(char),
}

/// The escape at the start of `text`: how long it is and what it stands for.
fn escape(text: &str, quote: char) -> Result<(usize, Escaped), Flaw> {
    let kind = text.chars().nth(1).unwrap_or('\n');
    let flaw = |length: usize, why| Flaw { start: 0, end: length.min(text.len()), why };
    let byte = |b| Ok((2, Escaped::Byte(b)));
    let (digits, base) = match kind {
        'a' => return byte(7),
        'b' => return byte(8),
        'f' => return byte(12),
        'n' => return byte(b'\n'),
        'r' => return byte(b'\r'),
        't' => return byte(b'\t'),
        'v' => return byte(11),
        '\\' => return byte(b'\\'),
        c if c == quote => return Ok((2, Escaped::Char(c))),
        '0'..='7' => (1..4, 8),
        'x' => (2..4, 16),
        'u' => (2..6, 16),
        'U' => (2..10, 16),
        c => return Err(flaw(1 + c.len_utf8(), "no such escape; write `\\\\` for a backslash")),
    };
    let length = digits.end;
    let written = text.get(digits).unwrap_or("");
    if written.is_empty() || !written.chars().all(|c| c.is_digit(base)) {
        return Err(flaw(2, "the escape lacks digits"));
    }
    let value = u32::from_str_radix(written, base).unwrap_or(u32::MAX);
    let escaped = match kind {
        'u' | 'U' => char::from_u32(value).map(Escaped::Char),
        _ => u8::try_from(value).ok().map(Escaped::Byte),
    };
    escaped.map(|escaped| (length, escaped)).ok_or_else(|| flaw(length, "the escape is no character"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_go_reads() {
        for (literal, bytes) in [
            (r#""""#, &b""[..]),
            (r#""a\"b""#, b"a\"b"),
            (r"'a\'b'", b"a'b"),
            (r"`a\b`", b"a\\b"),
            ("`a\nb`", b"a\nb"),
            (r#""\a\b\f\n\r\t\v\\""#, b"\x07\x08\x0c\n\r\t\x0b\\"),
            (r#""\xff\377\101""#, b"\xff\xffA"),
            (r#""\u00e9\U0001F600é""#, "é😀é".as_bytes()),
        ] {
            let (text, end) = read(literal).unwrap();
            assert_eq!((text.as_bytes(), end), (bytes, literal.len()), "{literal}");
            assert_eq!(read(&text.to_string()).unwrap().0, text, "{literal} printed");
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        for (literal, start, end) in [
            (r#""a"#, 0, 2),
            ("\"a\nb\"", 0, 2),
            ("`a", 0, 2),
            (r#""a\'""#, 2, 4),
            (r"'\q'", 1, 3),
            (r#""\400""#, 1, 5),
            (r#""\x4""#, 1, 3),
            (r#""\ud800""#, 1, 7),
            (r#""\xé""#, 1, 3),
            ("\"\u{fffd}\"", 1, 4),
            ("\"\\", 1, 2),
        ] {
            let flaw = read(literal).unwrap_err();
            assert_eq!((flaw.start, flaw.end), (start, end), "{literal}: {}", flaw.why);
        }
    }
}
