//! The plan: a checked expression, each part with its place and its type.

use crate::promql::matcher::{MatchOp, Matcher};
use crate::promql::node::{Kind, Label, Node, NodeId};
use crate::promql::pattern;
use crate::promql::selector::{At, Selector};
use crate::promql::value::ValueType;
use crate::unit::{Extent, UnixMillis};

/// A checked expression.
///
/// Its nodes stand in one list, each behind the nodes it is made of, so that they can be gone through without
/// recursion and an index names one for good. Two plans are equal when they say the same; where each part stands
/// in its text does not matter.
#[derive(Debug, Clone)]
pub struct Plan {
    nodes: Vec<Node>,
}

impl Plan {
    /// The nodes must each stand behind those they are made of, and there must be at least one.
    pub(super) const fn new(nodes: Vec<Node>) -> Self {
        Self { nodes }
    }

    /// The whole expression.
    pub fn root(&self) -> NodeId {
        NodeId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// What a node is, brackets aside.
    pub(super) fn bare(&self, mut id: NodeId) -> &Node {
        while let Kind::Grouped(of) = &self.node(id).kind {
            id = *of;
        }
        self.node(id)
    }

    /// Every node, each behind those it is made of.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// How large the automata of its patterns are or will be, in parts: what it takes beside its text.
    pub fn parts(&self) -> usize {
        let parts = |node: &Node| match &node.kind {
            Kind::Selector(selector) => selector.matchers.iter().map(Matcher::size).sum(),
            // The last of the arguments of `label_replace` is one; nothing else is made of texts that look like one.
            Kind::Text(text) => text.as_str().map_or(0, pattern::size),
            Kind::Number(_)
            | Kind::Subquery(_)
            | Kind::Call(_)
            | Kind::Aggregation(_)
            | Kind::Binary(_)
            | Kind::Signed(..)
            | Kind::Grouped(_) => 0,
        };
        self.nodes.iter().map(parts).sum()
    }

    /// What the whole evaluates to.
    pub fn value_type(&self) -> ValueType {
        self.node(self.root()).value_type
    }

    /// The selector that the whole of it is, where nothing but one stands there.
    pub fn as_selector(&self) -> Option<&Selector> {
        let root = self.node(self.root());
        let Kind::Selector(selector) = &root.kind else { return None };
        (selector.extent == root.extent).then_some(selector)
    }

    /// Every selector, in the order of the text.
    pub fn selectors(&self) -> impl Iterator<Item = &Selector> {
        self.nodes.iter().filter_map(|node| match &node.kind {
            Kind::Selector(selector) => Some(selector),
            Kind::Number(_)
            | Kind::Text(_)
            | Kind::Subquery(_)
            | Kind::Call(_)
            | Kind::Aggregation(_)
            | Kind::Binary(_)
            | Kind::Signed(..)
            | Kind::Grouped(_) => None,
        })
    }

    /// The same over series of which the names end in this as well, as those of a histogram do.
    #[must_use]
    pub fn ending_in(&self, ending: &str) -> Self {
        let mut plan = self.clone();
        for node in &mut plan.nodes {
            if let Kind::Selector(Selector { name: Some(name), .. }) = &mut node.kind {
                name.text.push_str(ending);
            }
        }
        plan
    }

    /// The same over fewer series: every selector also asks for these labels.
    ///
    /// The matchers stand where their selector ends. One that is there already is not said twice.
    pub fn and(&self, labels: &[(&str, &str)]) -> Self {
        let mut plan = self.clone();
        for node in &mut plan.nodes {
            let Kind::Selector(selector) = &mut node.kind else { continue };
            let end = Extent::new(selector.extent.end, selector.extent.end);
            for (label, value) in labels {
                let said = |own: &Matcher| {
                    own.op == MatchOp::Equal && own.label == *label && own.value.as_str() == Some(value)
                };
                if !selector.matchers.iter().any(said) {
                    selector.matchers.push(Matcher::equal(label, value, end));
                }
            }
        }
        plan
    }

    /// The same looking from a fixed time, wherever it does not look from one already: then it is worth the same
    /// whenever it is evaluated. Nothing where a function in it tells the time.
    ///
    /// What stands in a subquery is left as it is, as the subquery says at what times that is evaluated.
    pub fn looking_from(&self, at: UnixMillis) -> Option<Self> {
        let mut plan = self.clone();
        let mut inside = vec![false; plan.nodes.len()];
        // From the whole to its parts, which stand before it.
        for (index, node) in plan.nodes.iter_mut().enumerate().rev() {
            let own = inside.get(index).copied().unwrap_or_default();
            for part in node.kind.parts() {
                if let Some(part) = inside.get_mut(part.index()) {
                    *part = own || matches!(node.kind, Kind::Subquery(_));
                }
            }
            if own {
                continue;
            }
            if matches!(&node.kind, Kind::Call(call) if call.function.tells_time) {
                return None;
            }
            if let Some(shift) = node.kind.shift_mut() {
                shift.at.get_or_insert(At::Millis(at.millis()));
            }
        }
        Some(plan)
    }

    /// The same with every place taken out.
    fn unplaced(&self) -> Vec<Node> {
        let mut nodes = self.nodes.clone();
        nodes.iter_mut().for_each(forget_places);
        nodes
    }
}

impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        self.unplaced() == other.unplaced()
    }
}

fn forget_places(node: &mut Node) {
    let nowhere = Extent::default();
    let forget = |labels: &mut Vec<Label>| labels.iter_mut().for_each(|label| label.extent = nowhere);
    node.extent = nowhere;
    match &mut node.kind {
        Kind::Selector(selector) => {
            selector.extent = nowhere;
            selector.name.iter_mut().for_each(|name| name.extent = nowhere);
            selector.matchers.iter_mut().for_each(|matcher| matcher.extent = nowhere);
        }
        Kind::Call(call) => call.name = nowhere,
        Kind::Aggregation(aggregation) => {
            aggregation.name = nowhere;
            aggregation.grouping.iter_mut().for_each(|grouping| forget(&mut grouping.labels));
        }
        Kind::Binary(binary) => {
            binary.op_extent = nowhere;
            binary.modifier.matching.iter_mut().for_each(|matching| forget(&mut matching.labels));
            binary.modifier.many.iter_mut().for_each(|many| forget(&mut many.include));
        }
        Kind::Number(_) | Kind::Text(_) | Kind::Subquery(_) | Kind::Signed(..) | Kind::Grouped(_) => {}
    }
}
