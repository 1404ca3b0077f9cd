//! The shapes of what is known of objects, and of what is done to them.

use crate::decision;

mirror_enum!(Sight of decision::Sight { Unseen(String), Seen(Box<Seen>) });

mirror_struct!(Seen of decision::Seen {
    object: String,
    at: i64,
    runs: Option<Edition>,
    aim: Option<Aim>,
    misfits: Vec<Misfit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keeper: Option<String>,
});

mirror_struct!(Identity of decision::Identity { uid: String, resource_version: String, generation: u64 });

mirror_struct!(Edition of decision::Edition {
    revision: String,
    hash: String,
    images: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
});

mirror_struct!(Aim of decision::Aim {
    object: String,
    at: i64,
    seen: Identity,
    from: Edition,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Edition>,
    steps: Vec<StepName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keeper: Option<GitOps>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    through: Option<String>,
});

mirror_struct!(GitOps of crate::signal::GitOps { kind: GitOpsKind, app: String });

mirror_enum!(GitOpsKind of crate::signal::GitOpsKind { ArgoCd, Flux });

mirror_enum!(StepName of decision::StepName {
    Undo,
    Pause,
    Resume,
    Restart,
    Abort,
    Retry,
    Promote,
    PromoteFull,
    Detach,
    Terminate,
    Attach,
});

mirror_enum!(Misfit of decision::Misfit {
    Gone(String),
    Unreadable(String),
    NoRevision { revision: String },
    NoneBefore,
    SameImages { revision: String },
    NoneKnownGood { others: u64 },
    Quarantined { revision: String, version: String },
    RunsOther { version: String, images: Vec<String> },
    HeldByOther,
    AlreadyHeld,
    NotHeld,
    Busy { generation: u64, observed: u64 },
    OwnedBy { owner: String },
    OnDelete,
    CannotHold,
    TooSmall {
        wanted: u64,
        #[serde(rename = "most")]
        ready: u64,
    },
    Aborted,
    NotAborted,
    Promoted,
    NotMoved { revision: String },
    NotOurs,
    Reapplied { images: Vec<String> },
    NoAction { step: StepName },
});
