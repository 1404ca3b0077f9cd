//! Objects: what a platform's own objects need for a release to be undone, held or let go on.
//!
//! An adapter is data in and data out. It says what is read of an object, makes a [`Survey`] of that, plans an [`Aim`]
//! from the survey and what is wanted, and makes each step of the aim one [`Step`]: one request. It sends nothing, knows no
//! clock and keeps nothing, so all of it is tested without a server, and after a restart a look at the object says how far
//! an aim was. Whoever sends requests does so in this order:
//!
//! 1. [`Adapter::reads`] until it wants nothing more; [`Adapter::survey`], [`Adapter::plan`]. The decision rests on that.
//! 2. Before each step the same reads again; [`Adapter::step`] makes the request of what is there now, or says that it is
//!    not any more what the decision rests on. The request itself says which state it is about, so that whatever changes
//!    between the read and the request makes the platform refuse it.
//! 3. Once nothing is left to send, or nobody knows what came of a request: the reads, and [`Adapter::progress`].

mod choose;
pub(in crate::responder) mod field;
mod got;
mod kept;

use std::collections::BTreeMap;

use crate::decision::{Aim, Edition, Identity, Method, Misfit, Move, Order, Progress, StepName};
use crate::responder::argocd::Application;
use crate::responder::kubernetes::{Controlled, Deployment, Rollout};
use crate::signal::{Object, ObjectKind};

pub use choose::{choose, runs_other, taken_back};
pub use got::Got;
pub(in crate::responder) use kept::PAST;
pub use kept::{Kept, MOST_ROUNDS, Reconciler, reconciler};

/// How objects of a kind are surveyed, and how each move is made of requests.
pub trait Adapter: Send + Sync {
    /// What has to be read next, by what was read so far; nothing once that is enough. The second read may need what the first
    /// one said: the selector of a Deployment, before its `ReplicaSets` are listed.
    fn reads(&self, object: &Object, got: &Got) -> Vec<Read>;

    /// What the object is, by all that was read.
    fn survey(&self, object: &Object, got: &Got) -> Result<Survey, Misfit>;

    /// Which steps lead to what is wanted; else all that speaks against it. What holds back whatever is wanted (an owner, a
    /// change that is not seen by the controller) has to be in it as well.
    fn plan(&self, survey: &Survey, order: &Order) -> Result<Aim, Vec<Misfit>>;

    /// The request of a step of an aim, by what was read just now.
    fn step(&self, aim: &Aim, step: StepName, got: &Got) -> Result<Step, Overtaken>;

    /// How far the object is on its way to an aim, by what was read just now.
    fn progress(&self, aim: &Aim, got: &Got) -> Progress;

    /// What backstop has to be allowed there for a move, the reads included.
    fn needs(&self, does: &Move) -> &'static [Need];
}

/// The adapter for objects of this kind; nothing where there is none. It says the same as [`Move::is_carried_out_on`].
pub fn adapter(kind: ObjectKind) -> Option<&'static dyn Adapter> {
    match kind {
        ObjectKind::Deployment => Some(&Deployment),
        ObjectKind::StatefulSet => Some(&Controlled::StatefulSet),
        ObjectKind::DaemonSet => Some(&Controlled::DaemonSet),
        ObjectKind::Rollout => Some(&Rollout),
        ObjectKind::ArgoCd => Some(&Application),
        ObjectKind::Helm => None,
    }
}

/// Where a request goes. The server file says where that is, by the cluster of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// The API server of a Kubernetes cluster.
    Kubernetes,
    /// The API server of Argo CD.
    ArgoCd,
}

/// Something that is read, with a GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What it is called among what was read.
    pub name: &'static str,
    /// Where.
    pub at: Endpoint,
    /// The path, with its query.
    pub path: String,
}

/// A step: one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub name: StepName,
    /// Where.
    pub at: Endpoint,
    /// How.
    pub method: Method,
    /// The path, with its query.
    pub path: String,
    /// What its body is.
    pub content_type: &'static str,
    /// What it says.
    pub body: Vec<u8>,
    /// The answers that mean it was taken.
    pub expect: &'static [u16],
    /// The answers that mean that somebody else came first: nothing was done, and it has to be looked at again.
    pub overtaken: &'static [u16],
    /// What is sent instead where there is nothing at its path (404).
    pub elsewhere: Option<Elsewhere>,
    /// What it still waits for, in words: sent now, it would be in vain.
    pub early: Option<String>,
}

/// What a step is where there is nothing at its path: a resource without a subresource has all of it in itself, and an older
/// server may ask for it in another form. Where it is the thing itself that is not there, there is none here either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The path, with its query.
    pub path: String,
    /// What it says there.
    pub body: Vec<u8>,
}

impl Step {
    /// The same, only asked whether it would be taken: nothing is changed. Argo CD has no such question: what it calls a dry
    /// run is an operation as well, which it refuses while it syncs by itself.
    pub fn dry(&self) -> Option<Self> {
        let dry = |path: &str| {
            let sign = if path.contains('?') { '&' } else { '?' };
            format!("{path}{sign}dryRun=All")
        };
        let elsewhere = self.elsewhere.as_ref();
        (self.at == Endpoint::Kubernetes).then(|| Self {
            path: dry(&self.path),
            elsewhere: elsewhere.map(|it| Elsewhere { path: dry(&it.path), body: it.body.clone() }),
            ..self.clone()
        })
    }
}

/// The object is not any more what the decision rests on, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overtaken(pub String);

/// What an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Which.
    pub object: Object,
    /// What tells its state from every other.
    pub identity: Identity,
    /// The last generation that its controller saw.
    pub observed: u64,
    /// What it is asked to run.
    pub runs: Edition,
    /// Its other revisions, the newest first.
    pub revisions: Vec<Edition>,
    /// Whether its release is held.
    pub held: bool,
    /// The object that it belongs to, whose controller takes back what is done.
    pub owner: Option<String>,
    /// What keeps it as git says, by its own labels.
    pub keeper: Option<String>,
    /// Whether its pods change only when somebody deletes them.
    pub on_delete: bool,
    /// How far its release is, where one goes in steps.
    pub rolling: Option<Rolling>,
}

/// How far a release is that goes in steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolling {
    /// What served before it, and serves alone once it is aborted; nothing where it is the first.
    pub stable: Option<Edition>,
    /// Whether it is not all out yet.
    pub underway: bool,
    /// Whether it is aborted.
    pub aborted: bool,
    /// The step that it is at.
    pub index: Option<u64>,
    /// Whether it waits at that step.
    pub waits: bool,
    /// The revisions, by their hashes, that it goes back to without taking its steps again, and whether each has the pods
    /// for all of the traffic already.
    pub fast: BTreeMap<String, bool>,
    /// How many pods of what served before it have to be ready for what shifts back at once, and how many are; nothing where
    /// there are enough.
    pub short: Option<(u64, u64)>,
    /// What its controller holds it for there; nothing where it does not.
    pub paused: Option<Pause>,
}

/// What the controller of a release holds it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Its step is a pause.
    Step,
    /// An analysis came to no end.
    Inconclusive,
}

/// Something that backstop has to be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The group of the resource.
    pub group: &'static str,
    /// The resource, with its subresource.
    pub resource: &'static str,
    /// The verb.
    pub verb: &'static str,
}

impl Survey {
    /// What speaks against any move, whatever it is.
    pub fn misfits(&self) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        if let Some(owner) = &self.owner {
            misfits.push(Misfit::OwnedBy { owner: owner.clone() });
        }
        if self.observed < self.identity.generation {
            let (generation, observed) = (self.identity.generation, self.observed);
            misfits.push(Misfit::Busy { generation, observed });
        }
        misfits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Revision;

    #[test]
    fn there_is_an_adapter_for_whatever_can_be_carried_out() {
        let undo = Move::Undo { to: Revision::LastKnownGood };
        for kind in [
            ObjectKind::Deployment,
            ObjectKind::StatefulSet,
            ObjectKind::DaemonSet,
            ObjectKind::Rollout,
            ObjectKind::ArgoCd,
            ObjectKind::Helm,
        ] {
            for does in [
                &undo,
                &Move::Hold,
                &Move::GoOn,
                &Move::Restart,
                &Move::Retry,
                &Move::Promote,
                &Move::GiveBack,
            ] {
                let able = adapter(kind).is_some_and(|adapter| !adapter.needs(does).is_empty());
                assert_eq!(does.is_carried_out_on(kind), able, "{kind:?} {does:?}");
            }
        }
    }
}
