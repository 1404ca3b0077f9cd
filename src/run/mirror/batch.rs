//! Batches: one query each, for one feed or for several, and what it found.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::Sum;
use crate::run::mirror::feed::{FeedId, SpaceId, Want};
use crate::run::processes::Process;
use crate::signal::Deaf;
use crate::source::prometheus::{Room, Stretch};
use crate::unit::{Span, UnixMillis};

/// One query, for one selector or for several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) feeds: Vec<FeedId>,
    pub(super) space: SpaceId,
    pub(super) selector: String,
    /// The label by whose value each feed has its own series, where there are several.
    pub(super) by: Option<(String, Vec<String>)>,
    pub(super) stretch: Stretch,
    /// Whether it is the first of its feeds, and how far before it is asked what was last seen.
    pub(super) begins: bool,
    pub(super) before: Option<Span>,
    pub(super) room: Room,
    /// The sum that is asked for, and whether it tells no groups of instances apart.
    pub(super) sum: Option<(Arc<Sum>, bool)>,
}

/// What a batch found of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Met {
    pub(super) series: usize,
    /// The processes that expose them.
    pub(super) processes: BTreeSet<Process>,
}

/// Whether a query that stands for several may have failed because of one of them, or because of how many there are.
pub(super) const fn may_lie_with_one(deaf: Deaf) -> bool {
    match deaf {
        Deaf::Late | Deaf::Refused | Deaf::Failed | Deaf::Garbage | Deaf::TooMuch | Deaf::Partial => true,
        Deaf::Unusable
        | Deaf::Unreachable
        | Deaf::Unwelcome
        | Deaf::Redirected
        | Deaf::Overloaded
        | Deaf::BackingOff
        | Deaf::Uncounted
        | Deaf::OverBudget => false,
    }
}

/// What tells of a process.
pub(super) fn telling(process: &Process, from: UnixMillis) -> Want {
    Want { selector: process.told(), from, before: None, room: Room::Number, sum: None }
}
