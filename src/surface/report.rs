//! Findings as people and machines read them.

mod github;
mod json;
mod text;

use crate::config::{Files, Loaded};
use crate::lint::{Finding, Severity};

/// For whom a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: each finding with its line and a caret.
    Text {
        /// Whether the terminal shows colours.
        colour: bool,
    },
    /// For machines.
    Json,
    /// For GitHub, which shows them beside the changed lines.
    Github,
}

/// What was checked, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Prometheus rules.
    pub rules: usize,
    /// Gates.
    pub gates: usize,
    /// Rollouts.
    pub rollouts: usize,
    /// Actions.
    pub actions: usize,
    /// Targets.
    pub targets: usize,
}

impl Counts {
    /// What was loaded.
    pub fn of(loaded: &Loaded) -> Self {
        Self {
            rules: loaded.rules.groups.iter().map(|(_, group)| group.rules.len()).sum(),
            gates: loaded.rules.gates.len(),
            rollouts: loaded.rules.rollouts.len(),
            actions: loaded.rules.actions.len(),
            targets: loaded.server.targets.len(),
        }
    }
}

/// Findings with the files they are about.
#[derive(Debug)]
pub struct Report<'a> {
    /// The files.
    pub files: &'a Files,
    /// The findings, in the order of files and lines.
    pub findings: &'a [Finding],
    /// What was checked.
    pub counts: Counts,
}

impl Report<'_> {
    /// The report in this format, as lines.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text { colour } => text::render(self, colour),
            Format::Json => json::render(self),
            Format::Github => github::render(self),
        }
    }

    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// What was checked and found, in one line.
    pub fn summary(&self) -> String {
        let counted = |number: usize, noun: &str| {
            (number > 0).then(|| format!("{number} {noun}{}", if number == 1 { "" } else { "s" }))
        };
        let listed = |items: Vec<Option<String>>| items.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let checked = listed(vec![
            counted(self.files.len(), "file"),
            counted(self.counts.rules, "rule"),
            counted(self.counts.gates, "gate"),
            counted(self.counts.rollouts, "rollout"),
            counted(self.counts.actions, "action"),
            counted(self.counts.targets, "target"),
        ]);
        let found = listed(vec![
            counted(self.count(Severity::Error), "error"),
            counted(self.count(Severity::Warning), "warning"),
            counted(self.count(Severity::Note), "note"),
        ]);
        let found = if found.is_empty() { "nothing found".to_owned() } else { found };
        format!("{checked}: {found}")
    }
}
