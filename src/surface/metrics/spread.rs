//! How long things take, as Prometheus's ruler tells it: a summary with quantiles over the last of them.

use std::collections::VecDeque;
use std::fmt::Write;

/// How many of the last durations quantiles are taken of.
const LAST: usize = 1_024;

/// How long something took, in all and lately.
#[derive(Debug, Clone, Default)]
pub struct Spread {
    sum: f64,
    count: u64,
    last: VecDeque<f64>,
}

impl Spread {
    /// It took so many seconds, so often.
    #[expect(clippy::cast_precision_loss, reason = "no count is so large")]
    pub fn took(&mut self, seconds: f64, times: u64) {
        self.sum += seconds * times as f64;
        self.count += times;
        if times > 0 {
            if LAST <= self.last.len() {
                self.last.pop_front();
            }
            self.last.push_back(seconds);
        }
    }

    /// As a summary.
    pub(super) fn write(&self, out: &mut String, (name, help): (&str, &str), quantiles: &[f64]) {
        let mut last: Vec<f64> = self.last.iter().copied().collect();
        last.sort_by(f64::total_cmp);
        let _infallible = writeln!(out, "# HELP {name} {help}.\n# TYPE {name} summary");
        for quantile in quantiles {
            let value = at(&last, *quantile);
            let _infallible = writeln!(out, "{name}{{quantile=\"{quantile}\"}} {value}");
        }
        let (sum, count) = (self.sum, self.count);
        let _infallible = writeln!(out, "{name}_sum {sum}\n{name}_count {count}");
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "there are few of them, and a quantile lies between 0 and 1"
)]
fn at(sorted: &[f64], quantile: f64) -> f64 {
    let rank = (quantile * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_last_and_sums_of_all() {
        let mut spread = Spread::default();
        for seconds in 0..2_000_u32 {
            spread.took(f64::from(seconds), 1);
        }
        spread.took(7.0, 0);
        let mut text = String::new();
        spread.write(&mut text, ("took", "How long"), &[0.5, 0.99]);
        let expected = "# HELP took How long.\n# TYPE took summary\ntook{quantile=\"0.5\"} 1487\n\
                        took{quantile=\"0.99\"} 1989\ntook_sum 1999000\ntook_count 2000\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn of_nothing_there_is_no_quantile() {
        let mut text = String::new();
        Spread::default().write(&mut text, ("took", "How long"), &[0.5]);
        assert!(text.contains("took{quantile=\"0.5\"} NaN\ntook_sum 0\ntook_count 0\n"), "{text}");
    }
}
