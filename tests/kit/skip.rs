//! Saying that a test was skipped, and for want of what.
#![expect(clippy::unwrap_used, reason = "a test that cannot say why it was skipped has failed")]

use std::fs::OpenOptions;
use std::io::Write;

/// Notes that a test was skipped. The notes are printed when all tests are done: by `tests/skipped.rs` after
/// `cargo test`, by `tests/run` after nextest.
pub(crate) fn skip(test: &str, want: &str) {
    let notes = concat!(env!("CARGO_TARGET_TMPDIR"), "/skipped");
    let mut file = OpenOptions::new().create(true).append(true).open(notes).unwrap();
    file.write_all(format!("{test}: no {want}\n").as_bytes()).unwrap();
}
