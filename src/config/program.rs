//! From rules that are whole to the program that the engine goes by.

use std::sync::Arc;

use crate::config::load::Loaded;
use crate::config::rules::{Guarded, Resolved};
use crate::config::server::Trust;
use crate::config::trust::covering;
use crate::decision::{Act, Action, Mode};
use crate::engine::{Errand, Errands, Program, Trusted, Watch};
use crate::unit::{Pattern, Place};

/// The program of what was loaded. It takes rules without errors: what is broken is not in it.
pub fn program(loaded: &Loaded) -> Program {
    let actions: Vec<Arc<Action>> = loaded.rules.actions.iter().cloned().map(Arc::new).collect();
    Program {
        mode: loaded.server.mode,
        limits: loaded.server.limits.clone(),
        freezes: loaded.server.freezes.clone(),
        targets: loaded.server.targets.clone().into(),
        watches: loaded.rules.gates.iter().map(|guarded| watch(loaded, guarded, &actions)).collect(),
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
        },
        may_undo_on: policy.may_undo_on.clone(),
        trusted: trusted(loaded, gate.place),
        written: None,
    }
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
