//! What files look like from outside, and when they have come to rest. A look reads nothing of them, so it is cheap; it
//! follows every link, so it sees a `ConfigMap` or a work tree that is put in the place of another.

use crate::config;
use crate::run::reload::Origin;

/// What files look like; nothing where nobody could look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sight(String);

impl Sight {
    /// What the files that rules are read from look like, and those besides.
    pub(crate) fn of(origin: &Origin, besides: &[String]) -> Self {
        let paths: Vec<String> = origin.server.iter().chain(&origin.paths).cloned().collect();
        Self(config::look(&paths, besides))
    }
}

/// Tells when files that were changed are at rest: whoever writes them takes a while.
#[derive(Debug, Clone)]
pub(crate) struct Resting {
    /// How they looked when they were read last.
    read: Sight,
    /// How they looked a moment ago, where that was otherwise.
    seen: Option<Sight>,
}

impl Resting {
    /// They were read when they looked like this.
    pub(crate) const fn new(read: Sight) -> Self {
        Self { read, seen: None }
    }

    /// They look like this now. Whether they are otherwise than when they were read, and at rest.
    pub(crate) fn see(&mut self, sight: &Sight) -> bool {
        if *sight == self.read {
            self.seen = None;
            return false;
        }
        self.seen.replace(sight.clone()).as_ref() == Some(sight)
    }

    /// They were read again.
    pub(crate) fn read(&mut self, sight: Sight) {
        *self = Self::new(sight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_once_they_look_alike_twice() {
        let sight = |text: &str| Sight(text.to_owned());
        let mut resting = Resting::new(sight("a"));
        for (now, at_rest) in [
            ("a", false),
            ("b", false),
            ("c", false),
            ("c", true),
            // It was not read after all.
            ("c", true),
            ("a", false),
            ("c", false),
            ("c", true),
        ] {
            assert_eq!(resting.see(&sight(now)), at_rest, "{now}");
        }
        resting.read(sight("c"));
        assert!(!resting.see(&sight("c")) && !resting.see(&sight("c")));
        assert!(!resting.see(&sight("d")) && resting.see(&sight("d")));
    }
}
