//! Traffic made up from a seed: a canary that takes a twentieth of it, and a stable version in four groups of pods.

use std::fmt;

use backstop::gate::Tally;

use crate::chance::Chance;

/// Looks are half a minute apart, for an hour.
pub(crate) const LOOKS: u32 = 120;
/// A look in seconds.
pub(crate) const STEP: f64 = 30.0;
/// The stable version in groups of pods.
pub(crate) const GROUPS: usize = 4;
/// How many looks are known from before the first one: for the rules that hold half an hour against one before it.
pub(crate) const BEFORE: usize = 180;
/// The stable version has so many times the canary's traffic.
pub(crate) const STABLE: f64 = 19.0;

/// How events come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Each by itself.
    Single,
    /// In geometric clusters of three in the mean, each on one side and one group.
    Clusters,
    /// At a rate that wanders by half for each pod and look.
    Pods,
    /// Eight times as often on both sides for about two minutes, about twice an hour.
    Bursts,
}

pub(crate) const SHAPES: [Shape; 4] = [Shape::Single, Shape::Clusters, Shape::Pods, Shape::Bursts];

impl Shape {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Single => "single errors",
            Self::Clusters => "clusters",
            Self::Pods => "noisy pods",
            Self::Bursts => "bursts",
        }
    }

    /// The events in so many requests of a side of so many pods, each request of which fails with this chance.
    pub(crate) fn events(self, chance: &mut Chance, of: u64, share: f64, pods: f64) -> Tally {
        let mean = float(of) * share;
        let events = match self {
            Self::Single | Self::Bursts => chance.events(mean),
            Self::Clusters => chance.clustered(mean),
            Self::Pods => {
                let shape = 4.0 * pods;
                let wandering = chance.gamma(shape) / shape;
                chance.events(mean * wandering)
            }
        };
        Tally { events: whole(events).min(of), of }
    }
}

/// How the new side differs from the old one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Effect {
    /// So many times the share.
    Times(f64),
    /// So much more.
    More(f64),
    /// The worst that the default rule tolerates: both so many times the share, or so much more, whichever is more.
    Border(f64, f64),
}

impl Effect {
    pub(crate) const NONE: Self = Self::Times(1.0);

    pub(crate) fn of(self, share: f64) -> f64 {
        let share = match self {
            Self::Times(times) => share * times,
            Self::More(more) => share + more,
            Self::Border(times, more) => (share * times).max(share + more),
        };
        share.min(0.8)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Times(times) => write!(f, "{times}x"),
            Self::More(more) => write!(f, "{}pp more", 100.0 * more),
            Self::Border(times, more) => write!(f, "{times}x or {}pp more", 100.0 * more),
        }
    }
}

/// One kind of rollout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    pub(crate) shape: Shape,
    /// Requests a second on the canary.
    pub(crate) rate: f64,
    /// The share of them that fails on the stable version.
    pub(crate) base: f64,
    pub(crate) effect: Effect,
    /// The looks before the effect sets in.
    pub(crate) onset: usize,
}

pub(crate) const RATES: [f64; 4] = [0.2, 1.0, 10.0, 100.0];
pub(crate) const BASES: [f64; 3] = [0.001, 0.01, 0.05];

impl Cell {
    /// The twelve cells of a shape.
    pub(crate) fn all(shape: Shape, effect: Effect) -> impl Iterator<Item = Self> {
        let cell = move |rate| BASES.map(|base| Self { shape, rate, base, effect, onset: 0 });
        RATES.into_iter().flat_map(cell)
    }

    pub(crate) const fn with(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// A seed of its own.
    pub(crate) fn seed(&self) -> u64 {
        let effect = match self.effect {
            Effect::Times(times) => times,
            Effect::More(more) => 100.0 + more,
            Effect::Border(times, more) => 200.0 + times + more,
        };
        let onset = u32::try_from(self.onset).unwrap_or(u32::MAX);
        let parts = [self.rate, self.base, effect, f64::from(onset), f64::from(self.shape as u8)];
        parts.iter().fold(17, |seed: u64, part| seed.wrapping_mul(0x100_0000_01b3) ^ part.to_bits())
    }

    pub(crate) fn rollout(&self, number: u64) -> Rollout {
        let mut chance = Chance::numbered(self.seed(), number);
        let mut burst = Burst::default();
        let mut look = |number: usize| {
            let share = match self.shape {
                Shape::Bursts => (self.base * burst.next(&mut chance)).min(0.4),
                Shape::Single | Shape::Clusters | Shape::Pods => self.base,
            };
            let changed = BEFORE + self.onset <= number;
            let new = if changed { self.effect.of(share) } else { share };
            let mut side = |pods: f64, share: f64| {
                let of = whole(chance.events(self.rate * pods * STEP));
                self.shape.events(&mut chance, of, share, pods)
            };
            let new = side(1.0, new);
            Beat { new, old: [(); GROUPS].map(|()| side(STABLE / 4.0, share)) }
        };
        let before = (0..BEFORE).map(&mut look).collect();
        Rollout { before, looks: (BEFORE..BEFORE + LOOKS as usize).map(look).collect() }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/s {} %", self.shape.name(), self.rate, 100.0 * self.base)
    }
}

/// What one look sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beat {
    pub(crate) new: Tally,
    pub(crate) old: [Tally; GROUPS],
}

/// A rollout, look by look.
#[derive(Debug, Clone)]
pub(crate) struct Rollout {
    pub(crate) before: Vec<Beat>,
    pub(crate) looks: Vec<Beat>,
}

/// Shared bursts.
#[derive(Debug, Default)]
pub(crate) struct Burst {
    left: u32,
}

impl Burst {
    /// How many times as often events come at the next look.
    pub(crate) fn next(&mut self, chance: &mut Chance) -> f64 {
        if self.left > 0 {
            self.left -= 1;
        } else if chance.share() < 1.0 / 60.0 {
            self.left = 1;
            while self.left < 40 && chance.share() < 0.75 {
                self.left += 1;
            }
        }
        if self.left > 0 { 8.0 } else { 1.0 }
    }
}

/// A number of events that chance gave.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
pub(crate) const fn whole(events: f64) -> u64 {
    events as u64
}

/// A count of one look.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
pub(crate) const fn float(count: u64) -> f64 {
    count as f64
}
