//! Objects at work: looks at them and steps on them, each in a task of its own. What is asked and what answers mean, the
//! adapters say; who backstop is in a cluster, the server file says.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::config::Cluster;
use crate::decision::{Aim, Answer, Key, Order, Progress, Sight};
use crate::engine::{Event, Flight};
use crate::responder::kubernetes::{self, Way};
use crate::responder::object::{self, Adapter, adapter};
use crate::responder::{Platform, Stop};
use crate::run::control::{Command, Line};
use crate::run::set::InForce;
use crate::signal::{Object, TargetKey};
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
        let (adapter, platform) = reached(in_force, &order.object, order.cluster.clone()).await?;
        let got = platform.got(adapter, &order.object).await?;
        Ok::<_, String>(object::sighted(adapter, order, &got))
    };
    looking.await.unwrap_or_else(Sight::Unseen)
}

async fn look(in_force: &InForce, target: &TargetKey, aim: &Aim) -> Result<Progress, String> {
    let (adapter, platform) = reached(in_force, &aim.object, target.cluster.clone()).await?;
    let got = platform.got(adapter, &aim.object).await?;
    Ok(adapter.progress(aim, &got))
}

async fn steps_on(
    in_force: &InForce,
    (target, aim): (&TargetKey, &Aim),
    (step, stop): (usize, &Stop),
) -> Result<Answer, String> {
    let (adapter, platform) = reached(in_force, &aim.object, target.cluster.clone()).await?;
    let name = *aim.steps.get(step).ok_or("there is no such step")?;
    Ok(platform.take(adapter, &aim.object, |got| adapter.step(aim, name, got), stop).await)
}

/// The adapter of an object, and where it lies.
pub(crate) async fn reached(
    in_force: &InForce,
    object: &Object,
    cluster: Option<String>,
) -> Result<(&'static dyn Adapter, Platform), String> {
    let adapter = adapter(object.kind).ok_or("there is no adapter for objects of its kind")?;
    let set = in_force.now();
    let way = match set.server.clusters.of(cluster.as_deref())? {
        Cluster::Kubeconfig { file, context } => {
            Way::Kubeconfig { file: file.clone(), context: context.clone() }
        }
        Cluster::InCluster => Way::InCluster,
    };
    // It reads files, which may lie anywhere.
    let platform = tokio::task::spawn_blocking(move || kubernetes::platform(&way)).await;
    Ok((adapter, platform.map_err(|error| error.to_string())??))
}
