//! The commit of a work tree, read from the files of its repository: where git is not there, or does not say.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The most bytes that are read of a file of a repository; the names of all branches are the longest of them.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The commit that a work tree is at.
pub(super) fn read(root: &Path) -> Option<String> {
    let own = repository(root)?;
    let head = text(&own.join("HEAD"))?;
    let Some(branch) = head.trim().strip_prefix("ref: ") else { return commit(&head) };
    // A branch is a file under `refs`, and nothing that leads out of there.
    if !branch.starts_with("refs/") || branch.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return None;
    }
    let shared = shared(&own);
    let loose = [&own, &shared].into_iter().find_map(|folder| commit(&text(&folder.join(branch))?));
    loose.or_else(|| packed(&text(&shared.join("packed-refs"))?, branch))
}

/// Whether the history that is known begins with a commit: then it is not known to have changed anything.
pub(super) fn is_shallow(root: &Path, commit: &str) -> bool {
    let shallow = repository(root).and_then(|own| text(&shared(&own).join("shallow")));
    shallow.is_some_and(|known| known.lines().any(|line| line.trim() == commit))
}

/// The folder of a work tree's repository: `.git` itself, or where that file says.
fn repository(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let says = text(&git)?;
    Some(root.join(says.trim().strip_prefix("gitdir: ")?))
}

/// Where several work trees of one repository keep what they share.
fn shared(own: &Path) -> PathBuf {
    text(&own.join("commondir")).map_or_else(|| own.to_owned(), |says| own.join(says.trim()))
}

fn packed(refs: &str, branch: &str) -> Option<String> {
    let known = refs.lines().filter_map(|line| line.split_once(' '));
    known.filter(|(_, name)| *name == branch).find_map(|(id, _)| commit(id))
}

/// A commit's id, and nothing else that a file may hold.
fn commit(text: &str) -> Option<String> {
    let id = text.trim();
    let is_id = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| id.to_owned())
}

fn text(path: &Path) -> Option<String> {
    // A pipe would be waited for.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(LARGEST).read_to_string(&mut text).ok()?;
    Some(text)
}
