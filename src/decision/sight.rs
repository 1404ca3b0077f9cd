//! Sights: what a look at an object came to, as far as a decision rests on it.

use crate::decision::aim::{Aim, Edition};
use crate::decision::misfit::Misfit;
use crate::signal::Object;
use crate::unit::UnixMillis;

/// What a look at an object came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Nobody could look, for this reason.
    Unseen(String),
    /// It was seen.
    Seen(Box<Seen>),
}

/// What was seen of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which.
    pub object: Object,
    /// When.
    pub at: UnixMillis,
    /// What it runs; nothing where there is none to be read.
    pub runs: Option<Edition>,
    /// What would be done; nothing where it cannot be.
    pub aim: Option<Aim>,
    /// What speaks against it.
    pub misfits: Vec<Misfit>,
    /// What would take back what is done, as git says otherwise.
    pub keeper: Option<String>,
}

impl Sight {
    /// What says that a release goes on, or is out, by itself, where that is all that speaks against letting it go on.
    pub fn going_on(&self) -> Option<&[Misfit]> {
        let goes_on = |misfit: &Misfit| matches!(misfit, Misfit::NotHeld | Misfit::Promoted);
        match self {
            Self::Seen(seen) => Some(&*seen.misfits).filter(|all| !all.is_empty() && all.iter().all(goes_on)),
            Self::Unseen(_) => None,
        }
    }

    /// What would be done.
    pub fn aim(&self) -> Option<&Aim> {
        match self {
            Self::Seen(seen) => seen.aim.as_ref(),
            Self::Unseen(_) => None,
        }
    }
}
