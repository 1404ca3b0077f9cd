//! Orders that come minutes after their carts: counted at once, a canary has carts before it can have orders.

use std::collections::VecDeque;

use backstop::gate::Tally;

use crate::chance::Chance;
use crate::study::traffic::{GROUPS, LOOKS, STABLE, whole};

use super::{HISTORY, Promise, Strain, Stream};

pub(super) const STRAINS: &[Strain] = &[
    Strain {
        lower: true,
        ..Strain::beside("orders up to 20 minutes after their carts, `lag: 20m`", |chance| {
            vec![orders(chance, 30.0, LAG)]
        })
    },
    Strain {
        lower: true,
        ..Strain::beside("the same with two carts a minute on the canary", |chance| {
            vec![orders(chance, 1.0, LAG)]
        })
    },
    Strain {
        lower: true,
        ..Strain::beside("the same without a lag", |chance| vec![orders(chance, 30.0, 0)])
    }
    .promises(Promise::Shown),
];

/// In looks: no order comes later.
const LAG: usize = 40;
/// The share of carts that becomes orders, after this many looks in the mean.
const CONVERSION: f64 = 0.3;
const MEAN_DELAY: f64 = 8.0;

/// One side or group: carts, and the orders that are still to come of them.
struct Shop {
    carts: f64,
    past: VecDeque<u64>,
    coming: VecDeque<u64>,
}

impl Shop {
    fn new(carts: f64) -> Self {
        Self { carts, past: VecDeque::from(vec![0; LAG + 1]), coming: VecDeque::from(vec![0; LAG + 1]) }
    }

    /// A look's orders, and the carts of so many looks before.
    fn look(&mut self, chance: &mut Chance, lag: usize) -> Tally {
        let carts = whole(chance.events(self.carts));
        self.past.push_front(carts);
        self.past.truncate(LAG + 1);
        for _ in 0..carts {
            if chance.share() < CONVERSION {
                let delay = -MEAN_DELAY * libm::log(chance.share());
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few looks")]
                let delay = (delay as usize).min(LAG);
                self.coming[delay] += 1;
            }
        }
        self.coming.push_back(0);
        let events = self.coming.pop_front().unwrap();
        Tally { events, of: self.past[lag] }
    }
}

fn orders(chance: &mut Chance, carts: f64, lag: usize) -> Stream {
    let mut canary = Shop::new(carts);
    let mut stable: Vec<Shop> = (0..GROUPS).map(|_| Shop::new(carts * STABLE / 4.0)).collect();
    let mut old =
        |chance: &mut Chance| stable.iter_mut().map(|shop| shop.look(chance, lag)).collect::<Vec<_>>();
    for _ in 0..2 * LAG {
        old(chance);
    }
    let rows = (0..HISTORY).map(|_| old(chance)).collect();
    // With a lag the first carts are looked at once their orders can be there.
    for _ in 0..lag {
        canary.look(chance, lag);
        old(chance);
    }
    let mut carried = (Tally::default(), vec![Tally::default(); GROUPS]);
    let look = |_| {
        let (new, old) = (canary.look(chance, lag), old(chance));
        let new = carried.0.and(new);
        let old: Vec<Tally> = carried.1.iter().zip(&old).map(|(one, other)| one.and(*other)).collect();
        // More orders than carts cannot be of one thing; such counts wait for a later look.
        if new.events > new.of || old.iter().any(|group| group.events > group.of) {
            carried = (new, old);
            return None;
        }
        carried = (Tally::default(), vec![Tally::default(); GROUPS]);
        Some((new, old))
    };
    Stream { mixes: Vec::new(), rows, looks: (0..LOOKS).map(look).collect() }
}
