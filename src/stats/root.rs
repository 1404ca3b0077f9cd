//! The place where a rising function crosses zero.

/// Where to look, and how closely.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bracket {
    /// Where the function is not above zero.
    pub(super) low: f64,
    /// Where it is not below zero.
    pub(super) high: f64,
    /// Below this size of the place, what is near is no longer measured against it.
    pub(super) scale: f64,
}

/// Bisection alone halves the widest bracket to nothing in fewer steps.
const MOST_STEPS: u32 = 200;

/// A step shorter than this, measured against the place, is the last.
const NEAR: f64 = 4.0 * f64::EPSILON;

/// The root in a bracket of a function that gives its value and its slope: by Newton's steps, and by halving where
/// such a step would leave the bracket or come no nearer.
pub(super) fn root(bracket: Bracket, guess: f64, function: impl Fn(f64) -> (f64, f64)) -> f64 {
    let Bracket { mut low, mut high, scale } = bracket;
    let mut last = high - low;
    let mut at = if low <= guess && guess <= high { guess } else { 0.5 * (low + high) };
    for _ in 0..MOST_STEPS {
        let (value, slope) = function(at);
        if value <= 0.0 {
            low = at;
        }
        if value >= 0.0 {
            high = at;
        }
        let newton = at - value / slope;
        let nears = low <= newton && newton <= high && 2.0 * value.abs() <= (last * slope).abs();
        let next = if nears { newton } else { 0.5 * (low + high) };
        last = (next - at).abs();
        at = next;
        if last <= NEAR * at.abs().max(scale) {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function and its slope, where to look, and the root.
    type Row = (fn(f64) -> (f64, f64), f64, f64, f64);

    #[test]
    fn finds_what_newton_alone_would_miss() {
        let rows: [Row; 5] = [
            (|x| (x * x - 2.0, 2.0 * x), 0.0, 2.0, std::f64::consts::SQRT_2),
            (|x| (x * x * x, 3.0 * x * x), -1.0, 2.0, 0.0),
            // Flat but for the middle: Newton's steps leave every bracket.
            (|x| (libm::atan(x - 3.0), 1.0 / (1.0 + (x - 3.0) * (x - 3.0))), -1e3, 1e6, 3.0),
            (|x| (x - 1e-9, f64::NAN), 1e-12, 1.0, 1e-9),
            (|x| (x, 1.0), 0.0, 5.0, 0.0),
        ];
        for (number, (function, low, high, root_at)) in rows.into_iter().enumerate() {
            let found = root(Bracket { low, high, scale: 0.0 }, 0.9 * high, function);
            assert!((found - root_at).abs() <= 1e-14 * root_at.max(1e-4), "row {number}: {found}");
        }
    }
}
