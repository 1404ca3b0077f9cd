//! Why a text is no exposition: the line, what is wrong with it, and the way out.

use crate::signal::LabelsError;
use crate::source::exposition::{LARGEST_TEXT, MOST_LABELS, MOST_SAMPLES};

/// Why a text is no exposition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct ExpositionError {
    /// The number of the line.
    pub line: usize,
    /// Why.
    pub why: Misread,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// It is larger than anyone means to read at once.
    #[error("the text has {0} bytes; the most is {LARGEST_TEXT}: split it")]
    TooLarge(usize),
    /// There is more in it than anyone means to read at once.
    #[error("with this there are more than {MOST_SAMPLES} samples; split the text")]
    TooMany,
    /// It is no text.
    #[error("byte {0:#04x} is not valid UTF-8; save the text as UTF-8")]
    NotText(u8),
    /// A line begins with what begins none.
    #[error("`{0}` begins no line; write `name{{label=\"value\"}} 1`, or a comment behind `#`")]
    Beginning(String),
    /// There is no metric's name.
    #[error("the series has no name; write it before the brace, or in quotes as the first thing within")]
    Nameless,
    /// A label is not written as one.
    #[error("`{0}` is no label; write `name=\"value\"`, and a name of other characters in quotes")]
    Label(String),
    /// Something is missing between labels.
    #[error("a comma or a closing brace is missing before `{0}`")]
    Between(String),
    /// A text in quotes does not end.
    #[error("the text in quotes that begins with `{0}` does not end; a quote within is written `\\\"`")]
    Endless(String),
    /// A backslash before what it does not escape.
    #[error("`\\{0}` stands for nothing; write `\\\\`, `\\\"` or `\\n`")]
    Escape(char),
    /// More labels than any series should have.
    #[error("the series has more than {MOST_LABELS} labels")]
    TooManyLabels,
    /// The labels do not go together.
    #[error(transparent)]
    Labels(#[from] LabelsError),
    /// There is no value, or none that can be read.
    #[error("`{0}` is no value; write a number, `NaN`, `+Inf` or `-Inf`")]
    Value(String),
    /// The time cannot be read.
    #[error("`{text}` is no time; write {form} since 1970")]
    Time {
        /// As it is written.
        text: String,
        /// What it would have to be.
        form: &'static str,
    },
    /// Something stands behind a sample.
    #[error("`{0}` follows where the line should end; a line has a series, a value and perhaps a time")]
    Behind(String),
    /// Something stands behind the end.
    #[error("this stands behind `# EOF`, which ends a text of OpenMetrics; put it before that")]
    AfterTheEnd,
    /// A sample is there already.
    #[error("{series} has a sample of that time in line {first}; give each its own time, or leave one out")]
    Twice {
        /// Of which series.
        series: String,
        /// In which line.
        first: usize,
    },
}

impl Misread {
    pub(super) const fn at(self, line: usize) -> ExpositionError {
        ExpositionError { line, why: self }
    }
}
