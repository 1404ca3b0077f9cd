//! From files to rules: every step of it, and every finding.

use crate::config::defaults::defaults;
use crate::config::file::Files;
use crate::config::gather::Gathered;
use crate::config::names::Folder;
use crate::config::pile::{Pile, pile};
use crate::config::policies::ASK;
use crate::config::reach::Reach;
use crate::config::reader::{Reader, texts};
use crate::config::rules::{Actor, Guarded, Occasion, Resolved, Rules};
use crate::config::server::Server;
use crate::config::source::Source;
use crate::config::yaml::Text;
use crate::config::{actions, allow, extends, groups, not_yet, raw, safety, sanity, ties, trust};
use crate::decision::{Act, Action, Approval, Kind, Policy};
use crate::lint;
use crate::lint::{Finding, name};
use crate::promql;
use crate::rollout::{Rollout, Way};
use crate::unit::{Name, Place};

/// Files, the rules in them, and all that was found.
#[derive(Debug)]
pub struct Loaded {
    /// The files.
    pub files: Files,
    /// The rules that are whole.
    pub rules: Rules,
    /// The server's settings.
    pub server: Server,
    /// Everything that was found, in the order of files and lines, each once.
    pub findings: Vec<Finding>,
}

/// Reads and checks everything in these files.
pub fn load(gathered: Gathered, enabled: promql::Features) -> Loaded {
    let files = gathered.files;
    let mut pile = pile(&files);
    let mut reader = Reader { files: &files, features: enabled, findings: gathered.findings };
    reader.findings.append(&mut pile.findings);
    let settings = pile.server.take();
    let empty = raw::File::default();
    let raw_server = settings.as_ref().map_or(&empty, |(_, raw)| raw);
    reader.features = features(&mut reader, raw_server, enabled);
    let server = reader.server(settings.as_ref().map(|(place, _)| place.file), raw_server, defaults());
    let mut rules = Rules::default();
    let features = reader.features;
    for (file, node) in std::mem::take(&mut pile.groups) {
        let source = Source { text: &files.get(file).text };
        let read = groups::read(source, &node, features, &mut reader.findings);
        rules.groups.extend(read.into_iter().map(|group| (file, group)));
    }
    let mut loading = Loading { pile: &pile, reach: Reach::new(&server, &files), actions: Vec::new() };
    rules.actions = loading.actions(&mut reader);
    rules.gates = loading.gates(&mut reader);
    rules.incidents = loading.incidents(&mut reader, &rules.gates);
    rules.rollouts = loading.rollouts(&mut reader, &rules.gates);
    let mut findings = reader.findings;
    let allowed = allow::read(&files, &pile.comments, &mut findings);
    let line = |place: Place| files.start(place).line;
    let findings = lint::sorted(lint::silence(findings, &allowed, line));
    Loaded { files, rules, server, findings }
}

/// What PromQL may use: what the caller and the server file enable, by Prometheus's names.
fn features(reader: &mut Reader<'_>, raw: &raw::File, enabled: promql::Features) -> promql::Features {
    let mut features = enabled;
    for text in texts(&raw.features) {
        match promql::Feature::named(&text.value) {
            Some(feature) => features = features.with(feature),
            None => reader.unknown(
                text,
                "PromQL feature",
                promql::Feature::EACH.iter().map(|feature| feature.name()),
            ),
        }
    }
    features
}

/// How many checks all gates together may have. Extending multiplies: a thousand heirs of a thousand checks are a
/// small file and a million checks.
const MOST_CHECKS: usize = 100_000;

/// Takes back what is missing, from a finding on: what it extends was not found, and may have given it.
fn forgive(reader: &mut Reader<'_>, from: usize) {
    let mut found = reader.findings.split_off(from);
    found.retain(|finding| finding.name != name::MISSING_KEY);
    reader.findings.append(&mut found);
}

/// Rules in the making.
pub(crate) struct Loading<'a> {
    pub(crate) pile: &'a Pile,
    pub(crate) reach: Reach<'a>,
    /// What each action is for and who has to agree, in the order of the pile.
    actions: Vec<(Kind, Approval)>,
}

impl Loading<'_> {
    fn actions(&mut self, reader: &mut Reader<'_>) -> Vec<Action> {
        let mut found = Vec::new();
        for named in self.pile.actions.iter() {
            let action = reader.action(named, defaults());
            // A broken action is one that people have to agree to.
            let approval = action.as_ref().map_or(Approval::One, |action| action.approval);
            self.actions.push((actions::kind(&named.thing, &named.name), approval));
            self.reach.action(reader, named, action.as_ref().map(|action| action.approval));
            not_yet::set_variant(reader, &named.thing.set_variant);
            if let Some(action) = &action {
                safety::action(reader, action, &named.thing);
            }
            found.extend(action);
        }
        found
    }

    /// The kind of an action that reaches a folder; says so if there is none.
    pub(crate) fn kind(&self, reader: &mut Reader<'_>, folder: &Folder, text: &Text) -> Option<Kind> {
        if text.value == ASK {
            return Some(Kind::Notify);
        }
        let kind = self.known_kind(folder, &text.value);
        if kind.is_none() {
            let mut known = self.pile.actions.reaching(folder);
            known.push(ASK);
            reader.unknown(text, "action", known.into_iter());
        }
        kind
    }

    fn known_kind(&self, folder: &Folder, name: &str) -> Option<Kind> {
        self.pile.actions.find(folder, name).map(|index| self.actions[index].0)
    }

    fn gates(&mut self, reader: &mut Reader<'_>) -> Vec<Guarded> {
        let chains = extends::chains(&self.pile.gates, reader);
        let mut found: Vec<Guarded> = Vec::new();
        let mut checks = 0;
        for (index, named) in self.pile.gates.iter().enumerate() {
            let raw: raw::Gate = extends::whole(&self.pile.gates, index, &chains[index], reader);
            checks += raw.checks.get().map_or(0, |spot| spot.value.0.len());
            if MOST_CHECKS < checks {
                let message = format!(
                    "with what they extend, the gates up to here have more than {MOST_CHECKS} checks"
                );
                reader.error(
                    name::TOO_LARGE,
                    named.place,
                    message,
                    "this gate and those behind it are not read",
                );
                break;
            }
            let written = named.with(raw);
            let before = reader.findings.len();
            not_yet::gate(reader, &written.thing);
            let gate = reader.gate(&written, defaults());
            if chains[index].is_empty() && !named.thing.extends.is_absent() {
                forgive(reader, before);
            }
            let find = |reader: &mut Reader<'_>, text: &Text| self.kind(reader, &named.folder, text);
            let policy = reader.policy(&written.thing, defaults(), &find);
            let Some(gate) = gate else { continue };
            let acts = self.acts(&named.folder, &policy, named.place);
            let guarded =
                Guarded { gate, policy, acts, chain: chains[index].clone(), index, raw: written.thing };
            self.gate_acts(reader, &guarded);
            self.reach.selectors(reader, &guarded);
            found.push(guarded);
        }
        ties::find(reader, &found, &chains);
        found
    }

    /// Holds what a gate does against safety and trust.
    fn gate_acts(&self, reader: &mut Reader<'_>, guarded: &Guarded) {
        let (gate, title) = (&guarded.gate, format!("gate `{}`", guarded.gate.name));
        let actor = Actor {
            title: &title,
            place: gate.place,
            owner: gate.owner.as_deref(),
            matches: &gate.matches,
            acts: &guarded.acts,
            watching: gate,
            may_undo_on: &guarded.policy.may_undo_on,
        };
        safety::hold(reader, &actor);
        safety::proof(reader, guarded);
        sanity::hold(reader, guarded);
        trust::hold(reader, self.reach.server, self.reach.files, &actor);
    }

    /// The same for a rollout, by the verdicts of its gate.
    fn rollout_acts(
        &self,
        reader: &mut Reader<'_>,
        rollout: &Rollout,
        acts: &[Resolved],
        watching: &Guarded,
    ) {
        let title = format!("rollout `{}`", rollout.name);
        let told = watching.acts.iter().filter(|act| act.kind == Kind::Notify && act.upon == Occasion::Fail);
        let acts: Vec<Resolved> = acts.iter().chain(told).copied().collect();
        let actor = Actor {
            title: &title,
            place: rollout.place,
            owner: rollout.owner.as_deref().or(watching.gate.owner.as_deref()),
            matches: &rollout.matches,
            acts: &acts,
            watching: &watching.gate,
            may_undo_on: &watching.policy.may_undo_on,
        };
        safety::hold(reader, &actor);
        safety::watched(reader, rollout, watching);
        trust::hold(reader, self.reach.server, self.reach.files, &actor);
    }

    /// Everything a policy may do.
    fn acts(&self, folder: &Folder, policy: &Policy, gate: Place) -> Vec<Resolved> {
        let fail = policy.fail.iter().map(|rung| (&rung.act, Occasion::Fail));
        let pass = policy.pass.iter().map(|act| (act, Occasion::Pass));
        let undecided = policy.inconclusive.iter().map(|undecided| (&undecided.act, Occasion::Inconclusive));
        let first = policy.first_release.iter().map(|act| (act, Occasion::FirstRelease));
        let all = fail.chain(pass).chain(undecided).chain(first);
        all.filter_map(|(act, upon)| self.resolved(folder, act, gate, upon)).collect()
    }

    /// Everything a rollout does.
    fn steps(&self, folder: &Folder, rollout: &Rollout) -> Vec<Resolved> {
        let named: Vec<&(Name, Place)> = match &rollout.way {
            Way::Steps { set_weight, .. } => vec![set_weight],
            Way::BlueGreen(switch) => vec![&switch.switch, &switch.switch_back],
        };
        let moves = named.into_iter().filter_map(|(action, place)| {
            let act = Act::Do { action: action.clone(), place: *place };
            let resolved = self.resolved(folder, &act, rollout.place, Occasion::Step)?;
            // A webhook that does not say what it is for says so by standing here.
            let kind = if resolved.kind == Kind::Other { Kind::SetWeight } else { resolved.kind };
            Some(Resolved { kind, ..resolved })
        });
        let fails = rollout.on_fail.iter().flat_map(|on_fail| [&on_fail.this_wave, &on_fail.done_waves]);
        let fails = fails.filter_map(|act| self.resolved(folder, act, rollout.place, Occasion::Fail));
        moves.chain(fails).collect()
    }

    /// An act with its action found; asking a person counts as telling one.
    pub(crate) fn resolved(
        &self,
        folder: &Folder,
        act: &Act,
        asking: Place,
        upon: Occasion,
    ) -> Option<Resolved> {
        let Act::Do { action, place } = act else {
            return Some(Resolved { kind: Kind::Notify, action: None, approval: None, place: asking, upon });
        };
        let index = self.pile.actions.find(folder, action.as_str())?;
        let (kind, approval) = self.actions[index];
        let action = Some(self.pile.actions.get(index).place);
        Some(Resolved { kind, action, approval: Some(approval), place: *place, upon })
    }

    fn rollouts(&self, reader: &mut Reader<'_>, gates: &[Guarded]) -> Vec<Rollout> {
        let chains = extends::chains(&self.pile.rollouts, reader);
        let mut found = Vec::new();
        for (index, named) in self.pile.rollouts.iter().enumerate() {
            let raw: raw::Rollout = extends::whole(&self.pile.rollouts, index, &chains[index], reader);
            let written = named.with(raw);
            let find = |reader: &mut Reader<'_>, text: &Text| self.kind(reader, &named.folder, text);
            let before = reader.findings.len();
            not_yet::rollout(reader, &written.thing);
            let rollout = reader.rollout(&written, defaults(), &find);
            if chains[index].is_empty() && !named.thing.extends.is_absent() {
                forgive(reader, before);
            }
            let watching = self.watched(reader, &named.folder, &written.thing, gates);
            let Some(rollout) = rollout else { continue };
            if let Some(watching) = watching {
                let acts = self.steps(&named.folder, &rollout);
                self.rollout_acts(reader, &rollout, &acts, watching);
            }
            found.push(rollout);
        }
        found
    }

    /// The gate of a rollout, if it is there.
    fn watched<'g>(
        &self,
        reader: &mut Reader<'_>,
        folder: &Folder,
        raw: &raw::Rollout,
        gates: &'g [Guarded],
    ) -> Option<&'g Guarded> {
        let spot = raw.gate.get()?;
        let Some(index) = self.pile.gates.find(folder, &spot.value.value) else {
            let known = self.pile.gates.reaching(folder);
            reader.unknown(&spot.value, "gate", known.into_iter());
            return None;
        };
        gates.iter().find(|guarded| guarded.index == index)
    }
}
