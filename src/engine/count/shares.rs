//! Shares of events: counters of marked events and of all of them, as a whole and in slices.

use crate::engine::count::slices::Slicing;
use crate::engine::count::{Reading, Whose};
use crate::engine::event::Window;
use crate::gate::{
    Absent, Arm, Aside, Before, Comparison, Counted, Counts, Events, Found, Gap, Part, Proportion, Settled,
    Slice, Strand, Tally, Target,
};
use crate::promql::Plan;
use crate::signal::{Labels, TargetKey};
use crate::store::{Increase, group_of};
use crate::unit::UnixMillis;

/// A question about a share.
#[derive(Clone, Copy)]
pub(super) struct Shares<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) proportion: &'a Proportion,
    pub(super) by: &'a [String],
}

/// What a side counted: of each slice its groups, the whole first.
type Side = Vec<Vec<Tally>>;

impl Shares<'_> {
    /// Whether the new side had an event.
    pub(super) fn traffic(&self, window: Window) -> bool {
        let one = (1, &(|_: &Labels| 0_usize) as &dyn Fn(&Labels) -> usize);
        let increases = self.reading.increases(&self.proportion.of, Whose::New, &[window], one);
        increases.iter().any(|increase| increase.sum() > 0)
    }

    /// What a look finds.
    pub(super) fn found(&self, window: Window, settled: &Settled) -> Found {
        let slices: Vec<Slice> = settled.parts.iter().filter_map(|part| part.slice.clone()).collect();
        let aside = |key: &TargetKey| {
            let target = self.reading.targets.iter().find(|target| target.is(key));
            target.and_then(|target| self.had(target, &[window])).unwrap_or_default()
        };
        match self.counted(window, &slices) {
            Ok(counts) => {
                Found::Counts(Counts { aside: settled.aside.iter().map(aside).collect(), ..counts })
            }
            Err(gap) => Found::Missing(gap),
        }
    }

    fn counted(&self, window: Window, slices: &[Slice]) -> Result<Counts, Gap> {
        let side = |whose| self.sides(whose, &[window], slices).pop().unwrap_or(Err(Gap::NoValue));
        let new = side(Whose::New)?;
        let old = match self.reading.gate.comparison {
            Comparison::Tracks(_) => side(Whose::Old)?,
            Comparison::AfterBefore(_) => vec![Vec::new(); new.len()],
        };
        let counted = |(new, old): (Vec<Tally>, _)| Counted { new: Tally::sum(&new), old };
        Ok(Counts { strands: new.into_iter().zip(old).map(counted).collect(), aside: Vec::new() })
    }

    /// What was before the first look; `lately` is the last stretch of it.
    pub(super) fn before(&self, windows: &[Window], lately: Window, beside: &[(&Target, bool)]) -> Before {
        let slicing = Slicing { reading: self.reading, by: self.by };
        let of = self.proportion.of.as_selector();
        let slices = of.map(|of| slicing.most(of, windows)).unwrap_or_default();
        // A stretch in which something was missing tells nothing.
        let known: Vec<Option<Side>> =
            self.sides(Whose::Old, windows, &slices).into_iter().map(Result::ok).collect();
        let parts = std::iter::once(None).chain(slices.into_iter().map(Some));
        let strand = |(index, slice): (usize, Option<Slice>)| Strand {
            part: Part { slice, border: None },
            rows: known
                .iter()
                .map(|side| side.as_ref().map(|side| side[index].clone()).unwrap_or_default())
                .collect(),
        };
        let strands = parts.enumerate().map(strand).collect();
        let new = self.sides(Whose::New, &[lately], &[]).pop().and_then(Result::ok);
        let lately = new.and_then(|side| side.first().map(Tally::sum)).unwrap_or_default();
        let aside = |(target, dependency): &(&Target, bool)| {
            let before = self.had(target, windows).filter(|tally| tally.of > 0)?;
            Some(Aside { target: target.to_key(), dependency: *dependency, before })
        };
        Before { strands, lately, aside: beside.iter().filter_map(aside).collect(), ..Before::default() }
    }

    /// What another target had in these windows, where any of it is known.
    fn had(&self, target: &Target, windows: &[Window]) -> Option<Tally> {
        let reading = Reading { target, ..*self.reading };
        let sides = Shares { reading: &reading, ..*self }.sides(Whose::Anybody, windows, &[]);
        let known: Vec<Tally> = sides.into_iter().flatten().flatten().flatten().collect();
        (!known.is_empty()).then(|| Tally::sum(&known))
    }

    /// The tallies of a side in each window; a gap where a series that is needed is not there, or does not count.
    fn sides(&self, whose: Whose, windows: &[Window], slices: &[Slice]) -> Vec<Result<Side, Gap>> {
        let (Events::Bad(events) | Events::Good(events)) = &self.proportion.events;
        // Of the carts of now, the orders come later.
        let back = |at: UnixMillis| at.minus(self.proportion.lag);
        let begun: Vec<Window> =
            windows.iter().map(|window| Window { from: back(window.from), to: back(window.to) }).collect();
        let groups = self.reading.groups(whose);
        let slicing = Slicing { reading: self.reading, by: self.by };
        let group = |labels: &Labels| slicing.place(labels, slices) * groups + group_of(labels, groups);
        let places = (slices.len().max(1) * groups, &group as &dyn Fn(&Labels) -> usize);
        let of = self.reading.increases(&self.proportion.of, whose, &begun, places);
        let marked = self.reading.increases(events, whose, windows, places);
        let counted = begun.iter().zip(&of).zip(windows.iter().zip(&marked));
        let side = |((begun, of), (window, marked)): ((&Window, &Increase), (&Window, &Increase))| {
            let arm = if whose == Whose::New { Arm::New } else { Arm::Old };
            if !self.reading.is_fresh(of.newest, begun.to) {
                return Err(Gap::Silent(arm));
            }
            if of.fault.is_some() || marked.fault.is_some() {
                return Err(Gap::NotACount(arm));
            }
            if marked.series == 0 && !self.counts_as_zero(events, whose, window.to) {
                return Err(Gap::Unmarked(arm));
            }
            coherent((of, marked), groups).map(|side| with_whole(side, slices)).ok_or(Gap::Incoherent(arm))
        };
        counted.map(side).collect()
    }

    /// Whether a missing series of marked events means that there were none.
    fn counts_as_zero(&self, events: &Plan, whose: Whose, at: UnixMillis) -> bool {
        let other = match (whose, &self.reading.gate.comparison) {
            (Whose::New, Comparison::Tracks(_)) => Whose::Old,
            (Whose::Old, Comparison::Tracks(_)) => Whose::New,
            (Whose::New | Whose::Old | Whose::Anybody, _) => Whose::Anybody,
        };
        match self.proportion.absent {
            Absent::Unknown => false,
            Absent::ZeroIfOnOtherSide => {
                self.reading.seen(events, other, (self.reading.store.bounds().retention, at))
            }
            Absent::ZeroIfSeenIn(within) => self.reading.seen(events, Whose::Anybody, (within, at)),
        }
    }
}

/// What was counted, of each slice its groups; nothing where more errors than requests say that the two are not of one
/// thing. A scrape between two counters can make one group's errors outrun its requests for a moment, and labels may put
/// them into different groups. Then they are one group: no error may get lost, least of all on the old side.
fn coherent((of, marked): (&Increase, &Increase), groups: usize) -> Option<Side> {
    let pairs = marked.groups.iter().zip(&of.groups);
    let all: Vec<Tally> = pairs.map(|(events, of)| Tally { events: *events, of: *of }).collect();
    let holds = |tally: &Tally| tally.events <= tally.of;
    let slices = all.chunks(groups.max(1));
    if all.iter().all(holds) {
        return Some(slices.map(<[Tally]>::to_vec).collect());
    }
    let wholes: Vec<Tally> = slices.map(Tally::sum).collect();
    wholes.iter().all(holds).then(|| wholes.into_iter().map(|whole| vec![whole]).collect())
}

/// The whole before its slices, where it has any.
fn with_whole(side: Side, slices: &[Slice]) -> Side {
    if slices.is_empty() {
        return side;
    }
    let groups = side.iter().map(Vec::len).max().unwrap_or_default();
    let group = |index: usize| Tally::sum(side.iter().filter_map(|slice| slice.get(index)));
    let whole: Vec<Tally> = (0..groups).map(group).collect();
    std::iter::once(whole).chain(side).collect()
}
