//! What a window's samples come to, kept while the window slides.
//!
//! Nothing is ever taken back out of a sum, as that would leave what rounding had lost: instead the window is cut in
//! two at a place that stays where it is while samples come in behind and go out in front. Of the front part, what
//! each rest of it comes to is known; of the back part, what all of it does. Once the front is gone the cut moves to
//! the end. So each sample is merged twice, however many windows it lies in.

use std::ops::Range;

/// What samples come to, in windows of which none begins or ends before the one before.
pub(super) struct Sliding<T, Of, Merge> {
    of: Of,
    merge: Merge,
    /// Where the window is cut in two.
    cut: usize,
    /// What the samples from each up to the cut come to, the last one first.
    front: Vec<T>,
    /// What the samples from the cut on come to.
    back: Option<T>,
    end: usize,
}

impl<T: Copy, Of: Fn(usize) -> T, Merge: Fn(T, T) -> T> Sliding<T, Of, Merge> {
    /// `of` says what one sample comes to, `merge` what two neighbouring runs of samples do.
    pub(super) fn new(of: Of, merge: Merge) -> Self {
        Self { of, merge, cut: 0, front: Vec::new(), back: None, end: 0 }
    }

    /// What the samples of a window come to; nothing where there are none.
    pub(super) fn over(&mut self, window: Range<usize>) -> Option<T> {
        if self.end <= window.start || self.cut <= window.start {
            self.turn(&window);
        }
        while self.end < window.end {
            let next = (self.of)(self.end);
            self.back = Some(self.back.map_or(next, |back| (self.merge)(back, next)));
            self.end += 1;
        }
        let front = (self.cut - window.start).checked_sub(1).and_then(|place| self.front.get(place)).copied();
        match (front, self.back) {
            (Some(front), Some(back)) => Some((self.merge)(front, back)),
            (front, back) => front.or(back),
        }
    }

    /// Cuts at the end of the window.
    fn turn(&mut self, window: &Range<usize>) {
        self.front.clear();
        self.back = None;
        self.cut = window.end.max(window.start);
        self.end = self.cut;
        for index in window.clone().rev() {
            let next = (self.of)(index);
            let rest = self.front.last().map_or(next, |rest| (self.merge)(next, *rest));
            self.front.push(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Texts show whether each sample is there once and in its place.
        #[test]
        fn a_window_holds_its_samples_in_order(moves in prop::collection::vec((0_usize..5, 0_usize..5), 1..60)) {
            let runs = |one: (usize, usize), other: (usize, usize)| {
                assert_eq!(one.1, other.0, "runs are neighbours");
                (one.0, other.1)
            };
            let mut sliding = Sliding::new(|index| (index, index + 1), runs);
            let (mut low, mut high) = (0, 0);
            for (fewer, more) in moves {
                low += fewer;
                high = (high + more).max(low);
                let expected = (low < high).then_some((low, high));
                prop_assert_eq!(sliding.over(low..high), expected);
            }
        }
    }
}
