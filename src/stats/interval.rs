//! How large a ratio is: a point, and an interval that holds it at all looks together.

use crate::stats::grid::{ALTERNATIVES, Direction, grid};
use crate::stats::mean::ln_sum_exp;
use crate::stats::mixture::ln_many;
use crate::stats::pair::Pair;
use crate::stats::root::{Bracket, root};
use crate::stats::split::{Split, at_least_one};

/// An interval of ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The smallest ratio that is not ruled out; 0 where none is.
    pub lower: f64,
    /// The largest ratio that is not ruled out; infinite where none is.
    pub upper: f64,
}

/// Ratios are sought between one in a million and a million.
const WIDEST: f64 = 1e6;

/// The interval of the ratio of the new share to the old one, from looks with the clusters of each. It errs with at
/// most the chance `alpha`, however often it is asked for.
pub fn ratio_interval(history: &[(Pair, f64)], alpha: f64) -> Interval {
    interval(&splits(history), alpha)
}

/// The interval of the ratio of the share after a change to that of its baseline, the old side of the pair.
pub fn baseline_interval(pair: &Pair, temper: f64, alpha: f64) -> Interval {
    let split = Split::after_baseline(&pair.counted(), at_least_one(temper));
    interval(split.as_slice(), alpha)
}

/// The likeliest ratio of the new share to the old one: within the interval of the same looks, and not misled where
/// the split of the traffic changed with the rates. Nothing without any event.
pub fn ratio_estimate(history: &[(Pair, f64)]) -> Option<f64> {
    let splits = splits(history);
    let new: f64 = splits.iter().map(|split| split.new).sum();
    let old: f64 = splits.iter().map(|split| split.old).sum();
    if new <= 0.0 {
        return (old > 0.0).then_some(0.0);
    }
    if old <= 0.0 {
        return Some(f64::INFINITY);
    }
    let expected = |ln_ratio: f64| {
        let ratio = libm::exp(ln_ratio);
        splits.iter().fold((-new, 0.0), |(value, slope), split| {
            let (share, all) = (split.share(ratio), split.new + split.old);
            (value + all * share, slope + all * share * (1.0 - share))
        })
    };
    // Wide enough for the most uneven traffic and counts there can be.
    Some(libm::exp(root(Bracket { low: -300.0, high: 300.0, scale: 1.0 }, 0.0, expected)))
}

fn splits(history: &[(Pair, f64)]) -> Vec<Split> {
    let split = |(pair, temper): &(Pair, f64)| Split::of(&pair.counted(), at_least_one(*temper));
    let splits = history.iter().filter_map(split);
    splits.filter(|split| split.new + split.old > 0.0).collect()
}

/// All ratios that neither the evidence for more nor that for less rules out, each at half of `alpha`.
fn interval(splits: &[Split], alpha: f64) -> Interval {
    let needed = libm::log(2.0 / alpha);
    let widest = libm::log(WIDEST);
    let bracket = Bracket { low: -widest, high: widest, scale: 1.0 };
    // The evidence for more falls as the ratio rises that it is held against.
    let above = |ln_ratio: f64| {
        let (ln, slope) = evidence(splits, ln_ratio, Direction::Up);
        (needed - ln, -slope)
    };
    let below = |ln_ratio: f64| {
        let (ln, slope) = evidence(splits, ln_ratio, Direction::Down);
        (ln - needed, slope)
    };
    let lower = if above(-widest).0 > 0.0 { 0.0 } else { libm::exp(root(bracket, 0.0, above)) };
    let upper = if below(widest).0 < 0.0 { f64::INFINITY } else { libm::exp(root(bracket, 0.0, below)) };
    Interval { lower, upper }
}

/// The logarithm of the evidence against a ratio, and its slope with the logarithm of the ratio. The mixture is over
/// the alternatives alone, without late starts and without a cap, or it would not move one way with the ratio.
fn evidence(splits: &[Split], ln_ratio: f64, direction: Direction) -> (f64, f64) {
    let ratio = libm::exp(ln_ratio);
    let grid = grid(direction);
    let (mut ln, mut slope) = ([0.0; ALTERNATIVES], [0.0; ALTERNATIVES]);
    for split in splits {
        let share = split.share(ratio);
        let all = (split.new + split.old) * share * (1.0 - share);
        for ((ln, slope), alternative) in ln.iter_mut().zip(&mut slope).zip(&grid) {
            *ln += split.ln_likelihood(share, *alternative);
            *slope -= all * alternative.beyond / (1.0 + alternative.beyond * share);
        }
    }
    let sum = ln_sum_exp(&ln);
    let slope = ln.iter().zip(slope).map(|(ln, slope)| libm::exp(ln - sum) * slope).sum();
    (sum - ln_many(ALTERNATIVES), slope)
}
