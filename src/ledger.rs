//! The ledger: what happened, as records in a chain of hashes.
//!
//! A [`Record`] says one thing that happened. As an [`Entry`] it is bytes; as a [`Row`] it has its place in the chain.
//! The hash of a row covers the row before, its own header and the digest of its payload, so a payload may be pruned
//! and the chain still verifies. Nothing is ever encoded again: [`verify`] hashes the bytes that were stored. How rows
//! come to disk belongs to `archive`.

mod record;
mod kind;
mod entry;
mod varint;
mod counts;
mod looks;
mod wire;
mod header;
mod chain;
mod episode;
mod replay;
mod rationale;

pub use chain::{Broken, Flaw, Hash, Link, Row, Verified, Verifier, verify};
pub use entry::{Entry, Malformed, Unwritable};
pub use episode::{Began, Consented, Decided, Deed, DeedKind, Episode};
pub use header::{FORMAT, Header};
pub use kind::Kind;
pub use rationale::{
    Grounds, Prospect, answer_lines, headline, prospect, prospects, rationale, reason, reason_of_slice,
    recovery_words,
};
pub use record::Record;
pub use replay::{Difference, replay};

/// The version of the judgement: within one, the same counts lead to the same bits.
pub const JUDGE: u32 = 1;
