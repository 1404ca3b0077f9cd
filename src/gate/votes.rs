//! Votes: whether an expression broke its bounds in so many of the last looks. There are no statistics behind that: it
//! is no evidence and adds to none, and whoever is told of it is told so.

use std::collections::VecDeque;

use crate::gate::terms::{Bound, CheckTerms, Proof};
use crate::gate::threshold::Worse;

/// The last looks of one check that asks an expression.
#[derive(Debug, Clone)]
pub(super) struct Votes {
    agree: u32,
    of: usize,
    fails: Vec<Bound>,
    passes: Option<Vec<Bound>>,
    worse: Worse,
    /// The last of them; nothing where there was no value, which agrees with nothing.
    last: VecDeque<Option<Vote>>,
    looks: u64,
}

/// What one look says.
#[derive(Debug, Clone, Copy)]
struct Vote {
    value: f64,
    breaks: bool,
    keeps: bool,
}

/// What an expression has to show for itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VotesAccount {
    /// Its value at the last look; nothing where it had none.
    pub value: Option<f64>,
    /// How many of the last looks broke every bound.
    pub broke: u32,
    /// How many of them kept within what is enough for a pass.
    pub kept: u32,
    /// How many of them had no value.
    pub missing: u32,
    /// How many those are: no more than there were yet.
    pub of: u32,
}

impl Votes {
    pub(super) fn new(check: &CheckTerms, agree: u32, of: u32) -> Self {
        let passes = match &check.passes {
            Proof::Within(bounds) => Some(bounds.clone()),
            Proof::NotContradicted | Proof::Never => None,
        };
        Self {
            agree,
            of: usize::try_from(of).unwrap_or(usize::MAX),
            fails: check.fails.clone(),
            passes,
            worse: check.worse,
            last: VecDeque::new(),
            looks: 0,
        }
    }

    /// A look.
    pub(super) fn look(&mut self, value: Option<f64>) {
        let vote = value.filter(|value| value.is_finite()).map(|value| Vote {
            value,
            breaks: self.breaks(value),
            keeps: self
                .passes
                .as_ref()
                .is_some_and(|bounds| all(bounds, |bound| lies_beyond(bound, value, opposite(self.worse)))),
        });
        self.looks += u64::from(vote.is_some());
        self.last.push_back(vote);
        if self.of < self.last.len() {
            self.last.pop_front();
        }
    }

    /// Whether a value breaks every bound.
    pub(super) fn breaks(&self, value: f64) -> bool {
        all(&self.fails, |bound| lies_beyond(bound, value, self.worse))
    }

    /// Whether so many of the last looks broke every bound.
    pub(super) fn is_broken(&self) -> bool {
        self.agree <= self.many(|vote| vote.breaks)
    }

    /// Whether so many of the last looks kept within what is enough for a pass.
    pub(super) fn is_kept(&self) -> bool {
        self.agree <= self.many(|vote| vote.keeps)
    }

    /// At how many looks it had a value.
    pub(super) const fn looks(&self) -> u64 {
        self.looks
    }

    pub(super) fn account(&self) -> VotesAccount {
        let value = self.last.back().copied().flatten().map(|vote| vote.value);
        let (broke, kept) = (self.many(|vote| vote.breaks), self.many(|vote| vote.keeps));
        let of = number(self.last.len());
        VotesAccount { value, broke, kept, missing: of - self.many(|_| true), of }
    }

    fn many(&self, says: impl Fn(&Vote) -> bool) -> u32 {
        number(self.last.iter().flatten().filter(|vote| says(vote)).count())
    }
}

/// Whether all bounds are met, of which there is one at least.
fn all(bounds: &[Bound], meets: impl Fn(Bound) -> bool) -> bool {
    !bounds.is_empty() && bounds.iter().all(|bound| meets(*bound))
}

/// Whether a value lies beyond a bound. There is nothing to hold it against but a value.
fn lies_beyond(bound: Bound, value: f64, toward: Worse) -> bool {
    match (bound, toward) {
        (Bound::Value(border), Worse::Higher) => border < value,
        (Bound::Value(border), Worse::Lower) => value < border,
        (Bound::Reached(border), Worse::Higher) => border <= value,
        (Bound::Reached(border), Worse::Lower) => value <= border,
        (Bound::Ratio(_) | Bound::Difference(_), _) => false,
    }
}

const fn opposite(worse: Worse) -> Worse {
    match worse {
        Worse::Higher => Worse::Lower,
        Worse::Lower => Worse::Higher,
    }
}

fn number(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
