//! Prints which tests were skipped, and for want of what. Its name makes it the last test that `cargo test` runs; it
//! is no test itself.
#![expect(clippy::print_stdout, reason = "what was skipped has to be seen")]

use std::collections::BTreeSet;
use std::fs;

fn main() {
    // nextest asks for a list of tests, and runs none of them.
    if std::env::args().any(|arg| arg == "--list") {
        return;
    }
    let notes = concat!(env!("CARGO_TARGET_TMPDIR"), "/skipped");
    let text = fs::read_to_string(notes).unwrap_or_default();
    let lines: BTreeSet<&str> = text.lines().collect();
    println!("{}", if lines.is_empty() { "No test was skipped." } else { "Skipped:" });
    for line in lines {
        println!("  {line}");
    }
    // Gone already, or never there: either way nothing is left for the next run.
    let _gone = fs::remove_file(notes);
}
