//! How sure a verdict has to be.

/// A confidence: more than nothing, less than certainty.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f64);

/// Why a number is no confidence.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a confidence lies between 0 and 1, both excluded, as in `0.99`; {0} does not")]
pub struct ConfidenceError(f64);

impl Confidence {
    /// A confidence of `share`.
    pub fn new(share: f64) -> Result<Self, ConfidenceError> {
        if share > 0.0 && share < 1.0 { Ok(Self(share)) } else { Err(ConfidenceError(share)) }
    }

    /// As a share of one.
    pub const fn share(self) -> f64 {
        self.0
    }
}

impl std::fmt::Display for Confidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lies_between_nothing_and_certainty() {
        for (share, fits) in [
            (0.0, false),
            (f64::MIN_POSITIVE, true),
            (0.99, true),
            (1.0, false),
            (f64::NAN, false),
            (-0.5, false),
        ] {
            assert_eq!(Confidence::new(share).is_ok(), fits, "{share}");
        }
    }
}
