//! Spans go out by OTLP, as HTTP with protobuf, to wherever OpenTelemetry's own variables say. A collector that is slow or
//! gone costs nothing: what waits for it has a bound, beyond which spans are let go of, and counted.

mod settings;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use tokio::sync::{mpsc, oneshot};

use crate::responder::ResponderError;
use crate::surface::metrics::SpanFigures;
use crate::surface::otlp::{Span, exported};

pub(crate) use settings::Settings;

/// How many spans may wait.
const QUEUE: usize = 8_192;

/// How many are sent at once.
const BATCH: usize = 512;

/// How long they wait for others to be sent with.
const GATHER: Duration = Duration::from_secs(2);

/// How often a batch is tried, and for how long it rests before it is tried again.
const ATTEMPTS: u32 = 3;
const REST: Duration = Duration::from_secs(1);

/// How long a stop waits for what is left to be sent.
const FAREWELL: Duration = Duration::from_secs(2);

/// The way out for spans.
pub(crate) struct Exporter {
    queue: mpsc::Sender<Span>,
    counts: Arc<Counts>,
    ended: std::sync::Mutex<Option<oneshot::Receiver<()>>>,
    stop: tokio::sync::watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    dropped: AtomicU64,
    failed: AtomicU64,
}

impl Exporter {
    /// Begins to send, on the runtime that this is called on.
    pub(crate) fn start(settings: Settings) -> Result<Self, ResponderError> {
        let client = crate::responder::client()?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        let counts = Arc::<Counts>::default();
        let (end, ended) = oneshot::channel();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let sender = Sender { client, settings, counts: Arc::clone(&counts), works: true };
        tokio::spawn(async move {
            sender.run(waiting, stopped).await;
            // Nobody may wait for it.
            end.send(()).ok();
        });
        Ok(Self { queue, counts, ended: std::sync::Mutex::new(Some(ended)), stop })
    }

    /// Sends a span some time, if there is room for it.
    pub(crate) fn export(&self, span: Span) {
        if self.queue.try_send(span).is_err() {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What became of spans.
    pub(crate) fn figures(&self) -> SpanFigures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        SpanFigures {
            sent: read(&self.counts.sent),
            dropped: read(&self.counts.dropped),
            failed: read(&self.counts.failed),
        }
    }

    /// Sends what waits, if that does not take long.
    pub(crate) async fn finish(&self) {
        self.stop.send(true).ok();
        let ended = self.ended.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(ended) = ended {
            tokio::time::timeout(FAREWELL, ended).await.ok();
        }
    }
}

/// What sends them.
struct Sender {
    client: Client,
    settings: Settings,
    counts: Arc<Counts>,
    /// Whether the last batch was taken: that it is not is said once, and that it is again.
    works: bool,
}

impl Sender {
    async fn run(
        mut self,
        mut waiting: mpsc::Receiver<Span>,
        mut stopped: tokio::sync::watch::Receiver<bool>,
    ) {
        let mut stopping = false;
        loop {
            let mut batch = Vec::new();
            if !stopping {
                tokio::select! {
                    _ = stopped.wait_for(|stopped| *stopped) => stopping = true,
                    took = waiting.recv_many(&mut batch, BATCH) => if took == 0 { return },
                }
                if batch.len() < BATCH && !stopping {
                    tokio::select! {
                        _ = stopped.wait_for(|stopped| *stopped) => stopping = true,
                        () = tokio::time::sleep(GATHER) => {}
                    }
                }
            }
            while batch.len() < BATCH
                && let Ok(span) = waiting.try_recv()
            {
                batch.push(span);
            }
            if batch.is_empty() && stopping {
                return;
            }
            self.send(batch, stopping).await;
        }
    }

    async fn send(&mut self, batch: Vec<Span>, stopping: bool) {
        let count = batch.len() as u64;
        if count == 0 {
            return;
        }
        let body = exported(&self.settings.resource, batch);
        let mut rest = REST;
        for attempt in 1..=ATTEMPTS {
            match self.attempt(body.clone()).await {
                Ok(()) => {
                    self.counts.sent.fetch_add(count, Ordering::Relaxed);
                    if !self.works {
                        tracing::info!(endpoint = %self.settings.shown(), "spans are taken again");
                    }
                    self.works = true;
                    return;
                }
                Err(Failure { why, again }) => {
                    if attempt == ATTEMPTS || !again || stopping || !self.works {
                        self.counts.failed.fetch_add(count, Ordering::Relaxed);
                        if self.works {
                            tracing::warn!(endpoint = %self.settings.shown(), %why, "spans are not taken");
                        }
                        self.works = false;
                        return;
                    }
                    tokio::time::sleep(rest).await;
                    rest *= 2;
                }
            }
        }
    }

    async fn attempt(&self, body: Vec<u8>) -> Result<(), Failure> {
        let request = self.client.post(&self.settings.endpoint).timeout(self.settings.timeout);
        let request = request.headers(self.settings.headers.clone());
        let sent = request.header(CONTENT_TYPE, "application/x-protobuf").body(body).send().await;
        match sent {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => {
                let status = response.status().as_u16();
                Err(Failure {
                    why: format!("the collector answers {status}"),
                    again: matches!(status, 429 | 502 | 503 | 504),
                })
            }
            Err(error) => Err(Failure { why: error.without_url().to_string(), again: true }),
        }
    }
}

/// Why spans were not taken, and whether they may be another time.
struct Failure {
    why: String,
    again: bool,
}
