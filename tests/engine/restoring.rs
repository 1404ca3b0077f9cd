//! Restoring: an engine that was built again from its ledger goes on as if it had never stopped.

use backstop::decision::{Answer, Refusal};
use backstop::engine::Event;
use backstop::ledger::replay;
use proptest::prelude::*;

use crate::bench::{Bench, Does, change, lost, program, rejected, seconds, taken, unsent};
use crate::reloading::ANOTHER_GATE;
use crate::replaying::episode;

/// Something that happens to a bench.
#[derive(Debug, Clone)]
enum Act {
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
    /// The ledger refuses the next intention of this action.
    Refuse(u8, u8),
}

const SERVICES: [&str; 3] = ["a", "b", "c"];
const ACTIONS: [&str; 4] = ["rollback", "pause", "promote", "notify"];
const DOES: [Does; 6] = [Does::Well, Does::Badly, Does::Worse, Does::Nothing, Does::Missing, Does::Little];

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (1_i64..150).prop_map(Act::Wait),
        3 => (0_u8..3, 0_u8..6).prop_map(|(service, does)| Act::Change(service, does)),
        2 => (0_u8..3, 0_u8..6).prop_map(|(service, does)| Act::Does(service, does)),
        2 => (0_u8..4).prop_map(Act::Answers),
        1 => any::<bool>().prop_map(Act::Holds),
        1 => any::<bool>().prop_map(Act::Switch),
        1 => (0_u8..4, 0_u8..2).prop_map(|(action, why)| Act::Refuse(action, why)),
    ]
}

/// A bench with what it is told to answer, and how many versions there were.
#[derive(Debug, Clone)]
struct Play {
    bench: Bench,
    answer: Answer,
    versions: u32,
}

impl Play {
    fn new(edits: &[(&str, &str)]) -> Self {
        Self { bench: Bench::new(edits), answer: taken(), versions: 0 }
    }

    fn act(&mut self, act: &Act) {
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
                self.bench.happen(Event::Switched { off, by: "me".to_owned() });
            }
            Act::Refuse(action, why) => {
                let why = if *why == 0 { Refusal::Fenced } else { Refusal::SwitchedOff("x".to_owned()) };
                let known = self.bench.world.refusals.entry(ACTIONS[usize::from(*action)].to_owned());
                known.or_default().push_back(why);
            }
        }
    }
}

const LIMITED: &[(&str, &str)] =
    &[("changes_undone_at_once: 100", "changes_undone_at_once: 2"), ("cooldown: 0s", "cooldown: 3m")];

/// The same, with a second gate on every change.
const OF_TWO: &[(&str, &str)] = &[LIMITED[0], LIMITED[1], ANOTHER_GATE];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Killed at any moment and started again, it comes to the same decisions at the same moments, for the same reasons,
    /// and does the same; and each decision comes out again from the ledger.
    #[test]
    fn a_restart_changes_nothing(
        rules in prop_oneof![Just(LIMITED), Just(OF_TWO)],
        acts in prop::collection::vec(act(), 1..30),
        cuts in prop::collection::vec(0_usize..30, 1..4),
    ) {
        let mut whole = Play::new(rules);
        let mut cut = Play::new(rules);
        for (index, act) in acts.iter().enumerate() {
            whole.act(act);
            cut.act(act);
            if cuts.contains(&index) {
                cut.bench.write_all();
                cut.bench.restart(program(rules));
            }
        }
        for play in [&mut whole, &mut cut] {
            play.act(&Act::Wait(1_500));
        }
        prop_assert_eq!(whole.bench.lasting(), cut.bench.lasting());
        // Whatever happened, everything has come to an end by now.
        prop_assert_eq!(cut.bench.engine.flights().count(), 0);
        prop_assert!(cut.bench.engine.cells().all(backstop::engine::Cell::is_over));
        let ids = whole.bench.ids();
        prop_assert_eq!(ids.len(), whole.bench.decisions().len());
        for id in ids {
            let replayed = replay(&episode(&cut.bench, id.cell), id);
            prop_assert!(replayed.is_ok(), "{:?}", replayed);
        }
    }

    /// Looks that were not written down are counted again, and come out the same.
    #[test]
    fn looks_that_were_lost_come_out_the_same(does in 0_u8..6, waits in prop::collection::vec(1_i64..100, 1..12)) {
        let mut whole = Play::new(LIMITED);
        let mut cut = Play::new(LIMITED);
        for play in [&mut whole, &mut cut] {
            play.act(&Act::Change(0, does));
        }
        for wait in waits {
            whole.act(&Act::Wait(wait));
            cut.act(&Act::Wait(wait));
            cut.bench.restart(program(LIMITED));
        }
        for play in [&mut whole, &mut cut] {
            play.act(&Act::Wait(1_500));
        }
        prop_assert_eq!(whole.bench.lasting(), cut.bench.lasting());
        prop_assert_eq!(whole.bench.looks(), cut.bench.looks());
    }
}

/// Which sequence it is does not matter: there is one of each kind of decision in some of them.
#[test]
fn the_sequences_are_not_dull() {
    let mut play = Play::new(LIMITED);
    for act in [
        Act::Change(0, 2),
        Act::Answers(1),
        Act::Wait(600),
        Act::Change(1, 0),
        Act::Answers(0),
        Act::Wait(600),
    ] {
        play.act(&act);
    }
    let decided = play.bench.decided();
    for expected in ["act: notify", "act: pause", "act: rollback", "act: promote", "hold: rollback InFlight"]
    {
        assert!(decided.iter().any(|it| it == expected), "{expected} is not in {decided:?}");
    }
}
