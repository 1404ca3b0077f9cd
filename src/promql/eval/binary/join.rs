//! Joins: operators between the series of two vectors that have the same labels.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::promql::eval::binary::OPERATED;
use crate::promql::eval::binary::signature::Signature;
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::line::{Line, Lines, weight};
use crate::promql::eval::meter::{Hold, Kept, SERIES, UNLOOKED, samples_of};
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

/// All of them by their signatures.
struct Pairings<'e> {
    by_labels: BTreeMap<Labels, Pairing>,
    hold: Hold<'e>,
}

impl Pairings<'_> {
    fn of(&mut self, group: Labels) -> Result<&mut Pairing, EvalError> {
        Ok(match self.by_labels.entry(group) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                self.hold.add(weight(place.key()))?;
                place.insert(Pairing::default())
            }
        })
    }
}

impl<'e> Join<'e> {
    fn lines(self) -> Result<Lines<'e>, EvalError> {
        let meter = self.evaluation.meter;
        let pairings = self.pairings()?;
        let active = self.active()?;
        let mut made = Joined { columns: BTreeMap::new(), hold: Hold::new(meter) };
        for (group, pairing) in &pairings.by_labels {
            if let Some((labels, column)) = self.plain(pairing)? {
                made.add(labels, column)?;
                continue;
            }
            self.one_alone(group, pairing, &active)?;
            for (labels, place) in self.pair(group, pairing, &active)?.places {
                made.add(labels, place.column)?;
            }
        }
        let Joined { columns, hold } = made;
        // Each is counted again as it goes over to the lines.
        drop(hold);
        let mut lines = Kept::new(meter);
        for (labels, column) in columns {
            meter.work(SERIES + column.len())?;
            if !column.is_void() {
                let line = Line { labels: Cow::Owned(labels), unnamed: false, column };
                lines.push(line.weight(), line)?;
            }
        }
        Ok(Lines::kept(lines, self.drops_name()))
    }

    /// The series of both sides by their signatures.
    fn pairings(&self) -> Result<Pairings<'e>, EvalError> {
        let meter = self.evaluation.meter;
        let mut pairings = Pairings { by_labels: BTreeMap::new(), hold: Hold::new(meter) };
        for (index, line) in self.many.iter().enumerate() {
            meter.work(self.signature.work())?;
            pairings.of(self.signature.group(&line.labels))?.many.push(index);
        }
        for (index, line) in self.ones.iter().enumerate() {
            meter.work(self.signature.work())?;
            pairings.of(self.signature.group(&line.labels))?.ones.push(index);
        }
        Ok(pairings)
    }

    /// At which steps both sides have something at all, or what is missing can be filled in: elsewhere nothing is
    /// matched, and nothing is found amiss.
    fn active(&self) -> Result<Vec<bool>, EvalError> {
        let modifier = &self.binary.modifier;
        let filled = modifier.fill_left.is_some() || modifier.fill_right.is_some();
        let there = |lines: &[Line<'_>]| {
            let mut there = vec![false; self.len];
            for line in lines {
                self.evaluation.meter.work(self.len)?;
                there.iter_mut().enumerate().for_each(|(index, there)| *there |= line.column.has(index));
            }
            Ok(there)
        };
        let (many, ones) = (there(&self.many)?, there(&self.ones)?);
        let both = many.iter().zip(&ones);
        Ok(both.map(|(many, one)| *many && *one || filled && (*many || *one)).collect())
    }

    /// That no two series of the side that must have one stand at the same step.
    fn one_alone(&self, group: &Labels, pairing: &Pairing, active: &[bool]) -> Result<(), EvalError> {
        let [_, _, ..] = pairing.ones.as_slice() else { return Ok(()) };
        let mut first: Vec<Option<usize>> = vec![None; self.len];
        for index in &pairing.ones {
            self.evaluation.meter.work(self.len)?;
            let line = &self.ones[*index];
            for step in (0..self.len).filter(|step| active[*step] && line.column.has(*step)) {
                if let Some(known) = first[step].replace(*index) {
                    return Err(EvalError::ManyToMany {
                        side: if self.turned { "left" } else { "right" },
                        group: Box::new(group.clone()),
                        one: Box::new(self.ones[known].labels.as_ref().clone()),
                        other: Box::new(line.labels.as_ref().clone()),
                    });
                }
            }
        }
        Ok(())
    }

    /// What becomes of one series on each side, where both hold nothing but numbers and nothing is filled in: there
    /// is nothing else to see to.
    fn plain(&self, pairing: &Pairing) -> Result<Option<(Labels, Column)>, EvalError> {
        let ([many], [one]) = (pairing.many.as_slice(), pairing.ones.as_slice()) else { return Ok(None) };
        let (many, one) = (&self.many[*many], &self.ones[*one]);
        let filled = self.fill_one().is_some() || self.fill_many().is_some();
        if filled || many.column.is_mixed() || one.column.is_mixed() || self.operating.is_for_histograms() {
            return Ok(None);
        }
        let (left, right) = if self.turned { (one, many) } else { (many, one) };
        let mut values = Vec::with_capacity(self.len);
        for (left, right) in left.column.values.chunks(UNLOOKED).zip(right.column.values.chunks(UNLOOKED)) {
            self.evaluation.meter.work(OPERATED * left.len())?;
            values.extend(self.operating.columns(left, right));
        }
        Ok(Some((self.result(&many.labels, &one.labels), Column { values, histograms: Vec::new() })))
    }

    fn pair(&self, group: &Labels, pairing: &Pairing, active: &[bool]) -> Result<Made<'e>, EvalError> {
        let meter = self.evaluation.meter;
        let mut made = Made { places: BTreeMap::new(), hold: Hold::new(meter) };
        // At which steps a one was matched: where no pair may have been matched yet, or where it needs no filling.
        let mut matched = vec![false; self.len];
        for many in &pairing.many {
            let many = &self.many[*many];
            for one in &pairing.ones {
                let one = &self.ones[*one];
                meter.work(self.signature.work() + self.len)?;
                let both = |step: usize| many.column.has(step) && one.column.has(step);
                let steps = (0..self.len).filter(|step| active[*step] && both(*step));
                let labels = self.result(&many.labels, &one.labels);
                self.values((labels, steps), (&many.column, &one.column), &mut matched, &mut made)?;
            }
            if let Some(fill) = self.fill_one() {
                meter.work(self.len.saturating_mul(pairing.ones.len()))?;
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
            meter.work(self.signature.work() + self.len)?;
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
        made: &mut Made<'e>,
    ) -> Result<(), EvalError> {
        let mut steps = steps.peekable();
        if steps.peek().is_none() {
            return Ok(());
        }
        let place = made.place(labels, self.len)?;
        for step in steps {
            let (many, one) = (many.cell(step), one.cell(step));
            self.evaluation.meter.work(many.work() + one.work())?;
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
struct Made<'e> {
    places: BTreeMap<Labels, Place>,
    hold: Hold<'e>,
}

struct Place {
    column: Column,
    /// At which steps a pair was made, though a comparison may have left it out.
    met: Vec<bool>,
}

impl Made<'_> {
    fn place(&mut self, labels: Labels, len: usize) -> Result<&mut Place, EvalError> {
        Ok(match self.places.entry(labels) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                self.hold.add(weight(place.key()) + len + samples_of(len))?;
                place.insert(Place { column: Column::empty(len), met: vec![false; len] })
            }
        })
    }
}

/// The columns of all pairs.
struct Joined<'e> {
    columns: BTreeMap<Labels, Column>,
    hold: Hold<'e>,
}

impl Joined<'_> {
    /// Adds a series; one of the same labels must not have a value at the same step.
    fn add(&mut self, labels: Labels, column: Column) -> Result<(), EvalError> {
        match self.columns.entry(labels) {
            Entry::Occupied(mut known) => {
                let met = known.get_mut().merge(&column);
                met.map_err(|_| EvalError::SameLabels(known.key().clone()))
            }
            Entry::Vacant(place) => {
                self.hold.add(weight(place.key()) + column.weight())?;
                place.insert(column);
                Ok(())
            }
        }
    }
}
