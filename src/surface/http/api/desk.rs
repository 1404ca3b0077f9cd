//! The desk: what the routes ask of the rest of backstop, which answers in its own time.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Bytes;
use serde_json::Value;

use crate::decision::DecisionId;
use crate::signal::{Change, ChangeId};
use crate::surface::http::listeners::Listeners;
use crate::surface::http::problem::Problem;
use crate::surface::http::query::{Asked, Refused};
use crate::surface::watching::Chosen;
use crate::unit::UnixMillis;

/// An answer that is still to come.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whatever answers for the rest of backstop.
pub trait Desk: Send + Sync + 'static {
    /// What time it is.
    fn now(&self) -> UnixMillis;

    /// Keeps a change. It is answered once that cannot be lost any more.
    fn record_change(&self, change: Change) -> Pending<'_, Result<Recorded, Unavailable>>;

    /// The last changes, the newest first.
    fn changes(&self, limit: usize) -> Pending<'_, Result<Vec<Value>, Unavailable>>;

    /// Gates that watch something, or those that watch one change with what each check shows.
    fn gates(&self, chosen: Chosen) -> Pending<'_, Result<Value, Unavailable>>;

    /// A decision.
    fn decision(&self, id: DecisionId) -> Pending<'_, Result<Option<Value>, Unavailable>>;

    /// Switches automation off, for a reason, or on. It is answered once that holds.
    fn switch(&self, off: Option<String>, by: String) -> Pending<'_, Result<(), Unavailable>>;

    /// Reads the rules again. It is answered once what they say is in force.
    fn reload(&self) -> Pending<'_, Result<Reloaded, NotReloaded>>;

    /// Keeps samples, as remote write sends them.
    fn write(&self, body: Bytes) -> Pending<'_, Result<(), WriteError>>;

    /// Answers a query, in the JSON of Prometheus's API.
    fn query(&self, asked: Asked) -> Pending<'_, Result<Bytes, Refused>>;

    /// Whoever hears of things as they happen.
    fn listeners(&self) -> &Arc<Listeners>;

    /// Figures about backstop itself, as OpenMetrics.
    fn metrics(&self) -> Pending<'_, String>;

    /// Whether it is ready; where not, why.
    fn ready(&self) -> Pending<'_, Result<(), String>>;
}

/// A change that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// What tells it from every other.
    pub id: ChangeId,
    /// Whether nobody had told of it before.
    pub new: bool,
}

/// Rules that came into force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reloaded {
    /// The SHA-256 of their files, in hex.
    pub config: String,
    /// How many gates they have.
    pub gates: usize,
    /// How many targets.
    pub targets: usize,
    /// What they say that takes a start to come into force.
    pub kept: Vec<String>,
}

/// Why the rules that were in force before stay.
#[derive(Debug, Clone, PartialEq)]
pub enum NotReloaded {
    /// What the files say is broken.
    Broken {
        /// What is wrong, for people.
        report: String,
        /// The same, for machines.
        findings: Value,
    },
    /// What they say cannot come into force here.
    Refused(String),
    /// Nobody can say now.
    Unavailable(String),
}

impl NotReloaded {
    /// Why, in words.
    pub fn text(&self) -> String {
        match self {
            Self::Broken { report, .. } => report.clone(),
            Self::Refused(why) | Self::Unavailable(why) => why.clone(),
        }
    }
}

/// Why nothing can be said or kept now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this cannot be answered now: {0}")]
pub struct Unavailable(pub String);

/// Why samples were not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Some are wrong, and always will be.
    #[error("{0}")]
    Bad(String),
    /// They are more than is read at once.
    #[error("{0}")]
    TooLarge(String),
    /// There is no room or time for them now.
    #[error("{0}")]
    Unavailable(String),
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        Self::later(error.to_string())
    }
}
