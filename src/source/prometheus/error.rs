//! What can go wrong when somebody is asked: who, what, and the way out.

use std::fmt;

use crate::signal::Deaf;
use crate::source::asking;
use crate::source::prometheus::LONGEST_ANSWER;
use crate::source::prometheus::samples::MOST_SAMPLES;
use crate::unit::{Rate, Span, escaped};

/// How Prometheus calls a query that it gave up. That says something of the query, and little of the server.
const GIVEN_UP: [&str; 2] = ["timeout", "canceled"];

/// How much of a query is shown.
const SHOWN: usize = 240;

/// Why nothing was heard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The address is none. It is not shown: whatever is wrong with it, a secret may be in it.
    #[error("the address is not one of a Prometheus: {why}; write one such as `http://prometheus:9090`")]
    Address {
        /// Why.
        why: String,
    },
    /// There was no answer, or only the beginning of one.
    #[error("{host} cannot be reached: {why}; is a Prometheus running there?")]
    Unreachable {
        /// Who.
        host: String,
        /// Why.
        why: String,
    },
    /// It takes too long.
    #[error(
        "{asked} was not answered within {within}; a narrower selector or a shorter baseline is less to answer"
    )]
    Late {
        /// What was asked.
        asked: Asked,
        /// Within what.
        within: Span,
    },
    /// It does not know who asks.
    #[error(
        "{host} does not let us in ({status}): {said}; give `--token-file`, or `--username` with `--password-file`"
    )]
    LoginWanted {
        /// Who.
        host: String,
        /// Its status.
        status: u16,
        /// What it said.
        said: String,
    },
    /// It sends us elsewhere.
    #[error(
        "{host} sends us on to {to} ({status}), and no redirection is followed; if that is right, ask there"
    )]
    Redirected {
        /// Who.
        host: String,
        /// Its status.
        status: u16,
        /// Where to.
        to: String,
    },
    /// It refuses, and does not say why as Prometheus does.
    #[error(
        "{asked} was refused ({status}): {said}; is that the address of a Prometheus, with what comes before `/api/v1`?"
    )]
    Refused {
        /// What was asked.
        asked: Asked,
        /// Its status.
        status: u16,
        /// What it said.
        said: String,
    },
    /// It says that it cannot answer, in its own words.
    #[error("{asked} failed there: {kind}: {said}")]
    Failed {
        /// What was asked.
        asked: Asked,
        /// Its status.
        status: u16,
        /// Its name for what went wrong.
        kind: String,
        /// What it said.
        said: String,
    },
    /// It answers more than anybody asked for.
    #[error("{asked} was answered with more than {} MiB; narrow the selector, or shorten the baseline", LONGEST_ANSWER >> 20)]
    TooLong {
        /// What was asked.
        asked: Asked,
    },
    /// What it answers is no answer.
    #[error("{asked} was answered with what is no answer of a Prometheus: {why}; is the address right?")]
    Garbage {
        /// What was asked.
        asked: Asked,
        /// Why.
        why: String,
    },
    /// A secret that it wants cannot be had. It says where that is, and never what.
    #[error("{host} cannot be asked: {why}")]
    NoSecret {
        /// Who.
        host: String,
        /// Why.
        why: String,
    },
    /// Nobody gives us the token that it wants.
    #[error("{host} cannot be asked, for want of a token: {why}")]
    NoToken {
        /// Who.
        host: String,
        /// Why.
        why: String,
        /// Whether it may be gone when somebody asks again.
        may_pass: bool,
    },
    /// It was asked as often as it may be.
    #[error(
        "{host} was asked as often as its `budget: {budget}` lets it be, and there was no turn for this within {within}; \
         raise the budget, or look less often"
    )]
    OverBudget {
        /// Who.
        host: String,
        /// How often it may be asked.
        budget: Rate,
        /// How long a turn was waited for.
        within: Span,
    },
    /// It is left alone.
    #[error("{host} is left alone for {wait} more: {why}")]
    BackingOff {
        /// Who.
        host: String,
        /// For how much longer.
        wait: Span,
        /// Why.
        why: String,
    },
    /// It answers, and says that something is missing.
    #[error(transparent)]
    Partial(#[from] Partial),
    /// There are more series than are taken.
    #[error(
        "{asked}: there are {series} such series, and {most} are the most that are taken; narrow the check's \
         selector or the target's `select`"
    )]
    TooManySeries {
        /// What was asked.
        asked: Asked,
        /// How many there are.
        series: u64,
        /// How many are taken at the most.
        most: u64,
    },
    /// There are more samples than are taken.
    #[error(
        "{asked}: there are {samples} such samples, and {MOST_SAMPLES} are the most that are taken; narrow the check's \
         selector or the target's `select`, or shorten the baseline"
    )]
    TooManySamples {
        /// What was asked.
        asked: Asked,
        /// How many there are.
        samples: u64,
    },
}

impl Error {
    /// What kind of trouble it is.
    pub fn kind(&self) -> Deaf {
        match self {
            Self::Address { .. } | Self::NoSecret { .. } => Deaf::Unusable,
            Self::Unreachable { .. } => Deaf::Unreachable,
            Self::Late { .. } => Deaf::Late,
            Self::LoginWanted { .. } | Self::NoToken { .. } => Deaf::Unwelcome,
            Self::Redirected { .. } => Deaf::Redirected,
            Self::Failed { kind, .. } if GIVEN_UP.contains(&kind.as_str()) => Deaf::Late,
            Self::Refused { status, .. } | Self::Failed { status, .. } => refusal(*status),
            Self::OverBudget { .. } => Deaf::OverBudget,
            Self::BackingOff { .. } => Deaf::BackingOff,
            Self::Garbage { .. } => Deaf::Garbage,
            Self::TooLong { .. } | Self::TooManySeries { .. } | Self::TooManySamples { .. } => Deaf::TooMuch,
            Self::Partial(_) => Deaf::Partial,
        }
    }

    /// Whether it may be gone when somebody asks again.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NoToken { may_pass, .. } => *may_pass,
            Self::Address { .. }
            | Self::NoSecret { .. }
            | Self::Unreachable { .. }
            | Self::Late { .. }
            | Self::LoginWanted { .. }
            | Self::Redirected { .. }
            | Self::Refused { .. }
            | Self::Failed { .. }
            | Self::OverBudget { .. }
            | Self::BackingOff { .. }
            | Self::Garbage { .. }
            | Self::TooLong { .. }
            | Self::TooManySeries { .. }
            | Self::TooManySamples { .. }
            | Self::Partial(_) => self.kind().may_pass(),
        }
    }

    /// Whether there is more than is taken.
    pub const fn is_too_much(&self) -> bool {
        matches!(self, Self::TooLong { .. } | Self::TooManySeries { .. } | Self::TooManySamples { .. })
    }
}

const fn refusal(status: u16) -> Deaf {
    match status {
        429 | 503 => Deaf::Overloaded,
        400..500 => Deaf::Refused,
        _ => Deaf::Failed,
    }
}

impl From<asking::Error> for Error {
    fn from(error: asking::Error) -> Self {
        match error {
            asking::Error::NoSecret { host, why } => Self::NoSecret { host, why },
            asking::Error::NoToken { host, why, may_pass } => Self::NoToken { host, why, may_pass },
        }
    }
}

/// What makes an answer a partial one: there may be more, or other, than it shows, so it decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{asked} was answered in part only, which decides nothing: {said}{}", and(*.more))]
pub struct Partial {
    /// What was asked.
    pub asked: Asked,
    /// The server's first words of it.
    pub said: String,
    /// How many more things it said.
    pub more: usize,
}

fn and(more: usize) -> String {
    if more == 0 { String::new() } else { format!(", and {more} more of that kind") }
}

/// Who was asked what, for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub host: String,
    /// What, or how it begins.
    pub query: String,
}

impl Asked {
    pub(super) fn new(host: &str, query: &str) -> Self {
        let mut shown: String = query.chars().take(SHOWN).collect();
        if shown.len() < query.len() {
            shown.push_str("..");
        }
        Self { host: host.to_owned(), query: escaped(shown) }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, asked of {},", self.query, self.host)
    }
}
