//! Lint: what `check` can find in rules, each finding with its place, and a page that explains it.

mod finding;
mod page;
mod silence;

pub use finding::{Finding, Severity};
pub use page::{PAGES, Page, name, page};
pub use silence::{Allowed, silence, sorted};
