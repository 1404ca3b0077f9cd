//! `info`: series with the labels of the info metrics of their target.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Cell, Column};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::{Line, Lines, weight};
use crate::promql::eval::meter::{Hold, Meter, SERIES};
use crate::promql::eval::query::Query;
use crate::promql::eval::reach::Reach;
use crate::promql::eval::read::{self, Reads};
use crate::promql::matcher::{MatchOp, Matcher};
use crate::promql::node::{Call, Kind, NodeId};
use crate::promql::plan::Plan;
use crate::promql::selector::{Selector, Shift};
use crate::signal::{Labels, NAME};
use crate::unit::Extent;

/// The info metric of a target, where no other is asked for.
const TARGET: &str = "target_info";

/// The labels by which a target is known.
const KNOWN_BY: [&str; 2] = ["instance", "job"];

pub(super) fn call(mut called: Called<'_>) -> Result<Held<'_>, EvalError> {
    let evaluation = called.evaluation;
    let wanted = Wanted::of(evaluation.plan, called.call);
    let base = called.lines(0).collect(evaluation.meter)?;
    let infos = wanted.infos(&called)?;
    let mut made = Made { columns: BTreeMap::new(), hold: Hold::new(evaluation.meter) };
    for line in base.iter() {
        evaluation.meter.work(SERIES * (1 + infos.by_target.len()))?;
        wanted.enrich(evaluation.meter, line, &infos, &mut made)?;
    }
    let Made { columns, hold } = made;
    // Each is counted again as it goes over to the lines.
    drop(hold);
    let lines = columns.into_iter().map(|((labels, unnamed), column)| Line {
        labels: Cow::Owned(labels),
        unnamed,
        column,
    });
    Ok(Held::Lines(Lines::of(evaluation.meter, lines, false)?))
}

/// Which labels of which info metrics are wanted.
struct Wanted {
    names: Vec<Matcher>,
    data: Vec<Matcher>,
    /// Whether every label is.
    any: bool,
}

/// The info metrics by name and by the labels that a target is known by.
struct Infos<'e> {
    by_target: BTreeMap<(String, Labels), Vec<Line<'e>>>,
    hold: Hold<'e>,
}

/// Series with the labels that their targets' info metrics have.
struct Made<'e> {
    columns: BTreeMap<(Labels, bool), Column>,
    hold: Hold<'e>,
}

/// The info metrics that a call reads, and where in time it looks at them.
pub(super) fn infos(
    plan: &Plan,
    query: &Query<'_>,
    call: &Call,
    grid: Grid,
) -> Result<(Selector, Reach), EvalError> {
    let nowhere = Extent::default();
    let wanted = Wanted::of(plan, call);
    let mut matchers = [wanted.names.as_slice(), wanted.data.as_slice()].concat();
    if wanted.names.is_empty() {
        matchers.push(Matcher::equal(NAME, TARGET, nowhere));
    }
    let selector = Selector {
        name: None,
        matchers,
        extent: nowhere,
        range: None,
        extended: None,
        shift: Shift::default(),
    };
    let shifts = call.arguments.first().map(|of| shifts(plan, *of)).unwrap_or_default();
    let mut reach = Reach::of(query, grid, (&Shift::default(), None), nowhere)?;
    for shift in shifts {
        reach = reach.within(query, shift)?;
    }
    Ok((selector, reach))
}

impl Wanted {
    /// What the second argument of a call asks for.
    fn of(plan: &Plan, call: &Call) -> Self {
        let kind = call.arguments.get(1).map(|of| &plan.bare(*of).kind);
        let selector = if let Some(Kind::Selector(selector)) = kind { Some(selector) } else { None };
        let asked: Vec<Matcher> = selector.map_or_else(Vec::new, Selector::asks);
        let (names, data): (Vec<Matcher>, Vec<Matcher>) =
            asked.into_iter().partition(|asks| asks.label == NAME);
        Self { names, data, any: selector.is_none() }
    }

    /// Whether a series is itself an info metric that is asked for.
    fn is_info(&self, name: &str) -> bool {
        let asked = self.names.iter().all(|asks| asks.accepts(name));
        if self.names.is_empty() {
            self.any && name == TARGET
        } else {
            asked && (!self.excludes() || is_named_info(name))
        }
    }

    /// Whether it only says which info metrics are not meant: then those are that are named like one.
    fn excludes(&self) -> bool {
        self.names.iter().all(|asks| matches!(asks.op, MatchOp::NotEqual | MatchOp::NotRegex))
    }

    /// When each info metric that is asked for was last seen, at each step.
    fn infos<'e>(&self, called: &Called<'e>) -> Result<Infos<'e>, EvalError> {
        let evaluation = called.evaluation;
        let (selector, reach) = infos(evaluation.plan, evaluation.query, called.call, called.grid)?;
        let read = |reads| read::newest(evaluation.stock, evaluation.meter, &selector, reach, reads);
        for line in read(Reads::Value) {
            if line?.column.is_mixed() {
                return Err(EvalError::Argument("info sample should be float".to_owned()));
            }
        }
        let mut infos = Infos { by_target: BTreeMap::new(), hold: Hold::new(evaluation.meter) };
        let others = self.excludes() && !self.names.is_empty();
        for line in read(Reads::Time) {
            let line = line?;
            if line.column.is_void() || others && !is_named_info(line.labels.get(NAME)) {
                continue;
            }
            evaluation.meter.work(SERIES + line.column.len())?;
            infos.hold.add(line.weight())?;
            let key = (line.labels.get(NAME).to_owned(), known_by(&line.labels));
            infos.by_target.entry(key).or_default().push(line);
        }
        Ok(infos)
    }

    /// Adds a series with the labels that its target's info metrics have at each step.
    fn enrich(
        &self,
        meter: &Meter<'_>,
        line: &Line<'_>,
        infos: &Infos<'_>,
        made: &mut Made<'_>,
    ) -> Result<(), EvalError> {
        let plain = self.is_info(line.labels.get(NAME));
        let own = known_by(&line.labels);
        // What is known by nothing has no target.
        let candidates: Vec<&Vec<Line<'_>>> = infos
            .by_target
            .iter()
            .filter(|((_, known), _)| !plain && !own.is_empty() && *known == own)
            .map(|(_, lines)| lines)
            .collect();
        let needed = !plain && self.data.iter().any(|asks| !asks.accepts(""));
        let each = SERIES + candidates.iter().map(|lines| lines.len()).sum::<usize>();
        for index in 0..line.column.len() {
            meter.work(each)?;
            let Some(point) = line.column.cell(index).point() else { continue };
            let mut newest = Vec::new();
            for lines in &candidates {
                newest.extend(newest_of(lines, index)?);
            }
            if newest.is_empty() && needed {
                continue;
            }
            let labels = self.labels(line, &newest)?;
            let column = match made.columns.entry((labels, line.unnamed)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    made.hold.add(weight(&place.key().0).saturating_add(line.column.len()))?;
                    place.insert(Column::empty(line.column.len()))
                }
            };
            if column.has(index) {
                return Err(EvalError::SameLabels(line.labels.as_ref().clone()));
            }
            column.set(index, Some(point));
        }
        Ok(())
    }

    /// The labels of a series with those of its info metrics; what it has itself stands.
    fn labels(&self, line: &Line<'_>, infos: &[&Line<'_>]) -> Result<Labels, EvalError> {
        let mut data: BTreeMap<&str, &str> = BTreeMap::new();
        for info in infos {
            for (name, value) in info.labels.iter().filter(|(name, _)| self.wants(name)) {
                if data.get(name).is_some_and(|known| *known != value) {
                    return Err(EvalError::Argument(format!("conflicting label: {name}")));
                }
                if line.labels.get(name).is_empty() {
                    data.insert(name, value);
                }
            }
        }
        Ok(data
            .into_iter()
            .fold(line.labels.as_ref().clone(), |labels, (name, value)| labels.with(name, value)))
    }

    fn wants(&self, label: &str) -> bool {
        label != NAME && (self.data.is_empty() || self.data.iter().any(|asks| asks.label == label))
    }
}

fn is_named_info(name: &str) -> bool {
    name.strip_suffix("_info").is_some_and(|before| !before.is_empty())
}

fn known_by(labels: &Labels) -> Labels {
    labels.only(|name| KNOWN_BY.contains(&name))
}

/// The info series that was sampled last at a step.
fn newest_of<'l, 'e>(lines: &'l [Line<'e>], index: usize) -> Result<Option<&'l Line<'e>>, EvalError> {
    let mut newest: Option<(f64, &Line<'e>)> = None;
    for line in lines {
        let Cell::Float(at) = line.column.cell(index) else { continue };
        match newest {
            Some((known, _)) if at < known => {}
            #[expect(clippy::float_cmp, reason = "they are whole milliseconds")]
            Some((known, other)) if at == known => {
                let at = at * 1_000.0;
                let (one, other) = (&other.labels, &line.labels);
                let text = format!(
                    "found duplicate series for info metric: existing {one} @ {at}, new {other} @ {at}"
                );
                return Err(EvalError::Argument(text));
            }
            Some(_) | None => newest = Some((at, line)),
        }
    }
    Ok(newest.map(|(_, line)| line))
}

/// Where in time the first selector of an expression looks: the shifts of what stands around it, and its own, from
/// the outermost.
fn shifts(plan: &Plan, of: NodeId) -> Vec<&Shift> {
    let mut shifts = Vec::new();
    let mut next = Some(of);
    while let Some(id) = next {
        next = match &plan.node(id).kind {
            Kind::Selector(selector) => {
                shifts.push(&selector.shift);
                None
            }
            Kind::Subquery(subquery) => {
                shifts.push(&subquery.shift);
                Some(subquery.of)
            }
            Kind::Call(call) => call.arguments.iter().copied().find(|argument| reads(plan, *argument)),
            Kind::Aggregation(own) => Some(own.of),
            Kind::Binary(own) => [own.left, own.right].into_iter().find(|side| reads(plan, *side)),
            Kind::Signed(_, of) | Kind::Grouped(of) => Some(*of),
            Kind::Number(_) | Kind::Text(_) => None,
        };
    }
    shifts
}

/// Whether an expression reads series anywhere.
fn reads(plan: &Plan, of: NodeId) -> bool {
    let mut left = vec![of];
    while let Some(id) = left.pop() {
        let kind = &plan.node(id).kind;
        if matches!(kind, Kind::Selector(_)) {
            return true;
        }
        left.extend(kind.parts());
    }
    false
}
