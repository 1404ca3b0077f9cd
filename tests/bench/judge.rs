//! What the judge keeps of its promises, and what it costs: seeded rollouts on the project's own gates, beside the rules of
//! others on the same traffic.
//!
//! `cargo bench --bench judge` prints a table for each theme, and at the end a line for each target. With `-- --readme` it
//! prints what stands in the README, which is all of it but the longest tables; with `-- --short` it takes some seconds and
//! tells little; with the names of parts (`-- border strain`) it runs those alone.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a study that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

#[path = "../kit/chance.rs"]
mod chance;
#[path = "judge/study.rs"]
mod study;
#[path = "../kit/vectors.rs"]
mod vectors;

use study::cells::Size;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (flags, named): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|argument| argument.starts_with("--"));
    let size = if flags.contains(&"--short") { Size::SHORT } else { Size::FULL };
    let parts = if named.is_empty() { &study::PARTS[..] } else { &named };
    let report = study::run(size, parts);
    println!("{}", if flags.contains(&"--readme") { report.concise() } else { report });
}
