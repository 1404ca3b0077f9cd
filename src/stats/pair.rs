//! What one look counted on both sides.

/// Events among all there were, on the new side and on the old one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pair {
    /// Events on the new side.
    pub new_events: f64,
    /// All there were on the new side.
    pub new_of: f64,
    /// Events on the old side.
    pub old_events: f64,
    /// All there were on the old side.
    pub old_of: f64,
}

/// The largest count that is told from a larger one: no look of any system counts as much, and no product of it with
/// a logarithm leaves the range of a number.
const MOST: f64 = 1e18;

/// The smallest count that is told from none: what is less is left over from subtracting counters.
const LEAST: f64 = 1e-9;

/// A count that arithmetic can rely on: what is negative, not a number or next to nothing counts as none.
pub(super) fn counted(count: f64) -> f64 {
    if count >= LEAST { count.min(MOST) } else { 0.0 }
}

impl Pair {
    /// The same look, asked about those without the property.
    pub fn complement(self) -> Self {
        Self {
            new_events: (self.new_of - self.new_events).max(0.0),
            old_events: (self.old_of - self.old_events).max(0.0),
            ..self
        }
    }

    /// The pair with counts that arithmetic can rely on.
    pub(super) fn counted(self) -> Self {
        Self {
            new_events: counted(self.new_events),
            new_of: counted(self.new_of),
            old_events: counted(self.old_events),
            old_of: counted(self.old_of),
        }
    }
}
