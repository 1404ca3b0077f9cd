//! Kayenta's judge against what Kayenta itself says.

use crate::study::rival::kayenta::{NORMAL_99, says_high, shift};

/// The 97.5 % quantile of the normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

fn near(got: f64, golden: f64, within: f64, what: &str) {
    assert!((got - golden).abs() <= within, "{what}: {got}, but Kayenta has {golden}");
}

#[test]
fn intervals_are_kayentas() {
    /// Two samples, the quantile, and the lower end, the upper end and the estimate.
    type Row = (Vec<f64>, Vec<f64>, f64, [f64; 3]);
    let tens = |to: u32| (1..=to).map(|number| f64::from(10 * number)).collect::<Vec<f64>>();
    let ones = |to: u32| (1..=to).map(f64::from).collect::<Vec<f64>>();
    let rows: [Row; 4] = [
        (tens(4), ones(4), NORMAL_975, [6.0, 39.0, 22.5]),
        (vec![0.0, 1.0, 2.0, 1.0, 0.0, 0.0], vec![0.0; 6], NORMAL_99, [0.0, 2.0, 0.8127]),
        (vec![1.0, 4.0, 2.0, 3.0, 1.0], vec![0.0; 5], NORMAL_99, [1.0, 4.0, 2.0]),
        (tens(5), ones(5), NORMAL_99, [5.0, 49.0, 27.0]),
    ];
    for (new, old, quantile, [lower, upper, estimate]) in rows {
        let what = format!("{new:?} against {old:?}");
        let found = shift(&new, &old, quantile).unwrap();
        // It looks for roots to one part in ten thousand, absolutely.
        near(found.lower, lower, 2e-4, &what);
        near(found.upper, upper, 2e-4, &what);
        near(found.estimate, estimate, 2e-4, &what);
    }
}

/// Even where all points of one side lie tenfold above the other, it takes eight of them to say so.
#[test]
fn judgements_are_kayentas() {
    assert!(!says_high(&[0.0, 1.0, 2.0, 1.0, 0.0, 0.0], &[0.0; 6]));
    assert!(says_high(&[1.0, 4.0, 2.0, 3.0, 1.0], &[0.0; 5]));
    for (points, high) in [(5, false), (6, false), (7, false), (8, true)] {
        let old: Vec<f64> = (1..=points).map(f64::from).collect();
        let new: Vec<f64> = old.iter().map(|point| 10.0 * point).collect();
        assert_eq!(says_high(&new, &old), high, "{points} points");
    }
    for (new, old) in
        [(&[][..], &[1.0][..]), (&[1.0], &[]), (&[1.0, 1.0], &[1.0, 1.0]), (&[2.0, 1.0], &[1.0, 2.0])]
    {
        assert!(!says_high(new, old), "{new:?} against {old:?}");
    }
}
