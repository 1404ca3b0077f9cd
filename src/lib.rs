//! **backstop** watches a release after it ships and takes it back when the evidence says so.
//!
//! The modules below stand in the order in which data flows through them; each may name only those above it
//! (`tests/house.rs` holds that). The pure ones come first: no clock, no I/O, no async, nothing whose order
//! could leak into a verdict.
//!
//! - [`mod@unit`]: spans of time, amounts, names, places in a file: the scalars everything else is said in.
//! - [`signal`]: series, samples and changes, as the world tells of them.
//! - [`stats`]: evidence from counts that stays honest however often somebody looks.
//! - [`store`]: samples in memory, and by how much counters went up.
//! - [`promql`]: expressions read into checked plans that know the place of every part, and evaluated over the store.
//! - [`template`]: Go templates, as alerts and webhooks use them.
//! - [`rule`]: Prometheus's recording and alerting rules, known to be well formed.
//! - [`lint`]: what `check` can find, each with a name, a severity and a page that explains it.
//! - [`gate`]: the checks that a change of a target has to stand, and the verdict that their evidence leads to.
//! - [`decision`]: the actions there are, and what is done about a verdict past all guards.
//! - [`rollout`]: releases that take their traffic in steps.
//! - [`ledger`]: everything that happened, as records in a chain; told in plain words, and made again.
//! - [`engine`]: one cell for each gate that watches a change; an event leads to effects.
//!
//! Below this line code may wait, fail or be slow.
//!
//! - [`source`]: what comes in over the wire, made into signals.
//! - [`responder`]: webhooks and steps on objects, one attempt at a time.
//! - [`archive`]: the ledger on disk, where it may refuse what is to be done.
//! - [`config`]: files as people write them, read into the types above with every finding at its place.
//! - [`surface`]: what people and machines see.
//! - [`run`]: the commands.

pub mod unit;
pub mod signal;
pub mod stats;
pub mod store;
pub mod promql;
pub mod template;
pub mod rule;
pub mod lint;
pub mod gate;
pub mod decision;
pub mod rollout;
pub mod ledger;
pub mod engine;
pub mod source;
pub mod responder;
pub mod archive;
pub mod config;
pub mod surface;
pub mod run;
