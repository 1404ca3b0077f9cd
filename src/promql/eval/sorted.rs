//! Sorting that can be stopped: what is large is sorted part by part.

use std::cmp::Ordering;

use crate::promql::eval::error::EvalError;
use crate::promql::eval::meter::{Meter, UNLOOKED};

/// How much work it is to put one thing in its place, where it is one of few enough to be sorted at once.
const PLACED: usize = 8;

/// How many things are sorted at once.
const RUN: usize = UNLOOKED / PLACED;

/// How many things of two runs are put together at once.
const MERGED: usize = 2 * RUN;

/// How many things are moved elsewhere in the time that one takes to be compared.
const MOVED: usize = 8;

/// Sorts; equal things stay in their order.
pub(super) fn sort<T>(
    meter: &Meter<'_>,
    things: &mut [T],
    by: impl Fn(&T, &T) -> Ordering,
) -> Result<(), EvalError> {
    let mut run = RUN;
    for part in things.chunks_mut(run) {
        meter.work(part.len() * PLACED)?;
        part.sort_by(&by);
    }
    while run < things.len() {
        for part in things.chunks_mut(2 * run) {
            merge(meter, part, run, &by)?;
        }
        run *= 2;
    }
    Ok(())
}

/// Puts two runs together, of which the second begins in the middle.
///
/// Where they are long they are cut into two pairs, each of whose things belong before those of the other: so no more
/// than a short pair is put together between two looks at whether to stop, and no room is needed beside them.
fn merge<T>(
    meter: &Meter<'_>,
    things: &mut [T],
    middle: usize,
    by: &impl Fn(&T, &T) -> Ordering,
) -> Result<(), EvalError> {
    let (left, right) = things.split_at(middle.min(things.len()));
    let ([.., last], [first, ..]) = (left, right) else { return Ok(()) };
    if by(last, first).is_le() {
        return meter.work(1);
    }
    if things.len() <= MERGED {
        meter.work(things.len() * PLACED)?;
        // It finds both runs in order and only puts them together.
        things.sort_by(by);
        return Ok(());
    }
    let (own, others) = if right.len() <= left.len() {
        let own = left.len() / 2;
        (own, right.partition_point(|other| by(other, &left[own]).is_lt()))
    } else {
        let others = right.len() / 2;
        (left.partition_point(|own| by(own, &right[others]).is_le()), others)
    };
    meter.work((middle - own + others) / MOVED)?;
    things[own..middle + others].rotate_left(middle - own);
    let (before, behind) = things.split_at_mut(own + others);
    merge(meter, before, own, by)?;
    merge(meter, behind, middle - own, by)
}

/// Sorts what is copied for nothing: two runs are put together by going through both once.
pub(super) fn sort_copies<T: Copy>(
    meter: &Meter<'_>,
    things: &mut Vec<T>,
    by: impl Fn(&T, &T) -> Ordering,
) -> Result<(), EvalError> {
    for part in things.chunks_mut(RUN) {
        meter.work(part.len() * PLACED)?;
        part.sort_by(&by);
    }
    let (len, mut run) = (things.len(), RUN);
    while run < len {
        let mut made = Vec::with_capacity(len);
        for pair in things.chunks(2 * run) {
            let (left, right) = pair.split_at(run.min(pair.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            while let Some(own) = left.peek() {
                let next = right.next_if(|other| by(other, own).is_lt()).or_else(|| left.next());
                made.extend(next);
                if made.len().is_multiple_of(RUN) {
                    meter.work(RUN * PLACED)?;
                }
            }
            made.extend(right);
        }
        *things = made;
        run *= 2;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn what_is_large_is_sorted_like_what_is_small() {
        for len in [0, 1, RUN, RUN + 1, 5 * RUN + 7, 3 * MERGED + 5] {
            // Each key comes often, so that the order of equal things shows.
            let things: Vec<(usize, usize)> =
                (0..len).map(|index| (index * 7_919 % 1_013 + index / 100_000, index)).collect();
            let (mut own, mut expected) = (things.clone(), things);
            sort(&Meter::new(0, &|| false), &mut own, |one, other| one.0.cmp(&other.0)).unwrap();
            let mut copies = expected.clone();
            sort_copies(&Meter::new(0, &|| false), &mut copies, |one, other| one.0.cmp(&other.0)).unwrap();
            expected.sort_by_key(|(key, _)| *key);
            assert_eq!(own, expected, "{len}");
            assert_eq!(copies, expected, "{len}");
        }
    }

    #[test]
    fn a_sort_stops() {
        let compared = Cell::new(0);
        let stop = || 4 * RUN < compared.get();
        let by = |one: &usize, other: &usize| {
            compared.set(compared.get() + 1);
            one.cmp(other)
        };
        let things: Vec<usize> = (0..20 * RUN).map(|index| index * 7_919 % 100_003).collect();
        for copies in [false, true] {
            compared.set(0);
            let (meter, mut own) = (Meter::new(0, &stop), things.clone());
            let sorted = if copies { sort_copies(&meter, &mut own, by) } else { sort(&meter, &mut own, by) };
            assert_eq!(sorted, Err(EvalError::Stopped));
            assert!(compared.get() < 40 * RUN, "{} comparisons", compared.get());
        }
    }
}
