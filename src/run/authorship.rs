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
        let left = ASKED_FOR
            .millis()
            .saturating_sub(u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX));
        let left = Span::from_millis(left);
        let (head, git) = self.trees.entry(root.clone()).or_insert_with(|| {
            let git = Git::at(&root);
            match git.head(left) {
                Some(head) => (Some(head), Some(git)),
                None => (head::read(&root), None),
            }
        });
        let at = Authorship { head: head.clone(), ..bare };
        let (Some(git), Some(head)) = (git.as_ref().filter(|_| !left.is_zero()), head.as_ref()) else {
            return at;
        };
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

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::run::load;
    use crate::run::scratch::Folder;

    const RULES: &str = "gates:
  - gate: shop
    upon: canary
    match: { environment: production }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - { check: errors, proportion: { bad: errors_total, of: requests_total }, fails_when: ratio > 2 }
";

    fn git(folder: &Path, args: &[&str]) -> bool {
        let mut git = Command::new("git");
        let who = ["-c", "user.name=Kim", "-c", "user.email=kim@example.com", "-c", "commit.gpgsign=false"];
        git.args(who).args(args).current_dir(folder).stdout(std::process::Stdio::null());
        git.status().is_ok_and(|status| status.success())
    }

    /// What is known of the gate in a file.
    fn known(path: &Path) -> Authorship {
        let loaded = load::read(&[path.display().to_string()], None);
        let mut program = crate::config::program(&loaded);
        assert_eq!(program.watches.len(), 1, "{:?}", loaded.findings);
        note(&mut program, &loaded.files);
        program.watches[0].written.clone().unwrap()
    }

    #[test]
    fn a_file_is_known_by_who_changed_it_last() {
        let scratch = Folder::new("authorship").unwrap();
        let folder = scratch.path().canonicalize().unwrap();
        let (path, other) = (folder.join("rules.yaml"), folder.join("other.yaml"));
        std::fs::write(&path, RULES).unwrap();
        let spelled = path.display().to_string();
        let bare = Authorship { path: spelled, ..Authorship::default() };
        assert_eq!(known(&path), bare, "it lies in no work tree");
        if !git(&folder, &["init", "-q", "-b", "main"]) {
            return;
        }
        assert!(known(&path).head.is_none(), "there is no commit yet");
        assert!(
            git(&folder, &["add", "rules.yaml"]) && git(&folder, &["commit", "-q", "-m", "Watch the shop"])
        );
        let first = known(&path);
        assert_eq!(
            (first.author.as_deref(), first.subject.as_deref(), first.changed),
            (Some("Kim <kim@example.com>"), Some("Watch the shop"), false)
        );
        assert_eq!(first.head, first.commit);

        std::fs::write(&other, RULES).unwrap();
        assert!(git(&folder, &["add", "."]) && git(&folder, &["commit", "-q", "-m", "Another"]));
        let second = known(&path);
        assert!(second.head != first.head && second.commit == first.commit, "{second:?}");

        std::fs::write(&path, format!("# more\n{RULES}")).unwrap();
        assert_eq!(known(&path), Authorship { changed: true, ..second });
        let third = folder.join("third.yaml");
        std::fs::write(&third, RULES).unwrap();
        let uncommitted = known(&third);
        assert!(uncommitted.commit.is_none() && uncommitted.changed && uncommitted.head.is_some());
        assert_eq!(head::read(&folder), known(&other).head, "its files say the same");
        assert!(git(&folder, &["pack-refs", "--all"]));
        assert_eq!(head::read(&folder), known(&other).head, "however they are packed");
    }

    #[test]
    fn a_repository_runs_no_program_of_its_own() {
        let scratch = Folder::new("hostile").unwrap();
        let folder = scratch.path().canonicalize().unwrap();
        let (path, mark) = (folder.join("rules.yaml"), folder.join("ran"));
        std::fs::write(&path, RULES).unwrap();
        let commits = |subject| git(&folder, &["add", "."]) && git(&folder, &["commit", "-q", "-m", subject]);
        if !git(&folder, &["init", "-q"]) || !commits("First") {
            return;
        }
        let run = format!("sh -c 'touch {}'", mark.display());
        for key in [
            "core.fsmonitor",
            "core.pager",
            "core.sshCommand",
            "core.editor",
            "gpg.program",
            "diff.external",
            "filter.mine.clean",
            "filter.mine.smudge",
            "filter.mine.process",
            "diff.mine.textconv",
            "alias.log",
            "alias.ls-tree",
        ] {
            assert!(git(&folder, &["config", key, &run]));
        }
        assert!(git(&folder, &["config", "log.showSignature", "true"]));
        std::fs::write(folder.join(".git/info/attributes"), "* filter=mine diff=mine\n").unwrap();
        let hook = folder.join(".git/hooks/post-index-change");
        std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
        std::fs::write(&hook, format!("#!/bin/sh\ntouch {}\n", mark.display())).unwrap();
        std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        std::fs::write(&path, format!("# more\n{RULES}")).unwrap();
        let known = known(&path);
        assert_eq!((known.subject.as_deref(), known.changed), (Some("First"), true));
        assert!(!mark.exists(), "a program of the repository's was run");
    }

    #[test]
    fn a_head_leads_to_a_commit_and_nowhere_else() {
        let scratch = Folder::new("head").unwrap();
        let git = scratch.path().join(".git");
        std::fs::create_dir_all(git.join("refs/heads")).unwrap();
        let id = "0123456789abcdef0123456789abcdef01234567";
        std::fs::write(git.join("secret"), id).unwrap();
        std::fs::write(git.join("refs/heads/main"), format!("{id}\n")).unwrap();
        for (head, read) in [
            (format!("{id}\n"), Some(id)),
            ("ref: refs/heads/main\n".to_owned(), Some(id)),
            ("ref: refs/heads/../../secret\n".to_owned(), None),
            ("ref: secret\n".to_owned(), None),
            ("ref: /etc/passwd\n".to_owned(), None),
            ("ref: refs/heads/none\n".to_owned(), None),
            ("anything else".to_owned(), None),
        ] {
            std::fs::write(git.join("HEAD"), &head).unwrap();
            assert_eq!(head::read(scratch.path()).as_deref(), read, "{head}");
        }
        let tree = scratch.path().join("tree");
        std::fs::create_dir_all(&tree).unwrap();
        std::fs::write(tree.join(".git"), format!("gitdir: {}\n", git.display())).unwrap();
        std::fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        assert_eq!(head::read(&tree).as_deref(), Some(id));
        assert!(!head::is_shallow(&tree, id));
        std::fs::write(git.join("shallow"), format!("{id}\n")).unwrap();
        assert!(head::is_shallow(&tree, id));
    }
}
