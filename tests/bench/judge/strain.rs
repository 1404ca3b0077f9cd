//! Harmless releases under what real traffic does beyond the twelve cells: each strains something that the promise rests on.

mod conversion;
mod drift;
mod lasting;

use backstop::gate::{Counted, Design, Mix, Tally};

use crate::chance::Chance;

use super::cells::{Judged, Size};
use super::gate::{Judge, Outcome, Rule};
use super::report::{Report, Table, percent};
use super::spread;
use super::tally::allowed;
use super::traffic::{GROUPS, STABLE, float, whole};

/// Requests of the canary in a look, and the share of them that fails.
const OF: f64 = 300.0;
const BASE: f64 = 0.01;
/// An hour of looks before the first one.
const HISTORY: usize = 120;
/// Four hours, for what has nothing beside it.
const BASELINE: usize = 480;

/// In how many of the rollouts that are not to be judged it has to be said why.
const REFUSED: f64 = 0.95;

/// What a check counted: before the first look, and then at each.
#[derive(Debug, Clone)]
struct Stream {
    rows: Vec<Vec<Tally>>,
    looks: Vec<Option<(Tally, Vec<Tally>)>>,
    /// What it counted by the label by which its mix is watched, where it is, look by look.
    mixes: Vec<(Mix, Vec<Vec<Counted>>)>,
}

/// What is promised of a kind of rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// It is as good as the old version, so it is not taken back.
    Kept,
    /// It is as bad as a pass has to rule out, so it is not promoted.
    NotPromoted,
    /// Nothing, as it is not judged, and says why.
    Refused,
    /// Nothing: it shows why the setting is there that it goes without.
    Shown,
}

/// A kind of rollout.
#[derive(Clone, Copy)]
struct Strain {
    name: &'static str,
    design: Design,
    promise: Promise,
    /// Whether fewer are worse.
    lower: bool,
    /// The streams of a rollout, one for each check.
    live: fn(&mut Chance) -> Vec<Stream>,
}

impl Strain {
    const fn beside(name: &'static str, live: fn(&mut Chance) -> Vec<Stream>) -> Self {
        Self { name, design: Design::Concurrent, promise: Promise::Kept, lower: false, live }
    }

    const fn after(name: &'static str, live: fn(&mut Chance) -> Vec<Stream>) -> Self {
        Self { design: Design::AfterBefore, ..Self::beside(name, live) }
    }

    /// Against a short time of other days, which is no other time of day.
    const fn some_days_ago(self) -> Self {
        Self { design: Design::AfterShort, ..self }
    }

    const fn promises(self, promise: Promise) -> Self {
        Self { promise, ..self }
    }

    /// Any harm at all, and what one would write.
    fn rules(&self) -> [Rule; 2] {
        if self.lower {
            use backstop::gate::Bound::Ratio;
            let rule = |border: f64| Rule::fails(&[Ratio(border)]).lower_is_worse();
            [rule(1.0), rule(0.8)]
        } else {
            [Rule::any_worse(), Rule::usual()]
        }
    }

    fn judged(&self, rule: &Rule, rollouts: u64) -> Judged {
        (0..rollouts).map(|number| self.outcome(rule, number)).collect()
    }

    fn outcome(&self, rule: &Rule, number: u64) -> Outcome {
        let seed =
            self.name.bytes().fold(7_u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        let streams = (self.live)(&mut Chance::numbered(seed, number));
        let rules: Vec<_> = streams.iter().map(|stream| (rule.clone(), stream.rows.clone())).collect();
        let looks = streams.iter().map(|stream| stream.looks.len()).max().unwrap_or(0);
        let known: Vec<Vec<Mix>> =
            streams.iter().map(|stream| stream.mixes.iter().map(|(mix, _)| mix.clone()).collect()).collect();
        let mut judge = Judge::open_mixed(self.design, u32::try_from(looks).unwrap(), &rules, &known);
        Outcome::of((0..looks).map(|look| {
            let sides = streams.iter().map(|stream| {
                let (new, old) = stream.looks.get(look)?.as_ref()?;
                Some((*new, &old[..]))
            });
            let mixes: Vec<Vec<Counted>> = streams
                .iter()
                .map(|stream| {
                    stream.mixes.iter().filter_map(|(_, looks)| looks.get(look)).flatten().cloned().collect()
                })
                .collect();
            judge.look_mixed(&sides.collect::<Vec<_>>(), &mixes)
        }))
    }
}

fn strains() -> Vec<Strain> {
    [drift::STRAINS, conversion::STRAINS, lasting::STRAINS].concat()
}

pub(crate) fn report(size: Size) -> Report {
    let mut report = Report::default();
    let mut table = Table::new(
        "Harmless releases under what real traffic does, taken back within an hour, in %",
        &["traffic", "any harm", "default rule", "the promise"],
    );
    let strains = strains();
    let pieces: Vec<(&Strain, usize)> =
        strains.iter().flat_map(|strain| [0, 1].map(|rule| (strain, rule))).collect();
    let judged = spread::each(&pieces, |(strain, rule)| strain.judged(&strain.rules()[*rule], size.strained));
    for (strain, judged) in strains.iter().zip(judged.chunks(2)) {
        let come = |judged: &Judged| match strain.promise {
            Promise::Kept | Promise::Refused | Promise::Shown => judged.failed.clone(),
            Promise::NotPromoted => judged.passed.clone(),
        };
        let times: Vec<_> = judged.iter().map(come).collect();
        let judges = |judged: &Judged| strain.promise == Promise::Refused && judged.refused.share() < REFUSED;
        let broken = times.iter().any(|times| times.share() > allowed(0.05, times.many()))
            || judged.iter().any(judges);
        let shares: Vec<String> = times.iter().map(|times| percent(times.share())).collect();
        let word = match (strain.promise, broken) {
            (Promise::Shown, _) => "none is made",
            (Promise::Refused, false) => "inconclusive, and says why",
            (Promise::Kept | Promise::NotPromoted, false) => "kept",
            (Promise::Kept | Promise::NotPromoted | Promise::Refused, true) => "**broken**",
        };
        if broken && strain.promise != Promise::Shown {
            report.broken.push(format!("{}: {} %", strain.name, shares.join(" % and ")));
        }
        table.row(strain.name, shares.into_iter().chain([word.to_owned()]));
    }
    report.tables.push(table.note(
        "For orders per cart `any harm` is any decrease, and in place of the default rule stands a decrease of 20 %. Where a \
         release is to be kept from promotion, the figure is the share that was promoted. After less than a day right before, \
         no rule fails at less than 1.25 times as much nor passes without as much room, as with a gate. A total over another mix of \
         routes that fail at different rates is not judged: these are compared `by:` route. Where none is made, `check` warns.",
    ));
    report
}

/// So many requests in the mean, each of which fails with this chance.
fn side(chance: &mut Chance, of: f64, share: f64) -> Tally {
    let of = whole(chance.events(of));
    let events = whole(chance.events(float(of) * share)).min(of);
    Tally { events, of }
}

/// The old side in its groups.
fn groups(chance: &mut Chance, of: f64, share: f64) -> Vec<Tally> {
    (0..GROUPS).map(|_| side(chance, of * STABLE / 4.0, share)).collect()
}
