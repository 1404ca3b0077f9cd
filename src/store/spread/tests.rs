//! What holds of native histograms as counters: they count what classic ones count, through resets and changes of
//! their buckets.

use proptest::prelude::*;

use crate::signal::histogram::{Buckets, Hint, Parts, Resolution, Schema};
use crate::signal::{Histogram, Labels, Observation, Sample, Series};
use crate::store::spread::{Edge, Gives, Grain, Spread, shared_bounds, spreads};
use crate::store::tests::{labels, secs, store};
use crate::store::{Increase, Is, LOOKBACK, Window, tallies};

/// Where pods were heard of all along, so that what begins counts in full.
const HEARD: &str = "up job=api instance=a";

const NATIVE: [Is<'static>; 1] = [Is { label: "__name__", value: "h" }];

fn resolution(schema: i32) -> Resolution {
    Resolution::new(schema).unwrap()
}

/// A histogram of these values at that schema.
fn observed(schema: i32, values: &[f64]) -> Histogram {
    let own = resolution(schema);
    let mut counts = std::collections::BTreeMap::new();
    for value in values.iter().filter(|value| !value.is_nan() && 0.001 < **value) {
        let index = (-2_000..2_000).find(|index| *value <= own.bound(*index)).unwrap();
        *counts.entry(index).or_insert(0.0) += 1.0;
    }
    let first = counts.keys().next().copied().unwrap_or(0);
    let last = counts.keys().last().copied().unwrap_or(-1);
    let row = (first..=last).map(|index| counts.get(&index).copied().unwrap_or(0.0)).collect();
    let number = |count: usize| f64::from(u32::try_from(count).unwrap());
    Histogram::new(Parts {
        schema: Schema::Exponential(own),
        zero_threshold: 0.001,
        zero_count: number(values.iter().filter(|value| **value <= 0.001).count()),
        count: number(values.len()),
        sum: values.iter().sum(),
        positive: Buckets::from_index(first, row).unwrap(),
        negative: Buckets::default(),
        hint: Hint::Unknown,
    })
    .unwrap()
}

fn told(name: &str, histograms: Vec<(i64, Histogram)>) -> Series {
    let samples = histograms.into_iter().map(|(at, own)| Observation::histogram(secs(at), own));
    Series { labels: labels(name), samples: samples.collect() }
}

fn heard() -> Series {
    crate::store::tests::series(&format!("{HEARD} | 0..1200/15 | 1+0"))
}

fn window(from: i64, to: i64) -> Window {
    Window { from: secs(from), to: secs(to), lookback: LOOKBACK }
}

fn spread(all: &[Series], window: Window, bounds: &[f64]) -> Spread {
    giving(all, window, bounds, Gives::Never)
}

fn giving(all: &[Series], window: Window, bounds: &[f64], gives: Gives) -> Spread {
    let edges: Vec<Edge> = bounds.iter().map(|at| Edge { at: *at, gives }).collect();
    spreads(&store(all), &NATIVE, &[window], &edges, (1, &|_| Some(0))).pop().unwrap()
}

/// What all of it, and what lies at or below each bound, went up by; nothing where a series cannot tell.
fn sums(spread: &Spread) -> (u64, Vec<Option<u64>>) {
    let known = |own: &Increase| (own.series == spread.of.series).then(|| own.sum());
    (spread.of.sum(), spread.under.iter().map(known).collect())
}

#[test]
fn a_histogram_is_a_counter_at_each_of_its_bounds() {
    let (fast, slow, nan) = ([0.2; 3], [0.9; 2], [f64::NAN]);
    let first = observed(3, &fast);
    let all = [&fast[..], &slow].concat();
    let with_nan = [&all[..], &nan].concat();
    let anew = observed(3, &slow);
    let gauge = observed(3, &all).with_hint(Hint::Gauge);
    for (case, histograms, sum) in [
        ("it goes up", vec![(890, first.clone()), (905, observed(3, &all))], (2, vec![Some(0), Some(2)])),
        ("it begins anew", vec![(890, observed(3, &all)), (905, anew.clone())], (2, vec![Some(0), Some(2)])),
        (
            "it begins anew within",
            vec![(890, first.clone()), (905, observed(3, &all)), (920, anew.clone())],
            (4, vec![Some(0), Some(4)]),
        ),
        ("it is seen for the first time", vec![(905, observed(3, &all))], (5, vec![Some(3), Some(5)])),
        (
            "what is no number lies above all",
            vec![(890, first.clone()), (905, observed(3, &with_nan))],
            (3, vec![Some(0), Some(2)]),
        ),
        (
            "finer buckets are of a new counter",
            vec![(890, first.clone()), (905, observed(5, &all))],
            (5, vec![Some(3), Some(5)]),
        ),
        (
            "half a second is a bound of coarser ones as well",
            vec![(890, first.clone()), (905, observed(0, &all))],
            (2, vec![Some(0), Some(2)]),
        ),
        (
            "buckets of sixteen doublings lie on both sides of it",
            vec![(890, first.clone()), (905, observed(-2, &all))],
            (2, vec![None, Some(2)]),
        ),
    ] {
        let spread =
            spread(&[heard(), told("h job=api instance=a", histograms)], window(900, 1_200), &[0.5, 1.0]);
        assert_eq!(sums(&spread), sum, "{case}");
        assert_eq!(spread.of.fault, None, "{case}");
    }
    let spread =
        spread(&[told("h job=api instance=a", vec![(890, first), (905, gauge)])], window(900, 1_200), &[0.5]);
    assert!(spread.of.fault.is_some(), "a gauge is no counter");
}

#[test]
fn an_edge_that_is_merged_away_gives() {
    let (before, after) = ([0.2; 3], [0.2, 0.2, 0.2, 0.6, 0.65, 0.9, 3.0]);
    let told_at = |schema| {
        let merges = vec![(890, observed(3, &before)), (905, observed(schema, &after))];
        [heard(), told("h job=api instance=a", merges)]
    };
    // 0.648 is a bound at schema 3; at schema 1 those around it are 0.5 and 0.707, at schema 0 they are 0.5 and 1.
    let edge = resolution(3).bound(-5);
    for (schema, gives, under, gave) in [
        (3, Gives::Never, Some(1), None),
        (3, Gives::Up, Some(1), None),
        (1, Gives::Never, None, Some(1)),
        (1, Gives::Up, Some(2), Some(1)),
        (1, Gives::Down, Some(0), Some(1)),
        (0, Gives::Up, Some(3), Some(0)),
        (0, Gives::Down, Some(0), Some(0)),
    ] {
        let spread = giving(&told_at(schema), window(900, 1_200), &[edge], gives);
        let gave = gave.map(resolution);
        assert_eq!((sums(&spread), spread.gave), ((4, vec![under]), gave), "{gives:?} at {schema}");
    }
    // What merged within the window is counted from what it had before that.
    let later = vec![
        (890, observed(3, &before)),
        (905, observed(3, &after)),
        (920, observed(1, &[&after[..], &[0.6]].concat())),
    ];
    let spread =
        giving(&[heard(), told("h job=api instance=a", later)], window(900, 1_200), &[edge], Gives::Up);
    assert_eq!(sums(&spread), (5, vec![Some(3)]));
}

#[test]
fn the_first_sight_of_a_history_counts_for_nothing() {
    let histories =
        told("h job=api instance=b", vec![(905, observed(3, &[0.2; 9])), (920, observed(3, &[0.2; 11]))]);
    let spread = spread(&[histories], window(900, 1_200), &[0.5]);
    assert_eq!((sums(&spread), spread.of.bases.count), ((2, vec![Some(2)]), 1));
}

#[test]
fn bounds_are_those_that_all_of_them_share() {
    let grain = Grain { finest: resolution(3), beyond: 1, most: 1_000 };
    let bounds = |all: &[Series]| shared_bounds(&store(all), &NATIVE, &window(900, 1_200), grain);
    let pod = |name: &str, schema| told(name, vec![(905, observed(schema, &[0.3, 0.9]))]);
    assert_eq!(bounds(&[pod("h instance=a", 0), pod("h instance=b", 4)]), [0.25, 0.5, 1.0, 2.0]);
    assert_eq!(bounds(&[pod("h instance=a", 8)]).len(), 8 + 8 + 13);
    assert_eq!(bounds(&[]), [0.0; 0]);
}

/// Values, at which schemas they are told, and after which of them the process begins anew.
fn life() -> impl Strategy<Value = Vec<(Vec<f64>, bool)>> {
    let value = prop_oneof![Just(0.0), 0.01..4.0_f64, Just(0.5), Just(f64::NAN)];
    prop::collection::vec((prop::collection::vec(value, 0..12), prop::bool::weighted(0.2)), 1..8)
}

proptest! {
    /// Whatever buckets are merged to, an edge that gives counts no less than there is, or no more.
    #[test]
    fn edges_give_to_one_side(
        values in prop::collection::vec(0.01..9.0_f64, 0..30),
        more in prop::collection::vec(0.01..9.0_f64, 0..30),
        schema in -2..=3_i32,
        index in -30..20_i32,
    ) {
        let edge = resolution(3).bound(index);
        let all = [values.clone(), more.clone()].concat();
        let series = [heard(), told("h job=api instance=a", vec![(890, observed(3, &values)), (905, observed(schema, &all))])];
        let truth = u64::try_from(more.iter().filter(|value| **value <= edge).count()).unwrap();
        for (gives, holds) in [(Gives::Up, (|own, truth| truth <= own) as fn(u64, u64) -> bool), (Gives::Down, |own, truth| own <= truth)] {
            let spread = giving(&series, window(900, 1_200), &[edge], gives);
            let (of, under) = sums(&spread);
            prop_assert_eq!(of, more.len() as u64);
            let under = under[0].unwrap();
            prop_assert!(holds(under, truth), "{:?}: {} of {} at {}", gives, under, truth, edge);
        }
    }

    /// What native histograms count above a border is what classic buckets at the same bound count.
    #[test]
    fn native_histograms_count_as_classic_ones(lives in prop::collection::vec(life(), 1..3), schema in 0..5_i32) {
        let bounds: Vec<f64> = [-8, -3, 0, 1, 4].map(|index| resolution(schema).bound(index)).into();
        let mut all = vec![heard()];
        for (pod, life) in lives.iter().enumerate() {
            let mut native = Vec::new();
            let mut classic: Vec<Vec<Observation>> = vec![Vec::new(); bounds.len() + 1];
            let mut values: Vec<f64> = Vec::new();
            for (step, (more, anew)) in (0..).zip(life) {
                if *anew {
                    // A counter that begins anew and has what it had shows nothing of it to either.
                    values.clear();
                }
                values.extend(more);
                let at = 885 + 15 * step;
                native.push((at, observed(schema, &values)));
                for (bound, row) in bounds.iter().copied().chain([f64::INFINITY]).zip(&mut classic) {
                    let under = values.iter().filter(|value| **value <= bound).count();
                    let under = if bound.is_finite() { under } else { values.len() };
                    let value = f64::from(u32::try_from(under).unwrap());
                    row.push(Sample { at: secs(at), value }.into());
                }
            }
            all.push(told(&format!("h job=api instance=a pod={pod}"), native));
            for (index, samples) in classic.into_iter().enumerate() {
                all.push(Series { labels: labels(&format!("c job=api instance=a pod={pod} le={index}")), samples });
            }
        }
        // Counted stretch by stretch, in each of which at most one sample lies.
        let windows: Vec<Window> = (0..8).map(|step| window(880 + 15 * step, 895 + 15 * step)).collect();
        let store = store(&all);
        let edges: Vec<Edge> = bounds.iter().map(|at| Edge { at: *at, gives: Gives::Never }).collect();
        let native = spreads(&store, &NATIVE, &windows, &edges, (1, &|_| Some(0)));
        let asks = [Is { label: "__name__", value: "c" }];
        let place = |labels: &Labels| labels.get("le").parse().ok();
        let classic = tallies(&store, &asks, &windows, bounds.len() + 1, place);
        for (native, classic) in native.iter().zip(&classic) {
            // A classic bucket that does not fall tells nothing of a process that began anew; a histogram does.
            if native.of.sum() != classic.groups[bounds.len()] {
                continue;
            }
            for (own, under) in native.under.iter().zip(&classic.groups) {
                prop_assert!(own.sum() >= *under);
            }
        }
        let anew = lives.iter().any(|life| life.iter().skip(1).any(|(_, anew)| *anew));
        if !anew {
            for (native, classic) in native.iter().zip(&classic) {
                let own: Vec<u64> = native.under.iter().chain([&native.of]).map(Increase::sum).collect();
                prop_assert_eq!(&own, &classic.groups);
            }
        }
    }
}
