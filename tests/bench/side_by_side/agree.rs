//! Whether two answers are the same.

use std::collections::BTreeMap;

use serde_json::Value;

/// How far two numbers may lie apart, as a share of them.
const APART: f64 = 1e-9;

/// The values of each series by their times.
type Rows = BTreeMap<String, BTreeMap<i64, f64>>;

/// Why two answers are not the same, where they are not.
pub(crate) fn agree(ours: &Value, theirs: &Value) -> Result<(), String> {
    let (ours, theirs) = (rows(ours)?, rows(theirs)?);
    for (labels, row) in &theirs {
        let own = ours.get(labels).ok_or_else(|| format!("{labels} is missing"))?;
        if own.len() != row.len() {
            return Err(format!("{labels} has {} values and not {}", own.len(), row.len()));
        }
        for (at, value) in row {
            match own.get(at) {
                Some(own) if is_near(*own, *value) => {}
                found => return Err(format!("{labels} is {found:?} at {at} and not {value}")),
            }
        }
    }
    ours.keys()
        .find(|labels| !theirs.contains_key(*labels))
        .map_or(Ok(()), |more| Err(format!("{more} is too many")))
}

fn is_near(one: f64, other: f64) -> bool {
    one.is_nan() && other.is_nan()
        || one.total_cmp(&other).is_eq()
        || (one - other).abs() <= APART * one.abs().max(other.abs())
}

fn rows(answer: &Value) -> Result<Rows, String> {
    let told = || format!("{answer:.300}");
    let result = answer["data"]["result"].as_array().ok_or_else(told)?;
    let mut rows = Rows::new();
    for row in result {
        let labels: BTreeMap<&String, &Value> = row["metric"].as_object().ok_or_else(told)?.iter().collect();
        let mut values = BTreeMap::new();
        for pair in row["values"].as_array().ok_or_else(told)? {
            let at = (pair[0].as_f64().ok_or_else(told)? * 1_000.0).round();
            let value = pair[1].as_str().and_then(|text| text.parse().ok()).ok_or_else(told)?;
            #[expect(clippy::cast_possible_truncation, reason = "it was made of whole milliseconds")]
            values.insert(at as i64, value);
        }
        rows.insert(format!("{labels:?}"), values);
    }
    Ok(rows)
}
