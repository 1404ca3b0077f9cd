//! What can go wrong when somebody is asked: who, what, and the way out.

use std::fmt;

use crate::source::prometheus::LONGEST_ANSWER;
use crate::source::prometheus::samples::{MOST_SAMPLES, MOST_SERIES};
use crate::unit::{Span, escaped};

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
    /// There are more series than are taken.
    #[error(
        "{asked}: there are {series} such series, and {MOST_SERIES} are the most that are taken; narrow the check's \
         selector or the target's `select`"
    )]
    TooManySeries {
        /// What was asked.
        asked: Asked,
        /// How many there are.
        series: u64,
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
    /// Whether it may be gone when somebody asks again.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Late { .. } => true,
            Self::Refused { status, .. } | Self::Failed { status, .. } => *status == 429 || 500 <= *status,
            Self::Address { .. }
            | Self::LoginWanted { .. }
            | Self::Redirected { .. }
            | Self::TooLong { .. }
            | Self::Garbage { .. }
            | Self::TooManySeries { .. }
            | Self::TooManySamples { .. } => false,
        }
    }

    /// Whether there is more than is taken.
    pub const fn is_too_much(&self) -> bool {
        matches!(self, Self::TooLong { .. } | Self::TooManySeries { .. } | Self::TooManySamples { .. })
    }
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
