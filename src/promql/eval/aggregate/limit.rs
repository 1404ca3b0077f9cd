//! `limitk` and `limit_ratio`: some series, whatever their values.

use crate::promql::eval::aggregate::Aggregating;
use crate::promql::eval::aggregate::choose::{how_many, is_there, keep};
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::group::Groups;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::number::Number;
use crate::signal::Labels;
use xxhash_rust::xxh64::xxh64;

/// So many series of each group.
pub(super) fn some<'e>(aggregating: Aggregating<'e>, counts: &[f64]) -> Result<Lines<'e>, EvalError> {
    let counts = counts.iter().map(|count| how_many(*count)).collect::<Result<Vec<usize>, EvalError>>()?;
    let mut groups = Groups::new(aggregating.own.grouping.as_ref());
    let mut left: Vec<Vec<usize>> = Vec::new();
    let apart = aggregating.lines.apart;
    let lines = aggregating.lines.map(move |line| {
        let group = groups.of(&line.labels, false);
        if left.len() < groups.len() {
            left.push(counts.clone());
        }
        let mut column = Column::empty(line.column.len());
        for (index, left) in left[group].iter_mut().enumerate() {
            if 0 < *left && line.column.has(index) {
                *left -= 1;
                keep(&mut column, &line.column, index);
            }
        }
        Line { column, ..line }
    });
    Ok(Lines::new(lines.filter(is_there), apart))
}

/// So large a share of the series: those whose labels have a hash below it, or above it where it is negative.
pub(super) fn share<'e>(aggregating: Aggregating<'e>, shares: &[f64]) -> Result<Lines<'e>, EvalError> {
    let shares =
        shares.iter().map(|share| bounded(&aggregating, *share)).collect::<Result<Vec<f64>, EvalError>>()?;
    let apart = aggregating.lines.apart;
    let lines = aggregating.lines.map(move |line| {
        let place = place(&line.labels);
        let mut column = Column::empty(line.column.len());
        for (index, share) in shares.iter().enumerate() {
            let within = if *share < 0.0 { 1.0 + share <= place } else { place < *share };
            if within {
                keep(&mut column, &line.column, index);
            }
        }
        Line { column, ..line }
    });
    Ok(Lines::new(lines.filter(is_there), apart))
}

fn bounded(aggregating: &Aggregating<'_>, share: f64) -> Result<f64, EvalError> {
    if share.is_nan() {
        return Err(EvalError::Argument("Ratio value is NaN".to_owned()));
    }
    let bounded = share.clamp(-1.0, 1.0);
    if !(-1.0..=1.0).contains(&share) {
        let extent = aggregating.own.parameter.map(|id| aggregating.evaluation.plan.node(id).extent);
        let text = format!(
            "ratio value should be between -1 and 1, got {}, capping to {}",
            Number(share),
            Number(bounded)
        );
        aggregating.evaluation.annotations.warn(extent.unwrap_or_default(), text);
    }
    Ok(bounded)
}

/// Where between 0 and 1 labels lie by their hash.
fn place(labels: &Labels) -> f64 {
    const ALL: f64 = 18_446_744_073_709_551_615.0;
    #[expect(clippy::cast_precision_loss, reason = "as in Prometheus, which divides floats")]
    let hash = hash(labels) as f64;
    hash / ALL
}

/// The hash that Prometheus has of labels: xxHash64 of their names and values, each behind its length.
fn hash(labels: &Labels) -> u64 {
    let mut bytes = Vec::new();
    for text in labels.iter().flat_map(|(name, value)| [name, value]) {
        match u8::try_from(text.len()) {
            Ok(len) if len < u8::MAX => bytes.push(len),
            Ok(_) | Err(_) => {
                bytes.push(u8::MAX);
                bytes.extend_from_slice(&text.len().to_le_bytes()[..3]);
            }
        }
        bytes.extend_from_slice(text.as_bytes());
    }
    xxh64(&bytes, 0)
}
