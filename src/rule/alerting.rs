//! Alerting rules.

use std::collections::BTreeMap;

use crate::rule::{AlertName, AnnotationName, Expr, LabelName, Templated};
use crate::unit::{Place, Span};

/// An alert for each series that its expression returns.
#[derive(Debug, Clone, PartialEq)]
pub struct Alerting {
    /// Its name, and the label `alertname` of its alerts.
    pub name: AlertName,
    /// What is asked.
    pub expr: Expr,
    /// How long an alert is pending before it fires.
    pub hold: Span,
    /// How long an alert keeps firing once nothing is returned any more.
    pub keep_firing_for: Span,
    /// Labels that each alert gets; those of the group are among them.
    pub labels: BTreeMap<LabelName, Templated>,
    /// What is told with each alert.
    pub annotations: BTreeMap<AnnotationName, Templated>,
    /// Where it stands.
    pub place: Place,
}
