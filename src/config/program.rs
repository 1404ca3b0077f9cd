//! From rules that are whole to the program that the engine goes by.

use std::sync::Arc;

use crate::config::incidents::{Asks, Incident, May};
use crate::config::load::Loaded;
use crate::config::rules::{Guarded, Resolved, Rules};
use crate::config::server::Trust;
use crate::config::trust::covering;
use crate::decision::{Act, Action, Mode};
use crate::engine::{Errand, Errands, Program, Response, Trusted, Watch};
use crate::unit::{Pattern, Place};

/// The program of what was loaded. It takes rules without errors: what is broken is not in it.
pub fn program(loaded: &Loaded) -> Program {
    let actions: Vec<Arc<Action>> = loaded.rules.actions.iter().cloned().map(Arc::new).collect();
    let gates = loaded.rules.gates.iter().map(|guarded| watch(loaded, guarded, &actions));
    let asking = asking(&loaded.rules).map(|(incident, asks)| ask(loaded, incident, (asks, &actions)));
    Program {
        doubted: None,
        mode: loaded.server.mode,
        limits: loaded.server.limits.clone(),
        approve_within: loaded.server.approve_within,
        floors: loaded.server.floors.clone(),
        freezes: loaded.server.freezes.clone(),
        targets: loaded.server.targets.clone().into(),
        watches: gates.chain(asking).collect(),
        responses: loaded.rules.incidents.iter().filter_map(|incident| response(loaded, incident)).collect(),
        settle: loaded.server.settle,
    }
}

fn watch(loaded: &Loaded, guarded: &Guarded, actions: &[Arc<Action>]) -> Watch {
    let (gate, policy) = (&guarded.gate, &guarded.policy);
    let errand = |act: &Act| errand(act, &guarded.acts, actions);
    let mut fail: Vec<_> =
        policy.fail.iter().filter_map(|rung| Some((rung.confidence, errand(&rung.act)?))).collect();
    fail.sort_by(|(one, _), (other, _)| one.share().total_cmp(&other.share()));
    Watch {
        gate: gate.clone(),
        family: guarded.chain.last().copied().unwrap_or(guarded.index),
        depth: guarded.chain.len(),
        errands: Errands {
            fail,
            pass: policy.pass.as_ref().and_then(errand),
            inconclusive: policy
                .inconclusive
                .as_ref()
                .and_then(|undecided| Some((undecided.after, errand(&undecided.act)?))),
            first_release: policy.first_release.as_ref().and_then(errand),
            alerted: None,
        },
        may_undo_on: policy.may_undo_on.clone(),
        trusted: trusted(loaded, gate.place),
        written: None,
    }
}

/// What alerts ask for, behind all gates.
fn asking(rules: &Rules) -> impl Iterator<Item = (&Incident, &Asks)> {
    rules.incidents.iter().filter_map(|incident| match &incident.may {
        May::Ask(asks) => Some((incident, &**asks)),
        May::Begin(_) => None,
    })
}

/// Something that alerts ask for. It stands in no place of any gate, so its family is its own.
fn ask(loaded: &Loaded, incident: &Incident, (asks, actions): (&Asks, &[Arc<Action>])) -> Watch {
    Watch {
        gate: asks.gate.clone(),
        family: usize::MAX,
        depth: 0,
        errands: Errands { alerted: errand(&asks.act, &asks.acts, actions), ..Errands::default() },
        may_undo_on: asks.may_undo_on.clone(),
        trusted: trusted(loaded, incident.place),
        written: None,
    }
}

/// What some alerts do, with the number of what begins by them.
fn response(loaded: &Loaded, incident: &Incident) -> Option<Response> {
    let rules = &loaded.rules;
    let begins = match incident.may {
        May::Begin(index) => rules.gates.iter().position(|guarded| guarded.index == index)?,
        May::Ask(_) => {
            let place = asking(rules).position(|(other, _)| other.place == incident.place)?;
            rules.gates.len() + place
        }
    };
    Some(Response { alerts: incident.alerts.clone(), begins })
}

/// What an act of a policy does: its action was found where the policy was read.
fn errand(act: &Act, acts: &[Resolved], actions: &[Arc<Action>]) -> Option<Errand> {
    let Act::Do { place, .. } = act else { return Some(Errand::Ask) };
    let written = acts.iter().find(|resolved| resolved.place == *place)?.action?;
    actions.iter().find(|action| action.place == written).map(|action| Errand::Do(Arc::clone(action)))
}

/// What the file of a place is trusted with: everything, where no server file says anything, since its mode is then the
/// first rung.
fn trusted(loaded: &Loaded, place: Place) -> Vec<Trusted> {
    let Some(trust) = covering(&loaded.server, &loaded.files, place.file) else {
        let kinds = crate::decision::Kind::NAMED.iter().map(|(_, kind)| *kind).collect();
        return vec![Trusted { services: vec![Pattern::new("*")], actions: kinds, at_most: Mode::Act }];
    };
    let taken = |trust: &&Trust| Trusted {
        services: trust.services.clone(),
        actions: trust.actions.clone(),
        at_most: trust.at_most,
    };
    trust.iter().map(taken).collect()
}
