//! Sources: servers that answer, that lie, that are slow, and that are not there; each is told apart, and asked no more than
//! it can bear.
#![expect(clippy::unwrap_used, reason = "a test that cannot have its server has failed")]
#![expect(clippy::panic, reason = "a test that waits in vain says for what")]

#[path = "kit/folder.rs"]
mod folder;
#[path = "kit/certificates.rs"]
mod kept;
#[path = "kit/prometheus.rs"]
mod prometheus;
#[path = "kit/skip.rs"]
mod skip;

#[path = "source/server.rs"]
mod server;

#[path = "source/budgets.rs"]
mod budgets;
#[path = "source/certificates.rs"]
mod certificates;
#[path = "source/lies.rs"]
mod lies;
#[path = "source/proxies.rs"]
mod proxies;
#[path = "source/real.rs"]
mod real;
#[path = "source/stretches.rs"]
mod stretches;
#[path = "source/tokens.rs"]
mod tokens;

use backstop::config::{self, Gathered};
use backstop::promql::Features;
use backstop::run::servers::client_of;
use backstop::source::prometheus::{Error, Heard, Prometheus, Stretch};
use backstop::unit::{Span, UnixMillis};

/// Waiting for a process.
mod process {
    use std::thread::sleep;
    use std::time::Duration;

    /// Waits until something is there: as long as a busy machine may take, and not a moment longer than it does.
    pub(crate) fn wait<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
        for _ in 0..3_000 {
            if let Some(found) = there() {
                return found;
            }
            sleep(Duration::from_millis(10));
        }
        panic!("waited in vain for {what}");
    }
}

/// The client of the source that a server file with these secrets and this source has, or why there is none.
fn client(secrets: &str, source: &str) -> Result<Prometheus, String> {
    let mut gathered = Gathered::default();
    let text = format!("secrets: {{ {secrets} }}\nsources: {{ eu: {{ {source} }} }}\n");
    gathered.files.add("backstop.yaml".to_owned(), text.clone());
    let loaded = config::load(gathered, Features::NONE);
    assert!(loaded.findings.is_empty(), "{text}{:?}", loaded.findings);
    let (name, source) = loaded.server.sources.iter().next().unwrap();
    client_of(name, source, &loaded.server)
}

/// Asks for the samples of the last minute.
async fn ask(prometheus: &Prometheus) -> Result<Heard, Error> {
    let to = UnixMillis::new(1_795_271_400_000);
    prometheus.samples("up", Stretch { from: to.minus(Span::from_secs(60)), to }).await
}
