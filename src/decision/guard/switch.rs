//! The kill switch.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Automation is switched off: nothing goes out at all.
pub(super) fn switched_off(case: &Case) -> Option<Held> {
    case.switched_off.clone().filter(|_| case.wish != Wish::Nothing).map(Held::SwitchedOff)
}

/// It is off for the service: nothing goes out that is about that.
pub(super) fn service_off(case: &Case) -> Option<Held> {
    case.service_off.clone().filter(|_| case.wish != Wish::Nothing).map(Held::ServiceOff)
}
