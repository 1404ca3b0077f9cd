//! The stories, played: each has to go as its file says. `UPDATE=1` writes what came of them into their files instead.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use backstop::run::story::{Script, Tried, try_story};
use tokio::runtime::Runtime;

/// Every story under a folder of the repository, by its path from there.
fn stories(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "story") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Plays every story under a folder, and fails with all that differs.
fn play(folder: &str, at_least: usize) {
    let runtime = Runtime::new().unwrap();
    let update = std::env::var_os("UPDATE").is_some();
    let stories = stories(folder);
    assert!(at_least <= stories.len(), "{folder} holds {} stories; none may get lost", stories.len());
    let mut otherwise = String::new();
    for path in &stories {
        match try_story(path, update, runtime.handle()) {
            Ok(Tried::AsTold | Tried::Updated) => {}
            Ok(Tried::Otherwise(difference)) => {
                writeln!(otherwise, "{}\n{difference}", path.display()).unwrap();
            }
            Err(why) => writeln!(otherwise, "{}: {why}", path.display()).unwrap(),
        }
    }
    assert!(otherwise.is_empty(), "`UPDATE=1 cargo test` writes them anew\n{otherwise}");
}

#[test]
fn stories_go_as_they_are_told() {
    play("tests/data/stories", 50);
}

#[test]
fn stories_of_the_examples_go_as_they_are_told() {
    play("rules", 4);
}

/// What a story promises at its head is said in its expectations, so an empty one is no story.
#[test]
fn each_story_expects_something() {
    for path in stories("tests/data/stories").into_iter().chain(stories("rules")) {
        let script = Script::read(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(!script.expected.is_empty(), "{}", path.display());
        assert!(script.rationale.as_deref() != Some(""), "{}", path.display());
        assert!(script.title().ends_with('.'), "{} begins with a sentence", path.display());
    }
}
