//! What there is to test: stories and scripts, by the paths that lead to them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How stories end their names.
const STORY: &str = "story";

/// How scripts do.
const SCRIPT: &str = "test";

/// What the files are that can be tested.
const HELP: &str = "stories are files named `*.story`, and scripts of PromQL are named `*.test`";

/// Stories and scripts, each once, in the order in which the paths lead to them.
#[derive(Default)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    seen: BTreeSet<PathBuf>,
}

impl Found {
    /// What is under a path, in the order of the names.
    pub(super) fn add(&mut self, path: &str) -> Result<(), String> {
        let as_path = Path::new(path);
        if as_path.is_file() && !is_story(as_path) && !is_script(as_path) {
            return Err(format!("`{path}` is no story; {HELP}"));
        }
        if as_path.is_file() {
            self.push(as_path.to_owned());
            return Ok(());
        }
        let unreadable = |error: &dyn std::fmt::Display| format!("`{path}` cannot be read: {error}");
        let mut any = false;
        for entry in glob::glob(&pattern(path)).map_err(|error| unreadable(&error))? {
            let entry = entry.map_err(|error| unreadable(&error))?;
            if entry.is_file() && (is_story(&entry) || is_script(&entry)) {
                any = true;
                self.push(entry);
            }
        }
        if any {
            Ok(())
        } else if as_path.is_dir() || path.contains(['*', '?', '[']) {
            Err(format!("there is no story at `{path}`; {HELP}"))
        } else {
            Err(format!("`{path}` does not exist; {HELP}"))
        }
    }

    fn push(&mut self, file: PathBuf) {
        let canonical = std::fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
        if self.seen.insert(canonical) {
            self.files.push(file.strip_prefix(".").map(Path::to_owned).unwrap_or(file));
        }
    }
}

/// The glob of a path; a folder's own name is none, whatever it is called.
fn pattern(path: &str) -> String {
    if Path::new(path).is_dir() {
        format!("{}/**/*.*", glob::Pattern::escape(path.trim_end_matches('/')))
    } else {
        path.to_owned()
    }
}

fn is_story(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == STORY)
}

pub(super) fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == SCRIPT)
}
