//! Actions: what may be done, and to what.

use std::collections::BTreeMap;
use std::fmt;

use crate::decision::limit::Limits;
use crate::decision::seal::Seal;
use crate::decision::templated::Templated;
use crate::promql;
use crate::unit::{Login, Name, Place, Span, Tls};

/// What an action is for. Guards and budgets count by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Takes a release back.
    Rollback,
    /// Holds a release where it is.
    Pause,
    /// Lets a held release go on.
    Resume,
    /// Opens the next step, or finishes a release.
    Promote,
    /// Shifts traffic.
    SetWeight,
    /// Turns a feature flag.
    ToggleFlag,
    /// Starts anew what runs, as it is.
    Restart,
    /// Tells somebody. It alone leaves the target as it is.
    Notify,
    /// Whatever else a webhook does to its target.
    Other,
}

impl Kind {
    /// All kinds that a rule may name, by their names.
    pub const NAMED: [(&'static str, Self); 8] = [
        ("rollback", Self::Rollback),
        ("pause", Self::Pause),
        ("resume", Self::Resume),
        ("promote", Self::Promote),
        ("set_weight", Self::SetWeight),
        ("toggle_flag", Self::ToggleFlag),
        ("restart", Self::Restart),
        ("notify", Self::Notify),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::NAMED.iter().find(|(_, kind)| *kind == self).map_or("other", |(word, _)| word)
    }

    /// What it does, as a verb before the name of a service.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Rollback => "roll back",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Promote => "promote",
            Self::SetWeight => "shift traffic of",
            Self::ToggleFlag => "turn a flag of",
            Self::Restart => "restart",
            Self::Notify => "tell about",
            Self::Other => "change",
        }
    }

    /// Whether it takes a release back, or may: what holds one where it is, starts it anew, tells somebody or lets it go on
    /// does not.
    pub const fn takes_back(self) -> bool {
        match self {
            Self::Rollback | Self::SetWeight | Self::ToggleFlag | Self::Other => true,
            Self::Pause | Self::Resume | Self::Promote | Self::Restart | Self::Notify => false,
        }
    }

    /// Whether what serves is touched by it, or may be, on the word of a failed verdict.
    pub const fn disturbs(self) -> bool {
        self.takes_back() || matches!(self, Self::Restart)
    }

    /// Whether it changes its target, and so needs an environment, trust and approval.
    pub const fn changes_target(self) -> bool {
        !matches!(self, Self::Notify)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::NAMED.iter().find(|(_, kind)| kind == self).map_or("other", |(name, _)| name))
    }
}

/// What is done.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Whatever undoes a release of the target's object.
    Undo {
        /// To which revision.
        to: Revision,
    },
    /// Whatever holds it.
    Hold,
    /// Whatever lets it go on.
    GoOn,
    /// Lets all of it out, past all steps that are left.
    Finish,
    /// Begins it again, where it was aborted.
    Retry,
    /// Starts anew what runs, as it is.
    Restart,
    /// Turns a flag to a variant.
    SetVariant {
        /// The flag; none: the one that the change turned.
        flag: Option<String>,
        /// The variant.
        to: String,
    },
    /// Sends a request.
    Send(Box<Webhook>),
}

impl Deed {
    /// What it sends; nothing for one that is done to an object.
    pub fn webhook(&self) -> Option<&Webhook> {
        match self {
            Self::Send(webhook) => Some(webhook),
            Self::Undo { .. }
            | Self::Hold
            | Self::GoOn
            | Self::Finish
            | Self::Retry
            | Self::Restart
            | Self::SetVariant { .. } => None,
        }
    }
}

/// Where an undo leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// The newest that passed its own gate and differs in its image; a person is asked where there is none.
    LastKnownGood,
    /// The one before, whatever it was.
    Previous,
    /// This one.
    Exactly(String),
}

/// How many people have to agree before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Approval {
    /// Nobody.
    None,
    /// One who did not ask for it.
    One,
    /// Two different ones.
    Two,
}

/// A request to some other system.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Where to. Only what stands behind the host may be a template.
    pub url: Templated,
    /// How.
    pub method: Method,
    /// What goes with it.
    pub headers: BTreeMap<String, String>,
    /// What it says.
    pub body: Option<Body>,
    /// The secret that signs it, by name.
    pub sign: Option<Name>,
    /// A seal of the whole.
    pub seal: Option<Seal>,
    /// Who asks.
    pub login: Login,
    /// Which certificates are shown and trusted.
    pub tls: Tls,
    /// The answers that mean it was taken.
    pub expect: Vec<u16>,
    /// How long an answer may take.
    pub timeout: Span,
    /// How to see that it worked.
    pub verify: Option<Verification>,
}

impl Webhook {
    /// The secrets that it takes, by name, but for what signs it.
    pub fn secrets(&self) -> impl Iterator<Item = &Name> {
        self.login.secret().into_iter().chain(self.seal.as_ref().map(|seal| &seal.key))
    }
}

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

/// What a request says: structure, with templates only in its leaves, so no template can break it.
#[derive(Debug, Clone, PartialEq)]
pub struct Body<T = Templated>(pub BTreeMap<String, BodyValue<T>>);

/// A value in a body.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyValue<T = Templated> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// A text: a template, or what came of it.
    Text(T),
    /// Several values.
    List(Vec<Self>),
    /// Named values.
    Map(BTreeMap<String, Self>),
}

/// How to see that an action worked.
#[derive(Debug, Clone)]
pub enum Verification {
    /// The expression has a value other than zero.
    Expr(promql::Plan),
    /// An address answers as it should.
    Url(Box<Answering>),
}

/// How an address answers, once an action has worked.
#[derive(Debug, Clone)]
pub struct Answering {
    /// Which. Only what stands behind the host may be a template.
    pub url: Templated,
    /// With one of these statuses; none: with any that means success.
    pub expect: Vec<u16>,
    /// With a text that holds this.
    pub says: Option<Templated>,
}

/// An action.
#[derive(Debug, Clone)]
pub struct Action {
    /// What it is called.
    pub name: Name,
    /// Where its name was written.
    pub place: Place,
    /// What it is for.
    pub kind: Kind,
    /// What it does.
    pub deed: Deed,
    /// Within what limits.
    pub limits: Limits,
    /// Who has to agree.
    pub approval: Approval,
    /// Who is asked about it.
    pub owner: Option<String>,
    /// Where it says what to do.
    pub runbook: Option<String>,
}
