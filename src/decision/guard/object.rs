//! Objects: what is done to one rests on a look at it.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;
use crate::decision::sight::{Seen, Sight};

/// Nobody could look at it.
pub(super) fn unseen(case: &Case) -> Option<Held> {
    match sight(case)? {
        Sight::Unseen(why) => Some(Held::Unseen(why.clone())),
        Sight::Seen(_) => None,
    }
}

/// It is not fit for what is wanted of it.
pub(super) fn unfit(case: &Case) -> Option<Held> {
    let seen = seen(case)?;
    let fits = seen.misfits.is_empty() && seen.aim.is_some();
    (!fits).then(|| Held::Unfit(seen.misfits.clone()))
}

/// Something would take back what is done.
pub(super) fn reconciled(case: &Case) -> Option<Held> {
    seen(case)?.keeper.clone().map(|by| Held::Reconciled { by })
}

fn seen(case: &Case) -> Option<&Seen> {
    match sight(case)? {
        Sight::Seen(seen) => Some(seen),
        Sight::Unseen(_) => None,
    }
}

/// What a look came to, where something is to be changed.
fn sight(case: &Case) -> Option<&Sight> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.sight.as_ref().filter(|_| kind.changes_target())
}
