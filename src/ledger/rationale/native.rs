//! What native histograms make of borders: their bounds grow, so nobody can add one, and they are merged while a process
//! runs.

use crate::gate::{Account, Border, FINEST_NATIVE, Shows, Worse};
use crate::ledger::rationale::figures::percent;
use crate::signal::histogram::Resolution;

/// What has to be known of all of its borders.
pub(super) fn nature(account: &Account) -> Option<String> {
    account.resolution?;
    Some("it is native: what was observed as NaN lies above every border".to_owned())
}

/// Why a bound is not tested as it was asked: there is no bucket to add.
pub(super) fn advice(resolution: i8) -> String {
    let shown = |resolution| {
        let growth = Resolution::new(i32::from(resolution)).map(|own| own.bound(1) - 1.0);
        growth.map(percent).unwrap_or_default()
    };
    let own = shown(resolution.min(FINEST_NATIVE));
    if resolution < FINEST_NATIVE {
        let finest = shown(FINEST_NATIVE);
        return format!(
            "a native histogram's borders grow, here by {own} each; finer ones, up to {finest}, would test it closer"
        );
    }
    format!("a native histogram's borders grow, here by {own} each, and none lies nearer")
}

/// Where a border lies for series that had merged it away; nothing where it is a bound of theirs still.
pub(super) fn moved(border: Border, (account, worse): (&Account, Worse)) -> Option<Border> {
    let merged = Resolution::new(i32::from(account.merged?)).ok()?;
    let next = |value: f64, up: bool| {
        let (lower, upper) = merged.around(value);
        if up || upper.total_cmp(&value).is_eq() { upper } else { lower }
    };
    let up = match border.shows {
        Shows::Both => return None,
        Shows::Harm => worse == Worse::Higher,
        Shows::Proof => worse == Worse::Lower,
    };
    let there = Border { new: next(border.new, up), old: next(border.old, !up), ..border };
    (there != border).then_some(there)
}
