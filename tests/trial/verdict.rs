//! Verdicts: which one, and for which reason.
#![expect(clippy::unnecessary_wraps, reason = "a look may lack what a check asks for")]

use backstop::gate::{
    Bound, CheckTerms, Counted, Design, Judged, Opening, Proof, Shortfall, Tally, Terms, Trial, Unjudged,
    Verdict, Worse,
};

use crate::{check, fold, look, tally, terms};

type Edit = fn(&mut Terms);

fn well() -> Option<Counted> {
    Some(Counted { new: tally(10, 1_000), old: vec![tally(10, 1_000); 4] })
}

fn badly() -> Option<Counted> {
    Some(Counted { new: tally(100, 1_000), old: vec![tally(10, 1_000); 4] })
}

fn silent() -> Option<Counted> {
    Some(Counted { new: tally(0, 0), old: vec![tally(10, 1_000); 4] })
}

/// So much traffic that one look alone would prove anything, but for the cap.
fn vast(times: u64) -> Option<Counted> {
    Some(Counted { new: tally(1_000 * times, 1_000_000), old: vec![tally(1_000, 1_000_000); 4] })
}

fn alone() -> Option<Counted> {
    Some(Counted { new: tally(1, 1_000), old: vec![tally(0, 0); 4] })
}

fn concurrent(edit: Edit) -> Terms {
    let mut terms = terms(Design::Concurrent, 20, vec![check("errors"), check("other")]);
    edit(&mut terms);
    terms
}

fn word(trial: &Trial) -> String {
    match trial.standing().verdict {
        Verdict::Pass(finding) => {
            format!("pass by {}{}", finding.check, if finding.proved { "" } else { ", not contradicted" })
        }
        Verdict::Fail(finding) => format!("fail by {}", finding.check),
        Verdict::Inconclusive(shortfall) => match shortfall {
            Shortfall::NoLook => "no look".to_owned(),
            Shortfall::Unheard { deaf } => format!("the source {deaf}"),
            Shortfall::NoTraffic { check, arm } => format!("no traffic on {arm:?} of {check}"),
            Shortfall::Missing { check, .. } => format!("{check} is missing"),
            Shortfall::TooFew { check, had, needs } => format!("{had} of {needs} for {check}"),
            Shortfall::Unjudged { check, .. } => format!("{check} is not judged yet"),
            Shortfall::Unlike { check } => format!("{check} has unlike mixes"),
            Shortfall::Saturated { check, at } => format!("{check} lacks a bucket at {at}"),
            Shortfall::Leaning { check, .. } => format!("leaning by {check}"),
            Shortfall::NotProved { check } => format!("not proved, {check} the least"),
        },
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_verdict_has_its_reason() {
    type Row = (&'static str, Edit, Vec<[Option<Counted>; 2]>, &'static str);
    let none: Edit = |_| {};
    let rows: Vec<Row> = vec![
        ("before the first look", none, vec![], "no look"),
        ("a look", none, vec![[well(), well()]], "not proved, 0 the least"),
        ("both are proved", none, vec![[well(), well()]; 10], "pass by 0"),
        ("one has no traffic", none, vec![[well(), silent()]; 10], "no traffic on New of 1"),
        ("one has none beside it", none, vec![[alone(), well()]; 10], "no traffic on Old of 0"),
        (
            "the last look could not count",
            none,
            [vec![[well(), well()]; 10], vec![[well(), None]]].concat(),
            "1 is missing",
        ),
        (
            "an earlier one could not",
            none,
            [vec![[well(), None]], vec![[well(), well()]; 10]].concat(),
            "pass by 1",
        ),
        ("a bad look", none, vec![[well(), badly()]], "leaning by 1"),
        (
            "all that speaks against it in the last look",
            none,
            [vec![[silent(), silent()]; 19], vec![[vast(100), vast(100)]]].concat(),
            "leaning by 0",
        ),
        ("all that speaks for it in one look", none, vec![[vast(1), vast(1)]], "not proved, 0 the least"),
        ("two bad looks", none, vec![[well(), badly()]; 2], "fail by 1"),
        (
            "what failed stays failed, by the check that failed",
            none,
            [vec![[well(), badly()]; 3], vec![[well(), well()]; 17]].concat(),
            "fail by 1",
        ),
        (
            "a failure is not hidden by what is missing",
            none,
            [vec![[well(), badly()]; 2], vec![[None, None]]].concat(),
            "fail by 1",
        ),
        ("too early", |terms| terms.pass_from = 11, vec![[well(), well()]; 10], "not proved, 0 the least"),
        ("just late enough", |terms| terms.pass_from = 10, vec![[well(), well()]; 10], "pass by 0"),
        (
            "most of the evidence is other gates'",
            |terms| terms.share = 0.1,
            vec![[well(), badly()]; 2],
            "leaning by 1",
        ),
        (
            "too few to say anything",
            |terms| terms.checks[1].at_least = 5_000,
            vec![[well(), badly()]; 4],
            "4000 of 5000 for 1",
        ),
        ("enough to", |terms| terms.checks[1].at_least = 4_000, vec![[well(), badly()]; 4], "fail by 1"),
        (
            "one is not critical",
            |terms| (terms.checks[0].critical, terms.checks[1].passes) = (true, Proof::Never),
            vec![[well(), well()]; 10],
            "pass by 0",
        ),
        (
            "one never passes",
            |terms| terms.checks[1].passes = Proof::Never,
            vec![[well(), well()]; 10],
            "not proved, 1 the least",
        ),
        (
            "not contradicted, before the end",
            |terms| terms.checks[1].passes = Proof::NotContradicted,
            vec![[well(), well()]; 19],
            "not proved, 1 the least",
        ),
        (
            "not contradicted, at the end",
            |terms| terms.checks[1].passes = Proof::NotContradicted,
            vec![[well(), well()]; 20],
            "pass by 1, not contradicted",
        ),
        (
            "one cannot be judged",
            |terms| terms.checks[1].judged = Judged::NotYet(Unjudged::NoCounter),
            vec![[well(), well()]; 10],
            "1 is not judged yet",
        ),
        (
            "one cannot be judged, and the other fails",
            |terms| terms.checks[1].judged = Judged::NotYet(Unjudged::NoCounter),
            vec![[badly(), well()]; 2],
            "fail by 0",
        ),
        (
            "one is in shadow",
            |terms| terms.checks[1].judged = Judged::Shadow,
            vec![[well(), badly()]; 10],
            "pass by 0",
        ),
        (
            "all are in shadow",
            |terms| terms.checks.iter_mut().for_each(|check| check.judged = Judged::Shadow),
            vec![[badly(), badly()]; 10],
            "not proved, 0 the least",
        ),
    ];
    for (what, edit, looks, expected) in rows {
        let looks: Vec<_> = looks.into_iter().map(Vec::from).collect();
        let trial = fold(&concurrent(edit), &Opening::default(), &looks);
        assert_eq!(word(&trial), expected, "{what}: {:?}", trial.standing());
    }
}

/// The culprit is the one that said it loudest when it was proved, not the one that happens to be loudest now.
#[test]
fn a_failure_keeps_its_culprit() {
    let mut trial = Trial::open(concurrent(|_| {}), &Opening::default());
    for number in 0..3 {
        trial.look(&look(number, vec![well(), badly()]));
    }
    let failed = trial.standing().verdict;
    assert!(matches!(failed, Verdict::Fail(finding) if finding.check == 1));
    // The first gets loud, but never as loud as the second was.
    let better = Some(Counted { new: tally(0, 20_000), old: vec![tally(50, 1_000); 4] });
    for number in 3..6 {
        trial.look(&look(number, vec![badly(), better.clone()]));
    }
    assert!(trial.account(1).unwrap().ln_harm < trial.account(0).unwrap().ln_harm);
    if trial.standing().ln_now < trial.standing().ln_most {
        assert_eq!(trial.standing().verdict, failed);
    }
}

/// A baseline with holes, as of a process that began to watch an hour ago, proves what the hour can.
#[test]
fn a_hole_in_a_baseline_costs_no_look() {
    let terms = terms(Design::AfterBefore, 40, vec![check("errors")]);
    let hour: Vec<Vec<Tally>> = vec![vec![tally(3, 300)]; 120];
    let looks: Vec<_> =
        (0..10).map(|_| vec![Some(Counted { new: tally(60, 300), old: Vec::new() })]).collect();
    let whole = fold(&terms, &crate::opening(vec![hour.clone()]), &looks);
    for hole in [vec![], vec![tally(0, 0)]] {
        let holes = vec![hole; 360];
        for rows in [[holes.clone(), hour.clone()].concat(), [hour.clone(), holes].concat()] {
            let trial = fold(&terms, &crate::opening(vec![rows]), &looks);
            assert!(matches!(trial.standing().verdict, Verdict::Fail(_)), "{:?}", trial.standing());
            assert_eq!(trial.standing(), whole.standing());
        }
    }
    assert!(matches!(fold(&terms, &Opening::default(), &looks).standing().verdict, Verdict::Inconclusive(_)));
}

/// A look in which nobody counted leaves the pairs of looks whole from which the size of clusters is learnt.
#[test]
fn a_missing_look_does_not_change_how_clusters_are_seen() {
    let terms = terms(Design::Concurrent, 60, vec![check("errors")]);
    let uneven = |number: usize| {
        Some(Counted {
            new: tally(1, 100),
            old: vec![tally(if number.is_multiple_of(2) { 40 } else { 0 }, 1_000)],
        })
    };
    let (mut whole, mut holes) = (Vec::new(), Vec::new());
    for number in 0..20 {
        whole.push(vec![uneven(number)]);
        holes.extend([vec![None], vec![uneven(number)]]);
    }
    let temper =
        |looks: &[Vec<Option<Counted>>]| fold(&terms, &Opening::default(), looks).account(0).unwrap().temper;
    assert!(temper(&whole) > 10.0);
    assert_eq!(temper(&whole).to_bits(), temper(&holes).to_bits());
}

/// What a look tells of clusters counts from the next one on.
#[test]
fn no_look_chooses_its_own_temper() {
    let terms =
        terms(Design::Concurrent, 60, vec![CheckTerms { fails: vec![Bound::Ratio(1.0)], ..check("errors") }]);
    let calm = vec![vec![tally(5, 500); 4]; 120];
    let opening = crate::opening(vec![calm]);
    let with = |old: Vec<Tally>| {
        let mut trial = Trial::open(terms.clone(), &opening);
        let before = trial.account(0).unwrap().temper;
        let first = trial.look(&look(0, vec![Some(Counted { new: tally(20, 500), old })]));
        (before, first.ln_now, trial.account(0).unwrap().temper)
    };
    // The same sums, in one group or spread evenly.
    let (even, uneven) = (
        with(vec![tally(25, 500); 4]),
        with(vec![tally(100, 500), tally(0, 500), tally(0, 500), tally(0, 500)]),
    );
    assert_eq!((even.0.to_bits(), even.1.to_bits()), (uneven.0.to_bits(), uneven.1.to_bits()));
    assert!(even.2 < uneven.2, "{even:?} {uneven:?}");
}

/// What a check shows is a part of the release's evidence, so it takes longer where there are others.
#[test]
fn capacity_knows_that_evidence_is_shared() {
    let needed = |share: f64, checks: usize| {
        let checks = (0..checks).map(|index| check(&format!("c{index}"))).collect();
        let mut terms = terms(Design::Concurrent, 60, checks);
        terms.share = share;
        let looks = vec![vec![well(); terms.checks.len()]; 3];
        fold(&terms, &Opening::default(), &looks).capacity(0).unwrap().to_prove_a_doubling.unwrap()
    };
    let alone = needed(1.0, 1);
    assert!(alone < needed(0.5, 1) && alone < needed(1.0, 2));
    assert!((needed(0.5, 1) - needed(1.0, 2)).abs() < 1e-9);
}

/// Fewer orders are worse where more is better.
#[test]
fn fewer_can_be_worse() {
    let fewer = CheckTerms {
        worse: Worse::Lower,
        fails: vec![Bound::Ratio(0.8), Bound::Difference(0.05)],
        passes: Proof::Within(vec![Bound::Ratio(0.5)]),
        ..check("orders")
    };
    let terms = terms(Design::Concurrent, 20, vec![fewer]);
    for (orders, expected) in [(300, "pass by 0"), (150, "fail by 0"), (600, "pass by 0")] {
        let looks =
            vec![vec![Some(Counted { new: tally(orders, 1_000), old: vec![tally(300, 1_000); 4] })]; 12];
        assert_eq!(word(&fold(&terms, &Opening::default(), &looks)), expected, "{orders} orders");
    }
}
