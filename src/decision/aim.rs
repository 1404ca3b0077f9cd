//! Aims: what a look at an object led to. One goes into the intention, so that each step can be held against what was
//! seen when it was decided, and so that whoever comes after a restart knows what to look for.

use crate::signal::{GitOps, Object};
use crate::unit::UnixMillis;

/// What tells one state of an object from every other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Which object it is: another one of the same name has another.
    pub uid: String,
    /// Its state, its status included. It changes all the time while pods come and go.
    pub resource_version: String,
    /// What is asked of it: whoever changes that counts it up.
    pub generation: u64,
}

/// What an object runs, or ran at one revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edition {
    /// The name of its revision, as the platform gives it out; empty where it gives none.
    pub revision: String,
    /// What tells its template from every other, as the platform gives it out; empty where it gives none.
    pub hash: String,
    /// Its images, each behind its container's name: `web=registry.example.com/shop:2.4.0`. They are in the order of the names.
    pub images: Vec<String>,
    /// The version that its labels say.
    pub version: Option<String>,
}

/// What is to be done to an object: a step is one request, and is written down before the next one is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// The object.
    pub object: Object,
    /// When it was looked at.
    pub at: UnixMillis,
    /// What it was then.
    pub seen: Identity,
    /// What it ran then.
    pub from: Edition,
    /// What it is to run; nothing where that stays.
    pub to: Option<Edition>,
    /// What is done, in this order. Each says what is to be, so that doing one again leads nowhere else.
    pub steps: Vec<StepName>,
    /// The step of its release that it was at, where a release goes in steps.
    pub index: Option<u64>,
    /// What keeps it as git says, and is held before anything is done to it; nothing where that has not to be.
    pub keeper: Option<GitOps>,
    /// The application of Argo CD by whose actions it is driven; nothing: at the API of its cluster.
    pub through: Option<String>,
}

/// The most steps of an aim.
pub const MOST_STEPS: usize = 8;

/// A step, by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepName {
    /// Goes back to the template of another revision.
    Undo,
    /// Holds the release.
    Pause,
    /// Lets a held release go on.
    Resume,
    /// Starts anew what runs.
    Restart,
    /// Ends a release on its way: what served before it serves alone again.
    Abort,
    /// Begins an aborted release again.
    Retry,
    /// Lets a release go on past the step at which it waits.
    Promote,
    /// Lets all of a release out, past all steps that are left.
    PromoteFull,
    /// Holds what keeps an object as git says, so that it takes back nothing.
    Detach,
    /// Ends what is being rolled out as git says.
    Terminate,
    /// Gives back what was held: an object is kept as git says again.
    Attach,
}

impl StepName {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Undo => "undo",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Restart => "restart",
            Self::Abort => "abort",
            Self::Retry => "retry",
            Self::Promote => "promote",
            Self::PromoteFull => "promote_full",
            Self::Detach => "detach",
            Self::Terminate => "terminate",
            Self::Attach => "attach",
        }
    }

    /// What it does to whom keeps an object; nothing where it is done to the object.
    pub const fn of_keeper(self) -> Option<KeeperStep> {
        match self {
            Self::Detach => Some(KeeperStep::Detach),
            Self::Terminate => Some(KeeperStep::Terminate),
            Self::Attach => Some(KeeperStep::Attach),
            Self::Undo
            | Self::Pause
            | Self::Resume
            | Self::Restart
            | Self::Abort
            | Self::Retry
            | Self::Promote
            | Self::PromoteFull => None,
        }
    }
}

/// A step that is done to what keeps an object as git says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeeperStep {
    /// Holds it.
    Detach,
    /// Ends what it rolls out.
    Terminate,
    /// Gives it back.
    Attach,
}

impl KeeperStep {
    /// As a step of an aim.
    pub const fn name(self) -> StepName {
        match self {
            Self::Detach => StepName::Detach,
            Self::Terminate => StepName::Terminate,
            Self::Attach => StepName::Attach,
        }
    }
}

/// How far an object is on its way to an aim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How many of the steps are seen to be taken, from the first.
    pub taken: usize,
    /// Whether all of it is seen to have worked: what was asked for is there, not only asked for.
    pub holds: bool,
    /// What it is instead, where it is neither what it was nor what it is to be: somebody else changed it.
    pub otherwise: Option<String>,
}

impl Edition {
    /// Whether both run the same images.
    pub fn same_images(&self, other: &Self) -> bool {
        self.images == other.images
    }

    /// Whether it would bring this version to what runs beside it: by a label or an image that is another there. A version
    /// that both have is of something else, such as a proxy.
    pub fn brings(&self, version: &str, beside: &Self) -> bool {
        let is_new = |image: &&String| !beside.images.contains(*image);
        let images = self.images.iter().filter(is_new).cloned().collect();
        let label = self.version.clone().filter(|_| self.version != beside.version);
        Self { images, version: label, ..Self::default() }.is_of(version)
    }

    /// Whether it is of this version: by a label that says so, or by the tag or digest of an image.
    pub fn is_of(&self, version: &str) -> bool {
        let bare = |version: &str| version.strip_prefix('v').unwrap_or(version).to_owned();
        let wanted = bare(version);
        if wanted.is_empty() {
            return false;
        }
        let labelled = self.version.iter().any(|label| bare(label) == wanted);
        labelled || self.images.iter().any(|image| tags(image).any(|tag| bare(tag) == wanted))
    }
}

/// The tag of an image and its digest, with and without the name of its algorithm.
fn tags(image: &str) -> impl Iterator<Item = &str> {
    let image = image.split_once('=').map_or(image, |(_, image)| image);
    let (name, digest) = image.split_once('@').map_or((image, None), |(name, digest)| (name, Some(digest)));
    // A colon before the last slash is that of a port.
    let last = name.rsplit('/').next().unwrap_or(name);
    let tag = last.split_once(':').map(|(_, tag)| tag);
    let bare = digest.and_then(|digest| digest.split_once(':')).map(|(_, bare)| bare);
    tag.into_iter().chain(digest).chain(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_known_by_its_label_its_tag_or_its_digest() {
        let edition = |image: &str, version: Option<&str>| Edition {
            images: vec![format!("web={image}")],
            version: version.map(str::to_owned),
            ..Edition::default()
        };
        for (image, label, version, is) in [
            ("shop:2.4.0", None, "2.4.0", true),
            ("shop:v2.4.0", None, "2.4.0", true),
            ("shop:2.4.0", None, "v2.4.0", true),
            ("registry:5000/shop:2.4.0", None, "2.4.0", true),
            ("registry:5000/shop", None, "5000/shop", false),
            ("registry:5000/shop", None, "5000", false),
            ("shop:2.4.0", None, "2.4", false),
            ("shop:2.4.0-rc1", None, "2.4.0", false),
            ("shop@sha256:abcd", None, "sha256:abcd", true),
            ("shop@sha256:abcd", None, "abcd", true),
            ("shop:2@sha256:abcd", None, "2", true),
            ("shop:latest", Some("2.4.0"), "2.4.0", true),
            ("shop:latest", Some("2.4.0"), "2.4.1", false),
            ("shop", None, "shop", false),
            ("shop:", None, "", false),
            ("shop:v", None, "", false),
        ] {
            assert_eq!(edition(image, label).is_of(version), is, "{image} {label:?} {version}");
        }
    }
}
