//! Which of several pieces of evidence are named when the whole is found to be harm.

/// Of several pieces of evidence, known by their logarithms and weighed against each other, those that are named as
/// culprits: at most the share `alpha` of them wrongly in the mean, however much they depend on one another (the
/// procedure of Benjamini and Hochberg, for evidence).
///
/// Nobody is named unless the weighted mean of all proves harm at the same level. It may do so without a culprit, where
/// many say a little. A piece without a weight is never named.
pub fn culprits(ln: &[f64], weights: &[f64], alpha: f64) -> Vec<bool> {
    let ln_weighed = ln_weighed(ln, weights);
    let mut down = ln_weighed.clone();
    down.sort_by(|one, other| other.total_cmp(one));
    let many = count(down.len());
    let alpha = alpha.clamp(0.0, 1.0);
    let ln_least = |named: usize| libm::log(many / (count(named) * alpha));
    let enough = (1..).map(ln_least).zip(&down).filter(|(least, ln)| *ln >= least).last();
    // All that are as large as the last one named are named, so that their order does not matter.
    let enough = |ln: &f64| enough.is_some_and(|(least, _)| *ln >= least);
    ln_weighed.iter().map(enough).collect()
}

/// The logarithm of each piece times its weight, where the mean of all weights is one: of equal weights it is exactly
/// one, so that evidence that is just enough is enough.
fn ln_weighed(ln: &[f64], weights: &[f64]) -> Vec<f64> {
    let weights =
        || ln.iter().zip(weights).map(|(_, weight)| if *weight > 0.0 { weight.min(f64::MAX) } else { 0.0 });
    let most = weights().fold(0.0, f64::max);
    // Against the largest, or their sum could leave the range of a number.
    let all: f64 = weights().map(|weight| weight / most).sum();
    let many = count(weights().count());
    let weighed = |(ln, weight): (&f64, f64)| {
        let weighed = ln + libm::log(many * (weight / most) / all);
        // No evidence of what is no number: without any weight, or infinitely little times infinitely much.
        if weighed.is_nan() { f64::NEG_INFINITY } else { weighed }
    };
    ln.iter().zip(weights()).map(weighed).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a handful of checks and slices")]
fn count(many: usize) -> f64 {
    many as f64
}
