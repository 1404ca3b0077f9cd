//! What is watched now, as JSON.

use std::cmp::Reverse;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::decision::{Intention, Off, Switches};
use crate::engine::{Cell, Engine, Flight, Phase, State};
use crate::ledger::{reason, recovery_words};
use crate::signal::ChangeId;
use crate::surface::analysis::{Analysis, analysis};
use crate::surface::evidence::{Check, VerdictWord, checks};
use crate::surface::value;
use crate::unit::UnixMillis;

/// How many gates are shown where nobody says how many.
pub const GATES: usize = 100;

/// How many are shown at the most: nothing else is looked at meanwhile.
pub const MOST_GATES: usize = 1_000;

/// Which gates are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The change that they watch; any, where none is named.
    pub change: Option<ChangeId>,
    /// How many of them.
    pub limit: usize,
}

/// What is watched now, and what is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Watching {
    /// How far automation may go anywhere: `shadow`, `ask` or `act`.
    #[schema(examples("shadow"))]
    pub mode: String,
    /// Since when the ledger is doubted, as a restored or older one, so that nothing is done: it takes `backstop ledger accept`;
    /// null: it is not.
    pub ledger_doubted_since: Option<String>,
    /// Why automation is switched off; null: it is not.
    pub switched_off: Option<String>,
    /// Services that it is switched off for, each with the reason.
    pub services_off: Vec<OffShown>,
    /// Gates that watch something, then those that did a short while ago; among both, those of the newest changes first.
    pub gates: Vec<GateNow>,
    /// How many more there are that are not shown.
    #[schema(minimum = 0)]
    pub left_out: usize,
    /// Actions on their way.
    pub actions: Vec<ActionNow>,
    /// What keeps objects as git says, and is held since a rollback until git has moved past what was taken back.
    pub held_against_git: Vec<HeldShown>,
}

/// Something that keeps an object as git says, and is held.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldShown {
    /// What is held.
    #[schema(examples("Argo CD (checkout-eu)"))]
    pub keeper: String,
    /// The object that it keeps.
    #[schema(examples("deployment/shop/checkout"))]
    pub object: String,
    /// The service.
    #[schema(examples("checkout"))]
    pub service: String,
    /// The change that was taken back.
    #[schema(examples("deploy-4711"))]
    pub change: String,
    /// Since when.
    pub since: String,
}

/// Something that automation is switched off for.
#[derive(Debug, Serialize, ToSchema)]
pub struct OffShown {
    /// The service; null: everything.
    #[schema(examples("checkout"))]
    pub service: Option<String>,
    /// Why.
    #[schema(examples("maintenance"))]
    pub why: String,
    /// Whether the file of the kill switch says so, which alone lifts it.
    pub file: bool,
}

/// All that is switched off.
pub fn offs(switches: &Switches) -> Vec<OffShown> {
    let shown = |off: Off<'_>| OffShown {
        service: off.service.map(str::to_owned),
        why: off.why.to_owned(),
        file: off.file,
    };
    switches.all().map(shown).collect()
}

/// A gate that watches a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateNow {
    /// Its name.
    #[schema(examples("checkout-canary"))]
    pub gate: String,
    /// What tells it from every other gate that watches a change.
    #[schema(examples("4f2a9c01b7e3d655"))]
    pub cell: String,
    /// The change.
    pub change: String,
    /// The service that was changed.
    pub service: String,
    /// Its environment.
    pub environment: Option<String>,
    /// Its cluster.
    pub cluster: Option<String>,
    /// The version that the change brought.
    pub version: String,
    /// How far it is.
    #[schema(value_type = PhaseWord)]
    pub phase: &'static str,
    /// How many looks it took.
    pub looks: u32,
    /// Its verdict. One that is stale is inconclusive.
    #[schema(value_type = VerdictWord)]
    pub verdict: &'static str,
    /// Why, as a sentence.
    #[schema(examples("check errors is proved to do no more harm than it may"))]
    pub reason: String,
    /// Whether its last look is too long ago to decide by.
    pub stale: bool,
    /// How sure it is that something is wrong.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: f64,
    /// The decisions that it led to, by their ids.
    pub decisions: Vec<String>,
    /// Whether things got well after it had the change taken back; null where it did not, or nobody could look.
    pub recovery: Option<RecoveryNow>,
    /// A canary beside the stable version at a glance; null of every other gate, and before its first look.
    pub analysis: Option<Analysis>,
    /// What each check shows. It is there where one change is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub checks: Option<Vec<Check>>,
}

/// How far a gate is.
#[derive(Debug, Serialize, ToSchema)]
pub enum PhaseWord {
    /// It waits for the new side's first event.
    #[serde(rename = "waiting for traffic")]
    Waiting,
    /// It lets the new side warm up.
    #[serde(rename = "warming up")]
    Warming,
    /// It looks.
    #[serde(rename = "looking")]
    Looking,
    /// It looks at nothing: an alert asks for something, for as long as it fires.
    #[serde(rename = "asking")]
    Asking,
    /// It stopped judging, as the change was taken back, and looks whether things are well again.
    #[serde(rename = "recovering")]
    Recovering,
    /// It stopped.
    #[serde(rename = "over")]
    Over,
}

/// Whether things got well after a change was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryNow {
    /// `recovering` while that is looked at; then `recovered`, `unrecovered`, `superseded` or `withdrawn`.
    #[schema(examples("recovered"))]
    pub outcome: &'static str,
    /// Until when they have to be, while that is looked at.
    pub until: Option<String>,
    /// The same as a sentence.
    #[schema(examples("things are well again"))]
    pub told: String,
}

impl RecoveryNow {
    fn of(cell: &Cell) -> Option<Self> {
        if let Some(recovering) = cell.recovering() {
            let until = recovering.until().to_string();
            let told = format!("it looks until {until} whether things are well again");
            return Some(Self { outcome: "recovering", until: Some(until), told });
        }
        let recovery = cell.recovery.as_ref()?;
        Some(Self { outcome: recovery.word(), until: None, told: recovery_words(recovery) })
    }
}

/// An action on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionNow {
    /// What tells it from every other.
    #[schema(examples("act_532300a4a7103ff1080e2b99"))]
    pub key: String,
    /// The action.
    pub action: String,
    /// The decision that it follows from.
    pub decision: String,
    /// The service that it is done to.
    pub service: String,
    /// How far it is, in words.
    #[schema(examples("sent"))]
    pub state: &'static str,
}

/// Gates that watch something, or did a short while ago; of one change alone with what each check shows. That takes a
/// moment for each, which ten thousand gates do not have while nothing else is looked at.
pub fn shown(engine: &Engine, chosen: &Chosen, now: UnixMillis) -> Value {
    let Chosen { change, limit } = chosen;
    let is_asked = |cell: &&Cell| change.as_ref().is_none_or(|change| *change == cell.change.id);
    let mut asked: Vec<&Cell> = engine.cells().filter(is_asked).collect();
    asked.sort_unstable_by_key(|cell| (cell.is_done(), Reverse(cell.change.at), cell.id));
    let left_out = asked.len().saturating_sub(*limit);
    asked.truncate(*limit);
    let shown = |cell: &Cell| {
        let trial = cell.trial().filter(|_| change.is_some());
        GateNow { checks: trial.map(|trial| checks(trial, cell.every())), ..gate(engine, cell, now) }
    };
    value(&Watching {
        mode: engine.program().mode.to_string(),
        ledger_doubted_since: engine.program().doubted.map(|since| since.to_string()),
        switched_off: engine.past().off.everything().map(str::to_owned),
        services_off: offs(&engine.past().off).into_iter().filter(|off| off.service.is_some()).collect(),
        gates: asked.into_iter().map(shown).collect(),
        left_out,
        actions: engine.flights().map(flight).collect(),
        held_against_git: engine.held_off().filter_map(held).collect(),
    })
}

fn held(rollback: &Intention) -> Option<HeldShown> {
    let aim = rollback.aim.as_deref()?;
    Some(HeldShown {
        keeper: aim.keeper.as_ref()?.to_string(),
        object: aim.object.to_string(),
        service: rollback.target.service.clone(),
        change: rollback.change.0.clone(),
        since: rollback.at.to_string(),
    })
}

/// A canary beside the stable version, as a cell shows it now.
pub fn analysed(engine: &Engine, cell: &Cell) -> Option<Analysis> {
    let (from, to) = (cell.began()?, cell.last_look()?);
    analysis(&engine.program().watches[cell.watch].gate, cell.trial()?, to.since(from))
}

fn gate(engine: &Engine, cell: &Cell, now: UnixMillis) -> GateNow {
    let (standing, gate) = (cell.standing(), &engine.program().watches[cell.watch].gate);
    // Whoever decides by a verdict has to know that it is one of now.
    let stale = engine.stale(cell, now);
    let reason = match stale {
        Some(last) => format!("its last look was at {last}"),
        None if cell.is_asking() => "an alert asks for it; nothing is judged".to_owned(),
        None => reason(&standing.verdict, cell.terms()),
    };
    GateNow {
        gate: gate.name.to_string(),
        cell: cell.id.to_string(),
        change: cell.change.id.0.clone(),
        service: cell.change.target.service.clone(),
        environment: cell.change.target.environment.clone(),
        cluster: cell.change.target.cluster.clone(),
        version: cell.change.version.clone(),
        phase: match &cell.phase {
            Phase::Awaiting { .. } => "waiting for traffic",
            Phase::Warming { .. } => "warming up",
            Phase::Looking(_) => "looking",
            Phase::Asking => "asking",
            Phase::Over { .. } if cell.recovering().is_some() => "recovering",
            Phase::Over { .. } => "over",
        },
        looks: standing.looks,
        verdict: if stale.is_some() { "inconclusive" } else { standing.verdict.word() },
        reason,
        stale: stale.is_some(),
        confidence: standing.confidence(),
        recovery: RecoveryNow::of(cell),
        decisions: (1..=cell.decisions).map(|number| format!("{}-{number}", cell.id)).collect(),
        analysis: analysed(engine, cell).filter(|_| 0 < standing.looks),
        checks: None,
    }
}

fn flight(flight: &Flight) -> ActionNow {
    ActionNow {
        key: flight.intention.key.0.clone(),
        action: flight.intention.action.to_string(),
        decision: flight.intention.decision.to_string(),
        service: flight.intention.target.service.clone(),
        state: match flight.state {
            State::Inquiring { .. } => "finding out what its texts ask",
            State::Journaling { .. } => "being written down",
            State::Sent { .. } => "sent",
            State::Taken { .. } => "taken, to be verified",
            State::Unknown { .. } => "unknown, to be verified",
            State::Resting { .. } => "to be tried again",
        },
    }
}
