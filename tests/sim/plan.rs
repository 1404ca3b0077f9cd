//! The plan of a world: which releases there are, and what goes wrong around them. All of it comes from the seed.

use backstop::decision::Mode;

use crate::dice::Dice;
use crate::rules::{CEILINGS, Ceilings, DEPLOYED, EDITS, Edition, SERVICES, WIDE};

/// In milliseconds.
pub(crate) const SECOND: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;

/// How a new version does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// As well as the one before.
    Healthy,
    /// A little worse, within what the gate allows.
    Slightly,
    /// So much worse that nobody could miss it.
    Bad,
    /// Well at first, and then bad.
    BadLater,
    /// Nobody comes.
    Silent,
}

/// A release.
#[derive(Debug, Clone)]
pub(crate) struct Rollout {
    pub(crate) id: String,
    pub(crate) service: usize,
    pub(crate) at: i64,
    /// When backstop is told.
    pub(crate) told: i64,
    pub(crate) health: Health,
    pub(crate) version: String,
    /// Whether its version ran there before.
    pub(crate) again: bool,
    /// Whether somebody known told of it.
    pub(crate) attested: bool,
}

/// What a receiver does with requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes them.
    Takes,
    /// Takes so many milliseconds.
    Slow(i64),
    /// Is not there.
    Down,
    /// Says no.
    Broken,
    /// Says when to come again.
    Busy(u64),
    /// Does it, and its answer gets lost.
    Loses,
    /// Loses the request.
    Drops,
}

/// Where a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dies {
    /// Before so many more effects.
    After(u32),
    /// Before an effect of this kind.
    Before(Step),
}

/// An effect to die before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Intend,
    Retry,
    Tell,
    Send,
    Answered,
    Verify,
    Close,
    Decided,
    Ended,
}

pub(crate) const STEPS: [Step; 9] = [
    Step::Intend,
    Step::Retry,
    Step::Tell,
    Step::Send,
    Step::Answered,
    Step::Verify,
    Step::Close,
    Step::Decided,
    Step::Ended,
];

/// Something that goes wrong, or right again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process dies there, and stays dead for so long; its samples are kept, or not.
    Death { dies: Dies, for_so_long: i64, store_is_kept: bool },
    /// It is stopped and started again.
    Stop { store_is_kept: bool },
    /// The receiver does this with requests about a service.
    Receiver(usize, Manner),
    /// The clock of backstop's machine is off by so much.
    Clock(i64),
    /// The kill switch.
    Switch(bool),
    /// A pod of a service starts again.
    Reset(usize),
    /// The next edition of the rules comes into force.
    Reload,
}

/// Samples that do not come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap {
    pub(crate) service: usize,
    /// Whether those of the canary, or of the stable track; or all.
    pub(crate) canary: Option<bool>,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// A plan.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) rollouts: Vec<Rollout>,
    pub(crate) faults: Vec<(i64, Fault)>,
    pub(crate) gaps: Vec<Gap>,
    /// The rules, as they become one after the other.
    pub(crate) editions: Vec<Edition>,
    pub(crate) ceilings: Ceilings,
    /// Whether nothing goes wrong and nothing is held back.
    pub(crate) calm: bool,
    /// Whether the clock steps.
    pub(crate) steps: bool,
    /// Whether what gates ask is counted elsewhere, and known a moment later.
    pub(crate) elsewhere: bool,
    /// How many batches in a thousand come twice, and how many late.
    pub(crate) twice: u64,
    pub(crate) late: u64,
}

/// When the last release begins.
const LAST: i64 = 75 * MINUTE;

impl Plan {
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 1);
        let calm = seed.is_multiple_of(5);
        let rollouts = rollouts(&mut dice);
        if calm {
            let (faults, gaps, editions) = (Vec::new(), Vec::new(), Vec::new());
            let ceilings = WIDE;
            return Self {
                rollouts,
                faults,
                gaps,
                editions,
                ceilings,
                calm,
                steps: false,
                elsewhere: false,
                twice: 0,
                late: 0,
            };
        }
        let steps = dice.chance(400);
        let ceilings = if dice.chance(300) { WIDE } else { dice.one(&CEILINGS) };
        let mut faults = faults(&mut dice, steps);
        let (reloads, editions) = reloads(&mut Dice::new(seed, 3));
        faults.extend(reloads);
        faults.sort_by_key(|(at, _)| *at);
        let gaps = (0..dice.below(8)).map(|_| gap(&mut dice)).collect();
        let (twice, late) = (dice.below(60), dice.below(30));
        let elsewhere = Dice::new(seed, 4).chance(500);
        Self { rollouts, faults, gaps, editions, ceilings, calm, steps, elsewhere, twice, late }
    }

    pub(crate) fn rollout(&self, id: &str) -> &Rollout {
        self.rollouts.iter().find(|rollout| rollout.id == id).unwrap()
    }
}

fn rollouts(dice: &mut Dice) -> Vec<Rollout> {
    let mut rollouts = Vec::new();
    for service in 0..SERVICES {
        let mut at = dice.from(0, 25) * MINUTE + dice.from(0, 60) * SECOND;
        let (mut number, mut versions, mut last) = (0, Vec::new(), 0);
        while at < LAST {
            let health = match dice.below(100) {
                0..35 => Health::Healthy,
                35..50 => Health::Slightly,
                50..78 => Health::Bad,
                78..92 => Health::BadLater,
                _ => Health::Silent,
            };
            // Changes of whole deployments are seen by their own traffic, so there always is some.
            let health =
                if DEPLOYED <= service && health == Health::Silent { Health::Healthy } else { health };
            // What is told twice in a row went on; only what ran before something else came back.
            let before: Vec<usize> = versions.iter().copied().filter(|version| *version != last).collect();
            let again = !before.is_empty() && dice.chance(120);
            last = if again { dice.one(&before) } else { number };
            let version = if again { format!("v1.{last}.0") } else { format!("1.{last}.0") };
            if !again {
                versions.push(number);
            }
            let told = if dice.chance(100) { at + dice.from(5, 120) * SECOND } else { at };
            let (id, attested) = (format!("s{service}-r{number}"), !dice.chance(50));
            rollouts.push(Rollout { id, service, at, told, health, version, again, attested });
            number += 1;
            at += if dice.chance(250) { dice.from(4, 15) } else { dice.from(24, 40) } * MINUTE
                + dice.from(0, 60) * SECOND;
        }
    }
    rollouts.sort_by(|one, other| (one.told, &one.id).cmp(&(other.told, &other.id)));
    rollouts
}

fn manner(dice: &mut Dice) -> Manner {
    match dice.below(6) {
        0 => Manner::Slow(dice.from(1, 120) * SECOND),
        1 => Manner::Down,
        2 => Manner::Broken,
        3 => Manner::Busy(dice.below(90)),
        4 => Manner::Loses,
        _ => Manner::Drops,
    }
}

fn faults(dice: &mut Dice, steps: bool) -> Vec<(i64, Fault)> {
    let mut faults = Vec::new();
    let until = LAST + 20 * MINUTE;
    for _ in 0..dice.below(7) {
        let dies = if dice.chance(300) {
            Dies::After(u32::try_from(dice.below(60)).unwrap())
        } else {
            Dies::Before(dice.one(&STEPS))
        };
        let for_so_long =
            if dice.chance(100) { dice.from(1, 40) * MINUTE } else { dice.from(0, 12) * 5 * SECOND };
        let death = Fault::Death { dies, for_so_long, store_is_kept: dice.chance(400) };
        faults.push((dice.from(0, until), death));
    }
    for _ in 0..dice.below(2) {
        faults.push((dice.from(0, until), Fault::Stop { store_is_kept: dice.chance(500) }));
    }
    for service in 0..SERVICES {
        if dice.chance(350) {
            let (from, manner) = (dice.from(0, until), manner(dice));
            faults.push((from, Fault::Receiver(service, manner)));
            let to = from + dice.from(1, 40) * MINUTE;
            faults.push((to, Fault::Receiver(service, Manner::Takes)));
        }
        if dice.chance(200) {
            faults.push((dice.from(0, until), Fault::Reset(service)));
        }
    }
    if steps {
        let (from, span) = (dice.from(0, until), dice.from(1, 20) * MINUTE);
        let by = dice.one(&[-45 * MINUTE, -5 * MINUTE, -30 * SECOND, 40 * SECOND, 4 * MINUTE, 11 * MINUTE]);
        faults.extend([(from, Fault::Clock(by)), (from + span, Fault::Clock(0))]);
    }
    if dice.chance(350) {
        let from = dice.from(0, until);
        faults.push((from, Fault::Switch(true)));
        faults.push((from + dice.from(1, 25) * MINUTE, Fault::Switch(false)));
    }
    faults
}

/// When other rules come into force, and which.
fn reloads(dice: &mut Dice) -> (Vec<(i64, Fault)>, Vec<Edition>) {
    let (mut faults, mut editions, mut last) = (Vec::new(), Vec::new(), Edition::FIRST);
    for _ in 0..dice.below(7) {
        for _ in 0..dice.from(1, 9) {
            let service = usize::try_from(dice.below(SERVICES as u64)).unwrap();
            last.edits[service] = dice.one(&EDITS);
        }
        last.mode = if dice.chance(150) { dice.one(&[Mode::Ask, Mode::Shadow]) } else { Mode::Act };
        editions.push(last);
        faults.push((dice.from(0, LAST + 20 * MINUTE), Fault::Reload));
    }
    (faults, editions)
}

fn gap(dice: &mut Dice) -> Gap {
    let from = dice.from(0, LAST + 15 * MINUTE);
    let canary = dice.one(&[Some(true), Some(false), None]);
    let service = dice.one(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    Gap { service, canary, from, to: from + dice.from(1, 24) * 30 * SECOND }
}
