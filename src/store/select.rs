//! Selecting: the series that pass everything that is asked of their labels.

use crate::store::Store;
use crate::store::asks::Asks;
use crate::store::index::SeriesId;
use crate::store::stored::Stored;

impl Store {
    /// The series that pass, in the order of their labels.
    pub fn select<A: Asks>(&self, asks: &[A]) -> Vec<&Stored> {
        let mut found: Vec<&Stored> = self.matching(asks).collect();
        found.sort_unstable_by(|one, other| one.labels().cmp(other.labels()));
        found
    }

    /// The series that pass, in an order that nothing may rest on.
    pub fn matching<'s, A: Asks>(&'s self, asks: &[A]) -> impl Iterator<Item = &'s Stored> {
        self.named(asks).map(|(_, stored)| stored)
    }

    /// The same with their ids.
    pub(super) fn named<'s, A: Asks>(&'s self, asks: &[A]) -> impl Iterator<Item = (SeriesId, &'s Stored)> {
        let mut lists: Vec<&[SeriesId]> = asks.iter().filter_map(|ask| self.listed(ask)).collect();
        lists.sort_by_key(|list| list.len());
        let narrowest = lists.first().copied();
        let narrowed = narrowest.into_iter().flatten().filter_map(move |id| {
            let everywhere = lists.iter().skip(1).all(|list| list.binary_search(id).is_ok());
            if everywhere { Some((*id, self.series.get(id)?)) } else { None }
        });
        let all = narrowest.is_none().then(|| self.series.iter().map(|(id, stored)| (*id, stored)));
        let all = all.into_iter().flatten();
        let unlisted: Vec<&A> = asks.iter().filter(|ask| self.listed(*ask).is_none()).collect();
        let passes = move |(_, stored): &(SeriesId, &Stored)| {
            unlisted.iter().all(|ask| ask.accepts(stored.labels().get(ask.label())))
        };
        narrowed.chain(all).filter(passes)
    }

    /// The list of an ask that has one: the absence of a label is not listed.
    fn listed<A: Asks>(&self, ask: &A) -> Option<&[SeriesId]> {
        let value = ask.equal().filter(|value| !value.is_empty())?;
        Some(self.index.list(ask.label(), value))
    }

    /// The shortest list that has all that pass; nothing where no ask has a list.
    pub(super) fn narrowest<A: Asks>(&self, asks: &[A]) -> Option<&[SeriesId]> {
        asks.iter().filter_map(|ask| self.listed(ask)).min_by_key(|list| list.len())
    }
}
