//! What holds of every trial that counts in slices, and beside what its change does not touch.

use std::collections::BTreeSet;

use backstop::gate::{
    Account, Aside, Before, CheckTerms, Counted, Counts, Design, Found, Gap, Look, Opening, Part, Proof,
    Shortfall, Slice, Standing, Strand, Tally, Terms, Trial, Verdict, Worse,
};
use backstop::signal::TargetKey;
use backstop::stats::Interval;
use backstop::unit::UnixMillis;
use proptest::prelude::*;

use crate::{check, harm, kinds, terms};

/// A trial with all that it is told, of one check.
#[derive(Debug, Clone)]
struct Told {
    terms: Terms,
    slices: usize,
    /// Of each slice its rows of groups.
    rows: Vec<Vec<Vec<Tally>>>,
    /// Whether each is a dependency, and what it had before.
    asides: Vec<(bool, Tally)>,
    looks: Vec<Looked>,
}

/// What one look found, of each slice; the whole is their sum.
#[derive(Debug, Clone)]
struct Looked {
    slices: Vec<Counted>,
    aside: Vec<Tally>,
    missing: bool,
}

impl Told {
    fn opening(&self) -> Opening {
        let part = |slice| Part { slice, border: None };
        let rows = |slice: usize| self.rows[slice].clone();
        let slices =
            (0..self.slices).map(|slice| Strand { part: part(Some(named(slice))), rows: rows(slice) });
        let many = self.rows.first().map_or(0, Vec::len);
        let whole = (0..many).map(|row| {
            let all: Vec<&Vec<Tally>> = self.rows.iter().map(|rows| &rows[row]).collect();
            let groups = all.iter().map(|groups| groups.len()).max().unwrap_or_default();
            (0..groups).map(|group| Tally::sum(all.iter().filter_map(|groups| groups.get(group)))).collect()
        });
        let whole = Strand { part: part(None), rows: whole.collect() };
        let aside = self.asides.iter().enumerate().map(|(index, (dependency, before))| Aside {
            target: TargetKey { service: format!("s{index}"), environment: None, cluster: None },
            dependency: *dependency,
            before: *before,
        });
        let strands = if self.slices == 0 {
            vec![Strand { part: part(None), rows: rows(0) }]
        } else {
            std::iter::once(whole).chain(slices).collect()
        };
        Opening { checks: vec![Before { strands, aside: aside.collect(), ..Before::default() }] }
    }

    fn look(&self, number: usize) -> Look {
        let looked = &self.looks[number];
        let at = UnixMillis::new(30_000 * i64::try_from(number).unwrap());
        if looked.missing {
            return Look { at, found: vec![Found::Missing(Gap::NoValue)] };
        }
        let groups = looked.slices.iter().map(|counted| counted.old.len()).max().unwrap_or_default();
        let old =
            |group: usize| Tally::sum(looked.slices.iter().filter_map(|counted| counted.old.get(group)));
        let whole = Counted {
            new: Tally::sum(looked.slices.iter().map(|counted| &counted.new)),
            old: (0..groups).map(old).collect(),
        };
        let slices = looked.slices.iter().take(self.slices).cloned();
        let strands = std::iter::once(whole).chain(slices).collect();
        Look {
            at,
            found: vec![Found::Counts(Counts {
                strands,
                aside: looked.aside.clone(),
                merged: None,
                mixes: Vec::new(),
            })],
        }
    }

    fn trial(&self) -> Trial {
        Trial::open(self.terms.clone(), &self.opening())
    }

    /// Where it stands after each look, and what it shows at the end.
    fn standings(&self) -> (Vec<Standing>, Account) {
        let mut trial = self.trial();
        let standings = (0..self.looks.len()).map(|number| trial.look(&self.look(number))).collect();
        (standings, trial.account(0).unwrap())
    }

    fn worse(&self) -> Worse {
        self.terms.checks[0].worse
    }
}

fn named(slice: usize) -> Slice {
    Slice::Of(vec![format!("/{slice}")])
}

/// More of what is worse.
fn worsened(tally: Tally, by: u64, worse: Worse) -> Tally {
    let events = match worse {
        Worse::Higher => tally.events.saturating_add(by).min(tally.of),
        Worse::Lower => tally.events.saturating_sub(by),
    };
    Tally { events, ..tally }
}

fn usual() -> BoxedStrategy<Tally> {
    let of = prop_oneof![1 => Just(0_u64), 3 => 1_u64..50, 4 => 50_u64..5_000, 1 => 5_000_u64..2_000_000];
    (of, 0_u64..1_000, any::<bool>())
        .prop_map(|(of, share, few)| Tally { events: of * share / if few { 50_000 } else { 1_000 }, of })
        .boxed()
}

/// Every size that there is, up to what a number holds exactly.
fn any_size() -> BoxedStrategy<Tally> {
    let of = prop_oneof![Just(0_u64), Just(1), (0_u32..=53).prop_map(|bit| 1 << bit), 0..=1_u64 << 53];
    (of, prop_oneof![Just(0_u64), Just(1), Just(u64::MAX), any::<u64>()])
        .prop_map(|(of, events)| Tally {
            events: if events == u64::MAX { of } else { events % (of + 1) },
            of,
        })
        .boxed()
}

fn told(tally: BoxedStrategy<Tally>) -> impl Strategy<Value = Told> {
    let kinds = kinds();
    let design = prop_oneof![Just(Design::Concurrent), Just(Design::AfterBefore)];
    let floor = prop_oneof![3 => Just(0_u64), 1 => Just(100)];
    (design, 0..kinds.len(), 0..5_usize, 0..5_usize, 1_u32..40, floor).prop_flat_map(
        move |(design, kind, slices, asides, planned, at_least)| {
            let (worse, fails, passes) = kinds[kind].clone();
            // Where both sides run at once, nothing is counted beside them.
            let asides = if design == Design::Concurrent { 0 } else { asides };
            let check = CheckTerms { worse, fails, passes, at_least, ..check("errors") };
            let terms = terms(design, planned, vec![check]);
            let groups = match design {
                Design::Concurrent => 3,
                Design::AfterBefore | Design::AfterShort => 0,
            };
            let row_groups = if groups == 0 { 1 } else { groups };
            let many = slices.max(1);
            let row = prop::collection::vec(tally.clone(), row_groups);
            let rows = (0..20_usize).prop_flat_map(move |rows| {
                prop::collection::vec(prop::collection::vec(row.clone(), rows), many)
            });
            let counted = (tally.clone(), prop::collection::vec(tally.clone(), groups))
                .prop_map(|(new, old)| Counted { new, old });
            let looked = (
                prop::collection::vec(counted, many),
                prop::collection::vec(tally.clone(), asides),
                prop::bool::weighted(0.1),
            );
            let looked = looked.prop_map(|(slices, aside, missing)| Looked { slices, aside, missing });
            let asides = prop::collection::vec((any::<bool>(), tally.clone()), asides);
            (rows, asides, prop::collection::vec(looked, 1..25)).prop_map(move |(rows, asides, looks)| Told {
                terms: terms.clone(),
                slices,
                rows,
                asides,
                looks,
            })
        },
    )
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(1.0)
}

/// As [`near`], or less.
fn at_most(one: f64, other: f64) -> bool {
    one <= other || near(one, other)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// More errors in one slice, and so in the whole, never make anything better.
    #[test]
    fn more_errors_in_a_slice_never_help(told in told(usual()), at in 0_usize..25, slice in 0_usize..5, by in 1_u64..2_000) {
        let mut other = told.clone();
        let (at, slice) = (at % told.looks.len(), slice % told.slices.max(1));
        let new = &mut other.looks[at].slices[slice].new;
        *new = worsened(*new, by, told.worse());
        let (one, other) = (told.standings().0, other.standings().0);
        for (number, (one, other)) in one.iter().zip(&other).enumerate() {
            prop_assert!(at_most(one.ln_now, other.ln_now), "look {number}: {one:?} {other:?}");
            prop_assert!(at_most(one.ln_ours, other.ln_ours), "look {number}: {one:?} {other:?}");
            prop_assert!(harm(&one.verdict) <= harm(&other.verdict), "look {number}: {one:?} {other:?}");
        }
    }

    /// In which order slices stand, and what is beside the change, matters neither to the evidence nor to who is named.
    #[test]
    fn the_order_of_slices_does_not_matter(told in told(usual()), by in 0_usize..5, aside_by in 0_usize..5) {
        let mut turned = told.clone();
        let by = by % told.slices.max(1);
        let aside_by = aside_by % told.asides.len().max(1);
        turned.rows.rotate_left(by);
        turned.asides.rotate_left(aside_by);
        for look in &mut turned.looks {
            look.slices.rotate_left(by);
            look.aside.rotate_left(aside_by);
        }
        let ((one, shown), (other, turned)) = (told.standings(), turned.standings());
        for (one, other) in one.iter().zip(&other) {
            prop_assert!(near(one.ln_now, other.ln_now) && near(one.ln_most, other.ln_most), "{one:?} {other:?}");
            prop_assert!(near(one.ln_ours, other.ln_ours), "{one:?} {other:?}");
        }
        prop_assert!(near(shown.ln_proof, turned.ln_proof) && near(shown.ln_aside, turned.ln_aside));
        // Each is called by where it stands, so the names of the turned ones are turned back.
        let back = |slice: &Slice| (0..told.slices).find(|index| named(*index) == *slice).map(|index| (index + by) % told.slices);
        let one: BTreeSet<Option<usize>> = shown.culprits().map(|slice| (0..told.slices).find(|index| named(*index) == *slice)).collect();
        let other: BTreeSet<Option<usize>> = turned.culprits().map(back).collect();
        prop_assert_eq!(one, other);
    }

    /// A look in which nothing was counted moves no evidence and no count, and so no figure that anybody is shown.
    #[test]
    fn an_empty_look_changes_nothing(told in told(usual()), gap in any::<bool>()) {
        let mut trial = told.trial();
        for number in 0..told.looks.len() {
            trial.look(&told.look(number));
        }
        let (before, shown) = (trial.standing(), trial.account(0).unwrap());
        let found = if gap { Found::Missing(Gap::NoValue) } else { Found::Counts(Counts::default()) };
        let after = trial.look(&Look { at: UnixMillis::new(30_000 * 1_000), found: vec![found] });
        let still = trial.account(0).unwrap();
        prop_assert!(near(before.ln_now, after.ln_now) && near(before.ln_most, after.ln_most), "{before:?} {after:?}");
        prop_assert!(near(before.ln_ours, after.ln_ours), "{before:?} {after:?}");
        prop_assert_eq!((shown.new, shown.old), (still.new, still.old));
        prop_assert!(near(shown.ln_proof, still.ln_proof) && near(shown.ln_aside, still.ln_aside));
        prop_assert_eq!(shown.interval, still.interval);
        // It never proves anything; that the time for a pass came may let one through.
        if harm(&before.verdict) != harm(&after.verdict) {
            prop_assert!(matches!(after.verdict, Verdict::Pass(_)) && !gap || matches!(after.verdict, Verdict::Inconclusive(Shortfall::Missing { .. })), "{before:?} {after:?}");
        }
    }

    /// Whatever is counted, every figure is one.
    #[test]
    fn every_figure_is_a_number(told in told(any_size())) {
        let mut trial = told.trial();
        for number in 0..told.looks.len() {
            let standing = trial.look(&told.look(number));
            let Standing { ln_now, ln_most, ln_ours, .. } = standing;
            prop_assert!(ln_now.is_finite() && ln_most.is_finite() && ln_ours.is_finite(), "{standing:?}");
            prop_assert!(0.0 <= ln_ours && ln_ours <= ln_most && ln_now <= ln_most, "{standing:?}");
            prop_assert!((0.0..=1.0).contains(&standing.confidence()), "{standing:?}");
        }
        let account = trial.account(0).unwrap();
        let strands = account.strands.iter();
        let strands = strands.map(|strand| (strand.ln_harm, strand.interval));
        for (ln, interval) in strands.chain([(account.ln_harm, account.interval)]) {
            prop_assert!(ln.is_finite(), "{account:?}");
            prop_assert!(0.0 <= interval.lower && interval.lower <= interval.upper, "{account:?}");
        }
        prop_assert!(account.ln_proof.is_finite() && account.ln_aside.is_finite(), "{account:?}");
        prop_assert!(account.temper.is_finite() && 1.0 <= account.temper, "{account:?}");
        prop_assert!(account.slices.iter().all(|own| own.ln_harm.is_finite()), "{account:?}");
        prop_assert!(account.asides.iter().all(|(_, ln)| ln.is_finite()), "{account:?}");
        prop_assert!(account.culprits().count() <= told.slices);
        // What fails is named; what is named fails as soon as the check has a say.
        for own in &account.slices {
            prop_assert!(!matches!(own.verdict, Some(Verdict::Fail(_))) || own.named, "{own:?}");
            if let Some(Verdict::Fail(finding) | Verdict::Pass(finding)) = own.verdict {
                prop_assert!(finding.ln_evidence.is_finite(), "{own:?}");
            }
        }
        if let Some(capacity) = trial.capacity(0) {
            let looks = [capacity.to_prove_a_doubling, capacity.to_pass];
            prop_assert!(looks.into_iter().flatten().all(|looks| 0.0 <= looks), "{capacity:?}");
        }
    }

    /// What the change does not touch only ever speaks for it: the worse that fares, the less is held against the change.
    /// What there is to say in all, and what holds a release, stays as it is.
    #[test]
    fn what_is_beside_a_change_only_speaks_for_it(told in told(usual()), which in 0_usize..5, by in 1_u64..2_000) {
        let (mut alone, mut worse) = (told.clone(), told.clone());
        alone.asides.clear();
        for look in &mut alone.looks {
            look.aside.clear();
        }
        if !told.asides.is_empty() {
            let which = which % told.asides.len();
            for look in &mut worse.looks {
                look.aside[which] = worsened(look.aside[which], by, told.worse());
            }
        }
        let (told, alone, worse) = (told.standings().0, alone.standings().0, worse.standings().0);
        for ((told, alone), worse) in told.iter().zip(&alone).zip(&worse) {
            prop_assert!(told.ln_ours <= alone.ln_ours, "{told:?} {alone:?}");
            prop_assert!(at_most(worse.ln_ours, told.ln_ours), "{worse:?} {told:?}");
            for other in [alone, worse] {
                prop_assert_eq!((told.ln_now.to_bits(), told.ln_most.to_bits()), (other.ln_now.to_bits(), other.ln_most.to_bits()));
                prop_assert_eq!(told.verdict, other.verdict);
            }
        }
    }

    /// As many times more of everything, spread as it was, never widen an interval: not by a hair, of anything.
    #[test]
    fn more_of_everything_narrows_the_interval(
        design in prop_oneof![Just(Design::Concurrent), Just(Design::AfterBefore)],
        looks in prop::collection::vec((0_u64..200, 0_u64..50, 1_u64..40), 1..20),
        (base, history) in ((0_u64..30, 1_u64..30), 0_usize..120),
        times in 2_u64..60,
    ) {
        let interval = |times| even_told(design, &looks, (base, history), times).interval;
        let (few, many) = (interval(1), interval(times));
        prop_assert!(narrowed(few, many), "{few:?} {many:?}");
    }
}

/// What is known after looks at so many times as much, evenly spread, so that no clusters are seen.
fn even_told(
    design: Design,
    looks: &[(u64, u64, u64)],
    (base, history): ((u64, u64), usize),
    times: u64,
) -> Account {
    let even = |(events, more): (u64, u64)| {
        vec![Tally { events: times * events, of: times * (events + more * 20) }; 4]
    };
    let rows = match design {
        Design::Concurrent => vec![even(base); history],
        Design::AfterBefore | Design::AfterShort => vec![even(base)[..1].to_vec(); history.max(2)],
    };
    let look = |(new, old, more): &(u64, u64, u64)| {
        let new = Tally { events: times * new, of: times * (new + more * 30) };
        let old = match design {
            Design::Concurrent => even((*old, *more)),
            Design::AfterBefore | Design::AfterShort => Vec::new(),
        };
        Looked { slices: vec![Counted { new, old }], aside: Vec::new(), missing: false }
    };
    let told = Told {
        terms: terms(design, 40, vec![check("errors")]),
        slices: 0,
        rows: vec![rows],
        asides: Vec::new(),
        looks: looks.iter().map(look).collect(),
    };
    told.standings().1
}

fn narrowed(few: Interval, many: Interval) -> bool {
    let hair = 1.0 + 1e-6;
    few.lower <= many.lower * hair && many.upper <= few.upper * hair
}

/// A block that is not full yet, or has hardly an event, is no sign of clusters, however even the looks are.
#[test]
fn what_was_not_seen_does_not_widen_the_interval() {
    for (what, looks, base, history) in [
        ("no block was full", vec![(31, 1, 1), (0, 1, 1)], (1, 1), 2),
        ("no event fell into the full block", vec![(0, 0, 1), (0, 2, 1), (31, 1, 1), (0, 1, 1)], (0, 1), 9),
    ] {
        let interval = |times| even_told(Design::Concurrent, &looks, (base, history), times).interval;
        assert!(narrowed(interval(1), interval(2)), "{what}: {:?} {:?}", interval(1), interval(2));
    }
    // Nor is a baseline that is too short for a long block.
    let temper = |history| even_told(Design::AfterBefore, &[(31, 0, 1)], ((2, 30), history), 1).temper;
    assert!(temper(39) < 10.0, "{}", temper(39));
}

/// A canary that serves more of a route on which many fail anywhere is no worse for that, where routes are told apart; one
/// that is worse on each of them still is.
#[test]
fn another_mix_of_slices_is_no_harm() {
    let counted = |events: u64, of: u64, old: u64, old_of: u64| Counted {
        new: Tally { events, of },
        old: vec![Tally { events: old / 4, of: old_of / 4 }; 4],
    };
    for (times, expected) in [(1, "inconclusive"), (3, "fail")] {
        let slices = vec![counted(25 * times, 500, 100, 2_000), counted(times, 500, 36, 18_000)];
        let look = Looked { slices, aside: Vec::new(), missing: false };
        let row = |of: u64, events: u64| vec![vec![Tally { events: events / 4, of: of / 4 }; 4]; 60];
        let told = Told {
            terms: terms(
                Design::Concurrent,
                60,
                vec![CheckTerms { passes: Proof::Never, ..check("errors") }],
            ),
            slices: 2,
            rows: vec![row(2_000, 100), row(18_000, 36)],
            asides: Vec::new(),
            looks: vec![look; 40],
        };
        let mut trial = Trial::open(told.terms.clone(), &told.opening());
        let last = (0..told.looks.len()).map(|number| trial.look(&told.look(number))).last().unwrap();
        assert_eq!(last.verdict.word(), expected, "{times}: {last:?}");
    }
}

/// A release of so many routes, whose checks count alike, at looks that all find the same.
fn routes(each: &[(u64, u64)], checks: usize, looks: usize) -> Trial {
    let slice = |(_, of): &(u64, u64)| Tally { events: of / 100, of: *of };
    let counted = |(bad, of): &(u64, u64)| Counted {
        new: Tally { events: *bad, of: *of },
        old: vec![slice(&(0, *of)); 8],
    };
    let looked = Looked { slices: each.iter().map(counted).collect(), aside: Vec::new(), missing: false };
    let told = Told {
        terms: terms(Design::Concurrent, 40, (0..checks).map(|_| check("errors")).collect()),
        slices: each.len(),
        rows: each.iter().map(|own| vec![vec![slice(own); 8]; 120]).collect(),
        asides: Vec::new(),
        looks: vec![looked; looks],
    };
    let opening = Opening { checks: vec![told.opening().checks.remove(0); checks] };
    let mut trial = Trial::open(told.terms.clone(), &opening);
    for number in 0..looks {
        let mut look = told.look(number);
        look.found = vec![look.found.remove(0); checks];
        trial.look(&look);
    }
    trial
}

fn verdicts(trial: &Trial) -> Vec<String> {
    let account = trial.account(0).unwrap();
    account
        .slices
        .iter()
        .map(|own| own.verdict.map_or_else(String::new, |verdict| verdict.to_string()))
        .collect()
}

/// Each slice has a verdict by the rules of its check.
#[test]
fn a_slice_has_a_verdict_of_its_own() {
    let good = (10, 1_000);
    for (what, each, looks, expected) in [
        ("no look", vec![good, good], 0, ["inconclusive", "inconclusive"]),
        ("one route fails", vec![(80, 1_000), good], 8, ["fail", "pass"]),
        (
            "one route fails, and it is too early to tell of the other",
            vec![(80, 1_000), (1, 100)],
            8,
            ["fail", "inconclusive"],
        ),
        (
            "one route proves that it is fine sooner",
            vec![(100, 10_000), (0, 20)],
            30,
            ["pass", "inconclusive"],
        ),
        ("both are fine", vec![good, good], 38, ["pass", "pass"]),
        ("a route without traffic", vec![(100, 10_000), (0, 0)], 30, ["pass", "inconclusive"]),
    ] {
        let trial = routes(&each, 1, looks);
        assert_eq!(verdicts(&trial), expected, "{what}: {:?}", trial.account(0));
    }
    let idle = routes(&[good, (0, 0)], 1, 3).account(0).unwrap().slices[1].verdict;
    let expected = Shortfall::NoTraffic { check: 0, arm: backstop::gate::Arm::New };
    assert_eq!(idle, Some(Verdict::Inconclusive(expected)));
}

/// A check that only watches has no say, and neither have its slices.
#[test]
fn a_slice_of_a_shadow_has_no_verdict() {
    let mut told = routes(&[(80, 1_000), (10, 1_000)], 1, 0).terms().clone();
    told.checks[0].judged = backstop::gate::Judged::Shadow;
    let opening = Opening {
        checks: vec![Before {
            strands: vec![
                Strand::default(),
                Strand { part: Part { slice: Some(named(0)), border: None }, rows: Vec::new() },
            ],
            ..Before::default()
        }],
    };
    let slices = Trial::open(told, &opening).account(0).unwrap().slices;
    assert_eq!(slices.iter().map(|own| own.verdict).collect::<Vec<_>>(), [None]);
}

/// What is said of slices is held to all that is asked: by as much as there are more slices or checks, the same counts have to
/// show more, so that some of them are said to be harm in hardly any release that does none.
#[test]
fn a_slice_is_held_to_all_that_is_asked() {
    let first = |slices: usize, checks: usize, own: (u64, u64), word: &str| {
        let mut each = vec![(10, 1_000); slices];
        each[0] = own;
        (1..40).find(|looks| verdicts(&routes(&each, checks, *looks))[0] == word)
    };
    for (own, word) in [((22, 1_000), "fail"), ((10, 1_000), "pass")] {
        let (two, many) = (first(2, 1, own, word), first(20, 1, own, word));
        assert!(two.is_some() && two < many.or(Some(99)), "{word}: {two:?} of two, {many:?} of many");
    }
    let (alone, beside) = (first(2, 1, (22, 1_000), "fail"), first(2, 8, (22, 1_000), "fail"));
    assert!(alone.is_some() && alone < beside.or(Some(99)), "{alone:?} alone, {beside:?} beside others");
}
