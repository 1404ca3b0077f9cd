//! Changes that another one took the place of.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// What runs now is not what the evidence is about, so nobody is asked or told of it either.
pub(super) fn superseded(case: &Case) -> Option<Held> {
    case.superseded.clone().filter(|_| case.wish != Wish::Nothing).map(Held::Superseded)
}
