//! Config: files as people write them, read into checked types with every finding at its place.

pub mod yaml;
pub mod raw;
mod source;
pub mod document;
pub mod groups;

pub use source::Source;
