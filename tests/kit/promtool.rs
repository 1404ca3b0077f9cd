//! The oracle of what Prometheus reads.

use std::path::PathBuf;
use std::process::Command;

/// A promtool of version 3: the one that `BACKSTOP_PROMTOOL` names, or the one on the `PATH`. Without one, it is noted
/// that the test was skipped.
pub(crate) fn promtool(test: &str) -> Option<PathBuf> {
    let path = std::env::var_os("BACKSTOP_PROMTOOL").map_or_else(|| PathBuf::from("promtool"), PathBuf::from);
    let version = Command::new(&path).arg("--version").output();
    let version =
        version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    if version.starts_with("promtool, version 3.") {
        return Some(path);
    }
    crate::skip::skip(test, "promtool 3.x");
    None
}
