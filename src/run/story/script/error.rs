//! Why a text is no story: the line, the word, and the way out.

use crate::run::story::script::{LONGEST_STORY, MOST_INCLUDES};
use crate::signal::{ObjectError, RowError};
use crate::unit::{Span, SpanError};

/// Why a text is no story.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct ScriptError {
    /// The number of the line in the file.
    pub line: usize,
    /// Why.
    pub why: Misread,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Misread {
    /// Nothing says what it is about.
    #[error("a story begins with a line that says what it is about, above its first part")]
    NoAbout,
    /// A part is missing.
    #[error("the story has no part `-- {0} --`")]
    NoPart(&'static str),
    /// A part is nobody's.
    #[error("`-- {name} --` is no part of a story; {help}")]
    Part {
        /// Its name.
        name: String,
        /// The way out.
        help: String,
    },
    /// A part stands twice.
    #[error("there is a part `-- {name} --` in line {first} already; put both into one")]
    Twice {
        /// Its name.
        name: String,
        /// Where it stands.
        first: usize,
    },
    /// It ends twice.
    #[error("that the story ends is said in line {0} already; take one of the two out")]
    EndsTwice(usize),
    /// It never ends.
    #[error("the story says nowhere when it ends; write `until 1h`")]
    Endless,
    /// It lasts too long.
    #[error("a story lasts {LONGEST_STORY} at most, and this one {0}")]
    TooLong(Span),
    /// It happens when all is over.
    #[error("the story is over by then: it says `until {0}`; let it last longer, or take this out")]
    AfterTheEnd(Span),
    /// It happens before the story begins.
    #[error("the story begins at `0s`, and only series may begin before")]
    BeforeTheBeginning,
    /// Nothing of the kind can happen.
    #[error("`{word}` is nothing that can stand here; {help}")]
    Word {
        /// The word.
        word: String,
        /// The way out.
        help: String,
    },
    /// A line ends too soon.
    #[error("something is missing; write `{0}`")]
    Missing(&'static str),
    /// There is more than can be.
    #[error("`{0}` is more than can stand here; take it out")]
    More(String),
    /// A status is none.
    #[error("`{0}` is no status of an answer; write a number from 100 to 599, as in `answers 503`")]
    Status(String),
    /// Nobody can be called that.
    #[error("`{0}` is no name of somebody; write small letters, digits and dashes, as in `approve kim`")]
    Nobody(String),
    /// A series is none.
    #[error(
        "`{0}` is no series; write a name and its labels with `=`, as in `requests_total{{track=\"canary\"}}`"
    )]
    Series(String),
    /// Samples do not follow one another.
    #[error("samples no time apart are one; write how far apart they are, as in `every 15s`")]
    NoStep,
    /// Samples are none.
    #[error(transparent)]
    Samples(#[from] RowError),
    /// A time is none.
    #[error(transparent)]
    Time(#[from] SpanError),
    /// A file becomes what stands nowhere.
    #[error("there is no part `-- {0} --`; what a file becomes stands in a part of the story")]
    NoSuchPart(String),
    /// A file is changed that is not read.
    #[error("`{0}` is not read in this story: it is neither a part of it nor included by its own name")]
    NotRead(String),
    /// An object is none.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// Objects of its kind are none that stories play.
    #[error("stories do not play `{0}`; they play deployment, statefulset and daemonset")]
    Unplayed(String),
    /// Only Deployments are paused.
    #[error("`{0}` cannot be paused, and so not resumed; only a deployment can")]
    Unheld(String),
    /// It keeps nothing.
    #[error("`{0}` is nothing that keeps objects here; write `argocd/APP` or `kustomization/NAMESPACE/NAME`")]
    Keeper(String),
    /// Something is done to an object that is not there.
    #[error("there is no {0} by then; say above what it runs: `at T {0} runs IMAGE`")]
    NotThere(String),
    /// Git asks for something that nobody sees to.
    #[error("nothing keeps {0} as git says by then; say above what does: `at T {0} is kept by argocd/APP`")]
    Unkept(String),
    /// Two keep one object.
    #[error("{0} is kept as git says already; take one of the two out")]
    KeptTwice(String),
    /// A path is none that can be included.
    #[error("`{0}` is an absolute path, which other machines do not have; write it from the story's folder")]
    Absolute(String),
    /// Too much is included.
    #[error("a story includes {MOST_INCLUDES} paths at most; include a folder")]
    TooManyIncludes,
}

impl Misread {
    /// It, in a line.
    pub(super) const fn at(self, line: usize) -> ScriptError {
        ScriptError { line, why: self }
    }
}
