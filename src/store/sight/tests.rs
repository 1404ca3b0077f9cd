//! One row for each way in which a series can be seen for the first time.

use crate::signal::Series;
use crate::store::tests::{NOW, counted, of, secs, series, stale, store};
use crate::store::{Bounds, Store};
use crate::unit::Span;

/// An old pod and its neighbour, heard of every 15 seconds for a long while and on. The look is from 900 to 930.
const OLD: [&str; 4] = [
    "http job=api instance=a code=200 | 0..1200/15 | 1000+10",
    "up job=api instance=a | 0..1200/15 | 1+0",
    "http job=api instance=b code=200 | 0..1200/15 | 1000+10",
    "up job=api instance=b | 0..1200/15 | 1+0",
];

/// What the two old pods count in the look.
const OLD_COUNT: u64 = 2 * 20;

fn world(lines: &[&[&str]]) -> Vec<Series> {
    lines.iter().flat_map(|lines| lines.iter()).map(|line| series(line)).collect()
}

/// Whether the metric counts so much in the look, and of how many series the first value is only a base.
#[track_caller]
fn check(case: &str, store: &Store, sum: u64, bases: u32) {
    let increase = counted(store, "http", 900, 930);
    assert_eq!((increase.sum(), increase.bases.count), (sum, bases), "{case}");
}

#[test]
fn what_began_counts_in_full() {
    let old: &[&str] = &OLD;
    for (case, all, sum, bases) in [
        ("nothing is new", world(&[old]), OLD_COUNT, 0),
        (
            "a new pod counts from zero",
            world(&[old, &["http job=api instance=c code=200 | 910..1200/15 | 7+5"]]),
            OLD_COUNT + 7 + 5,
            0,
        ),
        (
            "a new error code on an old pod counts from zero",
            world(&[old, &["http job=api instance=a code=500 | 915..1200/15 | 3+1"]]),
            OLD_COUNT + 3 + 1,
            0,
        ),
        (
            "a new error code on a pod that came to be a minute ago counts from zero",
            world(&[
                old,
                &[
                    "http job=api instance=c code=200 | 850..1200/15 | 7+5",
                    "http job=api instance=c code=500 | 910..1200/15 | 3+1",
                ],
            ]),
            OLD_COUNT + 10 + 3 + 1,
            0,
        ),
    ] {
        check(case, &store(&all), sum, bases);
    }
}

#[test]
fn what_is_relabelled_may_have_a_history() {
    let neighbour: &[&str] = &OLD[2..];
    for (case, all, sum, bases) in [
        (
            "a pod that is relabelled at promotion brings its history",
            world(&[
                neighbour,
                &[
                    "up job=api instance=a | 0..1200/15 | 1+0",
                    "http job=api instance=a track=canary code=200 | 0..900/15 | 1000+10",
                    "http job=api instance=a track=stable code=200 | 915..1200/15 | 1610+10",
                ],
            ]),
            20 + 10,
            1,
        ),
        (
            "so it does where its new name is scraped at other seconds",
            world(&[
                neighbour,
                &[
                    "http job=api instance=a track=canary code=200 | 0..900/15 | 1000+10",
                    "http job=api instance=a track=stable code=200 | 902..1200/15 | 1610+10",
                ],
            ]),
            20 + 10,
            1,
        ),
        (
            "so it does where its scrapes failed for long before",
            world(&[
                neighbour,
                &[
                    "up job=api instance=a | 0..1200/15 | 1+0",
                    "http job=api instance=a track=canary code=200 | 0..300/15 | 1000+10",
                    "http job=api instance=a track=stable code=200 | 915..1200/15 | 1610+10",
                ],
            ]),
            20 + 10,
            1,
        ),
        (
            "so it does where only one of its series has a successor yet",
            world(&[
                neighbour,
                &[
                    "http job=api instance=a track=canary code=200 | 0..900/15 | 1000+10",
                    "http job=api instance=a track=canary code=500 | 0..900/15 | 1000+10",
                    "http job=api instance=a track=stable code=500 | 915..1200/15 | 1610+10",
                ],
            ]),
            20 + 10,
            1,
        ),
    ] {
        check(case, &store(&all), sum, bases);
    }
}

#[test]
fn what_ended_is_not_what_began() {
    let old: &[&str] = &OLD;
    for (case, all, sum, bases) in [
        (
            "a series that ended long ago is no reason for doubt",
            world(&[
                old,
                &[
                    "http job=api instance=a code=404 | 0..600/15 | 9+9",
                    "http job=api instance=a code=500 | 915..1200/15 | 3+1",
                ],
            ]),
            OLD_COUNT + 3 + 1,
            0,
        ),
        (
            "targets that are all renamed bring their histories",
            world(&[&[
                "http job=api instance=a code=200 | 0..900/15 | 1000+10",
                "http job=api instance=b code=200 | 0..900/15 | 1000+10",
                "http job=api instance=pod-a code=200 | 915..1200/15 | 1610+10",
                "http job=api instance=pod-b code=200 | 915..1200/15 | 1610+10",
                "http job=other instance=x code=200 | 0..1200/15 | 0+0",
            ]]),
            20,
            2,
        ),
    ] {
        check(case, &store(&all), sum, bases);
    }
}

#[test]
fn nobody_knows_what_began_while_the_store_was_deaf() {
    for (case, all, sum, bases) in [
        (
            "after an outage of the source nobody knows what began when",
            world(&[&[
                "http job=api instance=a code=200 | 0..300/15 | 1000+10",
                "http job=api instance=a code=200 | 915..1200/15 | 1610+10",
                "http job=api instance=a code=500 | 915..1200/15 | 40+10",
                "http job=api instance=c code=200 | 915..1200/15 | 500+10",
            ]]),
            (1610 - 1200) + 10 + 10 + 10,
            2,
        ),
        (
            "so it is a minute after the outage",
            world(&[&[
                "http job=api instance=a code=200 | 0..300/15 | 1000+10",
                "http job=api instance=a code=200 | 855..1200/15 | 1610+10",
                "http job=api instance=a code=500 | 915..1200/15 | 40+10",
                "http job=api instance=c code=200 | 915..1200/15 | 500+10",
            ]]),
            20 + 10 + 10,
            2,
        ),
        (
            "so it is of one pod that was silent while others were not",
            world(&[
                &OLD,
                &[
                    "http job=api instance=c code=200 | 350..395/15 | 0+10",
                    "http job=api instance=c code=200 | 850..1200/15 | 400+10",
                    "http job=api instance=c code=500 | 910..1200/15 | 40+10",
                ],
            ]),
            OLD_COUNT + 20 + 10,
            1,
        ),
        (
            "a lookback after the outage all is as before",
            world(&[&[
                "http job=api instance=a code=200 | 0..300/15 | 1000+10",
                "http job=api instance=a code=200 | 615..1200/15 | 1610+10",
                "http job=api instance=a code=500 | 915..1200/15 | 40+10",
                "http job=api instance=c code=200 | 915..1200/15 | 500+10",
            ]]),
            20 + 50 + 510,
            0,
        ),
    ] {
        check(case, &store(&all), sum, bases);
    }
}

#[test]
fn agents_come_and_go() {
    for (case, all, sum, bases) in [
        (
            "at first contact everything is a base",
            world(&[&[
                "http job=api instance=a code=200 | 905..1200/15 | 1000+10",
                "http job=api instance=a code=500 | 920..1200/15 | 40+10",
                "http job=api instance=b code=200 | 905..1200/15 | 1000+10",
            ]]),
            20,
            3,
        ),
        (
            "an agent that restarts within the lookback leaves no doubt",
            world(&[&[
                "http job=api instance=a code=200 | 0..675/15 | 1000+10",
                "http job=api instance=a code=200 | 915..1200/15 | 1610+10",
                "http job=api instance=a code=500 | 915..1200/15 | 40+10",
            ]]),
            (1610 - 1450) + 10 + 40 + 10,
            0,
        ),
        (
            "an agent that comes back with another label brings all histories",
            world(&[&[
                "http job=api instance=a code=200 | 0..675/15 | 1000+10",
                "http job=api instance=b code=200 | 0..675/15 | 1000+10",
                "http job=api instance=a code=200 agent=2 | 915..1200/15 | 1610+10",
                "http job=api instance=b code=200 agent=2 | 915..1200/15 | 1610+10",
            ]]),
            20,
            2,
        ),
    ] {
        check(case, &store(&all), sum, bases);
    }
}

#[test]
fn what_is_little_known_counts_as_far_as_it_is_known() {
    let old: &[&str] = &OLD;
    for (case, all, sum, bases) in [
        (
            "without an instance the metric as a whole is the target",
            world(&[&[
                "http service=api code=200 | 0..1200/15 | 1000+10",
                "http service=api code=500 | 915..1200/15 | 40+10",
            ]]),
            20 + 50,
            0,
        ),
        (
            "without an instance nothing tells that a metric's first series is new",
            world(&[&["up job=api | 0..1200/15 | 1+0", "http job=api code=500 | 915..1200/15 | 40+10"]]),
            10,
            1,
        ),
        (
            "a metric that an old pod had not is new",
            world(&[&[
                "up job=api instance=a | 0..1200/15 | 1+0",
                "http job=api instance=a code=200 | 915..1200/15 | 7+5",
            ]]),
            12,
            0,
        ),
        (
            "a job of which nothing was known is no doubt where its metric is known from others",
            world(&[old, &["http job=new instance=x code=200 | 915..1200/15 | 7+5"]]),
            OLD_COUNT + 12,
            0,
        ),
    ] {
        check(case, &store(&all), sum, bases);
    }
}

#[test]
fn the_start_of_the_process_decides() {
    for (case, started, all, sum, bases) in [
        (
            "a pod that started within the look, at first contact",
            901,
            world(&[&["http job=api instance=c code=200 | 915..1200/15 | 7+5"]]),
            12,
            0,
        ),
        (
            "a pod that started before, though it is new to a store that has long been listening",
            900,
            world(&[&OLD, &["http job=api instance=c code=200 | 905..1200/15 | 7+5"]]),
            OLD_COUNT + 5,
            1,
        ),
        (
            "a new error code of a process that started before",
            0,
            world(&[
                &OLD,
                &[
                    "http job=api instance=c code=200 | 0..1200/15 | 7+5",
                    "http job=api instance=c code=500 | 915..1200/15 | 3+1",
                ],
            ]),
            OLD_COUNT + 10 + 3 + 1,
            0,
        ),
        (
            "another process where one ended, with a label of its own",
            905,
            world(&[&[
                "http job=api instance=c version=1 | 0..900/15 | 1000+10",
                "http job=api instance=c version=2 | 915..1200/15 | 7+5",
            ]]),
            12,
            0,
        ),
        (
            "the same process under another label, both within the look",
            901,
            world(&[&[
                "http job=api instance=c track=canary | 905..905/15 | 100+0",
                "http job=api instance=c track=stable | 920..1200/15 | 120+5",
            ]]),
            100,
            1,
        ),
    ] {
        let mut store = store(&all);
        let started = f64::from(started);
        let name = "process_start_time_seconds job=api instance=c";
        store.append(&[of(name, &[(905, started), (915, started), (930, started)])], NOW);
        check(case, &store, sum, bases);
    }
}

#[test]
fn the_end_of_a_series_is_no_value() {
    let mut store = store(&world(&[&OLD, &["http job=api instance=a code=404 | 0..900/15 | 9+0"]]));
    store.append(&[of("http job=api instance=a code=404", &[(915, stale())])], NOW);
    store.append(&[series("http job=api instance=a code=500 | 915..1200/15 | 3+1")], NOW);
    check("a marker says that one ended as the other began", &store, OLD_COUNT + 1, 1);
}

#[test]
fn what_there_was_no_room_for_is_not_new_when_there_is() {
    let mut store = Store::new(Bounds { series: 4, ..Bounds::default() });
    let late = "http job=api instance=a code=500";
    store.append(&world(&[&OLD]), NOW);
    store.append(&[of(late, &[(800, 70.0)])], NOW);
    assert_eq!(store.totals().over_series, 1);
    let mut roomy = Store { bounds: Bounds::default(), ..store.clone() };
    roomy.append(&[of(late, &[(915, 80.0), (930, 81.0)])], NOW);
    check("it was refused a moment ago", &roomy, OLD_COUNT + 1, 1);
    let mut later = Store { bounds: Bounds::default(), lost: Some(secs(614)), ..store };
    later.append(&[of(late, &[(915, 80.0), (930, 81.0)])], NOW);
    check("something was refused a lookback ago", &later, OLD_COUNT + 81, 0);
}

#[test]
fn what_was_dropped_was_there() {
    let kept = NOW.minus(Span::from_secs(11)).since(secs(0));
    let late = "http job=api instance=a code=500 | 915..930/15 | 80+1";
    for (case, more, sum) in [
        ("nothing was dropped", vec![series(late)], OLD_COUNT + 81),
        (
            "its own first value was",
            vec![of("http job=api instance=a code=500", &[(10, 5.0)]), series(late)],
            OLD_COUNT + 1,
        ),
        (
            "its target was there before it seems to be new",
            vec![
                of("up job=api instance=c", &[(10, 1.0)]),
                series("up job=api instance=c | 850..930/15 | 1+0"),
                series("http job=api instance=c code=200 | 910..930/15 | 80+1"),
            ],
            OLD_COUNT + 1,
        ),
    ] {
        let mut store = Store::new(Bounds { retention: kept, ..Bounds::default() });
        store.append(&world(&[&OLD]), secs(9_999));
        store.append(&more, secs(9_999));
        store.prune(NOW);
        check(case, &store, sum, u32::from(sum < OLD_COUNT + 81));
    }
}
