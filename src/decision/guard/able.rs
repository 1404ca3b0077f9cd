//! What backstop can carry out by itself.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// There is no adapter for it.
pub(super) fn unable(case: &Case) -> Option<Held> {
    match &case.wish {
        Wish::Nothing | Wish::Ask | Wish::Do { able: true, .. } => None,
        Wish::Do { able: false, .. } => Some(Held::Unable),
    }
}
