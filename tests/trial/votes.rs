//! Expressions: thresholds that have to be broken in so many of the last looks.

use backstop::gate::{
    Asked, Bound, CheckTerms, Counted, Design, Found, Gap, Judged, Look, Opening, Proof, Shortfall, Terms,
    Trial, Verdict, Worse,
};
use backstop::unit::UnixMillis;
use proptest::prelude::*;

use crate::{check, tally, terms};

/// A budget burns too fast in so many of so many looks.
fn burn(agree: u32, of: u32) -> CheckTerms {
    CheckTerms {
        asked: Asked::Votes { agree, of },
        fails: vec![Bound::Value(14.4)],
        passes: Proof::Within(vec![Bound::Value(1.0)]),
        ..check("burn")
    }
}

fn fold(terms: &Terms, looks: &[Vec<Found>]) -> Trial {
    let mut trial = Trial::open(terms.clone(), &Opening::default());
    for (number, found) in looks.iter().enumerate() {
        let at = UnixMillis::new(30_000 * i64::try_from(number).unwrap());
        trial.look(&Look { at, found: found.clone() });
    }
    trial
}

/// `x` breaks it, `o` keeps what a pass asks, `-` does neither, `.` is missing, `n` is no number, `i` an infinite one.
fn looks(text: &str) -> Vec<Vec<Found>> {
    let found = |c: char| match c {
        'x' => Found::Value(20.0),
        'o' => Found::Value(0.5),
        '-' => Found::Value(5.0),
        'n' => Found::Value(f64::NAN),
        'i' => Found::Value(f64::INFINITY),
        _ => Found::Missing(Gap::NoValue),
    };
    text.chars().map(|c| vec![found(c)]).collect()
}

fn outcome(trial: &Trial) -> &'static str {
    match trial.standing().verdict {
        Verdict::Fail(finding) if finding.proved => "proved",
        Verdict::Fail(_) => "broken",
        Verdict::Pass(finding) if finding.proved => "proved to pass",
        Verdict::Pass(_) => "passes",
        Verdict::Inconclusive(Shortfall::Missing { .. }) => "missing",
        Verdict::Inconclusive(Shortfall::NotProved { .. }) => "nothing",
        Verdict::Inconclusive(_) => "other",
    }
}

/// A value that stands exactly on the border.
#[test]
fn a_border_counts_where_the_rule_says_so() {
    use Bound::{Reached, Value};
    for (value, worse, fails, passes, expected) in [
        (14.4, Worse::Higher, Value(14.4), Value(1.0), "nothing"),
        (14.4, Worse::Higher, Reached(14.4), Value(1.0), "broken"),
        (14.3, Worse::Higher, Reached(14.4), Value(1.0), "nothing"),
        (1.0, Worse::Higher, Value(14.4), Value(1.0), "nothing"),
        (1.0, Worse::Higher, Value(14.4), Reached(1.0), "passes"),
        (3.0, Worse::Lower, Value(3.0), Value(9.0), "nothing"),
        (3.0, Worse::Lower, Reached(3.0), Value(9.0), "broken"),
        (9.0, Worse::Lower, Reached(3.0), Reached(9.0), "passes"),
    ] {
        let check =
            CheckTerms { worse, fails: vec![fails], passes: Proof::Within(vec![passes]), ..burn(1, 1) };
        let trial = fold(&terms(Design::Concurrent, 10, vec![check]), &[vec![Found::Value(value)]]);
        assert_eq!(outcome(&trial), expected, "{value} {fails:?} {passes:?}");
    }
}

#[test]
fn so_many_of_the_last_looks_have_to_agree() {
    for (text, expected) in [
        ("", "other"),
        ("x", "nothing"),
        ("xx", "nothing"),
        ("xxx", "broken"),
        ("x-x-x", "broken"),
        ("x-x--x", "nothing"),
        ("xxx--", "broken"),
        ("xxx---", "nothing"),
        ("xx.", "missing"),
        ("xx.x", "broken"),
        ("xxx.", "broken"),
        ("xxx...", "missing"),
        ("xxnnx", "broken"),
        ("iii", "missing"),
        ("nnn", "missing"),
        ("ooo", "passes"),
        ("oo-", "nothing"),
        ("oo-o", "passes"),
        ("ooo.", "missing"),
        ("oooxx", "passes"),
        ("oooxxx", "broken"),
    ] {
        let terms = terms(Design::Concurrent, 60, vec![burn(3, 5)]);
        assert_eq!(outcome(&fold(&terms, &looks(text))), expected, "{text}");
    }
}

#[test]
fn what_is_enough_for_a_pass_is_the_rules_word() {
    let not_contradicted = |looks| {
        let check = CheckTerms { passes: Proof::NotContradicted, ..burn(3, 5) };
        terms(Design::Concurrent, looks, vec![check])
    };
    let never = terms(Design::Concurrent, 4, vec![CheckTerms { passes: Proof::Never, ..burn(3, 5) }]);
    let shadow = terms(Design::Concurrent, 4, vec![CheckTerms { judged: Judged::Shadow, ..burn(3, 5) }]);
    let lower = CheckTerms {
        worse: Worse::Lower,
        fails: vec![Bound::Value(1.0)],
        passes: Proof::Within(vec![Bound::Value(14.4)]),
        ..burn(2, 3)
    };
    let two = |check: CheckTerms| terms(Design::Concurrent, 9, vec![check]);
    for (terms, text, expected) in [
        (not_contradicted(5), "----", "nothing"),
        (not_contradicted(4), "----", "passes"),
        (not_contradicted(4), "-xxx", "broken"),
        (not_contradicted(4), "---.", "missing"),
        (never, "oooo", "nothing"),
        (shadow, "xxxx", "nothing"),
        (two(lower.clone()), "oo", "broken"),
        (two(lower), "xx", "passes"),
    ] {
        assert_eq!(outcome(&fold(&terms, &looks(text))), expected, "{text}");
    }
}

/// A threshold beside a check that gathers evidence: it neither adds to that nor takes from it.
#[test]
fn a_threshold_weighs_nothing() {
    let counted =
        |events| Found::from(Counted { new: tally(events, 1_000), old: vec![tally(10, 10_000); 2] });
    let beside = |events, text: &str| -> Vec<Vec<Found>> {
        looks(text).into_iter().map(|own| [vec![counted(events)], own].concat()).collect()
    };
    let both = terms(Design::Concurrent, 60, vec![check("errors"), burn(3, 5)]);
    let alone = terms(Design::Concurrent, 60, vec![check("errors")]);
    for (events, text, expected) in [
        (1, "ooooo", "nothing"),
        (1, "xxxxx", "broken"),
        (30, "ooooo", "proved"),
        (30, "xxxxx", "proved"),
        (1, "oooooooooooooooooooooooooooooooooooooooo", "proved to pass"),
        (1, "oooooooooooooooooooooooooooooooooooooxxx", "broken"),
        (1, "oooooooooooooooooooooooooooooooooooooxx-", "nothing"),
    ] {
        let trial = fold(&both, &beside(events, text));
        let without: Vec<Vec<Found>> = text.chars().map(|_| vec![counted(events)]).collect();
        let (own, other) = (trial.standing(), fold(&alone, &without).standing());
        assert_eq!(outcome(&trial), expected, "{events} {text}");
        assert_eq!((own.ln_now, own.ln_most, own.ln_ours), (other.ln_now, other.ln_most, other.ln_ours));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// It is broken just where so many of the last looks broke it, is never evidence, and what it said before those
    /// does not matter.
    #[test]
    fn the_last_looks_count_and_nothing_else(
        agree in 1_u32..4, more in 0_u32..4,
        before in "[xo.n-]{0,8}", text in "[xo.n-]{0,12}",
    ) {
        let of = usize::try_from(agree + more).unwrap();
        let terms = terms(Design::Concurrent, 60, vec![burn(agree, agree + more)]);
        let trial = fold(&terms, &looks(&text));
        let last: Vec<char> = text.chars().rev().take(of).collect();
        let broke = last.iter().filter(|c| **c == 'x').count();
        prop_assert_eq!(outcome(&trial) == "broken", usize::try_from(agree).unwrap() <= broke);
        let standing = trial.standing();
        prop_assert_eq!((standing.ln_now, standing.ln_most, standing.ln_ours), (0.0, 0.0, 0.0));
        if of <= text.len() {
            prop_assert_eq!(outcome(&fold(&terms, &looks(&(before + &text)))), outcome(&trial));
        }
    }
}
