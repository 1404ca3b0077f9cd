//! The shapes of changes.

use crate::signal;

mirror_struct!(Target of signal::TargetKey {
    service: String,
    environment: Option<String>,
    cluster: Option<String>,
});

mirror_struct!(Change of signal::Change {
    id: String,
    kind: ChangeKind,
    target: Target,
    version: String,
    previous: Option<String>,
    at: i64,
    author: Option<String>,
    git_sha: Option<String>,
    link: Option<String>,
    intent: Option<String>,
    risk: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    irreversible: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight: Option<String>,
    provenance: Provenance,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told_by: Option<String>,
});

mirror_enum!(ChangeKind of signal::ChangeKind { Deployment, Canary, Config, Infrastructure, Flag });

mirror_enum!(Provenance of signal::Provenance { Authenticated, Unauthenticated, Inferred });
