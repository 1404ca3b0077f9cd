//! Releases made up from a seed: harmless ones are let be, harmful ones are found.

use backstop::stats::{
    Aim, BaselineEvidence, DifferenceEvidence, Direction, Dispersion, Pair, Planned, RankEvidence,
    RatioEvidence, Size, ValueEvidence, rank_temper,
};

use crate::chance::Chance;

const LOOKS: u32 = 60;
const LN_PROVED: f64 = 2.995_732_273_553_991;

impl Chance {
    /// A look at which one event in a hundred is expected on the old side, and so many times as many on the new one,
    /// which has a twentieth of the traffic.
    fn pair(&mut self, of: f64, times: f64) -> Pair {
        let (new_of, old_of) = (0.05 * of, 0.95 * of);
        let new_events = self.events(0.01 * times * new_of);
        Pair { new_events, new_of, old_events: self.events(0.01 * old_of), old_of }
    }

    /// The difference of two values with a spread of one, of which so much was there at the look before.
    fn drifting(&mut self, last: f64, kept: f64) -> f64 {
        kept * last + libm::sqrt(2.0 * (1.0 - kept * kept)) * self.normal()
    }
}

/// How many of a number of rollouts are proved within so many looks.
fn proved<E>(
    (rollouts, looks): (u32, u32),
    begin: impl Fn(&mut Chance) -> E,
    look: impl Fn(&mut E, &mut Chance) -> f64,
) -> f64 {
    let mut chance = Chance(7);
    let mut rollout = || {
        let mut evidence = begin(&mut chance);
        (0..looks).any(|_| look(&mut evidence, &mut chance) >= LN_PROVED)
    };
    (0..rollouts).map(|_| f64::from(u8::from(rollout()))).sum()
}

/// One in twenty, and three standard errors.
fn hold_to_one_in_twenty(what: &str, rollouts: u32, proved: f64) {
    let all = f64::from(rollouts);
    let most = 0.05 * all + 3.0 * libm::sqrt(0.05 * 0.95 * all);
    assert!(proved <= most, "{what}: {proved} of {rollouts} harmless rollouts");
}

#[test]
fn a_harmless_release_is_let_be() {
    let rollouts = 2000;
    let begin = |_: &mut Chance| RatioEvidence::new(1.0, Direction::Up, Planned::harm(LOOKS));
    let proved =
        proved((rollouts, LOOKS), begin, |evidence, chance| evidence.look(&chance.pair(1e4, 1.0), 1.0));
    hold_to_one_in_twenty("ratio", rollouts, proved);
}

/// Where the truth lies on the border itself, neither harm nor its absence is proved.
#[test]
fn what_lies_on_the_border_is_not_proved() {
    let cell = (400, LOOKS);
    for (direction, planned) in [(Direction::Up, Planned::harm(LOOKS)), (Direction::Down, Planned::proof())] {
        let ratio = |_: &mut Chance| RatioEvidence::new(2.0, direction, planned);
        let found = proved(cell, ratio, |evidence, chance| evidence.look(&chance.pair(1e4, 2.0), 1.0));
        hold_to_one_in_twenty(&format!("ratio {direction:?}"), cell.0, found);

        let value = |_: &mut Chance| ValueEvidence::new(0.01, direction, planned);
        let found = proved(cell, value, |evidence, chance| evidence.look(chance.events(5.0), 500.0, 1.0));
        hold_to_one_in_twenty(&format!("value {direction:?}"), cell.0, found);

        let baseline = |chance: &mut Chance| {
            let before: f64 = (0..480).map(|_| chance.events(3.0)).sum();
            BaselineEvidence::new((before, 480.0 * 300.0), 1.0, direction, 10, planned)
        };
        let found = proved(cell, baseline, |evidence, chance| evidence.look(chance.events(3.0), 300.0, 1.0));
        hold_to_one_in_twenty(&format!("baseline {direction:?}"), cell.0, found);
    }
    let (harm, proof) = ((Aim::Harm, Planned::harm(LOOKS)), (Aim::NonInferior, Planned::proof()));
    for ((aim, planned), border, times) in [
        (harm, 0.005, 1.5),
        (proof, 0.005, 1.5),
        (harm, -0.005, 0.5),
        (proof, -0.005, 0.5),
        // No better than the old side, where it has to be.
        (proof, -0.005, 1.0),
    ] {
        let difference = |_: &mut Chance| DifferenceEvidence::new(border, aim, planned, (60.0, 6000.0));
        let found = proved(cell, difference, |evidence, chance| evidence.look(&chance.pair(1e4, times), 1.0));
        hold_to_one_in_twenty(&format!("difference {border}, {aim:?}"), cell.0, found);
    }
}

/// Where both of two unlike routes lie on the border of a difference, and the mix of them is another on each side.
#[test]
fn unlike_strata_on_the_border_are_not_proved() {
    let cell = (400, LOOKS);
    for (difference, aim, planned) in [
        (0.005, Aim::Harm, Planned::harm(LOOKS)),
        (0.005, Aim::NonInferior, Planned::proof()),
        (-0.005, Aim::Harm, Planned::harm(LOOKS)),
    ] {
        let begin = |_: &mut Chance| {
            let evidence = DifferenceEvidence::new(difference, aim, planned, (0.0, 0.0));
            evidence.knowing(&[(20.0, 2_000.0), (200.0, 1_000.0)])
        };
        let found = proved(cell, begin, |evidence, chance| {
            let strata =
                [(0.01, 100.0, 5_000.0), (0.2, 200.0, 1_000.0)].map(|(share, new_of, old_of)| Pair {
                    new_events: chance.events((share + difference) * new_of),
                    new_of,
                    old_events: chance.events(share * old_of),
                    old_of,
                });
            evidence.look_in_strata(&strata, 1.0)
        });
        hold_to_one_in_twenty(&format!("difference {difference} in strata, {aim:?}"), cell.0, found);
    }
}

/// Errors come in clusters. Tempered by what the old side shows of them, harmless releases are let be; untempered they
/// would not be.
#[test]
fn clusters_are_no_harm() {
    let rollouts = 400;
    let alarms = |tempered: bool| {
        let begin = |chance: &mut Chance| {
            let mut dispersion = Dispersion::default();
            for _ in 0..120 {
                let groups = [(); 4].map(|()| chance.clustered(24.0));
                dispersion.add(&groups, &[2375.0; 4]);
            }
            let temper = if tempered { dispersion.temper(2.0) } else { 1.0 };
            (RatioEvidence::new(1.0, Direction::Up, Planned::harm(LOOKS)), temper)
        };
        proved((rollouts, LOOKS), begin, |(evidence, temper), chance| {
            let (new_events, old_events) = (chance.clustered(5.0), chance.clustered(95.0));
            evidence.look(&Pair { new_events, new_of: 500.0, old_events, old_of: 9500.0 }, *temper)
        })
    };
    hold_to_one_in_twenty("tempered", rollouts, alarms(true));
    let untempered = alarms(false);
    assert!(
        untempered > 0.2 * f64::from(rollouts),
        "{untempered} of {rollouts}: these clusters need no temper"
    );
}

#[test]
fn a_doubling_is_found() {
    let begin = |_: &mut Chance| RatioEvidence::new(1.0, Direction::Up, Planned::harm(LOOKS));
    let beside = |evidence: &mut RatioEvidence, chance: &mut Chance| {
        let (new_events, old_events) = (chance.events(200.0), chance.events(100.0));
        evidence.look(&Pair { new_events, new_of: 1e4, old_events, old_of: 1e4 }, 1.0)
    };
    let a_twentieth =
        |evidence: &mut RatioEvidence, chance: &mut Chance| evidence.look(&chance.pair(1e4, 2.0), 1.0);
    for (what, looks, least, found) in [
        (
            "at a hundred errors on the old side and as much traffic",
            6,
            200.0,
            proved((200, 6), begin, beside),
        ),
        (
            "at a hundred errors and a twentieth of the traffic",
            6,
            100.0,
            proved((200, 6), begin, a_twentieth),
        ),
        ("the same, in an hour", LOOKS, 200.0, proved((200, LOOKS), begin, a_twentieth)),
    ] {
        assert!(least <= found, "{what}: within {looks} looks {found} of 200");
    }
    let found = proved((200, 1), begin, beside);
    assert!(found <= 0.0, "one look decided {found} of 200");
}

/// A value as it drifts, and its evidence since the change.
struct Drifting {
    last: f64,
    evidence: RankEvidence,
    temper: f64,
}

impl Drifting {
    /// After an hour in which it was watched, or not.
    fn new(chance: &mut Chance, kept: f64, size: Size, watched: bool) -> Self {
        let mut last = chance.drifting(0.0, 0.0);
        let history: Vec<f64> = (0..120)
            .map(|_| {
                last = chance.drifting(last, kept);
                last
            })
            .collect();
        let temper = if watched { rank_temper(&history) } else { 1.0 };
        Self { last, evidence: RankEvidence::new(size, Planned::harm(120)), temper }
    }

    fn look(&mut self, chance: &mut Chance, kept: f64, worse: f64) -> f64 {
        self.last = chance.drifting(self.last, kept);
        self.evidence.look(Some(self.last + worse), self.temper)
    }
}

/// A value that is now above the other one and now below it, for minutes on end, is no harm. Tempered by the hour
/// before the change it is let be; untempered it would not be.
#[test]
fn a_value_that_drifts_is_no_harm() {
    let rollouts = 1000;
    for size in [Size::Ranked, Size::Ignored] {
        for kept in [0.0, 0.3, 0.6] {
            let begin = |chance: &mut Chance| Drifting::new(chance, kept, size, true);
            let alarms = proved((rollouts, 120), begin, |drifting, chance| drifting.look(chance, kept, 0.0));
            hold_to_one_in_twenty(&format!("{size:?}, {kept} kept"), rollouts, alarms);
        }
        let begin = |chance: &mut Chance| Drifting::new(chance, 0.6, size, false);
        let alarms = proved((rollouts, 120), begin, |drifting, chance| drifting.look(chance, 0.6, 0.0));
        assert!(alarms > 0.2 * f64::from(rollouts), "{size:?}: {alarms} of {rollouts} need no temper");
    }
}

/// Twice its spread in eight minutes, more often than not.
#[test]
fn a_value_that_is_worse_is_found() {
    let rollouts = 400;
    let begin = |chance: &mut Chance| Drifting::new(chance, 0.0, Size::Ranked, true);
    let found = proved((rollouts, 16), begin, |drifting, chance| drifting.look(chance, 0.0, 2.0));
    assert!(found > 0.5 * f64::from(rollouts), "{found} of {rollouts} found");
}
