//! Authorship: where a rule stands, and who wrote it last, as far as that is known.

use std::fmt;

use crate::unit::escaped;

/// The most characters that are kept of an author, and of what a commit says about itself.
pub const LONGEST_WORDS: usize = 200;

/// Where a rule stands, and who wrote it last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authorship {
    /// The path of its file.
    pub path: String,
    /// The commit that its work tree is at.
    pub head: Option<String>,
    /// The commit that changed its file last.
    pub commit: Option<String>,
    /// Who that was.
    pub author: Option<String>,
    /// What they said about it, in a line.
    pub subject: Option<String>,
    /// Whether its file is otherwise than in the commit that its work tree is at.
    pub changed: bool,
}

/// How many characters of a commit tell it from all others, for a person.
const SHORT: usize = 12;

impl fmt::Display for Authorship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever wrote the commit chose these words; none of them may move a cursor.
        let plain = |text: &str| escaped(text.to_owned());
        let short = |commit: &str| plain(&commit.chars().take(SHORT).collect::<String>());
        f.write_str(&plain(&self.path))?;
        match (&self.commit, &self.head) {
            (Some(commit), _) => write!(f, ", commit {}", short(commit))?,
            (None, Some(head)) => write!(f, ", as of commit {}", short(head))?,
            (None, None) => {}
        }
        if let Some(author) = &self.author {
            write!(f, " by {}", plain(author))?;
        }
        if self.changed {
            f.write_str(", changed since")?;
        }
        if let Some(subject) = &self.subject {
            write!(f, ": {}", plain(subject))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_known() {
        let owned = |text: &str| Some(text.to_owned());
        let (head, commit) = (owned("1111111111111111"), owned("2222222222222222"));
        let path = "teams/shop.yaml".to_owned();
        let bare = Authorship { path, ..Authorship::default() };
        let at = Authorship { head, ..bare.clone() };
        let whole = Authorship { commit, author: owned("Kim"), subject: owned("Tighten\u{7}"), ..at.clone() };
        for (authorship, told) in [
            (bare.clone(), "teams/shop.yaml"),
            (Authorship { changed: true, ..bare }, "teams/shop.yaml, changed since"),
            (at, "teams/shop.yaml, as of commit 111111111111"),
            (whole.clone(), "teams/shop.yaml, commit 222222222222 by Kim: Tighten\\u{7}"),
            (
                Authorship { changed: true, ..whole },
                "teams/shop.yaml, commit 222222222222 by Kim, changed since: Tighten\\u{7}",
            ),
        ] {
            assert_eq!(authorship.to_string(), told);
        }
    }
}
