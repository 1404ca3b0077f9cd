//! The rule language, case by case: each case of `tests/data/language/*.txt` is one or more files, and what is found
//! in them. `UPDATE=1` writes what is found anew; a person reads the difference.
//!
//! ```text
//! == what the case shows
//! -- team/rules.yaml          (left out where there is one file)
//! gates: ...
//! >> 2:5-2:9 error unknown-key: nobody reads the key `gats`
//! ```
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use backstop::config;
use backstop::promql::Features;

/// A case: its title, its files, and what is expected of them.
struct Case {
    title: String,
    files: Vec<(String, String)>,
    expected: String,
}

fn cases(text: &str) -> Vec<Case> {
    let case = |block: &str| {
        let (title, rest) = block.split_once('\n').unwrap();
        let mut files: Vec<(String, String)> = Vec::new();
        let mut expected = String::new();
        for line in rest.lines() {
            if let Some(name) = line.strip_prefix("-- ") {
                files.push((name.to_owned(), String::new()));
            } else if line.starts_with(">> ") {
                writeln!(expected, "{line}").unwrap();
            } else {
                if files.is_empty() {
                    files.push(("rules.yaml".to_owned(), String::new()));
                }
                writeln!(files.last_mut().unwrap().1, "{line}").unwrap();
            }
        }
        Case { title: title.to_owned(), files, expected }
    };
    text.split_terminator("\n== ").map(|block| case(block.strip_prefix("== ").unwrap_or(block))).collect()
}

/// What is found in the files, one line each.
fn found(case: &Case) -> String {
    let mut gathered = config::Gathered::default();
    for (name, text) in &case.files {
        gathered.files.add(name.clone(), text.clone());
    }
    let loaded = config::load(gathered, Features::NONE);
    let mut lines = String::new();
    for finding in &loaded.findings {
        let (start, end) = (loaded.files.start(finding.place), loaded.files.end(finding.place));
        let file = if case.files.len() > 1 {
            loaded.files.get(finding.place.file).name.clone() + ":"
        } else {
            String::new()
        };
        let help = finding.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
        let at = format!("{file}{}:{}-{}:{}", start.line, start.column, end.line, end.column);
        writeln!(lines, ">> {at} {} {}: {}{help}", finding.severity.word(), finding.name, finding.message)
            .unwrap();
        for (place, what) in &finding.related {
            let at = loaded.files.start(*place);
            writeln!(lines, ">>   {}:{}:{} {what}", loaded.files.get(place.file).name, at.line, at.column)
                .unwrap();
        }
    }
    lines
}

fn written(case: &Case, found: &str) -> String {
    let mut text = format!("== {}\n", case.title);
    for (name, body) in &case.files {
        if case.files.len() > 1 {
            writeln!(text, "-- {name}").unwrap();
        }
        text.push_str(body.trim_end_matches('\n'));
        text.push('\n');
    }
    text + found + "\n"
}

#[test]
fn each_case_finds_what_it_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/language");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut wrong = String::new();
    let mut count = 0;
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let cases = cases(&text);
        count += cases.len();
        if std::env::var_os("UPDATE").is_some() {
            let anew: String = cases.iter().map(|case| written(case, &found(case))).collect();
            fs::write(&path, anew).unwrap();
            continue;
        }
        for case in &cases {
            let found = found(case);
            if found != case.expected {
                let name = path.file_name().unwrap().to_string_lossy();
                writeln!(wrong, "{name}: {}\nexpected\n{}found\n{found}", case.title, case.expected).unwrap();
            }
        }
    }
    assert!(count > 100, "only {count} cases were read");
    assert!(wrong.is_empty(), "\n{wrong}");
}
