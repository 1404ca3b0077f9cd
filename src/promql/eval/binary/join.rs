//! Joins: operators between the series of two vectors that have the same labels.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::promql::eval::binary::signature::Signature;
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::Kept;
use crate::promql::eval::operate::{Operating, Worth};
use crate::promql::eval::{Evaluation, Names};
use crate::promql::node::{Binary, Side};
use crate::promql::number::Number;
use crate::signal::Labels;

/// Joins two vectors: each series of the side that may be many with the one that has its labels.
pub(super) fn join<'e>(
    evaluation: Evaluation<'e>,
    operating: Operating<'e>,
    grid: Grid,
    (left, right): (Lines<'e>, Lines<'e>),
) -> Result<Lines<'e>, EvalError> {
    let binary = operating.binary;
    let turned = binary.modifier.many.as_ref().is_some_and(|many| many.side == Side::Right);
    let (many, one) = if turned { (right, left) } else { (left, right) };
    let join = Join {
        evaluation,
        operating,
        binary,
        signature: Signature::of(binary),
        turned,
        many: many.collect(evaluation.meter)?,
        ones: one.collect(evaluation.meter)?,
        len: grid.len(),
    };
    join.lines()
}

struct Join<'e> {
    evaluation: Evaluation<'e>,
    operating: Operating<'e>,
    binary: &'e Binary,
    signature: Signature<'e>,
    /// Whether the many stand on the right.
    turned: bool,
    many: Kept<'e, Line<'e>>,
    ones: Kept<'e, Line<'e>>,
    len: usize,
}

/// The series that have the same signature.
#[derive(Default)]
struct Pairing {
    many: Vec<usize>,
    ones: Vec<usize>,
}

impl<'e> Join<'e> {
    fn lines(self) -> Result<Lines<'e>, EvalError> {
        let mut pairings: BTreeMap<Labels, Pairing> = BTreeMap::new();
        for (index, line) in self.many.iter().enumerate() {
            pairings.entry(self.signature.group(&line.labels)).or_default().many.push(index);
        }
        for (index, line) in self.ones.iter().enumerate() {
            pairings.entry(self.signature.group(&line.labels)).or_default().ones.push(index);
        }
        let active = self.active();
        let mut made: BTreeMap<Labels, Column> = BTreeMap::new();
        for (group, pairing) in &pairings {
            if let Some((labels, column)) = self.plain(pairing) {
                add(&mut made, labels, column)?;
                continue;
            }
            self.one_alone(group, pairing, &active)?;
            for (labels, place) in self.pair(group, pairing, &active)?.0 {
                add(&mut made, labels, place.column)?;
            }
        }
        let mut lines = Kept::new(self.evaluation.meter);
        for (labels, column) in made {
            if !column.is_void() {
                lines.push(column.weight(), Line { labels: Cow::Owned(labels), unnamed: false, column })?;
            }
        }
        Ok(Lines::kept(lines, self.drops_name()))
    }

    /// At which steps both sides have something at all, or what is missing can be filled in: elsewhere nothing is
    /// matched, and nothing is found amiss.
    fn active(&self) -> Vec<bool> {
        let modifier = &self.binary.modifier;
        let filled = modifier.fill_left.is_some() || modifier.fill_right.is_some();
        let there = |lines: &[Line<'_>]| {
            let mut there = vec![false; self.len];
            for line in lines {
                there.iter_mut().enumerate().for_each(|(index, there)| *there |= line.column.has(index));
            }
            there
        };
        let (many, ones) = (there(&self.many), there(&self.ones));
        many.iter().zip(&ones).map(|(many, one)| *many && *one || filled && (*many || *one)).collect()
    }

    /// That no two series of the side that must have one stand at the same step.
    fn one_alone(&self, group: &Labels, pairing: &Pairing, active: &[bool]) -> Result<(), EvalError> {
        let [_, _, ..] = pairing.ones.as_slice() else { return Ok(()) };
        let mut first: Vec<Option<usize>> = vec![None; self.len];
        for index in &pairing.ones {
            let line = &self.ones[*index];
            for step in (0..self.len).filter(|step| active[*step] && line.column.has(*step)) {
                if let Some(known) = first[step].replace(*index) {
                    return Err(EvalError::ManyToMany {
                        side: if self.turned { "left" } else { "right" },
                        group: group.clone(),
                        one: self.ones[known].labels.as_ref().clone(),
                        other: line.labels.as_ref().clone(),
                    });
                }
            }
        }
        Ok(())
    }

    /// What becomes of one series on each side, where both hold nothing but numbers and nothing is filled in: there
    /// is nothing else to see to.
    fn plain(&self, pairing: &Pairing) -> Option<(Labels, Column)> {
        let ([many], [one]) = (pairing.many.as_slice(), pairing.ones.as_slice()) else { return None };
        let (many, one) = (&self.many[*many], &self.ones[*one]);
        let filled = self.fill_one().is_some() || self.fill_many().is_some();
        if filled || many.column.is_mixed() || one.column.is_mixed() || self.operating.is_for_histograms() {
            return None;
        }
        let (left, right) = if self.turned { (one, many) } else { (many, one) };
        let values = self.operating.columns(&left.column.values, &right.column.values);
        Some((self.result(&many.labels, &one.labels), Column { values, histograms: Vec::new() }))
    }

    fn pair(&self, group: &Labels, pairing: &Pairing, active: &[bool]) -> Result<Made, EvalError> {
        let mut made = Made(BTreeMap::new());
        // At which steps a one was matched: where no pair may have been matched yet, or where it needs no filling.
        let mut matched = vec![false; self.len];
        for many in &pairing.many {
            let many = &self.many[*many];
            for one in &pairing.ones {
                let one = &self.ones[*one];
                let both = |step: usize| many.column.has(step) && one.column.has(step);
                let steps = (0..self.len).filter(|step| active[*step] && both(*step));
                let labels = self.result(&many.labels, &one.labels);
                self.values((labels, steps), (&many.column, &one.column), &mut matched, &mut made)?;
            }
            if let Some(fill) = self.fill_one() {
                let missing = |step: usize| {
                    many.column.has(step) && !pairing.ones.iter().any(|one| self.ones[*one].column.has(step))
                };
                let steps = (0..self.len).filter(|step| active[*step] && missing(*step));
                let labels = self.result(&many.labels, group);
                let fill = Column::of(fill.0, self.len);
                self.values((labels, steps), (&many.column, &fill), &mut matched, &mut made)?;
            }
        }
        let Some(fill) = self.fill_many() else { return Ok(made) };
        let fill = Column::of(fill.0, self.len);
        for one in &pairing.ones {
            let one = &self.ones[*one];
            let before = matched.clone();
            let steps = (0..self.len).filter(|step| active[*step] && !before[*step] && one.column.has(*step));
            let labels = self.result(group, &one.labels);
            self.values((labels, steps), (&fill, &one.column), &mut matched, &mut made)?;
        }
        Ok(made)
    }

    fn values(
        &self,
        (labels, steps): (Labels, impl Iterator<Item = usize>),
        (many, one): (&Column, &Column),
        matched: &mut [bool],
        made: &mut Made,
    ) -> Result<(), EvalError> {
        let mut steps = steps.peekable();
        if steps.peek().is_none() {
            return Ok(());
        }
        let place = made.place(labels, self.len);
        for step in steps {
            let (many, one) = (many.cell(step), one.cell(step));
            let (left, right) = if self.turned { (one, many) } else { (many, one) };
            // What a comparison goes on to leave out counts as matched, what does not go together does not.
            let point = match self.operating.between(left, right) {
                Worth::Nothing => continue,
                Worth::LeftOut => None,
                Worth::Value(point) => Some(point),
            };
            if std::mem::replace(&mut matched[step], true) && self.binary.modifier.many.is_none() {
                return Err(EvalError::ManyToOne);
            }
            if std::mem::replace(&mut place.met[step], true) {
                return Err(EvalError::NotUnique);
            }
            place.column.set(step, point);
        }
        Ok(())
    }

    /// What stands in for a missing one: whichever side that is on, Prometheus takes what is said of the right.
    fn fill_one(&self) -> Option<Number> {
        self.binary.modifier.fill_right
    }

    fn fill_many(&self) -> Option<Number> {
        self.binary.modifier.fill_left
    }

    fn result(&self, many: &Labels, one: &Labels) -> Labels {
        self.signature.result(self.binary, many, one, self.drops_name())
    }

    /// Whether the name goes here: between two vectors arithmetic takes it off at once, whenever that is done elsewhere.
    fn drops_name(&self) -> bool {
        let binary = self.binary;
        binary.op.changes_meaning()
            || binary.modifier.returns_bool && self.evaluation.query.names == Names::GoAtOnce
    }
}

/// The columns that are made of the series of one signature, by their labels.
struct Made(BTreeMap<Labels, Place>);

struct Place {
    column: Column,
    /// At which steps a pair was made, though a comparison may have left it out.
    met: Vec<bool>,
}

impl Made {
    fn place(&mut self, labels: Labels, len: usize) -> &mut Place {
        let empty = || Place { column: Column::empty(len), met: vec![false; len] };
        self.0.entry(labels).or_insert_with(empty)
    }
}

/// Adds a series; one of the same labels must not have a value at the same step.
fn add(made: &mut BTreeMap<Labels, Column>, labels: Labels, column: Column) -> Result<(), EvalError> {
    if let Some(known) = made.get_mut(&labels) {
        return known.merge(&column).map_err(|_| EvalError::SameLabels(labels));
    }
    made.insert(labels, column);
    Ok(())
}
