//! Texts of others, made fit to be shown.

use std::borrow::Cow;
use std::error::Error;

/// Whether a terminal obeys this character instead of showing it, or hides what stands around it: a control
/// character, or one that turns the direction of writing.
pub fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with escapes like `\n` and `\u{1b}` in the place of what a terminal obeys: one line, of visible characters.
pub fn escaped(text: String) -> String {
    if !text.contains(is_obeyed) {
        return text;
    }
    let mut line = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_obeyed(c) {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// An error with what caused it, in one line.
pub fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.ends_with(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    escaped(text)
}

/// The text with one visible character in the place of each that a terminal obeys, but for tabs: its columns stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| c != '\t' && is_obeyed(c);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if hidden(c) { picture(c) } else { c }).collect())
}

/// The picture of a control character, like `␛`; one that has none is shown as what cannot be shown.
fn picture(c: char) -> char {
    let code = match u32::from(c) {
        code @ 0..=0x1f => 0x2400 + code,
        0x7f => 0x2421,
        _ => return char::REPLACEMENT_CHARACTER,
    };
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        for (text, line, shown) in [
            ("ab é 漢", "ab é 漢", "ab é 漢"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb", "a␛[31mb"),
            ("a\r\nb\tc\0", "a\\r\\nb\\tc\\u{0}", "a␍␊b\tc␀"),
            ("\u{7f}\u{80}\u{9b}\u{9f}", "\\u{7f}\\u{80}\\u{9b}\\u{9f}", "␡���"),
            ("\u{202a}\u{202e}\u{2066}\u{2069}", "\\u{202a}\\u{202e}\\u{2066}\\u{2069}", "����"),
            (
                "\u{2029}\u{202f}\u{2065}\u{206a}",
                "\u{2029}\u{202f}\u{2065}\u{206a}",
                "\u{2029}\u{202f}\u{2065}\u{206a}",
            ),
        ] {
            assert_eq!(escaped(text.to_owned()), line, "{text:?}");
            assert_eq!(visible(text), shown, "{text:?}");
        }
    }
}
