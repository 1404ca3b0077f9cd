//! The files that are read together, and where in them a byte stands.

use std::sync::OnceLock;

use crate::unit::{FileId, Place};

/// One file.
#[derive(Debug)]
pub struct File {
    /// Its path as it was asked for.
    pub name: String,
    /// Where it lies: one spelling for one place, whatever way was asked for.
    pub path: String,
    /// What is in it, as far as it could be read.
    pub text: String,
    /// Whether it was read to its end; only then is it loaded.
    pub whole: bool,
    marks: OnceLock<Marks>,
}

/// The files that are read together.
#[derive(Debug, Default)]
pub struct Files(Vec<File>);

/// A line and a column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl Files {
    /// Adds a file that lies where its name says.
    pub fn add(&mut self, name: String, text: String) -> FileId {
        self.push(name.clone(), name, text, true)
    }

    /// Adds a file that was found at a path.
    pub(crate) fn add_at(&mut self, path: String, name: String, text: String) -> FileId {
        self.push(path, name, text, true)
    }

    /// Adds a file that could not be read, or not to its end, so that a finding can be shown in it.
    pub fn add_broken(&mut self, name: String, text: String) -> FileId {
        self.push(name.clone(), name, text, false)
    }

    fn push(&mut self, path: String, name: String, text: String, whole: bool) -> FileId {
        self.0.push(File { name, path, text, whole, marks: OnceLock::new() });
        FileId(u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file.
    pub fn get(&self, id: FileId) -> &File {
        &self.0[id.0 as usize]
    }

    /// All of them, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        (0_u32..).map(FileId).zip(&self.0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where a place begins.
    pub fn start(&self, place: Place) -> Position {
        self.get(place.file).position(place.extent.start)
    }

    /// Where it ends: the position after its last character.
    pub fn end(&self, place: Place) -> Position {
        self.get(place.file).position(place.extent.end)
    }
}

impl File {
    fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let marks = self.marks.get_or_init(|| Marks::of(&self.text));
        let line = marks.lines.partition_point(|start| *start <= offset);
        let start = marks.lines[line - 1];
        let mark = if start == 0 { self.text.starts_with('\u{feff}').into() } else { 0 };
        let column = marks.characters(&self.text, offset) - marks.characters(&self.text, start);
        Position { line, column: (column + 1).saturating_sub(mark).max(1) }
    }
}

/// What finding a position takes, worked out once: a file may hold a hundred thousand findings, in one line.
#[derive(Debug)]
struct Marks {
    /// Where each line begins.
    lines: Vec<usize>,
    /// How many characters begin before each block.
    blocks: Vec<usize>,
}

/// How many bytes make a block.
const BLOCK: usize = 4_096;

impl Marks {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = [0].into_iter().chain(breaks.map(|(at, _)| at + 1)).collect();
        let mut before = 0;
        let blocks = text.as_bytes().chunks(BLOCK).map(|block| {
            let here = before;
            before += beginnings(block);
            here
        });
        Self { lines, blocks: blocks.collect() }
    }

    /// How many characters begin before a byte.
    fn characters(&self, text: &str, at: usize) -> usize {
        let block = at / BLOCK;
        let before = self.blocks.get(block).copied();
        before.unwrap_or_else(|| beginnings(text.as_bytes()))
            + text.as_bytes().get(block * BLOCK..at).map_or(0, beginnings)
    }
}

/// How many characters begin in these bytes.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_not_bytes() {
        let mut files = Files::default();
        let id = files.add(String::new(), "a: é\r\nbé: ü".to_owned());
        for (offset, line, column) in [(0, 1, 1), (3, 1, 4), (5, 1, 5), (7, 2, 1), (12, 2, 5), (99, 2, 6)] {
            assert_eq!(files.get(id).position(offset), Position { line, column }, "offset {offset}");
        }
    }

    #[test]
    fn agrees_with_counting_from_the_start() {
        let text = "\u{feff}a: é\n".repeat(2_000) + &"ü".repeat(9_000) + "\n" + &"x".repeat(BLOCK * 2);
        let mut files = Files::default();
        let id = files.add(String::new(), text.clone());
        for (offset, _) in text.char_indices().step_by(97).chain([(text.len(), 'x')]) {
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let own = before.rsplit('\n').next().unwrap();
            let hidden = usize::from(line == 1 && own.starts_with('\u{feff}'));
            let expected = Position { line, column: own.chars().count() + 1 - hidden };
            let offset = u32::try_from(offset).unwrap();
            assert_eq!(files.get(id).position(offset), expected, "offset {offset}");
        }
    }
}
