//! Feeds: one selector of a source each, with how far its samples are there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::Sum;
use crate::promql::{Features, Matcher, Mould, Selector, parse};
use crate::run::mirror::desk::Ward;
use crate::signal::Deaf;
use crate::source::prometheus::Room;
use crate::unit::{Span, UnixMillis};

/// Names a feed within its desk.
pub(super) type FeedId = u32;

/// Names a mould within its desk.
pub(super) type ShapeId = u32;

/// By how much an answer overlaps the one before: samples come to a source late as well.
pub(super) const OVERLAP: Span = Span::from_secs(30);

/// Beginnings are put on a grid of this, so that like ones meet.
pub(super) const BEGINNINGS: Span = Span::from_secs(300);

/// How long a feed rests after its first failure, and at the most.
const REST: Span = Span::from_secs(1);
const LONGEST_REST: Span = Span::from_secs(15);

/// What is wanted of a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Want {
    pub(super) selector: String,
    pub(super) from: UnixMillis,
    /// How long before that its series are asked when they were last seen.
    pub(super) before: Option<Span>,
    pub(super) room: Room,
    /// What is asked in place of its series, where they are too many.
    pub(super) sum: Option<Arc<Sum>>,
}

/// Names what a mirror holds apart from all else: sums, and series that are in them, would be counted twice.
pub(super) type SpaceId = u32;

/// A selector with how far its samples are there.
#[derive(Debug)]
pub(super) struct Feed {
    pub(super) want: Want,
    pub(super) space: SpaceId,
    /// Whether its sums do not even tell groups of instances apart, since those are too many.
    pub(super) whole: bool,
    /// What is asked of the labels of its series.
    pub(super) asks: Arc<[Matcher]>,
    /// The moulds that it fits, for it to be asked with others.
    pub(super) moulds: Vec<(ShapeId, Mould)>,
    /// Up to when its samples are there; nothing before the first answer.
    pub(super) to: Option<UnixMillis>,
    /// Up to when they are wanted.
    pub(super) wanted: UnixMillis,
    pub(super) state: State,
    /// Why it was not answered the last time.
    pub(super) deaf: Option<Deaf>,
    /// Whether that is no more than that there was no room for the answer.
    pub(super) lacks_room: bool,
    /// How often it failed in a row.
    failures: u32,
    /// For how many more answers it is asked by itself.
    pub(super) alone: u32,
    /// How many series it had in the last answer.
    pub(super) series: usize,
    /// What tells of the processes that expose its series, and when each was last met.
    pub(super) processes: BTreeMap<FeedId, UnixMillis>,
    /// Who waits for it.
    pub(super) wards: BTreeSet<Ward>,
}

/// What a feed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Idle,
    /// It waits to be asked.
    Queued,
    /// It is asked.
    Asked,
    /// It failed, and is asked again then.
    Resting(UnixMillis),
}

impl Feed {
    pub(super) fn new(want: Want, space: SpaceId, mut shape: impl FnMut(&Mould) -> ShapeId) -> Self {
        let plan = parse(&want.selector, Features::NONE).ok();
        let selector = plan.as_ref().and_then(|plan| plan.as_selector());
        // The samples of native histograms are so large that they are asked for by themselves.
        let is_plain = want.room == Room::Number && want.sum.is_none();
        let moulds = selector.filter(|_| is_plain).map(Selector::moulds).unwrap_or_default();
        let moulds = moulds.into_iter().map(|mould| (shape(&mould), mould)).collect();
        let asks = selector.map(Selector::asks).unwrap_or_default().into();
        let wanted = want.from;
        Self {
            want,
            space,
            whole: false,
            asks,
            moulds,
            to: None,
            wanted,
            state: State::Idle,
            deaf: None,
            lacks_room: false,
            failures: 0,
            alone: 0,
            series: 0,
            processes: BTreeMap::new(),
            wards: BTreeSet::new(),
        }
    }

    /// Where its next answer begins.
    pub(super) fn start(&self) -> UnixMillis {
        match self.to {
            Some(to) => to.minus(OVERLAP).max(self.want.from),
            None => self.want.from,
        }
    }

    /// It is wanted from a moment on. Where that lies before what is there, all of it is asked for anew.
    pub(super) fn begin(&mut self, want: &Want) {
        if want.from < self.want.from {
            self.want.from = want.from;
            self.to = None;
        }
        self.want.before = self.want.before.max(want.before);
    }

    /// Nobody wants what was before a moment any more; tells whether that is news.
    pub(super) fn leave(&mut self, before: UnixMillis) -> bool {
        let is_news = self.want.from < before && self.is_there(before);
        if is_news {
            self.want.from = before;
        }
        is_news
    }

    pub(super) fn is_there(&self, to: UnixMillis) -> bool {
        self.to.is_some_and(|there| to <= there)
    }

    pub(super) fn is_behind(&self) -> bool {
        !self.is_there(self.wanted)
    }

    /// Its sums are too many, and are asked for by less; tells whether there is less.
    pub(super) fn coarsen(&mut self, deaf: Deaf) -> bool {
        let is_finer = self.want.sum.is_some() && !self.whole && deaf == Deaf::TooMuch && !self.lacks_room;
        if is_finer {
            (self.whole, self.to) = (true, None);
        }
        is_finer
    }

    /// It was answered up to a moment.
    pub(super) fn answered(&mut self, to: UnixMillis, series: usize) {
        self.to = self.to.max(Some(to));
        self.series = series;
        (self.state, self.deaf, self.lacks_room, self.failures) = (State::Idle, None, false, 0);
        self.alone = self.alone.saturating_sub(1);
    }

    /// It was not, and rests, longer each time.
    pub(super) fn failed(&mut self, deaf: Deaf, now: UnixMillis) -> UnixMillis {
        let times = 1_u64 << self.failures.min(8);
        self.failures += 1;
        self.deaf = Some(deaf);
        let rest = Span::from_millis((REST.millis() * times).min(LONGEST_REST.millis()));
        let until = now.plus(rest);
        self.state = State::Resting(until);
        until
    }
}
