//! Lag: samples that are on their way at a look would be lost, as the next look counts from where this one ended. Counters
//! of one process are read together, so their samples are of the same moments: where one of them is not there yet at a
//! moment of which others are, it is late. Of late errors beside requests in time nothing would be left but health. And a
//! process of which nothing came for two of its steps is late as a whole.

use std::collections::BTreeMap;

use crate::signal::{INSTANCE, JOB, is_stale};
use crate::store::Store;
use crate::store::asks::Asks;
use crate::store::stored::Stored;
use crate::unit::{Span, UnixMillis};

/// At how many moments of its process a series has to have had a sample, one after the other, to be missed at the next.
/// One that is only sent when it moves is not missed.
const STEADY: usize = 3;

/// How long a process is waited for that is late by more than a sample and did not say that it ended.
const WAITED: Span = Span::from_secs(180);

/// So many processes for each late one are enough to go on without that. Where processes come and go all the time and
/// none says that it ended, one of them always seems late.
const ENOUGH: usize = 10;

/// Whether what passes any of these lags at a moment: a series behind others of its process, or processes behind their
/// own step. What ended does not, and neither does what has been silent for so long that it is gone.
pub fn lags<A: Asks>(store: &Store, asks: &[Vec<A>], at: UnixMillis, gone: Span) -> bool {
    let mut processes: BTreeMap<(&str, &str), Vec<&Stored>> = BTreeMap::new();
    for stored in asks.iter().flat_map(|asks| store.matching(asks)) {
        if newest(stored, at).is_some_and(|newest| at.minus(gone) < newest) {
            let labels = stored.labels();
            processes.entry((labels.get(JOB), labels.get(INSTANCE))).or_default().push(stored);
        }
    }
    let late = processes.values().filter(|process| is_late(process, at)).count();
    (0 < late && processes.len() < late.saturating_mul(ENOUGH))
        || processes.values().any(|process| lags_within(process, at))
}

/// Whether all of a process is late: two samples of it should have come in since its last one.
fn is_late(process: &[&Stored], at: UnixMillis) -> bool {
    let Some(ahead) = process.iter().max_by_key(|stored| newest(stored, at)) else { return false };
    let beats = &ahead.points().times[..ahead.points().up_to(at)];
    let [.., before, last] = beats else { return false };
    let apart = last.since(*before).millis();
    apart.saturating_mul(2) < at.since(*last).millis() && at.minus(WAITED) < *last
}

/// When a series that has not ended was last heard of.
fn newest(stored: &Stored, at: UnixMillis) -> Option<UnixMillis> {
    let points = stored.points();
    let last = points.sample(points.up_to(at).checked_sub(1)?)?;
    (!is_stale(last.value)).then_some(last.at)
}

fn lags_within(process: &[&Stored], at: UnixMillis) -> bool {
    let ahead = process.iter().max_by_key(|stored| newest(stored, at));
    let Some(ahead) = ahead else { return false };
    let beats = &ahead.points().times[..ahead.points().up_to(at)];
    let is_missed = |stored: &&&Stored| {
        let Some(last) = newest(stored, at).filter(|last| Some(*last) < newest(ahead, at)) else {
            return false;
        };
        let points = stored.points();
        let own = &points.times[..points.up_to(last)];
        let together = beats[..beats.partition_point(|beat| *beat <= last)].iter().rev();
        own.len().min(STEADY)
            <= own.iter().rev().zip(together).take(STEADY).filter(|(own, beat)| own == beat).count()
    };
    process.iter().any(|stored| is_missed(&stored))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{of, secs, stale, store};
    use crate::store::{Is, LOOKBACK};

    #[test]
    fn what_came_with_others_and_does_no_longer_lags() {
        let every = |step: usize, to: i64| -> Vec<(i64, f64)> {
            (0..=to).step_by(step).map(|at| (at, 1.0)).collect()
        };
        let ended = |to: i64| [every(15, to), vec![(to + 15, stale())]].concat();
        let of_pod = |name: &str, samples: &[(i64, f64)]| of(&format!("{name} job=shop instance=a"), samples);
        let all = every(15, 600);
        for (case, errors, expected) in [
            ("in time", every(15, 600), false),
            ("one scrape late", every(15, 585), true),
            ("minutes late", every(15, 315), true),
            ("gone", every(15, 300), false),
            ("ended", ended(300), false),
            ("ended just now", ended(585), false),
            ("late from its first sample on", vec![(570, 1.0)], true),
            ("sent when it moves", vec![(0, 1.0), (300, 2.0), (570, 3.0)], false),
            (
                "sent when it moves, as it happens twice in a row",
                vec![(0, 1.0), (300, 2.0), (555, 3.0), (570, 3.0)],
                false,
            ),
            ("never there", Vec::new(), false),
        ] {
            let store = store(&[of_pod("requests", &all), of_pod("errors", &errors)]);
            let asks = ["requests", "errors"].map(|value| vec![Is { label: "__name__", value }]);
            assert_eq!(lags(&store, &asks, secs(600), LOOKBACK), expected, "{case}");
        }
        // What other processes have is no matter.
        let store = store(&[of_pod("requests", &all), of("errors job=shop instance=b", &every(15, 570))]);
        assert!(!lags::<Is<'_>>(&store, &[Vec::new()], secs(600), LOOKBACK));
    }

    #[test]
    fn a_process_that_is_two_steps_behind_its_own_is_late() {
        let every = |to: i64| -> Vec<(i64, f64)> { (0..=to).step_by(15).map(|at| (at, 1.0)).collect() };
        let pods = |others: i64, samples: &[(i64, f64)]| {
            let others =
                (0..others).map(|pod| of(&format!("requests job=shop instance=b{pod}"), &every(600)));
            let all: Vec<_> = others.chain([of("requests job=shop instance=a", samples)]).collect();
            store(&all)
        };
        let ended = |to: i64| [every(to), vec![(to + 15, stale())]].concat();
        for (case, others, samples, expected) in [
            ("in time", 2, every(600), false),
            ("a sample late", 2, every(570), false),
            ("two samples late", 2, every(555), true),
            ("alone", 0, every(540), true),
            ("minutes late", 2, every(435), true),
            ("gone", 2, every(420), false),
            ("ended", 2, ended(540), false),
            ("one of many", 9, every(540), false),
            ("one of a few", 8, every(540), true),
            ("of which one sample is known", 2, vec![(500, 1.0)], false),
        ] {
            let store = pods(others, &samples);
            assert_eq!(lags::<Is<'_>>(&store, &[Vec::new()], secs(600), LOOKBACK), expected, "{case}");
        }
    }
}
