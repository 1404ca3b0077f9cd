//! Misfits: what about an object speaks against what is wanted of it. Each is a reason to ask a person.

use std::fmt;

use crate::decision::aim::StepName;
use crate::signal::Object;

/// What about an object speaks against what is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// There is no such object.
    Gone(Object),
    /// What is there cannot be made sense of.
    Unreadable(String),
    /// It has no revision of this name any more.
    NoRevision {
        /// Which.
        revision: String,
    },
    /// It has no revision before the one that runs.
    NoneBefore,
    /// The revision would bring the same images again.
    SameImages {
        /// Which.
        revision: String,
    },
    /// None of the revisions that bring other images passed a gate here.
    NoneKnownGood {
        /// How many there are.
        others: u64,
    },
    /// What the revision brings was taken back here before.
    Quarantined {
        /// Which.
        revision: String,
        /// What it brings.
        version: String,
    },
    /// It does not run any more what is judged.
    RunsOther {
        /// The version that is judged.
        version: String,
        /// The images that run.
        images: Vec<String>,
    },
    /// Its release is held, and it was not backstop that did it.
    HeldByOther,
    /// Its release is held already.
    AlreadyHeld,
    /// Its release is not held.
    NotHeld,
    /// What was last asked of it is not seen by its controller yet: somebody acts on it now.
    Busy {
        /// What is asked.
        generation: u64,
        /// What its controller saw.
        observed: u64,
    },
    /// It belongs to another object, whose controller would take back whatever is done.
    OwnedBy {
        /// Its kind and name.
        owner: String,
    },
    /// Its pods change only when somebody deletes them.
    OnDelete,
    /// Objects of its kind cannot be held.
    CannotHold,
    /// Too few pods of what it would go back to are ready for the traffic that would shift to them at once.
    TooSmall {
        /// How many have to be.
        wanted: u64,
        /// How many are.
        ready: u64,
    },
    /// Its release is aborted.
    Aborted,
    /// Its release is not aborted.
    NotAborted,
    /// All of its release is out.
    Promoted,
    /// Git still asks for what was taken back, or may.
    NotMoved {
        /// The revision that git has to move past.
        revision: String,
    },
    /// It is kept as git says by whom backstop does not hold, or not any more.
    NotOurs,
    /// What was taken back runs again.
    Reapplied {
        /// What runs.
        images: Vec<String>,
    },
    /// It is driven by Argo CD's actions, and there is none for this.
    NoAction {
        /// For which step.
        step: StepName,
    },
}

impl Misfit {
    /// One word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Gone(_) => "gone",
            Self::Unreadable(_) => "unreadable",
            Self::NoRevision { .. } => "no_revision",
            Self::NoneBefore => "none_before",
            Self::SameImages { .. } => "same_images",
            Self::NoneKnownGood { .. } => "none_known_good",
            Self::Quarantined { .. } => "quarantined",
            Self::RunsOther { .. } => "runs_other",
            Self::HeldByOther => "held_by_other",
            Self::AlreadyHeld => "already_held",
            Self::NotHeld => "not_held",
            Self::Busy { .. } => "busy",
            Self::OwnedBy { .. } => "owned_by",
            Self::OnDelete => "on_delete",
            Self::CannotHold => "cannot_hold",
            Self::TooSmall { .. } => "too_small",
            Self::Aborted => "aborted",
            Self::NotAborted => "not_aborted",
            Self::Promoted => "promoted",
            Self::NotMoved { .. } => "not_moved",
            Self::NotOurs => "not_ours",
            Self::Reapplied { .. } => "reapplied",
            Self::NoAction { .. } => "no_action",
        }
    }
}

/// As a clause: what speaks against it, with the figures.
impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(object) => write!(f, "there is no {object}"),
            Self::Unreadable(what) => write!(f, "what was read of its object makes no sense: {what}"),
            Self::NoRevision { revision } => {
                write!(f, "there is no revision {revision} of its object any more")
            }
            Self::NoneBefore => f.write_str("there is no revision of its object before the one that runs"),
            Self::SameImages { revision } => {
                write!(f, "revision {revision} has the same images as what runs, so it would change nothing")
            }
            Self::NoneKnownGood { others: 0 } => {
                f.write_str("no revision of its object has other images than what runs")
            }
            Self::NoneKnownGood { others: 1 } => f.write_str(
                "the one revision of its object with other images passed no gate here, so none is known to be good",
            ),
            Self::NoneKnownGood { others } => write!(
                f,
                "of {others} revisions of its object with other images none passed a gate here, so none is known to be good"
            ),
            Self::Quarantined { revision, version } => {
                write!(f, "revision {revision} brings {version}, which was taken back here before")
            }
            Self::RunsOther { version, images } => {
                write!(f, "its object does not run {version} any more, but {}", images.join(", "))
            }
            Self::HeldByOther => f.write_str("its object is paused, and it was not backstop that paused it"),
            Self::AlreadyHeld => f.write_str("its object is paused already"),
            Self::NotHeld => f.write_str("its object is not paused"),
            Self::Busy { generation, observed } => write!(
                f,
                "somebody changes its object now: its controller saw generation {observed} of {generation}"
            ),
            Self::OwnedBy { owner } => {
                write!(f, "its object belongs to {owner}, which would take back what is done to it")
            }
            Self::OnDelete => {
                f.write_str("its object changes a pod only when somebody deletes it (`OnDelete`)")
            }
            Self::CannotHold => f.write_str("objects of its kind cannot be paused"),
            Self::TooSmall { wanted, ready } => {
                write!(
                    f,
                    "traffic would shift at once to {ready} pods that are ready, and {wanted} have to be"
                )
            }
            Self::Aborted => f.write_str("its release is aborted already"),
            Self::NotAborted => f.write_str("its release is not aborted"),
            Self::Promoted => f.write_str("all of its release is out already"),
            Self::NotMoved { revision } => {
                write!(f, "git has not moved past {revision}, which brings what was taken back")
            }
            Self::NotOurs => f.write_str("what keeps it as git says is not held by backstop"),
            Self::Reapplied { images } => {
                write!(f, "somebody brought back what was taken back: it runs {}", images.join(", "))
            }
            Self::NoAction { step: StepName::Undo } => f.write_str(
                "Argo CD has no action that brings back another revision of it; name the application as the object of \
                 its target (`object: argocd/APP`), or leave `through` out",
            ),
            Self::NoAction { step: StepName::Promote } => f.write_str(
                "Argo CD has no action that leads past an analysis without an outcome; leave `through` out, or have a \
                 person promote it",
            ),
            Self::NoAction { step } => write!(f, "Argo CD has no action for `{}`", step.word()),
        }
    }
}
