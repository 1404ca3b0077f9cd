//! The rules that an expression must keep to although it can be read: how many arguments, of what type.

use crate::promql::node::{Aggregation, Binary, Call, Kind, MatchingKind, Node, NodeId};
use crate::promql::operator::Operator;
use crate::promql::reader::twice;
use crate::promql::selector::Selector;
use crate::promql::value::ValueType;
use crate::unit::{Extent, Fault};

/// Refuses nodes that break a rule, the innermost and leftmost first.
pub(super) fn check(nodes: &[Node]) -> Result<(), Fault> {
    let checker = Checker { nodes };
    let unnamed = checker.unnamed();
    for (at, node) in nodes.iter().enumerate() {
        match &node.kind {
            Kind::Selector(selector) => check_selector(selector, unnamed.contains(&at))?,
            Kind::Subquery(subquery) => checker.subquery(subquery.of)?,
            Kind::Call(call) => checker.call(call, node.extent)?,
            Kind::Aggregation(aggregation) => checker.aggregation(aggregation)?,
            Kind::Binary(binary) => checker.binary(binary)?,
            Kind::Signed(_, of) => checker.signed(*of)?,
            Kind::Number(_) | Kind::Text(_) | Kind::Grouped(_) => {}
        }
    }
    Ok(())
}

fn check_selector(selector: &Selector, unnamed: bool) -> Result<(), Fault> {
    if let Some(name) = selector.name.as_ref().filter(|name| !name.quoted)
        && let Some(other) = selector.matchers.iter().find(|matcher| matcher.label == "__name__")
    {
        return Err(twice(&name.text, &other.value.to_string(), other.extent));
    }
    if !unnamed && selector.selects_all() {
        return Err(Fault::new(selector.extent, "this could select every series there is")
            .help("name a metric, or ask of one label what the empty text does not pass"));
    }
    Ok(())
}

struct Checker<'n> {
    nodes: &'n [Node],
}

impl<'n> Checker<'n> {
    fn node(&self, id: NodeId) -> &'n Node {
        &self.nodes[id.index()]
    }

    /// The selectors whose metric is not theirs to choose: those that tell `info` which labels to add.
    fn unnamed(&self) -> Vec<usize> {
        let second = |node: &Node| match &node.kind {
            Kind::Call(call) if call.function.name == "info" => call.arguments.get(1).map(|id| id.index()),
            Kind::Call(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Selector(_)
            | Kind::Subquery(_)
            | Kind::Aggregation(_)
            | Kind::Binary(_)
            | Kind::Signed(..)
            | Kind::Grouped(_) => None,
        };
        self.nodes.iter().filter_map(second).collect()
    }

    /// Refuses a node of another type than is needed.
    fn expect(&self, id: NodeId, needed: ValueType, by: &str) -> Result<(), Fault> {
        let node = self.node(id);
        if node.value_type == needed {
            return Ok(());
        }
        let found = node.value_type;
        let error =
            Fault::new(node.extent, format!("{by} needs {} here, and this is {}", a(needed), a(found)));
        let help = match (needed, found, &node.kind) {
            (ValueType::Matrix, ValueType::Vector, Kind::Selector(_)) => "give it a window: `[5m]`",
            (ValueType::Matrix, ValueType::Vector, _) => "evaluate it over a window: `(..)[5m:]`",
            (ValueType::Vector, ValueType::Matrix, _) => {
                "make one value of its window: `rate(..)`, `last_over_time(..)`"
            }
            (ValueType::Vector, ValueType::Scalar, _) => "make a vector of it: `vector(..)`",
            (ValueType::Scalar, ValueType::Vector, _) => "make a scalar of it: `scalar(..)`",
            (ValueType::String, _, _) => "write a text in quotes",
            _ => return Err(error),
        };
        Err(error.help(help))
    }

    fn subquery(&self, of: NodeId) -> Result<(), Fault> {
        self.expect(of, ValueType::Vector, "a subquery")
    }

    fn signed(&self, of: NodeId) -> Result<(), Fault> {
        self.operand(of, "a sign")
    }

    /// Refuses what no arithmetic works on.
    fn operand(&self, id: NodeId, by: &str) -> Result<(), Fault> {
        match self.node(id).value_type {
            ValueType::Scalar | ValueType::Vector => Ok(()),
            ValueType::String => {
                let message = format!("{by} works on scalars and instant vectors, and this is a string");
                Err(Fault::new(self.node(id).extent, message))
            }
            ValueType::Matrix => self.expect(id, ValueType::Vector, by),
        }
    }

    fn call(&self, call: &Call, extent: Extent) -> Result<(), Fault> {
        let (name, found) = (call.function.name, call.arguments.len());
        let (least, most) = call.function.arity();
        let takes = |count: usize| match count {
            0 => "no arguments".to_owned(),
            1 => "1 argument".to_owned(),
            count => format!("{count} arguments"),
        };
        if let Some(most) = most.filter(|most| *most < found) {
            let upto = if least == most { "" } else { "at most " };
            let first = self.node(call.arguments[most]).extent;
            let rest = first.to(self.node(call.arguments[found - 1]).extent);
            return Err(Fault::new(rest, format!("`{name}` takes {upto}{}, not {found}", takes(most))));
        }
        if found < least {
            let from = if most == Some(least) { "" } else { "at least " };
            return Err(Fault::new(extent, format!("`{name}` takes {from}{}, not {found}", takes(least))));
        }
        let by = format!("`{name}`");
        for (at, argument) in call.arguments.iter().enumerate() {
            if let Some(needed) = call.function.argument(at) {
                self.expect(*argument, needed, &by)?;
            }
        }
        let second = call.arguments.get(1).filter(|_| name == "info");
        second.map_or(Ok(()), |second| Self::info_labels(self.node(*second)))
    }

    /// The second argument of `info` only says which labels to add.
    fn info_labels(node: &Node) -> Result<(), Fault> {
        let help = "write `info(expression, {label=~\".+\"})`";
        let Kind::Selector(selector) = &node.kind else {
            return Err(Fault::new(node.extent, "`info` needs matchers in braces here").help(help));
        };
        match selector.name.as_ref().filter(|name| !name.quoted) {
            Some(name) => {
                Err(Fault::new(name.extent, "`info` needs matchers here, without a metric").help(help))
            }
            None => Ok(()),
        }
    }

    fn aggregation(&self, aggregation: &Aggregation) -> Result<(), Fault> {
        let by = format!("`{}`", aggregation.op);
        if let (Some(parameter), Some(needed)) = (aggregation.parameter, aggregation.op.parameter()) {
            self.expect(parameter, needed, &by)?;
        }
        self.expect(aggregation.of, ValueType::Vector, &by)
    }

    fn binary(&self, binary: &Binary) -> Result<(), Fault> {
        let Binary { op, op_extent, left, right, modifier } = binary;
        let by = format!("`{op}`");
        self.operand(*left, &by)?;
        self.operand(*right, &by)?;
        let scalar = |id: &NodeId| self.node(*id).value_type == ValueType::Scalar;
        let wrong = |message: String| Fault::new(*op_extent, message);
        if modifier.returns_bool && !op.compares() {
            return Err(wrong(format!("`bool` is for comparisons, and {by} compares nothing")));
        }
        if op.compares() && !modifier.returns_bool && scalar(left) && scalar(right) {
            return Err(
                wrong("two scalars are compared with `bool`".to_owned()).help(format!("write `{op} bool`"))
            );
        }
        if op.is_set() {
            for side in [left, right] {
                self.expect(*side, ValueType::Vector, &by)?;
            }
        }
        Self::matching(binary, *op)?;
        if !scalar(left) && !scalar(right) {
            return Ok(());
        }
        if modifier.matching.as_ref().is_some_and(|matching| !matching.labels.is_empty()) {
            return Err(wrong("labels can only be matched between two vectors".to_owned()));
        }
        if modifier.fill_left.is_some() || modifier.fill_right.is_some() {
            return Err(wrong("series can only be filled in between two vectors".to_owned()));
        }
        Ok(())
    }

    fn matching(binary: &Binary, op: Operator) -> Result<(), Fault> {
        let modifier = &binary.modifier;
        let wrong = |message: String| Err(Fault::new(binary.op_extent, message));
        if op.is_set() && modifier.many.is_some() {
            return wrong(format!("`{op}` matches many to many; it takes no `group_left` or `group_right`"));
        }
        if op.is_set() && (modifier.fill_left.is_some() || modifier.fill_right.is_some()) {
            return wrong(format!("`{op}` takes no `fill`: to it a missing series is missing"));
        }
        let (Some(matching), Some(many)) = (&modifier.matching, &modifier.many) else { return Ok(()) };
        if matching.kind != MatchingKind::On {
            return Ok(());
        }
        let both = many.include.iter().find(|label| matching.labels.iter().any(|on| on.name == label.name));
        both.map_or(Ok(()), |label| {
            let message = format!("`{}` is matched by `on`, so both sides have it already", label.name);
            Err(Fault::new(label.extent, message).help("leave it out here"))
        })
    }
}

fn a(value_type: ValueType) -> String {
    let article = if value_type == ValueType::Vector { "an" } else { "a" };
    format!("{article} {value_type}")
}
