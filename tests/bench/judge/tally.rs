//! What came of many rollouts: how many ended so, and after how long.

/// The looks at which rollouts came to something; nothing for those that never did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Times(Vec<Option<u32>>);

impl Times {
    pub(crate) fn many(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap()
    }

    pub(crate) fn came(&self) -> u32 {
        u32::try_from(self.0.iter().flatten().count()).unwrap()
    }

    /// The share that came to it.
    pub(crate) fn share(&self) -> f64 {
        f64::from(self.came()) / f64::from(self.many().max(1))
    }

    /// The look by which this share had come to it; nothing where fewer ever did.
    fn look_by(&self, share: f64) -> Option<u32> {
        let mut looks = self.0.clone();
        // What never came, came last.
        looks.sort_by_key(|look| look.unwrap_or(u32::MAX));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of rollouts")]
        let rank = (f64::from(self.many()) * share).ceil() as usize;
        *looks.get(rank.max(1) - 1)?
    }

    /// The minutes of looking after which half of them had come to it.
    pub(crate) fn median(&self) -> Option<f64> {
        self.look_by(0.5).map(minutes)
    }

    /// The same for nine in ten.
    pub(crate) fn most(&self) -> Option<f64> {
        self.look_by(0.9).map(minutes)
    }

    /// The same times counted from a look on; what came before it is left out.
    pub(crate) fn since(&self, onset: u32) -> Self {
        let after = |look: &Option<u32>| look.is_none_or(|look| look > onset);
        Self(self.0.iter().filter(|look| after(look)).map(|look| look.map(|look| look - onset)).collect())
    }
}

impl FromIterator<Option<u32>> for Times {
    fn from_iter<I: IntoIterator<Item = Option<u32>>>(looks: I) -> Self {
        Self(looks.into_iter().collect())
    }
}

fn minutes(look: u32) -> f64 {
    f64::from(look) / 2.0
}

/// The most that a share may come to of so many rollouts where it is promised to be this at the most: with three
/// standard errors of chance.
pub(crate) fn allowed(promised: f64, rollouts: u32) -> f64 {
    promised + 3.0 * (promised * (1.0 - promised) / f64::from(rollouts.max(1))).sqrt()
}

/// The most that a share may come to where the promise is to be seen without any allowance for chance, as far as so many
/// rollouts can show it.
pub(crate) fn promised(promise: f64, rollouts: u32) -> f64 {
    if rollouts < TELLING { allowed(promise, rollouts) } else { promise }
}

/// From so many rollouts on, chance alone seldom breaks a promise that is kept with room to spare.
const TELLING: u32 = 200;

/// The worst and the median of some shares.
pub(crate) fn worst_and_median(mut shares: Vec<f64>) -> (f64, f64) {
    shares.sort_by(f64::total_cmp);
    let worst = shares.last().copied().unwrap_or(0.0);
    let (low, high) = (shares.len().saturating_sub(1) / 2, shares.len() / 2);
    let at = |rank: usize| shares.get(rank).copied().unwrap_or(0.0);
    (worst, f64::midpoint(at(low), at(high)))
}
