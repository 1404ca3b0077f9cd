//! Reading a story's file.

use std::path::Path;

use crate::run::story::script::act::act;
use crate::run::story::script::line::{Line, millis, unknown};
use crate::run::story::script::object;
use crate::run::story::script::series::series;
use crate::run::story::script::{
    Act, Inline, LONGEST_STORY, MOST_INCLUDES, Misread, Scene, Script, ScriptError, Swap,
};
use crate::unit::{Span, nearest};

/// The parts that are no files.
const PARTS: [&str; 3] = ["story", "expected", "rationale"];

/// Reads a story.
pub(super) fn read(text: &str) -> Result<Script, ScriptError> {
    let parts = parts(text);
    known(&parts)?;
    let part = |name: &'static str| parts.iter().find(|part| part.name == name);
    if parts[0].text.trim().is_empty() {
        return Err(Misread::NoAbout.at(1));
    }
    let story = part("story").ok_or_else(|| Misread::NoPart("story").at(text.lines().count().max(1)))?;
    let mut lines = Lines::default();
    for (index, line) in story.text.lines().enumerate() {
        let number = story.line + index + 1;
        lines.take(number, Line::of(line)).map_err(|why| why.at(number))?;
    }
    let Lines { mut scenes, includes, until } = lines;
    let (_, until) = until.ok_or_else(|| Misread::Endless.at(story.line))?;
    let is_late = |scene: &&Scene| millis(until) < scene.at.0;
    if let Some(late) = scenes.iter().find(is_late) {
        return Err(Misread::AfterTheEnd(until).at(late.line));
    }
    swapped(&scenes, &parts, &includes)?;
    scenes.sort_by_key(|scene| scene.at);
    object::in_order(&scenes)?;
    Ok(Script {
        about: parts[0].text.clone(),
        files: parts.iter().filter(|part| part.is_file()).map(Part::inline).collect(),
        includes,
        scenes,
        until,
        expected: part("expected").map(|part| part.text.clone()).unwrap_or_default(),
        rationale: part("rationale").map(|part| part.text.clone()),
    })
}

/// Holds that files become what stands in a part, and that they are read at all.
fn swapped(scenes: &[Scene], parts: &[Part], includes: &[String]) -> Result<(), ScriptError> {
    let is_part = |name: &str| parts.iter().any(|part| part.is_file() && part.name == name);
    let is_included =
        |name: &str| includes.iter().any(|path| Path::new(path).file_name().is_some_and(|own| own == name));
    for scene in scenes {
        for Swap { file, by } in scene.what.swaps() {
            if let Some(by) = by.as_ref().filter(|by| !is_part(by)) {
                return Err(Misread::NoSuchPart(by.clone()).at(scene.line));
            }
            if !is_part(file) && !is_included(file) {
                return Err(Misread::NotRead(file.clone()).at(scene.line));
            }
        }
    }
    Ok(())
}

/// What the lines of a script say.
#[derive(Default)]
struct Lines {
    scenes: Vec<Scene>,
    includes: Vec<String>,
    /// When it ends, and which line says so.
    until: Option<(usize, Span)>,
}

impl Lines {
    fn take(&mut self, number: usize, mut line: Line<'_>) -> Result<(), Misread> {
        if line.rest().is_empty() {
            return Ok(());
        }
        match line.word("at T ..")? {
            "at" => {
                let at = line.moment("at T ..")?;
                if at.0 < 0 {
                    return Err(Misread::BeforeTheBeginning);
                }
                self.scenes.push(Scene { line: number, at, what: act(line)? });
            }
            "from" => {
                let (at, row) = series(line)?;
                self.scenes.push(Scene { line: number, at, what: Act::Series(Box::new(row)) });
            }
            "include" => self.includes.push(include(line)?),
            "until" => {
                let until = line.span("until 1h")?;
                line.end()?;
                if LONGEST_STORY < until {
                    return Err(Misread::TooLong(until));
                }
                if let Some((first, _)) = self.until.replace((number, until)) {
                    return Err(Misread::EndsTwice(first));
                }
            }
            other => return Err(unknown(other, &["at", "from", "include", "until"])),
        }
        if MOST_INCLUDES < self.includes.len() { Err(Misread::TooManyIncludes) } else { Ok(()) }
    }
}

fn include(line: Line<'_>) -> Result<String, Misread> {
    let path = line.rest();
    match path {
        "" => Err(Misread::Missing("include PATH")),
        _ if Path::new(path).has_root() => Err(Misread::Absolute(path.to_owned())),
        _ => Ok(path.to_owned()),
    }
}

/// Puts what came of a story in the place of what was expected.
pub(super) fn updated(text: &str, told: &str, rationale: &str) -> String {
    let mut whole = String::new();
    let mut expected = false;
    for part in parts(text) {
        whole.push_str(&part.header);
        match part.name.as_str() {
            "expected" => {
                expected = true;
                whole.push_str(told);
            }
            "rationale" => whole.push_str(rationale),
            _ => whole.push_str(&part.text),
        }
    }
    if !expected {
        if !whole.ends_with('\n') {
            whole.push('\n');
        }
        whole.push_str("-- expected --\n");
        whole.push_str(told);
    }
    whole
}

struct Part {
    name: String,
    /// Its header as it is written, with what ends its line.
    header: String,
    /// The number of its header's line.
    line: usize,
    text: String,
}

impl Part {
    fn is_file(&self) -> bool {
        Path::new(&self.name)
            .extension()
            .is_some_and(|extension| ["yaml", "yml"].iter().any(|known| extension == *known))
    }

    fn inline(&self) -> Inline {
        Inline { name: self.name.clone(), text: "\n".repeat(self.line) + &self.text }
    }
}

/// The parts, the first of which is what stands above them all.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = vec![Part { name: String::new(), header: String::new(), line: 0, text: String::new() }];
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, parts.last_mut()) {
            (Some(name), _) => {
                let (name, header) = (name.trim().to_owned(), line.to_owned());
                parts.push(Part { name, header, line: index + 1, text: String::new() });
            }
            (None, Some(part)) => part.text.push_str(line),
            (None, None) => {}
        }
    }
    parts
}

/// Holds that every part is one that a story has, and stands once.
fn known(parts: &[Part]) -> Result<(), ScriptError> {
    for (index, part) in parts.iter().enumerate().skip(1) {
        if !part.is_file() && !PARTS.contains(&part.name.as_str()) {
            let help = nearest(&part.name, PARTS).map_or_else(
                || "it is `story`, `expected`, `rationale`, or a file whose name ends in `.yaml`".to_owned(),
                |meant| format!("did you mean `-- {meant} --`?"),
            );
            return Err(Misread::Part { name: part.name.clone(), help }.at(part.line));
        }
        if let Some(first) = parts[1..index].iter().find(|first| first.name == part.name) {
            return Err(Misread::Twice { name: part.name.clone(), first: first.line }.at(part.line));
        }
    }
    Ok(())
}
