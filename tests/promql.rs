//! PromQL, from outside: what is taken and what is refused, with its place; and that what is printed reads back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use backstop::promql::{Features, parse};
use std::fs;
use std::path::PathBuf;

/// Every expression that stands behind an `eval` in the conformance scripts, with the name of its script.
fn suite() -> Option<Vec<(String, String)>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/promqltest");
    let folder = std::env::var_os("BACKSTOP_PROMQLTEST").map_or_else(beside, PathBuf::from);
    let mut scripts: Vec<_> = fs::read_dir(folder).ok()?.map(|entry| entry.unwrap().path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "test"));
    scripts.sort();
    let mut expressions = Vec::new();
    for script in scripts {
        let name = script.file_name().unwrap().to_string_lossy().into_owned();
        for line in fs::read_to_string(&script).unwrap().lines() {
            expressions
                .extend(evaluated(line.trim()).map(|expression| (name.clone(), expression.to_owned())));
        }
    }
    Some(expressions)
}

/// The expression of an `eval` line.
fn evaluated(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("eval")?;
    let (kind, rest) = rest.split_once(char::is_whitespace)?;
    let (when, rest) = if kind.is_empty() || kind.starts_with('_') {
        rest.trim_start().split_once(' ')?
    } else {
        return None;
    };
    let words = match when {
        "instant" if rest.trim_start().starts_with("at ") => 2,
        "instant" => 0,
        "range" => 6,
        _ => return None,
    };
    let mut rest = rest.trim_start();
    for _ in 0..words {
        rest = rest.split_once(char::is_whitespace)?.1.trim_start();
    }
    Some(rest)
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped must say so")]
fn the_suite_reads_and_reads_back() {
    let Some(expressions) = suite() else {
        println!("skipped: promql conformance scripts (no ../shared/promqltest)");
        return;
    };
    assert!(!expressions.is_empty(), "the scripts hold no expression");
    let mut failed = Vec::new();
    for (script, expression) in &expressions {
        match parse(expression, Features::ALL) {
            Err(error) => failed.push(format!("{script}: {expression}\n    {:?}: {error}", error.extent)),
            Ok(plan) => match parse(&plan.to_string(), Features::ALL) {
                Ok(again) if again == plan => {}
                Ok(_) => failed.push(format!("{script}: {expression}\n    printed differently: {plan}")),
                Err(error) => failed.push(format!("{script}: {expression}\n    printed {plan}: {error}")),
            },
        }
    }
    assert!(failed.is_empty(), "{} of {}\n{}", failed.len(), expressions.len(), failed.join("\n"));
}
