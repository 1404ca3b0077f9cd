//! Which variables a template may use at a point.

use std::collections::BTreeSet;

/// The variables declared so far, forgotten in reverse where a block ends.
#[derive(Debug, Default)]
pub(super) struct Variables<'t> {
    visible: BTreeSet<&'t str>,
    /// Those not visible before, in order. A name declared again shadows nothing that parsing could see.
    declared: Vec<&'t str>,
    ended: BTreeSet<&'t str>,
}

impl<'t> Variables<'t> {
    /// `$` and these.
    pub(super) fn with(names: &[&'t str]) -> Self {
        let visible = names.iter().copied().chain(["$"]).collect();
        Self { visible, ..Self::default() }
    }

    pub(super) fn declare(&mut self, name: &'t str) {
        if self.visible.insert(name) {
            self.declared.push(name);
        }
    }

    pub(super) fn sees(&self, name: &str) -> bool {
        self.visible.contains(name)
    }

    /// Whether it was declared in a block that has ended.
    pub(super) fn ended(&self, name: &str) -> bool {
        self.ended.contains(name)
    }

    pub(super) fn visible(&self) -> impl Iterator<Item = &'t str> {
        self.visible.iter().copied()
    }

    /// What to come back to with [`Self::forget`].
    pub(super) fn mark(&self) -> usize {
        self.declared.len()
    }

    /// Forgets what was declared since the mark.
    pub(super) fn forget(&mut self, mark: usize) {
        for name in self.declared.drain(mark..) {
            self.visible.remove(name);
            self.ended.insert(name);
        }
    }
}
