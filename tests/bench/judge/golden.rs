//! The golden vectors (T10).

use crate::vectors::{Comparison, NEAR, comparison};

use super::report::Report;

pub(crate) fn report() -> Report {
    let mut report = Report::default();
    let (met, figure) = match comparison() {
        Some(Comparison { values, furthest, wrong }) => (
            wrong.is_empty(),
            format!(
                "{} of {values} values are off by more than {NEAR:e}, the furthest by {furthest:.1e}",
                wrong.len()
            ),
        ),
        None => (false, "no golden vectors to compare with; they lie in ../shared/golden".to_owned()),
    };
    report.target(10, "", met, figure);
    report
}
