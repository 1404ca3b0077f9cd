//! The world that a drive acts on: a service, a story and the simulator each give it another.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use crate::decision::{CellId, Key, Order, Refusal, Turn};
use crate::engine::{Cell, Effect, Engine, Event, Flight, Notice};
use crate::promql::Plan;
use crate::run::counting::{Counted, Counting};
use crate::run::research::Research;
use crate::signal::Deaf;
use crate::store::Store;
use crate::unit::{Name, Span, UnixMillis};

/// The world outside.
pub trait World {
    /// Meets an effect before it is carried out: a simulator may let the process die here.
    fn meet(&mut self, effect: Effect) -> Met {
        Met::Perform(Box::new(effect))
    }

    /// Makes one attempt, and answers it with an event some time.
    fn send(&mut self, flight: &Flight, engine: &Engine, attempt: u32, now: UnixMillis);

    /// Asks the address that says whether the action of a flight worked, and answers with an event at once or some time. It
    /// is wanted with every tick; how often somebody is asked is the world's own.
    fn look_at(&mut self, flight: &Flight, _engine: &Engine, _now: UnixMillis) -> Option<Event> {
        Some(Event::Unseen { key: flight.intention.key.clone() })
    }

    /// What keeps anything from being done to this service, known before the engine hears of it.
    fn forbids(&self, _service: &str) -> Option<Refusal> {
        None
    }

    /// The kill switch was turned, and that is written down.
    fn switched(&mut self, _turn: &Turn) {}

    /// Where people reach this, as texts name it.
    fn external_url(&self) -> Option<String> {
        None
    }

    /// Finds out what the texts of an action ask, at once or some time: of a source, or of the samples that were sent.
    fn inquire(&mut self, research: Research, sent: &Arc<RwLock<Store>>) -> Option<Event> {
        Some(research.done_by(sent))
    }

    /// Looks at an object, and answers some time with what would be done to it. Where there are none, nobody looks.
    fn survey(&mut self, _key: Key, _order: Order) {}

    /// Looks how far the object of a flight is, and answers some time.
    fn look(&mut self, _flight: &Flight, _now: UnixMillis) {}

    /// Tells people.
    fn tell(&mut self, notice: &Notice, engine: &Engine);

    /// Looks for what is wanted of a source; without one, all that there is was sent.
    fn supply(&mut self, _asked: &Asked<'_>, _engine: &Engine) -> Supply {
        Supply::Sent
    }

    /// Everything was asked for that is wanted for now.
    fn supplied(&mut self) {}

    /// The gates of which something came from their sources since this was asked.
    fn woken(&mut self) -> Vec<CellId> {
        Vec::new()
    }

    /// Whether whoever waits is woken; else each looks for itself at every tick.
    fn wakes(&self) -> bool {
        false
    }

    /// Lets go of what nobody wants of a source any more.
    fn sweep(&mut self, _engine: &Engine) {}

    /// Counts what a cell asks. Where that is done elsewhere, what came of it is told by [`World::counted`].
    fn count(&mut self, counting: Counting) -> Option<Counted> {
        Some(counting.counted())
    }

    /// What was counted elsewhere since this was asked.
    fn counted(&mut self) -> Vec<Counted> {
        Vec::new()
    }

    /// What a cell wants to know for a look was found out, and that took so long.
    fn took(&mut self, _cell: CellId, _took: Duration) {}

    /// A look was taken, or cut, so long after its time and the time that its samples had to come in.
    fn timed(&mut self, _late: Span, _cut: Option<Deaf>) {}
}

/// What is wanted of a source.
pub struct Asked<'a> {
    /// The source.
    pub source: &'a Name,
    /// By whom.
    pub by: By<'a>,
    /// Up to when it has to be there.
    pub to: UnixMillis,
    /// Up to when there is anything to be had by now.
    pub present: UnixMillis,
}

/// By whom something is wanted of a source.
pub enum By<'a> {
    /// A gate that watches a change; it may be about to look at what was before.
    Cell {
        /// Which.
        cell: &'a Cell,
        /// Whether it is about to open.
        opens: bool,
    },
    /// An action, by the expression that says whether it worked.
    Action(&'a Key, &'a Plan),
}

/// Where what is wanted is found.
pub enum Supply {
    /// Among the samples that were sent.
    Sent,
    /// Here.
    There(Arc<RwLock<Store>>),
    /// Not yet; and if it is known why, for that reason.
    Not(Option<Deaf>),
}

/// What became of an effect that was met.
pub enum Met {
    /// It is carried out.
    Perform(Box<Effect>),
    /// It is not carried out, and these are said to have come of it.
    Answer(Vec<Event>),
    /// The process died.
    Died,
}
