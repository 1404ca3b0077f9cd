//! Accounts: what the checks of a trial have to show for themselves, for people who ask.

use crate::gate::levels::{Levels, LevelsAccount};
use crate::gate::look::{Gap, Lacking};
use crate::gate::mix::Unlike;
use crate::gate::opening::{Origin, Part, Slice};
use crate::gate::process::Process;
use crate::gate::strands::Strands;
use crate::gate::tally::Tally;
use crate::gate::trial::{SliceAccount, Trial};
use crate::gate::votes::{Votes, VotesAccount};
use crate::stats::Interval;

/// What a check has to show for itself: for people, and only when they ask.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// What the new side had.
    pub new: Tally,
    /// What the old side had: since the first look, or all of the baseline.
    pub old: Tally,
    /// The logarithm of the evidence of harm now.
    pub ln_harm: f64,
    /// The largest that the logarithm of the evidence for a pass ever was.
    pub ln_proof: f64,
    /// In clusters of what size events are taken to come.
    pub temper: f64,
    /// Between what the ratio of the two shares lies, at 95 %, however often anybody looks.
    pub interval: Interval,
    /// Why the last look found nothing.
    pub gap: Option<Gap>,
    /// Which instances lacked a bucket then.
    pub lacking: Option<Lacking>,
    /// At how many looks it found something, and how many there were.
    pub found: (u32, u32),
    /// Where its counts come from.
    pub origin: Option<Origin>,
    /// The coarsest resolution at which a native histogram had merged away a border.
    pub merged: Option<i8>,
    /// The resolution of the old side's native histogram before the first look, where its bounds grow.
    pub resolution: Option<i8>,
    /// The label by which both sides have such unlike mixes that the check compares those.
    pub unlike: Option<Unlike>,
    /// The largest that the logarithm of the evidence ever was that something else is the matter.
    pub ln_aside: f64,
    /// Of each target that the change does not touch, in the order of the opening: what it had since, and the logarithm
    /// of the evidence that it fares worse.
    pub asides: Vec<(Tally, f64)>,
    /// Each of its strands, the whole first.
    pub strands: Vec<StrandAccount>,
    /// Each of its slices.
    pub slices: Vec<SliceAccount>,
    /// The levels of a measure, where it asks for those.
    pub levels: Option<LevelsAccount>,
    /// What an expression said, where it asks one.
    pub votes: Option<VotesAccount>,
}

/// What a strand of a check has to show for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct StrandAccount {
    /// What it counts.
    pub part: Part,
    /// What the new side had.
    pub new: Tally,
    /// What the old side had.
    pub old: Tally,
    /// The logarithm of the evidence of harm now.
    pub ln_harm: f64,
    /// Between what the ratio of the two shares lies, at 95 %, of this strand alone.
    pub interval: Interval,
}

impl Account {
    /// The slices that the evidence names: of what is named, fewer than one in twenty are named wrongly.
    pub fn culprits(&self) -> impl Iterator<Item = &Slice> {
        self.slices.iter().filter(|own| own.named).map(|own| &own.slice)
    }

    /// The slice that says it loudest; of several the last.
    pub fn worst(&self) -> Option<&SliceAccount> {
        self.slices.iter().max_by(|one, other| one.ln_harm.total_cmp(&other.ln_harm))
    }

    /// The first strand of a slice.
    pub fn strand_of(&self, slice: &Slice) -> Option<&StrandAccount> {
        self.strands.iter().find(|strand| strand.part.slice.as_ref() == Some(slice))
    }
}

impl Trial {
    /// What a check has to show for itself.
    pub fn account(&self, check: usize) -> Option<Account> {
        let inquiry = self.inquiries.get(check)?;
        let counted = inquiry.strands();
        let strands: Vec<StrandAccount> = counted.map(strand_accounts).unwrap_or_default();
        let levels = inquiry.levels().map(Levels::account);
        let temper = counted.and_then(Strands::whole).map(Process::temper);
        Some(Account {
            new: inquiry.new_side(),
            old: inquiry.old_side(),
            ln_harm: inquiry.ln_harm(),
            ln_proof: inquiry.ln_proof(),
            temper: temper.or(levels.map(|levels| levels.temper)).unwrap_or(1.0),
            interval: strands.first().map_or(UNBOUNDED, |whole| whole.interval),
            gap: inquiry.gap,
            lacking: inquiry.lacking.clone(),
            found: (inquiry.found, self.looks()),
            origin: inquiry.origin.clone(),
            merged: inquiry.merged,
            resolution: inquiry.resolution,
            unlike: inquiry.unlike().cloned(),
            ln_aside: inquiry.ln_aside(),
            asides: counted.map(|counted| counted.asides().collect()).unwrap_or_default(),
            slices: self.slices(check),
            strands,
            levels,
            votes: inquiry.votes().map(Votes::account),
        })
    }
}

fn strand_accounts(strands: &Strands) -> Vec<StrandAccount> {
    let account = |(part, process): (&Part, &Process)| StrandAccount {
        part: part.clone(),
        new: process.new,
        old: process.old_shown(),
        ln_harm: process.ln_harm(),
        interval: process.interval(),
    };
    strands.each().map(account).collect()
}

/// Between what a ratio lies of which nothing is known.
const UNBOUNDED: Interval = Interval { lower: 0.0, upper: f64::INFINITY };
