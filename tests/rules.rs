//! The examples under `rules/`: what a user copies is checked, says what its documents say, and completes in editors.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its data has failed")]

#[path = "kit/skip.rs"]
mod skip;
#[path = "kit/promtool.rs"]
mod promtool;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use backstop::config;
use backstop::promql::{self, Features};
use backstop::surface::{Counts, Format, Report};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every YAML file under `rules/`, by its path from there.
fn examples() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join("rules")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = path.strip_prefix(root().join("rules")).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// What these files come to, and everything that is found in them, printed.
fn check(files: &BTreeMap<String, String>) -> (config::Loaded, String) {
    let mut gathered = config::Gathered::default();
    for (name, text) in files {
        gathered.files.add(format!("rules/{name}"), text.clone());
    }
    let loaded = config::load(gathered, Features::NONE);
    let counts = Counts::default();
    let report = Report { files: &loaded.files, findings: &loaded.findings, counts };
    let printed = if loaded.findings.is_empty() {
        String::new()
    } else {
        report.render(Format::Text { colour: false })
    };
    (loaded, printed)
}

#[test]
fn nothing_is_found_in_any_file() {
    let gathered = config::gather(&["rules".to_owned()]);
    assert_eq!(gathered.files.len(), examples().len(), "`check rules/` reads every example");
    let (loaded, printed) = check(&examples());
    assert!(printed.is_empty(), "\n{printed}");
    let rules = &loaded.rules;
    let empty = rules.groups.is_empty() || rules.gates.is_empty() || rules.rollouts.is_empty();
    assert!(!empty && !rules.actions.is_empty() && !loaded.server.targets.is_empty());
    assert_eq!(loaded.server.mode, backstop::decision::Mode::Shadow, "what is copied first can do nothing");
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let program = env!("CARGO_BIN_EXE_backstop");
    let output = Command::new(program).args(["check", "rules/"]).current_dir(root()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    let page = fs::read_to_string(root().join("rules/README.md")).unwrap();
    assert!(
        page.contains(&format!("$ backstop check rules/\n{printed}")),
        "rules/README.md is to show\n{printed}"
    );
}

/// The queries of the three documents.
fn queries() -> Vec<String> {
    let text = fs::read_to_string(root().join("tests/data/rules/seed_queries.txt")).unwrap();
    let query =
        |part: &str| part.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    text.split("\n\n").map(query).collect()
}

#[test]
fn each_query_of_the_documents_stands_in_a_rule() {
    let (loaded, _) = check(&examples());
    let groups = loaded.rules.groups.iter().flat_map(|(_, group)| &group.rules);
    let expressions: Vec<_> = groups.map(backstop::rule::Rule::expr).collect();
    for query in queries() {
        let same = expressions.iter().find(|expr| expr.text().trim_end() == query);
        let same = same.unwrap_or_else(|| panic!("no rule says, byte for byte:\n{query}"));
        assert_eq!(*same.plan(), promql::parse(&query, Features::NONE).unwrap());
    }
}

/// A text without any white space.
fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The queries that a Python document puts together from f-strings, for one track.
fn put_together(text: &str, track: &str) -> String {
    let parts = text.lines().filter_map(|line| line.trim().strip_prefix("f'")?.strip_suffix('\''));
    parts
        .collect::<String>()
        .replace("{{", "\u{1}")
        .replace("}}", "\u{2}")
        .replace("{service}", "checkout-service")
        .replace("{track}", track)
        .replace("{window}", "5m")
        .replace('\u{1}', "{")
        .replace('\u{2}', "}")
}

#[test]
fn each_query_is_the_documents_own() {
    let beside = || root().join("../shared/seeds");
    let folder = std::env::var_os("BACKSTOP_SEEDS").map_or_else(beside, PathBuf::from);
    let Ok(entries) = fs::read_dir(folder) else {
        return skip::skip("that the queries are the documents' own", "../shared/seeds");
    };
    let mut documents = String::new();
    for entry in entries {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        documents += &dense(&text);
        documents += &dense(&put_together(&text, "canary"));
        documents += &dense(&put_together(&text, "stable"));
    }
    for query in queries() {
        assert!(documents.contains(&dense(&query)), "no document says:\n{query}");
    }
}

#[test]
fn the_schema_is_the_programs_own() {
    let kept = fs::read_to_string(root().join("rules/schema.json")).unwrap();
    assert!(
        kept == config::schema(),
        "rules/schema.json is old; `backstop schema > rules/schema.json` renews it"
    );
}

/// What of a value does not fit a schema. It knows the words that ours uses, and refuses others instead of passing
/// over them; a validator for all of JSON Schema would bring sixty crates for these.
fn misfits(schema: &Value, value: &Value, whole: &Value, path: &str, found: &mut Vec<String>) {
    for (word, wanted) in schema.as_object().unwrap() {
        let fits = match word.as_str() {
            "$schema" | "title" | "description" | "format" | "definitions" => true,
            "$ref" => {
                let name = wanted.as_str().unwrap().strip_prefix('#').unwrap();
                misfits(whole.pointer(name).unwrap(), value, whole, path, found);
                true
            }
            "allOf" => {
                wanted.as_array().unwrap().iter().for_each(|each| misfits(each, value, whole, path, found));
                true
            }
            "anyOf" => wanted.as_array().unwrap().iter().any(|each| fits(each, value, whole)),
            "type" => is_of_type(wanted, value),
            "enum" => wanted.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| wanted.as_f64().unwrap() <= number),
            "maximum" => value.as_f64().is_none_or(|number| number <= wanted.as_f64().unwrap()),
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    misfits(wanted, item, whole, &format!("{path}[{at}]"), found);
                }
                true
            }
            "properties" | "additionalProperties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    let known = schema.get("properties").and_then(|known| known.get(key));
                    let path = format!("{path}.{key}");
                    match (word.as_str(), known, wanted) {
                        ("properties", Some(known), _) => misfits(known, inner, whole, &path, found),
                        ("additionalProperties", None, Value::Bool(false)) => {
                            found.push(format!("{path}: unknown"));
                        }
                        ("additionalProperties", None, Value::Object(_)) => {
                            misfits(wanted, inner, whole, &path, found);
                        }
                        _ => {}
                    }
                }
                true
            }
            other => panic!("the schema says `{other}`, which this test does not know"),
        };
        if !fits {
            found.push(format!("{path}: {value} does not fit `{word}: {wanted}`"));
        }
    }
}

fn fits(schema: &Value, value: &Value, whole: &Value) -> bool {
    let mut found = Vec::new();
    misfits(schema, value, whole, "", &mut found);
    found.is_empty()
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    let is = |wanted: &Value| match wanted.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the schema has a type `{other}`, which this test does not know"),
    };
    wanted.as_array().map_or_else(|| is(wanted), |any| any.iter().any(is))
}

#[test]
fn each_file_fits_the_schema_that_it_names() {
    let schema: Value = serde_json::from_str(&config::schema()).unwrap();
    for (name, text) in examples() {
        let up = "../".repeat(Path::new(&name).components().count() - 1);
        let modeline = format!("# yaml-language-server: $schema={up}schema.json\n");
        assert!(text.starts_with(&modeline), "{name} begins with\n{modeline}");
        let value: Value = serde_yaml::from_str(&text).unwrap();
        let mut found = Vec::new();
        misfits(&schema, &value, &schema, &name, &mut found);
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }
}

#[test]
fn the_schema_refuses_what_check_refuses() {
    let schema: Value = serde_json::from_str(&config::schema()).unwrap();
    for (text, good) in [
        ("gates: [ { gate: http, upon: canary } ]", true),
        ("gates: [ { gate: http, upon: canaries } ]", false),
        ("gates: [ { gate: http, by: canary } ]", false),
        ("gates: { gate: http }", false),
        ("limits: { changes_undone_at_once: -1 }", false),
        ("actions: [ { action: tell, webhook: { expect: 200 } } ]", true),
        ("actions: [ { action: tell, webhook: { expect: '200' } } ]", false),
    ] {
        let value: Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(fits(&schema, &value, &schema), good, "{text}");
    }
}

/// The YAML blocks of a page, each without its indentation.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(fence) = lines.by_ref().find(|line| line.trim_start() == "```yaml") {
        let indented = fence.len() - fence.trim_start().len();
        let inside = lines.by_ref().take_while(|line| line.trim_start() != "```");
        blocks.push(inside.map(|line| line.get(indented..).unwrap_or_default().to_owned() + "\n").collect());
    }
    blocks
}

#[test]
fn each_block_of_the_readme_checks_clean() {
    let page = fs::read_to_string(root().join("rules/README.md")).unwrap();
    let files = examples();
    let blocks = blocks(&page);
    assert!(!blocks.is_empty());
    let servers: Vec<_> = blocks.iter().filter(|block| block.starts_with("# backstop.yaml, ")).collect();
    for block in &blocks {
        // The first line says what the block is called and what it is copied beside.
        let first = block.lines().next().unwrap();
        let (name, beside) = first.trim_start_matches("# ").split_once(", beside ").unwrap_or((first, ""));
        let mut together = BTreeMap::new();
        for other in beside.split(' ').filter(|other| !other.is_empty()) {
            let text = files.get(other).unwrap_or_else(|| panic!("{first}: there is no rules/{other}"));
            together.insert(other.to_owned(), text.clone());
        }
        if together.contains_key("backstop.yaml") {
            let fits = servers.iter().find(|server| {
                let beside = server.lines().next().unwrap().replace("# backstop.yaml, beside ", "");
                beside.split(' ').all(|other| together.contains_key(other))
            });
            let server = fits.unwrap_or_else(|| panic!("{first}: no server file of the page goes with it"));
            together.insert("backstop.yaml".to_owned(), (*server).clone());
        }
        together.insert(name.to_owned(), block.clone());
        let (_, printed) = check(&together);
        assert!(printed.is_empty(), "the block `{first}`:\n{printed}");
    }
}

/// What somebody copies first has to work as it stands.
#[test]
fn the_rules_of_the_front_page_check_clean() {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let whole: Vec<String> = blocks(&page).into_iter().filter(|block| block.starts_with("mode: ")).collect();
    assert_eq!(whole.len(), 1);
    let (_, printed) = check(&BTreeMap::from([("backstop.yaml".to_owned(), whole[0].clone())]));
    assert!(printed.is_empty(), "{printed}");
}

#[test]
fn promtool_takes_the_groups() {
    let Some(tool) = promtool::promtool("what promtool says of the examples") else { return };
    let groups =
        examples().into_keys().filter(|name| name.starts_with("recording/") || name.starts_with("alerting/"));
    let paths: Vec<PathBuf> = groups.map(|name| root().join("rules").join(name)).collect();
    let output = Command::new(&tool).args(["check", "rules"]).args(&paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
