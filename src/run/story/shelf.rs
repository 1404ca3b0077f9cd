//! The shelf: the files that the rules of a story are read from, as they are at a moment of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{self, ArgoCds};
use crate::engine::Rules;
use crate::lint::Severity;
use crate::promql;
use crate::run::load;
use crate::run::set::fingerprint;
use crate::run::story::script::{Inline, Script, Swap};

/// The files of a story.
pub(super) struct Shelf {
    /// The story's own file.
    file: PathBuf,
    /// Files that stand elsewhere.
    included: Vec<String>,
    /// Files that stand within the story; they are taken to lie beside it.
    within: Vec<Inline>,
    /// What files may become.
    parts: Vec<Inline>,
}

/// What files say.
pub(super) struct Said {
    /// What the engine goes by.
    pub(super) rules: Rules,
    /// The Argo CDs that somebody says how to come to.
    pub(super) argocds: ArgoCds,
}

/// Rules that are broken.
#[derive(Debug)]
pub(super) struct Broken {
    /// All that is wrong.
    pub(super) report: String,
    /// What is wrong first, by its name.
    pub(super) first: &'static str,
}

impl Shelf {
    /// The files as they are at the beginning.
    pub(super) fn of(script: &Script, file: &Path) -> Self {
        let folder = folder(file);
        let included = script.includes.iter().map(|path| folder.join(path).display().to_string());
        Self {
            file: file.to_owned(),
            included: included.collect(),
            within: script.first_files().cloned().collect(),
            parts: script.files.clone(),
        }
    }

    /// Files become others.
    pub(super) fn swap(&mut self, swaps: &[Swap]) {
        for Swap { file, by } in swaps {
            self.included.retain(|path| Path::new(path).file_name().is_none_or(|own| own != file.as_str()));
            self.within.retain(|known| known.name != *file);
            let part = self.parts.iter().find(|part| by.as_ref() == Some(&part.name));
            self.within.extend(part.map(|part| Inline { name: file.clone(), text: part.text.clone() }));
        }
    }

    /// What they say.
    pub(super) fn read(&self) -> Result<Said, Broken> {
        let mut gathered = config::gather(&self.included);
        let folder = folder(&self.file);
        let lies_in = std::fs::canonicalize(&folder).unwrap_or(folder);
        for inline in &self.within {
            let path = lies_in.join(&inline.name).display().to_string();
            gathered.files.add_at(path, self.file.display().to_string(), inline.text.clone());
        }
        let loaded = config::load(gathered, promql::Features::NONE);
        if let Some(report) = load::errors(&loaded) {
            let first = loaded.findings.iter().find(|finding| finding.severity == Severity::Error);
            return Err(Broken { report, first: first.map_or("", |finding| finding.name) });
        }
        let rules = Rules { program: Arc::new(config::program(&loaded)), config: fingerprint(&loaded) };
        Ok(Said { rules, argocds: loaded.server.argocds })
    }
}

fn folder(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}
