//! The script of a story: what is read from its file.
//!
//! A file begins with what it is about. Behind that it is parts, each under a line `-- NAME --`: the `.yaml` ones are rule
//! and server files, `story` is the script, and `expected` and `rationale` are what has to come of it. Times of the script
//! are spans from the story's beginning, which is midnight of the first of January 2026.

mod act;
mod error;
mod line;
mod object;
mod read;
mod series;
#[cfg(test)]
mod tests;

use crate::signal::{Deaf, GitOps, Labels, Object, Point, Provenance};
use crate::unit::{Name, Span};

pub use error::{Misread, ScriptError};
pub(super) use object::is_played;

/// The largest file that is read as a story; people write them.
pub(crate) const LARGEST_STORY: u64 = 1024 * 1024;

/// The longest that a story may last.
pub(crate) const LONGEST_STORY: Span = Span::from_secs(7 * 86_400);

/// How many paths a story may include.
pub(crate) const MOST_INCLUDES: usize = 32;

/// A story as it is written.
#[derive(Debug, Clone)]
pub struct Script {
    /// What it is about: the lines above its first part.
    pub about: String,
    /// Rule and server files that stand in it.
    pub files: Vec<Inline>,
    /// Rule and server files that stand elsewhere, by their paths from the story's folder.
    pub includes: Vec<String>,
    /// What happens, in its order.
    pub scenes: Vec<Scene>,
    /// When it is over.
    pub until: Span,
    /// What has to be told.
    pub expected: String,
    /// What the last decision has to be explained by; nothing if the story does not ask.
    pub rationale: Option<String>,
}

/// A file within the story's own.
#[derive(Debug, Clone)]
pub struct Inline {
    /// Its name.
    pub name: String,
    /// What is in it, with as many empty lines above as stand above it in the story: so its lines have the same numbers.
    pub text: String,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The number of its line.
    pub line: usize,
    /// When, from the beginning; series may begin before.
    pub at: Moment,
    /// What.
    pub what: Act,
}

/// A moment of a story, in milliseconds from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment(pub i64);

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Series come in, a sample at each step.
    Series(Box<Row>),
    /// A change is told, as `POST /v1/changes` takes it, by somebody or by nobody.
    Change(String, Provenance),
    /// An alert is told, as Alertmanager tells it.
    Alert(Alert),
    /// The receiver of webhooks does this from now on.
    Receiver(Receiver),
    /// The kill switch is turned.
    Switch {
        /// The service that it is turned for; nothing: everything.
        service: Option<String>,
        /// Why it is off; nothing where it is on again.
        off: Option<String>,
    },
    /// Somebody says yes or no to everything that is asked.
    Say {
        /// Who.
        by: Name,
        /// Whether they agree.
        agrees: bool,
    },
    /// What sends samples is cut off for so long, and sends them then.
    SourceCut(Span),
    /// The source that is asked does not answer for so long, for this reason.
    SourceDeaf(Deaf, Span),
    /// The process dies, and is started again after so long.
    Crash(Span),
    /// The process dies the next time before or after something, and is started again.
    CrashAt(Step),
    /// The clock steps.
    Clock(i64),
    /// Files are others from now on, and are read again.
    Reload(Vec<Swap>),
    /// Others than backstop do something to an object.
    Object(Object, Hand),
}

/// What others than backstop do to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hand {
    /// It is asked to run this, and is there from then on.
    Run {
        /// The image.
        image: String,
        /// The version that its label says.
        version: Option<String>,
    },
    /// What runs is started anew.
    Restart,
    /// It is held.
    Pause,
    /// It is let go on.
    Resume,
    /// It goes back to the revision before.
    Undo,
    /// It is taken away.
    Remove,
    /// It is kept as git says by this from now on.
    KeptBy(GitOps),
    /// Git asks for this.
    Ask {
        /// The image.
        image: String,
        /// The revision that git is at by then.
        revision: String,
    },
}

/// An alert as it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Its labels; the name of the series is its own.
    pub labels: Labels,
    /// Whether it fires.
    pub fires: bool,
    /// Since when; from when it was told of first, where nothing is said.
    pub since: Option<Moment>,
    /// How whoever tells of it is known.
    pub provenance: Provenance,
}

/// A file that is another from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// The name of the file.
    pub file: String,
    /// The part that says what is in it now; nothing where it is gone.
    pub by: Option<String>,
}

/// A series with its values, one for each step.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How far apart samples are.
    pub every: Span,
    /// How long after its time each sample comes in.
    pub late: Span,
    /// Its labels.
    pub labels: Labels,
    /// Its values; nothing where there is none.
    pub values: Vec<Option<Point>>,
}

/// What a receiver does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// It takes what it is sent.
    Takes,
    /// It answers with this status.
    Answers {
        /// The status.
        status: u16,
        /// How long it asks to be left alone.
        retry_after: Option<Span>,
    },
    /// It is not there.
    Down,
    /// It takes what it is sent, and its answer gets lost.
    Loses,
    /// It loses what it is sent. Nobody can tell that from a lost answer: what follows in the series differs.
    Drops,
}

/// A step of an action, before which a process may die.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Before the intention is written down.
    Journal,
    /// After it is written down, before it is sent.
    Send,
    /// After it is sent, before the answer is written down.
    Answer,
    /// After the answer is written down, before the end is.
    Close,
}

impl Act {
    /// The files that are others from then on.
    pub(super) fn swaps(&self) -> &[Swap] {
        match self {
            Self::Reload(swaps) => swaps,
            Self::Series(_)
            | Self::Change(..)
            | Self::Alert(_)
            | Self::Receiver(_)
            | Self::Switch { .. }
            | Self::Say { .. }
            | Self::SourceCut(_)
            | Self::SourceDeaf(..)
            | Self::Crash(_)
            | Self::CrashAt(_)
            | Self::Clock(_)
            | Self::Object(..) => &[],
        }
    }
}

impl Script {
    /// Reads a story.
    pub fn read(text: &str) -> Result<Self, ScriptError> {
        read::read(text)
    }

    /// The file of a story with what came of it in the place of what was expected.
    pub fn updated(text: &str, told: &str, rationale: &str) -> String {
        read::updated(text, told, rationale)
    }

    /// What it is about, in one line.
    pub fn title(&self) -> &str {
        self.about.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
    }

    /// Files of the story that are there from its beginning: the others say what those become.
    pub(super) fn first_files(&self) -> impl Iterator<Item = &Inline> {
        let later: Vec<&str> = self.swaps().filter_map(|swap| swap.by.as_deref()).collect();
        self.files.iter().filter(move |file| !later.contains(&file.name.as_str()))
    }

    fn swaps(&self) -> impl Iterator<Item = &Swap> {
        self.scenes.iter().flat_map(|scene| scene.what.swaps())
    }

    /// How many changes are told in it.
    pub fn changes(&self) -> usize {
        self.scenes.iter().filter(|scene| matches!(scene.what, Act::Change(..))).count()
    }
}
