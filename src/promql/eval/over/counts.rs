//! Counts of what happens in a series, so that those within a window are one difference.

/// How often something happened up to each sample.
pub(super) struct Counts(Vec<u32>);

impl Counts {
    /// Counts the samples of which `happens` holds.
    pub(super) fn of(len: usize, mut happens: impl FnMut(usize) -> bool) -> Self {
        let mut count = 0;
        let each = (0..len).map(|index| {
            count += u32::from(happens(index));
            count
        });
        Self(each.collect())
    }

    /// How many lie after one sample and up to another.
    pub(super) fn between(&self, after: usize, to: usize) -> u32 {
        let up_to = |index: usize| self.0.get(index).copied().unwrap_or_default();
        up_to(to).saturating_sub(up_to(after))
    }

    /// How many lie from one sample up to, and without, another.
    pub(super) fn within(&self, from: usize, end: usize) -> u32 {
        let before = |index: usize| index.checked_sub(1).and_then(|index| self.0.get(index)).copied();
        before(end).unwrap_or_default().saturating_sub(before(from).unwrap_or_default())
    }
}
