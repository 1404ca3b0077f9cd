//! Stretches of time in which series were heard of.

use crate::signal::is_stale;
use crate::store::stored::Stored;
use crate::unit::{Span, UnixMillis};

/// Stretches without a gap, each from its first moment to its last, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretches(Vec<(UnixMillis, UnixMillis)>);

impl Stretches {
    /// When series, taken together, had values after `from` and up to `to`: a gap is what is longer than `silence`.
    pub(super) fn of<'a>(
        series: impl Iterator<Item = &'a Stored>,
        from: UnixMillis,
        to: UnixMillis,
        silence: Span,
    ) -> Self {
        let mut each = Vec::new();
        for stored in series {
            let moments = stored.between(from, to).filter(|sample| !is_stale(sample.value));
            each.extend(joined(moments.map(|sample| (sample.at, sample.at)), silence));
        }
        each.sort_unstable();
        Self(joined(each.into_iter(), silence))
    }

    /// The last of them.
    pub(super) fn last(&self) -> Option<(UnixMillis, UnixMillis)> {
        self.0.last().copied()
    }
}

/// Whether series, taken together, were heard of around a moment, by what came up to another: the silence in which it
/// lies is none that matters. It is known as soon as one of them tells so, however many there are.
pub(super) fn heard_around<'a>(
    series: impl Iterator<Item = &'a Stored>,
    (moment, to): (UnixMillis, UnixMillis),
    silence: Span,
) -> bool {
    let (mut before, mut after) = (None, None);
    for stored in series {
        before = before.max(stored.last(moment).map(|sample| sample.at));
        let next = if before == Some(moment) { before } else { stored.next(moment).map(|sample| sample.at) };
        after = [after, next.filter(|next| *next <= to)].into_iter().flatten().min();
        if before.zip(after).is_some_and(|(before, after)| after.since(before) <= silence) {
            return true;
        }
    }
    false
}

/// Stretches, given in the order of their starts, with those joined that have no gap between them.
fn joined(
    stretches: impl Iterator<Item = (UnixMillis, UnixMillis)>,
    silence: Span,
) -> Vec<(UnixMillis, UnixMillis)> {
    let mut joined: Vec<(UnixMillis, UnixMillis)> = Vec::new();
    for (start, end) in stretches {
        match joined.last_mut() {
            Some(last) if start.since(last.1) <= silence => last.1 = last.1.max(end),
            Some(_) | None => joined.push((start, end)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Is;
    use crate::store::tests::{of, secs, stale, store};

    #[test]
    fn series_fill_the_gaps_of_one_another() {
        let store = store(&[
            of("a", &[(0, 1.0), (10, 1.0), (40, 1.0), (90, 1.0)]),
            of("b", &[(25, 1.0), (60, stale()), (70, 1.0)]),
        ]);
        let all = store.select::<Is<'_>>(&[]);
        let stretches = Stretches::of(all.into_iter(), secs(-1), secs(80), Span::from_secs(20));
        assert_eq!(stretches, Stretches(vec![(secs(0), secs(40)), (secs(70), secs(70))]));
        for (at, to, held) in [
            (-1, 80, false),
            (0, 80, true),
            (33, 80, true),
            (33, 39, false),
            (40, 80, true),
            (41, 80, false),
            (69, 80, false),
            (70, 80, true),
            (71, 80, false),
            (71, 90, true),
        ] {
            let all = store.select::<Is<'_>>(&[]).into_iter();
            let heard = heard_around(all, (secs(at), secs(to)), Span::from_secs(20));
            assert_eq!(heard, held, "at {at} of what came up to {to}");
        }
    }
}
