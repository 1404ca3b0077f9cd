//! What is done to objects: through the program itself, on an API server that is as strict as the real one.
#![expect(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]
#![expect(clippy::panic, reason = "a test that waits in vain says for what")]

#[path = "kit/argocd.rs"]
mod argocd;
#[path = "kit/folder.rs"]
mod folder;
#[path = "kit/kube.rs"]
mod kube;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "kit/posts.rs"]
mod posts;

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "serve/process.rs"]
mod process;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "serve/receiver.rs"]
mod receiver;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "serve/shop.rs"]
mod shop;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "serve/site.rs"]
mod site;

#[path = "objects/rules.rs"]
mod rules;

#[path = "objects/argocd.rs"]
mod kept;
#[path = "objects/flux.rs"]
mod flux;
#[path = "objects/killed.rs"]
mod killed;
#[path = "objects/moves.rs"]
mod moves;
#[path = "objects/planning.rs"]
mod planning;
#[path = "objects/rehearsing.rs"]
mod rehearsing;
#[path = "objects/rollouts.rs"]
mod rollouts;
#[path = "objects/through.rs"]
mod through;
