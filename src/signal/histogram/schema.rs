//! Where the bounds of buckets lie.

use crate::signal::histogram::{HistogramError, growth};
use std::sync::Arc;

/// Where the bounds of buckets lie.
#[derive(Debug, Clone, PartialEq)]
pub enum Schema {
    /// They grow by a factor that the resolution gives.
    Exponential(Resolution),
    /// They are written down. The last bucket has no upper bound.
    Custom(Bounds),
}

/// Into how many buckets each power of two is parted: 2 to the power of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Resolution(i8);

/// Bounds as they were written down, shared by all that have them: they rise, and only the first may be infinite.
#[derive(Debug, Clone)]
pub struct Bounds(Arc<[f64]>);

/// Between which powers of two all numbers lie, the smallest among them.
const POWERS: i32 = 1_075;

impl Schema {
    /// The number by which Prometheus calls custom bounds.
    pub const CUSTOM: i32 = -53;

    /// The number by which Prometheus calls it.
    pub fn number(&self) -> i32 {
        match self {
            Self::Exponential(resolution) => i32::from(resolution.number()),
            Self::Custom(_) => Self::CUSTOM,
        }
    }

    /// Whether the bounds are written down.
    pub fn is_custom(&self) -> bool {
        matches!(self, Self::Custom(_))
    }

    /// The bound of a bucket that lies further from zero; with custom bounds, the upper one.
    pub(super) fn bound(&self, index: i32) -> f64 {
        match self {
            Self::Exponential(resolution) => resolution.bound(index),
            Self::Custom(bounds) => bounds.bound(index),
        }
    }
}

impl Resolution {
    /// The coarsest: one bucket for sixteen powers of two.
    pub const LEAST: i8 = -4;
    /// The finest: 256 buckets for each power of two.
    pub const MOST: i8 = 8;

    /// A resolution, if there is such a one.
    pub fn new(schema: i32) -> Result<Self, HistogramError> {
        match i8::try_from(schema) {
            Ok(known @ Self::LEAST..=Self::MOST) => Ok(Self(known)),
            Ok(_) | Err(_) => Err(HistogramError::Schema(schema)),
        }
    }

    /// The finest that anybody may tell of, finer than [`Self::MOST`]: such a histogram is read with fewer buckets.
    pub const MOST_TOLD: i32 = 52;

    /// The resolution at which a histogram of that schema is read, and how many times its neighbouring buckets have to be
    /// merged for that: a newer instrument may tell of finer ones than there are here.
    pub fn told(schema: i32) -> Result<(Self, u32), HistogramError> {
        match schema.checked_sub(i32::from(Self::MOST)) {
            Some(finer @ 1..) if schema <= Self::MOST_TOLD => Ok((Self(Self::MOST), finer.unsigned_abs())),
            Some(_) | None => Ok((Self::new(schema)?, 0)),
        }
    }

    /// The number by which Prometheus calls it.
    pub const fn number(self) -> i8 {
        self.0
    }

    /// The bound of a bucket that lies further from zero.
    pub fn bound(self, index: i32) -> f64 {
        growth::bound(self.0, index)
    }

    /// The bounds of the bucket that holds a value above zero: it lies behind the first, and up to the second.
    pub fn around(self, value: f64) -> (f64, f64) {
        let per_doubling = libm::exp2(f64::from(self.0));
        #[expect(clippy::cast_possible_truncation, reason = "it is held to the indexes that there are")]
        let near = libm::ceil(libm::log2(value) * per_doubling) as i32;
        let mut index = near.clamp(-self.reach(), self.reach());
        // A logarithm is not exact, and a bound is.
        while self.bound(index) < value && index < self.reach() {
            index += 1;
        }
        while value <= self.bound(index - 1) && -self.reach() < index {
            index -= 1;
        }
        (self.bound(index - 1), self.bound(index))
    }

    /// The last index at which there may be numbers, above and below zero.
    pub(super) const fn reach(self) -> i32 {
        let powers =
            if self.0 < 0 { POWERS >> self.0.unsigned_abs() } else { POWERS << self.0.unsigned_abs() };
        powers + 1
    }

    /// The bucket of a coarser resolution that holds that bucket.
    pub(super) fn index_in(self, coarser: Self, index: i32) -> i32 {
        let shift = self.0.abs_diff(coarser.0);
        (index.wrapping_sub(1) >> shift).wrapping_add(1)
    }
}

impl Bounds {
    /// Bounds that rise.
    pub fn new(bounds: impl Into<Arc<[f64]>>) -> Result<Self, HistogramError> {
        let bounds = bounds.into();
        if let Some(bound) = bounds.iter().find(|bound| bound.is_nan() || **bound == f64::INFINITY) {
            return Err(HistogramError::NoBound(*bound));
        }
        if let Some(pair) = bounds.windows(2).find(|pair| pair[1] <= pair[0]) {
            return Err(HistogramError::NotRising { bound: pair[0], next: pair[1] });
        }
        Ok(Self(bounds))
    }

    fn bound(&self, index: i32) -> f64 {
        match usize::try_from(index) {
            Ok(index) => self.0.get(index).copied().unwrap_or(f64::INFINITY),
            Err(_) => f64::NEG_INFINITY,
        }
    }

    /// Those that both have.
    pub(super) fn shared_with(&self, other: &Self) -> Self {
        let mut theirs = other.0.iter().copied().peekable();
        let shared = self.0.iter().copied().filter(|bound| {
            while theirs.next_if(|their| their < bound).is_some() {}
            theirs.next_if(|their| their <= bound).is_some()
        });
        Self(shared.collect())
    }
}

impl PartialEq for Bounds {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl std::ops::Deref for Bounds {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.0
    }
}
