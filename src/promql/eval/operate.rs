//! What an operator makes of two numbers.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::promql::eval::annotation::Annotations;
use crate::promql::eval::column::{Cell, NONE, is_none};
use crate::promql::node::Binary;

use crate::promql::operator::Operator;
use crate::signal::histogram::{Hint, Met, MixedSchemas};
use crate::signal::{Histogram, Point};
use crate::unit::Extent;

/// The result for two numbers. What is compared passes on the left one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    pub(super) value: f64,
    /// Whether a comparison holds; arithmetic always does.
    pub(super) holds: bool,
}

impl Outcome {
    pub(super) fn of(op: Operator, left: f64, right: f64) -> Self {
        let order = left.partial_cmp(&right);
        let compared = |holds: bool| Self { value: left, holds };
        let computed = |value: f64| Self { value, holds: true };
        match op {
            Operator::Add => computed(left + right),
            Operator::Subtract => computed(left - right),
            Operator::Multiply => computed(left * right),
            Operator::Divide => computed(left / right),
            Operator::Remainder => computed(left % right),
            // Not those of the platform, which may have other last bits elsewhere.
            Operator::Power => computed(libm::pow(left, right)),
            Operator::Atan2 => computed(libm::atan2(left, right)),
            Operator::Equal => compared(order == Some(Ordering::Equal)),
            Operator::NotEqual => compared(order != Some(Ordering::Equal)),
            Operator::Greater => compared(order == Some(Ordering::Greater)),
            Operator::GreaterOrEqual => compared(order.is_some_and(Ordering::is_ge)),
            Operator::Less => compared(order == Some(Ordering::Less)),
            Operator::LessOrEqual => compared(order.is_some_and(Ordering::is_le)),
            Operator::TrimUpper | Operator::TrimLower | Operator::And | Operator::Or | Operator::Unless => {
                Self { value: f64::NAN, holds: false }
            }
        }
    }

    /// The same as 0 or 1.
    pub(super) fn truth(self) -> f64 {
        f64::from(u8::from(self.holds))
    }
}

/// An operator at work.
#[derive(Clone, Copy)]
pub(super) struct Operating<'e> {
    pub(super) binary: &'e Binary,
    /// Where the whole expression stands.
    pub(super) extent: Extent,
    pub(super) annotations: &'e Annotations,
}

/// What becomes of two values.
pub(super) enum Worth {
    /// They do not go together.
    Nothing,
    /// A comparison does not hold.
    LeftOut,
    Value(Point),
}

impl Operating<'_> {
    /// What becomes of two values of series.
    pub(super) fn between(&self, left: Cell<'_>, right: Cell<'_>) -> Worth {
        let worth = match (left, right) {
            (Cell::None, _) | (_, Cell::None) => return Worth::Nothing,
            (Cell::Float(left), Cell::Float(right)) => self.floats(left, right),
            (Cell::Histogram(left), Cell::Histogram(right)) => self.histograms(left, right),
            (Cell::Histogram(left), Cell::Float(right)) => self.scaled(left, right),
            (Cell::Float(left), Cell::Histogram(right)) if self.binary.op == Operator::Multiply => {
                product(right, left)
            }
            (Cell::Float(_), Cell::Histogram(_)) => self.incompatible("float", "histogram"),
        };
        let truth = |holds: bool| Worth::Value(Point::Float(f64::from(u8::from(holds))));
        match (self.binary.modifier.returns_bool, worth) {
            (true, Worth::Value(_)) => truth(true),
            (true, Worth::LeftOut) => truth(false),
            (_, worth) => worth,
        }
    }

    /// What becomes of a value of a series beside a number: what passes a comparison is the series' value, whichever
    /// side it is on.
    pub(super) fn with_number(&self, cell: Cell<'_>, number: f64, number_left: bool) -> Option<Point> {
        let number = Cell::Float(number);
        let (left, right) = if number_left { (number, cell) } else { (cell, number) };
        match self.between(left, right) {
            Worth::Value(_) if self.binary.op.compares() && !self.binary.modifier.returns_bool => {
                cell.point()
            }
            Worth::Value(point) => Some(point),
            Worth::Nothing | Worth::LeftOut => None,
        }
    }

    /// The same for numbers alone, at each step.
    pub(super) fn column_with_numbers(&self, values: &mut [f64], numbers: &[f64], number_left: bool) {
        let compares = self.binary.op.compares() && !self.binary.modifier.returns_bool;
        for (value, number) in values.iter_mut().zip(numbers).filter(|(value, _)| !is_none(**value)) {
            let (left, right) = if number_left { (*number, *value) } else { (*value, *number) };
            let outcome = Outcome::of(self.binary.op, left, right);
            *value = self.told(if compares { Outcome { value: *value, ..outcome } } else { outcome });
        }
    }

    /// What becomes of two series of nothing but numbers.
    pub(super) fn columns(&self, left: &[f64], right: &[f64]) -> Vec<f64> {
        let both = left.iter().zip(right);
        both.map(|(left, right)| {
            if is_none(*left) || is_none(*right) {
                NONE
            } else {
                self.told(Outcome::of(self.binary.op, *left, *right))
            }
        })
        .collect()
    }

    /// Whether it never makes anything of two numbers but to say so.
    pub(super) const fn is_for_histograms(&self) -> bool {
        matches!(self.binary.op, Operator::TrimUpper | Operator::TrimLower)
    }

    fn told(&self, outcome: Outcome) -> f64 {
        if self.binary.modifier.returns_bool {
            outcome.truth()
        } else if outcome.holds {
            outcome.value
        } else {
            NONE
        }
    }

    fn floats(&self, left: f64, right: f64) -> Worth {
        if self.is_for_histograms() {
            return self.incompatible("float", "float");
        }
        let outcome = Outcome::of(self.binary.op, left, right);
        if outcome.holds { Worth::Value(Point::Float(outcome.value)) } else { Worth::LeftOut }
    }

    fn scaled(&self, left: &Histogram, right: f64) -> Worth {
        #[expect(clippy::wildcard_enum_match_arm, reason = "all others are alike, one that is added as well")]
        match self.binary.op {
            Operator::Multiply => product(left, right),
            Operator::Divide => {
                let mut made = left.clone();
                made.divide(right);
                compacted(made)
            }
            Operator::TrimUpper => histogram(left.below(right)),
            Operator::TrimLower => histogram(left.above(right)),
            _ => self.incompatible("histogram", "float"),
        }
    }

    fn histograms(&self, left: &Arc<Histogram>, right: &Histogram) -> Worth {
        let same = |wanted: bool| {
            if left.same_as(right) == wanted {
                Worth::Value(Point::Histogram(left.clone()))
            } else {
                Worth::LeftOut
            }
        };
        #[expect(clippy::wildcard_enum_match_arm, reason = "all others are alike, one that is added as well")]
        match self.binary.op {
            Operator::Add => self.sum(left, right),
            Operator::Subtract => self.difference(left, right),
            Operator::Equal => same(true),
            Operator::NotEqual => same(false),
            _ => self.incompatible("histogram", "histogram"),
        }
    }

    fn sum(&self, left: &Histogram, right: &Histogram) -> Worth {
        let mut made = left.clone();
        let met = made.add(right);
        self.met(met, "addition", made)
    }

    fn difference(&self, left: &Histogram, right: &Histogram) -> Worth {
        let mut made = left.clone();
        let met = made.subtract(right);
        self.met(met, "subtraction", made.with_hint(Hint::Gauge))
    }

    fn met(&self, met: Result<Met, MixedSchemas>, doing: &str, made: Histogram) -> Worth {
        let Ok(met) = met else {
            let op = self.binary.op;
            let text = format!("incompatible bucket layout encountered for binary operator {op}");
            self.annotations.warn(self.extent, text);
            return Worth::Nothing;
        };
        if met.hints_collide {
            let text = format!("conflicting counter resets during histogram {doing}");
            self.annotations.warn(self.extent, text);
        }
        if met.bounds_differ {
            let text = format!("mismatched custom buckets were reconciled during {doing}");
            self.annotations.inform(self.extent, text);
        }
        compacted(made)
    }

    fn incompatible(&self, left: &str, right: &str) -> Worth {
        let op = self.binary.op;
        let text = format!(
            "incompatible sample types encountered for binary operator \"{op}\": {left} {op} {right}"
        );
        self.annotations.inform(self.extent, text);
        Worth::Nothing
    }
}

fn product(of: &Histogram, by: f64) -> Worth {
    let mut made = of.clone();
    made.multiply(by);
    compacted(made)
}

fn compacted(mut made: Histogram) -> Worth {
    made.compact(0);
    histogram(made)
}

fn histogram(made: Histogram) -> Worth {
    Worth::Value(Point::Histogram(made.into()))
}

/// The same with the other sign.
pub(super) fn negated(cell: Cell<'_>) -> Option<Point> {
    match cell {
        Cell::None => None,
        Cell::Float(value) => Some(Point::Float(-value)),
        Cell::Histogram(histogram) => Some(Point::Histogram(histogram.as_ref().clone().negated().into())),
    }
}
