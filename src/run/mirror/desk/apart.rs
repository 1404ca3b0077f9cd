//! Apart from all else is held what a ward wants as sums: sums, and series that are in them, would be counted twice.

use std::collections::BTreeSet;
use std::sync::{Arc, RwLock};

use crate::run::mirror::desk::{Desk, RAW, Wants, Ward, Wish};
use crate::run::mirror::feed::{FeedId, SpaceId};
use crate::signal::Deaf;
use crate::store::{Bounds, Store};

impl Desk {
    /// A ward wants sums, and whatever it wants besides, apart from what others want.
    pub(in crate::run::mirror) fn wish_apart(&mut self, ward: Ward, wish: Wish, opened: bool) {
        let own = self.wards.get(&ward).map(|wants| wants.space).filter(|space| *space != RAW);
        let space = own.unwrap_or_else(|| {
            let space = self.next_space;
            self.next_space += 1;
            self.spaces.insert(space, Arc::new(RwLock::new(Store::new(Bounds::default()))));
            space
        });
        let before = self.wards.remove(&ward);
        self.wish_in(space, ward, wish, opened);
        // What it wanted is not asked for until the next sweep, in vain.
        let before: BTreeSet<FeedId> = before.iter().flat_map(Wants::all).copied().collect();
        let wanted: BTreeSet<FeedId> =
            self.wards.values().flat_map(Wants::all).filter(|id| before.contains(id)).copied().collect();
        for id in before.difference(&wanted) {
            self.drop_feed(*id);
        }
        let feeds = &self.feeds;
        self.known.retain(|_, id| feeds.contains_key(id));
    }

    /// Whether a ward wants sums.
    pub(in crate::run::mirror) fn is_apart(&self, ward: &Ward) -> bool {
        self.wards.get(ward).is_some_and(|wants| wants.space != RAW)
    }

    /// Whether the source has more of what a ward cannot do without than is taken.
    pub(in crate::run::mirror) fn is_too_much(&self, ward: &Ward) -> bool {
        let own = self.wards.get(ward).into_iter().flat_map(|wants| &wants.own);
        own.filter_map(|id| self.feeds.get(id))
            .any(|feed| feed.deaf == Some(Deaf::TooMuch) && !feed.lacks_room)
    }

    /// Where what a ward wants is held.
    pub(in crate::run::mirror) fn store_of(&self, ward: &Ward) -> Option<Arc<RwLock<Store>>> {
        self.store(self.wards.get(ward)?.space)
    }

    /// What is held in a space; nothing where nobody wants it any more.
    pub(in crate::run::mirror) fn store(&self, space: SpaceId) -> Option<Arc<RwLock<Store>>> {
        self.spaces.get(&space).map(Arc::clone)
    }

    /// All that is held.
    pub(in crate::run::mirror) fn stores(&self) -> Vec<Arc<RwLock<Store>>> {
        self.spaces.values().map(Arc::clone).collect()
    }

    /// How many selectors are asked for as sums.
    pub(in crate::run::mirror) fn summed(&self) -> usize {
        self.feeds.values().filter(|feed| feed.want.sum.is_some()).count()
    }
}
