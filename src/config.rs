//! Config: files as people write them, read into checked types with every finding at its place.
//!
//! [`gather()`] reads files, [`load()`] makes rules of them. In between, each file is composed into a tree of
//! [`yaml`], decoded into `raw` (a mirror of what was written), piled up by name, layered over what it extends and
//! over the defaults, and read into the types of the module that owns it. Then the rules are held against one another
//! and against the server file. No step stops at the first thing that is wrong.

mod file;
mod floors;
mod people;
mod freezes;
mod hosts;
mod gather;
pub mod yaml;
mod raw;
mod defaults;
mod names;
mod pile;
mod extends;
mod reader;
mod source;
mod groups;
mod checks;
mod histograms;
mod gates;
mod policies;
mod incidents;
mod webhooks;
mod logins;
mod seals;
mod actions;
mod rollouts;
mod sources;
mod argocd;
mod clusters;
mod server;
mod access;
mod secret;
mod rules;
mod safety;
mod sanity;
mod trust;
mod reach;
mod ties;
mod time_of_day;
mod not_yet;
mod allow;
mod load;
mod program;
mod schema;

pub use access::{Access, KnownBy, Listening, Role};
pub use argocd::{ArgoCd, ArgoCds};
pub use clusters::{Cluster, Clusters};
pub use defaults::TEXT as DEFAULTS;
pub use file::{File, Files, Position};
pub use gather::{DEEPEST_FOLDER, Gathered, LARGEST_FILE, MOST_FILES, STANDARD_INPUT, gather, look};
pub use hosts::MOST_HOSTS;
pub use incidents::{Asks, Incident, May};
pub use load::{Loaded, load};
pub use program::program;
pub use rules::{Guarded, Occasion, Resolved, Rules};
pub use schema::schema;
pub use secret::{LONGEST_SECRET, SecretError};
pub use server::{Secret, Server, Trust};
pub use sources::{SERIES_AT_MOST, Source};
