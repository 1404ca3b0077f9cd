//! What is done to objects, on a real API server with its controllers, by the manifests of `deploy/`. Where there is none, each test says so.
#![expect(clippy::unwrap_used, reason = "a test whose cluster does not start has failed")]
#![expect(clippy::panic, reason = "a test that waits in vain says for what")]

#[path = "kit/folder.rs"]
mod folder;
#[path = "kit/manifests.rs"]
mod manifests;
#[path = "kit/skip.rs"]
mod skip;

#[path = "cluster/base.rs"]
mod base;
#[path = "cluster/cluster.rs"]
mod cluster;
#[path = "cluster/moves.rs"]
mod moves;
