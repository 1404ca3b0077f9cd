//! Tallies: what was counted. Counts can be added over looks, routes and pods, and judged again; ratios cannot.

/// Events with a property among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Those with the property.
    pub events: u64,
    /// All of them.
    pub of: u64,
}

/// How many groups the old side is split into, at most: enough to see that errors come in clusters.
pub const MOST_GROUPS: usize = 8;

/// What one look counted on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counted {
    /// The new side.
    pub new: Tally,
    /// The old side, split into groups by where it ran; empty where nothing runs beside the new side.
    pub old: Vec<Tally>,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { events: self.events.saturating_add(other.events), of: self.of.saturating_add(other.of) }
    }

    /// All together.
    pub fn sum<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Self {
        tallies.into_iter().fold(Self::default(), |sum, tally| sum.and(*tally))
    }
}

impl Counted {
    /// The old side as a whole.
    pub fn old_sum(&self) -> Tally {
        Tally::sum(&self.old)
    }
}
