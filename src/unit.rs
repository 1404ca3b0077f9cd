//! Units: scalars that cannot be mistaken for one another.

mod span;
mod place;

pub use place::{Extent, FileId, Place};
pub use span::{Span, SpanError};
