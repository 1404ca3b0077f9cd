//! One action at a time.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Another action on the same target has not ended, so nobody knows what this one would meet.
pub(super) fn in_flight(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.in_flight.clone().filter(|_| kind.changes_target()).map(Held::InFlight)
}

/// An action for the same change was not seen to have worked: it stops here, and is never followed by a second one.
pub(super) fn unverified(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.unverified.clone().filter(|_| kind.changes_target()).map(Held::Unverified)
}
