//! Argo CD: applications, as what is undone and as what keeps other objects as git says, and what it does to resources of
//! theirs. Everything goes through the API of Argo CD itself.
//!
//! An application is held by taking its automated sync out of it, which every version of Argo CD understands. What was taken
//! out, and which revision git has to move past, is noted beside it, as annotations: whoever looks at the application sees who
//! held it and what belongs there, and so does backstop after whatever happened to it.

mod adapter;
mod application;
mod keeping;
mod resource;

pub use adapter::Application;
pub use keeping::ArgoCd;
pub use resource::Resource;

/// What an application is called among what was read.
const APPLICATION: &str = "application";

/// What git asks for, resource by resource.
const RESOURCES: &str = "resources";

/// What belongs into an application that is held: its `spec.syncPolicy.automated`, as JSON.
const AUTOMATED: &str = "backstop/automated";

/// The images that were taken back, as a JSON list.
const TAKEN_BACK: &str = "backstop/taken-back";
