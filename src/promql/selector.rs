//! Which series an expression reads, and when.

use crate::promql::duration::Length;
use crate::promql::matcher::Matcher;
use crate::signal::Labels;
use crate::signal::NAME;
use crate::unit::Extent;

/// A choice of series: `name{label="value"}`, with what follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// The metric's name, where one is given as such.
    pub name: Option<Name>,
    /// The matchers in the braces, in their order.
    pub matchers: Vec<Matcher>,
    /// The name and the braces.
    pub extent: Extent,
    /// The window: `[5m]`.
    pub range: Option<Length>,
    /// What its window takes from outside of it.
    pub extended: Option<Extended>,
    /// Where in time it looks.
    pub shift: Shift,
}

impl Selector {
    /// The series that it means, whenever and for however long it looks at them.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self { range: None, extended: None, shift: Shift::default(), ..self.clone() }
    }

    /// Whether it could mean every series there is: no part of it refuses the empty text.
    pub fn selects_all(&self) -> bool {
        let named = self.name.as_ref().is_some_and(|name| !name.text.is_empty());
        !named && self.matchers.iter().all(|matcher| matcher.accepts(""))
    }

    /// Whether it means the series with these labels.
    pub fn accepts(&self, labels: &Labels) -> bool {
        let named = self.name.as_ref().is_none_or(|name| name.text == labels.get(NAME));
        named && self.matchers.iter().all(|matcher| matcher.accepts(labels.get(&matcher.label)))
    }

    /// All that it asks of a series, the metric's name as one more matcher.
    pub fn asks(&self) -> Vec<Matcher> {
        let name = self.name.iter().map(|name| Matcher::equal(NAME, &name.text, name.extent));
        name.chain(self.matchers.iter().cloned()).collect()
    }
}

/// The metric's name of a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub extent: Extent,
    /// Whether it stands in quotes within the braces.
    pub quoted: bool,
}

/// How a window treats its borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extended {
    /// `anchored`: with the last samples before each border.
    Anchored,
    /// `smoothed`: interpolated at each border.
    Smoothed,
}

impl Extended {
    /// How it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Anchored => "anchored",
            Self::Smoothed => "smoothed",
        }
    }
}

/// Where in time a selector or a subquery looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shift {
    /// How far back: `offset 5m`; a negative length is forward.
    pub offset: Option<Length>,
    /// From when: `@ 1600000000`.
    pub at: Option<At>,
}

/// A fixed time of evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Milliseconds since 1970.
    Millis(i64),
    /// The start of the query: `start()`.
    Start,
    /// The end of the query: `end()`.
    End,
}
