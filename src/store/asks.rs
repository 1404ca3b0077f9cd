//! What a choice of series asks of one label. The languages that ask stand above the store, so it knows only this.

/// What is asked of one label.
pub trait Asks {
    /// The label.
    fn label(&self) -> &str;

    /// The one value that passes, where there is only one.
    fn equal(&self) -> Option<&str>;

    /// Whether a value passes. A series without the label has the empty one.
    fn accepts(&self, value: &str) -> bool;
}

/// Asks for one value of one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Is<'a> {
    /// The label.
    pub label: &'a str,
    /// The value; the empty one asks for series without the label.
    pub value: &'a str,
}

impl Asks for Is<'_> {
    fn label(&self) -> &str {
        self.label
    }

    fn equal(&self) -> Option<&str> {
        Some(self.value)
    }

    fn accepts(&self, value: &str) -> bool {
        value == self.value
    }
}
