//! Finding and reading rule files: paths, folders and globs become text, and what cannot be read becomes findings.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use crate::config::file::Files;
use crate::lint::{Finding, name};
use crate::unit::{Extent, Place, hex};

/// The largest file that is read; rules are written by people.
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;
/// How many files are read at most.
pub const MOST_FILES: usize = 20_000;
/// How deep folders are searched.
pub const DEEPEST_FOLDER: usize = 32;

/// What stands for standard input among the paths.
pub const STANDARD_INPUT: &str = "-";

/// Files as they are gathered, with what could not be read.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The files.
    pub files: Files,
    /// What went wrong on the way.
    pub findings: Vec<Finding>,
    seen: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
    /// How many rule files lay on the way, seen before or not.
    met: usize,
    /// What each looks like from outside, where that is all that is asked.
    sights: Option<Vec<String>>,
}

/// Reads every rule file that the paths lead to: files, folders (searched for `.yaml`, `.yml` and `.rules`, but
/// not for `_test.yaml`, which are tests of rules), globs, and `-` for standard input.
pub fn gather(paths: &[String]) -> Gathered {
    let mut gathered = Gathered::default();
    for path in paths {
        gathered.path(path);
    }
    gathered
}

/// What the paths lead to looks like from outside, and other files besides: another text where a file was written, put in
/// the place of another, came or went, whichever links lead to it. Nothing of them is read.
pub fn look(paths: &[String], besides: &[String]) -> String {
    let mut gathered = Gathered { sights: Some(Vec::new()), ..Gathered::default() };
    for path in paths {
        gathered.path(path);
    }
    let missing = gathered.findings.iter().map(|finding| finding.message.clone());
    let besides = besides.iter().map(|path| sight(Path::new(path)));
    let all = gathered.sights.iter().flatten().cloned().chain(missing).chain(besides);
    let mut hash = ring::digest::Context::new(&ring::digest::SHA256);
    for one in all {
        hash.update(&one.len().to_be_bytes());
        hash.update(one.as_bytes());
    }
    hex(hash.finish().as_ref())
}

/// A file from outside: where it lies today, which one it is, how long, and when it was written.
fn sight(path: &Path) -> String {
    let lies = fs::canonicalize(path).ok();
    let known = fs::metadata(path).ok().map(|known| {
        (
            known.dev(),
            known.ino(),
            known.len(),
            known.mtime(),
            known.mtime_nsec(),
            known.ctime(),
            known.ctime_nsec(),
        )
    });
    format!("{} {lies:?} {known:?}", path.display())
}

impl Gathered {
    fn path(&mut self, asked: &str) {
        let path = Path::new(asked);
        if asked == STANDARD_INPUT {
            // Whatever it holds, it has no outside.
            if self.sights.is_none() && self.seen.insert(PathBuf::from(STANDARD_INPUT)) {
                self.read("<stdin>".to_owned(), "<stdin>".to_owned(), std::io::stdin().lock());
            }
        } else if path.is_dir() {
            let before = (self.met, self.findings.len());
            self.folder(path, 0);
            if before == (self.met, self.findings.len()) {
                self.refuse(
                    asked,
                    name::NO_SUCH_FILE,
                    format!("`{asked}` holds no rule files"),
                    "rule files end in `.yaml`, `.yml` or `.rules`",
                );
            }
        } else if path.exists() || !asked.contains(['*', '?', '[']) {
            self.file(path);
        } else {
            self.glob(asked);
        }
    }

    fn glob(&mut self, pattern: &str) {
        let found = match glob::glob(pattern) {
            Ok(found) => found,
            Err(error) => {
                let message = format!("`{pattern}` is no glob: {}", error.msg);
                return self.refuse(
                    pattern,
                    name::NO_SUCH_FILE,
                    message,
                    "`*`, `?`, `[..]` and `**` are understood",
                );
            }
        };
        let mut paths: Vec<PathBuf> = found.filter_map(Result::ok).collect();
        paths.sort();
        if paths.is_empty() {
            let message = format!("no file fits `{pattern}`");
            return self.refuse(
                pattern,
                name::NO_SUCH_FILE,
                message,
                "check the spelling and the folder you are in",
            );
        }
        for path in paths {
            if path.is_dir() { self.folder(&path, 0) } else { self.file(&path) }
        }
    }

    fn folder(&mut self, folder: &Path, depth: usize) {
        let shown = folder.display().to_string();
        if depth > DEEPEST_FOLDER {
            let message =
                format!("`{shown}` lies more than {DEEPEST_FOLDER} folders deep and is not searched");
            return self.refuse(&shown, name::UNREADABLE, message, "look for a folder that links to itself");
        }
        // A link may lead to a folder around it, and several of them to more ways than there is time for.
        let canonical = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        if !self.folders.insert(canonical) {
            self.met += 1;
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let message = format!("`{shown}` cannot be searched: {error}");
                return self.refuse(&shown, name::UNREADABLE, message, "check its permissions");
            }
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // Hidden entries are tools' own; `..data` is how a ConfigMap keeps its versions, each linked to from outside.
            if file_name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                self.folder(&path, depth + 1);
            } else if is_rule_file(&file_name) {
                self.file(&path);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        self.met += 1;
        let shown = path.strip_prefix(".").unwrap_or(path).display().to_string();
        let canonical = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if !self.seen.insert(canonical) {
            return;
        }
        if self.seen.len() > MOST_FILES {
            if self.seen.len() == MOST_FILES + 1 {
                let message =
                    format!("more than {MOST_FILES} files; `{shown}` and what follows are not read");
                self.refuse(&shown, name::TOO_LARGE, message, "check fewer at a time");
            }
            return;
        }
        if let Some(sights) = &mut self.sights {
            return sights.push(sight(path));
        }
        // A pipe or a device would block for ever, so only what is a file is opened.
        match fs::metadata(path) {
            Ok(known) if known.is_file() => {}
            Ok(_) => {
                let message = format!("`{shown}` is neither a file nor a folder");
                return self.refuse(
                    &shown,
                    name::UNREADABLE,
                    message,
                    "give a file, a folder, a glob or `-`",
                );
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message = format!("`{shown}` does not exist");
                return self.refuse(
                    &shown,
                    name::NO_SUCH_FILE,
                    message,
                    "check the spelling and the folder you are in",
                );
            }
            Err(error) => return self.unreadable(&shown, &error),
        }
        match open(path) {
            Ok(file) => self.read(spelled(path), shown, file),
            Err(error) => self.unreadable(&shown, &error),
        }
    }

    fn unreadable(&mut self, shown: &str, error: &std::io::Error) {
        self.refuse(
            shown,
            name::UNREADABLE,
            format!("`{shown}` cannot be read: {error}"),
            "check its permissions",
        );
    }

    fn read(&mut self, path: String, shown: String, from: impl Read) {
        let mut bytes = Vec::new();
        if let Err(error) = from.take(LARGEST_FILE + 1).read_to_end(&mut bytes) {
            return self.unreadable(&shown, &error);
        }
        if bytes.len() as u64 > LARGEST_FILE {
            let message = format!("`{shown}` is larger than {} MiB", LARGEST_FILE / 1024 / 1024);
            return self.refuse(
                &shown,
                name::TOO_LARGE,
                message,
                "split it; a rule file is written by a person",
            );
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.files.add_at(path, shown, text);
            }
            Err(error) => self.not_utf8(shown, &error),
        }
    }

    /// Keeps what stands before the first wrong byte, so that its line can be shown, but loads nothing of it.
    fn not_utf8(&mut self, shown: String, error: &std::string::FromUtf8Error) {
        let good = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let byte = bytes.get(good).copied().unwrap_or_default();
        let help = if wide { "it looks like UTF-16; save it as UTF-8" } else { "save it as UTF-8" };
        let message = format!("`{shown}` is not UTF-8: byte {} is 0x{byte:02x}", good + 1);
        let text = String::from_utf8_lossy(&bytes[..good]).into_owned();
        let at = u32::try_from(good).unwrap_or(u32::MAX);
        let file = self.files.add_broken(shown, text);
        let place = Place { file, extent: Extent::new(at, at) };
        self.findings.push(Finding::error(name::NOT_UTF8, place, message).help(help));
    }

    fn refuse(&mut self, shown: &str, name: &'static str, message: String, help: &str) {
        let file = self.files.add_broken(shown.to_owned(), String::new());
        let place = Place { file, extent: Extent::default() };
        self.findings.push(Finding::error(name, place, message).help(help));
    }
}

/// Opens a file such that reading it never waits: some files of the kernel's are endless and empty for now.
fn open(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, O_NONBLOCK);
    options.open(path)
}

/// Linux's `O_NONBLOCK`; other architectures may have another number.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
const O_NONBLOCK: i32 = 0o4000;

/// The one spelling of a path: from the root, without `.` and `..`. Links keep the place where they stand, as the
/// files of a `ConfigMap` are links to where they happen to lie today.
fn spelled(path: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in whole.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain.display().to_string()
}

fn is_rule_file(file_name: &str) -> bool {
    let Some((stem, extension)) = file_name.rsplit_once('.') else { return false };
    matches!(extension, "yaml" | "yml" | "rules") && !stem.ends_with("_test")
}
