//! Sums and means of numbers that are known by their logarithms.

/// The logarithm of the sum of the numbers with these logarithms; of no numbers it is that of zero.
pub fn ln_sum_exp(ln: &[f64]) -> f64 {
    let most = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most.is_infinite() {
        return most;
    }
    most + libm::log(ln.iter().map(|ln| libm::exp(ln - most)).sum())
}

/// The logarithm of the weighted mean of the numbers with these logarithms. It is evidence again, however much the
/// single ones depend on one another; without any weight it is that of one, which says nothing.
pub fn ln_mean(ln: &[f64], weights: &[f64]) -> f64 {
    let weight: f64 = ln.iter().zip(weights).map(|(_, weight)| weight).sum();
    if weight.is_nan() || weight <= 0.0 {
        return 0.0;
    }
    let weighted = || ln.iter().zip(weights).map(|(ln, share)| ln + libm::log(share / weight));
    let most = weighted().fold(f64::NEG_INFINITY, f64::max);
    if most.is_infinite() {
        return most;
    }
    most + libm::log(weighted().map(|ln| libm::exp(ln - most)).sum())
}

/// The logarithm of the sum of two.
pub(super) fn ln_add(one: f64, other: f64) -> f64 {
    let (less, more) = if one < other { (one, other) } else { (other, one) };
    // Half of all sums add nothing: a process of one start adds no weight after the first look.
    if less.is_infinite() {
        return more;
    }
    more + libm::log1p(libm::exp(less - more))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: f64 = f64::NEG_INFINITY;

    #[test]
    fn adds_on_logarithms() {
        for (ln, sum) in [
            (&[][..], NONE),
            (&[NONE, NONE], NONE),
            (&[0.0], 0.0),
            (&[0.0, 0.0], std::f64::consts::LN_2),
            (&[800.0, 0.0], 800.0),
            (&[-900.0, NONE], -900.0),
        ] {
            assert_eq!(ln_sum_exp(ln).to_bits(), sum.to_bits(), "{ln:?}");
            if let [one, other] = ln {
                assert_eq!(ln_add(*one, *other).to_bits(), sum.to_bits(), "{ln:?}");
                assert_eq!(ln_add(*other, *one).to_bits(), sum.to_bits(), "{ln:?}");
            }
        }
    }

    #[test]
    fn a_mean_without_weight_says_nothing() {
        for (ln, weights) in [(&[][..], &[][..]), (&[3.0], &[0.0]), (&[3.0], &[]), (&[3.0], &[f64::NAN])] {
            assert_eq!(ln_mean(ln, weights).to_bits(), 0.0_f64.to_bits(), "{ln:?} {weights:?}");
        }
        assert!((ln_mean(&[3.0, 700.0], &[2.0, 0.0]) - 3.0).abs() < 1e-12);
    }
}
