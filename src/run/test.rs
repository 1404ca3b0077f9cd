//! `backstop test`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;

use crate::run::args::Test;
use crate::run::story::{Tried, try_story};
use crate::run::{Ending, output};

/// How stories end their names.
const STORY: &str = "story";

pub(crate) fn run(asked: &Test) -> Ending {
    let mut found = Found::default();
    for path in &asked.paths {
        if let Err(why) = found.add(path) {
            return output::complain(&why);
        }
    }
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("no thread can be started: {error}")),
    };
    let mut text = String::new();
    let mut failed = 0;
    for path in &found.stories {
        let shown = path.display();
        match try_story(path, asked.update, runtime.handle()) {
            Ok(Tried::AsTold) => {}
            Ok(Tried::Updated) => {
                let _infallible = writeln!(text, "{shown}: updated");
            }
            Ok(Tried::Otherwise(difference)) => {
                failed += 1;
                let _infallible = writeln!(text, "{shown}: went otherwise\n{difference}");
            }
            Err(why) => {
                failed += 1;
                let _infallible = writeln!(text, "{shown}: {}\n", why.to_string().trim_end());
            }
        }
    }
    let passed = found.stories.len() - failed;
    let _infallible = writeln!(text, "{passed} passed, {failed} failed");
    output::print(&text, if failed == 0 { Ending::Clean } else { Ending::Found })
}

/// Stories, each once, in the order in which the paths lead to them.
#[derive(Default)]
struct Found {
    stories: Vec<PathBuf>,
    seen: BTreeSet<PathBuf>,
}

impl Found {
    /// The stories under a path, in the order of their names.
    fn add(&mut self, path: &str) -> Result<(), String> {
        let help = format!("stories are files named `*.{STORY}`");
        let as_path = Path::new(path);
        if as_path.is_file() && !is_story(as_path) {
            return Err(format!("`{path}` is no story; {help}"));
        }
        if as_path.is_file() {
            self.push(as_path.to_owned());
            return Ok(());
        }
        let unreadable = |error: &dyn std::fmt::Display| format!("`{path}` cannot be read: {error}");
        let mut any = false;
        for entry in glob::glob(&pattern(path)).map_err(|error| unreadable(&error))? {
            let entry = entry.map_err(|error| unreadable(&error))?;
            if entry.is_file() && is_story(&entry) {
                any = true;
                self.push(entry);
            }
        }
        if any {
            Ok(())
        } else if as_path.is_dir() || path.contains(['*', '?', '[']) {
            Err(format!("there is no story at `{path}`; {help}"))
        } else {
            Err(format!("`{path}` does not exist; {help}"))
        }
    }

    fn push(&mut self, story: PathBuf) {
        let canonical = std::fs::canonicalize(&story).unwrap_or_else(|_| story.clone());
        if self.seen.insert(canonical) {
            self.stories.push(story.strip_prefix(".").map(Path::to_owned).unwrap_or(story));
        }
    }
}

/// The glob of a path; a folder's own name is none, whatever it is called.
fn pattern(path: &str) -> String {
    if Path::new(path).is_dir() {
        format!("{}/**/*.{STORY}", glob::Pattern::escape(path.trim_end_matches('/')))
    } else {
        path.to_owned()
    }
}

fn is_story(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == STORY)
}
