//! Loading rules to go by, rather than to check them: what is broken stops the command, and says why.

use crate::config::{self, Loaded};
use crate::lint::Severity;
use crate::promql;
use crate::surface::{Counts, Format, Report};

/// Rules without errors from these paths, or the report of what is wrong with them.
pub(crate) fn load(paths: &[String], server: Option<&String>) -> Result<Loaded, String> {
    let loaded = read(paths, server);
    match errors(&loaded) {
        Some(text) => Err(text),
        None => Ok(loaded),
    }
}

/// What these paths say, broken or not.
pub(crate) fn read(paths: &[String], server: Option<&String>) -> Loaded {
    let paths: Vec<String> = server.into_iter().chain(paths).cloned().collect();
    config::load(config::gather(&paths), promql::Features::NONE)
}

/// The report of all that was found, for machines.
pub(crate) fn as_json(loaded: &Loaded) -> String {
    let counts = Counts::of(loaded);
    Report { files: &loaded.files, findings: &loaded.findings, counts }.render(Format::Json)
}

/// The report of what was found, if there are errors in it.
pub(crate) fn errors(loaded: &Loaded) -> Option<String> {
    let broken = loaded.findings.iter().any(|finding| finding.severity == Severity::Error);
    let counts = Counts::of(loaded);
    let report = Report { files: &loaded.files, findings: &loaded.findings, counts };
    broken.then(|| report.render(Format::Text { colour: false }))
}
