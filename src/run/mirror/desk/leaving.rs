//! Leaving: what nobody wants any more is not asked for, and not kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::run::mirror::desk::{Desk, Needs, RAW, Ward};
use crate::run::mirror::feed::{BEGINNINGS, FeedId, SpaceId, State};
use crate::unit::UnixMillis;

impl Desk {
    /// Lets go of wards that want nothing any more, of feeds that nobody wants, and of what is older than anybody wants:
    /// of each ward it is told since when it wants something.
    pub(in crate::run::mirror) fn sweep(&mut self, since: impl Fn(&Ward) -> Option<UnixMillis>) {
        let mut wanted: BTreeMap<FeedId, UnixMillis> = BTreeMap::new();
        let mut want = |id: FeedId, from: UnixMillis| {
            wanted.entry(id).and_modify(|known| *known = from.min(*known)).or_insert(from);
        };
        self.wards.retain(|ward, wants| {
            let Some(since) = since(ward) else { return false };
            // On the grid of what is wished for: else a ward that wishes again would be given all of it anew.
            wants.from = wants.from.max(since).floor(BEGINNINGS);
            wants.all().for_each(|id| {
                want(*id, wants.from);
                let processes = self.feeds.get(id).into_iter().flat_map(|feed| feed.processes.keys());
                processes.for_each(|process| want(*process, wants.from));
            });
            true
        });
        let unwanted = self.feeds.keys().filter(|id| !wanted.contains_key(id)).copied();
        for id in unwanted.collect::<Vec<_>>() {
            self.drop_feed(id);
        }
        for (id, from) in wanted {
            self.leave_before(id, from);
        }
        let wards = &self.wards;
        self.spaces.retain(|id, _| *id == RAW || wards.values().any(|wants| wants.space == *id));
        let spaces = &self.spaces;
        self.shapes.retain(|(space, _), _| spaces.contains_key(space));
        let feeds = &self.feeds;
        self.known.retain(|_, id| feeds.contains_key(id));
    }

    fn leave_before(&mut self, id: FeedId, from: UnixMillis) {
        let Some(feed) = self.feeds.get_mut(&id) else { return };
        let is_queued = feed.state == State::Queued;
        if is_queued {
            Self::leave(&mut self.alike, id, feed);
        }
        self.left |= feed.leave(from);
        if is_queued {
            Self::enter(&mut self.alike, id, feed);
        }
    }

    /// What is asked of the series that are wanted, and since when, of each store, where less is wanted than before this
    /// was asked.
    pub(in crate::run::mirror) fn less(&mut self) -> Option<Vec<Needs>> {
        let needs = || {
            let mut own: BTreeMap<SpaceId, Vec<_>> = BTreeMap::new();
            for feed in self.feeds.values() {
                own.entry(feed.space).or_default().push((Arc::clone(&feed.asks), feed.want.from));
            }
            let each = self.spaces.iter();
            each.map(|(id, store)| (Arc::clone(store), own.remove(id).unwrap_or_default())).collect()
        };
        std::mem::take(&mut self.left).then(needs)
    }

    /// Lets go of a feed, unless an answer is on its way. Where it stands in the queue it is passed over.
    pub(super) fn drop_feed(&mut self, id: FeedId) {
        let Some(feed) = self.feeds.get(&id).filter(|feed| feed.state != State::Asked) else { return };
        match feed.state {
            State::Queued => Self::leave(&mut self.alike, id, feed),
            State::Resting(until) => drop(self.resting.remove(&(until, id))),
            State::Idle | State::Asked => {}
        }
        self.feeds.remove(&id);
        self.left = true;
    }
}
