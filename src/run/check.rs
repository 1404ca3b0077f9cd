//! `backstop check`.

use std::fmt::Write as _;

use crate::config;
use crate::config::Loaded;
use crate::lint;
use crate::lint::{Finding, Severity};
use crate::run::args::{Check, FailOn, Output};
use crate::run::{Ending, features, output};
use crate::surface::{Counts, Format, Report};
use crate::unit::{FileId, nearest};

pub(crate) fn run(asked: &Check) -> Ending {
    if let Some(name) = &asked.explain {
        return explain(name);
    }
    let features = match features::read(&asked.enable_feature) {
        Ok(features) => features,
        Err(why) => return output::complain(&why),
    };
    let paths: Vec<String> = asked.server.iter().chain(&asked.paths).cloned().collect();
    let loaded = config::load(config::gather(&paths), features);
    if let Some(server) = asked.server.as_ref().filter(|_| !has_server(&loaded)) {
        return output::complain(&format!(
            "`{server}` is no server file: it has none of `mode`, `targets`, `trust`, .."
        ));
    }
    let report = Report { files: &loaded.files, findings: &loaded.findings, counts: Counts::of(&loaded) };
    let format = match asked.output {
        Output::Text => Format::Text { colour: output::colour() },
        Output::Json => Format::Json,
        Output::Github => Format::Github,
    };
    let least = match asked.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Note => Severity::Note,
    };
    let found = loaded.findings.iter().any(|finding| finding.severity >= least);
    output::print(&report.render(format), if found { Ending::Found } else { Ending::Clean })
}

/// Whether the first file is the server file; one that is broken is told about in the report.
fn has_server(loaded: &Loaded) -> bool {
    let first = FileId(0);
    let broken = |finding: &Finding| finding.place.file == first && finding.severity == Severity::Error;
    loaded.server.file == Some(first) || loaded.findings.iter().any(broken)
}

fn explain(name: &str) -> Ending {
    if name.is_empty() {
        return output::print(&listed(), Ending::Clean);
    }
    if let Some(page) = lint::page(name) {
        return output::print(page.text, Ending::Clean);
    }
    let help = match nearest(name, lint::PAGES.iter().map(|page| page.name)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`backstop check --explain` lists them".to_owned(),
    };
    output::complain(&format!("there is no finding `{name}`; {help}"))
}

fn listed() -> String {
    let widest = lint::PAGES.iter().map(|page| page.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for page in lint::PAGES {
        let _infallible: std::fmt::Result =
            writeln!(text, "{:widest$}  {:7}  {}", page.name, page.severity.word(), page.summary());
    }
    text
}
