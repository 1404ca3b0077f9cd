//! Scripts of PromQL, read from their files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::promql::script::{LARGEST_SCRIPT, Script};

/// The script of a file; or why there is none, with the place.
pub(super) fn read(path: &Path) -> Result<Script, String> {
    let shown = path.display();
    let text = text(path).map_err(|error| format!("{shown}: it cannot be read: {error}"))?;
    Script::read(&text).map_err(|error| format!("{shown}:{}: {}", error.line, error.why))
}

fn text(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    // One more than it may have, so that it is told to be too large.
    let most = u64::try_from(LARGEST_SCRIPT).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(most).read_to_string(&mut text)?;
    Ok(text)
}
