//! Shares of events: counters of marked events and of all of them, as a whole and in slices.

use crate::engine::count::sides::{Lack, Side, Sides, slices_of};
use crate::engine::count::slices::Slicing;
use crate::engine::count::{Places, Reading, Whose};
use crate::engine::event::Window;
use crate::gate::{Absent, Arm, Comparison, Counted, Events, Gap, MixBy, Part, Proportion, Slice, Tally};
use crate::promql::{Plan, Selector};
use crate::signal::Labels;
use crate::store::{Increase, group_of};
use crate::unit::UnixMillis;

/// A question about a share.
#[derive(Clone, Copy)]
pub(super) struct Shares<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) proportion: &'a Proportion,
    pub(super) by: &'a [String],
}

impl Shares<'_> {
    /// Whether a side had an event.
    pub(super) fn traffic(&self, whose: Whose, window: Window) -> bool {
        let one = (1, &(|_: &Labels| 0_usize) as &dyn Fn(&Labels) -> usize);
        let increases = self.reading.increases(&self.proportion.of, whose, &[window], one);
        increases.iter().any(|increase| increase.sum() > 0)
    }

    /// What is to be counted: the whole, and each slice.
    pub(super) fn parts(&self, windows: &[Window]) -> Vec<Part> {
        let slicing = Slicing { reading: self.reading, by: self.by };
        let of = self.proportion.of.as_selector();
        let slices = of.map(|of| {
            let counted =
                |window, places: Places<'_>| self.reading.grown(of, Whose::Old, &[window], places).pop();
            slicing.most(of, windows, &counted)
        });
        let slices = slices.unwrap_or_default();
        let slices = slices.into_iter().map(Some);
        std::iter::once(None).chain(slices).map(|slice| Part { slice, border: None }).collect()
    }

    /// When what is counted in a window began: of the carts of now, the orders come later.
    pub(super) fn begun(&self, window: Window) -> Window {
        let back = |at: UnixMillis| at.minus(self.proportion.lag);
        Window { from: back(window.from), to: back(window.to) }
    }

    /// Whether a missing series of marked events means that there were none.
    fn counts_as_zero(&self, reading: &Reading<'_>, events: &Plan, (whose, at): (Whose, UnixMillis)) -> bool {
        let other = match (whose, &reading.gate.comparison) {
            (Whose::New, Comparison::Tracks(_)) => Whose::Old,
            (Whose::Old, Comparison::Tracks(_)) => Whose::New,
            (Whose::New | Whose::Old | Whose::Anybody, _) => Whose::Anybody,
        };
        match self.proportion.absent {
            Absent::Unknown => false,
            Absent::ZeroIfOnOtherSide => reading.seen(events, other, (reading.store.bounds().retention, at)),
            Absent::ZeroIfSeenIn(within) => reading.seen(events, Whose::Anybody, (within, at)),
        }
    }
}

impl Sides for Shares<'_> {
    fn reading(&self) -> &Reading<'_> {
        self.reading
    }

    fn mixes(&self, window: Window, by: &[MixBy]) -> Vec<Counted> {
        self.mixed(window, by)
    }

    fn sides(
        &self,
        reading: &Reading<'_>,
        whose: Whose,
        windows: &[Window],
        parts: &[Part],
    ) -> Vec<Result<Side, Lack>> {
        let slices = &slices_of(parts);
        let (Events::Bad(events) | Events::Good(events)) = &self.proportion.events;
        let begun: Vec<Window> = windows.iter().map(|window| self.begun(*window)).collect();
        let groups = reading.groups(whose);
        let slicing = Slicing { reading, by: self.by };
        let group = |labels: &Labels| slicing.place(labels, slices) * groups + group_of(labels, groups);
        let places = (slices.len().max(1) * groups, &group as &dyn Fn(&Labels) -> usize);
        let of = reading.increases(&self.proportion.of, whose, &begun, places);
        let marked = reading.increases(events, whose, windows, places);
        let selectors: Vec<&Selector> =
            [&self.proportion.of, events].into_iter().filter_map(Plan::as_selector).collect();
        let lags = reading.lags(&selectors, whose, windows);
        let counted = begun.iter().zip(&of).zip(windows.iter().zip(&marked));
        let side = |((begun, of), (window, marked)): ((&Window, &Increase), (&Window, &Increase))| {
            let arm = if whose == Whose::New { Arm::New } else { Arm::Old };
            if !reading.is_fresh(of.newest, begun.to) {
                return Err(Gap::Silent(arm).into());
            }
            if lags {
                return Err(Gap::Behind(arm).into());
            }
            if of.fault.is_some() || marked.fault.is_some() {
                return Err(Gap::NotACount(arm).into());
            }
            if marked.series == 0 && !self.counts_as_zero(reading, events, (whose, window.to)) {
                return Err(Gap::Unmarked(arm).into());
            }
            coherent((of, marked), groups)
                .map(|side| with_whole(side, slices))
                .ok_or(Lack::Gap(Gap::Incoherent(arm)))
        };
        counted.map(side).collect()
    }
}

/// What was counted, of each slice its groups; nothing where more errors than requests say that the two are not of one
/// thing. A scrape between two counters can make one group's errors outrun its requests for a moment, and labels may put
/// them into different groups. Then they are one group: no error may get lost, least of all on the old side.
fn coherent((of, marked): (&Increase, &Increase), groups: usize) -> Option<Vec<Vec<Tally>>> {
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
fn with_whole(side: Vec<Vec<Tally>>, slices: &[Slice]) -> Side {
    if slices.is_empty() {
        return Side { parts: side, merged: None };
    }
    let groups = side.iter().map(Vec::len).max().unwrap_or_default();
    let group = |index: usize| Tally::sum(side.iter().filter_map(|slice| slice.get(index)));
    let whole: Vec<Tally> = (0..groups).map(group).collect();
    Side { parts: std::iter::once(whole).chain(side).collect(), merged: None }
}
