//! A real Prometheus that is stopped, and started again.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use backstop::signal::{Deaf, Labels, NAME, Sample, Series};
use backstop::source::prometheus::{Error, Heard, Prometheus as Source, Stretch};
use backstop::unit::{Span, UnixMillis};

use crate::client;
use crate::folder::Folder;
use crate::prometheus::Prometheus;

/// The same one, at the address that it had.
struct Again(Child);

impl Again {
    fn start(folder: &Folder, address: &str) -> Self {
        let path = std::env::var_os("BACKSTOP_PROMETHEUS")
            .map_or_else(|| PathBuf::from("prometheus"), PathBuf::from);
        let mut command = Command::new(path);
        command.args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"]);
        command.arg(format!("--web.listen-address={address}"));
        Self(command.current_dir(folder.path()).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Again {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

async fn samples(source: &Source, to: UnixMillis) -> Result<Heard, Error> {
    source.samples("up", Stretch { from: to.minus(Span::from_secs(300)), to }).await
}

#[tokio::test]
async fn a_prometheus_that_was_stopped_is_heard_again() {
    let folder = Folder::of("source-real");
    let Some(prometheus) = Prometheus::start("source-real", folder.path()) else { return };
    // It takes samples of its own time alone.
    let now = prometheus.get("/api/v1/query?query=time()").1["data"]["result"][0].as_f64().unwrap();
    #[expect(clippy::cast_possible_truncation, reason = "seconds of this century")]
    let now = UnixMillis::new(now as i64 * 1_000);
    let labels = Labels::new(vec![(NAME.to_owned(), "up".to_owned())]).unwrap();
    let sample = Sample { at: now.minus(Span::from_secs(45)), value: 1.0 };
    prometheus.take(&[Series { labels, samples: vec![sample.into()] }]);
    let (address, url) = (prometheus.address.to_string(), prometheus.url());
    let source = client("", &format!("url: '{url}', timeout: 10s")).unwrap();
    let before = samples(&source, now).await.unwrap();
    assert_eq!(before.series.len(), 1);

    drop(prometheus);
    let mut kinds = Vec::new();
    while kinds.last() != Some(&Deaf::BackingOff) {
        kinds.push(samples(&source, now).await.unwrap_err().kind());
    }
    assert!(kinds.starts_with(&[Deaf::Unreachable; 3]), "{kinds:?}");

    let _again = Again::start(&folder, &address);
    let mut tries = 0;
    let after = loop {
        match samples(&source, now).await {
            Ok(heard) => break heard,
            // It is not ready at once, and is left alone for longer each time.
            Err(error) => assert!(error.may_pass(), "{error}"),
        }
        tries += 1;
        assert!(tries < 2_000, "it is not heard again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(after, before, "what it knew it knows");
    assert_eq!(source.usage().answered, 2);
}
