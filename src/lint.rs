//! Lint: what `check` can find in rules, each finding with its place and the way out.

mod finding;

pub use finding::{Finding, Severity};
