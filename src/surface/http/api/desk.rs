//! The desk: what the routes ask of the rest of backstop, which answers in its own time.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::StatusCode;
use serde_json::Value;

use crate::decision::{Announced, DecisionId, MOST_FREEZES, Switches, Turn};
use crate::engine::{Agreement, NotAsked, Outcomes, Said};
use crate::signal::{Change, ChangeId, Notification};
use crate::surface::http::listeners::Listeners;
use crate::surface::http::problem::Problem;
use crate::surface::http::query::{Asked, Refused};
use crate::surface::watching::Chosen;
use crate::unit::{Name, UnixMillis};

/// An answer that is still to come.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whatever answers for the rest of backstop.
pub trait Desk: Send + Sync + 'static {
    /// What time it is.
    fn now(&self) -> UnixMillis;

    /// Keeps a change. It is answered once that cannot be lost any more.
    fn record_change(&self, change: Change) -> Pending<'_, Result<Recorded, Unavailable>>;

    /// Keeps what is told of alerts. It is answered once that cannot be lost any more.
    fn record_alerts(&self, told: Notification) -> Pending<'_, Result<Outcomes, Unavailable>>;

    /// Somebody told of alerts in a way that is not read.
    fn refuse_alerts(&self);

    /// The last incidents, so many at most.
    fn incidents(&self, limit: usize) -> Pending<'_, Result<Value, Unavailable>>;

    /// The last changes, the newest first.
    fn changes(&self, limit: usize) -> Pending<'_, Result<Vec<Value>, Unavailable>>;

    /// Gates that watch something, or those that watch one change with what each check shows.
    fn gates(&self, chosen: Chosen) -> Pending<'_, Result<Value, Unavailable>>;

    /// A decision.
    fn decision(&self, id: DecisionId) -> Pending<'_, Result<Option<Value>, Unavailable>>;

    /// What people are asked.
    fn approvals(&self) -> Pending<'_, Result<Value, Unavailable>>;

    /// Takes in what somebody says to it. It is answered once that is written down.
    fn say(&self, said: Said) -> Pending<'_, Result<Result<Agreement, NotAsked>, Unavailable>>;

    /// Turns the kill switch. It is answered once that is written down; what is off is so before.
    fn switch(&self, turn: Turn) -> Pending<'_, Result<(), NotSwitched>>;

    /// What is switched off.
    fn switches(&self) -> Result<Switches, Unavailable>;

    /// Announces a freeze. It is answered once that cannot be lost any more.
    fn freeze(&self, announced: Announced) -> Pending<'_, Result<Result<(), NotFrozen>, Unavailable>>;

    /// Lifts one that was announced.
    fn lift(&self, name: Name, by: String) -> Pending<'_, Result<Result<(), NotFrozen>, Unavailable>>;

    /// Freezes.
    fn freezes(&self) -> Pending<'_, Result<Value, Unavailable>>;

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

/// Why the kill switch stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSwitched {
    /// No target is of this service.
    Unknown {
        /// The service.
        service: String,
        /// What could have been meant.
        help: String,
    },
    /// Its file holds it.
    Held {
        /// The file.
        path: String,
        /// Why, as it says.
        why: String,
    },
    /// It cannot be written down now.
    Unavailable(Unavailable),
}

/// Why a freeze is not announced, or not lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFrozen {
    /// There is none of this name.
    Unknown(Name),
    /// One of this name holds already.
    Known {
        /// The name.
        name: Name,
        /// When it is over.
        until: UnixMillis,
    },
    /// It stands in the server file.
    InFile(Name),
    /// So many hold already.
    TooMany,
    /// No target fits what it says.
    FitsNothing {
        /// Of what.
        key: String,
        /// What it says.
        text: String,
    },
}

impl From<NotFrozen> for Problem {
    fn from(error: NotFrozen) -> Self {
        match error {
            NotFrozen::Unknown(name) => Self::new(
                StatusCode::NOT_FOUND,
                format!("no freeze `{name}` was announced"),
                "`GET /v1/freezes` tells of those that there are",
            ),
            NotFrozen::Known { name, until } => Self::new(
                StatusCode::CONFLICT,
                format!("there is a freeze `{name}` until {until}"),
                "call this one otherwise, or lift that one first: `DELETE /v1/freezes/NAME`",
            ),
            NotFrozen::InFile(name) => Self::new(
                StatusCode::CONFLICT,
                format!("the freeze `{name}` stands in the server file"),
                "change it there, and have the rules read again",
            ),
            NotFrozen::TooMany => Self::new(
                StatusCode::CONFLICT,
                format!("{MOST_FREEZES} freezes hold already, which is the most"),
                "lift one, or write this one into the server file",
            ),
            NotFrozen::FitsNothing { key, text } => Self::bad(
                format!("no target is of the {key} `{text}`, so it would hold nothing"),
                "the names of targets stand in the server file; `*` stands for any letters",
            ),
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

impl From<NotSwitched> for Problem {
    fn from(error: NotSwitched) -> Self {
        match error {
            NotSwitched::Unknown { service, help } => {
                Self::bad(format!("there is no target of a service `{service}`"), help)
            }
            NotSwitched::Held { path, why } => Self::new(
                StatusCode::CONFLICT,
                format!("the file `{path}` switches it off: {why}"),
                "take that line out of it, or the file away; it is looked at several times a second",
            ),
            NotSwitched::Unavailable(why) => why.into(),
        }
    }
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        Self::later(error.to_string())
    }
}
