//! What holds of a desk, whatever is wished for, and however its source answers.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::decision::CellId;
use crate::promql::{Features, parse};
use crate::run::mirror::Ward;
use crate::run::mirror::batch::{Batch, Met};
use crate::run::mirror::desk::{Desk, MOST_FUSED, Wish};
use crate::run::mirror::feed::Want;
use crate::run::processes::Process;
use crate::signal::{Deaf, Labels, NAME};
use crate::source::prometheus::Room;
use crate::unit::{Span, UnixMillis};

const fn at(second: i64) -> UnixMillis {
    UnixMillis::new(1_795_271_400_000 + second * 1_000)
}

fn want(selector: &str, from: i64) -> Want {
    Want { selector: selector.to_owned(), from: at(from), before: None, room: Room::Number }
}

fn ward(number: usize) -> Ward {
    let target = crate::signal::TargetKey { service: format!("s{number}"), environment: None, cluster: None };
    Ward::Cell(CellId::of(&"gate".parse().unwrap(), &crate::signal::ChangeId(number.to_string()), &target))
}

fn of(service: usize) -> String {
    format!("requests_total{{code=~\"5..\",service=\"s{service}\"}}")
}

/// A desk at which so many wards want a selector each.
fn desk(wards: usize, fuses: bool) -> Desk {
    let mut desk = Desk::new(fuses);
    for number in 0..wards {
        let wish = Wish { own: vec![want(&of(number), 0)], ..Wish::default() };
        desk.wish(ward(number), wish, false);
    }
    desk
}

/// Whether all have what they want up to a second; else they ask for it.
fn all_have(desk: &mut Desk, wards: usize, to: i64) -> bool {
    // Each of them asks.
    let have: Vec<bool> =
        (0..wards).map(|number| desk.has(&ward(number), (at(to), at(to))).is_ok()).collect();
    have.into_iter().all(|own| own)
}

fn batches(desk: &mut Desk, now: i64) -> Vec<Batch> {
    std::iter::from_fn(|| desk.next_batch(at(now))).collect()
}

fn nothing(batch: &Batch) -> Vec<Met> {
    vec![Met { series: 1, processes: BTreeSet::new() }; batch.feeds.len()]
}

#[test]
fn questions_that_differ_in_one_value_are_one_query() {
    for (fuses, queries) in [(true, 3), (false, 250)] {
        let mut desk = desk(250, fuses);
        assert!(!all_have(&mut desk, 250, 600));
        let asked = batches(&mut desk, 600);
        // What was never asked is taken to have twenty series each.
        assert_eq!(
            asked.len(),
            queries,
            "{:?}",
            asked.iter().map(|batch| batch.feeds.len()).collect::<Vec<_>>()
        );
        for batch in &asked {
            desk.answered(batch, nothing(batch));
        }
        assert!(all_have(&mut desk, 250, 600));
        assert!(batches(&mut desk, 600).is_empty());
    }
}

#[test]
fn equal_questions_are_one() {
    let mut desk = Desk::new(false);
    for number in 0..9 {
        desk.wish(ward(number), Wish { own: vec![want("up", 0)], ..Wish::default() }, false);
    }
    assert!(!all_have(&mut desk, 9, 30));
    let asked = batches(&mut desk, 30);
    assert_eq!((asked.len(), asked[0].selector.as_str()), (1, "up"));
    // While it is asked, nobody asks it again.
    assert!(!all_have(&mut desk, 9, 60) && batches(&mut desk, 60).is_empty());
    desk.answered(&asked[0], nothing(&asked[0]));
    assert!(all_have(&mut desk, 9, 30));
    let next = batches(&mut desk, 60);
    assert_eq!((next.len(), next[0].stretch.from, next[0].stretch.to), (1, at(0), at(60)));
}

/// What fails for all is asked for each, so that one bad question is one ward's alone.
#[test]
fn one_bad_question_is_one_wards_own() {
    let mut desk = desk(20, true);
    assert!(!all_have(&mut desk, 20, 600));
    for now in 600..640 {
        for batch in batches(&mut desk, now) {
            if batch.selector.contains("s7\"") || batch.by.is_some() && batch.selector.contains("s7") {
                desk.failed(&batch, Deaf::Failed, at(now));
            } else {
                desk.answered(&batch, nothing(&batch));
            }
        }
    }
    for number in 0..20 {
        let has = desk.has(&ward(number), (at(600), at(600)));
        assert_eq!(has, if number == 7 { Err(Some(Deaf::Failed)) } else { Ok(()) }, "{number}");
    }
}

/// A source that is gone is not asked for each of a hundred questions, and rests longer each time.
#[test]
fn a_source_that_is_gone_is_left_alone() {
    let mut desk = desk(100, true);
    assert!(!all_have(&mut desk, 100, 600));
    let mut asked = 0;
    for second in 0..60 {
        for batch in batches(&mut desk, 600 + second) {
            asked += 1;
            desk.failed(&batch, Deaf::Unreachable, at(600 + second));
        }
    }
    assert!((5..=9).contains(&asked), "{asked}");
    assert_eq!(desk.has(&ward(3), (at(600), at(600))), Err(Some(Deaf::Unreachable)));
}

/// Whoever wants what was before the beginning is given all of it.
#[test]
fn an_earlier_beginning_is_asked_for_anew() {
    let mut desk = Desk::new(true);
    desk.wish(ward(0), Wish { own: vec![want("up", 6_000)], ..Wish::default() }, false);
    assert!(desk.has(&ward(0), (at(6_600), at(6_600))).is_err());
    let first = desk.next_batch(at(6_600)).unwrap();
    // Told of while the first is asked.
    desk.wish(ward(1), Wish { own: vec![want("up", 0)], ..Wish::default() }, false);
    assert!(desk.has(&ward(1), (at(6_600), at(6_600))).is_err());
    desk.answered(&first, nothing(&first));
    assert!(desk.has(&ward(1), (at(6_600), at(6_600))).is_err());
    let second = desk.next_batch(at(6_600)).unwrap();
    assert_eq!((second.begins, second.stretch.from), (true, at(0)));
    desk.answered(&second, nothing(&second));
    assert_eq!(desk.has(&ward(0), (at(6_600), at(6_600))), Ok(()));
    assert_eq!(desk.has(&ward(1), (at(6_600), at(6_600))), Ok(()));
}

/// What tells of the processes of a series is asked for as well, before anybody counts it.
#[test]
fn processes_are_asked_about() {
    let mut desk = desk(1, true);
    assert!(!all_have(&mut desk, 1, 600));
    let batch = desk.next_batch(at(600)).unwrap();
    let processes =
        ["a:1", "a:2"].map(|instance| Process { job: "shop".to_owned(), instance: instance.to_owned() });
    desk.answered(&batch, vec![Met { series: 2, processes: processes.into() }]);
    assert!(!all_have(&mut desk, 1, 600));
    let asked = batches(&mut desk, 600);
    assert_eq!(
        asked.iter().map(|batch| batch.selector.as_str()).collect::<Vec<_>>(),
        [r#"{__name__=~"up|process_start_time_seconds", job="shop", instance=~"a:1|a:2"}"#]
    );
    for batch in &asked {
        desk.answered(batch, nothing(batch));
    }
    assert!(all_have(&mut desk, 1, 600));
    // A process that is gone is not asked about for ever.
    for minute in 11..60 {
        assert!(!all_have(&mut desk, 1, minute * 60));
        for batch in batches(&mut desk, minute * 60) {
            desk.answered(&batch, nothing(&batch));
        }
    }
    assert!(all_have(&mut desk, 1, 59 * 60));
    desk.sweep(|_| true);
    assert_eq!(desk.feeds(), 1);
    desk.sweep(|_| false);
    assert_eq!(desk.feeds(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// However a source answers, whoever is told to have what it wants was given all of it, and in the end everybody is.
    #[test]
    fn whoever_is_told_to_have_it_has_it(
        wants in prop::collection::vec((0_usize..6, prop::sample::select(vec!["m", "n"]), 0_i64..2_000), 1..12),
        fuses: bool,
        answers in prop::collection::vec((any::<bool>(), 0_usize..4, any::<bool>()), 0..60),
    ) {
        let mut desk = Desk::new(fuses);
        let selector = |name: &str, service: usize| format!("{name}{{service=\"s{service}\"}}");
        let mut given: BTreeMap<String, Vec<(UnixMillis, UnixMillis)>> = BTreeMap::new();
        let mut running: Vec<Batch> = Vec::new();
        let (mut wards, mut now) = (Vec::new(), 4_000);
        let mut wants = wants.into_iter();
        let mut answers = answers.into_iter();
        for round in 0..400 {
            if let Some((service, name, from)) = wants.next() {
                let wish = Wish { own: vec![want(&selector(name, service), from)], ..Wish::default() };
                desk.wish(ward(wards.len()), wish, false);
                wards.push((selector(name, service), from));
            }
            for (number, (selector, from)) in wards.iter().enumerate() {
                if desk.has(&ward(number), (at(now - 60), at(now))).is_ok() {
                    let mut to = at(*from);
                    for (begin, end) in given.get(selector).into_iter().flatten() {
                        if *begin <= to { to = to.max(*end); }
                    }
                    prop_assert!(at(now - 60) <= to, "{selector} from {from}: {given:?}");
                }
            }
            running.extend(desk.next_batch(at(now)));
            let (fails, which, waits) = answers.next().unwrap_or((false, 0, false));
            if waits || running.is_empty() { now += 1; continue; }
            let batch = running.remove(which % running.len());
            prop_assert!(batch.feeds.len() <= MOST_FUSED);
            if fails {
                desk.failed(&batch, if which % 2 == 0 { Deaf::Garbage } else { Deaf::Late }, at(now));
            } else {
                let plan = parse(&batch.selector, Features::NONE).unwrap();
                let asked = plan.as_selector().unwrap();
                for (name, service) in [("m", 0..6), ("n", 0..6)].into_iter().flat_map(|(name, all)| all.map(move |s| (name, s))) {
                    let labels = [(NAME, name.to_owned()), ("service", format!("s{service}"))];
                    let labels = Labels::new(labels.map(|(label, value)| (label.to_owned(), value)).to_vec()).unwrap();
                    if asked.accepts(&labels) {
                        given.entry(selector(name, service)).or_default().push((batch.stretch.from, batch.stretch.to));
                    }
                }
                desk.answered(&batch, nothing(&batch));
            }
            if round % 3 == 0 { now += 1; }
        }
        now += 60;
        for _ in 0..40 {
            for (number, _) in wards.iter().enumerate() {
                desk.has(&ward(number), (at(now - 60), at(now))).ok();
            }
            running.extend(std::iter::from_fn(|| desk.next_batch(at(now + 60))));
            running.drain(..).for_each(|batch| desk.answered(&batch, nothing(&batch)));
        }
        for number in 0..wards.len() {
            prop_assert_eq!(desk.has(&ward(number), (at(now - 60), at(now))), Ok(()));
        }
    }

    /// A batch's beginning is no later than its feeds want, whatever is wished meanwhile.
    #[test]
    fn no_span_is_negative(froms in prop::collection::vec(0_i64..5_000, 1..8)) {
        let mut desk = Desk::new(true);
        for (number, from) in froms.iter().enumerate() {
            desk.wish(ward(number), Wish { own: vec![want("up", *from)], ..Wish::default() }, false);
            desk.has(&ward(number), (at(5_000), at(5_000))).ok();
        }
        let batch = desk.next_batch(at(5_000)).unwrap();
        let least = froms.iter().min().copied().unwrap_or_default();
        prop_assert!(batch.stretch.from <= at(least) && batch.stretch.length() > Span::ZERO);
    }
}
