//! What the study says: a table for each theme, and a line for each target.

use std::fmt;

/// A table with what it shows.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// What one has to know to read it.
    pub(crate) note: String,
    /// Whether it is too long for the README.
    pub(crate) long: bool,
}

impl Table {
    pub(crate) fn new(title: &str, head: &[&str]) -> Self {
        let head = head.iter().map(|&cell| cell.to_owned()).collect();
        Self { title: title.to_owned(), head, rows: Vec::new(), note: String::new(), long: false }
    }

    pub(crate) fn row(&mut self, name: impl Into<String>, cells: impl IntoIterator<Item = String>) {
        self.rows.push(std::iter::once(name.into()).chain(cells).collect());
    }

    pub(crate) fn long(self) -> Self {
        Self { long: true, ..self }
    }

    pub(crate) fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        writeln!(f, "**{}**\n", self.title)?;
        writeln!(f, "{}", line(&self.head))?;
        writeln!(f, "|{}", "---|".repeat(self.head.len()))?;
        for row in &self.rows {
            writeln!(f, "{}", line(row))?;
        }
        if !self.note.is_empty() {
            writeln!(f, "\n{}", self.note)?;
        }
        Ok(())
    }
}

/// A target, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) number: u8,
    /// Which part of the target, where it has several.
    pub(crate) part: &'static str,
    pub(crate) met: bool,
    pub(crate) figure: String,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.met { "met" } else { "missed" };
        let part = if self.part.is_empty() { String::new() } else { format!("{}: ", self.part) };
        write!(f, "T{} {word} {part}{}", self.number, self.figure)
    }
}

/// What a part of the study has to say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    pub(crate) tables: Vec<Table>,
    pub(crate) targets: Vec<Target>,
    /// Promises that did not hold, each with where.
    pub(crate) broken: Vec<String>,
}

impl Report {
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.tables.extend(other.tables);
        self.targets.extend(other.targets);
        self.broken.extend(other.broken);
        self
    }

    /// The same without the tables that are too long for the README.
    pub(crate) fn concise(mut self) -> Self {
        self.tables.retain(|table| !table.long);
        self
    }

    pub(crate) fn target(&mut self, number: u8, part: &'static str, met: bool, figure: impl Into<String>) {
        self.targets.push(Target { number, part, met, figure: figure.into() });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.tables {
            writeln!(f, "{table}")?;
        }
        for broken in &self.broken {
            writeln!(f, "- broken: {broken}")?;
        }
        if !self.broken.is_empty() {
            writeln!(f)?;
        }
        writeln!(f, "```text")?;
        for target in &self.targets {
            writeln!(f, "{target}")?;
        }
        writeln!(f, "```")
    }
}

/// A share in per cent.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent <= 0.0 { "0".to_owned() } else { format!("{percent:.1}") }
}

/// Minutes; a dash where it did not come within the hour.
pub(crate) fn minutes(minutes: Option<f64>) -> String {
    minutes.map_or_else(|| "–".to_owned(), |minutes| format!("{minutes}"))
}
