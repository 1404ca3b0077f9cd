//! Deciding: what is done about a verdict.

use crate::decision::case::{Case, Wish};
use crate::decision::guard::GUARDS;
use crate::decision::ruling::{Course, Held, Ruling};

/// What is done about a case. Each guard that speaks is in the ruling: whoever is told of one should know of them all.
/// What people agreed to speaks as well, and does not hold.
pub fn decide(case: &Case) -> Ruling {
    let spoke: Vec<Held> = GUARDS.iter().filter_map(|guard| guard(case)).collect();
    let course = match &case.wish {
        _ if !spoke.iter().all(Held::may_be_asked) => Course::Hold,
        Wish::Nothing => Course::Hold,
        Wish::Do { .. } if spoke.iter().all(|held| held.is_lifted(&case.consents)) => Course::Act,
        Wish::Ask | Wish::Do { .. } => Course::Ask,
    };
    Ruling { course, spoke }
}
