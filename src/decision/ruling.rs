//! Rulings: what is done about a verdict, with every guard that spoke.

use std::fmt;

use crate::decision::case::Budget;
use crate::decision::freeze::Frozen;
use crate::decision::policy::Weak;
use crate::unit::{Span, UnixMillis};

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
}

impl Held {
    /// One word for it, for labels and for machines.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::SwitchedOff(_) => "switched_off",
            Self::Shadow => "shadow",
            Self::Frozen(_) => "frozen",
            Self::FirstRelease => "first_release",
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
        }
    }

    /// Whether a person could still have it done.
    pub const fn may_be_asked(&self) -> bool {
        match self {
            Self::ModeAsks
            | Self::NeedsApproval { .. }
            | Self::Frozen(_)
            | Self::FirstRelease
            | Self::Stale(_)
            | Self::WeakEvidence(_)
            | Self::SharedCause { .. }
            | Self::CoolingDown { .. }
            | Self::Budget(_)
            | Self::RanBefore
            | Self::Unable => true,
            Self::SwitchedOff(_)
            | Self::Shadow
            | Self::Unattested
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
            Self::Shadow => {
                "the server's mode, the gate's and the trust of its file all allow more".to_owned()
            }
            Self::Frozen(_) => "it is over, or is taken out of the server file".to_owned(),
            Self::ModeAsks | Self::NeedsApproval { .. } => "whoever is asked does it".to_owned(),
            Self::Unattested => "it is told with a token that may tell of changes".to_owned(),
            Self::RanBefore => "a version comes that did not run there before".to_owned(),
            Self::FirstRelease => "a release comes that has another before it".to_owned(),
            Self::Stale(_) => "there is a look at samples of now".to_owned(),
            Self::WeakEvidence(_) => {
                "both sides run at one time, or the policy has it in `may_undo_on`".to_owned()
            }
            Self::InFlight(_) => "that has ended".to_owned(),
            Self::Unverified(_) => "a person found out".to_owned(),
            Self::Budget(_) => "the oldest of these are longer ago".to_owned(),
            Self::CoolingDown { since, cooldown } => since.plus(*cooldown).to_string(),
            Self::SharedCause { .. } => "fewer are".to_owned(),
            Self::Unable => "its action is a webhook".to_owned(),
        }
    }
}

/// As a clause: what holds it back, with the figures.
impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SwitchedOff(why) => write!(f, "automation is switched off: {why}"),
            Self::Shadow => {
                f.write_str("backstop is in shadow mode here, so it only says what it would have done")
            }
            Self::Frozen(frozen) => write!(f, "{frozen}"),
            Self::FirstRelease => {
                f.write_str("nothing is known to have run there before, so there is nothing to go back to")
            }
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
                "{undone} other changes are being undone, and {limit} at once is the most: a shared cause is likelier"
            ),
            Self::Unable => f.write_str("backstop has no adapter for it yet, only webhooks"),
        }
    }
}
