//! **backstop** watches a release after it ships and takes it back when the evidence says so.
//!
//! The modules below stand in the order in which data flows through them; each may name only those above it
//! (`tests/house.rs` holds that). The pure ones come first: no clock, no I/O, no async, nothing whose order
//! could leak into a verdict.
//!
//! - [`mod@unit`]: spans of time, amounts, names, places in a file: the scalars everything else is said in.
//! - [`signal`]: series, samples and changes, as the world tells of them.
//! - [`promql`]: expressions read into checked plans that know the place of every part.
//! - [`template`]: Go templates, as alerts and webhooks use them.
//! - [`rule`]: Prometheus's recording and alerting rules, known to be well formed.
//! - [`lint`]: what `check` can find, each with a name, a severity and a page that explains it.
//! - [`gate`]: the checks that a change of a target has to stand, and what a target is.
//! - [`decision`]: the actions there are, and which verdict leads to which of them within what limits.
//! - [`rollout`]: releases that take their traffic in steps.
//!
//! Below this line code may wait, fail or be slow.
//!
//! - [`config`]: files as people write them, read into the types above with every finding at its place.
//! - [`surface`]: what people and machines see.
//! - [`run`]: the commands.

pub mod unit;
pub mod signal;
pub mod promql;
pub mod template;
pub mod rule;
pub mod lint;
pub mod gate;
pub mod decision;
pub mod rollout;
pub mod config;
pub mod surface;
pub mod run;
