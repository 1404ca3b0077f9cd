//! An analysis run as Argo Rollouts has it: each measurement fails by itself, and failures add up for good.

use crate::study::rival::{Seen, share};
use crate::study::traffic::LOOKS;

/// The looks that a query over five minutes goes back.
const WINDOW: usize = 10;

/// The look at which more measurements than the limit have failed.
pub(crate) fn fails(seen: &Seen, most: f64, limit: u32) -> Option<u32> {
    let mut failed = 0;
    (1..=LOOKS).find(|look| {
        // Without traffic there is no number, and no number is more than another.
        failed += u32::from(share(seen.new_side(*look as usize, WINDOW)) > most);
        failed > limit
    })
}
