//! Alerts as Alertmanager's webhook tells them: version 4 of its body. Keys that nobody here knows are read over, since newer
//! ones add some; all texts are others', so they are cut and made visible here, before anybody sees them.

use std::collections::BTreeMap;
use std::fmt;

use ring::digest;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use utoipa::ToSchema;

use crate::signal::{Alert, Fingerprint, LONGEST_FIELD, Notification, Provenance};
use crate::surface::http::problem::Problem;
use crate::unit::{UnixMillis, escaped, hex};

/// The most bytes of what is told of alerts at once. A sender does not come again with what was too large, so it is much.
pub const LARGEST_ALERTS: usize = 8 * 1024 * 1024;
/// How many alerts are taken at once; of more it is counted how many they are.
pub const MOST_ALERTS: usize = 5_000;
/// How many labels and how many annotations of an alert are kept.
pub const MOST_LABELS: usize = 64;

/// The version of the body.
const VERSION: &str = "4";

/// The longest fingerprint.
const LONGEST_FINGERPRINT: usize = 64;

/// What stands where a text was cut.
const CUT: char = '\u{2026}';

/// Only the version: a body of another one may be of any shape.
#[derive(Deserialize)]
struct Versioned {
    version: Option<serde_json::Value>,
}

/// How many alerts a sender may say that it left out: whoever says more has not counted.
const MOST_TRUNCATED: u64 = 1_000_000_000;

/// What Alertmanager sends. It sends more than that, which is read over.
#[derive(Deserialize, ToSchema)]
#[schema(as = AlertsTold)]
pub(super) struct Told {
    /// The version of the body: `4`.
    #[serde(rename = "version")]
    #[schema(pattern = "^4$", examples("4"))]
    _version: String,
    /// How many alerts the sender left out.
    #[serde(default, rename = "truncatedAlerts")]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    truncated: Option<u64>,
    /// The alerts; 5,000 are taken at once.
    #[schema(value_type = Vec<TheirAlert>)]
    alerts: Few,
}

/// An alert as it is sent.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AlertTold)]
struct TheirAlert {
    /// Whether it fires.
    status: Status,
    /// Its labels.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    labels: Pairs,
    /// What its rule says of it.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    annotations: Pairs,
    /// Since when it fires; now, where that is no time.
    starts_at: Option<String>,
    /// When it ended.
    ends_at: Option<String>,
    /// Where there is more to read.
    #[serde(rename = "generatorURL")]
    generator_url: Option<String>,
    /// What tells it from every other; made of its labels, where it is not said.
    fingerprint: Option<String>,
}

/// Whether an alert fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// It does.
    Firing,
    /// It does not any more.
    Resolved,
}

/// The first alerts of a list, and how many more there are.
struct Few {
    alerts: Vec<TheirAlert>,
    more: u64,
}

/// Some labels.
#[derive(Default)]
struct Pairs(BTreeMap<String, String>);

/// The alerts that a body tells of, and who tells.
pub fn read(
    body: &[u8],
    now: UnixMillis,
    (by, provenance): (String, Provenance),
) -> Result<Notification, Problem> {
    let unlike = |error: serde_json::Error| {
        let help = "send what Alertmanager's `webhook_configs` sends, version 4";
        Problem::bad(format!("this tells of no alerts: {error}"), help)
    };
    let Versioned { version } = serde_json::from_slice(body).map_err(unlike)?;
    match version {
        Some(serde_json::Value::String(version)) if version == VERSION => {}
        other => {
            let given = other.map_or_else(|| "none".to_owned(), |other| short(&other.to_string()));
            let error = format!("the version of the body is {given}, and `{VERSION}` is read here");
            let help = "send it with Alertmanager 0.6 or later, or see whether there is a newer backstop";
            return Err(Problem::bad(error, help));
        }
    }
    let Told { truncated, alerts: Few { alerts, more }, .. } =
        serde_json::from_slice(body).map_err(unlike)?;
    let truncated = truncated.unwrap_or_default();
    if MOST_TRUNCATED < truncated {
        let error = format!("`truncatedAlerts` is {truncated}, and {MOST_TRUNCATED} are the most");
        return Err(Problem::bad(error, "send how many alerts were left out"));
    }
    let left_out = truncated.saturating_add(more);
    let alerts = alerts.into_iter().map(|alert| alert.read(now)).collect();
    Ok(Notification { alerts, by, provenance, left_out })
}

impl TheirAlert {
    fn read(self, now: UnixMillis) -> Alert {
        let moment = |text: Option<String>| {
            let at: UnixMillis = text?.parse().ok()?;
            // Go's zero time stands where there is none.
            (0 < at.millis()).then_some(at.min(now))
        };
        let Pairs(labels) = self.labels;
        let starts = moment(self.starts_at).unwrap_or(now);
        let ends = (self.status == Status::Resolved).then(|| moment(self.ends_at).unwrap_or(now));
        Alert {
            fingerprint: fingerprint(self.fingerprint, &labels),
            starts,
            ends,
            labels,
            annotations: self.annotations.0,
            link: self.generator_url.filter(|link| !link.is_empty()).map(kept),
        }
    }
}

/// The fingerprint that is given, where it can be one; else one that the same labels always get.
fn fingerprint(given: Option<String>, labels: &BTreeMap<String, String>) -> Fingerprint {
    let is_one = |text: &String| {
        (1..=LONGEST_FINGERPRINT).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric())
    };
    Fingerprint(given.filter(is_one).unwrap_or_else(|| {
        let mut hash = digest::Context::new(&digest::SHA256);
        for part in labels.iter().flat_map(|(label, value)| [label, value]) {
            // With its length, no part can pass for a piece of another.
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex(&hash.finish().as_ref()[..8])
    }))
}

/// A text as it is kept: of visible characters, and no longer than a field may be.
fn kept(text: String) -> String {
    let text = escaped(text);
    if text.len() <= LONGEST_FIELD {
        return text;
    }
    let most = LONGEST_FIELD - CUT.len_utf8();
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let mut cut = text[..end].to_owned();
    cut.push(CUT);
    cut
}

/// The beginning of a text, for a message.
fn short(text: &str) -> String {
    const MOST: usize = 40;
    let shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() { format!("`{shown}{CUT}`") } else { format!("`{shown}`") }
}

impl<'de> Deserialize<'de> for Few {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FewVisitor)
    }
}

struct FewVisitor;

impl<'de> Visitor<'de> for FewVisitor {
    type Value = Few;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of alerts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Few, A::Error> {
        let mut few = Few { alerts: Vec::new(), more: 0 };
        while few.alerts.len() < MOST_ALERTS {
            match list.next_element()? {
                Some(alert) => few.alerts.push(alert),
                None => return Ok(few),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            few.more += 1;
        }
        Ok(few)
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("labels with their values")
    }

    fn visit_unit<E>(self) -> Result<Pairs, E> {
        Ok(Pairs::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = BTreeMap::new();
        while pairs.len() < MOST_LABELS {
            let Some((label, value)) = map.next_entry::<String, String>()? else { return Ok(Pairs(pairs)) };
            pairs.insert(kept(label), kept(value));
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const NOW: UnixMillis = UnixMillis::new(1_795_271_400_000);

    fn told(body: &Value) -> Result<Notification, Problem> {
        read(body.to_string().as_bytes(), NOW, ("am".to_owned(), Provenance::Authenticated))
    }

    fn alert(more: &Value) -> Alert {
        let mut alert = json!({ "status": "firing", "labels": { "alertname": "HighErrors" } });
        alert.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        told(&json!({ "version": "4", "alerts": [alert] })).unwrap().alerts.remove(0)
    }

    /// What Alertmanager 0.33 sends, word for word but for the names.
    #[test]
    fn what_alertmanager_sends_is_read() {
        let body = json!({
            "receiver": "backstop", "status": "firing", "version": "4", "groupKey": "{}:{}",
            "truncatedAlerts": 3, "notification_reason": "first notification", "routeLabels": { "a": "b" },
            "groupLabels": {}, "commonLabels": { "alertname": "HighErrors" }, "commonAnnotations": {},
            "externalURL": "http://am:9093",
            "alerts": [
                {
                    "status": "firing", "fingerprint": "c0ffee0123456789",
                    "labels": { "alertname": "HighErrors", "service": "shop" },
                    "annotations": { "summary": "5% of requests fail\n\u{1b}[2Jsee \u{202e}here" },
                    "startsAt": "2026-11-21T14:29:30.123456789Z", "endsAt": "0001-01-01T00:00:00Z",
                    "generatorURL": "http://prometheus:9090/graph?g0.expr=up"
                },
                {
                    "status": "resolved", "fingerprint": "c0ffee0123456780", "labels": {}, "annotations": {},
                    "startsAt": "2026-11-21T14:00:00Z", "endsAt": "2026-11-21T14:29:00Z", "generatorURL": ""
                }
            ]
        });
        let told = told(&body).unwrap();
        assert_eq!((told.by.as_str(), told.left_out, told.alerts.len()), ("am", 3, 2));
        let [first, second] = told.alerts.as_slice() else { panic!("{told:?}") };
        assert_eq!((first.name(), first.fingerprint.0.as_str()), ("HighErrors", "c0ffee0123456789"));
        assert_eq!((first.starts.to_string().as_str(), first.ends), ("2026-11-21T14:29:30.123Z", None));
        assert_eq!(first.annotations["summary"], "5% of requests fail\\n\\u{1b}[2Jsee \\u{202e}here");
        assert_eq!(first.link.as_deref(), Some("http://prometheus:9090/graph?g0.expr=up"));
        assert_eq!(second.ends.unwrap().to_string(), "2026-11-21T14:29:00Z");
        assert_eq!((second.name(), second.link.as_ref()), ("c0ffee0123456780", None));
    }

    #[test]
    fn other_versions_are_refused_by_name() {
        for (version, says) in [
            (json!("5"), "`\"5\"`"),
            (json!(4), "`4`"),
            (json!(null), "none"),
            (json!("x".repeat(100)), "\u{2026}"),
        ] {
            let error = told(&json!({ "version": version, "alerts": "anything" })).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("`4` is read here"), "{error}");
        }
        let error = told(&json!({ "version": "4", "alerts": [{ "status": "odd" }] })).unwrap_err();
        assert!(error.to_string().contains("unknown variant `odd`"), "{error}");
    }

    #[test]
    fn what_is_not_said_is_found_or_left_out() {
        let same = alert(&json!({}));
        assert_eq!((same.starts, same.fingerprint.0.len()), (NOW, 16));
        assert_eq!(alert(&json!({ "annotations": null })).annotations.len(), 0);
        for odd in ["", "a/b", "\u{1b}[2J", &"f".repeat(65)] {
            assert_eq!(alert(&json!({ "fingerprint": odd })).fingerprint, same.fingerprint, "{odd}");
        }
        let other = alert(&json!({ "labels": { "alertname": "HighErrors", "a": "b" } }));
        assert_ne!(other.fingerprint, same.fingerprint);
        // A clock that is ahead does not make alerts of the future.
        assert_eq!(alert(&json!({ "startsAt": "2027-01-01T00:00:00Z" })).starts, NOW);
        assert_eq!(alert(&json!({ "startsAt": "soon", "status": "resolved" })).ends, Some(NOW));
    }

    #[test]
    fn there_is_a_bound_on_everything() {
        let one = json!({ "status": "firing", "labels": {} });
        let body = |count: usize| json!({ "version": "4", "alerts": vec![one.clone(); count] });
        let most = told(&body(MOST_ALERTS)).unwrap();
        assert_eq!((most.alerts.len(), most.left_out), (MOST_ALERTS, 0));
        let more = told(&body(MOST_ALERTS + 7)).unwrap();
        assert_eq!((more.alerts.len(), more.left_out), (MOST_ALERTS, 7));
        let labels: BTreeMap<String, String> =
            (0..200).map(|label| (format!("l{label:03}"), "v".repeat(LONGEST_FIELD + 1))).collect();
        let alert = alert(&json!({ "labels": labels }));
        assert_eq!(alert.labels.len(), MOST_LABELS);
        assert!(alert.labels.values().all(|value| value.len() <= LONGEST_FIELD && value.ends_with(CUT)));
        assert_eq!(kept("v".repeat(LONGEST_FIELD)).len(), LONGEST_FIELD);
    }

    proptest! {
        #[test]
        fn no_body_is_too_odd(body: Vec<u8>) {
            drop(read(&body, NOW, (String::new(), Provenance::Unauthenticated)));
        }

        /// Whatever an alert says, nothing of it moves a cursor.
        #[test]
        fn texts_are_visible_and_bounded(text in "\\PC*|[\\s\\S]{0,40}", label in "[\\s\\S]{0,9}", link: String) {
            let alert = alert(&json!({
                "labels": { label: text.clone() }, "annotations": { "a": text.clone() },
                "generatorURL": link, "fingerprint": text, "startsAt": text,
            }));
            let texts = alert.labels.iter().chain(&alert.annotations).flat_map(|(name, text)| [name, text]);
            for text in texts.chain(&alert.link).chain([&alert.fingerprint.0]) {
                prop_assert!(!text.contains(crate::unit::is_obeyed) && text.len() <= LONGEST_FIELD, "{:?}", text);
            }
        }
    }
}
