//! Researchers: the threads on which is found out what the texts of actions ask, so that the engine waits for none of it.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::decision::Found;
use crate::run::control::{Command, Line};
use crate::run::research::{NO_VALUES, Research, found};
use crate::source::prometheus::{Moments, Prometheus, Told};
use crate::store::Store;
use crate::unit::UnixMillis;

/// How many are at work at a time. Each waits for a source for seconds at the most; whoever waits for one does so within
/// the time that is given to all of it.
const AT_ONCE: usize = 8;

/// Whom to ask.
pub(crate) enum Ask {
    /// The samples that were sent.
    Sent(Arc<RwLock<Store>>),
    /// A source.
    Source(Box<Prometheus>),
}

/// Those who find out.
pub(crate) struct Researchers {
    line: Line,
    handle: Handle,
    slots: Arc<Semaphore>,
}

impl Researchers {
    /// They tell the engine's thread what they found out.
    pub(crate) fn new(line: Line, handle: Handle) -> Self {
        Self { line, handle, slots: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Finds something out. Where nothing comes of it, the engine does not wait for ever.
    pub(crate) fn begin(&self, research: Research, ask: Ask) {
        let (line, handle, slots) = (self.line.clone(), self.handle.clone(), Arc::clone(&self.slots));
        self.handle.spawn(async move {
            let Ok(_slot) = slots.acquire_owned().await else { return };
            let done = tokio::task::spawn_blocking(move || match ask {
                Ask::Sent(store) => research.done_by(&store),
                Ask::Source(prometheus) => research.done(|own, query| {
                    let asked = answer(&prometheus, query, (own.at(), own.left()));
                    handle.block_on(asked)
                }),
            });
            if let Ok(event) = done.await {
                line.say(Command::Happen(Box::new(event))).ok();
            }
        });
    }
}

/// What a source answers. What it answers in part only is no answer, as for a gate.
async fn answer(
    prometheus: &Prometheus,
    query: &str,
    (at, left): (UnixMillis, Duration),
) -> Result<Vec<Found>, String> {
    let asked = tokio::time::timeout(left, prometheus.query(query, Moments::At(at)));
    let answered = asked.await.map_err(|_| "its source did not answer in time".to_owned())?;
    let told = answered.map_err(|error| error.to_string())?;
    if let Some(warning) = told.warnings.first() {
        return Err(format!("its source warns of what it answers: {warning}"));
    }
    if !matches!(told.kind.as_str(), "vector" | "scalar") {
        return Err(NO_VALUES.to_owned());
    }
    let newest = |(labels, points): &(_, Vec<(_, Told)>)| Some(found(labels, number(&points.last()?.1)));
    Ok(told.series.iter().filter_map(newest).collect())
}

/// A histogram is no number, and stands as the zero that Prometheus has there.
const fn number(told: &Told) -> f64 {
    match told {
        Told::Number(value) => *value,
        Told::Words(_) => 0.0,
    }
}
