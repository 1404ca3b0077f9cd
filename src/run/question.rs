//! What cells ask of the store, answered the same wherever its samples came from.

use crate::engine::{Effect, Engine, Event, Reading};
use crate::gate::{Found, Gap};
use crate::signal::Deaf;
use crate::store::Store;

/// The answer to an effect that asks something of the store; nothing for any other, and for a cell or a target that is
/// not there.
pub(crate) fn answered(engine: &Engine, store: &Store, effect: &Effect) -> Option<Event> {
    let (Effect::Traffic { cell: id, .. }
    | Effect::Opening { cell: id, .. }
    | Effect::Count { cell: id, .. }) = effect
    else {
        return None;
    };
    let (program, cell) = (engine.program(), engine.cell(*id)?);
    let target = program.target(&cell.change.target)?;
    let (gate, targets) = (&program.watches[cell.watch].gate, &program.targets);
    let reading = Reading { store, gate, target, targets };
    match effect {
        Effect::Traffic { cell, window } => {
            Some(Event::Traffic { cell: *cell, to: window.to, seen: reading.traffic(*window) })
        }
        Effect::Opening { cell: id, from } => {
            let opening = reading.opening(&cell.terms().checks, cell.change.at, *from, &engine.beside(cell));
            Some(Event::Opening { cell: *id, opening })
        }
        Effect::Count { cell: id, windows, at } => {
            Some(Event::Counted { cell: *id, at: *at, found: reading.count(windows, cell.settled()) })
        }
        Effect::Write(..)
        | Effect::Intend(_)
        | Effect::Retry { .. }
        | Effect::Send { .. }
        | Effect::Verify { .. }
        | Effect::Close { .. }
        | Effect::Switch { .. }
        | Effect::Tell(_) => None,
    }
}

/// What follows where a source does not answer in time; nothing for an effect that asks nothing.
pub(crate) fn unanswered(engine: &Engine, effect: &Effect, deaf: Deaf) -> Option<Event> {
    match effect {
        Effect::Traffic { cell, .. } | Effect::Opening { cell, .. } => {
            Some(Event::Unheard { cell: *cell, deaf })
        }
        Effect::Count { cell, at, .. } => {
            let checks = engine.cell(*cell)?.terms().checks.len();
            let found = vec![Found::Missing(Gap::Unheard(deaf)); checks];
            Some(Event::Counted { cell: *cell, at: *at, found })
        }
        Effect::Write(..)
        | Effect::Intend(_)
        | Effect::Retry { .. }
        | Effect::Send { .. }
        | Effect::Verify { .. }
        | Effect::Close { .. }
        | Effect::Switch { .. }
        | Effect::Tell(_) => None,
    }
}
