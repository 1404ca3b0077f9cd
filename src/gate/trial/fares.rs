//! How things fare at one look alone, by its plain shares and levels. It proves nothing and adds to no evidence: it is for
//! whoever has to see whether things are well again after a change was taken back.

use crate::gate::inquiry::Inquiry;
use crate::gate::levels::Levels;
use crate::gate::look::{Counts, Found};
use crate::gate::opening::{Part, Shows, Slice};
use crate::gate::process::Process;
use crate::gate::strands::Strands;
use crate::gate::tally::{Counted, Tally};
use crate::gate::terms::{Asked, Bound, CheckTerms, Design};
use crate::gate::threshold::Worse;
use crate::gate::trial::Trial;

/// How things fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fares {
    /// All is there that was there before, and nothing is worse than it may be.
    Well,
    /// A check is beyond what it fails at.
    Badly,
    /// Something is missing, or nothing happened.
    Unknown,
}

impl Trial {
    /// How things fare at a look that is none of its own. Where the new side is idle nobody is harmed by it, so what is
    /// counted of it is not waited for. What a check that found nothing while it was judged would say is not either.
    pub fn fares(&self, found: &[Found], idle: bool) -> Fares {
        let (mut is_told, mut is_missed) = (false, false);
        for (index, terms, inquiry) in self.judged() {
            match found.get(index).and_then(|found| self.breaks(index, (terms, inquiry), found)) {
                Some(true) => return Fares::Badly,
                Some(false) => is_told = true,
                None => is_missed |= 0 < inquiry.found,
            }
        }
        if idle || (is_told && !is_missed) { Fares::Well } else { Fares::Unknown }
    }

    /// Whether what was found is beyond what a check fails at; nothing where that cannot be said.
    fn breaks(&self, index: usize, (terms, inquiry): (&CheckTerms, &Inquiry), found: &Found) -> Option<bool> {
        match found {
            Found::Counts(counts) => {
                let strands = inquiry.strands()?;
                let whole = self.part_breaks(None, (terms, strands), counts)?;
                // What was proved to be bad has to be well, however little of the whole it is.
                let mut named = self.slices(index).into_iter().filter(|own| own.named);
                let breaks = |own: &Slice| self.part_breaks(Some(own), (terms, strands), counts);
                Some(whole || named.any(|own| breaks(&own.slice) == Some(true)))
            }
            Found::Levels(found) if found.are_numbers() => {
                inquiry.levels().and_then(|own| own.breaks(*found))
            }
            Found::Value(value) if value.is_finite() => inquiry.votes().map(|votes| votes.breaks(*value)),
            Found::Levels(_) | Found::Value(_) | Found::Missing(_) | Found::Lacking(_) => None,
        }
    }

    /// The same of a slice, or of the whole.
    fn part_breaks(
        &self,
        slice: Option<&Slice>,
        (terms, strands): (&CheckTerms, &Strands),
        counts: &Counts,
    ) -> Option<bool> {
        let own = |part: &Part| part.slice.as_ref() == slice && part.shows(Shows::Harm);
        let strands = strands.each().zip(&counts.strands).filter(|((part, _), _)| own(part));
        let each = strands.map(|((part, process), counted)| {
            let has_a_bucket = part.border.is_none_or(|border| border.lacks().is_none());
            has_a_bucket.then(|| self.process_breaks(process, counted, terms.worse))?
        });
        let each: Vec<Option<bool>> = each.collect();
        match terms.asked {
            // Each of its strands is about one of the bounds, and all of them have to be broken.
            Asked::Quantile { .. } => all(each),
            Asked::Share | Asked::Level | Asked::Votes { .. } => {
                each.into_iter().flatten().reduce(|one, other| one || other)
            }
        }
    }

    fn process_breaks(&self, process: &Process, counted: &Counted, worse: Worse) -> Option<bool> {
        let new = share(counted.new)?;
        let old = match self.terms.design {
            Design::Concurrent => share(counted.old_sum()),
            Design::AfterBefore | Design::AfterShort => share(process.old_shown()),
        };
        all(process.bounds().map(|bound| {
            let border = match (bound, worse) {
                (Bound::Ratio(ratio), _) => old? * ratio,
                (Bound::Difference(difference), Worse::Higher) => old? + difference,
                (Bound::Difference(difference), Worse::Lower) => old? - difference,
                (Bound::Value(value) | Bound::Reached(value), _) => value,
            };
            Some(is_beyond(bound, new, (border, worse)))
        }))
    }
}

impl Levels {
    /// Whether a level is beyond all bounds; nothing where there is nothing to hold it against.
    fn breaks(&self, found: crate::gate::look::Levels) -> Option<bool> {
        let borders = self.borders(found.old);
        all(borders
            .into_iter()
            .map(|(bound, worse, border)| border.map(|border| is_beyond(bound, found.new, (border, worse)))))
    }
}

/// Whether a share or a level lies beyond the border that a bound is; only a value that is reached is met at it.
fn is_beyond(bound: Bound, new: f64, (border, worse): (f64, Worse)) -> bool {
    match (bound, worse) {
        (Bound::Reached(_), Worse::Higher) => border <= new,
        (Bound::Reached(_), Worse::Lower) => new <= border,
        (Bound::Ratio(_) | Bound::Difference(_) | Bound::Value(_), Worse::Higher) => border < new,
        (Bound::Ratio(_) | Bound::Difference(_) | Bound::Value(_), Worse::Lower) => new < border,
    }
}

/// Whether all bounds are broken: one that is kept is enough that they are not, and where none is, all have to be known.
/// Where there are none nothing can be broken.
fn all(each: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let each: Vec<Option<bool>> = each.into_iter().collect();
    if each.is_empty() || each.contains(&Some(false)) {
        return Some(false);
    }
    each.iter().all(|own| *own == Some(true)).then_some(true)
}

#[expect(clippy::cast_precision_loss, reason = "counts of a look are far below 2^53")]
fn share(tally: Tally) -> Option<f64> {
    (tally.of > 0).then(|| tally.events as f64 / tally.of as f64)
}
