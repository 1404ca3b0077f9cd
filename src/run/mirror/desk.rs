//! The desk: who wants which samples of a source, and what is asked next. It has no clock and asks nobody itself.

mod apart;
mod leaving;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, RwLock};

use crate::decision::{CellId, Key};
use crate::promql::Matcher;
use crate::run::mirror::batch::{Batch, Met, may_lie_with_one, telling};
use crate::run::mirror::feed::{BEGINNINGS, Feed, FeedId, ShapeId, SpaceId, State, Want};
use crate::signal::Deaf;
use crate::source::prometheus::Stretch;
use crate::store::Store;
use crate::unit::{Span, UnixMillis};

/// How many selectors one query stands for at most, and about how many series it may have.
pub(super) const MOST_FUSED: usize = 100;
pub(super) const MOST_FUSED_SERIES: usize = 2_000;

/// How many series a selector is taken to have that was never answered.
const UNKNOWN_SERIES: usize = 20;

/// For how many answers selectors are asked singly after the query for all of them failed.
const ALONE_FOR: u32 = 20;

/// How many selectors a source is asked for at most.
pub(super) const MOST_FEEDS: usize = 200_000;

/// After how long without a series of it a process is nobody's any more.
const PROCESS_KEPT: Span = Span::from_secs(900);

/// Where all is held that can be taken as it is.
const RAW: SpaceId = 0;

/// A store, with what is asked of the series that are wanted in it, and since when.
pub(super) type Needs = (Arc<RwLock<Store>>, Vec<(Arc<[Matcher]>, UnixMillis)>);

/// Who wants samples.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ward {
    /// A gate that watches a change.
    Cell(CellId),
    /// An action that is to be verified.
    Action(Key),
}

/// What a ward wants.
#[derive(Debug, Default)]
struct Wants {
    /// Since when.
    from: UnixMillis,
    /// Where it is held.
    space: SpaceId,
    /// What it cannot do without.
    own: Vec<FeedId>,
    /// What it goes on without where there is too much of it.
    aside: Vec<FeedId>,
    /// What it wants to have been seen to begin.
    once: Vec<FeedId>,
    /// Whether it was asked again at its opening.
    opened: bool,
}

impl Wants {
    fn all(&self) -> impl Iterator<Item = &FeedId> {
        self.own.iter().chain(&self.aside).chain(&self.once)
    }
}

/// What a ward wants, before the desk knows it.
#[derive(Debug, Default)]
pub(super) struct Wish {
    pub(super) from: UnixMillis,
    pub(super) own: Vec<Want>,
    pub(super) aside: Vec<Want>,
    pub(super) once: Vec<Want>,
}

/// Who wants which samples, and what is asked next.
#[derive(Debug)]
pub(super) struct Desk {
    feeds: BTreeMap<FeedId, Feed>,
    next: FeedId,
    known: BTreeMap<(SpaceId, String), FeedId>,
    /// What is held of the source: its series, and apart from them the sums of each ward that wants too many.
    spaces: BTreeMap<SpaceId, Arc<RwLock<Store>>>,
    next_space: SpaceId,
    shapes: BTreeMap<(SpaceId, String), ShapeId>,
    next_shape: ShapeId,
    wards: BTreeMap<Ward, Wants>,
    /// Those of whom something was answered, or failed, since anybody asked.
    woken: BTreeSet<Ward>,
    queue: VecDeque<FeedId>,
    /// The queued feeds of each shape that begin at the same moment, so that they can be asked together.
    alike: BTreeMap<(ShapeId, bool, UnixMillis), BTreeSet<FeedId>>,
    resting: BTreeSet<(UnixMillis, FeedId)>,
    fuses: bool,
    /// About how many series one query for several may have.
    most_fused: usize,
    /// Whether something is wanted no more that was wanted.
    left: bool,
    /// How many selectors were answered, and how many were one too many.
    pub(super) answered: u64,
    pub(super) refused: u64,
    /// How many selectors were answered by a query for several.
    pub(super) fused: u64,
}

impl Desk {
    /// A desk for a store, and for selectors of so many series at the most.
    pub(super) fn new(fuses: bool, most: u64, store: Arc<RwLock<Store>>) -> Self {
        Self {
            spaces: BTreeMap::from([(RAW, store)]),
            next_space: RAW + 1,
            most_fused: usize::try_from(most).unwrap_or(usize::MAX).min(MOST_FUSED_SERIES),
            feeds: BTreeMap::new(),
            next: 0,
            known: BTreeMap::new(),
            shapes: BTreeMap::new(),
            next_shape: 0,
            wards: BTreeMap::new(),
            woken: BTreeSet::new(),
            queue: VecDeque::new(),
            alike: BTreeMap::new(),
            resting: BTreeSet::new(),
            fuses,
            left: false,
            answered: 0,
            refused: 0,
            fused: 0,
        }
    }

    /// Whether it has to be told what a ward wants: it does not know it, or only from before its opening.
    pub(super) fn knows(&self, ward: &Ward, opens: bool) -> bool {
        self.wards.get(ward).is_some_and(|wants| wants.opened || !opens)
    }

    /// A ward wants this; what it wanted before, it wants no more.
    pub(super) fn wish(&mut self, ward: Ward, wish: Wish, opened: bool) {
        self.wish_in(RAW, ward, wish, opened);
    }

    fn wish_in(&mut self, space: SpaceId, ward: Ward, wish: Wish, opened: bool) {
        let from = wish.from;
        let mut feeds =
            |wants: Vec<Want>| wants.into_iter().filter_map(|want| self.feed(want, space)).collect();
        let (own, aside, once) = (feeds(wish.own), feeds(wish.aside), feeds(wish.once));
        self.wards.insert(ward, Wants { from, space, own, aside, once, opened });
    }

    fn feed(&mut self, want: Want, space: SpaceId) -> Option<FeedId> {
        let want = Want { from: want.from.floor(BEGINNINGS), ..want };
        let key = (space, want.selector.clone());
        if let Some(id) = self.known.get(&key) {
            let feed = self.feeds.get_mut(id)?;
            if want.from < feed.want.from && feed.state == State::Queued {
                Self::leave(&mut self.alike, *id, feed);
                feed.begin(&want);
                Self::enter(&mut self.alike, *id, feed);
            } else {
                feed.begin(&want);
            }
            return Some(*id);
        }
        if MOST_FEEDS <= self.feeds.len() {
            self.refused += 1;
            return None;
        }
        let id = self.next;
        self.next += 1;
        self.known.insert(key, id);
        let (shapes, next) = (&mut self.shapes, &mut self.next_shape);
        let feed = Feed::new(want, space, |mould| {
            *shapes.entry((space, mould.shape())).or_insert_with(|| {
                *next += 1;
                *next
            })
        });
        self.feeds.insert(id, feed);
        Some(id)
    }

    /// Whether all that a ward wants is there up to a moment; else it is asked for, up to the `present`, and where it was
    /// not answered, that says why.
    pub(super) fn has(
        &mut self,
        ward: &Ward,
        (to, present): (UnixMillis, UnixMillis),
    ) -> Result<(), Option<Deaf>> {
        let Some(wants) = self.wards.get(ward) else { return Err(None) };
        let Wants { own, aside, once, .. } = wants;
        let behind: Vec<FeedId> = own
            .iter()
            .map(|id| (*id, to, true))
            .chain(aside.iter().map(|id| (*id, to, false)))
            .chain(once.iter().map(|id| (*id, UnixMillis::new(i64::MIN), true)))
            .flat_map(|(id, to, missed)| self.missing(id, (to, missed)))
            .collect();
        if behind.is_empty() {
            return Ok(());
        }
        let mut why = None;
        for id in behind {
            if let Some(feed) = self.feeds.get_mut(&id) {
                why = why.max(feed.deaf);
                feed.wards.insert(ward.clone());
            }
            self.ask(id, present.max(to));
        }
        Err(why)
    }

    /// The feed and those of its processes that are not there up to a moment.
    fn missing(&self, id: FeedId, (to, missed): (UnixMillis, bool)) -> Vec<FeedId> {
        let Some(feed) = self.feeds.get(&id) else { return Vec::new() };
        if !missed && feed.deaf == Some(Deaf::TooMuch) {
            return Vec::new();
        }
        let is_behind = |id: &FeedId| self.feeds.get(id).is_some_and(|feed| !feed.is_there(to));
        let processes = feed.processes.keys();
        std::iter::once(&id).chain(processes).filter(|id| is_behind(id)).copied().collect()
    }

    fn ask(&mut self, id: FeedId, to: UnixMillis) {
        let Some(feed) = self.feeds.get_mut(&id) else { return };
        feed.wanted = feed.wanted.max(to);
        if feed.state == State::Idle && feed.is_behind() {
            self.line_up(id);
        }
    }

    fn line_up(&mut self, id: FeedId) {
        let Some(feed) = self.feeds.get_mut(&id) else { return };
        feed.state = State::Queued;
        self.queue.push_back(id);
        Self::enter(&mut self.alike, id, feed);
    }

    fn enter(alike: &mut BTreeMap<(ShapeId, bool, UnixMillis), BTreeSet<FeedId>>, id: FeedId, feed: &Feed) {
        for (shape, _) in feed.moulds.iter().filter(|_| feed.alone == 0) {
            alike.entry((*shape, feed.to.is_none(), feed.start())).or_default().insert(id);
        }
    }

    fn leave(alike: &mut BTreeMap<(ShapeId, bool, UnixMillis), BTreeSet<FeedId>>, id: FeedId, feed: &Feed) {
        for (shape, _) in &feed.moulds {
            let key = (*shape, feed.to.is_none(), feed.start());
            if let Some(others) = alike.get_mut(&key) {
                others.remove(&id);
                if others.is_empty() {
                    alike.remove(&key);
                }
            }
        }
    }

    /// When the next feed has rested, if nothing is queued.
    pub(super) fn rests_until(&self) -> Option<UnixMillis> {
        self.resting.first().map(|(until, _)| *until)
    }

    /// The next query.
    pub(super) fn next_batch(&mut self, now: UnixMillis) -> Option<Batch> {
        while let Some((until, id)) = self.resting.first().copied().filter(|(until, _)| *until <= now) {
            self.resting.remove(&(until, id));
            self.line_up(id);
        }
        loop {
            let first = self.queue.pop_front()?;
            if let Some(batch) = self.batch(first) {
                return Some(batch);
            }
        }
    }

    /// A query for a queued feed, and for as many others as can be asked with it.
    fn batch(&mut self, first: FeedId) -> Option<Batch> {
        let feed = self.feeds.get(&first).filter(|feed| feed.state == State::Queued)?;
        let (begins, start) = (feed.to.is_none(), feed.start());
        let others = |shape: ShapeId| self.alike.get(&(shape, begins, start));
        let moulds = feed.moulds.iter().filter(|_| self.fuses && feed.alone == 0);
        let best = moulds.max_by_key(|(shape, _)| others(*shape).map_or(0, BTreeSet::len));
        let mut feeds = vec![first];
        let mut by = None;
        if let Some((shape, mould)) = best {
            let (mut room, mut values) =
                (self.most_fused.saturating_sub(guess(feed)), vec![mould.value.clone()]);
            for id in others(*shape).into_iter().flatten().filter(|id| **id != first) {
                let Some(other) = self.feeds.get(id) else { continue };
                let Some((_, own)) = other.moulds.iter().find(|(own, _)| own == shape) else { continue };
                if feeds.len() == MOST_FUSED || room < guess(other) {
                    break;
                }
                room -= guess(other);
                feeds.push(*id);
                values.push(own.value.clone());
            }
            let all: Vec<&str> = values.iter().map(String::as_str).collect();
            let fused = mould.fused(&all).filter(|_| feeds.len() > 1);
            match fused {
                Some(selector) => by = Some((selector.to_string(), (mould.label.clone(), values))),
                None => feeds.truncate(1),
            }
        }
        let all = || feeds.iter().filter_map(|id| self.feeds.get(id));
        let (room, before) = (feed.want.room, all().filter_map(|feed| feed.want.before).max());
        let to = all().map(|feed| feed.wanted).max().unwrap_or(start);
        let (selector, by) = match by {
            Some((selector, by)) => (selector, Some(by)),
            None => (feed.want.selector.clone(), None),
        };
        let (space, sum) = (feed.space, feed.want.sum.as_ref().map(|sum| (Arc::clone(sum), feed.whole)));
        for id in &feeds {
            if let Some(feed) = self.feeds.get_mut(id) {
                Self::leave(&mut self.alike, *id, feed);
                feed.state = State::Asked;
            }
        }
        let stretch = Stretch { from: start, to };
        Some(Batch { feeds, space, selector, by, stretch, begins, before, room, sum })
    }

    /// A query was answered, for each of its feeds.
    pub(super) fn answered(&mut self, batch: &Batch, met: Vec<Met>) {
        for (id, met) in batch.feeds.iter().zip(met) {
            self.answered += 1;
            self.fused += u64::from(batch.feeds.len() > 1);
            let Some(feed) = self.feeds.get_mut(id) else { continue };
            let (from, to, space) = (feed.want.from, batch.stretch.to, feed.space);
            // What is wanted meanwhile from before this is asked for anew.
            if feed.to.is_none() && !(batch.begins && batch.stretch.from <= from) {
                feed.state = State::Idle;
            } else {
                feed.answered(to, met.series);
            }
            let processes: Vec<FeedId> =
                met.processes.iter().filter_map(|process| self.feed(telling(process, from), space)).collect();
            for process in &processes {
                self.ask(*process, to);
            }
            let Some(feed) = self.feeds.get_mut(id) else { continue };
            self.woken.append(&mut feed.wards);
            feed.processes.extend(processes.into_iter().map(|process| (process, to)));
            feed.processes.retain(|_, met| to.minus(PROCESS_KEPT) < *met);
            if feed.is_behind() {
                self.line_up(*id);
            }
        }
    }

    /// A query was not answered. Where that may lie with one of several, each is asked by itself.
    pub(super) fn failed(&mut self, batch: &Batch, deaf: Deaf, now: UnixMillis) {
        self.unanswered(batch, (deaf, false), now);
    }

    /// A query was answered, and there was no room for what was answered: of the source that says nothing.
    pub(super) fn full(&mut self, batch: &Batch, now: UnixMillis) {
        self.unanswered(batch, (Deaf::TooMuch, true), now);
    }

    fn unanswered(&mut self, batch: &Batch, (deaf, lacks_room): (Deaf, bool), now: UnixMillis) {
        for id in &batch.feeds {
            let Some(feed) = self.feeds.get_mut(id) else { continue };
            feed.lacks_room = lacks_room;
            self.woken.append(&mut feed.wards);
            if batch.feeds.len() > 1 && may_lie_with_one(deaf) {
                feed.alone = ALONE_FOR;
                self.line_up(*id);
            } else if feed.coarsen(deaf) {
                self.line_up(*id);
            } else {
                let until = feed.failed(deaf, now);
                self.resting.insert((until, *id));
            }
        }
    }

    /// Those of whom something was answered, or failed, since this was asked.
    pub(super) fn woken(&mut self) -> BTreeSet<Ward> {
        std::mem::take(&mut self.woken)
    }

    pub(super) fn feeds(&self) -> usize {
        self.feeds.len()
    }
}

fn guess(feed: &Feed) -> usize {
    if feed.to.is_none() { UNKNOWN_SERIES } else { feed.series.max(1) }
}
