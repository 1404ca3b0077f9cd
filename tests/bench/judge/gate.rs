//! The gate under study: the one place where its terms and its looks are put together.

use backstop::gate::{
    Account, Arm, Asked, Before, Bound, Capacity, CheckTerms, Counted, Counts, Design, Found, Gap, Judged,
    Look, Mix, Opening, Part, Proof, Release, Shortfall, Standing, Strand, Tally, Terms, Trial, Verdict,
    Worse,
};
use backstop::unit::{Confidence, Span, UnixMillis};

use super::traffic::LOOKS;

/// How often it looks.
const EVERY: Span = Span::from_secs(30);

/// What is asked of one proportion.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) fails: Vec<Bound>,
    pub(crate) passes: Proof,
    pub(crate) worse: Worse,
    pub(crate) at_least: u64,
}

impl Rule {
    pub(crate) fn fails(fails: &[Bound]) -> Self {
        Self { fails: fails.to_vec(), passes: Proof::Never, worse: Worse::Higher, at_least: 0 }
    }

    /// Fails at whatever is proved to be worse.
    pub(crate) fn any_worse() -> Self {
        Self::fails(&[Bound::Ratio(1.0)])
    }

    /// The default rule: `ratio > 1.25 and difference > 0.05pp`, and a pass for `ratio < 2`.
    pub(crate) fn usual() -> Self {
        Self::fails(&[Bound::Ratio(1.25), Bound::Difference(0.000_5)]).passes(&[Bound::Ratio(2.0)])
    }

    pub(crate) fn passes(self, passes: &[Bound]) -> Self {
        Self { passes: Proof::Within(passes.to_vec()), ..self }
    }

    /// Fails at a decrease of a tenth, and passes what is proved to be a smaller one than a third.
    pub(crate) fn fewer() -> Self {
        Self::fails(&[Bound::Ratio(0.9)]).passes(&[Bound::Ratio(0.67)]).lower_is_worse()
    }

    pub(crate) fn lower_is_worse(self) -> Self {
        Self { worse: Worse::Lower, ..self }
    }
}

/// What a look counted for one rule: the new side, and the old one by groups.
pub(crate) type Sides<'a> = (Tally, &'a [Tally]);

/// A rule with what is known of it from before.
type Known = (Rule, Vec<Vec<Tally>>);

/// A trial of one or several rules.
#[derive(Debug, Clone)]
pub(crate) struct Judge {
    trial: Trial,
    at: UnixMillis,
}

impl Judge {
    /// Rules with what is known of each from before: rows of the old side, one for each stretch as long as a look. After
    /// against before stands for a baseline right before, of which a gate expects what its length does not show.
    pub(crate) fn open(design: Design, looks: u32, rules: &[(Rule, Vec<Vec<Tally>>)]) -> Self {
        Self::open_mixed(design, looks, rules, &[])
    }

    /// The same where of each rule a mix is watched.
    pub(crate) fn open_mixed(
        design: Design,
        looks: u32,
        rules: &[(Rule, Vec<Vec<Tally>>)],
        mixes: &[Vec<Mix>],
    ) -> Self {
        Self::open_after(Tally::default(), design, looks, (rules, mixes))
    }

    /// The same where the new side had this in the last stretch before the first look.
    fn open_after(
        lately: Tally,
        design: Design,
        looks: u32,
        (rules, mixes): (&[Known], &[Vec<Mix>]),
    ) -> Self {
        let check = |(number, (rule, _)): (usize, &(Rule, Vec<Vec<Tally>>))| CheckTerms {
            name: format!("check-{number}").parse().unwrap(),
            asked: Asked::Share,
            judged: Judged::Yes,
            because: None,
            question: None,
            weight: 1.0,
            worse: rule.worse,
            fails: rule.fails.clone(),
            passes: rule.passes.clone(),
            at_least: rule.at_least,
            critical: false,
        };
        let stretches = rules.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
        let before = Span::from_millis(u64::try_from(stretches).unwrap() * EVERY.millis());
        let right_before = design == Design::AfterBefore;
        let check = |rule| if right_before { check(rule).after(before) } else { check(rule) };
        let design = if right_before { Design::after(before) } else { design };
        let checks = rules.iter().enumerate().map(check).collect();
        let terms = Terms { design, looks, pass_from: 1, share: 1.0, checks };
        let strand = |rows: &Vec<_>| Strand { part: Part::default(), rows: rows.clone() };
        let before = |(number, (_, rows)): (usize, &(Rule, Vec<_>))| Before {
            strands: vec![strand(rows)],
            lately,
            mixes: mixes.get(number).cloned().unwrap_or_default(),
            ..Before::default()
        };
        let opening = Opening { checks: rules.iter().enumerate().map(before).collect() };
        Self { trial: Trial::open(terms, &opening), at: UnixMillis::new(0) }
    }

    /// One rule for an hour beside the stable version.
    pub(crate) fn beside(rule: &Rule, rows: Vec<Vec<Tally>>) -> Self {
        Self::open(Design::Concurrent, LOOKS, &[(rule.clone(), rows)])
    }

    /// The same where the canary had this in the last stretch before the first look.
    pub(crate) fn beside_after(lately: Tally, rule: &Rule, rows: Vec<Vec<Tally>>) -> Self {
        Self::open_after(lately, Design::Concurrent, LOOKS, (&[(rule.clone(), rows)], &[]))
    }

    /// A look, with nothing for a rule that could not count.
    pub(crate) fn look(&mut self, counted: &[Option<Sides<'_>>]) -> Standing {
        self.look_mixed(counted, &[])
    }

    /// The same with what was counted by the labels by which a mix is watched.
    pub(crate) fn look_mixed(&mut self, counted: &[Option<Sides<'_>>], mixes: &[Vec<Counted>]) -> Standing {
        self.at = UnixMillis::new(self.at.millis() + 30_000);
        let found = counted.iter().enumerate().map(|(number, sides)| {
            let Some((new, old)) = *sides else { return Found::Missing(Gap::Silent(Arm::New)) };
            let strands = vec![Counted { new, old: old.to_vec() }];
            let mixes = mixes.get(number).cloned().unwrap_or_default();
            Found::Counts(Counts { strands, mixes, ..Counts::default() })
        });
        self.trial.look(&Look { at: self.at, found: found.collect() })
    }

    pub(crate) fn capacity(&self) -> Option<Capacity> {
        self.trial.capacity(0)
    }

    pub(crate) fn account(&self) -> Option<Account> {
        self.trial.account(0)
    }
}

/// How a rollout came out: the look of each, where it came to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// It failed: more than 0.95 sure.
    pub(crate) failed: Option<u32>,
    /// It was more than 0.99 sure.
    pub(crate) sure: Option<u32>,
    /// It passed, and had not failed.
    pub(crate) passed: Option<u32>,
    /// It was not judged as a whole, as the mixes are unlike.
    pub(crate) refused: Option<u32>,
}

impl Outcome {
    /// Follows a judge through looks, until nothing more can come of them.
    pub(crate) fn of(looks: impl IntoIterator<Item = Standing>) -> Self {
        let mut outcome = Self::default();
        for standing in looks {
            outcome.add(&standing);
            if outcome.sure.is_some() {
                break;
            }
        }
        outcome
    }

    pub(crate) fn add(&mut self, standing: &Standing) {
        let look = standing.looks;
        match standing.verdict {
            Verdict::Fail(_) => {
                self.failed.get_or_insert(look);
            }
            Verdict::Pass(_) => {
                self.passed.get_or_insert(look);
            }
            Verdict::Inconclusive(Shortfall::Unlike { .. }) => {
                self.refused.get_or_insert(look);
            }
            Verdict::Inconclusive(_) => {}
        }
        if Release::alone(standing).reaches(Confidence::new(0.99).unwrap()) {
            self.sure.get_or_insert(look);
        }
    }
}

/// What a judge says at last, for people.
pub(crate) fn said(standing: &Standing, minutes: f64) -> String {
    match standing.verdict {
        Verdict::Pass(_) => format!("pass after {minutes} min"),
        Verdict::Fail(_) => format!("fail after {minutes} min"),
        Verdict::Inconclusive(shortfall) => {
            let why = match shortfall {
                Shortfall::NoLook => "no look".to_owned(),
                Shortfall::Unheard { deaf } => format!("the source {deaf}"),
                Shortfall::NoTraffic { arm: Arm::New, .. } => "no traffic on the canary".to_owned(),
                Shortfall::NoTraffic { arm: Arm::Old, .. } => "no traffic on stable".to_owned(),
                Shortfall::Missing { .. } => "a series is missing".to_owned(),
                Shortfall::TooFew { had, needs, .. } => format!("{had} of the {needs} requests it needs"),
                Shortfall::Unlike { .. } => "unlike mixes of traffic".to_owned(),
                Shortfall::Saturated { .. } => "its histogram has no bucket there".to_owned(),
                Shortfall::Unjudged { .. } => "cannot be judged".to_owned(),
                Shortfall::Leaning { .. } => "leaning towards harm".to_owned(),
                Shortfall::NotProved { .. } => "neither harm nor its absence is proved".to_owned(),
            };
            format!("inconclusive: {why}")
        }
    }
}
