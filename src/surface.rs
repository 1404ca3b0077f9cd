//! What people and machines see.

mod report;

pub use report::{Counts, Format, Report};
