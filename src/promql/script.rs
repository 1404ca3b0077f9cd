//! Scripts that say what expressions are worth: series to load, expressions, and what has to come of each.
//!
//! These are the scripts by which Prometheus holds its own evaluator to account, so that the same file can be put to
//! both. They are evaluated as Prometheus evaluates them: with every feature on, with names that go last, and with
//! the times at which counters began. Time begins at 1970.
//!
//! An expression at a moment is put in several ways, all of which have to come to the same: see `variants`.

mod error;
mod row;
mod start;
mod load;
mod classic;
mod expect;
mod case;
mod read;
mod variants;
mod compare;
mod told;

pub use error::{Misread, ScriptError};
pub use told::{Difference, Failure};

use crate::promql::script::case::Case;
use crate::promql::script::load::Load;
use crate::store::{Bounds, Store};
use crate::unit::Span;

/// The largest script that is read.
pub const LARGEST_SCRIPT: usize = 4 << 20;

/// How many samples a script may load in all.
pub const MOST_LOADED: usize = 4_000_000;

/// How many series a script may load.
const MOST_SERIES: usize = 1_000_000;

/// Nothing that a script loads is too old or too new.
const EVER: Span = Span::from_millis(u64::MAX);

/// A script, read and known to be well formed.
#[derive(Debug, Clone)]
pub struct Script(Vec<Command>);

/// What a script does, in its order.
#[derive(Debug, Clone)]
enum Command {
    /// Forgets all that is loaded.
    Clear,
    /// Loads series.
    Load(Load),
    /// Evaluates an expression.
    Eval(Box<Case>),
}

/// What came of a script.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// How many expressions were worth what they should be.
    pub passed: usize,
    /// What went otherwise, in the order of the script.
    pub failed: Vec<Failure>,
}

impl Script {
    /// Reads a script.
    pub fn read(text: &str) -> Result<Self, ScriptError> {
        read::read(text).map(Self)
    }

    /// How many expressions it evaluates.
    pub fn cases(&self) -> usize {
        self.0.iter().filter(|command| matches!(command, Command::Eval(_))).count()
    }

    /// Loads what it has loaded at its end into a store of somebody else's.
    pub fn load_into(&self, store: &mut Store) -> Result<(), Failure> {
        let last = self.0.iter().rposition(|command| matches!(command, Command::Clear));
        for command in self.0.iter().skip(last.map_or(0, |clear| clear + 1)) {
            if let Command::Load(load) = command {
                load.load_into(store)?;
            }
        }
        Ok(())
    }

    /// Does all that it says.
    pub fn run(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let mut store = empty();
        for command in &self.0 {
            let done = match command {
                Command::Clear => {
                    store = empty();
                    continue;
                }
                Command::Load(load) => match load.load_into(&mut store) {
                    Ok(()) => continue,
                    Err(failure) => Err(failure),
                },
                Command::Eval(case) => case.run(&store),
            };
            match done {
                Ok(()) => outcome.passed += 1,
                Err(failure) => outcome.failed.push(failure),
            }
        }
        outcome
    }
}

fn empty() -> Store {
    Store::new(Bounds { retention: EVER, series: MOST_SERIES, samples: MOST_LOADED, ahead: EVER })
}

#[cfg(test)]
mod tests;
