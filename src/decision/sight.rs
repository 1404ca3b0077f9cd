//! Sights: what a look at an object came to, as far as a decision rests on it.

use crate::decision::aim::{Aim, Edition};
use crate::decision::misfit::Misfit;
use crate::signal::{Object, ObjectKind};
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
    /// What says that a release goes on, or is out, by itself, where that is all that speaks against letting it go on. One
    /// that goes in steps may wait at the next of them.
    pub fn going_on(&self) -> Option<&[Misfit]> {
        let Self::Seen(seen) = self else { return None };
        let in_steps = seen.object.kind == ObjectKind::Rollout;
        let goes_on =
            |misfit: &Misfit| *misfit == Misfit::Promoted || *misfit == Misfit::NotHeld && !in_steps;
        Some(&*seen.misfits).filter(|all| !all.is_empty() && all.iter().all(goes_on))
    }

    /// What would be done.
    pub fn aim(&self) -> Option<&Aim> {
        match self {
            Self::Seen(seen) => seen.aim.as_ref(),
            Self::Unseen(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_goes_on_by_itself_where_nothing_holds_it_now_or_later() {
        let sight = |object: &str, misfits: Vec<Misfit>| {
            let object = object.parse().unwrap_or_else(|why| panic!("{object}: {why}"));
            let at = UnixMillis::new(0);
            Sight::Seen(Box::new(Seen { object, at, runs: None, aim: None, misfits, keeper: None }))
        };
        let (deployment, rollout) = ("deployment/shop/shop", "rollout/shop/shop");
        for (what, sight, goes_on) in [
            ("a Deployment that is not paused", sight(deployment, vec![Misfit::NotHeld]), true),
            ("a Rollout that is all out", sight(rollout, vec![Misfit::Promoted]), true),
            ("a Rollout between two steps", sight(rollout, vec![Misfit::NotHeld]), false),
            ("one that somebody paused", sight(deployment, vec![Misfit::HeldByOther]), false),
            ("one that is busy besides", sight(deployment, vec![Misfit::NotHeld, Misfit::NoneBefore]), false),
            ("one that nothing speaks against", sight(deployment, Vec::new()), false),
            ("one that nobody saw", Sight::Unseen("no answer".to_owned()), false),
        ] {
            assert_eq!(sight.going_on().is_some(), goes_on, "{what}");
        }
    }
}
