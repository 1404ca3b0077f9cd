//! Actions: from what was written to what may be done.

use std::collections::BTreeMap;

use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::Reader;
use crate::config::reader::Whose;
use crate::config::reader::labels;
use crate::config::reader::plain;
use crate::config::yaml::Given;
use crate::config::yaml::Meaning;
use crate::config::yaml::Node;
use crate::config::yaml::Spot;
use crate::config::yaml::Text;
use crate::config::yaml::Value;
use crate::config::yaml::decode;
use crate::decision::Action;
use crate::decision::Approval;
use crate::decision::Body;
use crate::decision::BodyValue;
use crate::decision::Deed;
use crate::decision::Kind;
use crate::decision::Limits;
use crate::decision::Method;
use crate::decision::Revision;
use crate::decision::Scope;
use crate::decision::Verification;
use crate::decision::Webhook;
use crate::lint::name;
use crate::unit::Name;
use crate::unit::Place;
use crate::unit::Rate;

const APPROVALS: [(&str, Approval); 3] =
    [("none", Approval::None), ("one", Approval::One), ("two", Approval::Two)];
const METHODS: [(&str, Method); 5] = [
    ("GET", Method::Get),
    ("POST", Method::Post),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
];

/// An action as it was written, its name read.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// Its name.
    pub(crate) name: Name,
    /// Where its name stands.
    pub(crate) place: Place,
    /// Its keys.
    pub(crate) raw: raw::Action,
}

/// What an action is for: what it says, else what its deed is, else what its name is. A webhook that says nothing
/// counts as one that changes its target, so that forgetting a word never opens a door.
pub(crate) fn kind(raw: &raw::Action, called: &Name) -> Kind {
    let named = |word: &str| Kind::NAMED.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
    if let Some(kind) = raw.does.get().and_then(|spot| named(&spot.value.value)) {
        return kind;
    }
    let deeds = [
        (raw.undo.is_absent(), Kind::Rollback),
        (raw.hold.is_absent(), Kind::Pause),
        (raw.go_on.is_absent(), Kind::Promote),
        (raw.set_variant.is_absent(), Kind::ToggleFlag),
    ];
    let by_deed = deeds.iter().find(|(absent, _)| !absent).map(|(_, kind)| *kind);
    by_deed.or_else(|| named(called.as_str())).unwrap_or(Kind::Other)
}

impl Reader<'_> {
    /// An action; nothing if any part of it is wrong, after all its parts were read.
    pub(crate) fn action(&mut self, written: &Written, defaults: &raw::Defaults) -> Option<Action> {
        let title = format!("action `{}`", written.name);
        let whose = Whose { what: &title, place: written.place };
        self.word(&written.raw.does, &Kind::NAMED);
        let filled = written.raw.clone().over(&defaults.action);
        let deed = self.deed(&written.raw, &filled, defaults, whose);
        let kind = kind(&written.raw, &written.name);
        if let (Some(place), false) = (written.raw.to.place(), written.raw.undo.place().is_some()) {
            self.error(
                name::BAD_VALUE,
                place,
                "`to` says where an undo leads, and this is none",
                "leave it out",
            );
        }
        let limits = self.limits(&written.raw.limits, &defaults.action.limits);
        let approval = self.word(&filled.approval, &APPROVALS);
        Some(Action {
            name: written.name.clone(),
            place: written.place,
            kind,
            limits: if kind.changes_target() {
                limits
            } else {
                self.limits(&written.raw.limits, &Given::Absent)
            },
            approval: if kind.changes_target() { approval? } else { Approval::None },
            owner: plain(&filled.owner),
            runbook: plain(&filled.runbook),
            deed: deed?,
        })
    }

    fn deed(
        &mut self,
        own: &raw::Action,
        filled: &raw::Action,
        defaults: &raw::Defaults,
        whose: Whose<'_>,
    ) -> Option<Deed> {
        let given = [
            ("undo", own.undo.place()),
            ("hold", own.hold.place()),
            ("go_on", own.go_on.place()),
            ("set_variant", own.set_variant.place()),
            ("webhook", own.webhook.place()),
        ];
        self.exactly_one(&given, whose)?;
        for target in [&own.undo, &own.hold, &own.go_on] {
            self.word(target, &[("target", ())]);
        }
        if own.undo.get().is_some() {
            let to = filled.to.get()?;
            return Some(Deed::Undo { to: revision(&to.value.value) });
        }
        if own.hold.get().is_some() {
            return Some(Deed::Hold);
        }
        if own.go_on.get().is_some() {
            return Some(Deed::GoOn);
        }
        if let Some(variant) = own.set_variant.get() {
            let whose = Whose { what: "`set_variant`", place: variant.place };
            let to = self.need(&variant.value.to, "to", whose)?;
            return Some(Deed::SetVariant { flag: plain(&variant.value.flag), to: to.value.value.clone() });
        }
        let webhook = own.webhook.get()?;
        self.webhook(webhook, &defaults.webhook).map(|webhook| Deed::Send(Box::new(webhook)))
    }

    fn webhook(&mut self, written: &Spot<raw::Webhook>, defaults: &raw::Webhook) -> Option<Webhook> {
        let whose = Whose { what: "the webhook", place: written.place };
        let filled = written.value.clone().over(defaults);
        let url = self.need(&filled.url, "url", whose).and_then(|spot| self.url(&spot.value));
        let method = self.word(&filled.method, &METHODS);
        let timeout = self.positive(&filled.timeout);
        let expect = self.statuses(&filled);
        let verify = match filled.verify.get() {
            Some(verify) => Some(self.verification(verify)?),
            None => None,
        };
        Some(Webhook {
            headers: self.headers(&filled),
            body: filled.body.get().and_then(|spot| self.body(&spot.value.0)),
            sign: self.parse(&filled.sign),
            bearer: self.parse(&filled.bearer),
            url: url?,
            method: method?,
            timeout: timeout?,
            expect: expect?,
            verify,
        })
    }

    /// An address: whole, over HTTP, without a password in it, and with no template in its host.
    pub(crate) fn url(&mut self, text: &Text) -> Option<String> {
        let url = &text.value;
        let after = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let host = after.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
        match host {
            None | Some("") => {
                let message = format!("`{url}` is no address");
                self.error(
                    name::BAD_VALUE,
                    text.place,
                    message,
                    "write a whole one: `https://hooks.example.com/releases`",
                );
                None
            }
            Some(host) if host.contains("{{") => {
                let help =
                    "what an alert or a change says never chooses a host; a template may stand in the path";
                self.error(name::BAD_VALUE, text.place, "a template chooses the host of this address", help);
                None
            }
            Some(host) if host.contains('@') => {
                let help = "name a secret instead: `bearer: NAME`, and say where it is under `secrets:` in the server file";
                self.error(name::PLAIN_SECRET, text.place, "a password stands in this address", help);
                None
            }
            Some(_) => {
                self.templated(text);
                Some(url.clone())
            }
        }
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
            // The dots of a sketch are no expression, and are told so here.
            return self.plan(&expr.value).map(Verification::Expr);
        }
        self.url(&raw.url.get()?.value).map(Verification::Url)
    }

    /// What goes with a request. A secret in it would be in git and on the page.
    fn headers(&mut self, filled: &raw::Webhook) -> BTreeMap<String, String> {
        for pair in filled.headers.get().into_iter().flat_map(|spot| &spot.value.0) {
            let header = pair.key.value.to_ascii_lowercase();
            if ["authorization", "cookie", "x-api-key", "proxy-authorization"].contains(&header.as_str()) {
                let message = format!("the header `{}` carries a secret", pair.key.value);
                let help = "name it instead: `bearer: NAME`, and say where it is under `secrets:` in the server file";
                self.error(name::PLAIN_SECRET, pair.value.place, message, help);
            }
            self.templated(&pair.value);
        }
        labels(&filled.headers)
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
        self.templated(&text);
        BodyValue::Text(text.value)
    }

    /// Limits, what is not given taken from beneath.
    pub(crate) fn limits(&mut self, given: &Given<raw::Limits>, beneath: &Given<raw::Limits>) -> Limits {
        let empty = raw::Limits::default();
        let beneath = beneath.get().map_or(&empty, |spot| &spot.value);
        let raw = given.get().map_or(&empty, |spot| &spot.value).clone().over(beneath);
        let scopes = [
            (Scope::Service, &raw.per_service),
            (Scope::Environment, &raw.per_environment),
            (Scope::Everywhere, &raw.everywhere),
        ];
        let rates: BTreeMap<Scope, Rate> =
            scopes.iter().filter_map(|(scope, text)| Some((*scope, self.parse(text)?))).collect();
        Limits {
            rates,
            cooldown: self.parse(&raw.cooldown),
            changes_undone_at_once: raw.changes_undone_at_once.get().map(|spot| spot.value),
        }
    }
}

fn revision(text: &str) -> Revision {
    match text {
        "last_known_good" => Revision::LastKnownGood,
        "previous" => Revision::Previous,
        other => Revision::Exactly(other.to_owned()),
    }
}
