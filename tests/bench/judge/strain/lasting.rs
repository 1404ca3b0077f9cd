//! Errors that keep coming from the same few: a client that retries for minutes, users who stay on one track. Each is on one
//! side and one group for as long as it lasts.

use backstop::gate::Tally;

use crate::chance::Chance;
use crate::study::traffic::{GROUPS, LOOKS, STABLE, whole};

use super::{BASELINE, HISTORY, OF, Strain, Stream};

pub(super) const STRAINS: &[Strain] = &[
    Strain::beside("clusters of ten errors over 2 minutes", |chance| vec![beside(chance, cluster(4.0))]),
    Strain::beside("clusters of ten errors over 5 minutes", |chance| vec![beside(chance, cluster(10.0))]),
    Strain::beside("clusters of ten errors over 20 minutes", |chance| vec![beside(chance, cluster(40.0))]),
    Strain::after("clusters of ten errors over 2 minutes, after against 4 h before", |chance| {
        vec![after(chance, cluster(4.0))]
    }),
    Strain::after("clusters of ten errors over 20 minutes, after against 4 h before", |chance| {
        vec![after(chance, cluster(40.0))]
    }),
    Strain::beside("sticky sessions of 5 minutes, one in ten of which fails often", |chance| {
        vec![beside(chance, session(10.0))]
    }),
    Strain::beside("sticky sessions of 30 minutes, one in ten of which fails often", |chance| {
        vec![beside(chance, session(60.0))]
    }),
    Strain::beside("sticky sessions of 2 hours, one in ten of which fails often", |chance| {
        vec![beside(chance, session(240.0))]
    }),
];

/// Where errors come from on the canary.
#[derive(Debug, Clone, Copy)]
struct Sources {
    /// How many there are at a time.
    many: f64,
    /// For how many looks each stays, in the mean.
    stays: f64,
    /// The errors of each in a look.
    errors: f64,
}

/// Ten errors in all, spread over so many looks.
const fn cluster(looks: f64) -> Sources {
    let errors = 10.0 / looks;
    Sources { many: 3.0 / errors, stays: looks, errors }
}

/// A hundred users with three requests a look, of whom ten fail with one request in ten.
const fn session(looks: f64) -> Sources {
    Sources { many: 10.0, stays: looks, errors: 0.3 }
}

/// The sources of one side or group.
struct Side {
    sources: Sources,
    /// Times the canary's traffic.
    size: f64,
    there: u32,
}

impl Side {
    fn new(chance: &mut Chance, sources: Sources, size: f64) -> Self {
        let there = u32::try_from(whole(chance.events(sources.many * size))).unwrap();
        Self { sources, size, there }
    }

    fn look(&mut self, chance: &mut Chance) -> Tally {
        let of = whole(chance.events(OF * self.size));
        let events = whole(chance.events(f64::from(self.there) * self.sources.errors)).min(of);
        let leaves = 1.0 / self.sources.stays;
        let left = (0..self.there).filter(|_| chance.share() < leaves).count();
        let came = whole(chance.events(self.sources.many * self.size * leaves));
        self.there = self.there - u32::try_from(left).unwrap() + u32::try_from(came).unwrap();
        Tally { events, of }
    }
}

fn beside(chance: &mut Chance, sources: Sources) -> Stream {
    let mut new = Side::new(chance, sources, 1.0);
    let mut old: Vec<Side> = (0..GROUPS).map(|_| Side::new(chance, sources, STABLE / 4.0)).collect();
    let mut groups = |chance: &mut Chance| old.iter_mut().map(|side| side.look(chance)).collect::<Vec<_>>();
    let rows = (0..HISTORY).map(|_| groups(chance)).collect();
    Stream {
        mixes: Vec::new(),
        rows,
        looks: (0..LOOKS).map(|_| Some((new.look(chance), groups(chance)))).collect(),
    }
}

fn after(chance: &mut Chance, sources: Sources) -> Stream {
    let mut side = Side::new(chance, sources, 1.0);
    let rows = (0..BASELINE).map(|_| vec![side.look(chance)]).collect();
    Stream {
        mixes: Vec::new(),
        rows,
        looks: (0..LOOKS).map(|_| Some((side.look(chance), Vec::new()))).collect(),
    }
}
