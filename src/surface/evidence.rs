//! What each check of a gate shows, as JSON: its verdict with the reason, effect, interval and counts.

use serde_json::{Value, json};

use crate::gate::{Account, Judged, Tally, Trial, sureness};
use crate::ledger::{Prospect, prospects, reason};
use crate::unit::Span;

/// The checks of a trial that looks so often.
pub fn checks(trial: &Trial, every: Span) -> Vec<Value> {
    let prospects = prospects(trial, every);
    let checks = trial.terms().checks.iter().enumerate();
    let shown = |(index, check): (usize, &crate::gate::CheckTerms)| {
        let verdict = trial.of_check(index);
        let account = trial.account(index);
        json!({
            "check": check.name.as_str(),
            "has_a_say": check.judged == Judged::Yes,
            "verdict": verdict.map(|verdict| verdict.word()),
            "reason": verdict.map(|verdict| reason(&verdict, trial.terms())),
            "evidence": account.as_ref().map(evidence),
            "slices": account.as_ref().map(slices),
            "prospect": prospects.iter().find(|prospect| prospect.check == check.name).map(prospect),
        })
    };
    checks.map(shown).collect()
}

fn evidence(account: &Account) -> Value {
    let interval = account.interval;
    json!({
        "new": counts(account.new),
        "old": counts(account.old),
        "ratio": ratio(account),
        "ratio_at_least": interval.lower,
        "ratio_at_most": interval.upper.is_finite().then_some(interval.upper),
        // Of harm by this check alone, before its share of the release counts.
        "confidence": sureness(account.ln_harm - account.ln_aside.max(0.0)),
        "cluster_size": account.temper,
        "levels": account.levels.map(|own| json!({ "new": own.new, "old": own.old, "looks": own.looks })),
        "votes": account.votes.map(|own| json!({ "value": own.value, "broke": own.broke, "of": own.of })),
        "gap": account.gap.map(|gap| gap.to_string()),
    })
}

fn slices(account: &Account) -> Vec<Value> {
    let named: Vec<String> = account.culprits().map(ToString::to_string).collect();
    let slice = |(slice, ln): &(crate::gate::Slice, f64)| {
        let strand = account.strands.iter().find(|strand| strand.part.slice.as_ref() == Some(slice));
        let slice = slice.to_string();
        json!({
            "named": named.contains(&slice),
            "slice": slice,
            "confidence": sureness(*ln),
            "new": strand.map(|strand| counts(strand.new)),
            "old": strand.map(|strand| counts(strand.old)),
        })
    };
    account.slices.iter().map(slice).collect()
}

fn prospect(prospect: &Prospect) -> Value {
    let capacity = prospect.capacity;
    json!({
        "looks_to_prove_a_doubling": capacity.and_then(|capacity| capacity.to_prove_a_doubling),
        "looks_to_pass": capacity.and_then(|capacity| capacity.to_pass),
        "in_vain": prospect.in_vain,
        "words": prospect.words,
    })
}

fn counts(tally: Tally) -> Value {
    json!({ "events": tally.events, "of": tally.of })
}

#[expect(clippy::cast_precision_loss, reason = "for reading")]
fn ratio(account: &Account) -> Option<f64> {
    let share = |tally: Tally| (tally.of > 0).then(|| tally.events as f64 / tally.of as f64);
    let old = share(account.old).filter(|old| *old > 0.0)?;
    Some(share(account.new)? / old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{
        Asked, Before, Bound, CheckTerms, Counted, Design, Look, Opening, Part, Proof, Slice, Strand, Terms,
        Worse,
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
        let counts =
            crate::gate::Counts { strands: vec![counted(45), counted(40), counted(5)], aside: Vec::new() };
        for number in 1..=looks {
            let found = vec![crate::gate::Found::Counts(counts.clone())];
            trial.look(&Look { at: UnixMillis::new(30_000 * number), found });
        }
        checks(&trial, Span::from_secs(30)).remove(0)
    }

    #[test]
    fn a_check_shows_its_verdict_and_grounds() {
        let check = shown(6);
        assert_eq!((&check["verdict"], &check["has_a_say"]), (&json!("fail"), &json!(true)));
        assert_eq!(check["reason"], "check errors is proved to do more harm than it may");
        let evidence = &check["evidence"];
        assert_eq!(evidence["new"], json!({ "events": 270, "of": 6_000 }));
        assert_eq!(evidence["old"], json!({ "events": 120, "of": 24_000 }));
        let (ratio, least) =
            (evidence["ratio"].as_f64().unwrap(), evidence["ratio_at_least"].as_f64().unwrap());
        assert!((ratio - 9.0).abs() < 1e-9 && 1.25 < least && least < ratio, "{evidence}");
        assert!(evidence["confidence"].as_f64().unwrap() > 0.99, "{evidence}");
        let named: Vec<_> =
            check["slices"].as_array().unwrap().iter().map(|slice| slice["named"].clone()).collect();
        assert_eq!(named, [json!(true), json!(false)]);
        assert!(check["prospect"]["looks_to_prove_a_doubling"].as_f64().unwrap() > 0.0, "{check}");
    }

    #[test]
    fn a_check_without_a_look_says_so() {
        let check = shown(0);
        assert_eq!(check["verdict"], "inconclusive");
        assert_eq!(
            check["prospect"]["words"],
            "nobody can tell yet what it could prove, as a side has no traffic"
        );
    }
}
