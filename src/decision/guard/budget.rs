//! Budgets.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// A budget is spent. The ledger counts again when the intention is written down; this one only tells early.
pub(super) fn spent(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    let spent = case.budgets.iter().find(|budget| budget.rate.times() <= budget.spent);
    spent.filter(|_| kind.changes_target()).cloned().map(Held::Budget)
}
