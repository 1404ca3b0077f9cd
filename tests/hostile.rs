//! Hostile queries: none takes long to end once it is told to, none holds more than it may, and none is too deep.
//!
//! `cargo bench --bench hostile` asks them over a million series, and says how long each goes on and what it takes.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "hostile/data.rs"]
mod data;
#[path = "kit/memory.rs"]
mod memory;
#[path = "hostile/queries.rs"]
mod queries;

use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};

use backstop::promql::{Answer, EvalError, Features, Query, When, evaluate, parse};
use backstop::signal::{Labels, NAME, Observation, Point};
use backstop::store::{Bounds, Store};
use backstop::unit::UnixMillis;
use data::{END, store};
use queries::{Hostile, LARGE, LONG, WIDE};

/// One test at a time, so that none counts the memory of another.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many series there are.
const MANY: usize = 20_000;

fn ask(
    hostile: Hostile,
    samples: usize,
    stop: &dyn Fn() -> bool,
    store: &Store,
) -> Result<Answer, EvalError> {
    let plan = parse(hostile.expr, Features::ALL).unwrap_or_else(|fault| panic!("{}: {fault}", hostile.expr));
    evaluate(&plan, &Query { stop, samples, ..Query::new(hostile.when()) }, store)
}

fn hold(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Asks until it was asked so often whether to stop; tells how often that was in the end.
fn stopped(hostile: Hostile, after: usize, store: &Store) -> (Result<Answer, EvalError>, usize) {
    let looks = Cell::new(0);
    let stop = || {
        looks.set(looks.get() + 1);
        after <= looks.get()
    };
    let answer = ask(hostile, backstop::promql::MOST_SAMPLES, &stop, store);
    (answer, looks.get())
}

/// Each has one series, or a few, and each node of its expression begins with a look: all other looks are within a
/// series. Once told to stop it looks no more: whatever it was doing, it is over.
#[test]
fn what_takes_long_stops_within_a_series() {
    let _alone = alone();
    let store = store(0);
    let mut wrong = Vec::new();
    for hostile in LONG {
        for after in [1, 2, 20, 40] {
            let (answer, looks) = stopped(*hostile, after, &store);
            let answer = answer.map(|answer| answer.held);
            if (&answer, looks) != (&Err(EvalError::Stopped), after) {
                wrong.push(format!("{}: {answer:?} after {looks} looks, not {after}", hostile.expr));
            }
        }
    }
    hold(&wrong);
}

/// Among how many series they look at least once.
const AT_MOST: usize = 4_096;

#[test]
fn what_goes_through_all_series_stops_among_them() {
    let _alone = alone();
    let store = store(MANY);
    let (least, mut wrong) = (MANY / AT_MOST, Vec::new());
    for hostile in WIDE {
        let (answer, looks) = stopped(*hostile, least, &store);
        let answer = answer.map(|answer| answer.held);
        if (&answer, looks) != (&Err(EvalError::Stopped), least) {
            wrong.push(format!("{}: {answer:?} after {looks} looks, not {least}", hostile.expr));
        }
    }
    hold(&wrong);
}

/// What a sample may take at most: as a number with its time while it is looked at, and once more as a part of an answer.
const BYTES: u64 = 48;

/// How many samples a query may hold.
const MOST: usize = 400_000;

/// What the query takes besides: its plan, and what is made of a series at a time.
const BESIDES: u64 = 8 << 20;

#[test]
fn what_is_too_large_is_refused_before_it_takes_more_than_it_may() {
    let _alone = alone();
    let store = store(MANY);
    let refused = format!("{}", EvalError::TooManySamples(MOST));
    assert!(
        refused.starts_with("query processing would load too many samples into memory in query execution")
    );
    let mut wrong = Vec::new();
    for hostile in LARGE {
        let before = memory::most_again();
        let answer = ask(*hostile, MOST, &|| false, &store);
        let taken = memory::most().saturating_sub(before);
        let answer = answer.map(|answer| answer.held);
        let may = MOST as u64 * BYTES + BESIDES;
        if answer != Err(EvalError::TooManySamples(MOST)) || may < taken {
            wrong.push(format!("{}: {answer:?} with {taken} bytes; it may take {may}", hostile.expr));
        }
    }
    hold(&wrong);
}

/// How many plans may be kept, and how many bytes they may take.
const PLANS: usize = 32;
const PLANS_TAKE: u64 = 48 << 20;

/// Plans may be kept: what their patterns have seen of texts, however odd those are, must not fill the memory.
#[test]
fn patterns_note_little_of_what_they_have_seen() {
    let _alone = alone();
    let mut store = Store::new(Bounds::default());
    let mut bits = 1_u64;
    let mut letter = || {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        if bits.is_multiple_of(2) { 'a' } else { 'b' }
    };
    for _ in 0..60 {
        let value: String = (0..2_000).map(|_| letter()).collect();
        let labels = Labels::new(vec![(NAME.to_owned(), "x".to_owned()), ("a".to_owned(), value)]);
        let sample = Observation { at: UnixMillis::new(END), start: None, point: Point::Float(1.0) };
        store.observe(&labels.unwrap(), [sample], UnixMillis::new(END));
    }
    let before = memory::most_again();
    let texts = (0..PLANS)
        .map(|index| format!("x{{a!~\"(a|b)*a(a|b){{12}}{index}\", a!~\"(a|b)*b(a|b){{12}}{index}\"}}"));
    let plans: Vec<_> = texts.map(|text| parse(&text, Features::ALL).unwrap()).collect();
    for plan in &plans {
        evaluate(plan, &Query::new(When::At(UnixMillis::new(END))), &store).unwrap();
    }
    let taken = memory::most().saturating_sub(before);
    assert!(taken < PLANS_TAKE, "{PLANS} plans take {taken} bytes; they may take {PLANS_TAKE}");
}

/// Labels that are made of themselves double each time.
#[test]
fn labels_do_not_grow_for_ever() {
    let _alone = alone();
    let labels =
        Labels::new(vec![(NAME.to_owned(), "x".to_owned()), ("a".to_owned(), "12345678".to_owned())]);
    let mut store = Store::new(Bounds::default());
    let sample = Observation { at: UnixMillis::new(END), start: None, point: Point::Float(1.0) };
    store.observe(&labels.unwrap(), [sample], UnixMillis::new(END));
    let nested =
        |begins: &str, ends: &str, times: usize| format!("{}x{}", begins.repeat(times), ends.repeat(times));
    let copies = "$0".repeat(1 << 18);
    for (text, says) in [
        (nested("label_join(", ", \"a\", \"\", \"a\", \"a\")", 16), None),
        (
            nested("label_join(", ", \"a\", \"\", \"a\", \"a\")", 40),
            Some("a label's value of 2097152 bytes would be made"),
        ),
        (
            nested("label_replace(", ", \"a\", \"$0$0\", \"a\", \".*\")", 40),
            Some("a label's value of 2097152 bytes would be made"),
        ),
        (
            format!("label_replace(x, \"a\", \"{copies}\", \"a\", \".*\")"),
            Some("a label's value of 1048584 bytes would be made"),
        ),
    ] {
        let plan = parse(&text, Features::ALL).unwrap();
        let answer = evaluate(&plan, &Query::new(When::At(UnixMillis::new(END))), &store);
        let told = answer.map_or_else(|error| Some(error.to_string()), |_| None);
        let begins: String = text.chars().take(60).collect();
        assert_eq!(told.as_deref().and_then(|told| told.split(';').next()), says, "{begins}");
    }
}

fn many(text: &str, times: usize) -> String {
    text.repeat(times)
}

fn matchers(matcher: &str, times: usize) -> String {
    format!("a{{{}}}", many(matcher, times))
}

/// That each of these texts is refused, and what is said of it.
fn refused(texts: &[(&str, String, &str)]) {
    let mut wrong = Vec::new();
    for (what, text, says) in texts {
        let told = parse(text, Features::ALL).map_or_else(|fault| fault.message, |_| "it is read".to_owned());
        if !told.starts_with(says) {
            wrong.push(format!("{what}: {told}"));
        }
    }
    hold(&wrong);
}

/// Each bound of a text, and what is beyond it.
#[test]
fn what_is_too_deep_or_too_long_to_read_is_refused() {
    let _alone = alone();
    let around =
        |begins: &str, ends: &str, times: usize| format!("{}a{}", many(begins, times), many(ends, times));
    refused(&[
        ("brackets", around("(", ")", 100_000), "brackets may nest 250 deep"),
        ("calls", around("abs(", ")", 100_000), "brackets may nest 250 deep"),
        ("aggregations", around("sum(", ")", 100_000), "brackets may nest 250 deep"),
        ("subqueries", around("max_over_time((", ")[5m:])", 40_000), "brackets may nest 250 deep"),
        (
            "subqueries without brackets",
            around("max_over_time(", "[5m:])", 251),
            "brackets may nest 250 deep",
        ),
        ("signs", around("-", "", 100_000), "an expression may have 5000 operators"),
        ("powers", around("a^", "", 100_000), "an expression may have 5000 operators"),
        ("choices", around("a or ", "", 100_000), "an expression may have 5000 operators"),
        (
            "arguments",
            format!("label_join(a{})", many(", \"b\"", 100_000)),
            "an expression may have 5000 operators",
        ),
        ("matchers", matchers("b=\"c\",", 100_000), "an expression may have 5000 operators"),
        ("labels", format!("sum by ({}) (a)", many("b,", 100_000)), "an expression may have 5000 operators"),
        (
            "labels to match on",
            format!("a + on ({}) a", many("b,", 100_000)),
            "an expression may have 5000 operators",
        ),
        ("a duration", format!("a[1m{}]", many("+1m", 100_000)), "a duration may have 100 parts"),
        (
            "a nested duration",
            format!("a[{}1m{}]", many("(", 100_000), many(")", 100_000)),
            "a duration may have 100 parts",
        ),
        ("a duration's signs", format!("a[{}1m]", many("-", 100_000)), "a duration may have 100 parts"),
        ("a long text", many("a", (1 << 20) + 1), "an expression may have 1048576 bytes"),
    ]);
}

#[test]
fn patterns_that_are_too_large_are_refused() {
    let _alone = alone();
    refused(&[
        (
            "groups of a pattern",
            matchers(&format!("b=~\"{}c{}\"", many("(", 100_000), many(")", 100_000)), 1),
            "the regular expression cannot be read: ",
        ),
        (
            "repeated repeats",
            matchers("b=~\"(a{1000}){1000}\"", 1),
            "the regular expression cannot be read: ",
        ),
        (
            "repeats thrice",
            matchers("b=~\"((a{10}){10}){11}\"", 1),
            "the regular expression cannot be read: ",
        ),
        ("too many repeats", matchers("b=~\"a{1001}\"", 1), "the regular expression cannot be read: "),
        (
            "a large pattern",
            matchers(&format!("b=~\"{}\"", many("(\\\\pL|\\\\w){1,1000}", 50)), 1),
            "the regular expression cannot be read: ",
        ),
        (
            "large patterns",
            matchers("b=~\"(.{0,900})x\",", 1_000),
            "the patterns of an expression may have 100000 parts together",
        ),
    ]);
}

/// What is as deep as may be is read, evaluated and dropped on a thread's small stack.
#[test]
fn what_is_as_deep_as_may_be_is_answered() {
    let _alone = alone();
    let around = |begins: &str, of: &str, ends: &str, times: usize| {
        format!("{}{of}{}", many(begins, times), many(ends, times))
    };
    let texts = [
        around("(", "x", ")", 250),
        around("abs(", "x", ")", 250),
        around("sum(", "x", ")", 250),
        around("-", "x", "", 4_999),
        around("x^", "x", "", 4_999),
        around("x or ", "x", "", 2_000),
        around("1+(", "1", ")", 250),
        around("x and (", "x", ")", 250),
        around("max_over_time(", "x", "[5m:1m])", 250),
        around("label_replace(", "x", ", \"a\", \"b\", \"\", \"\")", 250),
        format!("a[{}1m{}] offset 5m", many("(", 90), many(")", 90)),
    ];
    let answered = std::thread::Builder::new().stack_size(1 << 20).spawn(move || {
        for text in texts {
            let begins: String = text.chars().take(40).collect();
            let plan = parse(&text, Features::ALL).unwrap_or_else(|fault| panic!("{begins}: {fault}"));
            let copy = plan.clone();
            assert_eq!(parse(&copy.to_string(), Features::ALL).as_ref(), Ok(&plan), "{begins}");
            let answer = evaluate(&plan, &Query::new(When::At(UnixMillis::new(END))), &store(0));
            answer.unwrap_or_else(|error| panic!("{begins}: {error}"));
        }
    });
    answered.unwrap().join().unwrap();
}
