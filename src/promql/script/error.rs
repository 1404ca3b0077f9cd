//! Why a text is no script: the line, what is wrong with it, and the way out.

use crate::promql::script::{LARGEST_SCRIPT, MOST_LOADED};
use crate::unit::{Fault, SpanError};

/// Why a text is no script.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct ScriptError {
    /// The number of the line.
    pub line: usize,
    /// Why.
    pub why: Misread,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Misread {
    /// It is larger than anyone means to write.
    #[error("a script may have {LARGEST_SCRIPT} bytes; this one has {0}")]
    TooLarge(usize),
    /// It begins with a word that commands nothing.
    #[error(
        "`{0}` is no command; write `clear`, `load 5m`, `eval instant at 5m EXPRESSION` or `eval range ..`"
    )]
    Command(String),
    /// It evaluates neither at a moment nor over a range.
    #[error(
        "`{0}` says not when to evaluate; write `eval instant at 5m EXPRESSION` or `eval range from 0 to 10m step 1m \
         EXPRESSION`"
    )]
    When(String),
    /// A time or a step is none.
    #[error(transparent)]
    Span(#[from] SpanError),
    /// A range ends before it begins.
    #[error("the range ends at {to}, before it begins at {from}; put the earlier time first")]
    Backwards {
        /// Its beginning, as it is written.
        from: String,
        /// Its end.
        to: String,
    },
    /// A range has no steps.
    #[error("steps no time apart are one; write how far apart they are, as in `step 1m`")]
    NoStep,
    /// The expression is none.
    #[error("`{text}` is no expression: {fault}{}", help(fault))]
    Expression {
        /// The expression.
        text: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The name and the labels of a series are none.
    #[error("`{text}` is no series: {why}; write `name{{label=\"value\"}} 1 2 3`")]
    Series {
        /// As it is written.
        text: String,
        /// Why.
        why: String,
    },
    /// The values of a series are none.
    #[error("{0}")]
    Values(String),
    /// An expectation is none.
    #[error(
        "`{0}` expects nothing; write `expect` and `fail`, `warn`, `no_warn`, `info`, `no_info` or `ordered`, and for \
         the first ones `msg:TEXT` or `regex:PATTERN` where you want"
    )]
    Expect(String),
    /// Two expectations that cannot both be met.
    #[error("`{0}` cannot be expected beside what the lines above it expect; leave one of them out")]
    Both(&'static str),
    /// A pattern is none.
    #[error("`{pattern}` is no regular expression: {why}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why.
        why: &'static str,
    },
    /// A text is not quoted.
    #[error("`{0}` is no quoted text; write `expect string \"..\"`")]
    Quoted(String),
    /// A moment has only one value.
    #[error(
        "a series has one value at a moment, and this one has {0}; write one, or `expect range vector from ..`"
    )]
    OneValue(usize),
    /// A range has fewer steps than there are values.
    #[error(
        "a series has {values} values, but there are only {steps} steps; write no more values than steps"
    )]
    TooManyValues {
        /// How many values.
        values: usize,
        /// How many steps.
        steps: u64,
    },
    /// A word of start times is none.
    #[error(
        "`{0}` is no start time; write a duration before the sample's own time, as `-1m`, `-1mx5`, `-30s-1mx2` or `_`"
    )]
    Start(String),
    /// Start times without a series.
    #[error(
        "the start times of `{0}` belong to a series in the line below; write it there, with as many values"
    )]
    StartAlone(String),
    /// There is more than anyone means to load.
    #[error("with this there are more than {MOST_LOADED} samples in the script; load fewer")]
    TooMuch,
}

fn help(fault: &Fault) -> String {
    fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default()
}

impl Misread {
    pub(super) const fn at(self, line: usize) -> ScriptError {
        ScriptError { line, why: self }
    }
}
