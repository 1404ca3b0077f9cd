//! `backstop test`.

mod found;
mod held;

use std::fmt::Write as _;
use std::path::Path;

use tokio::runtime::{Handle, Runtime};

use crate::promql::script::Script;
use crate::run::args::Test;
use crate::run::story::{Tried, try_story};
use crate::run::test::found::{Found, is_script};
use crate::run::{Ending, output};

pub(crate) fn run(asked: &Test) -> Ending {
    let mut found = Found::default();
    for path in &asked.paths {
        if let Err(why) = found.add(path) {
            return output::complain(&why);
        }
    }
    // All are read before any is run: who has to correct one does not want to wait for the others.
    let read = found.files.iter().map(|path| {
        let script = if is_script(path) { Some(held::read(path)?) } else { None };
        Ok((path.as_path(), script))
    });
    let files = match read.collect::<Result<Vec<_>, String>>() {
        Ok(files) => files,
        Err(why) => return output::complain(&why),
    };
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("no thread can be started: {error}")),
    };
    let mut told = Told::default();
    for (path, script) in files {
        match script {
            Some(script) => told.script(path, &script),
            None => told.story(path, asked.update, runtime.handle()),
        }
    }
    let Told { mut text, passed, failed } = told;
    let _infallible = writeln!(text, "{passed} passed, {failed} failed");
    output::print(&text, if failed == 0 { Ending::Clean } else { Ending::Found })
}

/// What came of all of them.
#[derive(Default)]
struct Told {
    text: String,
    passed: usize,
    failed: usize,
}

impl Told {
    fn script(&mut self, path: &Path, script: &Script) {
        let outcome = script.run();
        self.passed += outcome.passed;
        self.failed += outcome.failed.len();
        for failure in &outcome.failed {
            let _infallible = writeln!(self.text, "{}:{}: {failure}", path.display(), failure.line);
        }
    }

    fn story(&mut self, path: &Path, update: bool, handle: &Handle) {
        let shown = path.display();
        let otherwise = match try_story(path, update, handle) {
            Ok(Tried::AsTold) => None,
            Ok(Tried::Updated) => {
                let _infallible = writeln!(self.text, "{shown}: updated");
                None
            }
            Ok(Tried::Otherwise(difference)) => Some(format!("{shown}: went otherwise\n{difference}")),
            Err(why) => Some(format!("{shown}: {}\n", why.to_string().trim_end())),
        };
        match otherwise {
            None => self.passed += 1,
            Some(what) => {
                self.failed += 1;
                let _infallible = writeln!(self.text, "{what}");
            }
        }
    }
}
