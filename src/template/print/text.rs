//! Texts and characters, as Go prints and quotes them.

use std::fmt::Write as _;

use crate::template::paper::{Full, Paper};
use crate::template::print::flags::Flags;

/// What stands for a byte that is no character.
const NO_CHARACTER: &[u8] = "\u{fffd}".as_bytes();

/// How many characters it has; a byte that belongs to none is one.
pub(super) fn characters(bytes: &[u8]) -> usize {
    pieces(bytes).count()
}

/// Its characters; those bytes that belong to none, one by one.
fn pieces(bytes: &[u8]) -> impl Iterator<Item = Result<char, u8>> + '_ {
    bytes
        .utf8_chunks()
        .flat_map(|chunk| chunk.valid().chars().map(Ok).chain(chunk.invalid().iter().map(|byte| Err(*byte))))
}

pub(super) fn plain(paper: &mut Paper, bytes: &[u8], verb: char, flags: &Flags) -> Result<(), Full> {
    match verb {
        'x' | 'X' => return hexadecimal(paper, bytes, verb, flags),
        'v' if flags.go => return flags.pad(paper, &quoted(cut(bytes, flags), flags)),
        'q' => return flags.pad(paper, &quoted(cut(bytes, flags), flags)),
        _ => {}
    }
    flags.pad(paper, cut(bytes, flags))
}

/// As many characters as the precision allows.
fn cut<'b>(bytes: &'b [u8], flags: &Flags) -> &'b [u8] {
    let Some(most) = flags.precision else { return bytes };
    let length = pieces(bytes).take(most).map(|piece| piece.map_or(1, char::len_utf8)).sum();
    bytes.get(..length).unwrap_or(bytes)
}

fn hexadecimal(paper: &mut Paper, bytes: &[u8], verb: char, flags: &Flags) -> Result<(), Full> {
    let bytes = flags.precision.and_then(|most| bytes.get(..most)).unwrap_or(bytes);
    let (upper, prefix) = (verb == 'X', if verb == 'X' { "0X" } else { "0x" });
    let mut written = Paper::default();
    for (place, byte) in bytes.iter().enumerate() {
        if flags.space && place != 0 {
            written.write(" ")?;
        }
        if flags.sharp && (flags.space || place == 0) {
            written.write(prefix)?;
        }
        written.write(if upper { format!("{byte:02X}") } else { format!("{byte:02x}") })?;
    }
    flags.pad(paper, &written.bytes)
}

fn quoted(bytes: &[u8], flags: &Flags) -> Vec<u8> {
    let raw =
        |piece| matches!(piece, Ok(c) if c != '`' && c != '\u{feff}' && (c == '\t' || !char::is_control(c)));
    if flags.sharp && pieces(bytes).all(raw) {
        return [b"`", bytes, b"`"].concat();
    }
    let mut text = String::from("\"");
    for piece in pieces(bytes) {
        escape(&mut text, piece, '"', flags.plus);
    }
    text.push('"');
    text.into_bytes()
}

/// A character as it stands in a constant.
fn escape(text: &mut String, piece: Result<char, u8>, quote: char, ascii: bool) {
    let written = match piece {
        Err(byte) => write!(text, "\\x{byte:02x}"),
        Ok(c) if c == quote || c == '\\' => write!(text, "\\{c}"),
        Ok(c) if is_printed(c) && (c.is_ascii() || !ascii) => write!(text, "{c}"),
        Ok('\u{7}') => write!(text, "\\a"),
        Ok('\u{8}') => write!(text, "\\b"),
        Ok('\u{c}') => write!(text, "\\f"),
        Ok('\n') => write!(text, "\\n"),
        Ok('\r') => write!(text, "\\r"),
        Ok('\t') => write!(text, "\\t"),
        Ok('\u{b}') => write!(text, "\\v"),
        Ok(c) if c < ' ' || c == '\u{7f}' => write!(text, "\\x{:02x}", u32::from(c)),
        Ok(c) if u32::from(c) < 0x1_0000 => write!(text, "\\u{:04x}", u32::from(c)),
        Ok(c) => write!(text, "\\U{:08x}", u32::from(c)),
    };
    debug_assert!(written.is_ok(), "a text takes everything");
}

/// Whether Go prints it as it is.
pub(in crate::template) fn is_printed(c: char) -> bool {
    // Rust escapes what Go does, and what only combines with a character before it; hence the one before.
    c == '\'' || c == '"' || c == '\\' || String::from_iter(['a', c]).escape_debug().count() == 2
}

/// The character of a code: itself, quoted, or its number.
pub(super) fn code(paper: &mut Paper, code: u64, verb: char, flags: &Flags) -> Result<(), Full> {
    let c = u32::try_from(code).ok().and_then(char::from_u32);
    if verb == 'c' {
        let mut bytes = [0; 4];
        let shown = c.map_or(NO_CHARACTER, |c| c.encode_utf8(&mut bytes).as_bytes());
        return flags.pad(paper, shown);
    }
    if verb == 'q' {
        let mut text = String::from("'");
        escape(&mut text, Ok(c.unwrap_or(char::REPLACEMENT_CHARACTER)), '\'', flags.plus);
        text.push('\'');
        return flags.pad(paper, text.as_bytes());
    }
    let digits = flags.precision.unwrap_or(0).max(4);
    let mut written = Paper::default();
    let hex = format!("{code:X}");
    written.write("U+")?;
    written.repeat(b'0', digits.saturating_sub(hex.len()))?;
    written.write(hex)?;
    if let Some(c) = c.filter(|c| flags.sharp && is_printed(*c)) {
        written.write(format!(" '{c}'"))?;
    }
    flags.pad_with_spaces(paper, &written.bytes)
}
