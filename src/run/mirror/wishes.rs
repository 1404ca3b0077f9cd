//! Wishes: what the engine wants of a source, as a desk has it.

use std::sync::Arc;

use crate::engine::{Sum, Sums, Wanted};
use crate::run::mirror::desk::Wish;
use crate::run::mirror::feed::Want;
use crate::source::prometheus::Room;

/// What is wanted, as it is.
pub(super) fn wish(wanted: &Wanted) -> Wish {
    let from = wanted.from;
    let want = |selector: &String| {
        let before = wanted.before.iter().find(|(own, _)| own == selector).map(|(_, span)| *span);
        let room = if wanted.histograms.contains(selector) { Room::Histogram } else { Room::Number };
        Want { selector: selector.clone(), from, before, room, sum: None }
    };
    let is_read = |selector: &String| {
        wanted.selectors.contains(selector) || wanted.aside.iter().any(|(_, own)| own == selector)
    };
    let once = wanted.before.iter().map(|(selector, _)| selector).filter(|selector| !is_read(selector));
    Wish {
        from,
        own: wanted.selectors.iter().map(want).collect(),
        aside: wanted.aside.iter().map(|(_, selector)| want(selector)).collect(),
        once: once.map(want).collect(),
    }
}

/// The same with sums in place of counters. Nobody misses the targets that would be counted beside.
pub(super) fn summed(wanted: &Wanted, sums: &Sums) -> Wish {
    let besides =
        Wanted { selectors: sums.besides.iter().cloned().collect(), aside: Vec::new(), ..wanted.clone() };
    let sum = |sum: &Sum| Want {
        selector: sum.selector.clone(),
        from: wanted.from,
        before: Some(sum.before),
        room: Room::Number,
        sum: Some(Arc::new(sum.clone())),
    };
    let mut wish = wish(&besides);
    wish.once.clear();
    wish.own.extend(sums.of.iter().map(sum));
    wish
}
