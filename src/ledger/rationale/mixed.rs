//! What a rationale says of a check whose sides have unlike mixes of traffic.

use crate::gate::{Account, Unlike};
use crate::ledger::rationale::figures::percent;
use crate::unit::escaped;

/// What the mix alone makes of the old side's share.
pub(super) fn line(account: &Account) -> Option<String> {
    account.unlike.as_ref().map(|Unlike { label, old, mixed }| {
        let (old, mixed) = (percent(*old), percent(*mixed));
        escaped(format!(
            "by `{label}` the new side has another mix of traffic: with it the old side's {old} would be {mixed}"
        ))
    })
}

/// The way out.
pub(super) fn needed(Unlike { label, .. }: &Unlike) -> String {
    escaped(format!("  `by: [{label}]` compares like with like"))
}
