//! Alerts: what somebody's rules say is wrong, as whoever forwards them tells it. All of their texts are others': they are
//! bounded and of visible characters before they come here.

use std::collections::BTreeMap;

use crate::signal::change::Provenance;
use crate::unit::UnixMillis;

/// The label that says what an alert is called.
pub const ALERT_NAME: &str = "alertname";

/// What tells one alert from another: the same labels have the same one, whoever tells of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub String);

/// An alert, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What tells it from every other.
    pub fingerprint: Fingerprint,
    /// Since when it fires, or fired.
    pub starts: UnixMillis,
    /// When it ended; nothing while it fires.
    pub ends: Option<UnixMillis>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What its rule says of it.
    pub annotations: BTreeMap<String, String>,
    /// Where there is more to read.
    pub link: Option<String>,
}

impl Alert {
    /// What it is called; one that its rule gave no name is called by its fingerprint.
    pub fn name(&self) -> &str {
        self.labels.get(ALERT_NAME).map_or(&self.fingerprint.0, |name| name)
    }
}

/// Alerts that were told of together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The alerts.
    pub alerts: Vec<Alert>,
    /// Who told of them.
    pub by: String,
    /// How they are known.
    pub provenance: Provenance,
    /// How many more there were: those that the sender left out, and those beyond what is taken at once.
    pub left_out: u64,
}
