//! The kill switch.

use crate::decision::case::Case;
use crate::decision::ruling::Held;

/// Automation is switched off: nothing goes out at all.
pub(super) fn switched_off(case: &Case) -> Option<Held> {
    case.switched_off.clone().map(Held::SwitchedOff)
}
