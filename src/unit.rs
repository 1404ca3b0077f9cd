//! Units: scalars that cannot be mistaken for one another, and the places where a person wrote them.

mod span;
mod time;
mod date;
mod amount;
mod rate;
mod secret;
mod confidence;
mod name;
mod pattern;
mod go_pattern;
mod place;
mod fault;
mod hex;
mod nearest;
mod shown;
mod retry_after;

pub use amount::{Amount, AmountError};
pub use confidence::{Confidence, ConfidenceError};
pub use date::Date;
pub use fault::Fault;
pub use go_pattern::{GoPattern, PatternFlaw};
pub use hex::hex;
pub use name::{LONGEST_NAME, Name, NameError};
pub use nearest::nearest;
pub use pattern::Pattern;
pub use place::{Extent, FileId, Place};
pub use rate::{Rate, RateError};
pub use retry_after::retry_after;
pub use secret::Secret;
pub use shown::{escaped, is_obeyed, told, visible};
pub use span::{Span, SpanError};
pub use time::{TimeError, UnixMillis};
