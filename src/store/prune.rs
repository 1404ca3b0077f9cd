//! Pruning: what is older than the retention leaves.

use crate::store::Store;
use crate::store::append::{hash, label_bytes};
use crate::unit::{Span, UnixMillis};

/// A sweep goes through every series, so there are this many in the time of one retention and no more. A sample may
/// outlive its time by as much.
const SWEEPS: u64 = 32;

impl Store {
    /// Drops samples that are older than the retention, and series that are left with none; tells how many samples.
    /// It does nothing until the next sweep is due, so it may be called at every tick.
    pub fn prune(&mut self, now: UnixMillis) -> usize {
        let pause = Span::from_millis(self.bounds.retention.millis() / SWEEPS);
        if self.swept.is_some_and(|swept| now.since(swept) < pause) {
            return 0;
        }
        self.swept = Some(now);
        let before = now.minus(self.bounds.retention);
        let dropped = self.series.values_mut().map(|stored| stored.forget(before)).sum();
        self.samples -= dropped;
        self.oldest = self.oldest.max(Some(before));
        self.drop_empty();
        dropped
    }

    /// Drops samples that are older than that, and series that are left with none.
    pub fn forget(&mut self, before: UnixMillis) {
        let dropped: usize = self.series.values_mut().map(|stored| stored.forget(before)).sum();
        self.samples -= dropped;
        self.oldest = self.oldest.max(Some(before));
        self.drop_empty();
    }

    fn drop_empty(&mut self) {
        let empty: Vec<_> =
            self.series.iter().filter(|(_, stored)| stored.is_empty()).map(|(id, _)| *id).collect();
        let gone = empty.into_iter().filter_map(|id| Some((id, self.series.remove(&id)?.into_labels())));
        let gone: Vec<_> = gone.collect();
        for (id, labels) in &gone {
            self.known.remove(&(hash(labels), *id));
            self.label_bytes -= label_bytes(labels);
        }
        self.index.remove(&gone);
    }
}
