//! Taking connections, within bounds: how many, how large a head, how slow.

mod patient;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{Request, Response};
use axum::response::IntoResponse;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::surface::http::accept::patient::Patient;
use crate::surface::http::problem::Problem;
use crate::surface::http::query::{LONGEST_QUERY, is_query};
use crate::surface::http::tls::{Door, Shown, shown};
use crate::unit::Span;

/// The bounds of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many connections there are at once. Another one is told so and closed, for it to come again.
    pub connections: usize,
    /// How long the head of a request may take; it is waited for since the connection or the answer before, so a
    /// connection that is idle for so long is closed too.
    pub head: Span,
    /// How large a head may be.
    pub head_bytes: usize,
    /// How long a request may take from its head to the head of its answer, its body included.
    pub request: Span,
    /// The same for a query.
    pub query: Span,
    /// How long nobody has to read what is written to them.
    pub stall: Span,
    /// How long requests may take to end once the server stops.
    pub grace: Span,
}

/// What became of connections.
#[derive(Debug, Default)]
pub struct Counters {
    /// Connections that were taken.
    pub accepted: AtomicU64,
    /// Connections that were one too many.
    pub refused: AtomicU64,
    /// Connections that could not be taken: this process has too many files open.
    pub failed: AtomicU64,
    /// Connections and requests that took too long.
    pub timed_out: AtomicU64,
    /// Connections that are open.
    pub open: AtomicU64,
}

/// How long to wait before the next connection where one could not be taken: whatever is short then, trying again at
/// once makes it no longer.
const BREATH: Duration = Duration::from_millis(100);

/// What is told to a connection that is one too many.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: application/json\r\n\
    Content-Length: 76\r\nConnection: close\r\n\r\n\
    {\"error\":\"too many connections are open\",\"help\":\"ask again in some seconds\"}";

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head: Span::from_secs(10),
            head_bytes: 16 * 1024,
            request: Span::from_secs(30),
            query: Span::from_millis(LONGEST_QUERY.millis() + 10_000),
            stall: Span::from_secs(30),
            grace: Span::from_secs(10),
        }
    }
}

/// Answers whoever connects, until `shutdown`; then lets requests end, for a while.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    counters: Arc<Counters>,
    shutdown: impl Future<Output = ()>,
) {
    serve_at((listener, None), router, limits, counters, shutdown).await;
}

/// The same by TLS, where there is a door.
pub async fn serve_at(
    (listener, door): (TcpListener, Option<Door>),
    router: Router,
    limits: Limits,
    counters: Arc<Counters>,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            // Those that have ended make room before another comes.
            Some(_) = connections.join_next() => {}
            taken = listener.accept() => match taken {
                Ok((stream, _)) if limits.connections <= connections.len() => {
                    refuse(&stream, door.is_none(), &counters);
                }
                Ok((stream, _)) => {
                    let open = Open::new(&counters);
                    let (router, watcher) = (router.clone(), graceful.watcher());
                    match door.as_ref().map(Door::acceptor) {
                        None => connections.spawn(answer_plain(stream, router, limits, open, watcher)),
                        Some(acceptor) => {
                            connections.spawn(answer_by((stream, acceptor), router, limits, open, watcher))
                        }
                    };
                }
                Err(_) => {
                    count(&counters.failed);
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(duration(limits.grace), graceful.shutdown()).await.is_err() {
        count(&counters.timed_out);
    }
    connections.shutdown().await;
}

/// Tells a connection that it is one too many. If its buffer takes no answer at once, it gets none; nor does one that would
/// not understand it.
fn refuse(stream: &TcpStream, plain: bool, counters: &Counters) {
    count(&counters.refused);
    if plain {
        stream.try_write(FULL).ok();
    }
}

async fn answer_plain(stream: TcpStream, router: Router, limits: Limits, open: Open, watcher: Watcher) {
    answer((patient(stream, limits), None), router, limits, open, watcher).await;
}

/// Answers by TLS. Who does not come to terms in the time of a head is let go of.
async fn answer_by(
    (stream, acceptor): (TcpStream, TlsAcceptor),
    router: Router,
    limits: Limits,
    open: Open,
    watcher: Watcher,
) {
    let met = acceptor.accept(patient(stream, limits));
    match tokio::time::timeout(duration(limits.head), met).await {
        Ok(Ok(stream)) => {
            let shown = shown(stream.get_ref().1);
            answer((stream, shown), router, limits, open, watcher).await;
        }
        // Whoever turns away what is shown here, or shows what is turned away, ends it.
        Ok(Err(_)) => {}
        Err(_) => count(&open.0.timed_out),
    }
}

fn patient(stream: TcpStream, limits: Limits) -> Patient {
    // Answers are written whole, so waiting for more to send would only make them late.
    stream.set_nodelay(true).ok();
    Patient::new(stream, duration(limits.stall))
}

async fn answer<S>(
    (stream, shown): (S, Option<Shown>),
    router: Router,
    limits: Limits,
    open: Open,
    watcher: Watcher,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let inner = TowerToHyperService::new(router);
    let counters = Arc::clone(&open.0);
    let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
        if let Some(shown) = &shown {
            request.extensions_mut().insert(shown.clone());
        }
        let most = if is_query(request.uri()) { limits.query } else { limits.request };
        bounded(inner.call(request), most, Arc::clone(&counters))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(duration(limits.head))
        .max_header_size(limits.head_bytes)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await
        && took_too_long(&error)
    {
        count(&open.0.timed_out);
    }
}

/// The answer, or, if that takes too long, that it does. Senders of samples send them again then, as they would not
/// where they themselves are said to be slow.
async fn bounded<F, E>(
    answer: F,
    most: Span,
    counters: Arc<Counters>,
) -> Result<Response<axum::body::Body>, E>
where
    F: Future<Output = Result<Response<axum::body::Body>, E>>,
{
    if let Ok(answer) = tokio::time::timeout(duration(most), answer).await {
        return answer;
    }
    count(&counters.timed_out);
    Ok(Problem::later(format!("the request took longer than {most}")).closing().into_response())
}

fn took_too_long(error: &hyper::Error) -> bool {
    let stalled = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    error.is_timeout() || stalled.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
}

fn duration(span: Span) -> Duration {
    Duration::from_millis(span.millis())
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// A connection that is open, and counted for as long.
struct Open(Arc<Counters>);

impl Open {
    fn new(counters: &Arc<Counters>) -> Self {
        count(&counters.accepted);
        count(&counters.open);
        Self(Arc::clone(counters))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
