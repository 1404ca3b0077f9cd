//! Numbers: what a scalar is worth at every step.

use std::ops::{Deref, DerefMut};

use crate::promql::eval::error::EvalError;
use crate::promql::eval::meter::{Hold, Meter, UNLOOKED};

/// A number for each step, counted as held for as long as this lives.
pub(super) struct Numbers<'e> {
    values: Vec<f64>,
    _hold: Option<Hold<'e>>,
}

impl<'e> Numbers<'e> {
    pub(super) const fn none() -> Self {
        Self { values: Vec::new(), _hold: None }
    }

    pub(super) fn of(
        meter: &'e Meter<'e>,
        len: usize,
        mut each: impl Iterator<Item = f64>,
    ) -> Result<Self, EvalError> {
        let mut hold = Hold::new(meter);
        hold.add(len)?;
        let mut values = Vec::with_capacity(len);
        for begun in (0..len).step_by(UNLOOKED) {
            let part = UNLOOKED.min(len - begun);
            meter.work(part)?;
            values.extend(each.by_ref().take(part));
        }
        Ok(Self { values, _hold: Some(hold) })
    }

    /// The same number at every step.
    pub(super) fn same(meter: &'e Meter<'e>, value: f64, len: usize) -> Result<Self, EvalError> {
        Self::of(meter, len, std::iter::repeat(value))
    }

    pub(super) fn into_values(self) -> Vec<f64> {
        self.values
    }
}

impl Deref for Numbers<'_> {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.values
    }
}

impl DerefMut for Numbers<'_> {
    fn deref_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }
}
