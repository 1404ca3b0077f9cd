//! Shares that move: with the time since a start, with the time of day, with the mix of routes, with an earlier incident.

use std::f64::consts::TAU;

use backstop::gate::{Counted, Mix, Tally};

use crate::chance::Chance;
use crate::study::traffic::LOOKS;

use super::{BASE, BASELINE, HISTORY, OF, Promise, Strain, Stream, groups, side};

pub(super) const STRAINS: &[Strain] = &[
    Strain::beside("cold start, left out by a warm-up of 2 m", |chance| cold_start(chance, 4)),
    Strain::beside("cold start, counted", |chance| cold_start(chance, 0)).promises(Promise::Shown),
    Strain::beside("errors and traffic that rise and fall within the hour", |chance| {
        vec![wave_beside(chance)]
    }),
    Strain::after("a share that rises and falls by a third over the day, 4 h before", |chance| {
        vec![wave_after(chance, Baseline::FourHours, (1.0, 1.0))]
    }),
    Strain::after("the same, a day before", |chance| vec![wave_after(chance, Baseline::Day, (1.0, 1.0))]),
    Strain::after("the same, the same time on the day before", |chance| {
        vec![wave_after(chance, Baseline::SameTime, (1.0, 1.0))]
    })
    .some_days_ago(),
    Strain::after("a share that falls by the time of day, 4 h before, and twice the errors", |chance| {
        vec![wave_after(chance, Baseline::FourHours, (-1.0, 2.0))]
    })
    .promises(Promise::NotPromoted),
    Strain::beside("another mix of routes on the canary, the total", |chance| vec![mixed(chance)])
        .promises(Promise::Refused),
    Strain::beside("another mix of routes on the canary, by route", routes),
    Strain::beside("an incident on both tracks before", |chance| vec![incident_beside(chance)]),
    Strain::after("an incident in the 4 h before", |chance| vec![incident_before(chance, 1.0)]),
    Strain::after("an incident in the 4 h before, and twice the errors of other times", |chance| {
        vec![incident_before(chance, 2.0)]
    })
    .promises(Promise::NotPromoted),
];

/// A look in seconds.
const STEP: f64 = 30.0;

/// Five times the errors at first, of which half a minute leaves a third.
fn cold_start(chance: &mut Chance, warmup: u32) -> Vec<Stream> {
    let rows = (0..HISTORY).map(|_| groups(chance, OF, BASE)).collect();
    let look = |number: u32| {
        let since = STEP * (f64::from(number) + 0.5);
        let new = side(chance, OF, BASE * (1.0 + 4.0 * libm::exp(-since / STEP)));
        Some((new, groups(chance, OF, BASE)))
    };
    vec![Stream { mixes: Vec::new(), rows, looks: (warmup..LOOKS + warmup).map(look).collect() }]
}

fn wave_beside(chance: &mut Chance) -> Stream {
    let wave = |look: f64| libm::sin(TAU * look / 120.0);
    let at = |look: f64| (OF * (1.0 + 0.5 * wave(look)), BASE * (1.0 + 0.8 * wave(look + 20.0)));
    let rows = (0..LOOKS).map(|look| {
        let (of, share) = at(f64::from(look));
        groups(chance, of, share)
    });
    let rows = rows.collect();
    let look = |look: u32| {
        let (of, share) = at(f64::from(look));
        Some((side(chance, of, share), groups(chance, of, share)))
    };
    Stream { mixes: Vec::new(), rows, looks: (0..LOOKS).map(look).collect() }
}

#[derive(Debug, Clone, Copy)]
enum Baseline {
    FourHours,
    Day,
    /// The same time on the day before.
    SameTime,
}

/// A day's wave, with a release so many times as bad where it rises fastest, or falls.
fn wave_after(chance: &mut Chance, baseline: Baseline, (rises, times): (f64, f64)) -> Stream {
    let share = |look: f64| BASE * (1.0 + rises * libm::sin(TAU * look / 2880.0) / 3.0);
    // A day ago is the same as now, where the share is the same.
    let (from, to) = match baseline {
        Baseline::FourHours => (-480, 0),
        Baseline::Day => (-2880, 0),
        Baseline::SameTime => (-60, 180),
    };
    let rows = (from..to).map(|look: i32| vec![side(chance, OF, share(f64::from(look)))]).collect();
    let look = |look: u32| Some((side(chance, OF, times * share(f64::from(look))), Vec::new()));
    Stream { mixes: Vec::new(), rows, looks: (0..LOOKS).map(look).collect() }
}

/// Two routes of which the second fails ten times as often; the canary gets twice the share of it.
const SHARES: [f64; 2] = [0.005, 0.05];
const STABLE_MIX: [f64; 2] = [0.9, 0.1];
const CANARY_MIX: [f64; 2] = [0.8, 0.2];

fn mixed(chance: &mut Chance) -> Stream {
    let [small, large] = [0, 1];
    let sum = |one: &[Tally], other: &[Tally]| -> Vec<Tally> {
        one.iter().zip(other).map(|(one, other)| one.and(*other)).collect()
    };
    let route = |chance: &mut Chance, of: usize| groups(chance, STABLE_MIX[of] * OF, SHARES[of]);
    let rows: Vec<[Vec<Tally>; 2]> =
        (0..HISTORY).map(|_| [route(chance, small), route(chance, large)]).collect();
    let before = [small, large].map(|of| Tally::sum(rows.iter().flat_map(|row| &row[of])));
    let mut mixes = Vec::new();
    let mut looks = Vec::new();
    for _ in 0..LOOKS {
        let new = [small, large].map(|of| side(chance, CANARY_MIX[of] * OF, SHARES[of]));
        let old = [small, large].map(|of| route(chance, of));
        looks.push(Some((Tally::sum(&new), sum(&old[small], &old[large]))));
        let counted = |of: usize| Counted { new: new[of], old: vec![Tally::sum(&old[of])] };
        mixes.push(vec![
            counted(small),
            counted(large),
            Counted { new: Tally::default(), old: vec![Tally::default()] },
        ]);
    }
    let values = vec!["/see".to_owned(), "/pay".to_owned()];
    let before = before.into_iter().chain([Tally::default()]).collect();
    let mix = Mix { label: "route".to_owned(), values, before };
    let rows = rows.iter().map(|[small, large]| sum(small, large)).collect();
    Stream { mixes: vec![(mix, mixes)], rows, looks }
}

fn routes(chance: &mut Chance) -> Vec<Stream> {
    let route = |(share, (stable, canary)): (f64, (f64, f64))| {
        let rows = (0..HISTORY).map(|_| groups(chance, stable * OF, share)).collect();
        let look = |_| Some((side(chance, canary * OF, share), groups(chance, stable * OF, share)));
        Stream { mixes: Vec::new(), rows, looks: (0..LOOKS).map(look).collect() }
    };
    SHARES.into_iter().zip(STABLE_MIX.into_iter().zip(CANARY_MIX)).map(route).collect()
}

/// Ten times the errors for twenty minutes, an hour before the end of what was before.
fn incident(look: usize, of: usize) -> f64 {
    if (of.saturating_sub(120)..of.saturating_sub(80)).contains(&look) { 10.0 } else { 1.0 }
}

fn incident_beside(chance: &mut Chance) -> Stream {
    let rows = (0..HISTORY).map(|look| groups(chance, OF, BASE * incident(look, HISTORY))).collect();
    let look = |_| Some((side(chance, OF, BASE), groups(chance, OF, BASE)));
    Stream { mixes: Vec::new(), rows, looks: (0..LOOKS).map(look).collect() }
}

fn incident_before(chance: &mut Chance, times: f64) -> Stream {
    let rows = (0..BASELINE).map(|look| vec![side(chance, OF, BASE * incident(look, BASELINE))]).collect();
    let look = |_| Some((side(chance, OF, BASE * times), Vec::new()));
    Stream { mixes: Vec::new(), rows, looks: (0..LOOKS).map(look).collect() }
}
