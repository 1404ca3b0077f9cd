//! Guards: each looks at a case and may hold it back. They are asked in this order, and each that speaks is recorded.

mod switch;
mod mode;
mod freeze;
mod first;
mod irreversible;
mod provenance;
mod superseded;
mod repeat;
mod quarantine;
mod stale;
mod weak;
mod floor;
mod unkeyed;
mod flight;
mod budget;
mod cooldown;
mod blast;
mod declined;
mod object;
mod able;

use crate::decision::case::Case;
use crate::decision::ruling::Held;

/// A guard.
pub(super) type Guard = fn(&Case) -> Option<Held>;

/// All of them. The order is that of the rationale: what holds everywhere, then what is about the change and its evidence,
/// then what is about the action.
pub(super) const GUARDS: [Guard; 29] = [
    switch::switched_off,
    switch::service_off,
    mode::doubted,
    mode::shadow,
    freeze::frozen,
    provenance::unattested,
    provenance::unattested_alert,
    superseded::superseded,
    repeat::ran_before,
    quarantine::taken_back,
    first::first_release,
    irreversible::irreversible,
    stale::stale,
    weak::weak_evidence,
    floor::below_floor,
    unkeyed::unkeyed,
    flight::in_flight,
    flight::unverified,
    budget::spent,
    cooldown::cooling_down,
    blast::suspect,
    blast::shared_cause,
    blast::too_many,
    object::unseen,
    object::unfit,
    object::reconciled,
    declined::declined,
    mode::asks,
    able::unable,
];
