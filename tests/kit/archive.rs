//! The archives of `tests/data/promtool`: many files to one, each under a line that says what promtool said of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

use std::path::{Path, PathBuf};

/// A file of an archive.
pub(crate) struct Filed {
    /// The archive it is from.
    pub(crate) topic: String,
    /// `accept` or `reject`, and what the file is about.
    pub(crate) title: String,
    pub(crate) bytes: Vec<u8>,
}

/// All files of all archives.
pub(crate) fn files() -> Vec<Filed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/promtool");
    let mut archives: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    archives.sort();
    archives.iter().flat_map(|archive| unpack(archive)).collect()
}

fn unpack(archive: &Path) -> Vec<Filed> {
    let text = std::fs::read_to_string(archive).unwrap();
    let topic = archive.file_stem().unwrap().to_string_lossy().into_owned();
    let mut files: Vec<(Filed, bool)> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(title) = header(line) {
            let (title, escaped) =
                title.strip_suffix(" (escaped)").map_or((title, false), |title| (title, true));
            let file = Filed { topic: topic.clone(), title: title.to_owned(), bytes: Vec::new() };
            files.push((file, escaped));
        } else if let Some((file, escaped)) = files.last_mut() {
            if *escaped {
                unescape(line, &mut file.bytes);
            } else {
                file.bytes.extend_from_slice(line.as_bytes());
            }
        }
    }
    files.into_iter().map(|(file, _)| file).collect()
}

fn header(line: &str) -> Option<&str> {
    let title = line.strip_prefix("-- ")?.strip_suffix(" --\n")?;
    (title.starts_with("accept ") || title.starts_with("reject ")).then_some(title)
}

fn unescape(line: &str, bytes: &mut Vec<u8>) {
    let mut letters = line.chars();
    while let Some(c) = letters.next() {
        match (c, if c == '\\' { letters.next() } else { None }) {
            ('\\', Some('r')) => bytes.push(b'\r'),
            ('\\', Some('t')) => bytes.push(b'\t'),
            ('\\', Some('\n')) => {}
            ('\\', Some('x')) => {
                let digits: String = letters.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            (_, Some(other)) => bytes.extend_from_slice(other.to_string().as_bytes()),
            (c, None) => bytes.extend_from_slice(c.to_string().as_bytes()),
        }
    }
}
