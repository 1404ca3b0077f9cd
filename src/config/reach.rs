//! What rules may touch: the trust of the server file, its ceilings, and the targets' own series.

use crate::config::file::Files;
use crate::config::names::Named;
use crate::config::reader::Reader;
use crate::config::rules::Guarded;
use crate::config::server::{Secret, Server};
use crate::config::yaml::{Given, Text};
use crate::config::{actions, raw, trust};
use crate::decision::{Approval, OutOfReach, Scope};
use crate::gate::Target;
use crate::lint::{Finding, name};
use crate::promql;
use crate::unit::{Name, Percent, Rate, Span};

/// Holds rules against the server file.
pub(crate) struct Reach<'a> {
    /// The server's settings.
    pub(crate) server: &'a Server,
    /// The files, for where rules lie.
    pub(crate) files: &'a Files,
}

impl<'a> Reach<'a> {
    /// What the server file allows.
    pub(crate) const fn new(server: &'a Server, files: &'a Files) -> Self {
        Self { server, files }
    }

    /// An action: its limits lie within the ceilings, its secrets are its file's to use.
    pub(crate) fn action(
        &self,
        reader: &mut Reader<'_>,
        written: &Named<raw::Action>,
        approval: Option<Approval>,
    ) {
        if let Some(limits) = written.thing.limits.get() {
            self.ceilings(reader, &limits.value);
        }
        if let Some(webhook) = written.thing.webhook.get() {
            self.webhook(reader, &webhook.value);
        }
        if approval == Some(Approval::None) && actions::kind(&written.thing, &written.name).changes_target() {
            trust::unapproved(reader, self.server, written);
        }
    }

    fn ceilings(&self, reader: &mut Reader<'_>, raw: &raw::Limits) {
        let given = [
            (Scope::Service, &raw.per_service),
            (Scope::Environment, &raw.per_environment),
            (Scope::Everywhere, &raw.everywhere),
        ];
        for (scope, text) in given {
            let Some(spot) = text.get() else { continue };
            let Ok(mine) = spot.value.value.parse::<Rate>() else { continue };
            // What holds for everything holds for each service too.
            let mut wider = self.server.limits.rates.range(scope..);
            if let Some((known, ceiling)) = wider.find(|(_, ceiling)| !mine.within(**ceiling)) {
                let message = format!(
                    "`{scope}: {mine}` allows more than the server's ceiling of {ceiling} {}",
                    known.words()
                );
                reader.error(
                    name::LOOSENED_CEILING,
                    spot.place,
                    message,
                    "a rule file can only tighten a ceiling",
                );
            }
        }
        if let (Some(spot), Some(least)) = (raw.cooldown.get(), self.server.limits.cooldown)
            && spot.value.value.parse::<Span>().is_ok_and(|mine| mine < least)
        {
            let message = format!("a cooldown of {} is shorter than the server's {least}", spot.value.value);
            let help = "a rule file can only tighten a ceiling";
            reader.error(name::LOOSENED_CEILING, spot.place, message, help);
        }
        if let (Some(mine), Some(ceiling)) =
            (raw.changes_undone_at_once.get(), self.server.limits.changes_undone_at_once)
            && mine.value > ceiling
        {
            let message =
                format!("{} changes at once are more than the server's ceiling of {ceiling}", mine.value);
            reader.error(
                name::LOOSENED_CEILING,
                mine.place,
                message,
                "a rule file can only tighten a ceiling",
            );
        }
        if let (Some(spot), Some(most)) =
            (raw.services_undone_at_once.get(), self.server.limits.services_undone_at_once)
            && spot.value.value.parse::<Percent>().is_ok_and(|mine| most < mine)
        {
            let message =
                format!("{} of the services are more than the server's ceiling of {most}", spot.value.value);
            let help = "a rule file can only tighten a ceiling";
            reader.error(name::LOOSENED_CEILING, spot.place, message, help);
        }
    }

    fn webhook(&self, reader: &mut Reader<'_>, raw: &raw::Webhook) {
        let (basic, oauth2) = (raw.basic.get(), raw.oauth2.get());
        let secrets = [
            Some(&raw.sign),
            Some(&raw.bearer),
            basic.map(|spot| &spot.value.password),
            oauth2.map(|spot| &spot.value.client_secret),
            raw.hmac.get().map(|spot| &spot.value.key),
        ];
        for secret in secrets.into_iter().flatten() {
            self.secret(reader, secret);
        }
        if let Some(key) = raw.tls.get().and_then(|spot| spot.value.key_file.get()) {
            self.key_file(reader, &key.value);
        }
        let verify = raw.verify.get().map(|spot| &spot.value.url);
        let urls = [Some(&raw.url), verify, oauth2.map(|spot| &spot.value.token_url)];
        for url in urls.into_iter().flatten() {
            self.host(reader, url);
        }
    }

    /// The key of a certificate is a secret like any other: whoever names its file has to be trusted with it.
    fn key_file(&self, reader: &mut Reader<'_>, text: &Text) {
        let Some(trust) = trust::covering(self.server, self.files, text.place.file) else { return };
        let held = |secret: &Secret| matches!(secret, Secret::File(file) if *file == text.value);
        let mut known = self.server.secrets.iter().filter(|(_, secret)| held(secret)).map(|(name, _)| name);
        if known.any(|name| trust.iter().any(|trust| trust.secrets.contains(name))) {
            return;
        }
        let message = format!("this file is not trusted with the key in `{}`", text.value);
        let help =
            "it takes the file under `secrets:` in the server file, and its name in an entry of `trust`";
        reader.error(name::NOT_TRUSTED, text.place, message, help);
    }

    /// A request goes where the server file says that requests may go.
    fn host(&self, reader: &mut Reader<'_>, given: &Given<Text>) {
        let Some(spot) = given.get().filter(|_| self.server.file.is_some()) else { return };
        let why = match self.server.hosts.allow(&spot.value.value) {
            // That it is none is said where it is read.
            Ok(()) | Err(OutOfReach::Malformed(_)) => return,
            Err(why) => why,
        };
        let help = match &why {
            OutOfReach::NotListed(host) => format!("list it in the server file: `hosts: [ \"{host}\" ]`"),
            OutOfReach::InTheClear(host) => {
                format!("ask it over `https`, or list it so: `hosts: [ {{ host: \"{host}\", http: true }} ]`")
            }
            OutOfReach::Elsewhere { host, address, .. } => {
                format!(
                    "say that it may be there: `hosts: [ {{ host: \"{host}\", addresses: [\"{address}\"] }} ]`"
                )
            }
            OutOfReach::Malformed(_) | OutOfReach::Nowhere(_) => return,
        };
        reader.error(name::FOREIGN_HOST, spot.value.place, why.to_string(), help);
    }

    fn secret(&self, reader: &mut Reader<'_>, given: &Given<Text>) {
        let Some(spot) = given.get() else { return };
        let Some(trust) = trust::covering(self.server, self.files, spot.place.file) else { return };
        let Ok(wanted) = spot.value.value.parse::<Name>() else { return };
        if !self.server.secrets.contains_key(&wanted) {
            reader.unknown(&spot.value, "secret", self.server.secrets.keys().map(Name::as_str));
        } else if !trust.iter().any(|trust| trust.secrets.contains(&wanted)) {
            let message = format!("this file is not trusted with the secret `{wanted}`");
            let help = "it takes `secrets:` in an entry of `trust` in the server file";
            reader.error(name::NOT_TRUSTED, spot.place, message, help);
        }
    }

    /// The targets a gate is about: its selectors must not name another's series.
    pub(crate) fn selectors(&self, reader: &mut Reader<'_>, guarded: &Guarded) {
        let targets: Vec<&Target> = self
            .server
            .targets
            .iter()
            .filter(|target| guarded.gate.matches.fits(|key| target.label(key)))
            .collect();
        if targets.is_empty() && !self.server.targets.is_empty() {
            let message = format!("gate `{}` fits no target", guarded.gate.name);
            let help = "compare its `match` with the `targets:` of the server file";
            reader.push(Finding::warning(name::NO_TARGET, guarded.gate.place, message).help(help));
        }
        for (check, written) in guarded
            .gate
            .checks
            .iter()
            .zip(guarded.raw.checks.get().into_iter().flat_map(|spot| &spot.value.0))
        {
            for (plan, text) in check.question.plans().into_iter().zip(written.value.queries()) {
                foreign(reader, plan, text, &targets);
            }
        }
    }
}

/// Says which matchers can never hold together with a target's own.
fn foreign(reader: &mut Reader<'_>, plan: &promql::Plan, text: &Text, targets: &[&Target]) {
    for matcher in plan.selectors().flat_map(|selector| &selector.matchers) {
        let Some((target, value)) = targets.iter().find_map(|target| {
            let value = target.select.get(&matcher.label)?;
            (!matcher.accepts(value)).then_some((target, value))
        }) else {
            continue;
        };
        let message = format!(
            "this asks about other series than those of {target}, where `{}` is `{value}`",
            matcher.label
        );
        let place = reader.within(text, matcher.extent);
        let finding = Finding::error(name::FOREIGN_SELECTOR, place, message);
        let help = format!("leave `{}` out; the target's `select` is added to every selector", matcher.label);
        reader.push(finding.help(help).with(target.place, "the target is here"));
    }
}
