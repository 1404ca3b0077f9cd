//! Answers of queries, as people and machines see them.

mod json;
mod number;
mod plot;
mod shown;
mod table;

pub use json::{Beside, Stats, json, refusal};
pub use number::written;
pub use plot::plot;
pub use shown::{Shown, Worth};
pub use table::table;
