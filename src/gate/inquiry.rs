//! An inquiry: what became of one check's question, whichever kind of answer it has.

use crate::gate::levels::Levels;
use crate::gate::look::{Counts, Found, Gap, Lacking};
use crate::gate::mix::{Mixes, Unlike};
use crate::gate::opening::{Before, Origin};
use crate::gate::process::Process;
use crate::gate::strands::Strands;
use crate::gate::tally::Tally;
use crate::gate::terms::{Asked, CheckTerms, Terms};
use crate::gate::verdict::Arm;
use crate::gate::votes::Votes;

/// The evidence of one check.
#[derive(Debug, Clone)]
pub(super) struct Inquiry {
    answers: Answers,
    /// Why the last look found nothing.
    pub(super) gap: Option<Gap>,
    /// Which instances it was that lacked a bucket then.
    pub(super) lacking: Option<Lacking>,
    /// The coarsest resolution at which a border was merged away.
    pub(super) merged: Option<i8>,
    /// At how many looks it found something.
    pub(super) found: u32,
    /// Where its counts come from.
    pub(super) origin: Option<Origin>,
    /// The resolution of the old side's native histogram.
    pub(super) resolution: Option<i8>,
    mixes: Mixes,
}

/// What its looks found.
#[derive(Debug, Clone)]
enum Answers {
    Strands(Box<Strands>),
    Levels(Box<Levels>),
    Votes(Votes),
}

impl Inquiry {
    pub(super) fn new(terms: &Terms, check: &CheckTerms, before: &Before) -> Self {
        let answers = match check.asked {
            Asked::Share | Asked::Quantile { .. } => {
                Answers::Strands(Box::new(Strands::new(terms, check, before)))
            }
            Asked::Level => Answers::Levels(Box::new(Levels::new(terms, check, before))),
            Asked::Votes { agree, of } => Answers::Votes(Votes::new(check, agree, of)),
        };
        Self {
            answers,
            gap: None,
            lacking: None,
            merged: None,
            found: 0,
            origin: before.origin.clone(),
            resolution: before.resolution,
            mixes: Mixes::new(terms, check, &before.mixes),
        }
    }

    /// A look; one that found nothing passes as one in which nothing happened.
    pub(super) fn look(&mut self, found: Option<&Found>) {
        self.lacking = found.and_then(Found::lacking).cloned();
        self.gap = match (&mut self.answers, found) {
            (Answers::Strands(strands), Some(Found::Counts(counts))) => {
                strands.look(counts);
                self.merged = self.merged.into_iter().chain(counts.merged).min();
                let temper = strands.whole().map_or(1.0, Process::temper);
                self.mixes.look(counts, temper);
                None
            }
            (Answers::Levels(levels), Some(Found::Levels(found))) if found.are_numbers() => {
                levels.look(Some(*found));
                None
            }
            (Answers::Votes(votes), Some(Found::Value(value))) if value.is_finite() => {
                votes.look(Some(*value));
                None
            }
            (answers, found) => {
                answers.pass_over();
                Some(found.and_then(Found::gap).unwrap_or(Gap::NoValue))
            }
        };
        self.found += u32::from(self.gap.is_none());
    }

    /// Its strands, where it counts.
    pub(super) const fn strands(&self) -> Option<&Strands> {
        match &self.answers {
            Answers::Strands(strands) => Some(strands),
            Answers::Levels(_) | Answers::Votes(_) => None,
        }
    }

    /// Its levels, where it asks how high a measure stands.
    pub(super) const fn levels(&self) -> Option<&Levels> {
        match &self.answers {
            Answers::Levels(levels) => Some(levels),
            Answers::Strands(_) | Answers::Votes(_) => None,
        }
    }

    /// Its votes, where it asks an expression: then it is a threshold and no evidence.
    pub(super) const fn votes(&self) -> Option<&Votes> {
        match &self.answers {
            Answers::Votes(votes) => Some(votes),
            Answers::Strands(_) | Answers::Levels(_) => None,
        }
    }

    /// The logarithm of the evidence of harm now.
    pub(super) fn ln_harm(&self) -> f64 {
        match &self.answers {
            Answers::Strands(strands) => strands.ln_harm(),
            Answers::Levels(levels) => levels.ln_harm(),
            Answers::Votes(_) => 0.0,
        }
    }

    /// The logarithm of the evidence that something else is the matter, at its largest.
    pub(super) fn ln_aside(&self) -> f64 {
        self.strands().map_or(0.0, Strands::ln_aside)
    }

    /// The largest that the logarithm of the evidence for a pass ever was.
    pub(super) fn ln_proof(&self) -> f64 {
        match &self.answers {
            Answers::Strands(strands) => strands.ln_proof(),
            Answers::Levels(levels) => levels.ln_proof(),
            Answers::Votes(_) => 0.0,
        }
    }

    /// How much it saw: events on the new side, or looks at which there was something to see.
    pub(super) fn saw(&self) -> u64 {
        match &self.answers {
            Answers::Strands(_) => self.new_side().of,
            Answers::Levels(levels) => levels.looks(),
            Answers::Votes(votes) => votes.looks(),
        }
    }

    /// The label by which both sides have mixes so unlike that the check compares those.
    pub(super) const fn unlike(&self) -> Option<&Unlike> {
        self.mixes.unlike()
    }

    /// A side that had no events since the first look, where events are counted.
    pub(super) fn idle(&self) -> Option<Arm> {
        self.strands()?;
        match (self.new_side().of, self.old_side().of) {
            (0, _) => Some(Arm::New),
            (_, 0) => Some(Arm::Old),
            _ => None,
        }
    }

    /// What the new side had since the first look.
    pub(super) fn new_side(&self) -> Tally {
        self.strands().and_then(Strands::whole).map(|process| process.new).unwrap_or_default()
    }

    /// What the old side had: all of the baseline, or all since the first look.
    pub(super) fn old_side(&self) -> Tally {
        self.strands().and_then(Strands::whole).map(Process::old_shown).unwrap_or_default()
    }
}

impl Answers {
    fn pass_over(&mut self) {
        match self {
            Self::Strands(strands) => strands.look(&Counts::default()),
            Self::Levels(levels) => levels.look(None),
            Self::Votes(votes) => votes.look(None),
        }
    }
}
