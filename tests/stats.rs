//! Evidence, from outside: against golden vectors that other code wrote with fifty digits, over whatever can be
//! counted, and in simulated releases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "kit/chance.rs"]
mod chance;
#[path = "stats/golden.rs"]
mod golden;
#[path = "stats/law.rs"]
mod law;
#[path = "stats/simulation.rs"]
mod simulation;
#[path = "kit/skip.rs"]
mod skip;
