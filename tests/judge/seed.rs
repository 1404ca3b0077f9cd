//! What the analyzer of the canary article and the ratio of the deployment article say of healthy and of broken releases and
//! of their own traps, beside what backstop says of the same counts. `UPDATE=1` writes the table anew.

use std::fmt::Write as _;

use backstop::gate::{Design, Tally, Verdict};

use crate::snapshot::snapshot;
use crate::study::gate::{Judge, Rule, said};
use crate::study::rival::seed::{analyze, histogram_quantile, ratio_fires};
use crate::study::rival::share;
use crate::study::traffic::LOOKS;

/// Counts of a look, from its number: those with the property, and all.
type Counts = fn(u32) -> (u64, u64);

/// Requests by latency, of one look: upper bounds in milliseconds, with how many of the canary's and of stable's were
/// no slower than that and slower than the bound before.
type Buckets = &'static [(f64, u64, u64)];

/// A canary beside a stable version.
#[derive(Clone, Copy)]
struct Canary {
    name: &'static str,
    new: Counts,
    old: Counts,
    /// Whether the series of errors are there at all.
    there: [bool; 2],
    /// Errors that came with the first sample of a counter, which a rate never sees.
    unseen: u64,
    latency: Buckets,
    /// A further check: its counts on the canary and on stable, and whether fewer are worse.
    further: Option<(Counts, Counts, bool)>,
    at_least: u64,
    why: &'static str,
}

/// A healthy release with traffic enough; all others differ from it.
const HEALTHY: Canary = Canary {
    name: "healthy, 10 requests a second",
    new: |look| (2 + u64::from(look.is_multiple_of(2)) * 2, 300),
    old: |_| (57, 5_700),
    there: [true, true],
    unseen: 0,
    latency: &[],
    further: None,
    at_least: 0,
    why: "the same answer, the one at once and the other once it is proved",
};

const CANARIES: &[Canary] = &[
    HEALTHY,
    Canary {
        name: "healthy, one request in five seconds",
        new: |look| (u64::from(look == 40), 6),
        old: |_| (1, 114),
        why: "so few requests prove nothing within the hour, and backstop says so",
        ..HEALTHY
    },
    Canary {
        name: "healthy, and one of its first three requests fails",
        new: |look| if look == 0 { (1, 3) } else { (0, 0) },
        at_least: 100,
        why: "one error is no error rate; the rule of 100 requests stands in the article's text and not in its code",
        ..HEALTHY
    },
    Canary {
        name: "ten times the errors, 0.1 % to 1 %",
        new: |_| (3, 300),
        old: |_| (6, 5_700),
        why: "0.9 points are less than the 10 that it tolerates, whatever the base",
        ..HEALTHY
    },
    Canary {
        name: "twice the errors, 1 % to 2 %",
        new: |_| (6, 300),
        why: "one point is less than the 10 that it tolerates",
        ..HEALTHY
    },
    Canary {
        name: "every sixth request fails",
        new: |_| (50, 300),
        why: "the same answer; backstop takes two looks, since no single one may decide",
        ..HEALTHY
    },
    Canary {
        name: "slower: p99 from 500 to 750 ms",
        latency: &[(250.0, 276, 5_280), (500.0, 18, 363), (1_000.0, 6, 57)],
        why: "the same answer; the share over 500 ms is counted where a quantile is interpolated",
        ..HEALTHY
    },
    Canary {
        name: "one route of five fails in 10 % in place of 1 %",
        new: |_| (8, 300),
        further: Some((|_| (6, 60), |_| (11, 1_140), false)),
        why: "in the total it is less than 10 points; by route it is seen",
        ..HEALTHY
    },
    Canary {
        name: "a fifth fewer orders per cart",
        further: Some((|_| (72, 300), |_| (1_710, 5_700), true)),
        why: "it never asks; the article says that one should",
        ..HEALTHY
    },
    Canary {
        name: "trap: no traffic on the canary",
        new: |_| (0, 0),
        why: "0/0 is no number, and no number is at most 0.10, so silence is taken for failure",
        ..HEALTHY
    },
    Canary {
        name: "trap: the canary never had an error, so it has no series of errors",
        new: |_| (0, 300),
        there: [false, true],
        why: "an empty result stops it; with the name known on stable, none there are none",
        ..HEALTHY
    },
    Canary {
        name: "trap: the metrics have other names than the query",
        there: [false, false],
        why: "an empty result stops it; what is not there is never taken for health",
        ..HEALTHY
    },
    Canary {
        name: "trap: no latency on stable",
        latency: &[(250.0, 100, 0), (500.0, 100, 0), (1_000.0, 100, 0)],
        why: "without a stable quantile it takes the increase for zero",
        ..HEALTHY
    },
    Canary {
        name: "trap: p99 beyond the last bucket on both sides",
        latency: &[(500.0, 150, 5_586), (f64::INFINITY, 150, 114)],
        why: "both quantiles are the last bound, so none is larger; the share over that bound is 50 % against 2 %",
        ..HEALTHY
    },
    Canary {
        name: "trap: all errors before the first sample of their counter",
        new: |look| (if look == 0 { 300 } else { 3 }, 300),
        unseen: 300,
        why: "a rate sees no increase in a counter's first sample; backstop counts a new counter from zero, lets no single look \
              decide, and does not promote",
        ..HEALTHY
    },
    Canary {
        name: "trap: latency in seconds where it prints milliseconds",
        latency: &[(0.25, 276, 5_280), (0.5, 18, 363), (1.0, 6, 57)],
        why: "an increase has no unit, so only what it prints is wrong",
        ..HEALTHY
    },
];

/// Looks in five minutes, over which its queries go.
const WINDOW: u32 = 10;
/// What it takes for the canary's age, always.
const AGE: f64 = 15.0;
/// A pass is not given before this many minutes.
const NOT_BEFORE: f64 = 10.0;

impl Canary {
    fn sum(counts: Counts) -> Tally {
        let looks: Vec<Tally> = (0..WINDOW).map(|look| tally(counts(look))).collect();
        Tally::sum(&looks)
    }

    /// The quantile that it reads for either side.
    fn p99(&self, which: fn(&(f64, u64, u64)) -> u64) -> f64 {
        let mut below = 0;
        let cumulative = self.latency.iter().map(|bucket| {
            below += which(bucket);
            (bucket.0, f64::from(u32::try_from(below).unwrap()))
        });
        let cumulative: Vec<(f64, f64)> = cumulative.collect();
        // Where nothing is said of latency it is the same on both sides; a side without traffic has none.
        match histogram_quantile(0.99, &cumulative) {
            _ if self.latency.is_empty() => 200.0,
            quantile if quantile.is_nan() => 0.0,
            quantile => quantile,
        }
    }

    fn quantiles(&self) -> (f64, f64) {
        (self.p99(|bucket| bucket.1), self.p99(|bucket| bucket.2))
    }

    fn seed(&self) -> &'static str {
        let mut canary = Self::sum(self.new);
        canary.events -= self.unseen;
        let errors = [canary, Self::sum(self.old)];
        let rate = |side: usize| self.there[side].then(|| share(errors[side]));
        analyze((rate(0), rate(1)), self.quantiles(), AGE)
    }

    fn ours(&self) -> String {
        let mut rules = vec![Rule { at_least: self.at_least, ..Rule::usual() }];
        if !self.latency.is_empty() {
            rules.push(Rule::usual());
        }
        if let Some((.., lower)) = self.further {
            rules.push(if lower { Rule::fewer() } else { Rule::usual() });
        }
        let rules: Vec<(Rule, Vec<Vec<Tally>>)> = rules
            .into_iter()
            .enumerate()
            .map(|(check, rule)| {
                // Stable as it was in the hour before.
                let rows = (0..LOOKS)
                    .map(|look| self.sides(look).swap_remove(check).map_or(Vec::new(), |sides| sides.1));
                (rule, rows.collect())
            })
            .collect();
        let mut judge = Judge::open(Design::Concurrent, LOOKS, &rules);
        let mut standing = None;
        for look in 0..LOOKS {
            let sides = self.sides(look);
            let sides: Vec<_> =
                sides.iter().map(|sides| sides.as_ref().map(|(new, old)| (*new, &old[..]))).collect();
            let now = judge.look(&sides);
            let minutes = f64::from(look + 1) / 2.0;
            match now.verdict {
                Verdict::Fail(_) => return said(&now, minutes),
                Verdict::Pass(_) if minutes >= NOT_BEFORE => return said(&now, minutes),
                Verdict::Pass(_) | Verdict::Inconclusive(_) => standing = Some((now, minutes)),
            }
        }
        standing.map_or_else(String::new, |(standing, minutes)| said(&standing, minutes))
    }

    /// What a look counts for each check.
    fn sides(&self, look: u32) -> Vec<Option<(Tally, Vec<Tally>)>> {
        let known = self.there.iter().any(|there| *there);
        let errors = (tally((self.new)(look)), halves(tally((self.old)(look))));
        let mut sides = vec![known.then_some(errors)];
        if let Some((slowest, others)) = self.latency.split_last() {
            let of = |which: fn(&(f64, u64, u64)) -> u64| {
                let slow = which(slowest);
                Tally { events: slow, of: slow + others.iter().map(which).sum::<u64>() }
            };
            sides.push(Some((of(|bucket| bucket.1), halves(of(|bucket| bucket.2)))));
        }
        if let Some((canary, stable, _)) = self.further {
            sides.push(Some((tally(canary(look)), halves(tally(stable(look))))));
        }
        sides
    }

    fn counts(&self) -> String {
        let side = |name: &str, counts: Counts, there: bool| {
            let Tally { events, of } = Self::sum(counts);
            if there { format!("{name} {events} of {of}") } else { format!("{name} none of {of}") }
        };
        let mut counts = format!(
            "{}, {}",
            side("canary", self.new, self.there[0]),
            side("stable", self.old, self.there[1])
        );
        if !self.latency.is_empty() {
            let (canary, stable) = self.quantiles();
            write!(counts, "; p99 {canary} and {stable}").unwrap();
        }
        if let Some((canary, stable, lower)) = self.further {
            let what = if lower { "orders" } else { "on that route" };
            write!(counts, "; {what} {}, {}", side("canary", canary, true), side("stable", stable, true))
                .unwrap();
        }
        counts
    }
}

const fn tally((events, of): (u64, u64)) -> Tally {
    Tally { events, of }
}

/// Stable in two groups of pods, so that it can be seen how events come.
fn halves(whole: Tally) -> Vec<Tally> {
    let half = Tally { events: whole.events / 2, of: whole.of / 2 };
    vec![half, Tally { events: whole.events - half.events, of: whole.of - half.of }]
}

/// A deployment, held against the time before it: the requests of a look are a thousand, and so many of them fail.
struct Deployment {
    name: &'static str,
    before: Option<u64>,
    after: u64,
    /// Whether only the first look after it has errors.
    once: bool,
    /// The minutes after the deployment at which the ratio is asked for.
    asked: &'static [u32],
    why: &'static str,
}

const DEPLOYMENTS: &[Deployment] = &[
    Deployment {
        name: "three times the errors",
        before: Some(10),
        after: 30,
        once: false,
        asked: &[10, 45, 100],
        why: "trap: both of its windows move on with the clock, so it is right between 30 and 60 minutes alone; backstop's \
              are anchored to the change",
    },
    Deployment {
        name: "trap: no error before, so no such series, and then half of all requests fail",
        before: None,
        after: 500,
        once: false,
        asked: &[10, 45],
        why: "nothing over nothing is nothing, so the worst release is silent",
    },
    Deployment {
        name: "trap: an error-free hour before, and one error after",
        before: Some(0),
        after: 1,
        once: true,
        asked: &[20],
        why: "anything over zero is more than twice it; one error in an hour proves nothing",
    },
    Deployment {
        name: "healthy",
        before: Some(10),
        after: 10,
        once: false,
        asked: &[10, 45],
        why: "the same answer",
    },
];

impl Deployment {
    fn at(&self, look: i64) -> u64 {
        match look {
            ..0 => self.before.unwrap_or(0),
            0 => self.after,
            1.. => {
                if self.once {
                    self.before.unwrap_or(0)
                } else {
                    self.after
                }
            }
        }
    }

    /// The ratio at a minute: half an hour up to it, over the half hour that ended an hour before that.
    fn seed(&self, minute: u32) -> String {
        let half_hour = |end: i64| {
            let looks: Vec<Tally> = (end - 60..end).map(|look| tally((self.at(look), 1000))).collect();
            Tally::sum(&looks)
        };
        let end = 2 * i64::from(minute);
        if self.before.is_none() && end - 120 <= 0 {
            return format!("nothing at {minute} min");
        }
        let (now, then) = (share(half_hour(end)), share(half_hour(end - 120)));
        let word = if ratio_fires(now, then) { "fires" } else { "silent" };
        format!("{word} at {minute} min ({:.2})", now / then)
    }

    fn ours(&self) -> String {
        let rows = (-480..0).map(|look| vec![tally((self.at(look), 1000))]).collect();
        let mut judge = Judge::open(Design::AfterBefore, LOOKS, &[(Rule::usual(), rows)]);
        let mut last = String::new();
        for look in 0..LOOKS {
            let now = judge.look(&[Some((tally((self.at(look.into()), 1000)), &[]))]);
            let minutes = f64::from(look + 1) / 2.0;
            last = said(&now, minutes);
            let final_pass = matches!(now.verdict, Verdict::Pass(_)) && minutes >= NOT_BEFORE;
            if final_pass || matches!(now.verdict, Verdict::Fail(_)) {
                break;
            }
        }
        last
    }
}

#[test]
fn what_the_seed_says_and_what_backstop_says() {
    let mut text = String::from(
        "A canary beside stable. Counts are errors of requests in the first five minutes; the analyzer asks once, after \
         those. backstop judges by its default rule, `ratio > 1.25 and difference > 0.05pp`, and passes what is proved to be \
         below `ratio < 2`, not before ten minutes are over.\n\n\
         | release | counts | analyzer | backstop | why |\n|---|---|---|---|---|\n",
    );
    for canary in CANARIES {
        let (counts, seed, ours) = (canary.counts(), canary.seed(), canary.ours());
        writeln!(text, "| {} | {counts} | {seed} | {ours} | {} |", canary.name, canary.why).unwrap();
    }
    text.push_str(
        "\nAfter a deployment against before it. A thousand requests every half minute; backstop's baseline is four hours.\n\n\
         | release | errors a look, before and after | ratio over 30 m, an hour apart | backstop | why |\n\
         |---|---|---|---|---|\n",
    );
    for deployment in DEPLOYMENTS {
        let asked: Vec<String> = deployment.asked.iter().map(|minute| deployment.seed(*minute)).collect();
        let before = deployment.before.map_or_else(|| "no series".to_owned(), |before| before.to_string());
        let after = if deployment.once { "once 1".to_owned() } else { deployment.after.to_string() };
        let (asked, ours, why) = (asked.join(", "), deployment.ours(), deployment.why);
        writeln!(text, "| {} | {before}, {after} | {asked} | {ours} | {why} |", deployment.name).unwrap();
    }
    snapshot("judge/seed.md", &text);
}
