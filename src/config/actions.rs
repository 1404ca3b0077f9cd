//! Actions: from what was written to what may be done.

use std::collections::BTreeMap;

use crate::config::names::Named;
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose, plain};
use crate::config::yaml::{Given, Text};
use crate::decision::{Action, Approval, Deed, Kind, Limits, Method, Revision, Scope};
use crate::lint::name;
use crate::unit::{Name, Rate, nearest};

const APPROVALS: [(&str, Approval); 3] =
    [("none", Approval::None), ("one", Approval::One), ("two", Approval::Two)];

/// What an action is for. A deed says so by itself, whatever stands beside it; a webhook by `does`, or by its name.
/// One that says nothing counts as changing its target, so that forgetting a word never opens a door.
pub(crate) fn kind(raw: &raw::Action, called: &Name) -> Kind {
    if !raw.undo.is_absent() {
        return Kind::Rollback;
    }
    if let Some((.., kind, _)) = on_target(raw).into_iter().find(|(_, given, ..)| !given.is_absent()) {
        return kind;
    }
    if !raw.set_variant.is_absent() {
        return Kind::ToggleFlag;
    }
    let said = raw.does.get().map_or(called.as_str(), |spot| &spot.value.value);
    Kind::NAMED.iter().find(|(known, _)| *known == said).map_or(Kind::Other, |(_, kind)| *kind)
}

/// What is done to the target's object by a word alone: the word, what it is for, and what it does.
fn on_target(raw: &raw::Action) -> [(&'static str, &Given<Text>, Kind, Deed); 5] {
    [
        ("hold", &raw.hold, Kind::Pause, Deed::Hold),
        ("go_on", &raw.go_on, Kind::Promote, Deed::GoOn),
        ("finish", &raw.finish, Kind::Promote, Deed::Finish),
        ("retry", &raw.retry, Kind::Resume, Deed::Retry),
        ("restart", &raw.restart, Kind::Restart, Deed::Restart),
    ]
}

impl Reader<'_> {
    /// An action; nothing if any part of it is wrong, after all its parts were read.
    pub(crate) fn action(
        &mut self,
        written: &Named<raw::Action>,
        defaults: &raw::Defaults,
    ) -> Option<Action> {
        let title = format!("action `{}`", written.name);
        let whose = Whose { what: &title, place: written.place };
        self.word(&written.thing.does, &Kind::NAMED);
        if let Some(place) = written.thing.does.place().filter(|_| written.thing.webhook.is_absent()) {
            let help = "leave it out; `does` is for webhooks, which could be for anything";
            self.error(name::BAD_VALUE, place, "this action says by itself what it is for", help);
        }
        let filled = written.thing.clone().over(&defaults.action);
        let deed = self.deed(&written.thing, &filled, defaults, whose);
        let kind = kind(&written.thing, &written.name);
        if let (Some(place), false) = (written.thing.to.place(), written.thing.undo.place().is_some()) {
            self.error(
                name::BAD_VALUE,
                place,
                "`to` says where an undo leads, and this is none",
                "leave it out",
            );
        }
        if let Some(place) = written.thing.approval.place().filter(|_| !kind.changes_target()) {
            self.error(name::BAD_VALUE, place, "nobody has to agree to being told", "leave `approval` out");
        }
        if let (Kind::Notify, Some(Deed::Send(webhook))) = (kind, &deed)
            && !matches!(webhook.method, Method::Post | Method::Get)
        {
            let place = written.thing.webhook.get().and_then(|spot| spot.value.method.place());
            let help = "send a POST, or say what it really does";
            self.error(
                name::BAD_VALUE,
                place.unwrap_or(written.place),
                "this changes something, which telling does not",
                help,
            );
        }
        let limits = self.limits(&written.thing.limits, &defaults.action.limits);
        let approval = self.word(&filled.approval, &APPROVALS);
        Some(Action {
            name: written.name.clone(),
            place: written.place,
            kind,
            limits: if kind.changes_target() {
                limits
            } else {
                self.limits(&written.thing.limits, &Given::Absent)
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
        let on_target = on_target(own);
        let mut given = vec![("undo", own.undo.place())];
        given.extend(on_target.iter().map(|(word, target, ..)| (*word, target.place())));
        given.extend([("set_variant", own.set_variant.place()), ("webhook", own.webhook.place())]);
        self.exactly_one(&given, whose)?;
        for target in [&own.undo].into_iter().chain(on_target.iter().map(|(_, target, ..)| *target)) {
            self.word(target, &[("target", ())]);
        }
        if own.undo.get().is_some() {
            let to = filled.to.get()?;
            return self.revision(&to.value).map(|to| Deed::Undo { to });
        }
        if let Some((.., deed)) = on_target.into_iter().find(|(_, target, ..)| target.get().is_some()) {
            return Some(deed);
        }
        if let Some(variant) = own.set_variant.get() {
            let whose = Whose { what: "`set_variant`", place: variant.place };
            let to = self.need(&variant.value.to, "to", whose)?;
            return Some(Deed::SetVariant { flag: plain(&variant.value.flag), to: to.value.value.clone() });
        }
        let webhook = own.webhook.get()?;
        self.webhook(webhook, &defaults.webhook).map(|webhook| Deed::Send(Box::new(webhook)))
    }

    /// Where an undo leads. A slip in one of the words must not become the name of a revision.
    fn revision(&mut self, text: &Text) -> Option<Revision> {
        const WORDS: [&str; 2] = ["last_known_good", "previous"];
        match text.value.as_str() {
            "last_known_good" => return Some(Revision::LastKnownGood),
            "previous" => return Some(Revision::Previous),
            _ => {}
        }
        let meant =
            nearest(&text.value, WORDS).or_else(|| text.value.starts_with("last").then_some(WORDS[0]));
        if let Some(meant) = meant {
            let message = format!("`{}` is neither a word that is known here nor a revision", text.value);
            self.error(name::BAD_VALUE, text.place, message, format!("did you mean `{meant}`?"));
            return None;
        }
        Some(Revision::Exactly(text.value.clone()))
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
            services_undone_at_once: self.parse(&raw.services_undone_at_once),
        }
    }
}
