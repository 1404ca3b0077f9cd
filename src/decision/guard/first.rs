//! First releases.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Nothing is known to have run before, so there is nothing to go back to.
pub(super) fn first_release(case: &Case) -> Option<Held> {
    let takes_back = matches!(&case.wish, Wish::Do { kind, .. } if kind.takes_back());
    (case.first && takes_back).then_some(Held::FirstRelease)
}
