//! What a bucket counts with: a number, or a number and what rounding took from it.

/// A count that can be added to.
pub(super) trait Cell: Copy + Default {
    /// A count from which nothing was lost.
    fn of(count: f64) -> Self;
    /// With what was lost.
    fn kahan(self) -> Kahan;
    /// Of what was lost, as much as can be kept.
    fn from_kahan(kahan: Kahan) -> Self;
    /// Both together.
    fn plus(self, other: Self) -> Self;
    /// The same on a larger or smaller scale.
    fn scaled(self, scale: impl Fn(f64) -> f64) -> Self;
    /// Whether it counts nothing.
    fn is_nothing(self) -> bool;
}

/// A sum with what rounding took from it, after Neumaier.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Kahan {
    /// The sum as it was rounded.
    pub(super) sum: f64,
    /// What the rounding lost.
    pub(super) lost: f64,
}

impl Kahan {
    /// One number more.
    pub(super) fn add(self, more: f64) -> Self {
        let sum = self.sum + more;
        let lost = if sum.is_infinite() {
            0.0
        } else if more.abs() <= self.sum.abs() {
            self.lost + ((self.sum - sum) + more)
        } else {
            self.lost + ((more - sum) + self.sum)
        };
        Self { sum, lost }
    }

    /// The sum with what was lost.
    pub(super) fn total(self) -> f64 {
        self.sum + self.lost
    }
}

impl Cell for f64 {
    fn of(count: f64) -> Self {
        count
    }

    fn kahan(self) -> Kahan {
        Kahan { sum: self, lost: 0.0 }
    }

    fn from_kahan(kahan: Kahan) -> Self {
        kahan.sum
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn scaled(self, scale: impl Fn(f64) -> f64) -> Self {
        scale(self)
    }

    fn is_nothing(self) -> bool {
        self == 0.0
    }
}

impl Cell for Kahan {
    fn of(count: f64) -> Self {
        count.kahan()
    }

    fn kahan(self) -> Kahan {
        self
    }

    fn from_kahan(kahan: Kahan) -> Self {
        kahan
    }

    fn plus(self, other: Self) -> Self {
        let sum = self.add(other.sum);
        if other.lost == 0.0 { sum } else { sum.add(other.lost) }
    }

    fn scaled(self, scale: impl Fn(f64) -> f64) -> Self {
        Self { sum: scale(self.sum), lost: scale(self.lost) }
    }

    fn is_nothing(self) -> bool {
        self.sum == 0.0 && self.lost == 0.0
    }
}
