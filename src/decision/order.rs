//! Orders: what is wanted of an object, with all that is known of its versions. Whoever looks at the object says what
//! would be done.

use crate::decision::action::{Deed, Revision};
use crate::signal::{GitOps, Object, ObjectKind};
use crate::unit::UnixMillis;

/// What is done to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Its release is undone.
    Undo {
        /// To which revision.
        to: Revision,
    },
    /// Its release is held where it is.
    Hold,
    /// A held release goes on.
    GoOn,
    /// What runs is started anew, as it is.
    Restart,
    /// An aborted release begins again.
    Retry,
    /// All of a release is let out, past all steps that are left.
    Promote,
    /// It is kept as git says again, once git does not ask for what was taken back.
    GiveBack,
}

impl Move {
    /// What it is, as a verb.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Undo { .. } => "undo",
            Self::Hold => "hold",
            Self::GoOn => "let go on",
            Self::Restart => "restart",
            Self::Retry => "retry",
            Self::Promote => "let out whole",
            Self::GiveBack => "give back to git",
        }
    }

    /// Whether it changes which images run, and so what git would take back.
    pub const fn changes_images(&self) -> bool {
        match self {
            Self::Undo { .. } => true,
            Self::Hold | Self::GoOn | Self::Restart | Self::Retry | Self::Promote | Self::GiveBack => false,
        }
    }

    /// Whether it can be carried out on objects of this kind. There is a planner for each of which this says so.
    pub const fn is_carried_out_on(&self, kind: ObjectKind) -> bool {
        match kind {
            ObjectKind::Deployment | ObjectKind::StatefulSet | ObjectKind::DaemonSet => match self {
                Self::Undo { .. } | Self::Hold | Self::GoOn | Self::Restart | Self::GiveBack => true,
                Self::Retry | Self::Promote => false,
            },
            ObjectKind::Rollout => true,
            ObjectKind::ArgoCd => match self {
                Self::Undo { .. } | Self::Hold | Self::GoOn | Self::GiveBack => true,
                Self::Restart | Self::Retry | Self::Promote => false,
            },
            ObjectKind::Helm => false,
        }
    }
}

impl Deed {
    /// What it does to the object of its target; nothing for one that touches none.
    pub fn on_object(&self) -> Option<Move> {
        match self {
            Self::Undo { to } => Some(Move::Undo { to: to.clone() }),
            Self::Hold => Some(Move::Hold),
            Self::GoOn => Some(Move::GoOn),
            Self::Finish => Some(Move::Promote),
            Self::Retry => Some(Move::Retry),
            Self::Restart => Some(Move::Restart),
            Self::SetVariant { .. } | Self::Send(_) => None,
        }
    }
}

/// What is wanted of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The object.
    pub object: Object,
    /// The cluster that it lies in, where there is more than one.
    pub cluster: Option<String>,
    /// What keeps it as git says, as far as the server file says so.
    pub gitops: Option<GitOps>,
    /// The application of Argo CD by whose actions it is driven; nothing: at the API of its cluster.
    pub through: Option<String>,
    /// What is done to it.
    pub does: Move,
    /// The version that the change brought which is judged.
    pub version: String,
    /// Its commit, where that is known.
    pub commit: Option<String>,
    /// The versions that passed a gate there, the last one last, and their commits. Nothing else is known to be good.
    pub vouched: Vec<String>,
    /// The versions that were taken back there and passed no gate since, or are being judged now, and their commits.
    pub quarantined: Vec<String>,
    /// Whether its release is held, and nobody but backstop did that.
    pub holds: bool,
    /// When it is wanted.
    pub at: UnixMillis,
}
