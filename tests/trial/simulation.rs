//! Whole releases made up from a seed: harmless ones are let be, bad ones are found.

use backstop::gate::{Counted, Design, Tally, Verdict};

use crate::chance::Chance;
use crate::{Trial, check, look, terms};

/// Half an hour of looks half a minute apart.
const LOOKS: u32 = 60;

/// How errors come.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Each by itself.
    Single,
    /// In clusters of three in the mean, each on one side and one pod.
    Clustered,
}

impl Shape {
    fn errors(self, chance: &mut Chance, of: u32, share: f64) -> Tally {
        let mean = f64::from(of) * share;
        let events = match self {
            Self::Single => chance.events(mean),
            Self::Clustered => chance.clustered(mean),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
        let events = events as u64;
        Tally { events: events.min(u64::from(of)), of: u64::from(of) }
    }
}

/// A release, of which the new side has so many requests a look and so many times the errors of the old one.
#[derive(Debug, Clone, Copy)]
struct Release {
    design: Design,
    shape: Shape,
    of: u32,
    share: f64,
    times: f64,
}

impl Release {
    fn old(&self, chance: &mut Chance) -> Vec<Tally> {
        match self.design {
            // Nineteen in twenty requests, in four pods.
            Design::Concurrent => {
                (0..4).map(|_| self.shape.errors(chance, self.of * 19 / 4, self.share)).collect()
            }
            Design::AfterBefore | Design::AfterShort => vec![self.shape.errors(chance, self.of, self.share)],
        }
    }

    /// The look at which it failed, or whether it passed.
    fn run(&self, chance: &mut Chance) -> (Option<u32>, bool) {
        let stretches = match self.design {
            Design::Concurrent => 120,
            Design::AfterBefore | Design::AfterShort => 480,
        };
        let opening = crate::opening(vec![(0..stretches).map(|_| self.old(chance)).collect()]);
        let mut trial = Trial::open(terms(self.design, LOOKS, vec![check("errors")]), &opening);
        let mut passed = false;
        for number in 1..=LOOKS {
            let new = self.shape.errors(chance, self.of, self.share * self.times);
            let old = match self.design {
                Design::Concurrent => self.old(chance),
                Design::AfterBefore | Design::AfterShort => Vec::new(),
            };
            let standing =
                trial.look(&look(usize::try_from(number).unwrap(), vec![Some(Counted { new, old })]));
            match standing.verdict {
                Verdict::Fail(_) => return (Some(number), passed),
                Verdict::Pass(_) => passed = true,
                Verdict::Inconclusive(_) => {}
            }
        }
        (None, passed)
    }

    fn runs(&self, rollouts: u32) -> Vec<(Option<u32>, bool)> {
        let mut chance = Chance(11);
        (0..rollouts).map(|_| self.run(&mut chance)).collect()
    }
}

const DESIGNS: [Design; 2] = [Design::Concurrent, Design::AfterBefore];
const SHAPES: [Shape; 2] = [Shape::Single, Shape::Clustered];

/// One in twenty, and three standard errors.
fn most(rollouts: u32) -> f64 {
    let all = f64::from(rollouts);
    0.05 * all + 3.0 * libm::sqrt(0.05 * 0.95 * all)
}

fn many(runs: &[(Option<u32>, bool)], which: impl Fn(&(Option<u32>, bool)) -> bool) -> f64 {
    runs.iter().map(|run| f64::from(u8::from(which(run)))).sum()
}

/// At few errors and at many, as good as the old side and as bad as is tolerated.
#[test]
fn harmless_releases_are_let_be() {
    let rollouts = 300;
    for design in DESIGNS {
        for shape in SHAPES {
            for (of, share) in [(100, 0.01), (500, 0.01)] {
                for times in [1.0, 1.25] {
                    let release = Release { design, shape, of, share, times };
                    let runs = release.runs(rollouts);
                    let failed = many(&runs, |(failed, _)| failed.is_some());
                    assert!(failed <= most(rollouts), "{failed} of {rollouts} failed: {release:?}");
                }
            }
        }
    }
}

/// What has twice the errors, and so as many as a pass has to rule out, is let pass as seldom as that.
#[test]
fn a_release_at_the_border_of_a_pass_is_not_passed() {
    let rollouts = 300;
    for design in DESIGNS {
        for shape in SHAPES {
            let release = Release { design, shape, of: 300, share: 0.01, times: 2.0 };
            let runs = release.runs(rollouts);
            let passed = many(&runs, |(_, passed)| *passed);
            assert!(passed <= most(rollouts), "{passed} of {rollouts} passed: {release:?}");
        }
    }
}

#[test]
fn clearly_bad_releases_are_found_fast_and_good_ones_pass() {
    let rollouts = 100;
    for (design, shape, of, times, within) in [
        (Design::Concurrent, Shape::Single, 500, 5.0, 4),
        (Design::Concurrent, Shape::Clustered, 500, 5.0, 12),
        (Design::AfterBefore, Shape::Single, 500, 5.0, 4),
        (Design::AfterBefore, Shape::Clustered, 500, 5.0, 16),
        (Design::Concurrent, Shape::Single, 500, 2.0, 40),
    ] {
        let release = Release { design, shape, of, share: 0.01, times };
        let runs = release.runs(rollouts);
        let found = many(&runs, |(failed, _)| failed.is_some_and(|look| look <= within));
        assert!(
            found >= 0.9 * f64::from(rollouts),
            "{found} of {rollouts} within {within} looks: {release:?}"
        );
        assert!(runs.iter().all(|(failed, _)| failed.is_none_or(|look| look >= 2)), "one look decided");
    }
    for design in DESIGNS {
        let release = Release { design, shape: Shape::Single, of: 500, share: 0.01, times: 1.0 };
        let runs = release.runs(rollouts);
        let passed = many(&runs, |(failed, passed)| failed.is_none() && *passed);
        assert!(passed >= 0.9 * f64::from(rollouts), "{passed} of {rollouts} passed: {release:?}");
    }
}

/// A quiet hour before, and then two minutes of eight times as many errors: that is a burst which may not have come in
/// the hour, and is no proof. What lasts is one all the same.
#[test]
fn bursts_are_expected_that_a_short_baseline_did_not_show() {
    for (design, looks, times, found) in [
        (Design::AfterBefore, 4, 8, true),
        (Design::AfterShort, 4, 8, false),
        (Design::AfterShort, 60, 8, true),
        (Design::AfterShort, 60, 1, false),
    ] {
        // Evenly spread, so that the hour itself shows no clusters.
        let before = |stretch: u64| vec![Tally { events: 2 + stretch % 3, of: 1_000 }];
        let opening = crate::opening(vec![(0..120).map(before).collect()]);
        let mut trial = Trial::open(terms(design, LOOKS, vec![check("errors")]), &opening);
        let failed = (1..=60_u64).any(|number| {
            let times = if number <= looks { times } else { 1 };
            let new = Tally { events: times * (2 + number % 3), of: 1_000 };
            let look = look(usize::try_from(number).unwrap(), vec![Some(Counted { new, old: Vec::new() })]);
            matches!(trial.look(&look).verdict, Verdict::Fail(_))
        });
        assert_eq!(failed, found, "{design:?}, {looks} looks of {times} times the errors");
    }
}
