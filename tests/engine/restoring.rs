//! Restoring: an engine that was built again from its ledger goes on as if it had never stopped.

use backstop::decision::Refusal;
use backstop::ledger::replay;
use proptest::prelude::*;

use crate::acts::{Act, Play, act};
use crate::bench::program;
use crate::reloading::ANOTHER_GATE;
use crate::replaying::episode;

/// Something that happens.
#[derive(Debug, Clone)]
enum Turn {
    Act(Act),
    /// The ledger refuses the next intention of this action.
    Refuse(u8, u8),
}

const ACTIONS: [&str; 4] = ["rollback", "pause", "promote", "notify"];

fn turn() -> impl Strategy<Value = Turn> {
    let refuse = (0_u8..4, 0_u8..2).prop_map(|(action, why)| Turn::Refuse(action, why));
    prop_oneof![15 => act().prop_map(Turn::Act), 1 => refuse]
}

fn go_on(play: &mut Play, turn: &Turn) {
    match turn {
        Turn::Act(act) => play.act(act),
        Turn::Refuse(action, why) => {
            let why = if *why == 0 { Refusal::Fenced } else { Refusal::SwitchedOff("x".to_owned()) };
            let known = play.bench.world.refusals.entry(ACTIONS[usize::from(*action)].to_owned());
            known.or_default().push_back(why);
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
        turns in prop::collection::vec(turn(), 1..30),
        cuts in prop::collection::vec(0_usize..30, 1..4),
    ) {
        let mut whole = Play::new(rules);
        let mut cut = Play::new(rules);
        for (index, turn) in turns.iter().enumerate() {
            go_on(&mut whole, turn);
            go_on(&mut cut, turn);
            if cuts.contains(&index) {
                // Whether a request was taken that nobody heard of any more is another matter.
                for play in [&mut whole, &mut cut] {
                    while !play.bench.world.sent.is_empty() {
                        play.bench.answer(&play.answer);
                    }
                }
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
