//! Who wrote the rules: asked of git where the files lie in a work tree, and where git is there to be asked.
//!
//! A repository is a stranger's: its configuration may name programs. So nothing is asked that would run one, those that
//! git would run by itself are switched off, and git's own refusal of repositories that belong to somebody else is left in
//! force. Where git says nothing, the commit alone is read from its files, which runs nothing at all.

mod git;
mod head;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::Files;
use crate::decision::{Authorship, LONGEST_WORDS};
use crate::engine::Program;
use crate::run::authorship::git::{Git, Wrote};
use crate::run::clock::Stopwatch;
use crate::unit::{FileId, Span};

/// How long git may take for all files of a set together; those that are left say where they stand and at which commit.
const ASKED_FOR: Span = Span::from_secs(5);

/// How many folders up a work tree is looked for.
const HIGHEST: usize = 64;

/// Notes with each gate where its rule stands and who wrote it last.
pub(crate) fn note(program: &mut Program, files: &Files) {
    let mut asking = Asking { files, since: Stopwatch::start(), trees: BTreeMap::new() };
    let mut known: BTreeMap<FileId, Authorship> = BTreeMap::new();
    for watch in &mut program.watches {
        let file = watch.gate.place.file;
        watch.written = Some(known.entry(file).or_insert_with(|| asking.authorship(file)).clone());
    }
}

/// Files, and the work trees that some of them lie in.
struct Asking<'f> {
    files: &'f Files,
    since: Stopwatch,
    /// The commit that each is at, and git where it answers there.
    trees: BTreeMap<PathBuf, (Option<String>, Option<Git>)>,
}

impl Asking<'_> {
    fn authorship(&mut self, file: FileId) -> Authorship {
        let file = self.files.get(file);
        let bare = Authorship { path: file.path.clone(), ..Authorship::default() };
        // A link is followed to where the file lies today: git knows it there alone.
        let lies = std::fs::canonicalize(&file.path).ok();
        let Some((root, inside)) = lies.as_deref().and_then(work_tree) else { return bare };
        let left = ASKED_FOR.millis().saturating_sub(u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX));
        let left = Span::from_millis(left);
        let (head, git) = self.trees.entry(root.clone()).or_insert_with(|| {
            let git = Git::at(&root);
            match git.head(left) {
                Some(head) => (Some(head), Some(git)),
                None => (head::read(&root), None),
            }
        });
        let at = Authorship { head: head.clone(), ..bare };
        let (Some(git), Some(head)) = (git.as_ref().filter(|_| !left.is_zero()), head.as_ref()) else { return at };
        let changed = git.differs(head, &inside, &file.text, left);
        match git.wrote_last(head, &inside, left).filter(|wrote| !head::is_shallow(&root, &wrote.commit)) {
            Some(Wrote { commit, author, subject }) => Authorship {
                commit: Some(commit),
                author: Some(short(&author)),
                subject: Some(short(&subject)),
                changed,
                ..at
            },
            None => Authorship { changed, ..at },
        }
    }
}

fn short(words: &str) -> String {
    words.chars().take(LONGEST_WORDS).collect()
}

/// The work tree that a path lies in, and its way from there.
fn work_tree(path: &Path) -> Option<(PathBuf, PathBuf)> {
    let root = path.ancestors().skip(1).take(HIGHEST).find(|folder| folder.join(".git").exists())?;
    Some((root.to_owned(), path.strip_prefix(root).ok()?.to_owned()))
}
