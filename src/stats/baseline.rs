//! One side after the other: is the share after a change more than so many times that of a finite baseline before it?

use crate::stats::grid::{ALTERNATIVES, Alternative, Direction, NEAR, grid};
use crate::stats::mean::ln_sum_exp;
use crate::stats::pair::{Pair, counted};
use crate::stats::planned::Planned;
use crate::stats::split::{Split, at_least_one};

/// At how many looks an effect may begin, at most: each start costs a dozen logarithms at every look after it.
const MOST_STARTS: u32 = 12;

/// The evidence that the share since a change lies beyond `ratio` times that of its baseline. The baseline's own
/// uncertainty is inside; whatever else began with the change is not told from it.
#[derive(Debug, Clone)]
pub struct BaselineEvidence {
    baseline: Pair,
    ratio: f64,
    grid: [Alternative; ALTERNATIVES],
    /// The logarithm of how likely each alternative is.
    ln_prior: [f64; ALTERNATIVES],
    every: u32,
    /// Of the starts, in place of looks.
    planned: Planned,
    ln_cap: f64,
    looks: u32,
    begun: usize,
    starts: [Start; MOST_STARTS as usize],
    ln_now: f64,
}

/// The evidence of an effect since one look.
#[derive(Debug, Clone, Copy, Default)]
struct Start {
    of: f64,
    alternatives: [Grown; ALTERNATIVES],
}

/// How the evidence of an alternative grew.
#[derive(Debug, Clone, Copy, Default)]
struct Grown {
    /// The events since, less those at each look that would have made its step larger than the cap. They are left out
    /// rather than the step cut off: else a look too bad to count in full would weigh on all that follow it, and leave less
    /// evidence behind than one that is half as bad. Fewer events are less evidence, so it is evidence still.
    events: f64,
    ln: f64,
}

impl BaselineEvidence {
    /// No evidence yet. The `baseline` is its events and all there were; an effect may begin at the first look and at
    /// every so many looks after it, or at fewer if those were more than a dozen.
    pub fn new(baseline: (f64, f64), ratio: f64, direction: Direction, every: u32, planned: Planned) -> Self {
        let every = every.max(1).max(planned.looks.div_ceil(MOST_STARTS));
        let baseline =
            Pair { old_events: counted(baseline.0), old_of: counted(baseline.1), ..Pair::default() };
        Self {
            baseline,
            ratio,
            grid: grid(direction),
            ln_prior: planned.prior.ln_weights(NEAR),
            every,
            planned: Planned { looks: planned.looks.div_ceil(every).max(1), ..planned },
            ln_cap: libm::log(planned.cap),
            looks: 0,
            begun: 0,
            starts: [Start::default(); MOST_STARTS as usize],
            ln_now: 0.0,
        }
    }

    /// Takes in a look, whose events come in clusters of the size of `temper`, and gives the logarithm of the evidence
    /// now. The baseline's own blocks tell the temper, so it is the same at every look.
    pub fn look(&mut self, events: f64, of: f64, temper: f64) -> f64 {
        let (events, of, temper) = (counted(events), counted(of), at_least_one(temper));
        if self.looks.is_multiple_of(self.every) && self.looks / self.every < self.planned.looks {
            self.begun += 1;
        }
        self.looks = self.looks.saturating_add(1);
        let mut ln = [f64::NEG_INFINITY; MOST_STARTS as usize + 1];
        let starts = self.starts.iter_mut().take(self.begun);
        let mut number = 0;
        for (start, ln) in starts.zip(&mut ln) {
            number += 1;
            start.of += of;
            let pair = Pair { new_events: events, new_of: start.of, ..self.baseline };
            let split = Split::after_baseline(&pair, temper);
            start.grow(split, self.ratio, &self.grid, self.ln_cap);
            *ln = libm::log(self.planned.weight(number)) + start.ln_now(&self.ln_prior);
        }
        ln[MOST_STARTS as usize] = libm::log(self.planned.rest(number));
        self.ln_now = ln_sum_exp(&ln);
        self.ln_now
    }

    /// The logarithm of the evidence now.
    pub fn ln_now(&self) -> f64 {
        self.ln_now
    }
}

impl Start {
    /// Takes in a look's events in all traffic since.
    fn grow(&mut self, split: Option<Split>, ratio: f64, grid: &[Alternative; ALTERNATIVES], ln_cap: f64) {
        if let Some(split) = split {
            let share = split.share(ratio);
            for (grown, alternative) in self.alternatives.iter_mut().zip(grid) {
                let split = split.with_more(grown.events);
                let (whole, most) = (split.ln_likelihood(share, *alternative), grown.ln + ln_cap);
                let events =
                    if whole > most { split.events_at(most, share, *alternative) } else { split.new };
                *grown = Grown { events, ln: whole.min(most) };
            }
        }
    }

    /// The logarithm of the evidence of all alternatives together.
    fn ln_now(&self, ln_prior: &[f64; ALTERNATIVES]) -> f64 {
        let mut ln = *ln_prior;
        for (ln, grown) in ln.iter_mut().zip(&self.alternatives) {
            *ln += grown.ln;
        }
        ln_sum_exp(&ln)
    }
}
