//! Latency as the share of slow requests: above the two bounds of a histogram that lie nearest to one request in ten and to
//! one in a hundred (T6).

use backstop::gate::{Design, Tally};

use crate::chance::Chance;

use super::cells::{Judged, Size};
use super::gate::{Judge, Outcome, Rule};
use super::report::{Report, Table, minutes, percent};
use super::rival::seed;
use super::spread;
use super::tally::{Times, promised};
use super::traffic::{GROUPS, LOOKS, RATES, STABLE, STEP, whole};

/// The bounds of OpenTelemetry's default histogram, in milliseconds.
const BOUNDS: [f64; 14] =
    [5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1e3, 2.5e3, 5e3, 7.5e3, 1e4];
/// Of these, the two that are asked about.
const ASKED: [usize; 2] = [6, 7];
/// The median and the spread of a lognormal latency, whose 99th percentile is 514 ms.
const MEDIAN: f64 = 80.0;
const SPREAD: f64 = 0.8;
const HISTORY: usize = 120;

/// How a release is slower: all of it by a factor, and this share of requests takes one to two seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Slower {
    times: f64,
    stuck: f64,
}

const EFFECTS: [(&str, Slower); 5] = [
    ("harmless, %", Slower { times: 1.0, stuck: 0.0 }),
    ("1.2x", Slower { times: 1.2, stuck: 0.0 }),
    ("1.5x", Slower { times: 1.5, stuck: 0.0 }),
    ("2x", Slower { times: 2.0, stuck: 0.0 }),
    ("2 % over 1 s", Slower { times: 1.0, stuck: 0.02 }),
];

type Buckets = [f64; BOUNDS.len() + 1];

impl Slower {
    /// The chance of each bucket.
    fn chances(self) -> Buckets {
        let normal = |score: f64| 0.5 * libm::erfc(-score / std::f64::consts::SQRT_2);
        let below = |bound: f64| {
            let usual = normal(libm::log(bound / (MEDIAN * self.times)) / SPREAD);
            (1.0 - self.stuck) * usual + self.stuck * ((bound - 1e3) / 1e3).clamp(0.0, 1.0)
        };
        std::array::from_fn(|number| {
            let at_most = BOUNDS.get(number).map_or(1.0, |bound| below(*bound));
            at_most - number.checked_sub(1).map_or(0.0, |number| below(BOUNDS[number]))
        })
    }
}

/// What a look saw of one side.
fn buckets(chance: &mut Chance, requests: f64, chances: &Buckets) -> Buckets {
    chances.map(|share| chance.events(requests * share))
}

/// The requests over a bound.
fn over(buckets: &Buckets, bound: usize) -> Tally {
    let slow: f64 = buckets[bound + 1..].iter().sum();
    Tally { events: whole(slow), of: whole(buckets.iter().sum()) }
}

fn p99(looks: &[Buckets]) -> f64 {
    let mut below = 0.0;
    let cumulative: Vec<(f64, f64)> = (0..=BOUNDS.len())
        .map(|number| {
            below += looks.iter().map(|look| look[number]).sum::<f64>();
            (BOUNDS.get(number).copied().unwrap_or(f64::INFINITY), below)
        })
        .collect();
    seed::histogram_quantile(0.99, &cumulative)
}

/// How one rollout came out: for backstop, and the look at which a 99th percentile a fifth above stable's was seen.
fn rollout(rate: f64, slower: Slower, number: u64) -> (Outcome, Option<u32>) {
    let seed = rate.to_bits() ^ slower.times.to_bits().rotate_left(9) ^ slower.stuck.to_bits().rotate_left(5);
    let mut chance = Chance::numbered(seed, number);
    let (usual, changed) = (Slower { times: 1.0, stuck: 0.0 }.chances(), slower.chances());
    let of_group = rate * STABLE / 4.0 * STEP;
    let stable = |chance: &mut Chance| [(); GROUPS].map(|()| buckets(chance, of_group, &usual));
    let before: Vec<[Buckets; GROUPS]> = (0..HISTORY).map(|_| stable(&mut chance)).collect();
    let rules = ASKED.map(|bound| {
        let rows =
            before.iter().map(|groups| groups.iter().map(|group| over(group, bound)).collect()).collect();
        (Rule::any_worse(), rows)
    });
    let mut judge = Judge::open(Design::Concurrent, LOOKS, &rules);
    let (mut outcome, mut seen) = (Outcome::default(), None);
    let (mut new_looks, mut old_looks) = (Vec::new(), Vec::new());
    for look in 1..=LOOKS {
        let new = buckets(&mut chance, rate * STEP, &changed);
        let old = stable(&mut chance);
        let groups = ASKED.map(|bound| old.map(|group| over(&group, bound)));
        let sides: Vec<_> =
            ASKED.iter().zip(&groups).map(|(bound, old)| Some((over(&new, *bound), &old[..]))).collect();
        outcome.add(&judge.look(&sides));
        new_looks.push(new);
        old_looks.extend(old);
        let window = new_looks.len().saturating_sub(10);
        if seen.is_none()
            && !seed::latency_passes(p99(&new_looks[window..]), p99(&old_looks[GROUPS * window..]))
        {
            seen = Some(look);
        }
        if outcome.sure.is_some() && seen.is_some() {
            break;
        }
    }
    (outcome, seen)
}

pub(crate) fn report(size: Size) -> Report {
    let mut report = Report::default();
    let mut head = vec!["requests a second, rule"];
    head.extend(EFFECTS.iter().map(|(name, _)| *name));
    let mut table =
        Table::new("Slow releases: harmless ones taken back in %, then median minutes to find", &head);
    let pieces: Vec<(f64, usize)> =
        RATES.into_iter().flat_map(|rate| (0..EFFECTS.len()).map(move |effect| (rate, effect))).collect();
    let found: Vec<(Judged, Times)> = spread::each(&pieces, |(rate, effect)| {
        let rollouts = if *effect == 0 { size.harmless / 3 } else { size.harmful / 3 };
        let runs = (0..rollouts).map(|number| rollout(*rate, EFFECTS[*effect].1, number));
        let (ours, theirs): (Vec<Outcome>, Vec<Option<u32>>) = runs.unzip();
        (ours.into_iter().collect(), theirs.into_iter().collect())
    });
    let at = |rate: f64, effect: usize| {
        let piece = pieces.iter().position(|(r, e)| r.total_cmp(&rate).is_eq() && *e == effect).unwrap();
        &found[piece]
    };
    for rate in RATES {
        let shown = |which: &dyn Fn(&(Judged, Times)) -> Times| {
            let cell = |effect: usize| {
                let times = which(at(rate, effect));
                if effect == 0 { percent(times.share()) } else { minutes(times.median()) }
            };
            (0..EFFECTS.len()).map(cell).collect::<Vec<String>>()
        };
        table.row(format!("{rate}/s, share of slow requests"), shown(&|found| found.0.failed.clone()));
        table.row(format!("{rate}/s, p99 a fifth above stable's over 5 m"), shown(&|found| found.1.clone()));
    }
    let worst = RATES.map(|rate| at(rate, 0).0.failed.share()).into_iter().fold(0.0, f64::max);
    let most = promised(0.05, at(RATES[0], 0).0.failed.many());
    let (half, fifth) = (at(1.0, 2).0.failed.median(), at(10.0, 1).0.failed.median());
    let soon = |median: Option<f64>| median.is_some_and(|median| median <= 3.0);
    report.target(
        6,
        "",
        worst <= most && soon(half) && soon(fifth),
        format!(
            "harmless {} % at the worst; 1.5x at 1/s in {} of 3 minutes, 1.2x at 10/s in {} of 3",
            percent(worst),
            minutes(half),
            minutes(fifth)
        ),
    );
    report.tables.push(
        table.note("Bounds of 250 and 500 ms of OpenTelemetry's default histogram, half the evidence each."),
    );
    report
}
