//! The program: everything that rules and the server file say, as the engine needs it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::decision::{Action, Alerts, Authorship, Freeze, Key, Kind, Limits, Mode, Weak};
use crate::engine::targets::Targets;
use crate::gate::{Gate, Start, Target, Upon};
use crate::signal::{Change, ChangeKind, TargetKey};
use crate::unit::{Confidence, Name, Pattern, Span, UnixMillis};

/// Rules that were read, as a whole.
#[derive(Debug, Clone)]
pub struct Rules {
    /// What the engine goes by from then on.
    pub program: Arc<Program>,
    /// The SHA-256 of the files that they were read from, in hex.
    pub config: String,
}

/// What was read from the same files is the same.
impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config
    }
}

/// What the engine goes by.
#[derive(Debug, Clone)]
pub struct Program {
    /// How far automation may go anywhere.
    pub mode: Mode,
    /// Since when its ledger is doubted, where it is.
    pub doubted: Option<UnixMillis>,
    /// Ceilings for every action together.
    pub limits: Limits,
    /// How sure an action of each kind has to be of a failure, whatever a policy says.
    pub floors: BTreeMap<Kind, Confidence>,
    /// When nothing is changed by itself.
    pub freezes: Vec<Freeze>,
    /// How long people are asked, and how long what they agree to counts: then it is judged again.
    pub approve_within: Span,
    /// What may be watched.
    pub targets: Targets,
    /// The gates with what they lead to.
    pub watches: Vec<Watch>,
    /// What alerts may do.
    pub responses: Vec<Response>,
    /// How long after a look's time its samples may still come in.
    pub settle: Span,
}

/// What some alerts may do.
#[derive(Debug, Clone)]
pub struct Response {
    /// Which alerts.
    pub alerts: Alerts,
    /// The watch that begins, by its number: a gate, or one that looks at nothing and asks for something.
    pub begins: usize,
}

/// A gate with what its verdicts lead to.
#[derive(Debug, Clone)]
pub struct Watch {
    /// The gate.
    pub gate: Gate,
    /// Gates of one family stand in place of one another: the most particular one counts.
    pub family: usize,
    /// How many others it extends.
    pub depth: usize,
    /// What its verdicts lead to.
    pub errands: Errands,
    /// Weak evidence that may undo by itself.
    pub may_undo_on: BTreeSet<Weak>,
    /// What its file is trusted with.
    pub trusted: Vec<Trusted>,
    /// Where it stands and who wrote it last, where somebody looked.
    pub written: Option<Authorship>,
}

/// What verdicts lead to, each action found.
#[derive(Debug, Clone, Default)]
pub struct Errands {
    /// A failed verdict, by rising confidence.
    pub fail: Vec<(Confidence, Errand)>,
    /// A passed one.
    pub pass: Option<Errand>,
    /// None so long after the beginning.
    pub inconclusive: Option<(Span, Errand)>,
    /// A failed one on a target's first release.
    pub first_release: Option<Errand>,
    /// An alert; then there are no verdicts.
    pub alerted: Option<Errand>,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub enum Errand {
    /// A person is asked.
    Ask,
    /// An action is carried out.
    Do(Arc<Action>),
}

/// What a file is trusted with.
#[derive(Debug, Clone)]
pub struct Trusted {
    /// The services.
    pub services: Vec<Pattern>,
    /// The kinds of actions.
    pub actions: Vec<Kind>,
    /// How far they may go by themselves.
    pub at_most: Mode,
}

impl Errand {
    /// Whether it takes a release back.
    pub fn takes_back(&self) -> bool {
        match self {
            Self::Do(action) => action.kind.takes_back(),
            Self::Ask => false,
        }
    }

    /// Whether what serves is touched by it, or may be, on the word of a failed verdict: it has to be sure that it was the
    /// change that did harm.
    pub fn disturbs(&self) -> bool {
        match self {
            Self::Do(action) => action.kind.disturbs(),
            Self::Ask => false,
        }
    }

    /// The key of what it does about a change; asking a person has none.
    pub fn key(&self, change: &Change) -> Option<Key> {
        match self {
            Self::Do(action) => Some(Key::of(&change.id, &change.target, &action.name)),
            Self::Ask => None,
        }
    }
}

impl Program {
    /// The target of this key.
    pub fn target(&self, key: &TargetKey) -> Option<&Target> {
        self.targets.of(key)
    }

    /// The gates that watch a change, by their numbers: of each family the most particular one.
    pub fn watching(&self, change: &Change) -> Vec<usize> {
        let Some(target) = self.target(&change.target) else { return Vec::new() };
        let mut chosen: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, watch) in self.watches.iter().enumerate() {
            if watch.gate.begins.at == Start::Alert || !watch.is_for(target, change) {
                continue;
            }
            let particular = |watch: &Watch| (watch.gate.matches.keys(), watch.depth);
            let best = chosen.entry(watch.family).or_insert(index);
            if particular(&self.watches[*best]) < particular(watch) {
                *best = index;
            }
        }
        chosen.into_values().collect()
    }

    /// How many gates share the evidence of a change with this one; one that only watches takes nothing of it.
    pub fn sharing(&self, gate: &Gate, change: &Change) -> usize {
        let has_a_say = |watch: &&usize| !self.watches[**watch].gate.shadow;
        if gate.shadow { 1 } else { self.watching(change).iter().filter(has_a_say).count() }
    }

    /// The gate of this name.
    pub fn watch(&self, gate: &Name) -> Option<usize> {
        self.watches.iter().position(|watch| watch.gate.name == *gate)
    }

    /// How far automation may go with an action of this kind on a service: the lowest of all that have a say.
    pub fn mode(&self, watch: &Watch, kind: Kind, service: &str) -> Mode {
        let covers = |trusted: &&Trusted| {
            trusted.actions.contains(&kind) && trusted.services.iter().any(|pattern| pattern.fits(service))
        };
        let trusted = watch.trusted.iter().filter(covers).map(|trusted| trusted.at_most).max();
        let own = if watch.gate.shadow { Mode::Shadow } else { Mode::Act };
        self.mode.min(own).min(trusted.unwrap_or(Mode::Shadow))
    }
}

impl Watch {
    /// Whether it is for such a change of this target.
    pub(super) fn is_for(&self, target: &Target, change: &Change) -> bool {
        let Gate { upon: own, matches, .. } = &self.gate;
        (self.asks() || *own == upon(change.kind)) && matches.fits(|label| target.label(label))
    }

    /// Whether it looks at nothing: an alert asks for something.
    pub const fn asks(&self) -> bool {
        self.errands.alerted.is_some()
    }

    /// Every action that its verdicts lead to.
    pub fn actions(&self) -> impl Iterator<Item = &Arc<Action>> {
        let errands = &self.errands;
        let all = errands.fail.iter().map(|(_, errand)| errand);
        let all = all.chain(&errands.pass).chain(errands.inconclusive.iter().map(|(_, errand)| errand));
        all.chain(&errands.first_release).chain(&errands.alerted).filter_map(|errand| match errand {
            Errand::Do(action) => Some(action),
            Errand::Ask => None,
        })
    }

    /// The action of this name, wherever its verdicts lead to it.
    pub fn action(&self, name: &Name) -> Option<&Arc<Action>> {
        self.actions().find(|action| action.name == *name)
    }
}

const fn upon(kind: ChangeKind) -> Upon {
    match kind {
        ChangeKind::Deployment => Upon::Deployment,
        ChangeKind::Canary => Upon::Canary,
        ChangeKind::Config => Upon::Config,
        ChangeKind::Infrastructure => Upon::Infrastructure,
        ChangeKind::Flag => Upon::Flag,
    }
}
