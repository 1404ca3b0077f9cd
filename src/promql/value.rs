//! What an expression evaluates to.

use std::fmt;

/// The four kinds of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueType {
    /// One number.
    Scalar,
    /// One sample of each of some series.
    Vector,
    /// The samples of a window of each of some series.
    Matrix,
    /// A text.
    String,
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scalar => "scalar",
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
            Self::String => "string",
        })
    }
}
