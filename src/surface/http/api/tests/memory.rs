//! A desk for tests.

use std::sync::Mutex;

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::decision::{Announced, Course, Switches, Turn};
use crate::engine::{Agreement, NotAsked, Outcomes, Said};
use crate::signal::{Change, Notification};
use crate::surface::http::api::tests::NOW;
use crate::surface::http::api::*;
use crate::surface::http::listeners::Listeners;
use crate::surface::http::query::{Asked, Refused};
use crate::unit::{Name, UnixMillis};

/// A desk that keeps what it is given in memory.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) changes: Mutex<Vec<Change>>,
    pub(super) alerts: Mutex<Vec<Notification>>,
    pub(super) refused: Mutex<usize>,
    pub(super) said: Mutex<Vec<Said>>,
    pub(super) switched: Mutex<Vec<Turn>>,
    pub(super) frozen: Mutex<Vec<Name>>,
    pub(super) written: Mutex<Vec<usize>>,
    pub(super) reloads: Mutex<usize>,
    /// Why the rules cannot be read again.
    pub(super) broken: Option<&'static str>,
    /// Whether it has nothing to say to anything.
    pub(super) away: bool,
    pub(super) listeners: Told,
}

/// Nobody listens.
pub(super) struct Told(Arc<Listeners>);

impl Default for Told {
    fn default() -> Self {
        Self(Arc::new(Listeners::new(0)))
    }
}

impl Memory {
    fn here<T>(&self, answer: T) -> Result<T, Unavailable> {
        if self.away { Err(Unavailable("the ledger is being moved".to_owned())) } else { Ok(answer) }
    }

    /// How much reached it.
    pub(super) fn kept(&self) -> usize {
        self.changes.lock().unwrap().len()
            + self.alerts.lock().unwrap().len()
            + self.switched.lock().unwrap().len()
            + self.said.lock().unwrap().len()
            + self.frozen.lock().unwrap().len()
            + self.written.lock().unwrap().len()
            + *self.reloads.lock().unwrap()
    }
}

fn now<'a, T: Send + 'a>(answer: T) -> Pending<'a, T> {
    Box::pin(async { answer })
}

impl Desk for Memory {
    fn now(&self) -> UnixMillis {
        NOW
    }

    fn record_change(&self, change: Change) -> Pending<'_, Result<Recorded, Unavailable>> {
        now(self.here(()).map(|()| {
            let mut changes = self.changes.lock().unwrap();
            let new = changes.iter().all(|known| known.id != change.id);
            let id = change.id.clone();
            changes.extend(new.then_some(change));
            Recorded { id, new }
        }))
    }

    fn record_alerts(&self, told: Notification) -> Pending<'_, Result<Outcomes, Unavailable>> {
        now(self.here(()).map(|()| {
            let taken = told.alerts.len() as u64;
            let left_out = told.left_out;
            self.alerts.lock().unwrap().push(told);
            Outcomes { taken, left_out, ..Outcomes::default() }
        }))
    }

    fn refuse_alerts(&self) {
        *self.refused.lock().unwrap() += 1;
    }

    fn incidents(&self, limit: usize) -> Pending<'_, Result<Value, Unavailable>> {
        now(self.here(json!({ "incidents": [], "left_out": limit })))
    }

    fn reload(&self) -> Pending<'_, Result<Reloaded, NotReloaded>> {
        let (config, kept) = ("c0ffee".to_owned(), vec!["`listen` takes a start".to_owned()]);
        now(match (self.here(()), self.broken) {
            (Err(why), _) => Err(NotReloaded::Unavailable(why.to_string())),
            (Ok(()), Some("files")) => {
                let findings = json!({ "findings": [{ "name": "unknown-key" }], "errors": 1 });
                Err(NotReloaded::Broken { report: "error[unknown-key]".to_owned(), findings })
            }
            (Ok(()), Some(why)) => Err(NotReloaded::Refused(why.to_owned())),
            (Ok(()), None) => {
                *self.reloads.lock().unwrap() += 1;
                Ok(Reloaded { config, gates: 2, targets: 3, kept })
            }
        })
    }

    fn changes(&self, limit: usize) -> Pending<'_, Result<Vec<Value>, Unavailable>> {
        let changes = self.changes.lock().unwrap();
        now(self.here(changes.iter().rev().take(limit).map(|change| json!(changes::shown(change))).collect()))
    }

    fn gates(&self, chosen: Chosen) -> Pending<'_, Result<Value, Unavailable>> {
        let change = chosen.change.map(|change| change.0);
        now(self.here(json!({ "gates": [], "change": change, "limit": chosen.limit })))
    }

    fn decision(&self, id: DecisionId) -> Pending<'_, Result<Option<Value>, Unavailable>> {
        now(self.here((id.number == 1).then(|| json!({ "id": id.to_string() }))))
    }

    fn approvals(&self) -> Pending<'_, Result<Value, Unavailable>> {
        now(self.here(json!({ "approvals": [] })))
    }

    fn say(&self, said: Said) -> Pending<'_, Result<Result<Agreement, NotAsked>, Unavailable>> {
        let agreed = match said.decision.number {
            1 => Ok(Agreement { course: Course::Act, people: 1, needed: 1 }),
            _ => Err(NotAsked::Unknown(said.decision)),
        };
        if agreed.is_ok() && !self.away {
            self.said.lock().unwrap().push(said);
        }
        now(self.here(agreed))
    }

    fn switch(&self, turn: Turn) -> Pending<'_, Result<(), NotSwitched>> {
        let (service, held) = (turn.service.clone(), "x".to_owned());
        now(match service.as_deref() {
            _ if self.away => {
                Err(NotSwitched::Unavailable(Unavailable("the ledger is being moved".to_owned())))
            }
            Some("chekout") => {
                let help = "did you mean `checkout`?".to_owned();
                Err(NotSwitched::Unknown { service: "chekout".to_owned(), help })
            }
            Some("held") => Err(NotSwitched::Held { path: "/run/off".to_owned(), why: held }),
            Some(_) | None => {
                self.switched.lock().unwrap().push(turn);
                Ok(())
            }
        })
    }

    fn switches(&self) -> Result<Switches, Unavailable> {
        let mut switches = Switches::default();
        self.switched.lock().unwrap().iter().for_each(|turn| switches.turn(turn));
        self.here(switches)
    }

    fn freeze(&self, announced: Announced) -> Pending<'_, Result<Result<(), NotFrozen>, Unavailable>> {
        now(self.here(()).map(|()| {
            self.frozen.lock().unwrap().push(announced.name);
            Ok(())
        }))
    }

    fn lift(&self, name: Name, _: String) -> Pending<'_, Result<Result<(), NotFrozen>, Unavailable>> {
        now(self.here(()).map(|()| {
            if name.as_str() == "unknown" {
                return Err(NotFrozen::Unknown(name));
            }
            self.frozen.lock().unwrap().push(name);
            Ok(())
        }))
    }

    fn freezes(&self) -> Pending<'_, Result<Value, Unavailable>> {
        now(self.here(json!({ "freezes": [] })))
    }

    fn query(&self, asked: Asked) -> Pending<'_, Result<Bytes, Refused>> {
        now(if self.away { Err(Refused::Late("query queue")) } else { Ok(Bytes::from(asked.text)) })
    }

    fn write(&self, body: Bytes) -> Pending<'_, Result<(), WriteError>> {
        now(match body.first() {
            _ if self.away => Err(WriteError::Unavailable("the store is full".to_owned())),
            Some(b'!') => Err(WriteError::Bad("sample 1 is older than the last".to_owned())),
            Some(b'+') => Err(WriteError::TooLarge("20 samples, and 10 are read at once".to_owned())),
            _ => {
                self.written.lock().unwrap().push(body.len());
                Ok(())
            }
        })
    }

    fn listeners(&self) -> &Arc<Listeners> {
        &self.listeners.0
    }

    fn metrics(&self) -> Pending<'_, String> {
        now("backstop_up 1\n# EOF\n".to_owned())
    }

    fn ready(&self) -> Pending<'_, Result<(), String>> {
        now(if self.away { Err("no source answers".to_owned()) } else { Ok(()) })
    }
}
