//! When a gate looks, and at what it holds the new side.

use std::collections::BTreeMap;

use crate::unit::{Pattern, Span};

/// When the first look is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begins {
    /// What it waits for.
    pub at: Start,
    /// How long it then lets the new side warm up.
    pub warmup: Span,
    /// How long it waits at most; after that the gate is inconclusive.
    pub within: Span,
}

/// What a gate waits for before its first look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The change itself.
    Change,
    /// The first event on the new side: a canary without traffic has nothing to say.
    FirstTraffic,
    /// An alert. It counts from the change on all the same: whoever chose by an alert where to begin would count what was
    /// looked for.
    Alert,
}

/// When the last look is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// After how much.
    pub after: Length,
    /// The earliest moment at which a pass may count.
    pub not_before: Span,
    /// What ends it before its time.
    pub early: Early,
}

/// How long a gate watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// A stretch of time.
    Time(Span),
    /// So many runs of a job.
    Runs(u32),
}

/// What ends a gate before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Early {
    /// The next change of the same target.
    Superseded,
    /// Nothing.
    Never,
}

/// What the new side is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// Two tracks that run side by side.
    Tracks(Tracks),
    /// The time after the change, held against time before it; always anchored to the change.
    AfterBefore(Baseline),
}

/// The time before a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// How long.
    pub length: Span,
    /// Which stretches: right before the change, or the same time of day some days ago.
    pub from: Stretches,
}

/// Which stretches of time make a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretches {
    /// The one that ends at the change.
    JustBefore,
    /// The same time so long ago, for each of these.
    Ago(Vec<Span>),
}

/// Two tracks of one service, each by the labels that its series carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracks {
    canary: BTreeMap<String, String>,
    stable: BTreeMap<String, String>,
}

/// Why two selections are no tracks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TracksError {
    /// One of them selects everything.
    #[error("the `{0}` track has no labels, so it would be every series")]
    Everything(&'static str),
    /// A series can belong to both.
    #[error("a series can be on both tracks; give them one label with two values")]
    Overlap,
}

impl Tracks {
    /// Two tracks that no series is on at once.
    pub fn new(
        canary: BTreeMap<String, String>,
        stable: BTreeMap<String, String>,
    ) -> Result<Self, TracksError> {
        for (name, track) in [("canary", &canary), ("stable", &stable)] {
            if track.is_empty() {
                return Err(TracksError::Everything(name));
            }
        }
        let apart = canary.iter().any(|(label, value)| stable.get(label).is_some_and(|other| other != value));
        if apart { Ok(Self { canary, stable }) } else { Err(TracksError::Overlap) }
    }

    /// The labels of the new side.
    pub fn canary(&self) -> &BTreeMap<String, String> {
        &self.canary
    }

    /// The labels of the old side.
    pub fn stable(&self) -> &BTreeMap<String, String> {
        &self.stable
    }
}

/// Which targets something applies to: for each key, one of the patterns has to fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Match(BTreeMap<String, Vec<Pattern>>);

impl Match {
    /// A match on these keys; a key without patterns would fit nothing and is refused by whoever reads it.
    pub const fn new(keys: BTreeMap<String, Vec<Pattern>>) -> Self {
        Self(keys)
    }

    /// The patterns of a key, where it has any.
    pub fn key(&self, key: &str) -> Option<&[Pattern]> {
        self.0.get(key).map(Vec::as_slice)
    }

    /// Keys and patterns.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Pattern])> {
        self.0.iter().map(|(key, patterns)| (key.as_str(), patterns.as_slice()))
    }

    /// How many keys it names: the more, the more particular it is.
    pub fn keys(&self) -> usize {
        self.0.len()
    }

    /// Whether these labels fit. A label that is not there fits no pattern.
    pub fn fits<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.iter()
            .all(|(key, patterns)| label(key).is_some_and(|value| patterns.iter().any(|p| p.fits(value))))
    }

    /// Whether something could fit both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.iter().all(|(key, mine)| {
            other.key(key).is_none_or(|theirs| mine.iter().any(|m| theirs.iter().any(|t| m.overlaps(t))))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> BTreeMap<String, String> {
        text.split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .map(|(label, value)| (label.to_owned(), value.to_owned()))
            .collect()
    }

    fn matching(text: &str) -> Match {
        Match::new(labels(text).into_iter().map(|(key, value)| (key, vec![Pattern::new(&value)])).collect())
    }

    #[test]
    fn tracks_are_apart() {
        for (canary, stable, fits) in [
            ("track=canary", "track=stable", true),
            ("track=canary version=2", "track=stable", true),
            ("track=canary", "track=canary", false),
            ("track=canary", "version=1", false),
            ("", "track=stable", false),
            ("track=canary", "", false),
        ] {
            assert_eq!(Tracks::new(labels(canary), labels(stable)).is_ok(), fits, "{canary} / {stable}");
        }
    }

    #[test]
    fn matches() {
        for (rule, target, fits) in [
            ("environment=production", "service=a environment=production", true),
            ("environment=production service=check*", "service=checkout environment=production", true),
            ("environment=production", "service=a environment=staging", false),
            ("tier=web", "service=a", false),
            ("", "service=a", true),
        ] {
            let target = labels(target);
            assert_eq!(matching(rule).fits(|key| target.get(key).map(String::as_str)), fits, "{rule}");
        }
        for (one, other, overlap) in [
            ("service=checkout-*", "environment=production", true),
            ("service=checkout-*", "service=payment", false),
            ("service=a tier=web", "service=a tier=batch", false),
        ] {
            assert_eq!(matching(one).overlaps(&matching(other)), overlap, "{one} / {other}");
        }
    }
}
