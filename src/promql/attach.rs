//! What may follow what: windows and times belong to selectors and subqueries.

use crate::promql::duration::Length;
use crate::promql::item::Suffix;
use crate::promql::node::{Kind, Node, NodeId, Subquery};
use crate::promql::selector::{At, Extended, Shift};
use crate::unit::{Extent, Fault};

/// Hangs a suffix onto a node. A subquery becomes a node of its own, made of this one.
pub(super) fn attach(
    suffix: Suffix,
    extent: Extent,
    node: &mut Node,
    id: NodeId,
) -> Result<Option<Subquery>, Fault> {
    match suffix {
        Suffix::Subquery(range, step) => {
            return Ok(Some(Subquery { of: id, range, step, shift: Shift::default() }));
        }
        Suffix::Range(range) => window(range, extent, node)?,
        Suffix::Offset(length) => offset(length, extent, &mut node.kind)?,
        Suffix::At(at) => time(at, extent, &mut node.kind)?,
        Suffix::Extended(extended) => extend(extended, extent, &mut node.kind)?,
    }
    node.extent = node.extent.to(extent);
    Ok(None)
}

fn window(range: Length, extent: Extent, node: &mut Node) -> Result<(), Fault> {
    let Kind::Selector(selector) = &mut node.kind else {
        return Err(Fault::new(extent, "only a metric has a window of samples")
            .help("write `[5m:]` to evaluate an expression over a window"));
    };
    if selector.range.is_some() {
        return Err(Fault::new(extent, "this has a window already"));
    }
    if is_set(&selector.shift) || selector.shift.at.is_some_and(|at| matches!(at, At::Millis(_))) {
        return Err(Fault::new(extent, "a window stands before `offset` and `@`")
            .help("write `metric[5m] offset 1h`"));
    }
    selector.range = Some(range);
    node.value_type = crate::promql::value::ValueType::Matrix;
    Ok(())
}

/// An offset of nothing counts as none, as in Prometheus.
fn is_set(shift: &Shift) -> bool {
    shift.offset.as_ref().is_some_and(|offset| offset.fixed() != Some(0.0))
}

fn offset(length: Length, extent: Extent, kind: &mut Kind) -> Result<(), Fault> {
    let shift = kind.shift_mut().ok_or_else(|| misplaced("offset", extent))?;
    if is_set(shift) {
        return Err(Fault::new(extent, "this has an offset already"));
    }
    shift.offset = Some(length);
    Ok(())
}

fn time(at: At, extent: Extent, kind: &mut Kind) -> Result<(), Fault> {
    let shift = kind.shift_mut().ok_or_else(|| misplaced("@", extent))?;
    if shift.at.is_some() {
        return Err(Fault::new(extent, "this has an `@` already"));
    }
    shift.at = Some(at);
    Ok(())
}

fn extend(extended: Extended, extent: Extent, kind: &mut Kind) -> Result<(), Fault> {
    let Kind::Selector(selector) = kind else {
        let what = format!("`{}` can only follow a metric or its window", extended.text());
        return Err(Fault::new(extent, what));
    };
    if selector.extended.is_some_and(|other| other != extended) {
        return Err(Fault::new(extent, "a window is `anchored` or `smoothed`, not both"));
    }
    selector.extended = Some(extended);
    Ok(())
}

fn misplaced(keyword: &str, extent: Extent) -> Fault {
    Fault::new(extent, format!("`{keyword}` can only follow a metric, its window or a subquery"))
        .help("put it behind each metric that it is meant for")
}
