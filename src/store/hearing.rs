//! Hearing: up to when series were heard of. Whoever concludes from what is not there has to know that it would be there.

use crate::store::Store;
use crate::store::asks::Asks;
use crate::store::stretches::Stretches;
use crate::unit::{Span, UnixMillis};

/// How much longer than a silence is looked back.
const BACK: u64 = 3;

/// Up to which moment series, taken together, were heard of; nothing where they have been silent for so long by `at`, or
/// were heard of for less than so long since: a store that has just begun knows of nothing, and so has nothing missing.
pub fn heard_up_to<A: Asks>(store: &Store, asks: &[A], at: UnixMillis, silence: Span) -> Option<UnixMillis> {
    let from = at.minus(Span::from_millis(silence.millis().saturating_mul(BACK)));
    let stretches = Stretches::of(store.matching(asks), from, at, silence);
    let (start, end) = stretches.last()?;
    (at.since(end) <= silence && silence <= end.since(start)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Is;
    use crate::store::tests::{of, secs, store};

    #[test]
    fn a_store_hears_once_it_heard_for_long_enough() {
        let steady: Vec<(i64, f64)> = (0..20).map(|step| (step * 15, 1.0)).collect();
        let broken: Vec<(i64, f64)> =
            steady.iter().copied().filter(|(at, _)| !(60..=180).contains(at)).collect();
        for (samples, at, heard) in [
            (&steady, 0, None),
            (&steady, 75, None),
            (&steady, 90, Some(90)),
            (&steady, 100, Some(90)),
            (&steady, 285, Some(285)),
            (&steady, 375, Some(285)),
            (&steady, 376, None),
            (&broken, 200, None),
            (&broken, 284, None),
            (&broken, 285, Some(285)),
        ] {
            let store = store(&[of("a", samples)]);
            let got = heard_up_to::<Is<'_>>(&store, &[], secs(at), Span::from_secs(90));
            assert_eq!(got, heard.map(secs), "at {at} of {samples:?}");
        }
    }
}
