//! A story tried: played, and held against what it says has to come of it.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use tokio::runtime::Handle;

use crate::run::scratch::Folder;
use crate::run::story::difference::difference;
use crate::run::story::script::{LARGEST_STORY, Script, ScriptError};
use crate::run::story::stage::{Played, Unplayable, play};

/// What came of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It went as told.
    AsTold,
    /// It went otherwise, and its file says so now.
    Updated,
    /// It went otherwise: this is the difference.
    Otherwise(String),
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum Untold {
    /// Its file cannot be read, or not be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is too large.
    #[error("it is larger than {} KiB; a story is short and about one thing", LARGEST_STORY / 1024)]
    TooLarge,
    /// It is no story.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// It cannot be played.
    #[error(transparent)]
    Unplayable(#[from] Unplayable),
}

/// Plays the story of a file; with `update`, what came of it is written into the file where it differs.
pub fn try_story(path: &Path, update: bool, handle: &Handle) -> Result<Tried, Untold> {
    let text = read(path)?;
    let script = Script::read(&text)?;
    let folder = Folder::new("story")?;
    let played = play(&script, path, folder.path(), handle)?;
    let tried = held(&script, &played, update);
    if tried == Tried::Updated {
        std::fs::write(path, Script::updated(&text, &played.told, &played.rationale))?;
    }
    Ok(tried)
}

/// What came of a story, held against what was expected. A broken ledger is nothing that anybody may expect, or have
/// written down as expected.
fn held(script: &Script, played: &Played, update: bool) -> Tried {
    let as_told = script.expected == played.told
        && script.rationale.as_ref().is_none_or(|expected| *expected == played.rationale);
    match (as_told, update) {
        _ if !played.faults.is_empty() => Tried::Otherwise(otherwise(script, played)),
        (true, _) => Tried::AsTold,
        (false, true) => Tried::Updated,
        (false, false) => Tried::Otherwise(otherwise(script, played)),
    }
}

fn read(path: &Path) -> Result<String, Untold> {
    let mut text = String::new();
    // A pipe or a device would block for ever.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is no file").into());
    }
    File::open(path)?.take(LARGEST_STORY + 1).read_to_string(&mut text)?;
    if u64::try_from(text.len()).is_ok_and(|length| LARGEST_STORY < length) {
        return Err(Untold::TooLarge);
    }
    Ok(text)
}

fn otherwise(script: &Script, played: &Played) -> String {
    let mut text = format!("  {}\n", script.title());
    let rationale = script.rationale.as_ref().map(|expected| ("rationale", expected, &played.rationale));
    let told = ("expected", &script.expected, &played.told);
    for (part, expected, came) in std::iter::once(told).chain(rationale) {
        if expected != came {
            let _infallible = write!(text, "  -- {part} --\n{}", difference(expected, came));
        }
    }
    for fault in &played.faults {
        let _infallible = writeln!(text, "  {fault}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_ledger_is_never_as_told() {
        let text = "About.\n-- story --\nuntil 1h\n-- expected --\nso\n-- rationale --\nwhy\n";
        let script = Script::read(text).unwrap();
        let played = |told: &str, rationale: &str, faults: &[&str]| Played {
            told: told.to_owned(),
            rationale: rationale.to_owned(),
            faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        };
        let otherwise = |text: &str| Tried::Otherwise(text.to_owned());
        for (came, update, tried) in [
            (played("so\n", "why\n", &[]), false, Tried::AsTold),
            (played("so\n", "why\n", &[]), true, Tried::AsTold),
            (played("no\n", "why\n", &[]), true, Tried::Updated),
            (played("so\n", "no\n", &[]), true, Tried::Updated),
            (played("no\n", "why\n", &[]), false, otherwise("  About.\n  -- expected --\n  - so\n  + no\n")),
            (played("so\n", "no\n", &[]), false, otherwise("  About.\n  -- rationale --\n  - why\n  + no\n")),
            (played("so\n", "why\n", &["broken"]), false, otherwise("  About.\n  broken\n")),
            (played("so\n", "why\n", &["broken"]), true, otherwise("  About.\n  broken\n")),
        ] {
            assert_eq!(held(&script, &came, update), tried, "{came:?}, update {update}");
        }
    }
}
