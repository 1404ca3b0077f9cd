//! Expressions held against scripts that say what they are worth: Prometheus's own and ours.
//!
//! `BACKSTOP_CONFORMANCE=1` has every failure told; any other text those of which the place or the expression has it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stderr, reason = "how far each script is passed is for people to read")]

#[path = "kit/skip.rs"]
mod skip;

use std::path::{Path, PathBuf};

use backstop::promql::script::{Failure, Script};

/// So many cases of Prometheus's scripts may fail. Never raise it.
const MAY_FAIL: usize = 0;

/// So many cases Prometheus's scripts have, at least.
const AT_LEAST: usize = 1_528;

/// What asks for failures to be told.
const TELL: &str = "BACKSTOP_CONFORMANCE";

/// Where the scripts are: where `BACKSTOP_PROMQLTEST` says, or beside the checkout.
fn folder() -> PathBuf {
    let beside = || root().join("../shared/promqltest");
    std::env::var_os("BACKSTOP_PROMQLTEST").map_or_else(beside, PathBuf::from)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn scripts(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut scripts: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "test"));
    scripts.sort();
    scripts
}

/// Tells a failure where somebody asked for it.
fn tell(script: &str, failure: &Failure) {
    let Ok(wanted) = std::env::var(TELL) else { return };
    let place = format!("{script}:{}", failure.line);
    if wanted == "1" || place.contains(&wanted) || failure.expression.contains(&wanted) {
        eprintln!("{place}: {failure}");
    }
}

/// How many cases passed and failed.
fn run(scripts: &[PathBuf]) -> (usize, usize) {
    let (mut passed, mut failed) = (0, 0);
    for path in scripts {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let script = Script::read(&std::fs::read_to_string(path).unwrap());
        let script = script.map_err(|error| format!("{name}: {error}")).unwrap();
        let outcome = script.run();
        for failure in &outcome.failed {
            tell(&name, failure);
        }
        eprintln!("{name}: {} passed, {} failed", outcome.passed, outcome.failed.len());
        passed += outcome.passed;
        failed += outcome.failed.len();
    }
    eprintln!("{passed} passed, {failed} failed");
    (passed, failed)
}

#[test]
fn scripts_of_prometheus() {
    let scripts = scripts(&folder());
    if scripts.is_empty() {
        return skip::skip("the conformance scripts of PromQL", "../shared/promqltest");
    }
    let (passed, failed) = run(&scripts);
    assert!(AT_LEAST <= passed + failed, "there are {} cases", passed + failed);
    let beyond = failed.saturating_sub(MAY_FAIL);
    assert_eq!(beyond, 0, "{failed} cases fail, and {MAY_FAIL} may; {TELL}=1 tells which");
}

#[test]
fn scripts_of_our_own() {
    let (passed, failed) = run(&scripts(&root().join("tests/data/promql")));
    assert_eq!(failed, 0, "{TELL}=1 tells which cases fail");
    assert!(0 < passed, "there are scripts");
}
