//! Guards: each looks at a case and may hold it back. They are asked in this order, and each that speaks is recorded.

mod switch;
mod mode;
mod freeze;
mod first;
mod provenance;
mod repeat;
mod stale;
mod weak;
mod flight;
mod budget;
mod cooldown;
mod blast;
mod able;

use crate::decision::case::Case;
use crate::decision::ruling::Held;

/// A guard.
pub(super) type Guard = fn(&Case) -> Option<Held>;

/// All of them. The order is that of the rationale: what holds everywhere, then what is about the change and its evidence,
/// then what is about the action.
pub(super) const GUARDS: [Guard; 15] = [
    switch::switched_off,
    mode::shadow,
    freeze::frozen,
    provenance::unattested,
    repeat::ran_before,
    first::first_release,
    stale::stale,
    weak::weak_evidence,
    flight::in_flight,
    flight::unverified,
    budget::spent,
    cooldown::cooling_down,
    blast::shared_cause,
    mode::asks,
    able::unable,
];
