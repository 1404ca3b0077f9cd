//! The manifests of `deploy/`.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the manifests has failed")]

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A file or folder of `deploy/`.
pub(crate) fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(path)
}

/// All that is in a file.
pub(crate) fn manifests(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap();
    read(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}

/// All that is in a text, with the names of a YAML file and the values of JSON.
pub(crate) fn read(text: &str) -> Result<Vec<Value>, String> {
    serde_yaml::from_multiple(text).map_err(|error| error.to_string())
}
