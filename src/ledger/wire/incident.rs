//! The shapes of incidents.

use std::collections::BTreeMap;

use crate::decision;
use crate::ledger::wire::signal::{Provenance, Target};
use crate::signal;

mirror_struct!(Incident of decision::Incident {
    alert: Alert,
    of: Claimant,
    at: i64,
    by: String,
    provenance: Provenance,
    #[serde(default, skip_serializing_if = "is_nothing")]
    left_out: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resolved: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    led: Vec<Led>,
});

mirror_struct!(Alert of signal::Alert {
    fingerprint: String,
    starts: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends: Option<i64>,
    labels: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<String>,
});

mirror_enum!(Claimant of decision::Claimant { Target(Target), Nobody, Several(Vec<Target>) });

mirror_struct!(Led of decision::Led { rule: String, to: LedTo });

mirror_enum!(LedTo of decision::LedTo { Began(String), Asked(String), Nothing(String) });

mirror_struct!(Alarm of decision::Alarm {
    name: String,
    fingerprint: String,
    starts: i64,
    heard: i64,
    by: String,
    provenance: Provenance,
    rule: String,
    #[serde(default, skip_serializing_if = "is_none_other")]
    others: u32,
});

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_nothing(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_none_other(count: &u32) -> bool {
    *count == 0
}
