//! What holds of sums: they are what was counted by their series, or less.

use super::*;
use crate::promql::{Features, Query, Value, When, evaluate, parse};
use crate::store::{Bounds, Is, LOOKBACK, Window, tally};

mod laws;

const METRIC: &str = "http_requests_total";

/// For how long there are samples, and from when on they are counted.
const ALL: i64 = 2_400;
const FROM: i64 = 1_200;

const fn at(second: i64) -> UnixMillis {
    UnixMillis::new(1_795_271_400_000 + second * 1_000)
}

fn sum(step: u64, without: &[&str]) -> Sum {
    Sum {
        metric: METRIC.to_owned(),
        selector: format!("{METRIC}{{service=\"shop\"}}"),
        target: format!("{METRIC}{{service=\"shop\"}}"),
        others: Vec::new(),
        place: ["instance", "job", "pod"].map(str::to_owned).into(),
        without: without.iter().map(|label| (*label).to_owned()).collect(),
        step: Span::from_secs(step),
        before: Span::ZERO,
    }
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        .unwrap()
}

/// A process that is scraped every so often, from `offset` on.
#[derive(Debug, Clone)]
struct Process {
    offset: i64,
    /// When it is seen first, and when it first fails.
    begins: i64,
    fails: i64,
    /// When it begins again, and from when to when it cannot be scraped.
    restarts: Vec<i64>,
    gap: Option<(i64, i64)>,
    /// How many requests and errors it has between two scrapes.
    each: Vec<(u8, u8)>,
}

/// What was scraped, and what had happened up to each scrape by code.
#[derive(Default)]
struct Scraped {
    series: Vec<Series>,
    truth: BTreeMap<&'static str, Vec<(UnixMillis, u64)>>,
    /// What of it happened in steps in which its process began again.
    torn: BTreeMap<&'static str, Vec<(UnixMillis, u64)>>,
    step: u64,
}

impl Scraped {
    fn scrape(&mut self, number: usize, process: &Process, every: i64) {
        let instance = format!("10.0.0.{number}:80");
        let own = |code: &str| {
            let pod = format!("shop-{number}");
            labels(&[
                (NAME, METRIC),
                ("service", "shop"),
                ("code", code),
                ("job", "shop"),
                ("instance", &instance),
                ("pod", &pod),
            ])
        };
        let mut up = Vec::new();
        let mut told = BTreeMap::from([("200", Vec::new()), ("500", Vec::new())]);
        let mut counts = BTreeMap::from([("200", 0_u64), ("500", 0_u64)]);
        let mut hidden = BTreeMap::from([("200", 0_u64), ("500", 0_u64)]);
        let (mut lives, mut last) = (false, process.begins);
        let (mut truth, mut torn) = (Vec::new(), BTreeSet::new());
        for (index, second) in (process.offset..ALL).step_by(usize::try_from(every).unwrap()).enumerate() {
            if second < process.begins {
                continue;
            }
            if process.restarts.iter().any(|restart| last < *restart && *restart <= second) {
                for count in counts.values_mut() {
                    *count = 0;
                }
                torn.insert(self.step_of(at(second)));
            }
            last = second;
            let (requests, errors) = process.each[index % process.each.len()];
            let errors = if second < process.fails { 0 } else { errors };
            for (code, more) in [("200", requests), ("500", errors)] {
                *counts.get_mut(code).unwrap() += u64::from(more);
                *hidden.get_mut(code).unwrap() += u64::from(more);
            }
            let down = process.gap.is_some_and(|(from, to)| from <= second && second < to);
            up.push(Sample { at: at(second), value: if down { 0.0 } else { 1.0 } }.into());
            for (code, samples) in &mut told {
                if *code == "500" && second < process.fails {
                    continue;
                }
                if down {
                    if lives {
                        samples.push(Sample { at: at(second), value: f64::from_bits(STALE) }.into());
                    }
                    continue;
                }
                #[expect(clippy::cast_precision_loss, reason = "they are few")]
                samples.push(Sample { at: at(second), value: counts[code] as f64 }.into());
                truth.push((*code, at(second), std::mem::take(hidden.get_mut(code).unwrap())));
            }
            lives = !down;
        }
        for (code, at, count) in truth {
            self.truth.entry(code).or_default().push((at, count));
            if torn.contains(&self.step_of(at)) {
                self.torn.entry(code).or_default().push((at, count));
            }
        }
        self.series.push(Series {
            labels: labels(&[(NAME, "up"), ("job", "shop"), ("instance", &instance)]),
            samples: up,
        });
        self.series.extend(
            told.into_iter()
                .filter(|(_, samples)| !samples.is_empty())
                .map(|(code, samples)| Series { labels: own(code), samples }),
        );
    }

    fn store(&self) -> Store {
        let mut store = Store::new(Bounds::default());
        store.append(&self.series, at(ALL));
        store
    }

    /// When the step ends that a moment lies in.
    fn step_of(&self, at: UnixMillis) -> UnixMillis {
        let step = Span::from_secs(self.step);
        UnixMillis::new(at.plus(step).millis() - 1).floor(step)
    }

    fn truth(&self, code: &str, window: (UnixMillis, UnixMillis)) -> u64 {
        happened(self.truth.get(code), window)
    }

    /// The least that has to be counted, where every process was there all along.
    fn least(&self, code: &str, window: (UnixMillis, UnixMillis)) -> u64 {
        self.truth(code, window) - happened(self.torn.get(code), window)
    }
}

fn happened(all: Option<&Vec<(UnixMillis, u64)>>, (from, to): (UnixMillis, UnixMillis)) -> u64 {
    let all = all.into_iter().flatten();
    all.filter(|(at, _)| from < *at && *at <= to).map(|(_, count)| count).sum()
}

/// What a source that has these samples answers.
fn answer(source: &Store, query: &str, grid: Grid) -> Vec<Series> {
    let plan = parse(query, Features::NONE).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    let when = When::Range { from: grid.from.plus(grid.step), to: grid.to, step: grid.step };
    let Value::Matrix(rows) = evaluate(&plan, &Query::new(when), source).unwrap().value else {
        panic!("{query}")
    };
    let row = |row: crate::promql::Row| Series {
        samples: row.points().map(|(at, point)| Observation { at, start: None, point }).collect(),
        labels: row.labels,
    };
    rows.into_iter().map(row).collect()
}

/// The counters of sums that were asked for up to each of these seconds, one after the other.
fn summed(source: &Store, asking: Asking<'_>, upto: &[i64]) -> Store {
    let mut store = Store::new(Bounds::default());
    let plan = parse(&asking.sum.selector, Features::NONE).unwrap();
    let asks = plan.as_selector().unwrap().asks();
    let mut from = at(0);
    for to in upto {
        let grid = Grid::of(Stretch { from, to: at(*to) }, asking.sum.step);
        let counters = asking.counters((answer(source, &asking.grown(), grid), &[]), grid, (&store, &asks));
        assert_eq!(store.graft(counters, (grid.from, grid.to)).refused(), 0);
        from = at(*to).minus(Span::from_secs(30));
    }
    store
}

fn counted(store: &Store, code: &str, (from, to): (UnixMillis, UnixMillis)) -> u64 {
    let asks = [
        Is { label: NAME, value: METRIC },
        Is { label: "service", value: "shop" },
        Is { label: "code", value: code },
    ];
    let found = tally(store, &asks, &Window { from, to, lookback: LOOKBACK }, 1, |_| Some(0));
    assert!(found.fault.is_none(), "{:?}", found.fault);
    found.sum()
}

/// A series of so many a scrape, but for when it is silent; then it has ended, and goes on.
fn steady(pairs: &[(&str, &str)], (each, history): (f64, f64), silent: (i64, i64)) -> Series {
    let (mut value, mut lives) = (history, true);
    let mut samples = Vec::new();
    for second in (0..ALL).step_by(15) {
        value += each;
        let is_silent = silent.0 <= second && second < silent.1;
        let told = if is_silent { f64::from_bits(STALE) } else { value };
        if lives || !is_silent {
            samples.push(Sample { at: at(second), value: told }.into());
        }
        lives = !is_silent;
    }
    Series { labels: labels(pairs), samples }
}

/// What was silent for longer than it is remembered has a history when it comes back: of that nothing is counted, whatever
/// else is known where it was.
#[test]
fn what_comes_back_brings_no_history() {
    let gap = (900, 2_100);
    let up = |instance: &str, down: (i64, i64)| {
        let value = |second: i64| if down.0 <= second && second < down.1 { 0.0 } else { 1.0 };
        let samples =
            (0..ALL).step_by(15).map(|second| Sample { at: at(second), value: value(second) }.into());
        let labels = labels(&[(NAME, "up"), ("job", "shop"), ("instance", instance)]);
        Series { labels, samples: samples.collect() }
    };
    let requests = |place: &[(&str, &str)], path: &str, silent: (i64, i64)| {
        let own = [(NAME, METRIC), ("service", "shop"), ("code", "500"), ("path", path)];
        steady(&[&own[..], place].concat(), (1.0, 1_000_000.0), silent)
    };
    let (never, collector) = ((0, 0), [("job", "shop"), ("instance", "otel:1")]);
    let of = |pod| [&collector[..], &[("pod", pod)]].concat();
    for (what, series) in [
        (
            "its scrapes failed, and the metric of others did not",
            vec![
                up("a:1", gap),
                up("b:1", never),
                requests(&[("job", "shop"), ("instance", "a:1")], "/", gap),
                requests(&[("job", "shop"), ("instance", "b:1")], "/", never),
            ],
        ),
        (
            "it is behind a collector that was there",
            vec![up("otel:1", never), requests(&of("a"), "/", gap), requests(&of("b"), "/", never)],
        ),
        ("nobody knows where it is", vec![requests(&[], "/", gap), requests(&[], "/cart", never)]),
    ] {
        let mut source = Store::new(Bounds::default());
        source.append(&series, at(ALL));
        let sum = sum(30, &["instance", "job", "pod"]);
        let sums = summed(&source, Asking { sum: &sum, whole: false }, &[ALL]);
        let count = counted(&sums, "500", (at(300), at(ALL - 60)));
        // Two series go up by four a minute.
        assert!((100..=270).contains(&count), "{count}: {what}");
    }
}

/// Where nothing tells of processes, as of metrics that are pushed, each is known by whatever else the gate counts of it.
#[test]
fn a_process_is_known_by_another_counter() {
    let place = [("service", "shop"), ("job", "shop"), ("instance", "a:1")];
    let of =
        |name, silent| steady(&[&[(NAME, name), ("code", "500")], &place[..]].concat(), (1.0, 0.0), silent);
    let mut source = Store::new(Bounds::default());
    let first = of(METRIC, (0, 1_200));
    source.append(&[of("all_total", (0, 0)), first], at(ALL));
    for (others, least) in [(vec![], 0), (vec!["all_total{service=\"shop\"}".to_owned()], 80)] {
        let sum = Sum { others, ..sum(30, &["instance", "job", "pod"]) };
        let sums = summed(&source, Asking { sum: &sum, whole: false }, &[ALL]);
        let count = counted(&sums, "500", (at(1_140), at(1_260)));
        assert!((least..least + 10).contains(&count), "{count}");
    }
}

/// Each word is what was told of a step: so much, nothing (`-`), that there was no sample (`.`), or what is no number (`?`).
fn told(words: &str) -> Vec<Observation> {
    let value = |word: &str| match word {
        "-" => None,
        "." => Some(NOTHING),
        "?" => Some(f64::NAN),
        number => Some(number.parse().unwrap()),
    };
    let words = (1_i64..).zip(words.split(' '));
    words.filter_map(|(step, word)| Some(Sample { at: at(step * 30), value: value(word)? }.into())).collect()
}

#[test]
fn what_went_up_becomes_a_counter_that_goes_on() {
    let grid = Grid { from: at(0), to: at(120), step: Span::from_secs(30) };
    let known = |value, lives| Known { value: Some(value), lives };
    for (words, before, expected) in [
        ("1 2 0 3", Known::default(), "0@0 1@30 3@60 3@90 6@120"),
        ("1 2 0 3", known(7.0, true), "8@30 10@60 10@90 13@120"),
        // It begins with nothing where it is seen first, and ends where none of its series is there.
        ("- - 4 -", Known::default(), "0@60 4@90 end@120"),
        ("- - 4 -", known(7.0, true), "end@30 11@90 end@120"),
        ("- - 4 -", known(7.0, false), "11@90 end@120"),
        ("- - - -", known(7.0, true), "end@30"),
        // Where it is there and was not scraped, nothing is known.
        (". 4 . 1", known(7.0, true), "11@60 12@120"),
        (". . . .", Known::default(), ""),
        // What is no number is no count, and it goes on.
        ("1 ? 2 1", known(7.0, true), "8@30 NaN@60 10@90 11@120"),
    ] {
        let samples = counter(&told(words), grid, before);
        let shown = samples.iter().map(|sample| {
            let second = sample.at.since(at(0)).millis() / 1_000;
            let value = sample.number().unwrap();
            if is_stale(value) { format!("end@{second}") } else { format!("{value}@{second}") }
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{words} after {before:?}");
    }
}

/// What one bad step had is lost, and no other: neither where it is the last one that was asked for, nor where it is not.
#[test]
fn after_a_bad_step_it_counts_again() {
    let pairs = [("service", "shop"), ("code", "500")];
    for upto in [vec![8], vec![3, 8], vec![4, 8], vec![2, 3, 4, 5, 6, 7, 8]] {
        let sum = sum(30, &["instance"]);
        let asking = Asking { sum: &sum, whole: false };
        let all = told("1 1 ? 1 1 ? 1 1");
        let mut store = Store::new(Bounds::default());
        let mut from = 0;
        for to in upto {
            let grid = Grid { from: at(from * 30), to: at(to * 30), step: Span::from_secs(30) };
            let samples =
                all.iter().filter(|told| grid.from < told.at && told.at <= grid.to).cloned().collect();
            let grown = vec![Series { labels: labels(&pairs), samples }];
            let counters = asking.counters((grown, &[]), grid, (&store, &[]));
            store.graft(counters, (grid.from, grid.to));
            from = to - 1;
        }
        let from = at(0);
        assert_eq!([4, 5, 7, 8].map(|step| counted(&store, "500", (from, at(step * 30)))), [3, 4, 5, 6]);
        assert_eq!(counted(&store, "500", (at(60), at(150))), 2);
        assert_eq!(counted(&store, "500", (at(90), at(150))), 2);
    }
}

/// Of an instance that lacks a bucket nobody knows what lies under it; its sum with others is no count, and nor is any other
/// of that histogram then: as of none was more counted than of another, nothing seems slow.
#[test]
fn a_sum_of_fewer_buckets_than_there_are_is_no_count() {
    let bucket = |bound: &str, track: &str, words: &str| Series {
        labels: labels(&[("le", bound), ("track", track)]),
        samples: told(words),
    };
    let members = [
        bucket("0.5", "canary", "3 2 3 3"),
        bucket("+Inf", "canary", "3 3 3 3"),
        bucket("0.5", "stable", "9 9 9 9"),
        bucket("+Inf", "stable", "9 9 9 9"),
    ];
    let sum = Sum { metric: "duration_bucket".to_owned(), ..sum(30, &["instance"]) };
    let grid = Grid { from: at(0), to: at(120), step: Span::from_secs(30) };
    let grown = vec![
        bucket("0.5", "canary", "5 5 5 ?"),
        bucket("+Inf", "canary", "9 9 9 9"),
        bucket("0.5", "stable", "5 . 5 5"),
        bucket("+Inf", "stable", "9 9 9 9"),
    ];
    let store = Store::new(Bounds::default());
    let counters = Asking { sum: &sum, whole: false }.counters((grown, &members), grid, (&store, &[]));
    let shown = |own: &Series| {
        let values = own.samples.iter().filter_map(Observation::number).map(|value| value.to_string());
        values.collect::<Vec<_>>().join(" ")
    };
    let values: Vec<String> = counters.iter().map(shown).collect();
    assert_eq!(values, ["0 5 NaN 10 NaN", "0 9 NaN 18 NaN", "0 5 NaN 10 15", "0 9 NaN 18 27"]);
}

/// Nothing is left out between parts, and no part is larger than an answer should be.
#[test]
fn a_grid_is_asked_in_parts() {
    let stretch = Stretch { from: at(17), to: at(86_400) };
    let grid = Grid::of(stretch, Span::from_secs(30));
    for (sums, parts) in [(1, 3), (400, 3), (10_000, 72), (u64::MAX, 2_880)] {
        let mut rest = grid;
        let parted: Vec<Grid> = std::iter::from_fn(|| {
            let part = rest.first(Grid::most_steps(sums));
            rest.from = part.to;
            (0 < part.steps()).then_some(part)
        })
        .collect();
        assert_eq!(parted.len(), parts, "{sums}");
        assert_eq!((parted[0].from, parted[parts - 1].to), (grid.from, grid.to));
        assert!(parted.windows(2).all(|pair| pair[0].to == pair[1].from));
    }
}
