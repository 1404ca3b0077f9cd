//! Which functions take `anchored` and `smoothed` windows.

use crate::promql::eval::error::EvalError;
use crate::promql::selector::Extended;

const ANCHORED: [&str; 5] = ["changes", "delta", "increase", "rate", "resets"];
const SMOOTHED: [&str; 3] = ["delta", "increase", "rate"];

/// Why a function does not take a window like this, if it does not.
pub(in crate::promql::eval) fn refusal(extended: Extended, function: &str) -> Option<EvalError> {
    let taking: &[&str] = match extended {
        Extended::Anchored => &ANCHORED,
        Extended::Smoothed => &SMOOTHED,
    };
    if taking.contains(&function) {
        return None;
    }
    let text = format!(
        "{} modifier can only be used with: {} - not with {function}",
        extended.text(),
        taking.join(", ")
    );
    Some(EvalError::Argument(text))
}
