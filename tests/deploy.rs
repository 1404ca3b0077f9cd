//! The manifests of `deploy/`: they allow what the adapters need and nothing beside, and what they say of backstop is so.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the manifests has failed")]
#![expect(clippy::panic, reason = "a manifest that cannot be read says why")]

#[path = "kit/folder.rs"]
mod folder;
#[path = "kit/manifests.rs"]
mod manifests;
#[path = "kit/skip.rs"]
mod skip;

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "serve/process.rs"]
mod process;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "serve/site.rs"]
mod site;

#[path = "deploy/alertmanager.rs"]
mod alertmanager;
#[path = "deploy/base.rs"]
mod base;
#[path = "deploy/grants.rs"]
mod grants;
#[path = "deploy/kustomize.rs"]
mod kustomize;
#[path = "deploy/rendered.rs"]
mod rendered;
