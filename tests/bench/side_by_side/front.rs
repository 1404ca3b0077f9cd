//! backstop's own answers to queries over the samples, by its own routes.

use std::net::SocketAddr;
use std::sync::{Arc, RwLock};

use axum::body::Bytes;
use backstop::decision::{Announced, DecisionId, Switches, Turn};
use backstop::engine::{Agreement, NotAsked, Outcomes, Said};
use backstop::run::queries::Queries;
use backstop::signal::{Change, Notification};
use backstop::surface::http::{
    Access, Asked, Counters, Desk, Limits, Listeners, NotFrozen, NotReloaded, NotSwitched, Pending, Recorded,
    Refused, Reloaded, Unavailable, WriteError, router, serve,
};
use backstop::surface::watching::Chosen;
use backstop::unit::{Name, UnixMillis};
use serde_json::Value;

use crate::data;

/// Answers queries, and has nothing else to tell.
struct Front(Queries, Arc<Listeners>);

impl Desk for Front {
    fn now(&self) -> UnixMillis {
        UnixMillis::new(data::BEGAN + data::SAMPLES * data::INTERVAL)
    }

    fn record_change(&self, _: Change) -> Pending<'_, Result<Recorded, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn record_alerts(&self, _: Notification) -> Pending<'_, Result<Outcomes, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn refuse_alerts(&self) {}

    fn incidents(&self, _: usize) -> Pending<'_, Result<Value, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn changes(&self, _: usize) -> Pending<'_, Result<Vec<Value>, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn gates(&self, _: Chosen) -> Pending<'_, Result<Value, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn decision(&self, _: DecisionId) -> Pending<'_, Result<Option<Value>, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn approvals(&self) -> Pending<'_, Result<Value, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn say(&self, _: Said) -> Pending<'_, Result<Result<Agreement, NotAsked>, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn switch(&self, _: Turn) -> Pending<'_, Result<(), NotSwitched>> {
        Box::pin(async { Err(NotSwitched::Unavailable(nothing())) })
    }

    fn switches(&self) -> Result<Switches, Unavailable> {
        Err(nothing())
    }

    fn freeze(&self, _: Announced) -> Pending<'_, Result<Result<(), NotFrozen>, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn lift(&self, _: Name, _: String) -> Pending<'_, Result<Result<(), NotFrozen>, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn freezes(&self) -> Pending<'_, Result<Value, Unavailable>> {
        Box::pin(async { Err(nothing()) })
    }

    fn reload(&self) -> Pending<'_, Result<Reloaded, NotReloaded>> {
        Box::pin(async { Err(NotReloaded::Unavailable(nothing().0)) })
    }

    fn write(&self, _: Bytes) -> Pending<'_, Result<(), WriteError>> {
        Box::pin(async { Ok(()) })
    }

    fn query(&self, asked: Asked) -> Pending<'_, Result<Bytes, Refused>> {
        Box::pin(self.0.answer(asked))
    }

    fn listeners(&self) -> &Arc<Listeners> {
        &self.1
    }

    fn metrics(&self) -> Pending<'_, String> {
        Box::pin(async { String::new() })
    }

    fn ready(&self) -> Pending<'_, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }
}

fn nothing() -> Unavailable {
    Unavailable("only queries are answered here".to_owned())
}

/// Where it answers, until the program ends.
pub(crate) fn start() -> SocketAddr {
    let store = Arc::new(RwLock::new(data::store()));
    let (told, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // As `backstop serve` does it.
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let served = runtime.spawn(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            told.send(listener.local_addr().unwrap()).unwrap();
            let routes =
                router(Arc::new(Front(Queries::new(store), Arc::new(Listeners::new(0)))), Access::default());
            serve(listener, routes, Limits::default(), Arc::new(Counters::default()), std::future::pending())
                .await;
        });
        runtime.block_on(served).unwrap();
    });
    address.recv().unwrap()
}
