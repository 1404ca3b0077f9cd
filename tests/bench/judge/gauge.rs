//! A business measure that is read at each look on both sides: a wave that both follow, with noise of each its own that may
//! remember what it was (T8).

use backstop::stats::{Direction, Planned, RankEvidence, Size as Ranks, beyond, rank_temper};

use crate::chance::Chance;

use super::cells::Size;
use super::report::{Report, Table, minutes, percent};
use super::rival::kayenta;
use super::spread;
use super::tally::{Times, promised};
use super::traffic::LOOKS;

/// How much of its last noise a side keeps.
const KEPT: [f64; 3] = [0.0, 0.3, 0.6];
/// The drop, in standard deviations of the noise.
const DROPS: [f64; 3] = [0.0, 1.0, 2.0];
/// Two hours before the change.
const HISTORY: usize = 240;
/// One in twenty.
const LN_PROVED: f64 = 2.995_732_273_553_991;
/// Where Mann and Whitney's test ends at one in twenty, and the points that it needs.
const NORMAL_95: f64 = 1.644_853_626_951_472_2;
const FEWEST: u32 = 5;

/// One side's noise.
struct Noise {
    kept: f64,
    heavy: bool,
    now: f64,
}

impl Noise {
    fn new(chance: &mut Chance, kept: f64, heavy: bool) -> Self {
        let mut noise = Self { kept: 0.0, heavy, now: 0.0 };
        noise.next(chance);
        Self { kept, ..noise }
    }

    fn next(&mut self, chance: &mut Chance) -> f64 {
        let fresh = if self.heavy {
            // Student's with three degrees of freedom, and a variance of one.
            let square: f64 = (0..3).map(|_| chance.normal()).map(|normal| normal * normal).sum();
            chance.normal() / square.sqrt()
        } else {
            chance.normal()
        };
        self.now = self.kept * self.now + (1.0 - self.kept * self.kept).sqrt() * fresh;
        self.now
    }
}

/// The look at which a drop is proved, and the one at which Mann and Whitney's test first says so.
fn rollout(heavy: bool, kept: f64, drop: f64, number: u64) -> (Option<u32>, Option<u32>) {
    let seed = kept.to_bits() ^ drop.to_bits().rotate_left(11) ^ u64::from(heavy);
    let mut chance = Chance::numbered(seed, number);
    let mut sides = [(); 2].map(|()| Noise::new(&mut chance, kept, heavy));
    let mut look = |wave: f64, drop: f64| {
        let [new, old] = [0, 1].map(|side: usize| 100.0 + wave + sides[side].next(&mut chance));
        (new - drop, old)
    };
    let differences = (0..HISTORY).map(|_| look(0.0, 0.0)).filter_map(|(new, old)| further(new, old));
    let temper = rank_temper(&differences.collect::<Vec<_>>());
    let mut evidence = RankEvidence::new(Ranks::Ranked, Planned::harm(LOOKS));
    let (mut ours, mut theirs) = (None, None);
    let (mut new_side, mut old_side) = (Vec::new(), Vec::new());
    for number in 1..=LOOKS {
        let (new, old) = look(3.0 * libm::sin(f64::from(number) / f64::from(LOOKS) * 3.0), drop);
        if evidence.look(further(new, old), temper) > LN_PROVED + 1e-9 {
            ours.get_or_insert(number);
        }
        new_side.push(new);
        old_side.push(old);
        if theirs.is_none() && FEWEST <= number {
            let score = kayenta::standard(&old_side, &new_side, 0.0).unwrap_or(0.0);
            theirs = (score > NORMAL_95).then_some(number);
        }
        if ours.is_some() && theirs.is_some() {
            break;
        }
    }
    (ours, theirs)
}

fn further(new: f64, old: f64) -> Option<f64> {
    beyond(new, old, 0.0, Direction::Down)
}

pub(crate) fn report(size: Size) -> Report {
    let mut report = Report::default();
    let mut table = Table::new(
        "A measure that drops: harmless releases taken back in %, then median minutes to find a drop of one and two standard \
         deviations",
        &["noise", "harmless", "1 sd", "2 sd", "harmless, Mann and Whitney at each look"],
    );
    let pieces: Vec<(bool, f64, f64)> = [false, true]
        .into_iter()
        .flat_map(|heavy| KEPT.into_iter().flat_map(move |kept| DROPS.map(|drop| (heavy, kept, drop))))
        .collect();
    let found: Vec<(Times, Times)> = spread::each(&pieces, |(heavy, kept, drop)| {
        let rollouts = if *drop > 0.0 { size.harmful / 3 } else { size.harmless / 3 };
        let runs: (Vec<_>, Vec<_>) =
            (0..rollouts).map(|number| rollout(*heavy, *kept, *drop, number)).unzip();
        (runs.0.into_iter().collect(), runs.1.into_iter().collect())
    });
    let mut worst: f64 = 0.0;
    for (pieces, found) in pieces.chunks(DROPS.len()).zip(found.chunks(DROPS.len())) {
        let (heavy, kept, _) = pieces[0];
        let name = if heavy { "Student's" } else { "normal" };
        let [harmless, one, two] = [&found[0], &found[1], &found[2]];
        worst = worst.max(harmless.0.share());
        let cells = [
            percent(harmless.0.share()),
            minutes(one.0.median()),
            minutes(two.0.median()),
            percent(harmless.1.share()),
        ];
        table.row(format!("{name}, keeps {kept}"), cells);
    }
    let two = found[2].0.median();
    let most = promised(0.05, found[0].0.many());
    report.target(
        8,
        "",
        worst <= most && two.is_some_and(|two| two <= 8.0),
        format!(
            "harmless {} % at the worst; two standard deviations in {} of 8 minutes",
            percent(worst),
            minutes(two)
        ),
    );
    report.tables.push(table);
    report
}
