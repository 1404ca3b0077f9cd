//! A canary as Flagger has it: failed checks add up and never decay, and a tick looks at their number before it measures.

use crate::study::rival::{Seen, share};
use crate::study::traffic::LOOKS;

/// The looks that its built-in success rate goes back: a minute.
const WINDOW: usize = 2;

/// The look at which the threshold of failed checks is found to be reached. No value is a failed check too.
pub(crate) fn fails(seen: &Seen, most: f64, threshold: u32) -> Option<u32> {
    let mut failed = 0;
    (1..=LOOKS).find(|look| {
        if failed >= threshold {
            return true;
        }
        let rate = share(seen.new_side(*look as usize, WINDOW));
        failed += u32::from(rate.is_nan() || rate > most);
        false
    })
}
