//! The cluster: objects that targets may be, their controllers, and what keeps them as git says. It answers what the real
//! adapters read and takes the requests that they make, so what is done here is what would be done there. What takes a real
//! controller a while is done at once.

mod keeper;
mod patch;
mod workload;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::responder::object::{Got, Kept, MOST_ROUNDS, Step};
use crate::run::story::cluster::keeper::Keeper;
use crate::run::story::cluster::workload::Workload;
use crate::run::story::script::Hand;
use crate::signal::{GitOps, GitOpsKind, Object};
use crate::unit::UnixMillis;

/// Objects, and what keeps them. Each is known by how it is written.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    workloads: BTreeMap<String, Workload>,
    keepers: BTreeMap<String, Keeper>,
    uids: u64,
    /// What was last told of each.
    told: BTreeMap<String, String>,
}

impl Cluster {
    /// Somebody else than backstop does something to an object; whether that can be done.
    pub(super) fn lay(&mut self, hand: &Hand, object: &Object, at: UnixMillis) -> bool {
        let name = object.to_string();
        let workload = self.workloads.get_mut(&name);
        match hand {
            Hand::Run { image, version } => {
                let version = version.as_deref();
                self.there(object, (image, version)).run(image, version);
            }
            Hand::Restart => return workload.map(|it| it.restart(&at.to_string())).is_some(),
            Hand::Pause => return workload.map(|it| it.pause(true)).is_some(),
            Hand::Resume => return workload.map(|it| it.pause(false)).is_some(),
            Hand::Undo => return workload.is_some_and(Workload::undo),
            Hand::Remove => return self.workloads.remove(&name).is_some(),
            Hand::KeptBy(by) => {
                let uid = self.uid();
                let keeper = self.keepers.entry(written(by)).or_insert_with(|| Keeper::new(by, uid));
                keeper.wants.entry(name).or_default();
            }
            Hand::Ask { image, revision } => {
                let keeper = self.keepers.values_mut().find(|keeper| keeper.wants.contains_key(&name));
                return keeper.map(|keeper| keeper.asks(object, image, revision)).is_some();
            }
        }
        true
    }

    /// An object, which is there from now on at the latest, and runs this where it was not there before.
    fn there(&mut self, object: &Object, runs: (&str, Option<&str>)) -> &mut Workload {
        let uid = self.uid();
        let workload = self.workloads.entry(object.to_string());
        workload.or_insert_with(|| Workload::new(object, uid, runs))
    }

    fn uid(&mut self) -> u64 {
        self.uids += 1;
        self.uids
    }

    /// What keeps objects rolls out what git says, and puts back what is otherwise.
    pub(super) fn go_on(&mut self) {
        let wanted: Vec<(String, String)> = self.keepers.values_mut().flat_map(Keeper::rolls_out).collect();
        for (object, image) in wanted {
            let Ok(object) = object.parse() else { continue };
            let workload = self.there(&object, (&image, None));
            if workload.image() != image {
                workload.run(&image, None);
            }
        }
    }

    /// What is another than when this was asked last, in a line each.
    pub(super) fn news(&mut self) -> Vec<String> {
        let keepers = self.keepers.iter().filter_map(|(name, keeper)| Some((name, keeper.words()?)));
        let workloads = self.workloads.iter().map(|(name, workload)| (name, workload.words()));
        let now: BTreeMap<String, String> =
            keepers.chain(workloads).map(|(name, words)| (name.clone(), words)).collect();
        let before = std::mem::replace(&mut self.told, now);
        let gone = before.keys().filter(|name| !self.told.contains_key(*name));
        let gone = gone.map(|name| format!("{name}: is gone"));
        let others = self.told.iter().filter(|(name, words)| before.get(*name) != Some(words));
        gone.chain(others.map(|(name, words)| format!("{name}: {words}"))).collect()
    }

    /// Everything that has to be known of an object.
    pub(super) fn got(&self, kept: &Kept, object: &Object) -> Got {
        let mut got = Got::default();
        for _ in 0..MOST_ROUNDS {
            for read in kept.reads(object, &got) {
                got.add(read.name, self.read(&read.path));
            }
        }
        got
    }

    /// What is at this path; nothing where there is no such thing.
    fn read(&self, path: &str) -> Option<Value> {
        let kept = self.keepers.values().find_map(|keeper| keeper.read(path, &self.images(keeper)));
        let bare = path.split_once('?').map_or(path, |(bare, _)| bare);
        let one = || self.workloads.values().find(|workload| workload.path() == bare);
        kept.or_else(|| one().map(|workload| workload.shown(self.keeper_of(workload)))).or_else(|| {
            let all = self.workloads.values().filter(|workload| workload.revisions_path() == bare);
            let items: Vec<Value> = all.flat_map(Workload::revisions).collect();
            (!items.is_empty()).then(|| json!({"items": items}))
        })
    }

    /// The images that run of what a keeper keeps.
    fn images(&self, keeper: &Keeper) -> Vec<&str> {
        keeper.wants.keys().filter_map(|name| self.workloads.get(name)).map(Workload::image).collect()
    }

    fn keeper_of(&self, workload: &Workload) -> Option<&GitOps> {
        let name = workload.object.to_string();
        let keeper = self.keepers.values().find(|keeper| keeper.wants.contains_key(&name));
        keeper.map(|keeper| &keeper.by)
    }

    /// Something is asked for; the status of the answer.
    pub(super) fn take(&mut self, step: &Step) -> u16 {
        let workload = self.workloads.iter().find(|(_, workload)| workload.path() == step.path);
        if let Some((name, workload)) = workload {
            let (name, keeper) = (name.clone(), self.keeper_of(workload).cloned());
            let workload = self.workloads.get_mut(&name);
            return workload.map_or(404, |workload| workload.take(step, keeper.as_ref()));
        }
        let workloads = &self.workloads;
        let taken = self.keepers.values_mut().find_map(|keeper| {
            let kept = keeper.wants.keys().filter_map(|name| workloads.get(name));
            let images: Vec<&str> = kept.map(Workload::image).collect();
            keeper.take(step, &images)
        });
        taken.unwrap_or(404)
    }
}

/// A keeper as scripts write it.
fn written(by: &GitOps) -> String {
    match by.kind {
        GitOpsKind::ArgoCd => format!("argocd/{}", by.app),
        GitOpsKind::Flux => by.app.clone(),
    }
}
