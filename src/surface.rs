//! What people and machines see.

mod report;
mod fault;
pub mod answer;
pub mod http;
pub mod evidence;
pub mod watching;
pub mod decisions;
pub mod metrics;
pub mod exported;
pub mod verdict;

pub use fault::Wrong;
pub use report::{Counts, Format, Report};
