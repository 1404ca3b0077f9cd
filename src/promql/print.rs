//! A plan as text: PromQL that reads back as the same plan.

use crate::promql::duration::Length;
use crate::promql::matcher::Matcher;
use crate::promql::name::{is_legacy_label_name, is_legacy_metric_name};
use crate::promql::node::{
    Aggregation, Binary, GroupingKind, Kind, Label, MatchingKind, Modifier, NodeId, Side, Sign,
};
use crate::promql::plan::Plan;
use crate::promql::reader::{RESERVED, is_bare_label};
use crate::promql::selector::{At, Name, Selector, Shift};
use crate::promql::text::Text;
use std::fmt::{self, Write};

/// What is still to be printed, the last of it first. With a list instead of recursion no plan is too deep.
enum Step<'p> {
    Node(NodeId),
    Text(&'static str),
    Modifier(&'p Modifier),
    Window(&'p Length, Option<&'p Length>),
    Shift(&'p Shift),
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_selector(f, self)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = vec![Step::Node(self.root())];
        while let Some(step) = steps.pop() {
            match step {
                Step::Text(text) => f.write_str(text)?,
                Step::Modifier(modifier) => print_modifier(f, modifier)?,
                Step::Window(range, Some(step)) => write!(f, "[{range}:{step}]")?,
                Step::Window(range, None) => write!(f, "[{range}:]")?,
                Step::Shift(shift) => print_shift(f, shift)?,
                Step::Node(id) => {
                    let first = steps.len();
                    self.node_steps(f, id, &mut steps)?;
                    steps[first..].reverse();
                }
            }
        }
        Ok(())
    }
}

impl Plan {
    /// Prints how a node begins, and adds what follows, in order.
    fn node_steps<'p>(
        &'p self,
        f: &mut fmt::Formatter<'_>,
        id: NodeId,
        steps: &mut Vec<Step<'p>>,
    ) -> fmt::Result {
        match &self.node(id).kind {
            Kind::Number(number) => write!(f, "{number}")?,
            Kind::Text(text) => write!(f, "{text}")?,
            Kind::Selector(selector) => print_selector(f, selector)?,
            Kind::Subquery(subquery) => steps.extend([
                Step::Node(subquery.of),
                Step::Window(&subquery.range, subquery.step.as_ref()),
                Step::Shift(&subquery.shift),
            ]),
            Kind::Call(call) => {
                f.write_str(call.function.name)?;
                arguments(steps, call.arguments.iter().copied());
            }
            Kind::Aggregation(aggregation) => {
                print_aggregator(f, aggregation)?;
                arguments(steps, aggregation.parameter.into_iter().chain([aggregation.of]));
            }
            Kind::Binary(Binary { op, left, right, modifier, .. }) => steps.extend([
                Step::Node(*left),
                Step::Text(" "),
                Step::Text(op.text()),
                Step::Modifier(modifier),
                Step::Text(" "),
                Step::Node(*right),
            ]),
            Kind::Signed(sign, of) => {
                f.write_str(if *sign == Sign::Minus { "-" } else { "+" })?;
                steps.push(Step::Node(*of));
            }
            Kind::Grouped(of) => steps.extend([Step::Text("("), Step::Node(*of), Step::Text(")")]),
        }
        Ok(())
    }
}

fn arguments(steps: &mut Vec<Step<'_>>, arguments: impl Iterator<Item = NodeId>) {
    steps.push(Step::Text("("));
    for (at, argument) in arguments.enumerate() {
        if 0 < at {
            steps.push(Step::Text(", "));
        }
        steps.push(Step::Node(argument));
    }
    steps.push(Step::Text(")"));
}

fn print_aggregator(f: &mut fmt::Formatter<'_>, aggregation: &Aggregation) -> fmt::Result {
    f.write_str(aggregation.op.name())?;
    let Some(grouping) = &aggregation.grouping else { return Ok(()) };
    f.write_str(match grouping.kind {
        GroupingKind::By => " by ",
        GroupingKind::Without => " without ",
    })?;
    print_labels(f, &grouping.labels)?;
    f.write_char(' ')
}

fn print_modifier(f: &mut fmt::Formatter<'_>, modifier: &Modifier) -> fmt::Result {
    if modifier.returns_bool {
        f.write_str(" bool")?;
    }
    if let Some(matching) = &modifier.matching {
        f.write_str(match matching.kind {
            MatchingKind::On => " on ",
            MatchingKind::Ignoring => " ignoring ",
        })?;
        print_labels(f, &matching.labels)?;
    }
    if let Some(many) = &modifier.many {
        f.write_str(match many.side {
            Side::Left => " group_left ",
            Side::Right => " group_right ",
        })?;
        // Always with brackets: without them, those of an expression would be taken for them.
        print_labels(f, &many.include)?;
    }
    match (modifier.fill_left, modifier.fill_right) {
        (Some(left), Some(right)) if left == right => write!(f, " fill ({left})"),
        (left, right) => {
            left.map_or(Ok(()), |left| write!(f, " fill_left ({left})"))?;
            right.map_or(Ok(()), |right| write!(f, " fill_right ({right})"))
        }
    }
}

fn print_labels(f: &mut fmt::Formatter<'_>, labels: &[Label]) -> fmt::Result {
    f.write_char('(')?;
    for (at, label) in labels.iter().enumerate() {
        if 0 < at {
            f.write_str(", ")?;
        }
        print_label(f, &label.name, is_bare_label(&label.name))?;
    }
    f.write_char(')')
}

fn print_label(f: &mut fmt::Formatter<'_>, label: &str, bare: bool) -> fmt::Result {
    if bare && is_legacy_label_name(label) { f.write_str(label) } else { write!(f, "{}", Text::from(label)) }
}

fn print_selector(f: &mut fmt::Formatter<'_>, selector: &Selector) -> fmt::Result {
    let mut parts = Vec::new();
    if let Some(name) = &selector.name {
        if is_bare(name) {
            f.write_str(&name.text)?;
        } else {
            parts.push(Braced::Name(&name.text));
        }
    }
    let bare = parts.is_empty() && selector.name.is_some();
    parts.extend(selector.matchers.iter().map(Braced::Matcher));
    if !(bare && parts.is_empty()) {
        f.write_char('{')?;
        for (at, part) in parts.iter().enumerate() {
            if 0 < at {
                f.write_str(", ")?;
            }
            match part {
                Braced::Name(name) => write!(f, "{}", Text::from(*name))?,
                Braced::Matcher(matcher) => print_matcher(f, matcher)?,
            }
        }
        f.write_char('}')?;
    }
    if let Some(range) = &selector.range {
        write!(f, "[{range}]")?;
    }
    if let Some(extended) = selector.extended {
        write!(f, " {}", extended.text())?;
    }
    print_shift(f, &selector.shift)
}

/// What stands in the braces of a selector.
enum Braced<'p> {
    Name(&'p str),
    Matcher(&'p Matcher),
}

fn print_matcher(f: &mut fmt::Formatter<'_>, matcher: &Matcher) -> fmt::Result {
    print_label(f, &matcher.label, true)?;
    write!(f, "{}{}", matcher.op, matcher.value)
}

/// Whether a name was written before its braces, and can be.
fn is_bare(name: &Name) -> bool {
    let number = ["inf", "nan"].iter().any(|number| number.eq_ignore_ascii_case(&name.text));
    let reserved = RESERVED.iter().any(|keyword| keyword.eq_ignore_ascii_case(&name.text));
    !name.quoted && is_legacy_metric_name(&name.text) && !number && !reserved
}

fn print_shift(f: &mut fmt::Formatter<'_>, shift: &Shift) -> fmt::Result {
    match shift.at {
        None => {}
        Some(At::Start) => f.write_str(" @ start()")?,
        Some(At::End) => f.write_str(" @ end()")?,
        Some(At::Millis(millis)) => {
            let sign = if millis < 0 { "-" } else { "" };
            let millis = millis.unsigned_abs();
            write!(f, " @ {sign}{}.{:03}", millis / 1_000, millis % 1_000)?;
        }
    }
    match &shift.offset {
        None => Ok(()),
        // Behind an offset, arithmetic belongs to the whole expression unless it stands in brackets.
        Some(offset @ Length::Computed(..)) => write!(f, " offset ({offset})"),
        Some(Length::Negated(of)) if matches!(**of, Length::Negated(_)) => {
            write!(f, " offset -({of})")
        }
        Some(Length::Negated(of)) if matches!(**of, Length::Computed(..)) => {
            write!(f, " offset -({of})")
        }
        Some(offset) => write!(f, " offset {offset}"),
    }
}
