//! The strands of a check: its counts as a whole and in slices, above one bound or several, as one evidence.

use crate::gate::aside::Asides;
use crate::gate::look::Counts;
use crate::gate::opening::{Before, Part, Shows, Slice, Strand};
use crate::gate::process::{Aims, Process};
use crate::gate::tally::{Counted, Tally};
use crate::gate::terms::{Asked, Bound, CheckTerms, Proof, Terms};
use crate::stats::ln_mean;

/// The part of a check's evidence that is the whole's, where it is asked for in slices as well.
const WHOLE: f64 = 0.5;

/// The evidence of one check.
#[derive(Debug, Clone)]
pub(super) struct Strands {
    /// The whole first.
    slices: Vec<Sliced>,
    join: Join,
    aside: Asides,
}

/// The strands of one slice, or of the whole.
#[derive(Debug, Clone)]
struct Sliced {
    slice: Option<Slice>,
    weight: f64,
    strands: Vec<(Part, Process)>,
}

/// How the strands of one slice make one evidence of harm.
#[derive(Debug, Clone, Copy)]
enum Join {
    /// Each is about the same harm, so their mean counts.
    Mean,
    /// Each is about one of the bounds that all have to be broken, so the weakest counts.
    Weakest,
}

/// What one slice shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    /// The logarithm of the evidence of harm now.
    pub(super) ln_harm: f64,
    /// The largest that the logarithm of the evidence for a pass ever was; nothing where it is not asked of a slice.
    pub(super) ln_proof: Option<f64>,
    /// What both sides had since the first look, or, of the old one, in all of the baseline.
    pub(super) sides: (Tally, Tally),
    /// Where a bucket is missing.
    pub(super) lacks: Option<f64>,
}

impl Strands {
    pub(super) fn new(terms: &Terms, check: &CheckTerms, before: &Before) -> Self {
        let join = match check.asked {
            Asked::Quantile { .. } => Join::Weakest,
            Asked::Share | Asked::Level | Asked::Votes { .. } => Join::Mean,
        };
        let mut slices: Vec<Sliced> = Vec::new();
        let mut nth = 0;
        let plain = [Strand::default()];
        for strand in if before.strands.is_empty() { &plain[..] } else { &before.strands } {
            if slices.last().is_none_or(|last| last.slice != strand.part.slice) {
                slices.push(Sliced { slice: strand.part.slice.clone(), weight: 1.0, strands: Vec::new() });
                nth = 0;
            }
            // The strands of the whole come first, and are compared slice by slice.
            let own = |other: &&Strand| other.part.slice.is_some() && other.part.border == strand.part.border;
            let strata: Vec<&[Vec<Tally>]> = match strand.part.slice {
                None => before.strands.iter().filter(own).map(|other| &other.rows[..]).collect(),
                Some(_) => Vec::new(),
            };
            let process = Process::new(&aims(terms, check, &strand.part, nth), &strand.rows, &strata);
            if let Some(last) = slices.last_mut() {
                last.strands.push((strand.part.clone(), process));
            }
            nth += 1;
        }
        weigh(&mut slices);
        Self { slices, join, aside: Asides::new(terms, check, &before.aside) }
    }

    /// A look.
    pub(super) fn look(&mut self, counts: &Counts) {
        let nothing = Counted::default();
        let temper = self.whole().map_or(1.0, Process::temper);
        // The strands of the whole come first, and its slices in the same order, so each of them has a stratum in each.
        let borders = self.slices.first().map_or(0, |whole| whole.strands.len());
        for (index, process) in self.processes_mut().enumerate() {
            let strata = counts.strands.iter().skip(borders + index).step_by(borders.max(1));
            let strata: Vec<&Counted> = if index < borders { strata.collect() } else { Vec::new() };
            process.look(counts.strands.get(index).unwrap_or(&nothing), &strata);
        }
        let old = counts.strands.first().map(Counted::old_sum).unwrap_or_default();
        self.aside.look(&counts.aside, old, temper);
    }

    /// The strand that counts all of it.
    pub(super) fn whole(&self) -> Option<&Process> {
        self.slices.first()?.strands.first().map(|(_, process)| process)
    }

    /// The logarithm of the evidence of harm now.
    pub(super) fn ln_harm(&self) -> f64 {
        let (ln, weights): (Vec<f64>, Vec<f64>) =
            self.slices.iter().map(|sliced| (sliced.ln_harm(self.join), sliced.weight)).unzip();
        ln_mean(&ln, &weights)
    }

    /// The logarithm of the evidence that what the change does not touch fares worse as well.
    pub(super) const fn ln_aside(&self) -> f64 {
        self.aside.ln_most()
    }

    /// Of each target that the change does not touch what it had since, and the logarithm of its evidence now.
    pub(super) fn asides(&self) -> impl Iterator<Item = (Tally, f64)> {
        self.aside.each()
    }

    /// The largest that the logarithm of the evidence for a pass ever was. Of several strands each has to be proved.
    pub(super) fn ln_proof(&self) -> f64 {
        self.slices.first().and_then(Sliced::ln_proof).unwrap_or(0.0)
    }

    /// The strand that proves it of the whole, where another shows harm.
    pub(super) fn proving(&self) -> Option<(&Part, &Process)> {
        let mut strands = self.slices.first()?.strands.iter();
        strands.find(|(part, _)| part.shows(Shows::Proof)).map(|(part, process)| (part, process))
    }

    /// Where a bucket is missing that the whole would be counted above.
    pub(super) fn lacks(&self) -> Option<f64> {
        self.slices.first()?.lacks()
    }

    /// What is known of each strand, in their order.
    pub(super) fn each(&self) -> impl Iterator<Item = (&Part, &Process)> {
        self.slices.iter().flat_map(|sliced| sliced.strands.iter().map(|(part, process)| (part, process)))
    }

    /// Each slice with its evidence.
    pub(super) fn by_slice(&self) -> impl Iterator<Item = (&Slice, Shown)> {
        self.slices.iter().filter_map(|sliced| Some((sliced.slice.as_ref()?, sliced.shown(self.join))))
    }

    fn processes_mut(&mut self) -> impl Iterator<Item = &mut Process> {
        self.slices.iter_mut().flat_map(|sliced| sliced.strands.iter_mut().map(|(_, process)| process))
    }
}

impl Sliced {
    fn shown(&self, join: Join) -> Shown {
        let sides = self.strands.first().map(|(_, process)| (process.new, process.old_shown()));
        Shown {
            ln_harm: self.ln_harm(join),
            ln_proof: self.ln_proof(),
            sides: sides.unwrap_or_default(),
            lacks: self.lacks(),
        }
    }

    fn ln_proof(&self) -> Option<f64> {
        let proofs = self.strands.iter().filter(|(part, _)| part.shows(Shows::Proof));
        proofs.map(|(_, process)| process.ln_proof()).reduce(f64::min)
    }

    fn lacks(&self) -> Option<f64> {
        self.strands.iter().find_map(|(part, _)| part.border.as_ref()?.lacks())
    }

    fn ln_harm(&self, join: Join) -> f64 {
        let harms = self.strands.iter().filter(|(part, _)| part.shows(Shows::Harm));
        let harms: Vec<f64> = harms.map(|(_, process)| process.ln_harm()).collect();
        match join {
            Join::Mean => ln_mean(&harms, &vec![1.0; harms.len()]),
            Join::Weakest => harms.into_iter().reduce(f64::min).unwrap_or(0.0),
        }
    }
}

/// Half of the weight is the whole's, and the slices share the rest.
fn weigh(slices: &mut [Sliced]) {
    let Some((whole, slices)) = slices.split_first_mut() else { return };
    if slices.is_empty() {
        return;
    }
    whole.weight = WHOLE;
    #[expect(clippy::cast_precision_loss, reason = "there are a few slices")]
    let share = (1.0 - WHOLE) / slices.len() as f64;
    for sliced in slices {
        sliced.weight = share;
    }
}

/// What the strand of this number in its slice gathers evidence about.
fn aims(terms: &Terms, check: &CheckTerms, part: &Part, nth: usize) -> Aims {
    let bounds = |bounds: &[Bound], from: usize| match check.asked {
        Asked::Share | Asked::Level | Asked::Votes { .. } => bounds.to_vec(),
        // The border lies where the bound does, so that what is left is a question of shares.
        Asked::Quantile { q } => {
            bounds.get(nth - from).map(|bound| above_border(*bound, q)).into_iter().collect()
        }
    };
    let harm = if part.shows(Shows::Harm) { bounds(&check.fails, 0) } else { Vec::new() };
    let proof = match &check.passes {
        Proof::Within(within) if part.shows(Shows::Proof) => Some(bounds(within, check.fails.len().min(nth))),
        Proof::Within(_) | Proof::NotContradicted | Proof::Never => None,
    };
    Aims { design: terms.design, looks: terms.looks, worse: check.worse, harm, proof }
}

/// A bound on a quantile, as one on the shares above the border that stands for it.
const fn above_border(bound: Bound, q: f64) -> Bound {
    match bound {
        Bound::Ratio(_) | Bound::Difference(_) => Bound::Ratio(1.0),
        Bound::Value(_) | Bound::Reached(_) => Bound::Value(1.0 - q),
    }
}
