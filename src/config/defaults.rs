//! The defaults: read from the one file that holds them, which `backstop config --defaults` prints.

use std::sync::LazyLock;

use crate::config::{raw, yaml};
use crate::unit::FileId;

/// The file of defaults, word for word.
pub const TEXT: &str = include_str!("defaults.yaml");

/// The file that it counts as: nobody wrote what stands there.
pub(crate) const FILE: FileId = FileId(u32::MAX);

static DEFAULTS: LazyLock<raw::Defaults> = LazyLock::new(|| {
    let mut findings = Vec::new();
    let documents = yaml::compose(FILE, TEXT, &mut findings);
    let read = documents.first().and_then(|document| yaml::decode(&document.root, &mut findings));
    debug_assert!(findings.is_empty(), "the defaults: {findings:?}");
    read.unwrap_or_default()
});

/// What holds where nobody wrote otherwise.
pub(crate) fn defaults() -> &'static raw::Defaults {
    &DEFAULTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_defaults_is_read_whole() {
        let mut findings = Vec::new();
        let documents = yaml::compose(FileId(0), TEXT, &mut findings);
        let read: Option<raw::Defaults> = yaml::decode(&documents[0].root, &mut findings);
        assert!(read.is_some() && findings.is_empty(), "{findings:?}");
    }
}
