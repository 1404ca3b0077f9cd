//! The meter: how many samples an evaluation holds in memory, and when it is to stop.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use crate::promql::eval::error::EvalError;
use crate::unit::Span;

/// How many samples one query may hold at a time unless told otherwise, as in Prometheus.
pub const MOST_SAMPLES: usize = 50_000_000;

/// Counts what is held.
pub(super) struct Meter<'q> {
    held: Cell<usize>,
    highest: Cell<usize>,
    /// How old the newest sample is that was read.
    age: Cell<Option<Span>>,
    most: usize,
    stop: &'q dyn Fn() -> bool,
}

impl<'q> Meter<'q> {
    pub(super) fn new(most: usize, stop: &'q dyn Fn() -> bool) -> Self {
        Self { held: Cell::new(0), highest: Cell::new(0), age: Cell::new(None), most, stop }
    }

    /// Whether whoever asked still waits.
    pub(super) fn go_on(&self) -> Result<(), EvalError> {
        if (self.stop)() { Err(EvalError::Stopped) } else { Ok(()) }
    }

    pub(super) fn hold(&self, samples: usize) -> Result<(), EvalError> {
        let held = self.held.get().saturating_add(samples);
        if self.most < held {
            return Err(EvalError::TooManySamples(self.most));
        }
        self.held.set(held);
        self.highest.set(self.highest.get().max(held));
        Ok(())
    }

    pub(super) fn release(&self, samples: usize) {
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

/// Things that are held in memory until this is dropped.
pub(super) struct Kept<'e, T> {
    things: Vec<T>,
    hold: Hold<'e>,
}

/// What was held, which is let go of with this.
struct Hold<'e> {
    meter: &'e Meter<'e>,
    samples: usize,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.meter.release(self.samples);
    }
}

impl<'e, T> Kept<'e, T> {
    pub(super) const fn new(meter: &'e Meter<'e>) -> Self {
        Self { things: Vec::new(), hold: Hold { meter, samples: 0 } }
    }

    /// Adds a thing worth so many samples.
    pub(super) fn push(&mut self, samples: usize, thing: T) -> Result<(), EvalError> {
        self.hold.meter.hold(samples)?;
        self.hold.samples += samples;
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
