//! Releases: the evidence of several gates that watch one change is one, whichever of them looks first.

use std::collections::VecDeque;
use std::sync::Arc;

use backstop::decision::{CellId, Turn};
use backstop::engine::{Effect, Engine, Event, Program, restore};
use backstop::gate::{Before, Counted, Ending, Found, Opening, Release, Strand, Tally};
use backstop::ledger::{Record, replay};
use backstop::unit::{Span, UnixMillis};
use proptest::prelude::*;

use crate::bench::{Bench, Does, at, change, program, seconds, taken};
use crate::replaying::episode;

/// A second gate on the same changes, with this many looks so far apart.
fn second(every: &str, ends: &str, then: &str) -> String {
    format!(
        "gates:
  - gate: other
    owner: team
    runbook: https://example.com
    upon: canary
    match: {{ environment: production }}
    every: {every}
    begins: {{ at: first_traffic, warmup: 1m, within: 5m }}
    ends: {{ after: {ends}, not_before: 1m }}
    tracks: {{ label: track, canary: canary, stable: stable }}
    checks:
      - check: other
        proportion: {{ bad: 'other_total', of: requests_total, absent_bad: zero_if_on_other_track }}
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: not_contradicted
    then: {then}
"
    )
}

const LADDER: &str = "fail: [ { confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback } ]";

/// Nobody acts, so that nothing ends a gate before its time.
const ONLY_ASKED: (&str, &str) = (LADDER, "fail: [ { confidence: 0.80, do: ask } ]");
const NO_PROMOTION: (&str, &str) = ("      pass: promote\n", "");
const NO_MESSAGE: (&str, &str) = ("      inconclusive: { after: 8m, do: notify }\n", "");

fn asks() -> String {
    format!("{{ {} }}", ONLY_ASKED.1)
}

/// The rules of both gates, of which nothing follows but questions.
fn of_two(every: &str, ends: &str) -> Arc<Program> {
    let other = second(every, ends, &asks());
    program(&[ONLY_ASKED, NO_PROMOTION, NO_MESSAGE, ("gates:\n", &other)])
}

/// Long after everything.
const AFTERWARDS: i64 = 100_000;

/// Gates that watch one change, with everything that each is still to hear of.
struct Play {
    engine: Engine,
    records: Vec<Record>,
    coming: Vec<(CellId, VecDeque<Event>)>,
}

impl Play {
    fn new(program: &Arc<Program>, looks: &[Vec<(u64, u64)>; 2]) -> Self {
        let mut play =
            Self { engine: Engine::new(Arc::clone(program)), records: Vec::new(), coming: Vec::new() };
        let effects = play.engine.step(Event::Changed(Box::new(change("a", "2", 0))), at(0));
        play.note(effects);
        let cells: Vec<(CellId, Span)> = play.engine.cells().map(|cell| (cell.id, cell.every())).collect();
        for ((cell, every), looks) in cells.into_iter().zip(looks) {
            let strand = Strand { rows: vec![vec![tally((5, 500)); 4]; 120], ..Strand::default() };
            let before = Before { strands: vec![strand], ..Before::default() };
            let (traffic, from) = (at(0).plus(every), at(0).plus(every).plus(Span::from_secs(60)));
            let mut coming = VecDeque::from([
                Event::Traffic { cell, to: traffic, seen: true },
                Event::Opening { cell, opening: Opening { checks: vec![before] } },
            ]);
            let look = |(number, new): (u64, &(u64, u64))| Event::Counted {
                cell,
                at: from.plus(Span::from_millis(every.millis() * number)),
                found: vec![Found::from(Counted { new: tally(*new), old: vec![tally((5, 500)); 4] })],
            };
            coming.extend((1..).zip(looks).map(look));
            play.coming.push((cell, coming));
        }
        play
    }

    fn note(&mut self, effects: Vec<Effect>) {
        self.records.extend(effects.into_iter().filter_map(|effect| match effect {
            Effect::Write(_, record) => Some(record),
            _ => None,
        }));
    }

    /// The next of what this gate, or else the other one, is to hear of. Whether there was any.
    fn next(&mut self, first: bool) -> bool {
        let order = if first { [0, 1] } else { [1, 0] };
        let Some(event) = order.into_iter().find_map(|which| self.coming[which].1.pop_front()) else {
            return false;
        };
        let effects = self.engine.step(event, at(AFTERWARDS));
        self.note(effects);
        true
    }

    /// The process dies, with nothing unwritten, and is started again.
    fn restart(&mut self, program: &Arc<Program>) {
        let written: Vec<Effect> =
            self.engine.cells().filter_map(|cell| cell.clone().write(at(AFTERWARDS))).collect();
        self.note(written);
        let (engine, effects) = restore(Arc::clone(program), self.records.clone(), at(AFTERWARDS));
        self.engine = engine;
        self.note(effects);
        // Whether there was traffic is not written down, so it is asked for again.
        for (cell, coming) in &mut self.coming {
            let waits = self.engine.cell(*cell).is_some_and(|cell| cell.began().is_none() && !cell.is_over());
            if waits && matches!(coming.front(), Some(Event::Opening { .. })) {
                let every = self.engine.cell(*cell).unwrap().every();
                coming.push_front(Event::Traffic { cell: *cell, to: at(0).plus(every), seen: true });
            }
        }
    }

    /// Where the release stands, to the last bit, as each gate sees it.
    fn stands(&self) -> Vec<(u32, u64, u64, u64, bool, bool)> {
        let stands = |(cell, _): &(CellId, _)| {
            let release = self.engine.release_of(*cell).unwrap();
            let Release { gates, ln_now, ln_most, ln_ours, named, passes } = release;
            (gates, ln_now.to_bits(), ln_most.to_bits(), ln_ours.to_bits(), named, passes)
        };
        self.coming.iter().map(stands).collect()
    }
}

const fn tally((events, of): (u64, u64)) -> Tally {
    Tally { events, of }
}

fn looks() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let look = prop_oneof![3 => Just((10, 1_000)), 2 => Just((20, 1_000)), 2 => Just((60, 1_000)), 1 => Just((0, 0))];
    prop::collection::vec(look, 20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// In whichever order two gates hear of what they ask, and wherever the process dies in between, their release ends up
    /// at the same bits, by the same gates.
    #[test]
    fn the_evidence_of_a_release_does_not_depend_on_who_looks_first(
        (one, other) in (looks(), looks()),
        turns in prop::collection::vec(any::<bool>(), 44),
        deaths in prop::collection::vec(0_usize..44, 0..3),
        every in prop_oneof![Just(("30s", "10m")), Just(("1m", "10m")), Just(("2m", "10m")), Just(("30s", "3m"))],
    ) {
        let program = of_two(every.0, every.1);
        let looks = [one, other];
        let mut straight = Play::new(&program, &looks);
        while straight.next(true) {}
        let mut mixed = Play::new(&program, &looks);
        for (number, turn) in turns.iter().chain(std::iter::repeat(&true)).enumerate() {
            if deaths.contains(&number) {
                mixed.restart(&program);
            }
            if !mixed.next(*turn) {
                break;
            }
        }
        prop_assert_eq!(straight.stands(), mixed.stands());
        let ended = |play: &Play| play.engine.cells().filter(|cell| cell.is_over()).count();
        prop_assert_eq!(ended(&straight), ended(&mixed));
    }
}

/// The shares of all gates that have a say make one release, however many there are; those that only watch take nothing.
#[test]
fn shares_make_one_release() {
    for (gates, shadows) in [(1, 0), (1, 2), (2, 0), (2, 1), (3, 0), (5, 2), (7, 0)] {
        let shadowed =
            second("30s", "10m", &asks()).replace("    every: 30s\n", "    every: 30s\n    shadow: true\n");
        let said = second("30s", "10m", &asks());
        let numbered = |text: &str, number: usize| {
            text.trim_start_matches("gates:\n").replace("gate: other", &format!("gate: other-{number}"))
        };
        let others = (1..gates).map(|number| numbered(&said, number));
        let watching = (gates..gates + shadows).map(|number| numbered(&shadowed, number));
        let all: String = std::iter::once("gates:\n".to_owned()).chain(others).chain(watching).collect();
        let edits = [ONLY_ASKED, NO_PROMOTION, NO_MESSAGE, ("gates:\n", all.as_str())];
        let mut bench = Bench::new(&edits);
        bench.tell(change("a", "2", 0));
        bench.run(200, &taken());
        let opened: Vec<(bool, f64)> = bench
            .records
            .iter()
            .filter_map(|record| match record {
                Record::Opened { terms, gate, .. } => {
                    let watch = bench.engine.program().watch(gate).unwrap();
                    Some((bench.engine.program().watches[watch].gate.shadow, terms.share))
                }
                _ => None,
            })
            .collect();
        assert_eq!(opened.len(), gates + shadows);
        let shares: f64 = opened.iter().filter(|(shadow, _)| !shadow).map(|(_, share)| share).sum();
        assert!((shares - 1.0).abs() < 1e-12, "{gates} gates and {shadows} that watch: {opened:?}");
        let release = bench.engine.cells().map(|cell| bench.engine.release_of(cell.id).unwrap().gates);
        let expected: Vec<u32> = vec![u32::try_from(gates).unwrap(); gates];
        let seen: Vec<u32> = bench
            .engine
            .cells()
            .zip(release)
            .filter(|(cell, _)| !bench.engine.program().watches[cell.watch].gate.shadow)
            .map(|(_, gates)| gates)
            .collect();
        assert_eq!(seen, expected);
    }
}

/// When something was decided first that wants this.
fn first(bench: &Bench, what: &str) -> Option<i64> {
    bench.records.iter().find_map(|record| match record {
        Record::Intended(intention) if intention.action.as_str() == what => Some(seconds(intention.at)),
        _ => None,
    })
}

/// A gate that looks seldom holds nobody up: what the other one sees counts as of when it is seen.
#[test]
fn a_gate_that_looks_often_does_not_wait_for_one_that_looks_seldom() {
    let taken_back = |every: &str| {
        let other = second(every, "10m", &asks());
        let mut bench =
            Bench::new(&[("gates:\n", &other)]).does("a", 0, Does::Well).does("a canary", 0, Does::Badly);
        bench.tell(change("a", "2", 0));
        bench.run(600, &taken());
        first(&bench, "rollback").unwrap()
    };
    let alike = taken_back("30s");
    for every in ["1m", "2m", "5m"] {
        assert_eq!(taken_back(every), alike, "beside a gate that looks every {every}");
    }
}

/// What neither gate can prove by itself, both can together; either alone leads to less in the same time.
#[test]
fn evidence_of_two_gates_together_suffices_where_that_of_one_does_not() {
    let intended = |canary: Does, other: Does| {
        let rules = second("30s", "10m", &format!("{{ {LADDER} }}"));
        let mut bench = Bench::new(&[("gates:\n", &rules), NO_MESSAGE, NO_PROMOTION])
            .does("a", 0, Does::Well)
            .does("a canary", 0, canary)
            .does("a other", 0, other);
        bench.tell(change("a", "2", 0));
        bench.run(720, &taken());
        (first(&bench, "rollback"), bench)
    };
    let (both, together) = intended(Does::SlightlyWorse, Does::SlightlyWorse);
    let (one, _) = intended(Does::SlightlyWorse, Does::Well);
    let (other, _) = intended(Does::Well, Does::SlightlyWorse);
    let both = both.unwrap();
    assert!(
        one.is_none_or(|one| both < one) && other.is_none_or(|other| both < other),
        "{both} {one:?} {other:?}"
    );
    // And when it was done, no gate had it by itself.
    let decided = together.records.iter().find_map(|record| match record {
        Record::Decided { case, standing, .. } if matches!(&case.wish, backstop::decision::Wish::Do { action, .. } if action.as_str() == "rollback") => {
            Some((case.release, *standing))
        }
        _ => None,
    });
    let (release, standing) = decided.unwrap();
    let hundred = libm::log(100.0);
    assert!(standing.ln_most < hundred && hundred < release.ln_most, "{standing:?} {release:?}");
}

/// The last looks of two gates come one after the other. Whichever is first, both count before anything is concluded.
#[test]
fn a_last_look_waits_for_that_of_the_other_gate() {
    for (canary, other) in [("      pass: promote\n", ""), ("", "pass: promote")] {
        let then =
            format!("{{ {LADDER}{} }}", if other.is_empty() { String::new() } else { format!(", {other}") });
        let rules = second("30s", "10m", &then);
        let edits = [
            ("gates:\n", rules.as_str()),
            ("passes_when: ratio < 2", "passes_when: not_contradicted"),
            ("      pass: promote\n", canary),
            NO_MESSAGE,
        ];
        let mut bench = Bench::new(&edits);
        bench.tell(change("a", "2", 0));
        bench.run(900, &taken());
        assert_eq!(bench.intended(), ["promote a"], "{canary}{other}: {:?}", bench.decided());
        assert!(bench.engine.cells().all(backstop::engine::Cell::is_over));
    }
    // And what the other gate's last look speaks against does not go on.
    for loud in ["a canary", "a other"] {
        let rules = second("30s", "10m", &format!("{{ {LADDER}, pass: promote }}"));
        let edits = [
            ("gates:\n", rules.as_str()),
            ("passes_when: ratio < 2", "passes_when: not_contradicted"),
            NO_MESSAGE,
        ];
        let mut bench = Bench::new(&edits).does("a", 0, Does::Well).does(loud, 601, Does::Badly);
        bench.tell(change("a", "2", 0));
        bench.run(1_500, &taken());
        assert!(!bench.intended().contains(&"promote a".to_owned()), "{loud}: {:?}", bench.decided());
        assert!(bench.engine.cells().all(backstop::engine::Cell::is_over));
    }
}

/// A gate whose time is up keeps what it saw: it counts on in the evidence of its release, over a restart too, and so
/// does that it was the one.
#[test]
fn a_gate_that_stopped_keeps_its_evidence() {
    let rules = second("30s", "2m", &asks());
    let edits = [ONLY_ASKED, NO_PROMOTION, NO_MESSAGE, ("gates:\n", rules.as_str())];
    let mut bench = Bench::new(&edits).does("a", 0, Does::Well).does("a other", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    bench.run(240, &taken());
    let (canary, other) = {
        let named = |name: &str| {
            let cell = bench
                .engine
                .cells()
                .find(|cell| bench.engine.program().watches[cell.watch].gate.name.as_str() == name);
            cell.unwrap().id
        };
        (named("canary"), named("other"))
    };
    bench.run(400, &taken());
    assert_eq!(bench.endings(), [Ending::TimeUp]);
    let stands = |bench: &Bench, cell| bench.engine.release_of(cell).unwrap();
    let now = stands(&bench, canary);
    let own = bench.engine.cell(other).unwrap().standing();
    assert!(own.ln_now > libm::log(100.0) && own.ln_now <= now.ln_now, "{own:?} {now:?}");
    assert!(stands(&bench, other).named && !now.named, "{now:?}");
    bench.write_all();
    bench.restart(program(&edits));
    assert_eq!((stands(&bench, canary), stands(&bench, other).named), (now, true));
    bench.run(800, &taken());
    assert!(bench.engine.cells().all(backstop::engine::Cell::is_over));
}

/// Who was loud when there was most evidence is to blame for it, not who is a little louder after it calmed down.
#[test]
fn names_who_was_loud_when_there_was_most_to_say() {
    let rules = second("30s", "10m", &asks());
    let mut bench = Bench::new(&[ONLY_ASKED, NO_PROMOTION, NO_MESSAGE, ("gates:\n", rules.as_str())])
        .does("a", 0, Does::Well)
        .does("a canary", 0, Does::Badly)
        .does("a canary", 151, Does::Well)
        .does("a other", 0, Does::Well)
        .does("a other", 571, Does::Badly)
        .does("a other", 631, Does::Well);
    bench.tell(change("a", "2", 0));
    let mut louder = false;
    while bench.now < at(700) {
        bench.run(seconds(bench.now) + 30, &taken());
        let stands = |name: &str| {
            let cell = bench
                .engine
                .cells()
                .find(|cell| bench.engine.program().watches[cell.watch].gate.name.as_str() == name)?;
            Some((cell.standing().ln_now, bench.engine.release_of(cell.id)?))
        };
        let (Some(canary), Some(other)) = (stands("canary"), stands("other")) else { continue };
        if canary.1.ln_most < libm::log(5.0) {
            continue;
        }
        assert!(canary.1.named && !other.1.named, "at {}: {canary:?} {other:?}", seconds(bench.now));
        louder |= canary.0 < other.0;
    }
    assert!(louder, "the other gate is the louder one at some time");
}

/// Gates that ended are let go of one day, but not while another one of the same release still looks.
#[test]
fn evidence_of_a_release_is_kept_while_anybody_looks() {
    let rules = second("30s", "2m", &asks());
    let mut bench = Bench::new(&[ONLY_ASKED, NO_PROMOTION, NO_MESSAGE, ("gates:\n", rules.as_str())])
        .does("a", 0, Does::Well)
        .does("a other", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    bench.run(300, &taken());
    assert_eq!(bench.endings().len(), 1);
    let looking = bench.engine.cells().find(|cell| !cell.is_over()).unwrap().id;
    let before = bench.engine.release_of(looking).unwrap();
    for number in 0..1_100 {
        bench.tell(change("b", &format!("v{number}"), 300 + number));
    }
    bench.happen(Event::Tick);
    let after = bench.engine.release_of(looking).unwrap();
    assert_eq!((after.gates, after.ln_most.to_bits()), (before.gates, before.ln_most.to_bits()));
    let kept: Vec<UnixMillis> = bench
        .engine
        .cells()
        .filter(|cell| cell.change.target.service == "a")
        .map(|cell| cell.change.at)
        .collect();
    assert_eq!(kept.len(), 2);
}

/// Two gates on each change, which may do otherwise; a restart at any moment changes nothing.
#[test]
fn a_restart_between_looks_of_two_gates_changes_nothing() {
    let rules = second("1m", "8m", &format!("{{ {LADDER} }}"));
    let edits = [("gates:\n", rules.as_str())];
    for (canary, other) in [
        (Does::Worse, Does::Well),
        (Does::Well, Does::Worse),
        (Does::Worse, Does::Worse),
        (Does::Badly, Does::Missing),
        (Does::Well, Does::Well),
        (Does::Little, Does::Badly),
    ] {
        let begin = || {
            let mut bench = Bench::new(&edits)
                .does("a", 0, Does::Well)
                .does("a canary", 0, canary)
                .does("a other", 0, other);
            bench.tell(change("a", "2", 0));
            bench
        };
        let mut whole = begin();
        whole.run(1_000, &taken());
        for death in (95..700).step_by(25) {
            let mut cut = begin();
            cut.run(death, &taken());
            cut.restart(program(&edits));
            cut.run(1_000, &taken());
            assert_eq!(whole.lasting(), cut.lasting(), "{canary:?} {other:?}, dead at {death} s");
        }
    }
}

/// Of two gates that look at one moment one looks first, and the release is not weighed up to its look yet. What is decided
/// then comes out again all the same.
#[test]
fn what_is_decided_before_the_other_gate_looked_comes_out_again() {
    let other = second("30s", "10m", &format!("{{ {LADDER} }}"));
    // Taking back waits for the other gate; a pause does not.
    let pauses = [("gates:\n", other.as_str()), (", { confidence: 0.99, do: rollback }", "")];
    let mut bench = Bench::new(&pauses).does("a", 0, Does::Badly);
    let switched = |off: Option<&str>| Event::Switched(Turn::of_all(off.map(str::to_owned), "me"));
    bench.happen(switched(Some("incident")));
    bench.tell(change("a", "2", 0));
    bench.run(200, &taken());
    // The facts are others now, so the next look is decided on again, by whichever gate takes it first.
    bench.happen(switched(None));
    bench.run(1_000, &taken());
    let lags = |record: &&Record| match record {
        Record::Decided { standing, case, .. } => case.release.ln_most + 1.0 < standing.ln_now,
        _ => false,
    };
    assert_ne!(bench.records.iter().filter(lags).count(), 0, "{:?}", bench.decided());
    for id in bench.ids() {
        let replayed = replay(&episode(&bench, id.cell), id);
        assert!(replayed.is_ok(), "{replayed:?}");
    }
}
