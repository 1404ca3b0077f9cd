//! Fetching: from Prometheus into a store of this gate's own, always from where it left off.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Wanted;
use crate::run::processes::{Process, told_of};
use crate::signal::Series;
use crate::source::prometheus::{Error, Heard, Prometheus, Room, Stretch};
use crate::store::{Bounds, Store};
use crate::unit::{Span, UnixMillis};

/// How many processes are asked about at once.
const AT_ONCE: usize = 100;

/// Whatever was fetched is kept.
const FOR_EVER: Span = Span::from_secs(100 * 365 * 86_400);

/// Why nothing more was fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// Prometheus does not answer, or not well.
    #[error(transparent)]
    Prometheus(#[from] Error),
    /// What it sent cannot be taken.
    #[error(
        "{host} sent {many} samples that cannot be taken: they are not in the order of their times, or more than there is \
         room for ({series} series, {samples} samples); narrow the checks' selectors, or the target's `select`"
    )]
    Unfit {
        /// Who.
        host: String,
        /// How many.
        many: u64,
        /// For how many series there is room.
        series: usize,
        /// For how many samples.
        samples: usize,
    },
}

impl Trouble {
    /// Whether it may be gone at the next look.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Prometheus(error) => error.may_pass(),
            Self::Unfit { .. } => false,
        }
    }

    /// Whether something was answered, and not all of it: that is no reason to give up, and decides nothing.
    pub(super) const fn is_partial(&self) -> bool {
        matches!(self, Self::Prometheus(Error::Partial(_)))
    }
}

/// Samples of one gate, as far as they were fetched.
#[derive(Debug)]
pub(super) struct Fetched {
    prometheus: Prometheus,
    wanted: Wanted,
    /// Up to when all of it is there; nothing before the first time.
    to: Option<UnixMillis>,
    /// The processes that were heard of, and up to when what tells of them is there.
    processes: BTreeMap<Process, UnixMillis>,
    /// The selectors that nothing was heard of.
    silent: BTreeSet<String>,
    /// The samples.
    pub(super) store: Store,
    /// What was left out, and why.
    pub(super) left: BTreeSet<String>,
}

impl Fetched {
    /// Nothing yet.
    pub(super) fn new(prometheus: Prometheus, wanted: Wanted) -> Self {
        Self {
            prometheus,
            to: None,
            processes: BTreeMap::new(),
            silent: wanted.selectors.iter().cloned().collect(),
            store: Store::new(Bounds { retention: FOR_EVER, ahead: FOR_EVER, ..Bounds::default() }),
            left: BTreeSet::new(),
            wanted,
        }
    }

    /// Whether it was fetched at least once.
    pub(super) const fn has_begun(&self) -> bool {
        self.to.is_some()
    }

    /// The selectors that nothing was heard of, and since when.
    pub(super) fn silent(&self) -> (impl Iterator<Item = &str>, UnixMillis) {
        let is_missed = |selector: &&str| {
            !self.wanted.families.iter().any(|family| family.excuses(selector, &self.silent))
        };
        (self.silent.iter().map(String::as_str).filter(is_missed), self.wanted.from)
    }

    /// Fetches what came since, up to this moment. What was fetched before it went wrong is fetched again, and changes
    /// nothing.
    pub(super) async fn up_to(&mut self, to: UnixMillis) -> Result<(), Trouble> {
        let from = match self.to {
            Some(from) => from,
            None => self.before().await?,
        };
        if to <= from {
            return Ok(());
        }
        for selector in self.wanted.selectors.clone() {
            self.fetch(&selector, Stretch { from, to }).await?;
        }
        for (_, selector) in self.wanted.aside.clone() {
            match self.fetch(&selector, Stretch { from, to }).await {
                Err(Trouble::Prometheus(error)) if error.is_too_much() => self.leave(&selector, &error),
                fetched => fetched?,
            }
        }
        self.processes(to).await?;
        self.to = Some(to);
        Ok(())
    }

    /// Fetches the samples of a selector.
    async fn fetch(&mut self, selector: &str, whole: Stretch) -> Result<(), Trouble> {
        for stretch in self.stretches(selector, whole).await? {
            let heard = self.prometheus.samples(selector, stretch).await?.whole()?;
            if !heard.series.is_empty() {
                self.silent.remove(selector);
            }
            self.meet(&heard.series);
            self.take(&heard)?;
        }
        Ok(())
    }

    /// Goes on without the other targets that this is a selector of.
    fn leave(&mut self, selector: &str, why: &Error) {
        let is_own = |(_, own): &&(String, String)| own == selector;
        let left: BTreeSet<String> =
            self.wanted.aside.iter().filter(is_own).map(|(target, _)| target.clone()).collect();
        self.wanted.aside.retain(|(target, _)| !left.contains(target));
        self.left.extend(left.iter().map(|target| format!("{target} is not compared: {why}")));
    }

    fn is_aside(&self, selector: &str) -> bool {
        self.wanted.aside.iter().any(|(_, own)| own == selector)
    }

    /// What was last seen before the first moment that all is fetched of.
    async fn before(&mut self) -> Result<UnixMillis, Trouble> {
        let to = self.wanted.from;
        for (selector, span) in self.wanted.before.clone() {
            let heard = match self.prometheus.last_seen(&selector, Stretch { from: to.minus(span), to }).await
            {
                Err(error) if error.is_too_much() && self.is_aside(&selector) => {
                    self.leave(&selector, &error);
                    continue;
                }
                heard => heard?.whole()?,
            };
            self.take(&heard)?;
        }
        Ok(to)
    }

    async fn stretches(&self, selector: &str, whole: Stretch) -> Result<Vec<Stretch>, Error> {
        let are_histograms = self.wanted.histograms.contains(selector);
        let room = if are_histograms { Room::Histogram } else { Room::Number };
        self.prometheus.stretches(selector, whole, room).await
    }

    /// Notes the processes that expose these series.
    fn meet(&mut self, series: &[Series]) {
        for process in series.iter().filter_map(|series| Process::of(&series.labels)) {
            self.processes.entry(process).or_insert(self.wanted.from);
        }
    }

    /// Fetches what tells of processes: of one that was not known before, from the beginning on.
    async fn processes(&mut self, to: UnixMillis) -> Result<(), Trouble> {
        let mut alike: BTreeMap<(String, UnixMillis), Vec<String>> = BTreeMap::new();
        for (Process { job, instance }, from) in &self.processes {
            alike.entry((job.clone(), *from)).or_default().push(instance.clone());
        }
        for ((job, from), instances) in alike {
            for some in instances.chunks(AT_ONCE) {
                let selector = told_of(&job, some);
                for stretch in self.stretches(&selector, Stretch { from, to }).await? {
                    let heard = self.prometheus.samples(&selector, stretch).await?.whole()?;
                    self.take(&heard)?;
                }
            }
        }
        self.processes.values_mut().for_each(|known| *known = to);
        Ok(())
    }

    fn take(&mut self, heard: &Heard) -> Result<(), Trouble> {
        // How old samples may be is for Prometheus to say, so they are taken as of any time.
        let appended = self.store.append(&heard.series, UnixMillis::default());
        if appended.refused() == 0 {
            return Ok(());
        }
        let Bounds { series, samples, .. } = self.store.bounds();
        let (host, many) = (self.prometheus.host().to_owned(), appended.refused());
        Err(Trouble::Unfit { host, many, series, samples })
    }
}
