//! The files that are read together, and where in them a byte stands.

use std::sync::OnceLock;

use crate::unit::FileId;
use crate::unit::Place;

/// One file.
#[derive(Debug)]
pub struct File {
    /// Its path as it was asked for.
    pub name: String,
    /// What is in it, as far as it could be read.
    pub text: String,
    /// Whether it was read to its end; only then is it loaded.
    pub whole: bool,
    /// Where each line begins, worked out for the first finding in it.
    lines: OnceLock<Vec<usize>>,
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
    /// Adds a file.
    pub fn add(&mut self, name: String, text: String) -> FileId {
        self.push(name, text, true)
    }

    /// Adds a file that could not be read, or not to its end, so that a finding can be shown in it.
    pub fn add_broken(&mut self, name: String, text: String) -> FileId {
        self.push(name, text, false)
    }

    fn push(&mut self, name: String, text: String, whole: bool) -> FileId {
        self.0.push(File { name, text, whole, lines: OnceLock::new() });
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
        let lines = self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            [0].into_iter().chain(breaks.map(|(at, _)| at + 1)).collect()
        });
        let line = lines.partition_point(|start| *start <= offset);
        let before = &self.text[lines[line - 1]..offset];
        Position { line, column: before.chars().filter(|c| *c != '\u{feff}').count() + 1 }
    }
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
}
