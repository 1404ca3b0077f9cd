//! What there is to evaluate expressions over: a store that nobody writes to meanwhile, or one that others do write to.

use crate::promql::matcher::Matcher;
use crate::store::{Access, Asks, Lot, Snapshot, Store, Wanted};

/// Series with samples.
pub trait Stock {
    /// The series that pass, in the order of their labels, with the samples that are wanted; none without any. Where
    /// `over` says of so much work that it is too much, any of them may be missing.
    fn lots<'s>(
        &'s self,
        wanted: &Wanted<Matcher>,
        over: &dyn Fn(usize) -> bool,
    ) -> Box<dyn Iterator<Item = Lot<'s>> + 's>;
}

impl Stock for Store {
    fn lots<'s>(
        &'s self,
        wanted: &Wanted<Matcher>,
        over: &dyn Fn(usize) -> bool,
    ) -> Box<dyn Iterator<Item = Lot<'s>> + 's> {
        let asks: Vec<Asked<'_>> = wanted.asks.iter().map(|matcher| Asked { matcher, over }).collect();
        let (after, to) = (wanted.after, wanted.to);
        let lots = self
            .select(&asks)
            .into_iter()
            .map(move |stored| Lot::lent(stored.labels(), stored.points().between(after, to)));
        Box::new(lots.filter(|lot| !lot.points().is_empty()))
    }
}

/// A matcher that lets nothing pass any more once it is too much work.
struct Asked<'m> {
    matcher: &'m Matcher,
    over: &'m dyn Fn(usize) -> bool,
}

impl Asks for Asked<'_> {
    fn label(&self) -> &str {
        &self.matcher.label
    }

    fn equal(&self) -> Option<&str> {
        Asks::equal(self.matcher)
    }

    fn accepts(&self, value: &str) -> bool {
        let work = if self.equal().is_some() { 1 } else { MATCHED * value.len() };
        !(self.over)(1 + work) && self.matcher.accepts(value)
    }
}

/// How much work it is to match a letter, at worst.
const MATCHED: usize = 64;

/// What there was of a store at one moment. It has what an expression said that it [wants](crate::promql::wanted).
pub struct Shared<'s> {
    /// What there was.
    pub snapshot: &'s Snapshot<Matcher>,
    /// How its samples are got at.
    pub access: &'s Access<'s>,
}

impl Stock for Shared<'_> {
    fn lots<'s>(
        &'s self,
        wanted: &Wanted<Matcher>,
        _: &dyn Fn(usize) -> bool,
    ) -> Box<dyn Iterator<Item = Lot<'s>> + 's> {
        Box::new(self.snapshot.read(&wanted.asks, (wanted.after, wanted.to), self.access))
    }
}
