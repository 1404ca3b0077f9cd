//! Config: files as people write them, read into checked types with every finding at its place.

pub mod yaml;
