//! Evidence, from outside: against golden vectors that other code wrote with fifty digits, over whatever can be
//! counted, and in simulated releases.

#[path = "kit/chance.rs"]
mod chance;
#[path = "stats/golden.rs"]
mod golden;
#[path = "stats/law.rs"]
mod law;
#[path = "stats/rank.rs"]
mod rank;
#[path = "stats/culprit.rs"]
mod culprit;
#[path = "stats/simulation.rs"]
mod simulation;
#[path = "kit/skip.rs"]
mod skip;
#[path = "kit/vectors.rs"]
mod vectors;
