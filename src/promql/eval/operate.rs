//! What an operator makes of two numbers.

use std::cmp::Ordering;

use crate::promql::operator::Operator;

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
