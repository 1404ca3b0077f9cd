//! What each check of a gate shows, as JSON: its verdict with the reason, effect, interval and counts.

use serde::Serialize;
use utoipa::ToSchema;

use crate::gate::{Account, CheckTerms, Judged, SliceAccount, Tally, Terms, Trial, sureness};
use crate::ledger::{prospect, reason, reason_of_slice};
use crate::unit::Span;

/// What a check shows: its verdict with the reason, and the evidence that it rests on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Check {
    /// What it is called.
    #[schema(examples("errors"))]
    pub check: String,
    /// Whether it has a say in the verdict of its gate.
    #[schema(value_type = Say)]
    pub judged: &'static str,
    /// The verdict of this check alone; null: it has none.
    #[schema(value_type = Option<VerdictWord>)]
    pub verdict: Option<&'static str>,
    /// Why that is its verdict.
    pub reason: Option<String>,
    /// Why the last look found nothing; null: it found something.
    pub missing: Option<String>,
    /// The queries of both sides, and how many series answered.
    pub asked: Option<AskedOf>,
    /// The label by which the two sides have mixes of traffic too unlike to be compared as a whole.
    pub unlike: Option<Mixed>,
    /// At how many looks it found something.
    pub found: Option<Found>,
    /// What the new side had.
    pub new: Option<Side>,
    /// What the old side had.
    pub old: Option<Side>,
    /// The share of the new side over that of the old one.
    pub ratio: Option<f64>,
    /// Between what that ratio lies.
    pub interval: Option<Range>,
    /// How sure this check alone is of harm, before its share of the release counts.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: Option<f64>,
    /// In clusters of what size events are taken to come.
    pub cluster_size: Option<f64>,
    /// The levels of a measure.
    pub levels: Option<MeanLevels>,
    /// What an expression said.
    pub votes: Option<Votes>,
    /// Each slice, where the check is asked by labels.
    pub slices: Option<Vec<SliceOf>>,
    /// How many looks it takes to prove a doubling of the harm; null: never, on these terms.
    pub looks_to_prove_a_doubling: Option<f64>,
    /// How many looks it takes to pass; null: never, on these terms.
    pub looks_to_pass: Option<f64>,
    /// Whether neither fits into what is planned.
    pub in_vain: Option<bool>,
    /// The same in words.
    pub prospect: Option<String>,
}

/// A verdict.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum VerdictWord {
    /// No worse than it may be.
    Pass,
    /// Nothing is proved.
    Inconclusive,
    /// Worse than it may be.
    Fail,
}

/// Whether a check has a say.
#[derive(Debug, Serialize, ToSchema)]
pub enum Say {
    /// It has.
    #[serde(rename = "yes")]
    Yes,
    /// It only watches.
    #[serde(rename = "shadow")]
    Shadow,
    /// Such a question cannot be judged yet.
    #[serde(rename = "not yet")]
    NotYet,
}

/// What was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedOf {
    /// Of the new side.
    pub new: String,
    /// Of the old side, where both run at the same time.
    pub old: Option<String>,
    /// How many series of the new side answered.
    pub new_series: u32,
    /// How many of the old side did.
    pub old_series: Option<u32>,
    /// How old a sample may be.
    pub no_older_than: String,
}

/// A label by which the mixes are unlike.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mixed {
    /// The label.
    pub label: String,
    /// The share of the old side.
    pub old: f64,
    /// What that would be with the mix of the new side.
    pub mixed: f64,
}

/// At how many looks something was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// At so many.
    pub looks: u32,
    /// Of so many.
    pub of: u32,
}

/// What a side had.
#[derive(Debug, Serialize, ToSchema)]
pub struct Side {
    /// Events that are marked.
    pub events: u64,
    /// All of them.
    pub of: u64,
    /// The share that is marked; null: there were none.
    pub share: Option<f64>,
}

/// Between what a ratio lies, however often anybody looks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Range {
    /// At least.
    pub lower: f64,
    /// At most; null: there is no bound yet.
    #[schema(value_type = Option<f64>)]
    pub upper: f64,
    /// How sure that is.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: f64,
}

/// The mean levels of a measure.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeanLevels {
    /// Of the new side.
    pub new: Option<f64>,
    /// Of what it is held against.
    pub old: Option<f64>,
    /// At how many looks both had one.
    pub looks: u64,
}

/// What an expression said.
#[derive(Debug, Serialize, ToSchema)]
pub struct Votes {
    /// Its value at the last look.
    pub value: Option<f64>,
    /// How many of the last looks broke every bound.
    pub broke: u32,
    /// How many those are.
    pub of: u32,
}

/// A slice of a check.
#[derive(Debug, Serialize, ToSchema)]
pub struct SliceOf {
    /// The values of its labels.
    #[schema(examples("/pay"))]
    pub slice: String,
    /// Its own verdict.
    #[schema(value_type = Option<VerdictWord>)]
    pub verdict: Option<&'static str>,
    /// Why that is its verdict.
    pub reason: Option<String>,
    /// Whether the evidence names it among all slices.
    pub named: bool,
    /// How sure it is of harm.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: f64,
    /// What the new side had.
    pub new: Option<Side>,
    /// What the old side had.
    pub old: Option<Side>,
    /// The share of the new side over that of the old one.
    pub ratio: Option<f64>,
    /// Between what that ratio lies.
    pub interval: Option<Range>,
}

/// The checks of a trial that looks so often, each in one shape, whoever asks.
pub fn checks(trial: &Trial, every: Span) -> Vec<Check> {
    let checks = trial.terms().checks.iter().enumerate();
    let shown = |(index, terms): (usize, &CheckTerms)| {
        let account = trial.account(index);
        check(terms, (trial, index), every, account.as_ref())
    };
    checks.map(shown).collect()
}

fn check(
    terms: &CheckTerms,
    (trial, index): (&Trial, usize),
    every: Span,
    account: Option<&Account>,
) -> Check {
    let judged = match terms.judged {
        Judged::Yes => "yes",
        Judged::Shadow => "shadow",
        Judged::NotYet(_) => "not yet",
    };
    let verdict = trial.of_check(index);
    let prospect = prospect(trial, index, every);
    let capacity = prospect.as_ref().and_then(|prospect| prospect.capacity);
    Check {
        check: terms.name.to_string(),
        judged,
        verdict: verdict.map(|verdict| verdict.word()),
        reason: verdict.map(|verdict| reason(&verdict, trial.terms())),
        missing: account.and_then(|account| account.gap).map(|gap| gap.to_string()),
        asked: account.and_then(|account| account.origin.as_ref()).map(|origin| AskedOf {
            new: origin.new.clone(),
            old: origin.old.clone(),
            new_series: origin.new_series,
            old_series: origin.old_series,
            no_older_than: origin.fresh.to_string(),
        }),
        // With the new side's mix of this label the old side's share would be another.
        unlike: account.and_then(|account| account.unlike.as_ref()).map(|unlike| Mixed {
            label: unlike.label.clone(),
            old: unlike.old,
            mixed: unlike.mixed,
        }),
        found: account.map(|account| Found { looks: account.found.0, of: account.found.1 }),
        new: account.map(|account| side(account.new)),
        old: account.map(|account| side(account.old)),
        ratio: account.and_then(|account| ratio(account.new, account.old)),
        interval: account.map(|account| interval((account.interval.lower, account.interval.upper))),
        // Of harm by this check alone, before its share of the release counts.
        confidence: account.map(|account| sureness(account.ln_harm - account.ln_aside.max(0.0))),
        cluster_size: account.map(|account| account.temper),
        levels: account.and_then(|account| account.levels).map(|own| MeanLevels {
            new: own.new,
            old: own.old,
            looks: own.looks,
        }),
        votes: account.and_then(|account| account.votes).map(|own| Votes {
            value: own.value,
            broke: own.broke,
            of: own.of,
        }),
        slices: account.map(|account| slices(account, trial.terms())),
        looks_to_prove_a_doubling: capacity.and_then(|capacity| capacity.to_prove_a_doubling),
        looks_to_pass: capacity.and_then(|capacity| capacity.to_pass),
        in_vain: prospect.as_ref().map(|prospect| prospect.in_vain),
        prospect: prospect.map(|prospect| prospect.words()),
    }
}

fn slices(account: &Account, terms: &Terms) -> Vec<SliceOf> {
    let slice = |own: &SliceAccount| {
        let strand = account.strand_of(&own.slice);
        SliceOf {
            slice: own.slice.to_string(),
            verdict: own.verdict.map(|verdict| verdict.word()),
            reason: own.verdict.map(|verdict| reason_of_slice(&verdict, terms, &own.slice)),
            named: own.named,
            confidence: sureness(own.ln_harm),
            new: strand.map(|strand| side(strand.new)),
            old: strand.map(|strand| side(strand.old)),
            ratio: strand.and_then(|strand| ratio(strand.new, strand.old)),
            interval: strand.map(|strand| interval((strand.interval.lower, strand.interval.upper))),
        }
    };
    account.slices.iter().map(slice).collect()
}

/// What has no bound is null.
const fn interval((lower, upper): (f64, f64)) -> Range {
    Range { lower, upper, confidence: 0.95 }
}

fn side(counted: Tally) -> Side {
    Side { events: counted.events, of: counted.of, share: share(counted) }
}

/// The ratio of two shares; nothing where it is not to be had.
fn ratio(new: Tally, old: Tally) -> Option<f64> {
    let old = share(old).filter(|old| *old > 0.0)?;
    Some(share(new)? / old)
}

#[expect(clippy::cast_precision_loss, reason = "for reading")]
pub(super) fn share(tally: Tally) -> Option<f64> {
    (tally.of > 0).then(|| tally.events as f64 / tally.of as f64)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::gate::{
        Asked, Before, Bound, Counted, Design, Look, Opening, Part, Proof, Slice, Strand, Worse,
    };
    use crate::unit::UnixMillis;

    fn terms() -> Terms {
        let check = CheckTerms {
            name: "errors".parse().unwrap(),
            asked: Asked::Share,
            judged: Judged::Yes,
            weight: 1.0,
            worse: Worse::Higher,
            fails: vec![Bound::Ratio(1.25)],
            passes: Proof::Within(vec![Bound::Ratio(2.0)]),
            at_least: 0,
            critical: false,
            because: None,
            question: None,
        };
        Terms { design: Design::Concurrent, looks: 20, pass_from: 1, share: 1.0, checks: vec![check] }
    }

    /// Errors of one route of two, in so many looks.
    fn shown(looks: i64) -> Value {
        let rows = vec![vec![Tally { events: 10, of: 2_000 }; 4]; 60];
        let strand = |slice| Strand { part: Part { slice, border: None }, rows: rows.clone() };
        let slice = |name: &str| Some(Slice::Of(vec![name.to_owned()]));
        let strands = vec![strand(None), strand(slice("/pay")), strand(slice("/see"))];
        let opening = Opening { checks: vec![Before { strands, ..Before::default() }] };
        let mut trial = Trial::open(terms(), &opening);
        let counted = |events| Counted {
            new: Tally { events, of: 1_000 },
            old: vec![Tally { events: 5, of: 1_000 }; 4],
        };
        let counts = crate::gate::Counts {
            strands: vec![counted(45), counted(40), counted(5)],
            aside: Vec::new(),
            merged: None,
            mixes: Vec::new(),
        };
        for number in 1..=looks {
            let found = vec![crate::gate::Found::Counts(counts.clone())];
            trial.look(&Look { at: UnixMillis::new(30_000 * number), found });
        }
        json!(checks(&trial, Span::from_secs(30)).remove(0))
    }

    #[test]
    fn a_check_shows_its_verdict_and_grounds() {
        let check = shown(6);
        assert_eq!((&check["verdict"], &check["judged"]), (&json!("fail"), &json!("yes")));
        assert_eq!(check["reason"], "check errors is proved to do more harm than it may");
        assert_eq!(check["new"], json!({ "events": 270, "of": 6_000, "share": 0.045 }));
        assert_eq!(check["old"], json!({ "events": 120, "of": 24_000, "share": 0.005 }));
        let (ratio, least) = (check["ratio"].as_f64().unwrap(), check["interval"]["lower"].as_f64().unwrap());
        assert!((ratio - 9.0).abs() < 1e-9 && 1.25 < least && least < ratio, "{check}");
        assert!(check["confidence"].as_f64().unwrap() > 0.99, "{check}");
        let named: Vec<_> =
            check["slices"].as_array().unwrap().iter().map(|slice| slice["named"].clone()).collect();
        assert_eq!(named, [json!(true), json!(false)]);
        let [pay, see] = [&check["slices"][0], &check["slices"][1]];
        assert_eq!(pay["verdict"], "fail");
        assert_eq!(pay["reason"], "slice /pay is proved to do more harm than it may");
        assert_eq!(see["verdict"], "pass");
        assert_eq!(see["reason"], "slice /see is proved to do no more harm than it may");
        let (ratio, least) = (pay["ratio"].as_f64().unwrap(), pay["interval"]["lower"].as_f64().unwrap());
        assert!((ratio - 8.0).abs() < 1e-9 && 1.25 < least && least < ratio, "{pay}");
        assert!(check["looks_to_prove_a_doubling"].as_f64().unwrap() > 0.0, "{check}");
        assert_eq!(check["in_vain"], false);
    }

    #[test]
    fn a_check_that_compares_unlike_mixes_shows_by_what() {
        let tally = |events, of| Tally { events, of };
        let old = [tally(45, 9_000), tally(50, 1_000), tally(0, 0)];
        let new = [tally(4, 800), tally(10, 200), tally(0, 0)];
        let counted = |(new, old): (&Tally, &Tally)| Counted { new: *new, old: vec![*old] };
        let counts = crate::gate::Counts {
            strands: vec![Counted { new: Tally::sum(&new), old: vec![Tally::sum(&old)] }],
            mixes: new.iter().zip(&old).map(counted).collect(),
            ..crate::gate::Counts::default()
        };
        let values = vec!["/see".to_owned(), "/pay".to_owned()];
        let mixes = vec![crate::gate::Mix { label: "route".to_owned(), values, before: old.to_vec() }];
        let opening = Opening { checks: vec![Before { mixes, ..Before::default() }] };
        let mut trial = Trial::open(terms(), &opening);
        for number in 1..=9 {
            let found = vec![crate::gate::Found::Counts(counts.clone())];
            trial.look(&Look { at: UnixMillis::new(30_000 * number), found });
        }
        let check = json!(checks(&trial, Span::from_secs(30)).remove(0));
        assert_eq!(check["verdict"], "inconclusive");
        assert_eq!(
            check["reason"],
            "check errors compares unlike mixes of traffic, so it is not judged as a whole"
        );
        assert_eq!(check["unlike"]["label"], "route");
        assert!((check["unlike"]["mixed"].as_f64().unwrap() - 0.014).abs() < 1e-12, "{check}");
    }

    #[test]
    fn a_check_without_a_look_says_so() {
        let check = shown(0);
        assert_eq!((&check["verdict"], &check["missing"]), (&json!("inconclusive"), &Value::Null));
        assert_eq!(check["prospect"], "nobody can tell yet what it could prove, as a side has no traffic");
    }
}
