//! What somebody said, as far as it is shown.

use crate::unit::{Secret, escaped};

/// How much is shown of what somebody said.
const SHOWN: usize = 300;

/// How a text of somebody else begins, as a line that no terminal obeys, without our own secret in it.
pub(crate) fn said(bytes: &[u8], secrets: &[Secret]) -> String {
    // So much more that a secret which begins before the cut is whole, and found.
    let more: usize = secrets.iter().map(|secret| secret.reveal().len()).max().unwrap_or(0);
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN + more)]).into_owned();
    let text = secrets.iter().fold(text, |text, secret| secret.taken_out_of(&text));
    let text: String = text.trim().chars().take(SHOWN).collect();
    if text.is_empty() { "nothing".to_owned() } else { escaped(text) }
}
