//! A user's text in a message.

/// The longest stretch of a user's text that a message repeats, in characters.
const LONGEST_QUOTE: usize = 40;

/// A user's text as a message repeats it: on one line, and not at any length.
pub(super) fn quote(text: &str) -> String {
    let mut shown = String::from("`");
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST_QUOTE {
            shown.push('…');
            break;
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown.push('`');
    shown
}
