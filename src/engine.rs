//! The engine: cells that watch changes, and the one place where what they find becomes something done.
//!
//! It is closed: [`Event`] lists everything that can happen to it, [`Effect`] everything that it can want, and
//! [`Engine::step`] leads from one to the other with no clock, no file and no network. Whoever drives it answers its
//! questions with events.

mod targets;
mod program;
mod asked;
mod terms;
mod event;
mod cell;
mod good;
mod past;
mod incidents;
mod flight;
mod rule;
mod consent;
mod page;
mod texts;
mod carry;
mod recovery;
mod release;
mod accused;
mod together;
mod alerted;
mod scouts;
mod giving_back;
mod rehearse;
mod step;
mod restore;
mod reload;
mod count;
mod beside;
mod sums;
mod wanted;

pub use alerted::FIRING;
pub use cell::{Cell, Phase, Recovering};
pub use consent::{Agreement, Asked, NotAsked, Said};
pub use count::{FRESH, HISTORY, MOST_STRETCHES, Reading, reach};
pub use event::{Ask, Effect, Event, Inquiry, Notice, Window};
pub use flight::{
    ANSWER_WITHIN, EXPIRES, Flight, Grounds, MOST_ATTEMPTS, STEP_WITHIN, State, UNKNOWN_WITHIN, VERIFY_WITHIN,
};
pub use incidents::{Incidents, MOST_OPEN, MOST_RESOLVED, Open, Outcomes};
pub use past::{Done, Past, REMEMBERED};
pub use program::{Errand, Errands, Program, Response, Rules, Trusted, Watch};
pub use rehearse::Rehearsal;
pub use restore::restore;
pub use scouts::{SURVEY_FRESH, SURVEY_WITHIN};
pub use step::Engine;
pub use sums::{Sum, Sums};
pub use targets::Targets;
pub use texts::FOUND_OUT_WITHIN;
pub use wanted::{Family, Wanted, latest_end};
