//! Fixed rules that know everything beforehand: each has a limit that was found by simulation in the very cell that it
//! is then held against, so that it takes back just one harmless release in a hundred.

use backstop::gate::Tally;

use crate::study::rival::Seen;
use crate::study::traffic::{LOOKS, float};

/// How many statistics there are.
pub(crate) const STATISTICS: usize = 3;

/// The limits of one cell.
pub(crate) type Limits = [f64; STATISTICS];

/// The statistics of a look against a ratio that is tolerated: a standard score and a likelihood ratio of all counts
/// so far, and a likelihood ratio of those of the last five minutes.
fn statistics(seen: &Seen, look: usize, ratio: f64) -> Limits {
    let all = (seen.new_side(look, look), seen.old_side(look, look));
    let recent = (seen.new_side(look, 10), seen.old_side(look, 10));
    [score(all, ratio), likelihood(all, ratio), likelihood(recent, ratio)]
}

/// The largest that each statistic ever was.
pub(crate) fn peaks(seen: &Seen, ratio: f64) -> Limits {
    (1..=LOOKS).fold([0.0; STATISTICS], |peaks, look| {
        let now = statistics(seen, look as usize, ratio);
        std::array::from_fn(|number| f64::max(peaks[number], now[number]))
    })
}

/// The limits that just one harmless release in a hundred exceeds.
pub(crate) fn limits(peaks: &[Limits]) -> Limits {
    std::array::from_fn(|number| {
        let mut sorted: Vec<f64> = peaks.iter().map(|peaks| peaks[number]).collect();
        sorted.sort_by(f64::total_cmp);
        sorted[(sorted.len() * 99 / 100).min(sorted.len() - 1)]
    })
}

/// The look at which each statistic exceeds its limit.
pub(crate) fn exceeded(seen: &Seen, ratio: f64, limits: &Limits) -> [Option<u32>; STATISTICS] {
    let mut first = [None; STATISTICS];
    for look in 1..=LOOKS {
        let now = statistics(seen, look as usize, ratio);
        for ((first, now), limit) in first.iter_mut().zip(now).zip(limits) {
            if first.is_none() && now > *limit {
                *first = Some(look);
            }
        }
        if first.iter().all(Option::is_some) {
            break;
        }
    }
    first
}

/// The events of the new side, those of both, and the share of both that the new side would have at that ratio.
fn split((new, old): (Tally, Tally), ratio: f64) -> Option<(f64, f64, f64)> {
    let weight = ratio * float(new.of);
    let all = float(new.events + old.events);
    (new.of > 0 && old.of > 0 && all > 0.0)
        .then(|| (float(new.events), all, weight / (weight + float(old.of))))
}

fn score(sides: (Tally, Tally), ratio: f64) -> f64 {
    split(sides, ratio)
        .map_or(0.0, |(new, all, share)| (new - all * share) / (all * share * (1.0 - share)).sqrt())
}

fn likelihood(sides: (Tally, Tally), ratio: f64) -> f64 {
    let Some((new, all, share)) = split(sides, ratio) else { return 0.0 };
    if new <= all * share {
        return 0.0;
    }
    let old = all - new;
    let of_old = if old > 0.0 { old * libm::log(old / (all * (1.0 - share))) } else { 0.0 };
    new * libm::log(new / (all * share)) + of_old
}
