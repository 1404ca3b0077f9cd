//! The disk: how long it takes until what is written into the ledger's folder lies on it.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

/// How much is written each time: a rollback with its looks and its decision touches about as many of the ledger's pages.
const BYTES: usize = 8 * 4_096;

/// How far apart, so that it is seen beside the ledger's own writing and does not slow that down.
const APART: Duration = Duration::from_millis(500);

/// Whoever writes, and waits for the disk, until it is told to stop.
pub(crate) struct Disk {
    stopped: Arc<AtomicBool>,
    measured: JoinHandle<Vec<Duration>>,
}

impl Disk {
    pub(crate) fn measure(folder: &Path) -> Self {
        let mut file = File::create(folder.join("disk")).unwrap();
        let stopped = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&stopped);
        let measured = std::thread::spawn(move || {
            let (bytes, mut took) = (vec![7; BYTES], Vec::new());
            while !ends.load(Ordering::SeqCst) {
                file.write_all(&bytes).unwrap();
                let began = Instant::now();
                file.sync_data().unwrap();
                took.push(began.elapsed());
                sleep(APART);
            }
            took
        });
        Self { stopped, measured }
    }

    pub(crate) fn stop(self) -> Vec<Duration> {
        self.stopped.store(true, Ordering::SeqCst);
        self.measured.join().unwrap()
    }
}
