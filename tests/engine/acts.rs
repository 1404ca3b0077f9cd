//! Acts: what happens to a bench, one thing after the other.

use backstop::decision::{Answer, Turn};
use backstop::engine::Event;
use proptest::prelude::*;

use crate::bench::{Bench, Does, change, lost, rejected, seconds, taken, unsent};

/// Something that happens to a bench.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// So many seconds go by, a tick at each.
    Wait(i64),
    /// A service gets its next version, and does so from now on.
    Change(u8, u8),
    /// A service does otherwise from now on.
    Does(u8, u8),
    /// What receivers answer from now on.
    Answers(u8),
    /// Whether actions are seen to have worked.
    Holds(bool),
    /// The kill switch.
    Switch(bool),
}

const SERVICES: [&str; 3] = ["a", "b", "c"];
const DOES: [Does; 6] = [Does::Well, Does::Badly, Does::Worse, Does::Nothing, Does::Missing, Does::Little];

pub(crate) fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (1_i64..150).prop_map(Act::Wait),
        3 => (0_u8..3, 0_u8..6).prop_map(|(service, does)| Act::Change(service, does)),
        2 => (0_u8..3, 0_u8..6).prop_map(|(service, does)| Act::Does(service, does)),
        2 => (0_u8..4).prop_map(Act::Answers),
        1 => any::<bool>().prop_map(Act::Holds),
        1 => any::<bool>().prop_map(Act::Switch),
    ]
}

/// A bench with what it is told to answer, and how many versions there were.
#[derive(Debug, Clone)]
pub(crate) struct Play {
    pub(crate) bench: Bench,
    pub(crate) answer: Answer,
    versions: u32,
}

impl Play {
    pub(crate) fn new(edits: &[(&str, &str)]) -> Self {
        Self { bench: Bench::new(edits), answer: taken(), versions: 0 }
    }

    pub(crate) fn act(&mut self, act: &Act) {
        let now = seconds(self.bench.now);
        match act {
            Act::Wait(by) => self.bench.run(now + by, &self.answer),
            Act::Change(service, does) => {
                self.act(&Act::Does(*service, *does));
                self.versions += 1;
                self.bench.tell(change(SERVICES[usize::from(*service)], &format!("v{}", self.versions), now));
            }
            Act::Does(service, does) => {
                let known =
                    self.bench.world.does.entry(SERVICES[usize::from(*service)].to_owned()).or_default();
                known.push((now, DOES[usize::from(*does)]));
            }
            Act::Answers(0) => self.answer = taken(),
            Act::Answers(1) => self.answer = rejected(None),
            Act::Answers(2) => self.answer = unsent(),
            Act::Answers(_) => self.answer = lost(),
            Act::Holds(holds) => self.bench.world.holds = *holds,
            Act::Switch(off) => {
                let off = off.then(|| "incident".to_owned());
                self.bench.happen(Event::Switched(Turn::of_all(off, "me")));
            }
        }
    }
}
