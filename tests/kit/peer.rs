//! A real Prometheus over blocks made of samples in the text form.
#![expect(clippy::unwrap_used, reason = "what needs a Prometheus and cannot have it has failed")]
#![expect(clippy::panic, reason = "a Prometheus that does not start says why")]

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A Prometheus that runs until this is dropped.
pub(crate) struct Peer {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Makes blocks of the samples that are written, in a folder where there are none yet.
pub(crate) fn blocks(promtool: &Path, folder: &Path, write: impl FnOnce(&mut dyn Write)) {
    let done = folder.join("done");
    if done.exists() {
        return;
    }
    std::fs::create_dir_all(folder).unwrap();
    let path = folder.join("data.om");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    write(&mut file);
    file.write_all(b"# EOF\n").unwrap();
    file.flush().unwrap();
    let made = Command::new(promtool)
        .args(["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=48h", "data.om", "data"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .status();
    assert!(made.unwrap().success(), "promtool made no blocks");
    std::fs::remove_file(path).unwrap();
    File::create(done).unwrap();
}

/// A Prometheus over the blocks of a folder; none where that program does not run.
pub(crate) fn start(prometheus: &Path, folder: &Path) -> Option<Peer> {
    std::fs::write(folder.join("prometheus.yml"), "").unwrap();
    let mut child = Command::new(prometheus)
        .args([
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--storage.tsdb.retention.time=100y",
        ])
        .args(["--web.listen-address=127.0.0.1:0", "--enable-feature=promql-experimental-functions"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let (mut address, mut said) = (None, Vec::new());
    for line in lines.by_ref() {
        let listens = line.split_once("\"Listening on\"").and_then(|(_, rest)| rest.split_once("address="));
        if let Some((_, rest)) = listens {
            address = rest.split_whitespace().next().and_then(|address| address.parse().ok());
        }
        if line.contains("Server is ready") {
            break;
        }
        said.push(line);
    }
    let address = address.unwrap_or_else(|| panic!("Prometheus does not listen:\n{}", said.join("\n")));
    std::thread::spawn(move || lines.for_each(drop));
    Some(Peer { child, address })
}
