//! The target: what a platform would be that takes releases back when it is told to, by whoever can prove who they are.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Router, extract::State};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::responder::{SigningKey, Stamp, verify};
use crate::run::clock;
use crate::surface::http::{Counters, Limits, serve};
use crate::unit::{Secret, Span};

/// What backstop signs with here. It opens nothing but this demonstration.
pub(super) const SECRET: &str = "whsec_ZGVtb25zdHJhdGlvbi1vbmx5LWRvLW5vdC11c2U=";

/// How old a message may be.
const TOLERANCE: Span = Span::from_secs(300);

/// The target.
pub(super) struct Target {
    address: SocketAddr,
    /// Whether it still sends traffic to the canary.
    pub(super) canary_is_up: Arc<AtomicBool>,
    _stop: watch::Sender<()>,
}

impl Target {
    pub(super) async fn start() -> Result<Self, String> {
        let canary_is_up = Arc::new(AtomicBool::new(true));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let router = Router::new()
            .route("/take-back", post(take_back))
            .route("/notify", post(notify))
            .with_state(Arc::clone(&canary_is_up));
        let (stop, mut stopped) = watch::channel(());
        let shutdown = async move {
            stopped.changed().await.ok();
        };
        tokio::spawn(serve(listener, router, Limits::default(), Arc::<Counters>::default(), shutdown));
        Ok(Self { address, canary_is_up, _stop: stop })
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn take_back(
    State(canary_is_up): State<Arc<AtomicBool>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    if !is_from_backstop(&headers, &body) {
        return (StatusCode::UNAUTHORIZED, "who says so?");
    }
    canary_is_up.store(false, Ordering::SeqCst);
    (StatusCode::OK, "the canary is gone")
}

async fn notify(headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    if is_from_backstop(&headers, &body) {
        (StatusCode::OK, "told")
    } else {
        (StatusCode::UNAUTHORIZED, "who says so?")
    }
}

fn is_from_backstop(headers: &HeaderMap, body: &[u8]) -> bool {
    let text =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let stamp = Stamp {
        id: text("webhook-id"),
        timestamp: text("webhook-timestamp"),
        signature: text("webhook-signature"),
    };
    let key = SigningKey::parse(&Secret::new(SECRET.to_owned()));
    key.is_ok_and(|key| verify(&[key], &stamp, body, clock::now(), TOLERANCE).is_ok())
}
