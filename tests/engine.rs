//! The engine: what follows from what, across restarts too.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its engine has failed")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test picks out the records that it is about")]

#[path = "kit/bench.rs"]
mod bench;

#[path = "engine/acts.rs"]
mod acts;
#[path = "engine/attempts.rs"]
mod attempts;
#[path = "engine/breaching.rs"]
mod breaching;
#[path = "engine/consents.rs"]
mod consents;
#[path = "engine/declaring.rs"]
mod declaring;
#[path = "engine/giving_back.rs"]
mod giving_back;
#[path = "engine/guards.rs"]
mod guards;
#[path = "engine/inquiring.rs"]
mod inquiring;
#[path = "engine/irreversible.rs"]
mod irreversible;
#[path = "engine/objects.rs"]
mod objects;
#[path = "engine/past.rs"]
mod past;
#[path = "engine/recovering.rs"]
mod recovering;
#[path = "engine/release.rs"]
mod release;
#[path = "engine/reloading.rs"]
mod reloading;
#[path = "engine/replaying.rs"]
mod replaying;
#[path = "engine/restoring.rs"]
mod restoring;
#[path = "engine/together.rs"]
mod together;
#[path = "engine/storm.rs"]
mod storm;
#[path = "engine/watching.rs"]
mod watching;
