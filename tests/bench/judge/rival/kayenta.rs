//! Kayenta's judge for one metric of which more is worse: an interval for the shift between two samples of rates, from
//! Mann and Whitney's test. A point is a minute's rate, and counts as much whether it had one request or a million.

use crate::study::rival::{Seen, share};
use crate::study::traffic::LOOKS;

/// The part of the shift itself that the interval has to lie beyond.
const TOLERANCE: f64 = 0.25;
/// The 99 % quantile of the normal distribution: the confidence is 98 % on two sides.
pub(crate) const NORMAL_99: f64 = 2.326_347_874_040_840_8;
/// Absolute, so rates of a thousandth are told apart by a tenth of themselves at best.
const ROOT_TOLERANCE: f64 = 1e-4;
const MOST_STEPS: u32 = 1000;

/// The look at which a judgement says high, judged each so many looks on all points so far.
pub(crate) fn fails(seen: &Seen, every: u32) -> Option<u32> {
    let (mut new, mut old) = (Vec::new(), Vec::new());
    (1..=LOOKS).filter(|look| look.is_multiple_of(2)).find(|look| {
        let minute = *look as usize;
        let known = |rate: f64| (!rate.is_nan()).then_some(rate);
        new.extend(known(share(seen.new_side(minute, 2))));
        old.extend(known(share(seen.old_side(minute, 2))));
        look.is_multiple_of(every) && says_high(&new, &old)
    })
}

/// Whether the metric is called high.
pub(crate) fn says_high(new: &[f64], old: &[f64]) -> bool {
    let Some(first) = new.first() else { return false };
    let same = new.iter().chain(old).all(|point| point.total_cmp(first).is_eq());
    if old.is_empty() || same || sorted(new) == sorted(old) {
        return false;
    }
    let Some(shift) = shift(new, old, NORMAL_99) else { return false };
    let (new, old) = (mean(new), mean(old));
    let grew = new <= 0.0 || old <= 0.0 || new / old >= 1.0;
    shift.lower > TOLERANCE * shift.estimate.abs() && grew
}

/// By how much one sample lies above another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shift {
    pub(crate) lower: f64,
    pub(crate) upper: f64,
    pub(crate) estimate: f64,
}

/// The shift with its interval at this quantile; nothing where all points tie, which its code calls an error.
pub(crate) fn shift(new: &[f64], old: &[f64], quantile: f64) -> Option<Shift> {
    let ((new_least, new_most), (old_least, old_most)) = (range(new), range(old));
    let (least, most) = (new_least - old_most, new_most - old_least);
    let off = |shift: f64, quantile: f64| standard(new, old, shift).map(|score| score - quantile);
    let edge = |quantile: f64| {
        let (at_least, at_most) = (off(least, quantile)?, off(most, quantile)?);
        if at_least <= 0.0 {
            Some(least)
        } else if at_most >= 0.0 {
            Some(most)
        } else {
            root((least, at_least), (most, at_most), |shift| off(shift, quantile))
        }
    };
    let ends = ((least, off(least, 0.0)?), (most, off(most, 0.0)?));
    let estimate = root(ends.0, ends.1, |shift| off(shift, 0.0))?;
    Some(Shift { lower: edge(quantile)?, upper: edge(-quantile)?, estimate })
}

/// The standard score of the rank sum of `new` less a shift among both, corrected for ties and for continuity.
pub(crate) fn standard(new: &[f64], old: &[f64], shift: f64) -> Option<f64> {
    let mut points: Vec<(f64, bool)> = new.iter().map(|point| (point - shift, true)).collect();
    points.extend(old.iter().map(|point| (*point, false)));
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut ranks, mut ties, mut before) = (0.0, 0.0, 0.0);
    for tied in points.chunk_by(|one, other| one.0 >= other.0) {
        let many = size(tied.len());
        ranks += size(tied.iter().filter(|(_, new)| *new).count()) * (before + f64::midpoint(many, 1.0));
        ties += many * many * many - many;
        before += many;
    }
    let (new, old) = (size(new.len()), size(old.len()));
    let both = new + old;
    let off = ranks - new * (new + 1.0) / 2.0 - new * old / 2.0;
    let spread = (new * old / 12.0 * (both + 1.0 - ties / (both * (both - 1.0)))).sqrt();
    let corrected = if off > 0.0 {
        off - 0.5
    } else if off < 0.0 {
        off + 0.5
    } else {
        off
    };
    (spread > 0.0).then(|| corrected / spread)
}

/// Brent's root between two points, each with its value. The score is a staircase, so where on a step it stops is the
/// method's own choice, and part of the judgement.
#[expect(clippy::float_cmp, reason = "whether two points are one and the same")]
fn root(one: (f64, f64), other: (f64, f64), value: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let (mut last, mut best, mut across) = (one, other, one);
    for (at, value) in [one, other] {
        if value == 0.0 {
            return Some(at);
        }
    }
    for _ in 0..=MOST_STEPS {
        let moved = best.0 - last.0;
        if across.1.abs() < best.1.abs() {
            (last, best, across) = (best, across, best);
        }
        let near = 2.0 * f64::EPSILON * best.0.abs() + ROOT_TOLERANCE / 2.0;
        let wide = across.0 - best.0;
        let mut step = wide / 2.0;
        if step.abs() <= near || best.1 == 0.0 {
            return Some(best.0);
        }
        if moved.abs() >= near && last.1.abs() > best.1.abs() {
            let to_last = best.1 / last.1;
            let (up, down) = if last.0 == across.0 {
                (wide * to_last, 1.0 - to_last)
            } else {
                let (skew, to_across) = (last.1 / across.1, best.1 / across.1);
                let up =
                    to_last * (wide * skew * (skew - to_across) - moved_back(best, last) * (to_across - 1.0));
                (up, (skew - 1.0) * (to_across - 1.0) * (to_last - 1.0))
            };
            let (up, down) = if up > 0.0 { (up, -down) } else { (-up, down) };
            let within = up < 0.75 * wide * down - (ROOT_TOLERANCE * down).abs() / 2.0;
            if within && up < (moved * down / 2.0).abs() {
                step = up / down;
            }
        }
        if step.abs() < near {
            step = near.copysign(step);
        }
        last = best;
        best.0 += step;
        best.1 = value(best.0)?;
        if best.1 * across.1 > 0.0 {
            across = last;
        }
    }
    Some(best.0)
}

fn moved_back(best: (f64, f64), last: (f64, f64)) -> f64 {
    best.0 - last.0
}

fn range(points: &[f64]) -> (f64, f64) {
    let ends = (f64::INFINITY, f64::NEG_INFINITY);
    points.iter().fold(ends, |(least, most), point| (least.min(*point), most.max(*point)))
}

fn sorted(points: &[f64]) -> Vec<f64> {
    let mut points = points.to_vec();
    points.sort_by(f64::total_cmp);
    points
}

fn mean(points: &[f64]) -> f64 {
    points.iter().sum::<f64>() / size(points.len())
}

#[expect(clippy::cast_precision_loss, reason = "a number of points is small")]
const fn size(number: usize) -> f64 {
    number as f64
}
