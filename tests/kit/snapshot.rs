//! What is printed, held against what was.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

use std::fs;
use std::path::PathBuf;

/// Holds a text against a file under `tests/data`; `UPDATE=1` writes the file anew.
pub(crate) fn snapshot(file: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let help = "`UPDATE=1 cargo test` writes it anew";
    assert!(
        kept == text,
        "tests/data/{file} is not what is printed now; {help}\n--- kept\n{kept}\n--- now\n{text}"
    );
}
