//! What people and machines see.

mod report;
mod fault;
pub mod answer;
pub mod http;
pub mod evidence;
pub mod analysis;
pub mod events;
pub mod watching;
pub mod incidents;
pub mod decisions;
pub mod approvals;
pub mod freezes;
pub mod metrics;
pub mod otlp;
pub mod exported;
pub mod verdict;

use serde::Serialize;
use serde_json::Value;

pub use fault::Wrong;
pub use report::{Counts, Format, Report};

/// Something as JSON. Types whose keys are all texts have nothing that could fail.
fn value(shown: &impl Serialize) -> Value {
    serde_json::to_value(shown).unwrap_or_default()
}
