//! Sources: what comes in over the wire, made into signals. Whatever arrives is held against caps before it is read.

pub mod asking;
pub mod prometheus;
pub mod exposition;
pub mod remote_write;
