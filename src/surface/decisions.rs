//! A decision with its grounds, as JSON.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::decision::{Authorship, DecisionId, Held, Key, Recovery, Wish};
use crate::ledger::{Deed, DeedKind, Episode, rationale, recovery_words};
use crate::surface::evidence::VerdictWord;
use crate::surface::http::{ChangeShown, change_shown};
use crate::surface::value;

/// A decision with its grounds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decision {
    /// What tells it from every other.
    #[schema(examples("4f2a9c01b7e3d655-1"))]
    pub id: String,
    /// When it was decided.
    pub at: String,
    /// The gate.
    pub gate: Option<String>,
    /// The change.
    pub change: Option<ChangeShown>,
    /// After which look.
    pub look: u32,
    /// The verdict that it rests on.
    #[schema(value_type = VerdictWord)]
    pub verdict: &'static str,
    /// How sure the evidence of the release was that something is wrong.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: f64,
    /// What is done about it: `act`, `ask` or `hold`.
    #[schema(examples("act"))]
    pub course: String,
    /// The action that it is about; null: nothing is to be done, or a person is asked.
    pub action: Option<String>,
    /// Where the rule of the gate stood and who had written it last; null: nobody looked.
    pub rule: Option<RuleShown>,
    /// What every guard that spoke had to say.
    pub guards: Vec<String>,
    /// The same for machines: the word of each, and what would lift it.
    pub holds: Vec<HoldShown>,
    /// What was done.
    pub deeds: Vec<DeedShown>,
    /// What was seen after it had the change taken back, the last of it; null where it did not, or nobody could look.
    pub recovery: Option<RecoveryShown>,
    /// All of it in plain words.
    pub rationale: Option<String>,
}

/// Where a rule stands, and who wrote it last.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleShown {
    /// The path of its file.
    pub path: String,
    /// The commit that its work tree was at.
    pub head: Option<String>,
    /// The commit that had changed its file last.
    pub commit: Option<String>,
    /// Who that was.
    pub author: Option<String>,
    /// What they said about it, in a line.
    pub subject: Option<String>,
    /// Whether its file was otherwise than in the commit that its work tree was at.
    pub changed: bool,
}

/// What a guard had to say.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldShown {
    /// Its word.
    #[schema(examples("needs_approval"))]
    pub word: &'static str,
    /// What it says.
    pub why: String,
    /// What would lift it.
    pub lift: String,
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeedShown {
    /// When.
    pub at: String,
    /// What tells the action from every other.
    #[schema(examples("act_532300a4a7103ff1080e2b99"))]
    pub key: String,
    /// What: `intended`, `retried`, `answered`, `closed`, `refused`, `agreed` or `declined`.
    #[schema(examples("intended"))]
    pub what: &'static str,
    /// Its particulars, in words.
    pub detail: String,
}

/// Whether things got well after a change was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryShown {
    /// When that was known, or since when it is looked at.
    pub at: String,
    /// `recovering` while that is looked at; then `recovered`, `unrecovered`, `superseded` or `withdrawn`.
    #[schema(examples("recovered"))]
    pub outcome: &'static str,
    /// The same as a sentence.
    #[schema(examples("things are well again"))]
    pub told: String,
}

/// A decision; nothing if the episode does not hold it.
pub fn shown(episode: &Episode, id: DecisionId) -> Option<Value> {
    let decided = episode.decision(id)?;
    let standing = decided.standing;
    let action = match &decided.case.wish {
        Wish::Nothing | Wish::Ask => None,
        Wish::Do { action, .. } => Some(action.to_string()),
    };
    Some(value(&Decision {
        id: id.to_string(),
        at: decided.at.to_string(),
        gate: episode.gate.as_ref().map(ToString::to_string),
        change: episode.change.as_ref().map(change_shown),
        look: decided.look,
        verdict: standing.verdict.word(),
        confidence: decided.case.release.confidence(),
        course: decided.ruling.course.to_string(),
        action,
        rule: decided.written.as_deref().map(rule),
        guards: decided.ruling.spoke.iter().map(ToString::to_string).collect(),
        holds: decided.ruling.spoke.iter().map(hold_shown).collect(),
        deeds: episode.deeds.iter().filter(|deed| belongs(episode, deed, id)).map(deed).collect(),
        recovery: recovery(episode, id),
        rationale: rationale(episode, id),
    }))
}

/// What a guard had to say, for machines.
pub(crate) fn hold_shown(held: &Held) -> HoldShown {
    HoldShown { word: held.word(), why: held.to_string(), lift: held.lift() }
}

/// Whether something that was done follows from a decision.
fn belongs(episode: &Episode, deed: &Deed, id: DecisionId) -> bool {
    episode.deeds.iter().any(|other| match &other.what {
        DeedKind::Intended(intention) => intention.decision == id && intention.key == deed.key,
        DeedKind::Said(_) => other.key == deed.key && own(episode, id).is_some_and(|key| key == deed.key),
        DeedKind::Retried { .. }
        | DeedKind::Answered { .. }
        | DeedKind::Closed(..)
        | DeedKind::Refused(_) => false,
    })
}

/// The key of what a decision is about.
fn own(episode: &Episode, id: DecisionId) -> Option<Key> {
    let (decided, change) = (episode.decision(id)?, episode.change.as_ref()?);
    match &decided.case.wish {
        Wish::Do { action, .. } => Some(Key::of(&change.id, &change.target, action)),
        Wish::Nothing | Wish::Ask => None,
    }
}

/// What was seen after a decision's action took the change back.
fn recovery(episode: &Episode, id: DecisionId) -> Option<RecoveryShown> {
    let own = own(episode, id)?;
    let begun = |recovery: &Recovery| matches!(recovery, Recovery::Begun { key, .. } if *key == own);
    episode.recovery.iter().find(|(_, recovery)| begun(recovery))?;
    let (at, last) = episode.recovery.last()?;
    Some(RecoveryShown { at: at.to_string(), outcome: last.word(), told: recovery_words(last) })
}

fn rule(written: &Authorship) -> RuleShown {
    let Authorship { path, head, commit, author, subject, changed } = written.clone();
    RuleShown { path, head, commit, author, subject, changed }
}

fn deed(deed: &Deed) -> DeedShown {
    let (what, detail) = match &deed.what {
        DeedKind::Intended(intention) => ("intended", intention.action.to_string()),
        DeedKind::Retried { attempt, .. } => ("retried", attempt.to_string()),
        DeedKind::Answered { answer, .. } => ("answered", format!("{answer:?}")),
        DeedKind::Closed(outcome, why) => ("closed", format!("{outcome:?}: {why}")),
        DeedKind::Refused(why) => ("refused", why.to_string()),
        DeedKind::Said(said) if said.agrees => ("agreed", said.by.to_string()),
        DeedKind::Said(said) => ("declined", said.by.to_string()),
    };
    DeedShown { at: deed.at.to_string(), key: deed.key.0.clone(), what, detail }
}
