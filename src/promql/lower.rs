//! From the parser's tree to the plan. No other file knows the parser.

use crate::promql::attach::attach;
use crate::promql::item::{Item, Opened, Part};
use crate::promql::node::{Aggregation, Binary, Call, Grouping, Kind, Modifier, Node, NodeId, Sign};
use crate::promql::number::Number;
use crate::promql::operator::Operator;
use crate::promql::pattern::Whole;
use crate::promql::reader::Parts;
use crate::promql::value::ValueType;
use crate::unit::{Extent, Fault};
use promql_parser::parser::{self, Expr};

/// Makes nodes of the parts of an expression: the tree says how they bind, the parts say what they are.
///
/// The tree is walked in the order of the text, so that the next part is always the one at hand; and without
/// recursion, so that no expression is too deep.
pub(super) fn lower(parts: Parts) -> Result<Vec<Node>, Fault> {
    let places = parts.items.first().zip(parts.items.last());
    let whole = places.map(|(first, last)| first.extent.to(last.extent)).unwrap_or_default();
    let tree = parser::parse(&parts.skeleton).map_err(|why| astray(whole, &why))?;
    let items = parts.items.into_iter().peekable();
    let mut lowering = Lowering { items, nodes: Vec::new(), operands: Vec::new() };
    let mut steps = vec![Step::Visit(&tree)];
    while let Some(step) = steps.pop() {
        lowering.take(step, &mut steps).unwrap_or_else(|| Err(astray(whole, "its parts are out of step")))?;
    }
    Ok(lowering.nodes)
}

/// The parser and the reader of parts disagree about what is PromQL: a fault of this program, of which one rule
/// should suffer and no other.
fn astray(extent: Extent, why: &str) -> Fault {
    Fault::new(extent, format!("this expression is beyond what can be read here: {why}"))
        .help("put brackets around parts of it, and please report it")
}

/// What is still to be done, the last of it first.
enum Step<'t> {
    Visit(&'t Expr),
    /// An operator is next, then the expression behind it.
    Operator(&'t Expr),
    Binary(Operator, Modifier, Extent),
    Sign(Sign, Extent),
    /// As many operands as there are arguments lie ready.
    Close(Opened, Extent, usize),
}

struct Lowering {
    items: std::iter::Peekable<std::vec::IntoIter<Item>>,
    nodes: Vec<Node>,
    /// The nodes that belong to none yet.
    operands: Vec<NodeId>,
}

impl Lowering {
    /// Does one step; `None` where the next part is not the one that the tree has there.
    fn take<'t>(&mut self, step: Step<'t>, steps: &mut Vec<Step<'t>>) -> Option<Result<(), Fault>> {
        match step {
            Step::Visit(expr) => self.visit(expr, steps),
            Step::Operator(right) => {
                let Item { extent, part: Part::Operator(operator, modifier) } = self.items.next()? else {
                    return None;
                };
                steps.extend([Step::Binary(operator, modifier, extent), Step::Visit(right)]);
                Some(Ok(()))
            }
            Step::Binary(op, modifier, op_extent) => {
                let (right, left) = (self.operands.pop()?, self.operands.pop()?);
                let extent = self.node(left).extent.to(self.node(right).extent);
                self.push(extent, Kind::Binary(Binary { op, op_extent, left, right, modifier }));
                Some(Ok(()))
            }
            Step::Sign(sign, extent) => {
                let of = self.operands.pop()?;
                self.sign(sign, extent, of);
                Some(Ok(()))
            }
            Step::Close(opened, open, count) => {
                let arguments = self.operands.split_off(self.operands.len().checked_sub(count)?);
                let Item { extent, part: Part::Close(grouping) } = self.items.next()? else { return None };
                let closed = close(opened, open.to(extent), arguments, grouping);
                Some(closed.and_then(|(extent, kind)| {
                    self.push(extent, kind);
                    self.suffixes()
                }))
            }
        }
    }

    fn visit<'t>(&mut self, expr: &'t Expr, steps: &mut Vec<Step<'t>>) -> Option<Result<(), Fault>> {
        match expr {
            Expr::VectorSelector(_) => {
                let Item { extent, part } = self.items.next()?;
                let kind = match part {
                    Part::Number(number) => Kind::Number(number),
                    Part::Text(text) => Kind::Text(text),
                    Part::Selector(selector) => Kind::Selector(selector),
                    Part::Sign(_) | Part::Operator(..) | Part::Suffix(_) | Part::Open(_) | Part::Close(_) => {
                        return None;
                    }
                };
                self.push(extent, kind);
                return Some(self.suffixes());
            }
            Expr::Binary(binary) => {
                steps.extend([Step::Operator(&binary.rhs), Step::Visit(&binary.lhs)]);
            }
            Expr::Unary(unary) => {
                let Item { extent, part: Part::Sign(sign) } = self.items.next()? else { return None };
                steps.extend([Step::Sign(sign, extent), Step::Visit(&unary.expr)]);
            }
            Expr::Paren(paren) => {
                let Item { extent, part: Part::Open(opened) } = self.items.next()? else { return None };
                steps.extend([Step::Close(opened, extent, 1), Step::Visit(&paren.expr)]);
            }
            Expr::Call(call) => {
                let Item { extent, part: Part::Open(opened) } = self.items.next()? else { return None };
                let mut arguments = Vec::new();
                if !matches!(self.items.peek()?.part, Part::Close(_)) {
                    let mut rest = Some(call);
                    while let Some(call) = rest {
                        arguments.push(call.args.args.first()?.as_ref());
                        rest = match call.args.args.get(1).map(AsRef::as_ref) {
                            Some(Expr::Call(rest)) => Some(rest),
                            Some(_) => return None,
                            None => None,
                        };
                    }
                }
                steps.push(Step::Close(opened, extent, arguments.len()));
                steps.extend(arguments.into_iter().rev().map(Step::Visit));
            }
            Expr::Aggregate(_)
            | Expr::Subquery(_)
            | Expr::NumberLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::MatrixSelector(_)
            | Expr::Extension(_) => return None,
        }
        Some(Ok(()))
    }

    /// A sign becomes part of a number right behind it, as in Prometheus.
    fn sign(&mut self, sign: Sign, extent: Extent, of: NodeId) {
        let node = &mut self.nodes[of.index()];
        let extent = extent.to(node.extent);
        if let Kind::Number(number) = &mut node.kind {
            if sign == Sign::Minus {
                *number = Number(-number.0);
            }
            node.extent = extent;
            self.operands.push(of);
        } else {
            self.push(extent, Kind::Signed(sign, of));
        }
    }

    /// Hangs onto the last operand what follows it.
    fn suffixes(&mut self) -> Result<(), Fault> {
        while let Some(item) = self.items.next_if(|item| matches!(item.part, Part::Suffix(_))) {
            let (Part::Suffix(suffix), Some(of)) = (item.part, self.operands.pop()) else { continue };
            match attach(suffix, item.extent, &mut self.nodes[of.index()], of)? {
                Some(subquery) => self.push(self.node(of).extent.to(item.extent), Kind::Subquery(subquery)),
                None => self.operands.push(of),
            }
        }
        Ok(())
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Adds a node behind those it is made of.
    fn push(&mut self, extent: Extent, kind: Kind) {
        let value_type = self.value_type(&kind);
        let drops_name = drops_name(&kind, value_type);
        self.operands.push(NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)));
        self.nodes.push(Node { extent, value_type, drops_name, kind });
    }

    fn value_type(&self, kind: &Kind) -> ValueType {
        match kind {
            Kind::Number(_) => ValueType::Scalar,
            Kind::Text(_) => ValueType::String,
            Kind::Selector(selector) if selector.range.is_some() => ValueType::Matrix,
            Kind::Selector(_) | Kind::Aggregation(_) => ValueType::Vector,
            Kind::Subquery(_) => ValueType::Matrix,
            Kind::Call(call) => call.function.result,
            Kind::Binary(binary) => {
                let scalar = |id| self.node(id).value_type == ValueType::Scalar;
                let scalars = scalar(binary.left) && scalar(binary.right);
                if scalars { ValueType::Scalar } else { ValueType::Vector }
            }
            Kind::Signed(_, of) | Kind::Grouped(of) => self.node(*of).value_type,
        }
    }
}

/// What the brackets hold, now that they are closed.
fn close(
    opened: Opened,
    brackets: Extent,
    mut arguments: Vec<NodeId>,
    behind: Option<(Grouping, Extent)>,
) -> Result<(Extent, Kind), Fault> {
    let end = behind.as_ref().map_or(brackets, |(_, extent)| *extent);
    match opened {
        Opened::Grouping => {
            let of = arguments.pop().ok_or_else(|| astray(brackets, "a bracket is empty"))?;
            Ok((brackets, Kind::Grouped(of)))
        }
        Opened::Call(function, name) => {
            Ok((name.to(brackets), Kind::Call(Call { function, name, arguments, pattern: Whole::default() })))
        }
        Opened::Aggregation(op, name, before) => {
            let extent = name.to(end);
            let expected = 1 + usize::from(op.parameter().is_some());
            let found = arguments.len();
            let (Some(of), true) = (arguments.pop(), found == expected) else {
                let needs = if expected == 1 { "one expression" } else { "a parameter and one expression" };
                return Err(Fault::new(brackets, format!("`{op}` takes {needs}, not {found}")));
            };
            let grouping = before.or(behind.map(|(grouping, _)| grouping));
            let parameter = arguments.pop();
            Ok((extent, Kind::Aggregation(Aggregation { op, name, parameter, of, grouping })))
        }
    }
}

/// Whether what is computed here is no longer what its name says.
fn drops_name(kind: &Kind, value_type: ValueType) -> bool {
    let computed = match kind {
        Kind::Call(call) => !call.function.keeps_name,
        Kind::Binary(binary) => binary.op.changes_meaning() || binary.modifier.returns_bool,
        Kind::Signed(sign, _) => *sign == Sign::Minus,
        Kind::Number(_)
        | Kind::Text(_)
        | Kind::Selector(_)
        | Kind::Subquery(_)
        | Kind::Aggregation(_)
        | Kind::Grouped(_) => false,
    };
    computed && value_type == ValueType::Vector
}
