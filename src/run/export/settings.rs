//! Where spans go, by OpenTelemetry's own variables of the environment.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::surface::otlp::KeyValue;

/// How long a collector may take, where nobody says.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where spans go, and how.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The address that they are posted to.
    pub(super) endpoint: String,
    /// What goes with them; their values are never shown.
    pub(super) headers: HeaderMap,
    /// How long an answer may take.
    pub(super) timeout: Duration,
    /// What is known of this process.
    pub(super) resource: Vec<KeyValue>,
}

/// Why spans go nowhere, though somebody asks for them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingsError {
    /// The address is none.
    #[error("{0} is no address of a collector; write it as `http://127.0.0.1:4318`")]
    Endpoint(&'static str),
    /// Spans are not sent like this.
    #[error(
        "{0} is `{1}`, and spans are sent as `http/protobuf` alone; set it to that, and the endpoint to the collector's port for HTTP (4318)"
    )]
    Protocol(&'static str, String),
    /// A header is none. It is not shown, as it may be a secret.
    #[error("{0} holds something that is no header; write them as `name=value,name=value`, percent-encoded")]
    Headers(&'static str),
    /// A time is none.
    #[error("{0} is `{1}`, which is no number of milliseconds")]
    Timeout(&'static str, String),
}

impl Settings {
    /// What the environment says; nothing where nobody asks for spans.
    pub(crate) fn of(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, SettingsError> {
        let set = |name: &'static str| variable(name).filter(|text| !text.trim().is_empty());
        let first = |own: &'static str, all: &'static str| {
            set(own).map(|text| (own, text)).or_else(|| set(all).map(|text| (all, text)))
        };
        let off = set("OTEL_SDK_DISABLED").is_some_and(|text| text.eq_ignore_ascii_case("true"))
            || set("OTEL_TRACES_EXPORTER").is_some_and(|text| text == "none");
        let endpoint = match (set(OWN_ENDPOINT), set(ENDPOINT)) {
            _ if off => return Ok(None),
            (Some(own), _) => address(OWN_ENDPOINT, &own)?,
            (None, Some(all)) => {
                let base = address(ENDPOINT, &all)?;
                format!("{}/v1/traces", base.trim_end_matches('/'))
            }
            (None, None) => return Ok(None),
        };
        let protocol = first("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL");
        if let Some((name, protocol)) = protocol.filter(|(_, protocol)| protocol != "http/protobuf") {
            return Err(SettingsError::Protocol(name, protocol));
        }
        let told = first("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS");
        let headers = told.map(|(name, text)| headers(name, &text)).transpose()?.unwrap_or_default();
        let timeout = match first("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT") {
            Some((name, text)) => match text.trim().parse() {
                Ok(millis) => Duration::from_millis(millis),
                Err(_) => return Err(SettingsError::Timeout(name, text)),
            },
            None => TIMEOUT,
        };
        let known = set("OTEL_RESOURCE_ATTRIBUTES").map(|text| pairs(&text)).unwrap_or_default();
        let resource = resource(known, set("OTEL_SERVICE_NAME"));
        Ok(Some(Self { endpoint, headers, timeout, resource }))
    }

    /// The address as it may be shown: without what may be a secret in it.
    pub(crate) fn shown(&self) -> String {
        Url::parse(&self.endpoint).map_or_else(
            |_| String::new(),
            |url| {
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
            },
        )
    }
}

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const OWN_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

fn address(name: &'static str, text: &str) -> Result<String, SettingsError> {
    let url =
        Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.map(String::from).ok_or(SettingsError::Endpoint(name))
}

fn headers(name: &'static str, text: &str) -> Result<HeaderMap, SettingsError> {
    let mut headers = HeaderMap::new();
    if text.split(',').any(|part| !part.trim().is_empty() && !part.contains('=')) {
        return Err(SettingsError::Headers(name));
    }
    for (key, value) in pairs(text) {
        let key: HeaderName = key.parse().map_err(|_| SettingsError::Headers(name))?;
        let mut value = HeaderValue::from_str(&value).map_err(|_| SettingsError::Headers(name))?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

/// `name=value,name=value`, percent-encoded.
fn pairs(text: &str) -> Vec<(String, String)> {
    let parts = text.split(',').filter_map(|part| part.split_once('='));
    parts.map(|(name, value)| (decoded(name.trim()), decoded(value.trim()))).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let pair = behind.get(..2).filter(|_| *first == b'%').and_then(|pair| std::str::from_utf8(pair).ok());
        if let Some(byte) = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            bytes.push(byte);
            rest = &behind[2..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What is known of this process: what the environment says, and its own name and version where that says neither.
fn resource(known: Vec<(String, String)>, name: Option<String>) -> Vec<KeyValue> {
    let mut known = known;
    if let Some(name) = name {
        known.retain(|(key, _)| key != "service.name");
        known.push(("service.name".to_owned(), name));
    }
    for (key, value) in [("service.name", "backstop"), ("service.version", env!("CARGO_PKG_VERSION"))] {
        if known.iter().all(|(own, _)| own != key) {
            known.push((key.to_owned(), value.to_owned()));
        }
    }
    known.into_iter().map(|(key, value)| KeyValue::new(&key, value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Option<Settings>, SettingsError> {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        Settings::of(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn spans_go_where_the_environment_says() {
        for (variables, endpoint) in [
            (&[][..], None),
            (&[(ENDPOINT, " ")], None),
            (&[(ENDPOINT, "http://c:4318")], Some("http://c:4318/v1/traces")),
            (&[(ENDPOINT, "http://c:4318/")], Some("http://c:4318/v1/traces")),
            (&[(ENDPOINT, "https://c/otlp")], Some("https://c/otlp/v1/traces")),
            (&[(ENDPOINT, "http://c"), (OWN_ENDPOINT, "http://d/x")], Some("http://d/x")),
            (&[(ENDPOINT, "http://c"), ("OTEL_SDK_DISABLED", "TRUE")], None),
            (&[(ENDPOINT, "http://c"), ("OTEL_TRACES_EXPORTER", "none")], None),
            (
                &[(ENDPOINT, "http://c"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")],
                Some("http://c/v1/traces"),
            ),
        ] {
            let settings = of(variables).unwrap();
            assert_eq!(settings.map(|own| own.endpoint).as_deref(), endpoint, "{variables:?}");
        }
    }

    #[test]
    fn what_cannot_be_is_said_and_no_secret_with_it() {
        for (name, value, says) in [
            (ENDPOINT, "collector:4317", "no address of a collector"),
            (ENDPOINT, "ftp://c", "no address of a collector"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "`http/protobuf` alone"),
            (
                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
                "http/json",
                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is `http/json`",
            ),
            ("OTEL_EXPORTER_OTLP_HEADERS", "hunter2", "no header"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a b=hunter2", "no header"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "`10s`, which is no number of milliseconds"),
        ] {
            let last = (ENDPOINT, "http://c");
            let told = of(&[(name, value), last]).unwrap_err().to_string();
            assert!(told.contains(says) && !told.contains("hunter2"), "{name}: {told}");
        }
    }

    #[test]
    fn headers_and_attributes_are_decoded_and_headers_never_shown() {
        let settings = of(&[
            (ENDPOINT, "http://user:hunter2@c:4318"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20hunter2, x-a=b%2Cc"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=lost,team=a%20b"),
            ("OTEL_SERVICE_NAME", "guard"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "250"),
        ]);
        let settings = settings.unwrap().unwrap();
        assert_eq!(settings.headers["authorization"], "Bearer hunter2");
        assert_eq!(settings.headers["x-a"], "b,c");
        assert_eq!(settings.timeout, Duration::from_millis(250));
        for (key, value) in
            [("service.name", "guard"), ("team", "a b"), ("service.version", env!("CARGO_PKG_VERSION"))]
        {
            assert!(settings.resource.contains(&KeyValue::new(key, value)), "{key}: {:?}", settings.resource);
        }
        assert!(!format!("{:?}", settings.headers).contains("hunter2"));
        assert_eq!(settings.shown(), "http://c:4318/v1/traces");
    }
}
