//! Folders that are there for a while.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of its own, which goes when this does.
pub(crate) struct Folder {
    path: PathBuf,
    keep: bool,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Folder {
    /// A new one, among the machine's temporary files.
    pub(crate) fn new(what: &str) -> std::io::Result<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("backstop-{what}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path, keep: false })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Lets it stay.
    pub(crate) fn keep(&mut self) {
        self.keep = true;
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be removed is left to whoever tidies temporary files.
            std::fs::remove_dir_all(&self.path).ok();
        }
    }
}
