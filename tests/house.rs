//! The shape of the house: who may name whom, how long a file may be, what it may not be called.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the tree has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in reading order, each with those it may name. A module names what stands above it, never below.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("unit", &[]),
    ("signal", &["unit"]),
    ("stats", &[]),
    ("store", &["unit", "signal"]),
    ("promql", &["unit", "signal", "store"]),
    ("template", &["unit"]),
    ("rule", &["unit", "promql", "template"]),
    ("lint", &["unit", "promql", "template", "rule"]),
    ("gate", &["unit", "signal", "stats", "promql"]),
    ("decision", &["unit", "signal", "promql", "template", "gate"]),
    ("rollout", &["unit", "gate", "decision"]),
    ("ledger", &["unit", "signal", "gate", "decision"]),
    ("engine", &["unit", "signal", "store", "promql", "gate", "decision", "ledger"]),
    ("source", &["unit", "signal"]),
    ("responder", &["unit", "signal", "decision", "source"]),
    ("archive", &["unit", "signal", "decision", "ledger"]),
    ("config", &["unit", "promql", "template", "rule", "lint", "gate", "decision", "rollout", "engine"]),
    (
        "surface",
        &["unit", "signal", "store", "promql", "lint", "gate", "decision", "ledger", "engine", "config"],
    ),
    (
        "run",
        &[
            "unit",
            "signal",
            "store",
            "promql",
            "lint",
            "gate",
            "decision",
            "ledger",
            "engine",
            "source",
            "responder",
            "archive",
            "config",
            "surface",
        ],
    ),
];

/// The edges: they alone may wait, read the clock, touch files.
const EDGES: &[&str] = &["source", "responder", "archive", "config", "surface", "run"];

/// Files that may be longer than [`CEILING`], each with its reason. Only tables deserve one.
const LONGER: &[(&str, &str)] = &[];

/// Lines of a file without its tests.
const CEILING: usize = 400;

/// Words that say nothing about what is in a file.
const DRAWERS: &[&str] = &[
    "util",
    "utils",
    "common",
    "misc",
    "helper",
    "helpers",
    "manager",
    "handler",
    "processor",
    "types",
    "mod",
];

/// Where serde's derives may stand: the mirrors of what people write, and what is written for machines.
const MIRRORS: &[&str] = &[
    "src/ledger/wire/",
    "src/ledger/wire.rs",
    "src/responder/payload.rs",
    "src/source/asking/wire.rs",
    "src/source/prometheus/wire.rs",
    "src/config/raw/",
    "src/config/yaml/",
    "src/config/raw.rs",
    "src/surface/",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

/// Each source file: its path from the root, its module, its text without its tests.
fn sources() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    files(&root().join("src"), &mut found);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let inside = name.strip_prefix("src/").unwrap();
        let module = inside.split(['/', '.']).next().unwrap().to_owned();
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("\n#[cfg(test)]").next().unwrap().to_owned();
        (name, module, text)
    };
    found.iter().filter(|path| !path.ends_with("tests.rs")).map(read).collect()
}

fn hold(broken: &[String]) {
    assert!(
        broken.is_empty(),
        "\n{}",
        broken.iter().fold(String::new(), |mut all, line| {
            writeln!(all, "{line}").unwrap();
            all
        })
    );
}

/// The names that follow `crate::` on a line of code.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let code = line.trim_start();
    let code = if code.starts_with("//") { "" } else { code };
    code.split("crate::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
}

#[test]
fn modules_name_only_what_stands_above_them() {
    let mut broken = Vec::new();
    for (file, module, text) in sources() {
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == module) else {
            broken.push(format!("{file}: `{module}` has no row in MAY_NAME"));
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for name in named(line).filter(|name| *name != module && !allowed.contains(name)) {
                broken.push(format!("{file}:{}: `{module}` may not name `{name}`", number + 1));
            }
        }
    }
    hold(&broken);
}

#[test]
fn modules_stand_in_reading_order() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let expected: Vec<&str> = MAY_NAME.iter().map(|(name, _)| *name).collect();
    assert_eq!(declared, expected, "src/lib.rs and MAY_NAME list the modules in one order");
    for (module, allowed) in MAY_NAME {
        let at = |name: &str| expected.iter().position(|known| *known == name).unwrap();
        for name in *allowed {
            assert!(at(name) < at(module), "`{module}` may name `{name}`, which stands below it");
        }
        let named = lib.contains(&format!("[`{module}`]")) || lib.contains(&format!("[`mod@{module}`]"));
        assert!(named, "the architecture page says nothing of `{module}`");
    }
}

#[test]
fn the_core_is_pure() {
    let mut broken = Vec::new();
    for (file, module, text) in sources() {
        if EDGES.contains(&module.as_str()) || matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            for banned in [
                "std::fs",
                "std::net",
                "std::env",
                "std::process",
                "std::io",
                "std::thread",
                "async fn",
                "tokio",
            ] {
                if line.contains(banned) {
                    broken.push(format!("{file}:{}: `{banned}` in the pure core", number + 1));
                }
            }
        }
    }
    hold(&broken);
}

#[test]
fn files_are_small_and_named_for_what_they_hold() {
    let mut broken = Vec::new();
    for (file, _, text) in sources() {
        let lines = text.lines().count();
        if lines > CEILING && !LONGER.iter().any(|(name, _)| *name == file) {
            broken.push(format!("{file}: {lines} lines without tests; the ceiling is {CEILING}"));
        }
        let stem = Path::new(&file).file_stem().unwrap().to_str().unwrap();
        if DRAWERS.contains(&stem) {
            broken.push(format!("{file}: `{stem}` does not say what is in it"));
        }
        if !text.starts_with("//!") {
            broken.push(format!("{file}: does not begin by saying what it is"));
        }
    }
    hold(&broken);
}

#[test]
fn paths_can_be_read() {
    let mut broken = Vec::new();
    for (file, module, text) in sources() {
        let mirror = MIRRORS.iter().any(|prefix| file.starts_with(prefix));
        for (number, line) in text.lines().enumerate() {
            let at = format!("{file}:{}", number + 1);
            if line.contains("super::super") {
                broken.push(format!("{at}: `super::super` hides where a thing is from; write `crate::`"));
            }
            if line.contains("use crate::{") {
                broken.push(format!("{at}: a grouped `use crate::{{` hides names from the layering test"));
            }
            if line.contains("Deserialize)]") && !mirror {
                broken.push(format!("{at}: serde in `{module}`; it belongs to the mirrors"));
            }
            if line.contains("promql_parser::") && file != PARSER_IS_NAMED_IN {
                broken.push(format!("{at}: the parser crate is named in {PARSER_IS_NAMED_IN} alone"));
            }
        }
    }
    hold(&broken);
}

/// The one file that knows the types of the PromQL parser crate.
const PARSER_IS_NAMED_IN: &str = "src/promql/lower.rs";

#[test]
fn the_top_level_is_as_agreed() {
    let agreed = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "rules",
        "tests",
        "deploy",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "target",
    ];
    let found = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let odd: Vec<String> =
        found.filter(|name| !name.starts_with('.') && !agreed.contains(&name.as_str())).collect();
    assert!(odd.is_empty(), "beyond what was agreed: {odd:?}");
}

#[test]
fn no_test_is_switched_off() {
    let mut found = Vec::new();
    files(&root().join("src"), &mut found);
    files(&root().join("tests"), &mut found);
    // Spelled apart, or this file would find itself.
    let marks = [
        concat!("#[ign", "ore"),
        concat!("todo", "!("),
        concat!("unimple", "mented!("),
        concat!("FIX", "ME"),
    ];
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        for mark in marks {
            assert!(!text.contains(mark), "{}: `{mark}`", path.display());
        }
    }
}

/// Clippy and rustc hold the rest; this holds that they are told to.
#[test]
fn the_lints_are_on() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let banned = fs::read_to_string(root().join(".clippy.toml")).unwrap();
    let continuous = fs::read_to_string(root().join(".ci/run")).unwrap();
    for (text, wanted) in [
        (&manifest, "unsafe_code = \"forbid\""),
        (&manifest, "missing_docs = \"warn\""),
        (&manifest, "unreachable_pub = \"warn\""),
        (&manifest, "pedantic = { level = \"warn\", priority = -1 }"),
        (&manifest, "unwrap_used = \"warn\""),
        (&manifest, "wildcard_enum_match_arm = \"warn\""),
        (&banned, "std::time::SystemTime::now"),
        (&banned, "std::collections::HashMap"),
        (&banned, "too-many-lines-threshold = 70"),
        (&continuous, "clippy --all-targets --locked -- -D warnings"),
        (&continuous, "--document-private-items"),
    ] {
        assert!(text.contains(wanted), "`{wanted}` is gone");
    }
}
