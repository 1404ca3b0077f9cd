//! Lint: what `check` can find in rules, each finding with its place and the way out.

mod finding;
pub mod name;
mod nearest;

pub use finding::{Finding, Severity};
pub use nearest::nearest;
