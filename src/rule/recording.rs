//! Recording rules.

use std::collections::BTreeMap;

use crate::rule::{Expr, LabelName, RecordName};
use crate::unit::Place;

/// Series computed from others.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The name that the series get.
    pub name: RecordName,
    /// What is computed.
    pub expr: Expr,
    /// Labels that each series gets; those of the group are among them. An empty one takes the label off.
    pub labels: BTreeMap<LabelName, String>,
    /// Where it stands.
    pub place: Place,
}
