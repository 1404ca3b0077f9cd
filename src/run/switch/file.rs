//! The file of the kill switch: while it is there, automation is off. Whatever is wrong with it, it is there.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};

use crate::decision::Offs;
use crate::signal::LONGEST_FIELD;
use crate::unit::escaped;

/// The most bytes of it that are read.
const LARGEST: u64 = 64 * 1024;

/// What a file switches off. A line `service: why` does so for a service that is known; every other line, and a file
/// without any, for everything: a slip in a name must not leave that on which was to be off.
pub(super) fn read(path: &str, is_service: impl Fn(&str) -> bool) -> Offs {
    match text(path) {
        Ok(None) => Offs::new(),
        Ok(Some(text)) => offs(path, &text, is_service),
        Err(why) => Offs::from([(None, format!("`{path}` is there and cannot be read: {why}"))]),
    }
}

fn text(path: &str) -> io::Result<Option<String>> {
    // A link to nowhere is there.
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    // Whoever opens a pipe waits for somebody to write to it.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut text = String::new();
    File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if LARGEST < text.len() as u64 {
        return Err(io::Error::other(format!("it is larger than {LARGEST} bytes")));
    }
    Ok(Some(text))
}

fn offs(path: &str, text: &str, is_service: impl Fn(&str) -> bool) -> Offs {
    let mut offs = Offs::new();
    let unsaid = || format!("`{path}` is there, and gives no reason");
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let named = line.split_once(':').filter(|(service, _)| is_service(service.trim()));
        let (service, why) = match named {
            Some((service, why)) => (Some(service.trim().to_owned()), why.trim()),
            None => (None, line),
        };
        let why = if why.is_empty() { unsaid() } else { told(why) };
        offs.entry(service).or_insert(why);
    }
    if offs.is_empty() {
        offs.insert(None, unsaid());
    }
    offs
}

fn told(why: &str) -> String {
    let end = (0..=LONGEST_FIELD.min(why.len())).rev().find(|end| why.is_char_boundary(*end));
    escaped(end.and_then(|end| why.get(..end)).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::run::scratch::Folder;

    #[test]
    fn a_file_switches_off_what_it_names_and_everything_where_it_names_nothing_known() {
        let folder = Folder::new("switch").unwrap();
        let path = folder.path().join("off");
        let name = path.to_str().unwrap();
        let known = |service: &str| ["shop", "cart"].contains(&service);
        assert_eq!(read(name, known), Offs::new(), "there is none");
        let long = "x".repeat(LONGEST_FIELD + 9);
        let unsaid = format!("`{name}` is there, and gives no reason");
        for (text, expected) in [
            ("", vec![(None, unsaid.as_str())]),
            (" \n\n", vec![(None, &unsaid)]),
            ("the mesh is moved\n", vec![(None, "the mesh is moved")]),
            ("the mesh is moved\nand more\n", vec![(None, "the mesh is moved")]),
            ("incident: 42", vec![(None, "incident: 42")]),
            ("shop: a sale\n", vec![(Some("shop"), "a sale")]),
            ("shop:", vec![(Some("shop"), &unsaid)]),
            ("shop: a\r\ncart : b: c", vec![(Some("cart"), "b: c"), (Some("shop"), "a")]),
            ("shop: a\nshpo: b", vec![(None, "shpo: b"), (Some("shop"), "a")]),
            ("all\nshop: a", vec![(None, "all"), (Some("shop"), "a")]),
            (&long, vec![(None, &long[..LONGEST_FIELD])]),
        ] {
            std::fs::write(&path, text).unwrap();
            let expected =
                expected.into_iter().map(|(service, why)| (service.map(str::to_owned), why.to_owned()));
            assert_eq!(read(name, known), expected.collect(), "{text:.40?}");
        }
        let unreadable = |what: &str| {
            let offs = read(name, known);
            let why = offs.get(&None).unwrap();
            assert!(offs.len() == 1 && why.contains("cannot be read"), "{what}: {offs:?}");
        };
        std::fs::write(&path, b"\xff\xfe").unwrap();
        unreadable("no text");
        std::fs::write(&path, vec![b'x'; usize::try_from(LARGEST).unwrap() + 1]).unwrap();
        unreadable("too much of it");
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        unreadable("a folder");
        std::fs::remove_dir(&path).unwrap();
        symlink("nowhere", &path).unwrap();
        unreadable("a link to nowhere");
        assert!(read("/dev/null/off", known).contains_key(&None), "what is in no folder");
    }
}
