//! The judge: a short version of the study that `cargo bench --bench judge` is, the others' rules against what they are
//! known to say, and what the seed analyzer says beside what backstop says.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a study that cannot go on has failed")]

#[path = "kit/chance.rs"]
mod chance;
#[path = "judge/kayenta.rs"]
mod kayenta;
#[path = "judge/seed.rs"]
mod seed;
#[path = "judge/short.rs"]
mod short;
#[path = "kit/snapshot.rs"]
mod snapshot;
#[path = "bench/judge/study.rs"]
mod study;
#[path = "kit/vectors.rs"]
mod vectors;
