//! The golden vectors: each value within 1e-9 of what fifty digits give.

use crate::skip;
use crate::vectors::{Comparison, comparison};

#[test]
fn every_value_agrees_with_its_golden_one() {
    let Some(Comparison { values, wrong, .. }) = comparison() else {
        return skip::skip("the golden vectors of the sequential tests", "../shared/golden/sequential.json");
    };
    assert!(wrong.is_empty(), "{} of {values} values\n{}", wrong.len(), wrong.join("\n"));
}
