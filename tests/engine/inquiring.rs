//! What the texts of an action ask: found out before an attempt is written down, and the same in each.

use backstop::decision::{Answers, Found, Key, Outcome, Refusal, Turn};
use backstop::engine::{Event, State};
use backstop::ledger::Record;
use backstop::unit::Span;

use crate::attempts::ONLY_ROLLBACK;
use crate::bench::{Bench, Does, at, change, lost, program, rejected, seconds, taken};

/// The rollback says what it found.
const ASKS: (&str, &str) = (
    "url: 'http://localhost/r',",
    "url: 'http://localhost/r', body: { rate: '{{ range query `errors` }}{{ .Value }}{{ end }}' },",
);

/// Those who are called are told what was found.
pub(crate) const NOTIFY_ASKS: (&str, &str) = (
    "url: 'http://localhost/n',",
    "url: 'http://localhost/n', body: { rate: '{{ range query `errors` }}{{ .Value }}{{ end }}' },",
);

/// Nothing but a pass leads to anything.
const PROMOTES: (&str, &str) = (
    "{ confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback }",
    "{ confidence: 0.99, do: notify }",
);

fn answers(value: f64) -> Answers {
    let mut answers = Answers::default();
    answers.add("errors", Ok(vec![Found { labels: [].into(), value }]));
    answers
}

/// A bench on which it was asked just now what a text needs.
fn asked(edits: &[(&str, &str)]) -> (Bench, Key, i64) {
    let mut bench = Bench::new(edits).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    while bench.world.inquiries.is_empty() {
        assert!(bench.now < at(600), "nothing was asked: {:?}", bench.decided());
        tick(&mut bench);
    }
    let key = bench.world.inquiries[0].key.clone();
    let now = seconds(bench.now);
    (bench, key, now)
}

fn tick(bench: &mut Bench) {
    bench.now = bench.now.plus(Span::from_secs(1));
    bench.happen(Event::Tick);
}

/// What nobody has answered: for which action, and before which attempt.
fn inquiries(bench: &Bench) -> Vec<(Key, u32)> {
    bench.world.inquiries.iter().map(|inquiry| (inquiry.key.clone(), inquiry.attempt)).collect()
}

/// Answers everything that was asked.
fn inform(bench: &mut Bench, answers: &Result<Answers, String>) {
    for inquiry in std::mem::take(&mut bench.world.inquiries) {
        bench.happen(Event::Informed(inquiry, answers.clone()));
    }
}

/// What was written down with each attempt, in its order.
fn written(bench: &Bench) -> Vec<(u32, Answers)> {
    let attempt = |record: &Record| match record {
        Record::Intended(intention) => Some((1, intention.answers.clone())),
        Record::Retried { attempt, answers, .. } => Some((*attempt, answers.clone())),
        _ => None,
    };
    bench.records.iter().filter_map(attempt).collect()
}

/// What the next attempt would say.
fn known(bench: &Bench, key: &Key) -> Option<Answers> {
    bench.engine.flight(key).map(|flight| flight.intention.answers.clone())
}

#[test]
fn nothing_is_written_down_or_sent_before_it_is_known_what_is_said() {
    let (mut bench, key, _) = asked(&[ONLY_ROLLBACK, ASKS]);
    for _ in 0..5 {
        tick(&mut bench);
    }
    assert!(bench.intended().is_empty() && bench.world.sent.is_empty());
    assert_eq!(inquiries(&bench), [(key.clone(), 1)], "it is asked once");
    inform(&mut bench, &Ok(answers(0.25)));
    assert_eq!(written(&bench), [(1, answers(0.25))]);
    assert_eq!(bench.world.sent, [(key, 1)]);
}

/// Neither a refusal, nor a lost answer, nor a restart changes a word of what was said first.
#[test]
fn each_attempt_says_the_same() {
    for restarts in [false, true] {
        let (mut bench, key, began) = asked(&[ONLY_ROLLBACK, ASKS]);
        inform(&mut bench, &Ok(answers(0.25)));
        bench.answer(&rejected(None));
        if restarts {
            bench.restart(program(&[ONLY_ROLLBACK, ASKS]));
        }
        assert_eq!(known(&bench, &key), Some(answers(0.25)));
        while bench.world.inquiries.is_empty() {
            assert!(bench.now < at(began + 60), "it is not tried again");
            tick(&mut bench);
        }
        assert_eq!(inquiries(&bench), [(key.clone(), 2)]);
        // Whoever finds out begins with what is known, and so asks nothing.
        let before = known(&bench, &key).unwrap();
        inform(&mut bench, &Ok(before));
        assert_eq!(written(&bench), [(1, answers(0.25)), (2, Answers::default())]);
        assert_eq!(bench.world.sent, [(key.clone(), 2)]);
        bench.answer(&lost());
        bench.write_all();
        bench.restart(program(&[ONLY_ROLLBACK, ASKS]));
        assert_eq!(known(&bench, &key), Some(answers(0.25)), "restarts: {restarts}");
    }
}

/// What is known only by the second attempt is said by the third, a restart between them.
#[test]
fn what_cannot_be_filled_is_not_sent_and_asked_again() {
    let (mut bench, key, began) = asked(&[ONLY_ROLLBACK, ASKS]);
    inform(&mut bench, &Err("its source does not answer".to_owned()));
    assert_eq!(bench.intended(), ["rollback a"], "what could not be sent is on file as well");
    assert!(bench.world.sent.is_empty());
    bench.run(began + 3, &taken());
    assert_eq!(inquiries(&bench), [(key.clone(), 2)]);
    inform(&mut bench, &Ok(answers(0.5)));
    assert_eq!(written(&bench), [(1, Answers::default()), (2, answers(0.5))]);
    bench.answer(&rejected(None));
    bench.restart(program(&[ONLY_ROLLBACK, ASKS]));
    assert_eq!(known(&bench, &key), Some(answers(0.5)));
}

#[test]
fn what_is_never_known_fails_as_what_is_never_taken_does() {
    let (mut bench, _, began) = asked(&[ONLY_ROLLBACK, ASKS]);
    while seconds(bench.now) < began + 400 {
        inform(&mut bench, &Err("its source does not answer".to_owned()));
        tick(&mut bench);
    }
    assert_eq!(bench.outcomes(), [Outcome::Failed]);
    assert_eq!(written(&bench).len(), 5);
    assert!(bench.world.sent.is_empty());
}

/// Whoever is asked may be gone.
#[test]
fn what_nobody_says_in_time_is_gone_on_without() {
    let (mut bench, key, began) = asked(&[ONLY_ROLLBACK, ASKS]);
    let first = bench.world.inquiries[0].clone();
    bench.run(began + 14, &taken());
    assert!(bench.intended().is_empty());
    bench.run(began + 15, &taken());
    assert_eq!(bench.intended(), ["rollback a"]);
    assert!(matches!(bench.engine.flight(&key).unwrap().state, State::Resting { next: 2, .. }));
    // What comes after all is not taken for what the next attempt asks.
    bench.happen(Event::Informed(first, Ok(answers(9.0))));
    assert_eq!(known(&bench, &key), Some(Answers::default()));
}

/// Seconds go by while it is found out.
#[test]
fn what_speaks_against_it_meanwhile_counts() {
    let off = |bench: &mut Bench, why: Option<&str>| {
        bench.happen(Event::Switched(Turn::of_all(why.map(str::to_owned), "me")));
    };
    let (mut bench, _, began) = asked(&[ONLY_ROLLBACK, ASKS]);
    off(&mut bench, Some("a drill"));
    inform(&mut bench, &Ok(answers(0.25)));
    assert!(bench.intended().is_empty() && bench.world.sent.is_empty());
    let refused = |record: &Record| match record {
        Record::Refused { why: Refusal::Meanwhile(why), .. } => Some(why.clone()),
        _ => None,
    };
    let why: Vec<_> = bench.records.iter().filter_map(refused).collect();
    assert_eq!(why.len(), 1, "{why:?}");
    assert!(why[0].contains("a drill"), "{why:?}");
    // It is judged again, and done once nothing speaks against it; the same after a restart.
    for restarts in [false, true] {
        let mut bench = bench.clone();
        if restarts {
            bench.restart(program(&[ONLY_ROLLBACK, ASKS]));
        }
        off(&mut bench, None);
        bench.run(began + 60, &taken());
        inform(&mut bench, &Ok(answers(0.5)));
        assert_eq!(bench.intended(), ["rollback a"], "restarts: {restarts}");
    }
    // A further attempt is given up for it.
    let (mut bench, _, began) = asked(&[ONLY_ROLLBACK, ASKS]);
    inform(&mut bench, &Ok(answers(0.25)));
    bench.answer(&rejected(None));
    bench.run(began + 3, &taken());
    off(&mut bench, Some("a drill"));
    inform(&mut bench, &Ok(answers(0.25)));
    assert_eq!(bench.outcomes(), [Outcome::Expired]);
}

/// What was decided and not written down is judged again, and so asked again.
#[test]
fn death_while_it_is_found_out_loses_nothing() {
    let (mut bench, key, began) = asked(&[ONLY_ROLLBACK, ASKS]);
    bench.restart(program(&[ONLY_ROLLBACK, ASKS]));
    while bench.world.inquiries.is_empty() {
        assert!(bench.now < at(began + 60), "it is not asked again");
        tick(&mut bench);
    }
    assert_eq!(inquiries(&bench), [(key, 1)]);
    inform(&mut bench, &Ok(answers(0.5)));
    assert_eq!(written(&bench), [(1, answers(0.5))]);
}

/// What is found out is what the texts ask by now, from the next tick on.
#[test]
fn other_rules_ask_something_else() {
    let other: (&str, &str) =
        (ASKS.0, "url: 'http://localhost/r', body: { rate: '{{ query `requests` }}' },");
    for (what, rules, asks) in [
        ("another query", &[ONLY_ROLLBACK, other][..], true),
        ("nothing", &[ONLY_ROLLBACK], false),
        ("the same", &[ONLY_ROLLBACK, ASKS], true),
    ] {
        let (mut bench, key, _) = asked(&[ONLY_ROLLBACK, ASKS]);
        let before = std::mem::take(&mut bench.world.inquiries);
        bench.reload(program(rules));
        for inquiry in before {
            bench.happen(Event::Informed(inquiry, Ok(answers(9.0))));
        }
        assert!(bench.world.sent.is_empty(), "{what}");
        tick(&mut bench);
        assert_eq!(inquiries(&bench), if asks { vec![(key.clone(), 1)] } else { Vec::new() }, "{what}");
        inform(&mut bench, &Ok(answers(0.25)));
        assert_eq!(bench.world.sent, [(key, 1)], "{what}");
        assert_eq!(written(&bench), [(1, if asks { answers(0.25) } else { Answers::default() })], "{what}");
    }
    // What the rules do not know any more is not done.
    let (mut bench, key, _) = asked(&[ONLY_ROLLBACK, ASKS]);
    bench.reload(program(&[("do: rollback }", "do: pause }")]));
    tick(&mut bench);
    assert!(bench.engine.flight(&key).is_none());
    inform(&mut bench, &Ok(answers(0.25)));
    assert!(!bench.intended().contains(&"rollback a".to_owned()), "{:?}", bench.intended());
}

#[test]
fn a_further_change_meanwhile_comes_first() {
    let (mut bench, _, began) = asked(&[ONLY_ROLLBACK, ASKS]);
    bench.tell(change("a", "3", began + 1));
    inform(&mut bench, &Ok(answers(0.25)));
    assert!(bench.intended().is_empty() && bench.world.sent.is_empty());
    let refused = bench.records.iter().filter(|record| matches!(record, Record::Refused { .. })).count();
    assert_eq!(refused, 1);
}

/// Whoever is to be called about what did not end well is called once that may be, though it could not be at first.
#[test]
fn a_call_waits_for_what_it_says_and_is_not_lost() {
    let rules = [PROMOTES, NOTIFY_ASKS];
    let mut bench = Bench::new(&rules);
    bench.tell(change("a", "2", 0));
    while bench.world.inquiries.is_empty() {
        assert!(bench.now < at(600), "nobody is called: {:?}", bench.outcomes());
        tick(&mut bench);
        bench.answer(&rejected(None));
    }
    assert_eq!(bench.outcomes(), [Outcome::Failed]);
    bench.happen(Event::Switched(Turn::of_all(Some("a drill".to_owned()), "me")));
    inform(&mut bench, &Ok(answers(0.25)));
    assert_eq!(bench.intended(), ["promote a"]);
    bench.happen(Event::Switched(Turn::of_all(None, "me")));
    let now = seconds(bench.now);
    bench.run(now + 5, &taken());
    inform(&mut bench, &Ok(answers(0.5)));
    assert_eq!(bench.intended(), ["promote a", "notify a"]);
    assert_eq!(written(&bench).last(), Some(&(1, answers(0.5))));
}

/// People are told what is known, though nobody says the rest.
#[test]
fn a_message_goes_out_though_nobody_says_what_it_asks() {
    for late in [false, true] {
        let (mut bench, _, began) = asked(&[NOTIFY_ASKS]);
        if late {
            bench.run(began + 15, &taken());
        } else {
            inform(&mut bench, &Err("nobody can say".to_owned()));
            bench.answer(&taken());
        }
        assert_eq!(bench.intended().first().map(String::as_str), Some("notify a"), "late: {late}");
        assert_eq!(bench.outcomes().first(), Some(&Outcome::Taken), "late: {late}");
    }
    // What was said is said again.
    let (mut bench, key, began) = asked(&[NOTIFY_ASKS]);
    inform(&mut bench, &Err("nobody can say".to_owned()));
    bench.answer(&rejected(None));
    while bench.world.sent.is_empty() {
        assert!(bench.now < at(began + 60), "it is not tried again");
        tick(&mut bench);
        assert_eq!(inquiries(&bench), []);
    }
    assert_eq!(known(&bench, &key), Some(Answers::default()));
    assert_eq!(bench.world.sent, [(key, 2)]);
}

/// Where people are is asked until it is known.
#[test]
fn a_message_whose_address_asks_is_not_sent_without_it() {
    let asks: (&str, &str) =
        (NOTIFY_ASKS.0, "url: 'http://localhost/n/{{ range query `oncall` }}{{ .Labels.at }}{{ end }}',");
    let (mut bench, key, began) = asked(&[asks]);
    inform(&mut bench, &Err("its source does not answer".to_owned()));
    assert!(bench.world.sent.is_empty());
    bench.run(began + 3, &taken());
    assert_eq!(inquiries(&bench), [(key.clone(), 2)]);
    inform(&mut bench, &Ok(answers(0.5)));
    assert_eq!(bench.world.sent, [(key, 2)]);
}

/// Whoever is told hears of it though a query has no answer.
#[test]
fn a_message_says_what_was_found() {
    let (mut bench, _, began) = asked(&[NOTIFY_ASKS]);
    assert!(bench.intended().is_empty());
    let mut found = answers(0.25);
    found.add("gone", Err("its source does not answer".to_owned()));
    inform(&mut bench, &Ok(found.clone()));
    assert_eq!(written(&bench).first(), Some(&(1, found)));
    assert_eq!(bench.intended().first().map(String::as_str), Some("notify a"));
    bench.run(began + 120, &taken());
    assert!(bench.intended().contains(&"rollback a".to_owned()), "the others ask nothing");
}
