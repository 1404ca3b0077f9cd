//! Stories: series, changes, faults and a clock in a text file, told to the real engine, and what it has to make of them.

mod script;
mod told;
mod cluster;
mod cast;
mod shelf;
mod stage;
mod difference;
mod tried;

pub use script::{Misread, Script, ScriptError};
pub use stage::{Played, Unplayable, play};
pub use tried::{Tried, Untold, try_story};
