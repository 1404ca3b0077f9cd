//! **backstop** watches a release after it ships and takes it back when the evidence says so.
//!
//! The modules below stand in the order in which data flows through them; each may name only those above it
//! (`tests/house.rs` holds that). The pure ones come first: no clock, no I/O, no async, nothing whose order
//! could leak into a verdict.
//!
//! - [`unit`]: spans of time, places in a file: the scalars everything else is said in.
//! - [`template`]: the Go templates of labels, annotations and actions, parsed with the place of each part.
//! - [`lint`]: what `check` can find, each with a name, a severity and a page that explains it.

pub mod unit;
pub mod template;
pub mod lint;
