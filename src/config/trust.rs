//! Trust: which files may touch which services with which actions, as the server file says.

use crate::config::file::Files;
use crate::config::names::Named;
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::rules::{Actor, Resolved};
use crate::config::server::{Server, Trust};
use crate::decision::{Approval, Kind, Mode};
use crate::lint::{Finding, name};
use crate::unit::{FileId, Pattern};

/// The entries of `trust` that cover a file; nothing where no server file says anything.
pub(crate) fn covering<'s>(server: &'s Server, files: &Files, file: FileId) -> Option<Vec<&'s Trust>> {
    let settings = server.file?;
    let path = relative(&files.get(file).path, &files.get(settings).path);
    let covers = |pattern: &Pattern| pattern.fits(&path) && (!path.starts_with('/') || pattern.is_rooted());
    Some(server.trust.iter().filter(|trust| trust.files.iter().any(covers)).collect())
}

/// Holds what acts against what its file is trusted with. One entry has to cover a service and an action together:
/// being trusted to tell about one service and to undo another is not being trusted to undo the one.
pub(crate) fn hold(reader: &mut Reader<'_>, server: &Server, files: &Files, actor: &Actor<'_>) {
    // Telling somebody is an action too, and a webhook that calls itself that may do more: only asking is free.
    let acting = || actor.acts.iter().filter(|act| act.approval.is_some() && act.kind != Kind::Other);
    let Some(first) = acting().next() else { return };
    let Some(trust) = covering(server, files, actor.place.file) else { return };
    if trust.is_empty() {
        let message = format!(
            "{} can {} its target, but no entry of `trust` covers its file",
            actor.title,
            first.kind.verb()
        );
        let help = "add one to the server file, or take the action out";
        return reader.error(name::NOT_TRUSTED, actor.place, message, help);
    }
    let everything = [Pattern::new("*")];
    for service in actor.matches.key("service").unwrap_or(&everything) {
        let known: Vec<&Trust> = trust.iter().copied().filter(|trust| trust.covers(service)).collect();
        if known.is_empty() {
            reader.push(foreign(actor, service, trust[0]));
        }
        for act in acting().filter(|_| !known.is_empty()) {
            act_on(reader, act, service, &known);
        }
    }
}

fn foreign(actor: &Actor<'_>, service: &Pattern, trust: &Trust) -> Finding {
    let message = if actor.matches.key("service").is_some() {
        format!("this file is not trusted with service `{service}`")
    } else {
        "this would act on every service, and its file is not trusted with all of them".to_owned()
    };
    let help = format!("write a `service` into `match` that fits {}", trust.services_text());
    Finding::error(name::NOT_TRUSTED, actor.place, message)
        .help(help)
        .with(trust.place, "it is trusted with this")
}

fn act_on(reader: &mut Reader<'_>, act: &Resolved, service: &Pattern, known: &[&Trust]) {
    let allowing: Vec<_> = known.iter().filter(|trust| trust.actions.contains(&act.kind)).collect();
    if allowing.is_empty() {
        let message = format!("this file is not trusted to {} `{service}`", act.kind.verb());
        let help = format!("it takes `{}` among the `actions:` of its entry of `trust`", act.kind);
        let finding = Finding::error(name::NOT_TRUSTED, act.place, message).help(help);
        reader.push(finding.with(known[0].place, "it is trusted with this"));
    } else if act.approval == Some(Approval::None)
        && act.kind.changes_target()
        && !allowing.iter().any(|trust| trust.at_most == Mode::Act)
    {
        let message = format!("this would {} `{service}` with nobody asked", act.kind.verb());
        let help =
            "name an action with `approval: one`, or let the server file trust this file with `at_most: act`";
        let finding = Finding::error(name::UNAPPROVED, act.place, message).help(help);
        reader.push(finding.with(known[0].place, "it is trusted with this"));
    }
}

/// An action that asks nobody, where no file at all is trusted to do so.
pub(crate) fn unapproved(reader: &mut Reader<'_>, server: &Server, written: &Named<raw::Action>) {
    if server.trust.iter().any(|trust| trust.at_most == Mode::Act) {
        return;
    }
    let place = written.thing.approval.place().unwrap_or(written.place);
    let message = format!("action `{}` changes its target, and nobody is asked", written.name);
    let help = "leave `approval: one`, or let the server file trust a file with `at_most: act`";
    reader.error(name::UNAPPROVED, place, message, help);
}

impl Trust {
    fn covers(&self, service: &Pattern) -> bool {
        self.services.iter().any(|known| known.covers(service))
    }
}

/// A path as the server file's folder sees it; one outside it stays whole, and only a pattern that begins at the root
/// can cover it.
fn relative(file: &str, server: &str) -> String {
    let folder = server.rsplit_once('/').map_or("", |(folder, _)| folder);
    match file
        .strip_prefix(folder)
        .and_then(|rest| if folder.is_empty() { Some(rest) } else { rest.strip_prefix('/') })
    {
        Some(inside) => inside.trim_start_matches('/').to_owned(),
        None => file.to_owned(),
    }
}
