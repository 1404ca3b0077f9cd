//! Objects with what keeps them as git says: it is held before anything is done to what it keeps, since it would take that
//! back, and given back once git asks for something else.

use crate::decision::{Aim, KeeperStep, Misfit, Move, Order, Progress, Seen, Sight, StepName};
use crate::responder::argocd::{ArgoCd, Resource};
use crate::responder::flux::Flux;
use crate::responder::object::{Adapter, Got, Need, Overtaken, Read, Step, Survey, adapter};
use crate::signal::{GitOps, GitOpsKind, Object, ObjectKind};

/// The most rounds of reads of one object.
pub const MOST_ROUNDS: usize = 8;

/// The annotation that says what git has to move past before what is held is given back.
pub(in crate::responder) const PAST: &str = "backstop/past";

/// What keeps objects as git says, and can be held.
pub trait Reconciler: Send + Sync {
    /// What has to be read next, by what was read so far; nothing once that is enough.
    fn reads(&self, app: &str, got: &Got) -> Vec<Read>;

    /// What has to be done before it takes back nothing; nothing where it does not anyway.
    fn holds_off(&self, app: &str, got: &Got) -> Result<Vec<KeeperStep>, Misfit>;

    /// Whether it is held, and it was backstop that noted so.
    fn is_ours(&self, got: &Got) -> bool;

    /// Whether it may be given back: git asks for another revision than when it was held, and for none of these versions,
    /// which were taken back.
    fn gives_back(&self, app: &str, taken_back: &[String], got: &Got) -> Result<(), Misfit>;

    /// The request of a step.
    fn step(&self, app: &str, step: KeeperStep, got: &Got) -> Result<Step, Overtaken>;

    /// Whether a step is seen to be taken.
    fn is_taken(&self, step: KeeperStep, got: &Got) -> bool;

    /// What backstop has to be allowed there.
    fn needs(&self) -> &'static [Need];
}

/// What holds objects that are kept so.
pub fn reconciler(kind: GitOpsKind) -> &'static dyn Reconciler {
    match kind {
        GitOpsKind::ArgoCd => &ArgoCd,
        GitOpsKind::Flux => &Flux,
    }
}

/// An object's adapter, and what is held before anything is done to it.
#[derive(Clone)]
pub struct Kept {
    adapter: &'static dyn Adapter,
    keeper: Option<GitOps>,
    /// What it is driven by in place of its own adapter.
    through: Option<Resource>,
}

impl Kept {
    /// For an object that is kept by this, as far as that can be held; nothing where there is no adapter.
    pub fn of(object: &Object, keeper: Option<GitOps>) -> Option<Self> {
        let keeper = match object.kind {
            // An application is what keeps itself as git says.
            ObjectKind::ArgoCd => Some(GitOps { kind: GitOpsKind::ArgoCd, app: object.name().to_owned() }),
            ObjectKind::Deployment
            | ObjectKind::StatefulSet
            | ObjectKind::DaemonSet
            | ObjectKind::Rollout
            | ObjectKind::Helm => keeper,
        };
        adapter(object.kind).map(|adapter| Self { adapter, keeper, through: None })
    }

    /// The same, driven by the actions of this application of Argo CD; nothing where it has none for objects of its kind.
    pub fn through(self, object: &Object, app: &str) -> Option<Self> {
        let through = Some(Resource::of(object.kind, app)?);
        // Those change no images that git speaks of, so that nobody has to be held for them.
        Some(Self { through, keeper: None, ..self })
    }

    fn adapter(&self) -> &dyn Adapter {
        self.through.as_ref().map_or(self.adapter, |it| it)
    }

    fn reconciler(&self) -> Option<(&str, &'static dyn Reconciler)> {
        self.keeper.as_ref().map(|keeper| (&*keeper.app, reconciler(keeper.kind)))
    }

    /// What has to be read next, by what was read so far.
    pub fn reads(&self, object: &Object, got: &Got) -> Vec<Read> {
        let keepers = self.reconciler().map(|(app, reconciler)| reconciler.reads(app, got));
        keepers.filter(|reads| !reads.is_empty()).unwrap_or_else(|| self.adapter().reads(object, got))
    }

    /// What a look at an object comes to, by all that was read of it.
    pub fn sighted(&self, order: &Order, got: &Got) -> Sight {
        let (object, at) = (order.object.clone(), order.at);
        let survey = match self.adapter().survey(&object, got) {
            Ok(survey) => survey,
            Err(misfit) => {
                let misfits = vec![misfit];
                return Sight::Seen(Box::new(Seen {
                    object,
                    at,
                    runs: None,
                    aim: None,
                    misfits,
                    keeper: None,
                }));
            }
        };
        let (mut aim, mut misfits) = match self.planned(&survey, order, got) {
            Ok(aim) => {
                let through = self.through.as_ref().map(|it| it.app().to_owned());
                (Some(Aim { through, ..aim }), Vec::new())
            }
            Err(misfits) => (None, misfits),
        };
        // What git says of images is all that it takes back: it does not say whether a release is held. Nor does it speak of
        // a release that ends before it was out: what it says is asked for as before.
        let changes = self.through.is_none()
            && order.does.changes_images()
            && aim.as_ref().is_none_or(|aim| !aim.steps.contains(&StepName::Abort));
        // Where its own marks speak of another one, that one would take it back.
        let marked = order.gitops.as_ref().zip(survey.keeper.as_ref());
        let differs = marked.is_some_and(|(named, marked)| !is(named, marked));
        let named = order.gitops.as_ref().filter(|_| !differs).map(ToString::to_string);
        let mut keeper = named.or(survey.keeper).filter(|_| changes);
        if let (true, false, Some((app, reconciler))) = (changes, differs, self.reconciler()) {
            keeper = None;
            match (reconciler.holds_off(app, got), aim.as_mut()) {
                (Ok(first), Some(aim)) => {
                    if !first.is_empty() || reconciler.is_ours(got) {
                        aim.keeper.clone_from(&self.keeper);
                    }
                    aim.steps.splice(0..0, first.into_iter().map(KeeperStep::name));
                }
                (Ok(_), None) => {}
                (Err(misfit), _) => {
                    if !misfits.contains(&misfit) {
                        misfits.push(misfit);
                    }
                    aim = None;
                }
            }
        }
        Sight::Seen(Box::new(Seen { object, at, runs: Some(survey.runs), aim, misfits, keeper }))
    }

    fn planned(&self, survey: &Survey, order: &Order, got: &Got) -> Result<Aim, Vec<Misfit>> {
        let Move::GiveBack = order.does else { return self.adapter().plan(survey, order) };
        let Some((app, reconciler)) = self.reconciler() else { return self.adapter().plan(survey, order) };
        if let Err(misfit) = reconciler.gives_back(app, &order.quarantined, got) {
            let brought_back = order.quarantined.iter().any(|version| survey.runs.is_of(version));
            let reapplied = || Misfit::Reapplied { images: survey.runs.images.clone() };
            let misfit = if brought_back && reconciler.is_ours(got) { reapplied() } else { misfit };
            return Err(vec![misfit]);
        }
        let Survey { object, identity, runs, .. } = survey.clone();
        let steps = vec![StepName::Attach];
        let keeper = self.keeper.clone();
        Ok(Aim {
            object,
            at: order.at,
            seen: identity,
            from: runs,
            to: None,
            steps,
            index: None,
            keeper,
            through: None,
        })
    }

    /// The request of a step of an aim, by what was read just now.
    pub fn step(&self, aim: &Aim, step: StepName, got: &Got) -> Result<Step, Overtaken> {
        match (self.reconciler(), step.of_keeper()) {
            (Some((app, reconciler)), Some(step)) => reconciler.step(app, step, got),
            (Some((app, reconciler)), None)
                if aim.keeper.is_some() && takes_back(reconciler.holds_off(app, got)) =>
            {
                Err(Overtaken("what keeps it as git says is not held any more".to_owned()))
            }
            (reconciler, _) => self.adapter().step(&own(aim, reconciler.is_some()), step, got),
        }
    }

    /// How far the object is on its way to an aim, by what was read just now.
    pub fn progress(&self, aim: &Aim, got: &Got) -> Progress {
        let Some((_, reconciler)) = self.reconciler() else { return self.adapter().progress(aim, got) };
        let of_keeper = || aim.steps.iter().map_while(|step| step.of_keeper());
        let first = of_keeper().count();
        if aim.steps.len() == first {
            let taken = of_keeper().take_while(|step| reconciler.is_taken(*step, got)).count();
            return Progress { taken, holds: taken == first, otherwise: None };
        }
        let own = self.adapter().progress(&own(aim, true), got);
        // What is under way by then is what brings back what ran before.
        let is_past = |step: KeeperStep| step == KeeperStep::Terminate && 0 < own.taken;
        let is_taken = |step: &KeeperStep| is_past(*step) || reconciler.is_taken(*step, got);
        let held = of_keeper().take_while(is_taken).count();
        let is_held = held == first;
        Progress { taken: if is_held { first + own.taken } else { held }, holds: is_held && own.holds, ..own }
    }
}

/// Whether a mark is that of whom the catalogue names. Argo CD marks applications outside of its own namespace as
/// `NAMESPACE_NAME`.
fn is(named: &GitOps, marked: &str) -> bool {
    let app = named.app.replace('/', "_");
    named.to_string() == marked || (GitOps { app, ..named.clone() }).to_string() == marked
}

/// Whether what keeps an object would take back what is done to it.
fn takes_back(holds_off: Result<Vec<KeeperStep>, Misfit>) -> bool {
    holds_off.is_ok_and(|steps| steps.contains(&KeeperStep::Detach))
}

/// An aim without what is done to whom keeps its object.
fn own(aim: &Aim, is_kept: bool) -> Aim {
    let mut aim = aim.clone();
    aim.steps.retain(|step| !is_kept || step.of_keeper().is_none());
    aim
}
