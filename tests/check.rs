//! `backstop check`, tried on the examples of its own pages and on everything that can be wrong with a file.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

#[path = "kit/snapshot.rs"]
mod snapshot;

use backstop::config;
use backstop::lint;
use backstop::promql::Features;
use backstop::surface::{Counts, Format, Report};
use backstop::unit;

/// What `check` says of files in memory, and the names of its findings.
fn check(files: &[(&str, &str)]) -> (String, Vec<&'static str>) {
    let mut gathered = config::Gathered::default();
    for (name, text) in files {
        gathered.files.add((*name).to_owned(), (*text).to_owned());
    }
    let loaded = config::load(gathered, Features::NONE);
    let report = Report { files: &loaded.files, findings: &loaded.findings, counts: Counts::default() };
    let names = loaded.findings.iter().map(|finding| finding.name).collect();
    (report.render(Format::Text { colour: false }), names)
}

/// Findings that no text alone can cause: they come from the file system, and `tests/command.rs` causes them.
const OF_THE_FILE_SYSTEM: [&str; 4] =
    [lint::name::NO_SUCH_FILE, lint::name::UNREADABLE, lint::name::TOO_LARGE, lint::name::NOT_UTF8];

/// The examples of a page that are marked as this.
fn examples(page: &lint::Page, mark: &str) -> Vec<String> {
    let fence = format!("```yaml {mark}\n");
    page.text
        .split(&fence)
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap().to_owned() + "\n")
        .collect()
}

/// What is wrong with a page's examples.
fn wrong_with(page: &lint::Page) -> Vec<String> {
    let mut wrong = Vec::new();
    for example in examples(page, "bad") {
        let (text, names) = check(&[("example.yaml", &example)]);
        if names.is_empty() || names.iter().any(|name| *name != page.name) {
            wrong.push(format!(
                "{}: the bad example shows this, and should show that alone:\n{text}",
                page.name
            ));
        }
    }
    for example in examples(page, "good") {
        let (text, names) = check(&[("example.yaml", &example)]);
        if !names.is_empty() {
            wrong.push(format!("{}: the good example is not good:\n{text}", page.name));
        }
    }
    wrong
}

#[test]
fn each_page_shows_what_it_is_about_and_the_way_out() {
    let mut wrong = Vec::new();
    for page in lint::PAGES {
        assert!(page.text.starts_with(&format!("# {}\n\n", page.name)), "{}: the title", page.name);
        let (bad, good) = (examples(page, "bad"), examples(page, "good"));
        let shown = !bad.is_empty() && !good.is_empty();
        assert_eq!(shown, !OF_THE_FILE_SYSTEM.contains(&page.name), "{}: its examples", page.name);
        wrong.extend(wrong_with(page));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn each_finding_is_printed_as_it_was() {
    for page in lint::PAGES.iter().filter(|page| !OF_THE_FILE_SYSTEM.contains(&page.name)) {
        let printed: String =
            examples(page, "bad").iter().map(|example| check(&[("example.yaml", example)]).0).collect();
        snapshot::snapshot(&format!("check/{}.txt", page.name), &printed);
    }
}

#[test]
fn each_severity_is_the_pages_own() {
    for page in lint::PAGES.iter().filter(|page| !OF_THE_FILE_SYSTEM.contains(&page.name)) {
        for example in examples(page, "bad") {
            let mut gathered = config::Gathered::default();
            gathered.files.add("example.yaml".to_owned(), example);
            for finding in config::load(gathered, Features::NONE).findings {
                assert_eq!(finding.severity, page.severity, "{}", page.name);
            }
        }
    }
}

#[test]
fn the_rules_in_the_readme_are_rules() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let examples: Vec<&str> =
        readme.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let (text, names) = check(&[("example.yaml", example)]);
        assert!(names.is_empty(), "{text}");
    }
}

/// The start of an escape sequence, the same in one byte of Latin-1, and a character that turns the writing around.
const OBEYED: [&str; 3] = ["\u{1b}[31m", "\u{9b}31m", "\u{202e}"];

#[test]
fn nothing_in_a_file_moves_the_terminal() {
    for obeyed in OBEYED {
        let escape = format!("\\u{:04x}", u32::from(obeyed.chars().next().unwrap()));
        for text in [
            format!("gats{obeyed}: 1\n"),
            format!("gats: 1 # {obeyed}\n"),
            format!("\"gats{escape}\": 1\n"),
            format!("mode: \"{escape}\"\n"),
            format!("groups: [{{name: \"{escape}\"}}, {{name: \"{escape}\"}}]\n"),
            format!("groups: [{{name: a, rules: [{{record: a, expr: \"up {escape}\"}}]}}]\n"),
            format!(
                "groups: [{{name: a, rules: [{{alert: a, expr: up, labels: {{a: \"{{{{ {escape} }}}}\"}}}}]}}]\n"
            ),
        ] {
            let mut gathered = config::Gathered::default();
            gathered.files.add(format!("a{obeyed}\n.yaml"), text.clone());
            let loaded = config::load(gathered, Features::NONE);
            let (files, findings) = (&loaded.files, &loaded.findings[..]);
            assert!(!findings.is_empty(), "{text:?}");
            let report = Report { files, findings, counts: Counts::default() };
            for format in [Format::Text { colour: false }, Format::Github] {
                let printed = report.render(format);
                let moves = printed.contains(|c| c != '\n' && unit::is_obeyed(c));
                assert!(!moves, "{text:?} in {format:?}: {printed:?}");
            }
        }
    }
}

#[test]
fn the_caret_stands_right_behind_what_is_not_shown() {
    for hidden in ["\u{202e}\u{2066}", "é", "\t"] {
        let (printed, _) = check(&[("a.yaml", &format!("{{ \"{hidden}\": 1, gats: 2 }}\n"))]);
        let lines: Vec<&str> = printed.lines().collect();
        let at = lines.iter().rposition(|line| line.contains("gats: 2")).unwrap();
        let column = |line: &str, word: &str| line[..line.find(word).unwrap()].chars().count();
        assert_eq!(column(lines[at], "gats"), column(lines[at + 1], "^^^^"), "{printed}");
    }
}
