//! Objects at work: looks at them and steps on them, each in a task of its own. What is asked and what answers mean, the
//! adapters say; who backstop is in a cluster, the server file says.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::config::{ArgoCd, Cluster};
use crate::decision::{Aim, Answer, Key, Order, Progress, Sight};
use crate::engine::{Event, Flight};
use crate::responder::kubernetes::{self, Way};
use crate::responder::object::Kept;
use crate::responder::{Platform, Platforms, Stop, certified, client_with};
use crate::run::certificates;
use crate::run::control::{Command, Line};
use crate::run::set::InForce;
use crate::signal::{GitOps, GitOpsKind, Object, TargetKey};
use crate::unit::UnixMillis;

/// How many objects are looked at or stepped on at once. Whoever comes then waits for a turn.
const MOST_AT_ONCE: usize = 32;

/// Looks at objects and steps on them.
pub(crate) struct Objects {
    line: Line,
    handle: Handle,
    in_force: InForce,
    turns: Arc<Semaphore>,
}

impl Objects {
    pub(crate) fn new(line: Line, handle: Handle, in_force: InForce) -> Self {
        Self { line, handle, in_force, turns: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
    }

    /// Looks at an object, for what is wanted of it.
    pub(crate) fn survey(&self, key: Key, order: Order) {
        let in_force = self.in_force.clone();
        self.work(async move {
            let sight = survey(&in_force, &order).await;
            Event::Surveyed { key, sight }
        });
    }

    /// Looks how far the object of a flight is.
    pub(crate) fn look(&self, flight: &Flight, at: UnixMillis) {
        let Some(aim) = flight.intention.aim.clone() else { return };
        let (key, target) = (flight.intention.key.clone(), flight.intention.target.clone());
        let in_force = self.in_force.clone();
        self.work(async move {
            match look(&in_force, &target, &aim).await {
                Ok(progress) => Event::Progressed { key, progress, at },
                Err(why) => {
                    tracing::warn!(%key, object = %aim.object, why, "nobody could look at it");
                    Event::Unseen { key }
                }
            }
        });
    }

    /// Takes the step of a flight whose turn it is.
    pub(crate) fn take(&self, flight: &Flight, attempt: u32, stop: Stop) {
        let Some(aim) = flight.intention.aim.clone() else { return };
        let (key, target) = (flight.intention.key.clone(), flight.intention.target.clone());
        let (in_force, step) = (self.in_force.clone(), usize::from(flight.step));
        self.work(async move {
            let answer = match steps_on(&in_force, (&target, &aim), (step, &stop)).await {
                Ok(answer) => answer,
                Err(why) => Answer::Unsent { why },
            };
            Event::Answered { key, attempt, answer }
        });
    }

    fn work(&self, work: impl Future<Output = Event> + Send + 'static) {
        let (line, turns) = (self.line.clone(), Arc::clone(&self.turns));
        self.handle.spawn(async move {
            let _turn = turns.acquire_owned().await;
            if line.say(Command::Happen(Box::new(work.await))).is_err() {
                tracing::error!(
                    "what came of an object was dropped: the queue is full; it is looked at again"
                );
            }
        });
    }
}

/// Looks at an object, for what is wanted of it.
pub(crate) async fn survey(in_force: &InForce, order: &Order) -> Sight {
    let looking = async {
        let (kept, platforms) = reached(in_force, Whom::of(order), order.cluster.clone()).await?;
        let got = platforms.got(&kept, &order.object).await?;
        Ok::<_, String>(kept.sighted(order, &got))
    };
    looking.await.unwrap_or_else(Sight::Unseen)
}

async fn look(in_force: &InForce, target: &TargetKey, aim: &Aim) -> Result<Progress, String> {
    let (kept, platforms) = reached(in_force, Whom::meant(aim), target.cluster.clone()).await?;
    let got = platforms.got(&kept, &aim.object).await?;
    Ok(kept.progress(aim, &got))
}

async fn steps_on(
    in_force: &InForce,
    (target, aim): (&TargetKey, &Aim),
    (step, stop): (usize, &Stop),
) -> Result<Answer, String> {
    let (kept, platforms) = reached(in_force, Whom::meant(aim), target.cluster.clone()).await?;
    let name = *aim.steps.get(step).ok_or("there is no such step")?;
    Ok(platforms.take(&kept, &aim.object, |got| kept.step(aim, name, got), stop).await)
}

/// An object, what keeps it as git says, and the application by whose actions it is driven.
#[derive(Clone, Copy)]
pub(crate) struct Whom<'a>(&'a Object, Option<&'a GitOps>, Option<&'a str>);

impl<'a> Whom<'a> {
    /// The object.
    pub(crate) const fn object(self) -> &'a Object {
        self.0
    }

    /// Of which something is wanted.
    pub(crate) fn of(order: &'a Order) -> Self {
        Self(&order.object, order.gitops.as_ref(), order.through.as_deref())
    }

    /// To which something is done.
    pub(crate) fn meant(aim: &'a Aim) -> Self {
        Self(&aim.object, aim.keeper.as_ref(), aim.through.as_deref())
    }
}

/// How an object is looked at and acted on, with what keeps it as far as that can be held; and where both lie.
pub(crate) async fn reached(
    in_force: &InForce,
    whom: Whom<'_>,
    cluster: Option<String>,
) -> Result<(Kept, Platforms), String> {
    let set = in_force.now();
    let argocd = set.server.argocds.of(cluster.as_deref()).cloned();
    let kubernetes = set.server.clusters.of(cluster.as_deref()).cloned();
    let kept = kept(whom, argocd.is_ok())?;
    // Both read files, which may lie anywhere.
    let platforms = tokio::task::spawn_blocking(move || Platforms {
        kubernetes: kubernetes.and_then(|cluster| kubernetes::platform(&way(cluster))),
        argocd: argocd.and_then(|argocd| at(&argocd)),
    });
    Ok((kept, platforms.await.map_err(|error| error.to_string())?))
}

/// How an object is looked at and acted on, with what keeps it as far as that can be held: what nobody says how to come to
/// is not, and a person is asked instead.
pub(crate) fn kept(Whom(object, keeper, through): Whom<'_>, has_argocd: bool) -> Result<Kept, String> {
    let is_held = |keeper: &&GitOps| keeper.kind != GitOpsKind::ArgoCd || has_argocd;
    let kept = Kept::of(object, keeper.filter(is_held).cloned());
    let kept = match through {
        Some(app) => kept.and_then(|kept| kept.through(object, app)),
        None => kept,
    };
    kept.ok_or_else(|| "there is no adapter for objects of its kind".to_owned())
}

fn way(cluster: Cluster) -> Way {
    match cluster {
        Cluster::Kubeconfig { file, context } => Way::Kubeconfig { file, context },
        Cluster::InCluster => Way::InCluster,
    }
}

/// The API server of an Argo CD, as the files say now.
fn at(argocd: &ArgoCd) -> Result<Platform, String> {
    let token = argocd.token.read().map_err(|error| error.to_string())?;
    let (roots, identity) = (certificates::roots(&argocd.tls)?, certificates::identity(&argocd.tls)?);
    let client = client_with(|builder| certified(builder, roots, identity));
    Ok(Platform::new(client.map_err(|error| error.to_string())?, &argocd.url, Some(token)))
}
