//! Who keeps an object: what would take back what is done to it.

use serde_json::Value;

use crate::responder::object::field::{controller, named, text};

/// The controller that an object belongs to: whatever it is asked to run, that one says.
pub(in crate::responder) fn owner(it: &Value) -> Option<String> {
    let owner = controller(it)?;
    Some(format!("{} {}", text(owner, "/kind")?, text(owner, "/name")?))
}

/// What keeps an object as git says, as it marked it. Helm marks its objects too, but comes back only when somebody
/// calls it.
pub(in crate::responder) fn keeper(it: &Value) -> Option<String> {
    let annotation = |name: &str| named(it, "annotations", name);
    let label = |name: &str| named(it, "labels", name);
    // `APPLICATION:GROUP/KIND:NAMESPACE/NAME`
    let tracked = annotation("argocd.argoproj.io/tracking-id").and_then(|tracked| tracked.split(':').next());
    if let Some(application) = tracked.or_else(|| label("argocd.argoproj.io/instance")) {
        return Some(format!("Argo CD ({application})"));
    }
    let flux = [("kustomization", "kustomize.toolkit.fluxcd.io"), ("helmrelease", "helm.toolkit.fluxcd.io")];
    flux.into_iter().find_map(|(kind, prefix)| {
        let name = label(&format!("{prefix}/name"))?;
        let namespace = label(&format!("{prefix}/namespace")).unwrap_or("?");
        Some(format!("Flux ({kind}/{namespace}/{name})"))
    })
}
