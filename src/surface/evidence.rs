//! What each check of a gate shows, as JSON: its verdict with the reason, effect, interval and counts.

use serde_json::{Value, json};

use crate::gate::{Account, CheckTerms, Judged, SliceAccount, Tally, Terms, Trial, sureness};
use crate::ledger::{prospect, reason, reason_of_slice};
use crate::unit::Span;

/// The checks of a trial that looks so often, each in one shape, whoever asks.
pub fn checks(trial: &Trial, every: Span) -> Vec<Value> {
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
) -> Value {
    let judged = match terms.judged {
        Judged::Yes => "yes",
        Judged::Shadow => "shadow",
        Judged::NotYet(_) => "not yet",
    };
    let verdict = trial.of_check(index);
    let prospect = prospect(trial, index, every);
    let capacity = prospect.as_ref().and_then(|prospect| prospect.capacity);
    json!({
        "check": terms.name.as_str(),
        "judged": judged,
        "verdict": verdict.map(|verdict| verdict.word()),
        "reason": verdict.map(|verdict| reason(&verdict, trial.terms())),
        "missing": account.and_then(|account| account.gap).map(|gap| gap.to_string()),
        "asked": account.and_then(|account| account.origin.as_ref()).map(|origin| {
            json!({
                "new": origin.new, "old": origin.old, "new_series": origin.new_series, "old_series": origin.old_series,
                "no_older_than": origin.fresh.to_string(),
            })
        }),
        // With the new side's mix of this label the old side's share would be another.
        "unlike": account.and_then(|account| account.unlike.as_ref()).map(|unlike| {
            json!({ "label": unlike.label, "old": unlike.old, "mixed": unlike.mixed })
        }),
        "found": account.map(|account| json!({ "looks": account.found.0, "of": account.found.1 })),
        "new": account.map(|account| tally(account.new)),
        "old": account.map(|account| tally(account.old)),
        "ratio": account.and_then(|account| ratio(account.new, account.old)),
        "interval": account.map(|account| interval((account.interval.lower, account.interval.upper))),
        // Of harm by this check alone, before its share of the release counts.
        "confidence": account.map(|account| sureness(account.ln_harm - account.ln_aside.max(0.0))),
        "cluster_size": account.map(|account| account.temper),
        "levels": account.and_then(|account| account.levels).map(|own| {
            json!({ "new": own.new, "old": own.old, "looks": own.looks })
        }),
        "votes": account.and_then(|account| account.votes).map(|own| {
            json!({ "value": own.value, "broke": own.broke, "of": own.of })
        }),
        "slices": account.map(|account| slices(account, trial.terms())),
        "looks_to_prove_a_doubling": capacity.and_then(|capacity| capacity.to_prove_a_doubling),
        "looks_to_pass": capacity.and_then(|capacity| capacity.to_pass),
        "in_vain": prospect.as_ref().map(|prospect| prospect.in_vain),
        "prospect": prospect.map(|prospect| prospect.words()),
    })
}

fn slices(account: &Account, terms: &Terms) -> Vec<Value> {
    let slice = |own: &SliceAccount| {
        let strand = account.strand_of(&own.slice);
        json!({
            "slice": own.slice.to_string(),
            "verdict": own.verdict.map(|verdict| verdict.word()),
            "reason": own.verdict.map(|verdict| reason_of_slice(&verdict, terms, &own.slice)),
            "named": own.named,
            "confidence": sureness(own.ln_harm),
            "new": strand.map(|strand| tally(strand.new)),
            "old": strand.map(|strand| tally(strand.old)),
            "ratio": strand.and_then(|strand| ratio(strand.new, strand.old)),
            "interval": strand.map(|strand| interval((strand.interval.lower, strand.interval.upper))),
        })
    };
    account.slices.iter().map(slice).collect()
}

/// What has no bound is null.
fn interval((lower, upper): (f64, f64)) -> Value {
    json!({ "lower": lower, "upper": upper, "confidence": 0.95 })
}

fn tally(counted: Tally) -> Value {
    json!({ "events": counted.events, "of": counted.of, "share": share(counted) })
}

/// The ratio of two shares; nothing where it is not to be had.
fn ratio(new: Tally, old: Tally) -> Option<f64> {
    let old = share(old).filter(|old| *old > 0.0)?;
    Some(share(new)? / old)
}

#[expect(clippy::cast_precision_loss, reason = "for reading")]
fn share(tally: Tally) -> Option<f64> {
    (tally.of > 0).then(|| tally.events as f64 / tally.of as f64)
}

#[cfg(test)]
mod tests {
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
        checks(&trial, Span::from_secs(30)).remove(0)
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
        let check = checks(&trial, Span::from_secs(30)).remove(0);
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
