//! Researchers: those who find out what the texts of actions ask, so that the engine waits for none of it.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::decision::Found;
use crate::engine::Event;
use crate::run::control::{Command, Line};
use crate::run::research::{A_HISTOGRAM, NO_VALUES, Research, found, warned};
use crate::source::prometheus::{self, Error, Moments, Prometheus, Told};
use crate::store::Store;
use crate::unit::Name;

/// How many ask the samples that were sent at a time: it takes all of a core, and looks want one as well.
const AT_ONCE: usize = 1;

/// How many ask one source at a time. Whoever waits for a source that hangs keeps nobody from another.
const AT_ONCE_OF_A_SOURCE: usize = 4;

/// How long it is waited before the engine's thread is told again, where its queue is full.
const BREATH: Duration = Duration::from_millis(20);

/// How often it is told at the most. By then the engine goes on without it.
const BREATHS: u32 = 250;

/// Whom to ask.
pub(crate) enum Ask {
    /// The samples that were sent.
    Sent(Arc<RwLock<Store>>),
    /// A source.
    Source(Name, Box<Prometheus>),
}

/// Those who find out.
pub(crate) struct Researchers {
    line: Line,
    handle: Handle,
    sent: Arc<Semaphore>,
    sources: BTreeMap<Name, Arc<Semaphore>>,
}

impl Researchers {
    /// They tell the engine's thread what they found out.
    pub(crate) fn new(line: Line, handle: Handle) -> Self {
        Self { line, handle, sent: Arc::new(Semaphore::new(AT_ONCE)), sources: BTreeMap::new() }
    }

    /// Finds something out. Where nothing comes of it, the engine does not wait for ever.
    pub(crate) fn begin(&mut self, research: Research, ask: Ask) {
        let line = self.line.clone();
        match ask {
            Ask::Sent(store) => {
                let slots = Arc::clone(&self.sent);
                self.handle.spawn(async move {
                    let Ok(_slot) = slots.acquire_owned().await else { return };
                    let done = tokio::task::spawn_blocking(move || research.done_by(&store));
                    if let Ok(event) = done.await {
                        say(&line, event).await;
                    }
                });
            }
            Ask::Source(name, prometheus) => {
                let slots =
                    self.sources.entry(name).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE_OF_A_SOURCE)));
                let slots = Arc::clone(slots);
                self.handle.spawn(async move {
                    let Ok(_slot) = slots.acquire_owned().await else { return };
                    say(&line, asked(research, &prometheus).await).await;
                });
            }
        }
    }
}

/// Tells the engine's thread what was found out, once its queue has room.
async fn say(line: &Line, event: Event) {
    for _ in 0..BREATHS {
        if line.say(Command::Happen(Box::new(event.clone()))).is_ok() {
            return;
        }
        tokio::time::sleep(BREATH).await;
    }
    tracing::error!("what a text asks was found out for nobody: the queue is full, or backstop stops");
}

/// What comes of it where a source is asked.
async fn asked(mut research: Research, prometheus: &Prometheus) -> Event {
    while let Some(query) = research.next() {
        let answer = prometheus.query(&query, Moments::At(research.at()));
        let found = match timeout(research.left(), answer).await {
            Ok(Ok(found)) => values(&found),
            Ok(Err(error)) => {
                tracing::warn!(%error, "what a text asks has no answer");
                Err(in_short(&error))
            }
            Err(_) => Err("its source takes too long".to_owned()),
        };
        research.answer(query, found);
    }
    research.told()
}

/// Why there is no answer, for people who know nothing of where the source is.
fn in_short(error: &Error) -> String {
    if let Error::Failed { kind, said, .. } = error {
        return format!("its source says {kind}: {said}");
    }
    format!("its source {}", error.kind())
}

/// What was found. What the server warns of may be wrong, or half of it.
fn values(told: &prometheus::Found) -> Result<Vec<Found>, String> {
    if let Some(warning) = told.warnings.first() {
        return Err(warned(warning));
    }
    if !matches!(told.kind.as_str(), "vector" | "scalar") {
        return Err(NO_VALUES.to_owned());
    }
    let newest = |(labels, points): &(_, Vec<(_, Told)>)| Some(found(labels, number(&points.last()?.1)));
    Ok(told.series.iter().filter_map(newest).collect())
}

const fn number(told: &Told) -> f64 {
    match told {
        Told::Number(value) => *value,
        Told::Words(_) => A_HISTOGRAM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Labels;
    use crate::unit::UnixMillis;

    /// What may be wrong, or half of it, or is no value of now, is no answer.
    #[test]
    fn what_a_source_says_is_taken_whole_or_not_at_all() {
        let words = || Told::Words("{count:3}".to_owned());
        for (kind, told, warning, expected) in [
            ("vector", Told::Number(2.5), None, Ok(2.5)),
            ("scalar", Told::Number(2.5), None, Ok(2.5)),
            ("vector", words(), None, Ok(A_HISTOGRAM)),
            (
                "vector",
                Told::Number(2.5),
                Some("`isPartial` is true"),
                Err("it may be wrong: `isPartial` is true"),
            ),
            ("matrix", Told::Number(2.5), None, Err(NO_VALUES)),
            ("string", words(), None, Err(NO_VALUES)),
        ] {
            let got = values(&prometheus::Found {
                series: vec![(Labels::default(), vec![(UnixMillis::new(0), told)])],
                kind: kind.to_owned(),
                warnings: warning.into_iter().map(str::to_owned).collect(),
                infos: vec!["it may be no counter".to_owned()],
                body: Vec::new(),
            });
            let got = got.map(|found| found[0].value.to_bits());
            assert_eq!(got, expected.map(f64::to_bits).map_err(str::to_owned), "{kind} {warning:?}");
        }
    }
}
