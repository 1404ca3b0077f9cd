//! **backstop** watches a release after it ships and takes it back when the evidence says so.
//!
//! The modules below stand in the order in which data flows through them; each may name only those above it
//! (`tests/house.rs` holds that). The pure ones come first: no clock, no I/O, no async, nothing whose order
//! could leak into a verdict.
//!
//! - [`mod@unit`]: spans of time, places in a file: the scalars everything else is said in.
//! - [`promql`]: PromQL read, checked and taken apart, each part with its place; and printed again.
//! - [`template`]: the Go templates of labels, annotations and actions, parsed with the place of each part.
//! - [`rule`]: Prometheus's recording and alerting rules, known to be well formed.
//! - [`lint`]: what `check` can find, each with a name, a severity and a page that explains it.
//! - [`config`]: files as people write them, read into checked types with every finding at its place.

pub mod unit;
pub mod promql;
pub mod template;
pub mod rule;
pub mod lint;
pub mod config;
