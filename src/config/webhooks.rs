//! Webhooks: from what was written to what is sent.

use crate::config::logins::Ways;
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose};
use crate::config::yaml::{Given, Meaning, Node, Pairs, Spot, Text, Value, decode};
use crate::decision::{Answering, Body, BodyValue, Method, Templated, Verification, Webhook};
use crate::lint::name;
use crate::unit::Tls;
use std::collections::BTreeMap;

const METHODS: [(&str, Method); 5] = [
    ("GET", Method::Get),
    ("POST", Method::Post),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
];

/// The way out where a secret stands in plain sight.
const NAME_THE_SECRET: &str =
    "name it instead: `bearer: NAME`, and say where it is under `secrets:` in the server file";

/// Whether something of this name is likely to be a secret.
fn tells_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = [
        "authorization",
        "cookie",
        "token",
        "secret",
        "password",
        "api-key",
        "api_key",
        "apikey",
        "signature",
    ];
    words.iter().any(|word| name.contains(word))
}

impl Reader<'_> {
    pub(crate) fn webhook(
        &mut self,
        written: &Spot<raw::Webhook>,
        defaults: &raw::Webhook,
    ) -> Option<Webhook> {
        let whose = Whose { what: "the webhook", place: written.place };
        let filled = written.value.clone().over(defaults);
        let url = self.need(&filled.url, "url", whose).and_then(|spot| self.templated_address(&spot.value));
        let method = self.word(&filled.method, &METHODS);
        let timeout = self.positive(&filled.timeout);
        let expect = self.statuses(&filled);
        let verify = match filled.verify.get() {
            Some(verify) => Some(self.verification(verify)?),
            None => None,
        };
        let ways = Ways { basic: &filled.basic, bearer: &filled.bearer, oauth2: &filled.oauth2 };
        let login = self.login(ways, None, whose);
        let tls = self.certificates(&filled);
        let seal = self.seal(&filled);
        Some(Webhook {
            headers: self.headers(&filled.headers),
            body: filled.body.get().and_then(|spot| self.body(&spot.value.0)),
            sign: self.parse(&filled.sign),
            seal: seal?,
            login: login?,
            tls: tls?,
            url: url?,
            method: method?,
            timeout: timeout?,
            expect: expect?,
            verify,
        })
    }

    /// Certificates, where they have something to do.
    fn certificates(&mut self, filled: &raw::Webhook) -> Option<Tls> {
        let tls = self.tls(&filled.tls)?;
        let Some(spot) = filled.tls.get() else { return Some(tls) };
        if let Some(place) = spot.value.server_name.place() {
            let help = "leave `server_name` out: what a webhook sends goes to the host of its address alone";
            self.error(name::BAD_VALUE, place, "a webhook's receiver is called as in its address", help);
            return None;
        }
        if filled.url.get().is_some_and(|url| url.value.value.starts_with("http://")) {
            let help = "write `https://` into `url`, or leave `tls` out";
            self.error(
                name::BAD_VALUE,
                spot.place,
                "certificates are nothing to an address without TLS",
                help,
            );
            return None;
        }
        Some(tls)
    }

    /// An address that may hold a template behind its host.
    fn templated_address(&mut self, text: &Text) -> Option<Templated> {
        self.whole_address(text)?;
        self.templated(text)
    }

    /// An address that is the same in every request.
    pub(crate) fn address(&mut self, text: &Text) -> Option<String> {
        if text.value.contains("{{") {
            self.error(
                name::BAD_VALUE,
                text.place,
                "this address cannot be a template",
                "write the whole address",
            );
            return None;
        }
        self.whole_address(text)
    }

    /// An address: whole, over HTTP, with no secret in it, and with no template in its host.
    fn whole_address(&mut self, text: &Text) -> Option<String> {
        let url = &text.value;
        let after = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let host = after.and_then(|rest| rest.split(['/', '?', '#']).next()).filter(|host| !host.is_empty());
        // What stands within `{{ }}` becomes something else before it is sent.
        let mut sent = url.split("{{").map(|part| part.rsplit("}}").next().unwrap_or_default());
        let clean = sent.all(|part| !part.contains(|c: char| c.is_control() || c == ' '));
        let Some(host) = host.filter(|host| clean || host.contains("{{")) else {
            let help = "write a whole one: `https://hooks.example.com/releases`";
            self.error(name::BAD_VALUE, text.place, format!("`{url}` is no address"), help);
            return None;
        };
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let secret = query.split('&').any(|pair| tells_a_secret(pair.split('=').next().unwrap_or_default()));
        if host.contains("{{") {
            let help =
                "what an alert or a change says never chooses a host; a template may stand in the path";
            self.error(name::BAD_VALUE, text.place, "a template chooses the host of this address", help);
        } else if host.contains('@') || secret {
            self.error(name::PLAIN_SECRET, text.place, "a secret stands in this address", NAME_THE_SECRET);
        } else {
            return Some(url.clone());
        }
        None
    }

    fn statuses(&mut self, filled: &raw::Webhook) -> Option<Vec<u16>> {
        let expect = filled.expect.get()?;
        for spot in &expect.value.0 {
            if !(200..300).contains(&spot.value) {
                let message = format!("{} is not an answer that means success", spot.value);
                self.error(name::BAD_VALUE, spot.place, message, "statuses from 200 to 299 can be expected");
                return None;
            }
        }
        Some(expect.value.0.iter().map(|spot| spot.value).collect())
    }

    fn verification(&mut self, written: &Spot<raw::Verify>) -> Option<Verification> {
        let whose = Whose { what: "`verify`", place: written.place };
        let raw = &written.value;
        self.exactly_one(&[("expr", raw.expr.place()), ("url", raw.url.place())], whose)?;
        if let Some(expr) = raw.expr.get() {
            if let Some(place) = raw.expect.place().or_else(|| raw.body.place()) {
                let message = "an expression has no answer that this could be said of";
                self.error(name::BAD_VALUE, place, message, "it belongs to `url`; leave it out");
                return None;
            }
            let plan = self.plan(&expr.value);
            let plan = self.answer(&expr.value, plan)?;
            return Some(Verification::Expr(plan));
        }
        let url = self.templated_address(&raw.url.get()?.value);
        let mut expect = Vec::new();
        for spot in raw.expect.get().into_iter().flat_map(|spot| &spot.value.0) {
            if !(200..600).contains(&spot.value) {
                let message = format!("{} is no status of an answer", spot.value);
                self.error(name::BAD_VALUE, spot.place, message, "write one from 200 to 599");
                return None;
            }
            expect.push(spot.value);
        }
        let says = match raw.body.get() {
            Some(spot) if spot.value.value.is_empty() => {
                let help = "write what stands in the answer once it has worked, or leave `body` out";
                self.error(name::BAD_VALUE, spot.place, "every answer holds an empty text", help);
                return None;
            }
            Some(spot) => Some(self.templated(&spot.value)?),
            None => None,
        };
        let answering = Answering { url: url?, expect, says };
        Some(Verification::Url(Box::new(answering)))
    }

    /// What goes with a request. What an alert or a change says never chooses it, so it holds no template.
    pub(crate) fn headers(&mut self, given: &Given<Pairs<Text>>) -> BTreeMap<String, String> {
        for pair in given.get().into_iter().flat_map(|spot| &spot.value.0) {
            let (header, value) = (&pair.key.value, &pair.value.value);
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            if header.is_empty() || !header.chars().all(token) {
                let message = format!("`{header}` is no name of a header");
                self.error(
                    name::BAD_VALUE,
                    pair.key.place,
                    message,
                    "letters, digits and `-`, as in `X-Team`",
                );
            } else if tells_a_secret(header) {
                let message = format!("the header `{header}` carries a secret");
                self.error(name::PLAIN_SECRET, pair.value.place, message, NAME_THE_SECRET);
            } else if value.contains("{{") || value.contains(char::is_control) {
                let help =
                    "write plain text; what changes from one request to the next belongs into the body";
                self.error(name::BAD_VALUE, pair.value.place, "a header is the same in every request", help);
            }
        }
        self.labels(given)
    }

    fn body(&mut self, node: &Node) -> Option<Body> {
        match self.body_value(node) {
            BodyValue::Map(map) => Some(Body(map)),
            BodyValue::Null
            | BodyValue::Bool(_)
            | BodyValue::Whole(_)
            | BodyValue::Number(_)
            | BodyValue::Text(_)
            | BodyValue::List(_) => {
                let help = "write named values: `body: { text: \"..\" }`; the JSON is built from them";
                self.error(name::WRONG_TYPE, node.written(), "a body is a mapping", help);
                None
            }
        }
    }

    fn body_value(&mut self, node: &Node) -> BodyValue {
        match &node.value {
            Value::List(items) => BodyValue::List(items.iter().map(|item| self.body_value(item)).collect()),
            Value::Map(entries) => {
                let entry = |entry: &crate::config::yaml::Entry| {
                    Some((entry.key.text()?.to_owned(), self.body_value(&entry.value)))
                };
                BodyValue::Map(entries.iter().filter_map(entry).collect::<BTreeMap<_, _>>())
            }
            Value::Scalar(_) => self.leaf(node),
        }
    }

    fn leaf(&mut self, node: &Node) -> BodyValue {
        match node.meaning() {
            Ok(Meaning::Null) => return BodyValue::Null,
            Ok(Meaning::Bool(truth)) => return BodyValue::Bool(truth),
            Ok(Meaning::Int(whole)) if let Ok(whole) = i64::try_from(whole) => {
                return BodyValue::Whole(whole);
            }
            Ok(Meaning::Float(number)) if number.is_finite() => return BodyValue::Number(number),
            Ok(_) | Err(_) => {}
        }
        let Some(text) = decode::<Text>(node, &mut self.findings) else { return BodyValue::Null };
        self.templated(&text).map_or(BodyValue::Null, BodyValue::Text)
    }
}
