//! Typing mistakes by the thousand, in everything that is lying about: nothing panics, and what is found can be shown.
//!
//! `BACKSTOP_SEED` chooses other mistakes, `BACKSTOP_ROUNDS` more of them.
#![expect(clippy::print_stdout, reason = "the fuzz says from which seed it came")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[path = "kit/archive.rs"]
mod archive;

use std::path::PathBuf;

use backstop::config;
use backstop::lint::Finding;
use backstop::promql::Features;
use backstop::surface::{Counts, Format, Report};
use backstop::unit::{self, Place};

/// Longer files are left to the rules of our own, which are few.
const LONGEST: usize = 2_000;

/// A text that is nearly right, and where it is from.
struct Sample {
    name: String,
    text: String,
}

/// What promtool was asked about.
fn groups() -> Vec<Sample> {
    let files = archive::files().into_iter().filter(|file| file.bytes.len() < LONGEST);
    let sample = |file: archive::Filed| Sample {
        name: format!("{}: {}", file.topic, file.title),
        text: String::from_utf8_lossy(&file.bytes).into_owned(),
    };
    files.map(sample).collect()
}

/// The cases of the rule language, those of several files run together.
fn language() -> Vec<Sample> {
    let mut samples: Vec<Sample> = Vec::new();
    for path in matching("tests/data/language/*.txt") {
        for line in std::fs::read_to_string(path).unwrap().split_inclusive('\n') {
            if let Some(title) = line.strip_prefix("== ") {
                samples.push(Sample { name: title.trim_end().to_owned(), text: String::new() });
            } else if !line.starts_with(">> ") && !line.starts_with("-- ") {
                samples.last_mut().unwrap().text.push_str(line);
            }
        }
    }
    samples
}

/// The rules that come with backstop.
fn rules() -> Vec<Sample> {
    let sample = |path: PathBuf| Sample {
        name: path.display().to_string(),
        text: std::fs::read_to_string(&path).unwrap(),
    };
    matching("rules/**/*.yaml").into_iter().map(sample).collect()
}

fn matching(pattern: &str) -> Vec<PathBuf> {
    let pattern = format!("{}/{pattern}", env!("CARGO_MANIFEST_DIR"));
    glob::glob(&pattern).unwrap().map(Result::unwrap).collect()
}

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }
}

/// What a typing mistake may put into a file.
#[rustfmt::skip]
const SCRAPS: &[&str] = &[
    " ", "\n", "\t", ":", ": ", "- ", "-", "#", " #", "'", "\"", "|\n", ">-\n", "&a ", "*a", "{", "}", "[",
    "]", ",", "? ", "!", "!!int ", "%", "<<: ", "---\n", "...\n", "\\", "\r\n", "é",
    "\r", "\u{1b}[31m", "\\x1b", "\\u202e", "\u{202e}", "\u{9b}", "\u{85}", "\u{2028}", "\u{feff}", "漢", "\\0",
    "{{", "}}", "$", "(", ")", "*", "=~", "0", "1e999", "-1", "5m", "..", "~", "# backstop: allow ",
];

fn mutated(text: &str, dice: &mut Dice) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(text.len() + 1);
        let end = (at + dice.roll(4)).min(text.len());
        let scrap = if dice.roll(3) == 0 { "" } else { SCRAPS[dice.roll(SCRAPS.len())] };
        text.splice(at..end, scrap.chars());
    }
    text.into_iter().collect()
}

/// Shows the text that broke something.
struct Tried<'t> {
    name: &'t str,
    text: &'t str,
}

impl Drop for Tried<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}: {:?}", self.name, self.text);
        }
    }
}

fn hold(text: &str) {
    let mut gathered = config::Gathered::default();
    gathered.files.add("rules.yaml".to_owned(), text.to_owned());
    let loaded = config::load(gathered, Features::NONE);
    for finding in &loaded.findings {
        stands_in_its_file(&loaded.files, finding.place, finding);
        is_one_line(&finding.message, finding);
        finding.help.iter().for_each(|help| is_one_line(help, finding));
        for (place, what) in &finding.related {
            stands_in_its_file(&loaded.files, *place, finding);
            is_one_line(what, finding);
        }
    }
    let report = Report { files: &loaded.files, findings: &loaded.findings, counts: Counts::default() };
    let seen = report.render(Format::Text { colour: false });
    assert!(!seen.contains(|c| c != '\n' && unit::is_obeyed(c)), "{seen:?}");
    let commands = report.render(Format::Github);
    assert_eq!(commands.lines().count(), loaded.findings.len() + 1, "{commands}");
    assert!(!commands.contains(|c| c != '\n' && unit::is_obeyed(c)), "{commands:?}");
    let machine: serde_json::Value = serde_json::from_str(&report.render(Format::Json)).unwrap();
    assert_eq!(machine["findings"].as_array().unwrap().len(), loaded.findings.len());
}

fn stands_in_its_file(files: &config::Files, place: Place, finding: &Finding) {
    let text = &files.get(place.file).text;
    let shown = text.get(place.extent.start as usize..place.extent.end as usize);
    assert!(shown.is_some(), "{place:?} of {finding:?}");
}

fn is_one_line(text: &str, finding: &Finding) {
    assert!(!text.contains(unit::is_obeyed), "{finding:?}");
}

#[test]
fn no_mutation_makes_it_panic_or_point_outside() {
    let number =
        |name: &str, usual| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let seed = number("BACKSTOP_SEED", 7);
    println!("BACKSTOP_SEED={seed}");
    let mut dice = Dice(seed.max(1));
    let shelves = [groups(), language(), rules()];
    assert!(shelves.iter().all(|shelf| !shelf.is_empty()));
    for _ in 0..number("BACKSTOP_ROUNDS", 5_000) {
        let shelf = &shelves[dice.roll(shelves.len())];
        let sample = &shelf[dice.roll(shelf.len())];
        let text = mutated(&sample.text, &mut dice);
        let _tried = Tried { name: &sample.name, text: &text };
        hold(&text);
    }
}
