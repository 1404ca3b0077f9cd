//! Prometheus remote write 1.0: a protobuf message, compressed as one block of snappy.

mod wire;
mod fields;
mod histogram;
mod read;
mod parse;
mod encode;

pub use encode::encode;
pub use fields::Malformed;
pub use histogram::{LONGEST_HISTOGRAM, Unfit};
pub use parse::{Body, Caps, NAMED_REFUSALS, ParseError, Refusal, Refused, parse};
pub use read::Why;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod histogram_tests;
