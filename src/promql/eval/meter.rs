//! The meter: how many samples an evaluation holds in memory, and when it is to stop.

use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use crate::promql::eval::error::EvalError;
use crate::promql::eval::sorted::sort;
use crate::unit::Span;

/// How many samples one query may hold at a time unless told otherwise, as in Prometheus.
pub const MOST_SAMPLES: usize = 50_000_000;

/// How much work is done between two looks at whether to stop. A sample or a cell that is gone through is about one
/// unit, so this takes a millisecond, or some tens of them where each costs much.
pub(super) const UNLOOKED: usize = 1 << 16;

/// How many turns of a loop go by between two times that its work is noted.
const TURNS: usize = 1 << 10;

/// As how much work a series counts besides its samples: its labels are read, compared and put into maps.
pub(super) const SERIES: usize = 32;

/// How many bytes of labels that an evaluation makes count as one sample, as they do in Prometheus's limits.
const SAMPLE_BYTES: usize = 16;

/// As how many samples so many bytes count.
pub(super) const fn samples_of(bytes: usize) -> usize {
    bytes.div_ceil(SAMPLE_BYTES)
}

/// Counts what is held.
pub(super) struct Meter<'q> {
    held: Cell<usize>,
    highest: Cell<usize>,
    /// How old the newest sample is that was read.
    age: Cell<Option<Span>>,
    /// How much was done since the last look at whether to stop.
    done: Cell<usize>,
    /// Whether to stop. Once it is so nobody is asked again.
    stopped: Cell<bool>,
    most: usize,
    stop: &'q dyn Fn() -> bool,
}

impl<'q> Meter<'q> {
    pub(super) fn new(most: usize, stop: &'q dyn Fn() -> bool) -> Self {
        Self {
            held: Cell::new(0),
            highest: Cell::new(0),
            age: Cell::new(None),
            done: Cell::new(0),
            stopped: Cell::new(false),
            most,
            stop,
        }
    }

    /// Whether whoever asked still waits.
    pub(super) fn go_on(&self) -> Result<(), EvalError> {
        if self.look() { Err(EvalError::Stopped) } else { Ok(()) }
    }

    /// Takes note of work that is done, and asks now and then whether whoever asked still waits.
    pub(super) fn work(&self, units: usize) -> Result<(), EvalError> {
        if self.is_over(units) { Err(EvalError::Stopped) } else { Ok(()) }
    }

    /// The same for what makes a column and cannot fail: where this is so it leaves off, whatever it has made, as no
    /// answer comes of it.
    pub(super) fn is_over(&self, units: usize) -> bool {
        let done = self.done.get().saturating_add(units);
        if UNLOOKED <= done {
            return self.look();
        }
        self.done.set(done);
        self.stopped.get()
    }

    /// The same in a loop that does so much at each turn: asked once in many of them, so that it costs next to nothing.
    pub(super) fn is_over_at(&self, turn: usize, each: usize) -> bool {
        turn % TURNS == TURNS - 1 && self.is_over(TURNS.saturating_mul(each))
    }

    /// Whether it was told to stop.
    pub(super) fn was_stopped(&self) -> bool {
        self.stopped.get()
    }

    #[cold]
    fn look(&self) -> bool {
        self.done.set(0);
        self.stopped.set(self.stopped.get() || (self.stop)());
        self.stopped.get()
    }

    fn hold(&self, samples: usize) -> Result<(), EvalError> {
        let held = self.held.get().saturating_add(samples);
        if self.most < held {
            return Err(EvalError::TooManySamples(self.most));
        }
        self.held.set(held);
        self.highest.set(self.highest.get().max(held));
        Ok(())
    }

    fn release(&self, samples: usize) {
        self.held.set(self.held.get().saturating_sub(samples));
    }

    /// Takes note of the age of the newest sample of a series.
    pub(super) fn read(&self, age: Span) {
        self.age.set(Some(self.age.get().map_or(age, |known| known.min(age))));
    }

    pub(super) fn age(&self) -> Option<Span> {
        self.age.get()
    }

    pub(super) fn highest(&self) -> usize {
        self.highest.get()
    }
}

/// So many samples that are held in memory until this is dropped.
pub(super) struct Hold<'e> {
    meter: &'e Meter<'e>,
    samples: usize,
}

impl<'e> Hold<'e> {
    /// Nothing yet.
    pub(super) const fn new(meter: &'e Meter<'e>) -> Self {
        Self { meter, samples: 0 }
    }

    /// Adds what takes as much room as so many samples. To be asked before there is any.
    pub(super) fn add(&mut self, samples: usize) -> Result<(), EvalError> {
        self.meter.hold(samples)?;
        self.samples += samples;
        Ok(())
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.meter.release(self.samples);
    }
}

/// Things that are held in memory until this is dropped.
pub(super) struct Kept<'e, T> {
    things: Vec<T>,
    hold: Hold<'e>,
}

impl<'e, T> Kept<'e, T> {
    pub(super) const fn new(meter: &'e Meter<'e>) -> Self {
        Self { things: Vec::new(), hold: Hold::new(meter) }
    }

    /// Adds a thing worth so many samples.
    pub(super) fn push(&mut self, samples: usize, thing: T) -> Result<(), EvalError> {
        self.hold.add(samples)?;
        self.things.push(thing);
        Ok(())
    }

    /// Takes out those at these places.
    pub(super) fn remove(&mut self, places: impl Iterator<Item = usize>) {
        let gone: BTreeSet<usize> = places.collect();
        let mut index = 0;
        self.things.retain(|_| {
            index += 1;
            !gone.contains(&(index - 1))
        });
    }

    /// In an order.
    pub(super) fn sort(&mut self, by: impl Fn(&T, &T) -> Ordering) -> Result<(), EvalError> {
        sort(self.hold.meter, &mut self.things, by)
    }

    /// All of them one by one; they are held until the last is gone.
    pub(super) fn each(self) -> impl Iterator<Item = T> + use<'e, T> {
        let Self { things, hold } = self;
        things.into_iter().inspect(move |_| {
            let _: &Hold<'_> = &hold;
        })
    }
}

impl<T> Deref for Kept<'_, T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.things
    }
}

impl<T> DerefMut for Kept<'_, T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.things
    }
}
