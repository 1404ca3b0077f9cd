//! The parts of PromQL that Prometheus keeps behind a switch.

use crate::unit::{Extent, Fault};
use std::fmt;

/// One such part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Functions and aggregations that may still change.
    ExperimentalFunctions,
    /// Arithmetic where a duration stands.
    DurationExpressions,
    /// `anchored` and `smoothed`.
    ExtendedRangeSelectors,
    /// `fill`, `fill_left` and `fill_right`.
    FillModifiers,
}

impl Feature {
    /// Every feature there is.
    pub const EACH: [Self; 4] = [
        Self::ExperimentalFunctions,
        Self::DurationExpressions,
        Self::ExtendedRangeSelectors,
        Self::FillModifiers,
    ];

    /// The name that Prometheus's `--enable-feature` takes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExperimentalFunctions => "promql-experimental-functions",
            Self::DurationExpressions => "promql-duration-expr",
            Self::ExtendedRangeSelectors => "promql-extended-range-selectors",
            Self::FillModifiers => "promql-binop-fill-modifiers",
        }
    }

    /// The feature of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::EACH.into_iter().find(|feature| feature.name() == name)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The features that are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Features(u8);

impl Features {
    /// None of them: what Prometheus reads unless told otherwise.
    pub const NONE: Self = Self(0);
    /// All of them.
    pub const ALL: Self = Self(0b1111);

    /// These and one more.
    pub const fn with(self, feature: Feature) -> Self {
        Self(self.0 | feature.bit())
    }

    /// Whether it is switched on.
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & feature.bit() != 0
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<T: IntoIterator<Item = Feature>>(features: T) -> Self {
        features.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Refuses what needs a feature that is off.
pub(super) fn require(features: Features, feature: Feature, extent: Extent, what: &str) -> Result<(), Fault> {
    if features.has(feature) {
        return Ok(());
    }
    Err(Fault::new(extent, format!("{what} is experimental, and the feature `{feature}` is off"))
        .help(format!("switch on `{feature}` here and in Prometheus, or write it without")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_switch() {
        assert_eq!(Feature::EACH.into_iter().collect::<Features>(), Features::ALL);
        for feature in Feature::EACH {
            assert_eq!(Feature::named(feature.name()), Some(feature), "{feature}");
            let only = Features::NONE.with(feature);
            let on: Vec<_> = Feature::EACH.into_iter().filter(|other| only.has(*other)).collect();
            assert_eq!(on, [feature]);
        }
        assert_eq!(Feature::named("promql-at-modifier"), None);
    }
}
