//! How far automation may go.

use crate::decision::action::Approval;
use crate::decision::case::{Case, Wish};
use crate::decision::policy::Mode;
use crate::decision::ruling::Held;

/// Whoever may have forgotten what was done last does nothing.
pub(super) fn doubted(case: &Case) -> Option<Held> {
    case.doubted.filter(|_| case.wish != Wish::Nothing).map(Held::Doubted)
}

/// In shadow mode nothing goes out, not even a message: it is recorded what would have been done.
pub(super) fn shadow(case: &Case) -> Option<Held> {
    (case.mode == Mode::Shadow && case.wish != Wish::Nothing).then_some(Held::Shadow)
}

/// Whatever changes a target asks first, by the mode or by the action's own word.
pub(super) fn asks(case: &Case) -> Option<Held> {
    let Wish::Do { kind, approval, .. } = &case.wish else { return None };
    if !kind.changes_target() {
        return None;
    }
    match (approval, case.mode) {
        (Approval::One, _) => Some(Held::NeedsApproval { people: 1 }),
        (Approval::Two, _) => Some(Held::NeedsApproval { people: 2 }),
        (Approval::None, Mode::Ask) => Some(Held::ModeAsks),
        (Approval::None, Mode::Shadow | Mode::Act) => None,
    }
}
