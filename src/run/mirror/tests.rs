//! What holds of a desk, whatever is wished for, and however its source answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

use crate::decision::CellId;
use crate::engine::{Sum, Wanted};
use crate::promql::{Features, Matcher, parse};
use crate::run::control::{Command, Line};
use crate::run::mirror::batch::{Batch, Met};
use crate::run::mirror::desk::{Desk, MOST_FUSED, Wish};
use crate::run::mirror::feed::Want;
use crate::run::mirror::{AS_WISHED, Mirror, Mirrors, Ward};
use crate::run::processes::Process;
use crate::signal::{Deaf, Labels, NAME, Sample, Series};
use crate::source::asking::Login;
use crate::source::prometheus::{MOST_SERIES, Prometheus, Room};
use crate::store::{Bounds, Store};
use crate::unit::{Span, UnixMillis};

mod laws;

const fn at(second: i64) -> UnixMillis {
    UnixMillis::new(1_795_271_400_000 + second * 1_000)
}

fn want(selector: &str, from: i64) -> Want {
    Want { selector: selector.to_owned(), from: at(from), before: None, room: Room::Number, sum: None }
}

fn ward(number: usize) -> Ward {
    let target = crate::signal::TargetKey { service: format!("s{number}"), environment: None, cluster: None };
    Ward::Cell(CellId::of(&"gate".parse().unwrap(), &crate::signal::ChangeId(number.to_string()), &target))
}

fn of(service: usize) -> String {
    format!("requests_total{{code=~\"5..\",service=\"s{service}\"}}")
}

fn new_desk(fuses: bool) -> Desk {
    Desk::new(fuses, MOST_SERIES, Arc::new(RwLock::new(Store::new(Bounds::default()))))
}

/// A desk at which so many wards want a selector each.
fn desk(wards: usize, fuses: bool) -> Desk {
    let mut desk = new_desk(fuses);
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
    let mut desk = new_desk(false);
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

/// A source that is gone is not asked on behalf of gates that are over.
#[test]
fn what_nobody_wants_any_more_is_not_asked_for() {
    for fuses in [true, false] {
        let mut desk = desk(3, fuses);
        assert!(!all_have(&mut desk, 2, 600));
        for batch in batches(&mut desk, 600) {
            desk.failed(&batch, Deaf::Unreachable, at(600));
        }
        // Two rest, and the third waits to be asked.
        assert!(!all_have(&mut desk, 3, 600));
        desk.sweep(|own| (*own == ward(1)).then_some(at(0)));
        assert_eq!(desk.feeds(), 1);
        let asked = batches(&mut desk, 700);
        assert_eq!(asked.iter().map(|batch| batch.selector.as_str()).collect::<Vec<_>>(), [of(1)], "{fuses}");
        desk.failed(&asked[0], Deaf::Unreachable, at(700));
        desk.sweep(|_| None);
        assert!(batches(&mut desk, 10_000).is_empty() && desk.rests_until().is_none());
        assert_eq!(desk.feeds(), 0);
    }
}

/// A gate that waits wishes again when it opens, and is not given all of its history again for that.
#[test]
fn a_ward_that_waits_and_wishes_again_is_given_nothing_twice() {
    let mut desk = new_desk(true);
    let wish = || Wish { from: at(130), own: vec![want("up", 130)], ..Wish::default() };
    desk.wish(ward(0), wish(), false);
    let answer = |desk: &mut Desk, to: i64, begins: bool| {
        assert!(desk.has(&ward(0), (at(to), at(to))).is_err());
        let batch = desk.next_batch(at(to)).unwrap();
        assert_eq!(batch.begins, begins);
        desk.answered(&batch, nothing(&batch));
    };
    answer(&mut desk, 600, true);
    desk.sweep(|_| Some(at(130)));
    assert!(desk.less().is_none(), "it wants what it wanted");
    desk.wish(ward(0), wish(), true);
    answer(&mut desk, 1_200, false);
}

/// One that waits keeps its own history, and that of nobody else.
#[test]
fn each_feed_is_kept_from_when_its_own_wards_want_it() {
    let mut desk = desk(2, false);
    desk.wish(ward(2), Wish { from: at(0), own: vec![want("shared", 0)], ..Wish::default() }, false);
    desk.wish(ward(3), Wish { from: at(0), own: vec![want("shared", 0)], ..Wish::default() }, false);
    assert!(!all_have(&mut desk, 4, 6_000));
    for batch in batches(&mut desk, 6_000) {
        desk.answered(&batch, nothing(&batch));
    }
    // The last one of them waits to be asked for more.
    assert!(desk.has(&ward(1), (at(6_010), at(6_010))).is_err());
    let since = |own: &Ward| Some(at(if *own == ward(0) || *own == ward(2) { 0 } else { 6_000 }));
    desk.sweep(since);
    let last = |asks: &[Matcher]| asks.last().unwrap().value.as_str().unwrap().to_owned();
    let needs: BTreeMap<String, UnixMillis> = desk
        .less()
        .unwrap()
        .into_iter()
        .flat_map(|(_, needs)| needs)
        .map(|(asks, from)| (last(&asks), from))
        .collect();
    let floor = |second| at(second).floor(crate::run::mirror::feed::BEGINNINGS);
    assert_eq!(needs["s0"], floor(0), "{needs:?}");
    assert_eq!(needs["s1"], floor(6_000), "{needs:?}");
    assert_eq!(needs["shared"], floor(0), "{needs:?}");
    desk.sweep(since);
    assert!(desk.less().is_none(), "nothing is news");
    let next = batches(&mut desk, 6_010);
    assert_eq!((next.len(), next[0].begins, next[0].stretch.from), (1, false, floor(6_000)));
}

/// Sums are held apart from all else; where they are too many, they tell less apart, and where that is too many, it is said.
#[test]
fn sums_are_held_apart_and_coarsened_once() {
    let mut desk = new_desk(true);
    let sum = Sum {
        metric: "m".to_owned(),
        selector: "m".to_owned(),
        target: "m".to_owned(),
        others: Vec::new(),
        place: BTreeSet::new(),
        without: BTreeSet::new(),
        step: Span::from_secs(30),
        before: Span::ZERO,
    };
    desk.wish(ward(0), Wish { own: vec![want("m", 0)], ..Wish::default() }, false);
    desk.wish(ward(1), Wish { own: vec![want("m", 0)], ..Wish::default() }, false);
    let times = (at(600), at(600));
    assert!(desk.has(&ward(0), times).is_err() && desk.has(&ward(1), times).is_err());
    let raw = desk.next_batch(at(600)).unwrap();
    desk.failed(&raw, Deaf::TooMuch, at(600));
    assert!(desk.is_too_much(&ward(0)) && !desk.is_apart(&ward(0)));
    let own = || vec![Want { sum: Some(Arc::new(sum.clone())), ..want("m", 0) }];
    desk.wish_apart(ward(0), Wish { own: own(), ..Wish::default() }, false);
    assert_eq!((desk.feeds(), desk.summed()), (2, 1), "another ward wants it still");
    assert!(desk.has(&ward(0), times).is_err());
    for whole in [false, true] {
        let batch = desk.next_batch(at(600)).unwrap();
        assert_eq!(batch.sum.as_ref().map(|(_, whole)| *whole), Some(whole));
        assert_ne!(batch.space, raw.space);
        desk.failed(&batch, Deaf::TooMuch, at(600));
    }
    assert!(desk.next_batch(at(600)).is_none());
    assert_eq!(desk.has(&ward(0), times), Err(Some(Deaf::TooMuch)));
    let batches = batches(&mut desk, 700);
    for batch in &batches {
        if batch.sum.is_some() {
            desk.answered(batch, nothing(batch));
        } else {
            desk.failed(batch, Deaf::TooMuch, at(700));
        }
    }
    assert_eq!(desk.has(&ward(0), times), Ok(()));
    assert!(desk.has(&ward(1), times).is_err());
    desk.wish_apart(ward(1), Wish { own: own(), ..Wish::default() }, false);
    assert_eq!((desk.feeds(), desk.summed(), desk.stores().len()), (2, 2, 3), "the series are nobody's");
    desk.sweep(|own| (*own == ward(1)).then_some(at(0)));
    assert_eq!((desk.feeds(), desk.stores().len()), (1, 2));
}

/// A source where nobody listens, and a way to an engine with no room in its queue.
fn deaf() -> (Mirror, Mirrors, std::sync::mpsc::Receiver<Command>) {
    rustls::crypto::ring::default_provider().install_default().ok();
    let (sender, commands) = std::sync::mpsc::sync_channel(1);
    let line = Line(sender);
    assert!(line.say(Command::Stop).is_ok());
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let make = || {
        let client = crate::responder::client().unwrap();
        let prometheus = Prometheus::new(client, &format!("http://{nowhere}"), Login::Nobody).unwrap();
        let name = "source".parse().unwrap();
        (name, prometheus, true)
    };
    let (name, prometheus, fuses) = make();
    let handle = tokio::runtime::Handle::current();
    let mirror = Mirror::new((name, prometheus), fuses, (line.clone(), &handle));
    (mirror, Mirrors::of([make()], (&line, &handle)), commands)
}

/// Waits for something that another task does.
async fn until(mut holds: impl FnMut() -> bool) {
    let holds = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), holds).await.unwrap();
}

/// Where the engine's queue is full, whoever waits is found by the next look for them.
#[tokio::test]
async fn what_the_engine_could_not_be_told_it_finds() {
    let (_, mut mirrors, commands) = deaf();
    let name = "source".parse().unwrap();
    let Ward::Cell(cell) = ward(0) else { unreachable!() };
    let mirror = mirrors.0.get_mut(&name).unwrap();
    let wanted = || {
        let plan = parse("up", Features::NONE).unwrap();
        Some(Wanted::of_plan(&plan, at(600)))
    };
    assert!(mirror.has(&ward(0), (at(600), at(600)), (false, wanted)).is_err());
    mirror.flush();
    until(|| mirrors.woken() == [cell]).await;
    assert!(matches!(commands.try_recv(), Ok(Command::Stop)));
    assert!(commands.try_recv().is_err(), "there was no room to tell it");
}

/// Nobody's samples are kept, whoever is left; and reading the rules again lets go of none that somebody wants.
#[tokio::test]
async fn samples_are_kept_as_long_as_somebody_wants_them() {
    let (mut mirror, _, _commands) = deaf();
    let series = |name: &str| {
        let labels = Labels::new(vec![(NAME.to_owned(), name.to_owned())]).unwrap();
        let samples = (0..100).map(|step| Sample { at: at(step * 15), value: 1.0 }.into()).collect();
        Series { labels, samples }
    };
    let store = mirror.shared.desk().stores().remove(0);
    let held = || (store.read().unwrap().series(), store.read().unwrap().samples());
    store.write().unwrap().graft(vec![series("up"), series("down")], (at(-1), at(1_500)));
    {
        let mut desk = mirror.shared.desk();
        for (number, name) in ["up", "down"].into_iter().enumerate() {
            let wish = Wish { from: at(0), own: vec![want(name, 0)], ..Wish::default() };
            desk.wish(ward(number), wish, false);
            assert!(desk.has(&ward(number), (at(1_500), at(1_500))).is_err());
            let batch = desk.next_batch(at(1_500)).unwrap();
            desk.answered(&batch, nothing(&batch));
        }
    }
    mirror.sweep(|_| Some(AS_WISHED));
    assert_eq!(held(), (2, 200));
    mirror.sweep(|own| Some(if *own == ward(0) { AS_WISHED } else { at(1_500) }));
    // Of one that is wanted from now on the last sample stays.
    until(|| held() == (2, 101)).await;
    mirror.sweep(|own| (*own == ward(0)).then_some(AS_WISHED));
    until(|| held() == (1, 100)).await;
    mirror.sweep(|_| None);
    until(|| held() == (0, 0)).await;
}

/// Whoever wants what was before the beginning is given all of it.
#[test]
fn an_earlier_beginning_is_asked_for_anew() {
    let mut desk = new_desk(true);
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
    let processes = [("shop", "a:1"), ("shop", "a:2"), ("till", "b:1")];
    let processes =
        processes.map(|(job, instance)| Process { job: job.to_owned(), instance: instance.to_owned() });
    desk.answered(&batch, vec![Met { series: 2, processes: processes.into() }]);
    assert!(!all_have(&mut desk, 1, 600));
    let asked = batches(&mut desk, 600);
    assert_eq!(
        asked.iter().map(|batch| batch.selector.as_str()).collect::<Vec<_>>(),
        [r#"{__name__=~"up|process_start_time_seconds", instance=~"a:1|a:2|b:1"}"#]
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
    desk.sweep(|_| Some(at(0)));
    assert_eq!(desk.feeds(), 1);
    desk.sweep(|_| None);
    assert_eq!(desk.feeds(), 0);
}
