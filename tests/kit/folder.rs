//! A folder of a test's own, gone when the test is.
#![expect(clippy::unwrap_used, reason = "a test that cannot have its folder has failed")]

use std::path::{Path, PathBuf};

/// A folder.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// An empty folder for the test of this name.
    pub(crate) fn of(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("backstop-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the system's folder for such things harms nobody.
        std::fs::remove_dir_all(&self.0).ok();
    }
}
