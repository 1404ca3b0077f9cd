//! Rulings: what is done about a verdict, with every guard that spoke.

use std::fmt;

use crate::decision::case::{Budget, Irreversible, Share, Suspect};
use crate::decision::freeze::Frozen;
use crate::decision::limit::Scope;
use crate::decision::misfit::Misfit;
use crate::decision::policy::Weak;
use crate::signal::ChangeId;
use crate::unit::{Confidence, Name, Span, UnixMillis, escaped};

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// Which of the three.
    pub course: Course,
    /// Every guard that spoke, in the order in which they are asked.
    pub spoke: Vec<Held>,
}

/// The three courses there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Course {
    /// It is done.
    Act,
    /// A person is asked.
    Ask,
    /// Nothing is done.
    Hold,
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Act => "act",
            Self::Ask => "ask",
            Self::Hold => "hold",
        })
    }
}

/// What held a wish back.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Automation is switched off.
    SwitchedOff(String),
    /// Shadow mode: it is said what would have been done.
    Shadow,
    /// A freeze.
    Frozen(Frozen),
    /// The mode asks a person first.
    ModeAsks,
    /// The action asks a person first, or two.
    NeedsApproval {
        /// How many.
        people: u8,
    },
    /// The change was not told by anybody known.
    Unattested,
    /// The version already ran here, so the change is somebody's rollback.
    RanBefore,
    /// Nothing is known to have run before, so there is nothing to go back to.
    FirstRelease,
    /// A change would be undone with it that cannot be.
    Irreversible(Irreversible),
    /// The evidence is of the past: the last look was then.
    Stale(UnixMillis),
    /// The evidence by itself leads to a pause at most.
    WeakEvidence(Weak),
    /// Another action on the target has not ended.
    InFlight(String),
    /// Nobody saw whether an earlier action for the same change worked: a second one would make it worse.
    Unverified(String),
    /// A budget is spent.
    Budget(Budget),
    /// The target was acted on a short while ago.
    CoolingDown {
        /// When.
        since: UnixMillis,
        /// How long to wait.
        cooldown: Span,
    },
    /// So many changes are being undone that a shared cause is likelier.
    SharedCause {
        /// How many others.
        undone: u32,
        /// How many may be.
        limit: u32,
    },
    /// backstop cannot carry it out by itself.
    Unable,
    /// Another change took its place.
    Superseded(ChangeId),
    /// backstop took this version back already, and somebody brought it again.
    TakenBack(UnixMillis),
    /// It is not as sure as an action of this kind has to be.
    BelowFloor(Confidence),
    /// A budget counts over something that the target does not say of itself.
    Unkeyed(Scope),
    /// What the target depends on was changed as well and fails.
    Suspect(Suspect),
    /// So large a part of the services would be undone that a shared cause is likelier.
    TooMany(Share),
    /// Somebody who was asked said no.
    Declined(Name),
    /// The alert was not told by anybody known.
    UnattestedAlert,
    /// Automation is switched off for the service.
    ServiceOff(String),
    /// The ledger is a restored or older one, since then.
    Doubted(UnixMillis),
    /// Nobody could look at the object that it is done to.
    Unseen(String),
    /// The object is not fit for it.
    Unfit(Vec<Misfit>),
    /// Something keeps the object as git says, and would take back what is done.
    Reconciled {
        /// What does.
        by: String,
    },
}

impl Held {
    /// One word for it, for labels and for machines.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::SwitchedOff(_) => "switched_off",
            Self::Shadow => "shadow",
            Self::Frozen(_) => "frozen",
            Self::FirstRelease => "first_release",
            Self::Irreversible(_) => "irreversible",
            Self::ModeAsks => "mode_asks",
            Self::NeedsApproval { .. } => "needs_approval",
            Self::Unattested => "unattested",
            Self::RanBefore => "ran_before",
            Self::Stale(_) => "stale",
            Self::WeakEvidence(_) => "weak_evidence",
            Self::InFlight(_) => "in_flight",
            Self::Unverified(_) => "unverified",
            Self::Budget(_) => "budget",
            Self::CoolingDown { .. } => "cooling_down",
            Self::SharedCause { .. } => "shared_cause",
            Self::Unable => "unable",
            Self::Superseded(_) => "superseded",
            Self::TakenBack(_) => "taken_back",
            Self::BelowFloor(_) => "below_floor",
            Self::Unkeyed(_) => "unkeyed",
            Self::Suspect(_) => "suspect",
            Self::TooMany(_) => "too_many",
            Self::Declined(_) => "declined",
            Self::UnattestedAlert => "unattested_alert",
            Self::ServiceOff(_) => "service_off",
            Self::Doubted(_) => "doubted",
            Self::Unseen(_) => "unseen",
            Self::Unfit(_) => "unfit",
            Self::Reconciled { .. } => "reconciled",
        }
    }

    /// Whether a person could still have it done.
    pub const fn may_be_asked(&self) -> bool {
        match self {
            Self::ModeAsks
            | Self::NeedsApproval { .. }
            | Self::Frozen(_)
            | Self::FirstRelease
            | Self::Irreversible(_)
            | Self::Stale(_)
            | Self::WeakEvidence(_)
            | Self::SharedCause { .. }
            | Self::CoolingDown { .. }
            | Self::Budget(_)
            | Self::RanBefore
            | Self::TakenBack(_)
            | Self::BelowFloor(_)
            | Self::Unkeyed(_)
            | Self::Suspect(_)
            | Self::TooMany(_)
            | Self::Unseen(_)
            | Self::Unfit(_)
            | Self::Reconciled { .. }
            | Self::Unable => true,
            Self::SwitchedOff(_)
            | Self::ServiceOff(_)
            | Self::Doubted(_)
            | Self::Shadow
            | Self::Superseded(_)
            | Self::Declined(_)
            | Self::Unattested
            | Self::UnattestedAlert
            | Self::InFlight(_)
            | Self::Unverified(_) => false,
        }
    }
}

impl Held {
    /// What would lift it: until when it holds, as a clause.
    pub fn lift(&self) -> String {
        match self {
            Self::SwitchedOff(_) => "somebody switches automation on again".to_owned(),
            Self::ServiceOff(_) => "somebody switches it on again for the service".to_owned(),
            Self::Doubted(_) => {
                "somebody accepts it with `backstop ledger accept`, and starts again".to_owned()
            }
            Self::Shadow => {
                "the server's mode, the gate's and the trust of its file all allow more".to_owned()
            }
            Self::ModeAsks | Self::NeedsApproval { people: 1 } => "somebody agrees".to_owned(),
            Self::NeedsApproval { people } => format!("{people} people agree"),
            Self::Frozen(_) => {
                "it is over, or is lifted: in the server file, or by `DELETE /v1/freezes/NAME`".to_owned()
            }
            Self::Unattested => "it is told with a token that may tell of changes".to_owned(),
            Self::RanBefore => "a version comes that did not run there before".to_owned(),
            Self::FirstRelease => "a release comes that has another before it".to_owned(),
            Self::Irreversible(_) => {
                "somebody agrees who knows that what it goes back to can run on what was left behind"
                    .to_owned()
            }
            Self::Stale(_) => "there is a look at samples of now".to_owned(),
            Self::UnattestedAlert => "it is told with a token that may tell of alerts".to_owned(),
            Self::WeakEvidence(Weak::Alert) => {
                "a gate proves it, or the entry of `incidents` has `may_undo_on: [alert]`".to_owned()
            }
            Self::WeakEvidence(Weak::AfterBefore | Weak::Expr) => {
                "both sides run at one time, or the policy has it in `may_undo_on`".to_owned()
            }
            Self::InFlight(_) => "that has ended".to_owned(),
            Self::Unverified(_) => "a person found out".to_owned(),
            Self::Budget(_) => "the oldest of these are longer ago".to_owned(),
            Self::CoolingDown { since, cooldown } => since.plus(*cooldown).to_string(),
            Self::SharedCause { .. } | Self::TooMany(_) => "fewer are".to_owned(),
            Self::Unable => "its action is a webhook, or one on an object of Kubernetes".to_owned(),
            Self::Superseded(_) => "nothing does: the one that is there now has gates of its own".to_owned(),
            Self::TakenBack(_) => "a version comes that was not taken back".to_owned(),
            Self::BelowFloor(floor) => {
                format!("it is {floor} sure, or `floors` in the server file asks less")
            }
            Self::Unkeyed(scope) => {
                format!("the target says its {}, or no limit counts by it", scope.key())
            }
            Self::Suspect(suspect) => {
                format!("the change of {} is undone, or proved harmless", suspect.service)
            }
            Self::Declined(_) => "nothing does: the next change is judged by itself".to_owned(),
            Self::Unseen(_) => "its platform answers".to_owned(),
            Self::Unfit(_) => "its object is fit for it, or whoever is asked does it".to_owned(),
            Self::Reconciled { by } => format!("{by} lets go of it, or git says so too"),
        }
    }
}

/// As a clause: what holds it back, with the figures.
impl fmt::Display for Held {
    #[expect(clippy::too_many_lines, reason = "a sentence for each")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SwitchedOff(why) => write!(f, "automation is switched off: {why}"),
            Self::ServiceOff(why) => write!(f, "automation is switched off for the service: {why}"),
            Self::Doubted(since) => write!(
                f,
                "the ledger was found at {since} to be a restored or older one, so what was done last may not be known here"
            ),
            Self::Shadow => {
                f.write_str("backstop is in shadow mode here, so it only says what it would have done")
            }
            Self::Frozen(frozen) => write!(f, "{frozen}"),
            Self::FirstRelease => {
                f.write_str("nothing is known to have run there before, so there is nothing to go back to")
            }
            Self::Irreversible(Irreversible { version, judged: true, .. }) => {
                write!(f, "{} cannot be undone, as whoever told of it said", escaped(version.clone()))
            }
            Self::Irreversible(Irreversible { version, change, .. }) => write!(
                f,
                "it would lead past {} ({}), which cannot be undone, as whoever told of it said",
                escaped(version.clone()),
                escaped(change.0.clone())
            ),
            Self::ModeAsks => f.write_str("the mode here is to ask a person first"),
            Self::NeedsApproval { people: 1 } => f.write_str("the action asks one person first"),
            Self::NeedsApproval { people } => write!(f, "the action asks {people} people first"),
            Self::Unattested => f.write_str("the change was not told by anybody who may record changes"),
            Self::RanBefore => {
                f.write_str("the version already ran here, so the change is somebody's rollback already")
            }
            Self::Stale(looked) => {
                write!(f, "the last look was at {looked}, and evidence that old says nothing about now")
            }
            Self::WeakEvidence(Weak::AfterBefore) => f.write_str(
                "evidence of before and after alone cannot tell this change from whatever else began with it",
            ),
            Self::WeakEvidence(Weak::Expr) => f.write_str("a threshold alone has no statistics behind it"),
            Self::WeakEvidence(Weak::Alert) => {
                f.write_str("an alert alone does not tell whether it was this change that did it")
            }
            Self::UnattestedAlert => f.write_str("the alert was not told by anybody who may tell of alerts"),
            Self::InFlight(key) => write!(f, "the action {key} on the same target has not ended"),
            Self::Unverified(key) => {
                write!(
                    f,
                    "nobody saw whether the action {key} for the same change worked, so a person has to look first"
                )
            }
            Self::Budget(budget) => {
                let of = budget.of.as_ref().map(|action| format!(" of {action}")).unwrap_or_default();
                let (rate, words, spent) = (budget.rate, budget.scope.words(), budget.spent);
                write!(f, "the budget{of} of {rate} {words} is spent ({spent} so far)")
            }
            Self::CoolingDown { since, cooldown } => {
                write!(f, "the target was acted on at {since}, less than {cooldown} ago")
            }
            Self::SharedCause { undone, limit } => write!(
                f,
                "{undone} other changes are being undone or would be, and {limit} at once is the most: a shared cause is likelier"
            ),
            Self::Superseded(change) => write!(f, "the change {} took its place", escaped(change.0.clone())),
            Self::TakenBack(at) => {
                write!(f, "this version was taken back here at {at}, and somebody brought it again")
            }
            Self::BelowFloor(floor) => {
                write!(f, "the server file asks a confidence of {floor} for this, and it is less sure")
            }
            Self::Unkeyed(scope) => {
                write!(f, "a limit counts {}, and the target does not say its {}", scope.words(), scope.key())
            }
            Self::Suspect(suspect) => write!(
                f,
                "{}, which it depends on, was changed to {} and fails as well: that is the likelier cause",
                escaped(suspect.service.clone()),
                escaped(suspect.version.clone())
            ),
            Self::Declined(by) => write!(f, "{by} was asked, and said no"),
            Self::TooMany(share) => write!(
                f,
                "with it {} of {} services would be undone, and {} is the most: a shared cause is likelier",
                share.undone, share.services, share.most
            ),
            Self::Unable => f.write_str("backstop has no adapter for it yet, only webhooks and what is done to Deployments, StatefulSets, DaemonSets and Rollouts"),
            Self::Unseen(why) => write!(f, "nobody could look at the object that it is done to: {why}"),
            Self::Unfit(misfits) if misfits.is_empty() => {
                f.write_str("nothing could be planned on its object")
            }
            Self::Unfit(misfits) => {
                let told: Vec<String> = misfits.iter().map(ToString::to_string).collect();
                f.write_str(&told.join("; "))
            }
            Self::Reconciled { by } => {
                write!(f, "{by} keeps it as git says, and would take back what is done")
            }
        }
    }
}
