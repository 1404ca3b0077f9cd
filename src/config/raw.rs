//! The shapes of the files as they are typed: `serde` and the JSON schema, nothing checked beyond kinds.

pub mod groups;
