//! What rules may touch: the trust of the server file, its ceilings, and the targets' own series.

use crate::config::actions;
use crate::config::file::Files;
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::rules::Guarded;
use crate::config::server::Server;
use crate::config::server::Trust;
use crate::config::yaml::Given;
use crate::config::yaml::Text;
use crate::decision::Approval;
use crate::decision::Kind;
use crate::decision::Mode;
use crate::decision::Scope;
use crate::gate::Match;
use crate::gate::Target;
use crate::lint::Finding;
use crate::lint::name;
use crate::promql;
use crate::unit::FileId;
use crate::unit::Name;
use crate::unit::Pattern;
use crate::unit::Place;
use crate::unit::Rate;

/// Holds rules against the server file.
pub(crate) struct Reach<'a> {
    server: &'a Server,
    files: &'a Files,
}

impl<'a> Reach<'a> {
    /// What the server file allows.
    pub(crate) const fn new(server: &'a Server, files: &'a Files) -> Self {
        Self { server, files }
    }

    /// The entries of `trust` that cover a file; nothing where no server file says anything.
    fn trust(&self, file: FileId) -> Option<Vec<&'a Trust>> {
        let server = self.server.file?;
        let path = relative(&self.files.get(file).name, &self.files.get(server).name);
        Some(
            self.server
                .trust
                .iter()
                .filter(|trust| trust.files.iter().any(|files| files.fits(&path)))
                .collect(),
        )
    }

    /// A gate that can act: its file has to be trusted with the services and the kinds of actions.
    pub(crate) fn gate(&self, reader: &mut Reader<'_>, guarded: &Guarded) {
        let gate = &guarded.gate;
        let Some(act) = guarded.acts.iter().find(|act| act.kind.changes_target()) else { return };
        let Some(trust) = self.trust(gate.place.file) else { return };
        if trust.is_empty() {
            return nobody_trusts(reader, gate.place, &format!("gate `{}` can {}", gate.name, act.kind));
        }
        for act in &guarded.acts {
            if !trust.iter().any(|trust| trust.actions.contains(&act.kind)) && act.kind != Kind::Notify {
                let message = format!("this file is not trusted with `{}`", act.kind);
                let finding = Finding::error(name::NOT_TRUSTED, act.place, message);
                reader.push(
                    finding
                        .help("it takes `actions:` in an entry of `trust` in the server file")
                        .with(trust[0].place, "it is trusted with this"),
                );
            }
        }
        services(reader, &gate.matches, gate.place, &trust);
    }

    /// A rollout shifts traffic, so it needs the same trust.
    pub(crate) fn rollout(&self, reader: &mut Reader<'_>, matches: &Match, place: Place) {
        let Some(trust) = self.trust(place.file) else { return };
        if trust.is_empty() {
            return nobody_trusts(reader, place, "a rollout shifts traffic");
        }
        services(reader, matches, place, &trust);
    }

    /// An action: its limits lie within the ceilings, its secrets are its file's to use.
    pub(crate) fn action(
        &self,
        reader: &mut Reader<'_>,
        written: &actions::Written,
        approval: Option<Approval>,
    ) {
        if let Some(limits) = written.raw.limits.get() {
            self.ceilings(reader, &limits.value);
        }
        if let Some(webhook) = written.raw.webhook.get() {
            for secret in [&webhook.value.sign, &webhook.value.bearer] {
                self.secret(reader, secret);
            }
        }
        if approval == Some(Approval::None) && actions::kind(&written.raw, &written.name).changes_target() {
            self.unapproved(reader, written);
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
            let (Ok(mine), Some(ceiling)) =
                (spot.value.value.parse::<Rate>(), self.server.limits.rates.get(&scope))
            else {
                continue;
            };
            if !mine.within(*ceiling) {
                let message = format!("`{scope}: {mine}` allows more than the server's ceiling of {ceiling}");
                reader.error(
                    name::LOOSENED_CEILING,
                    spot.place,
                    message,
                    "a rule file can only tighten a ceiling",
                );
            }
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
    }

    fn secret(&self, reader: &mut Reader<'_>, given: &Given<Text>) {
        let Some(spot) = given.get() else { return };
        let Some(trust) = self.trust(spot.place.file) else { return };
        let Ok(wanted) = spot.value.value.parse::<Name>() else { return };
        if !self.server.secrets.contains_key(&wanted) {
            reader.unknown(&spot.value, "secret", self.server.secrets.keys().map(Name::as_str));
        } else if !trust.iter().any(|trust| trust.secrets.contains(&wanted)) {
            let message = format!("this file is not trusted with the secret `{wanted}`");
            let help = "it takes `secrets:` in an entry of `trust` in the server file";
            reader.error(name::NOT_TRUSTED, spot.place, message, help);
        }
    }

    /// Nobody being asked is a policy, and policies are the server's.
    fn unapproved(&self, reader: &mut Reader<'_>, written: &actions::Written) {
        let trusted = self.trust(written.place.file).unwrap_or_default();
        if trusted.iter().any(|trust| trust.at_most == Mode::Act) {
            return;
        }
        let place = written.raw.approval.place().unwrap_or(written.place);
        let message = format!("action `{}` changes its target, and nobody is asked", written.name);
        let help = "leave `approval: one`, or let the server file trust this file with `at_most: act`";
        reader.error(name::UNAPPROVED, place, message, help);
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

fn nobody_trusts(reader: &mut Reader<'_>, place: Place, what: &str) {
    let message = format!("{what}, but no entry of `trust` covers its file");
    reader.error(name::NOT_TRUSTED, place, message, "add one to the server file, or take the action out");
}

fn services(reader: &mut Reader<'_>, matches: &Match, place: Place, trust: &[&Trust]) {
    let everything = [Pattern::new("*")];
    let asked = matches.key("service").unwrap_or(&everything);
    let allowed =
        |pattern: &Pattern| trust.iter().flat_map(|trust| &trust.services).any(|known| known.covers(pattern));
    if let Some(foreign) = asked.iter().find(|pattern| !allowed(pattern)) {
        let message = if matches.key("service").is_some() {
            format!("this file is not trusted with service `{foreign}`")
        } else {
            "this would act on every service, and its file is not trusted with all of them".to_owned()
        };
        let help = format!("write a `service` into `match` that fits {}", trust[0].services_text());
        reader.push(
            Finding::error(name::NOT_TRUSTED, place, message)
                .help(help)
                .with(trust[0].place, "it is trusted with this"),
        );
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

/// A path as the server file's folder sees it.
fn relative(file: &str, server: &str) -> String {
    let plain = |path: &str| path.strip_prefix("./").unwrap_or(path).to_owned();
    let (file, server) = (plain(file), plain(server));
    let folder = server.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside = file.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    inside.filter(|_| !folder.is_empty()).map_or(file.clone(), str::to_owned)
}
