//! What holds of the store as a whole. A series is written as `metric label=value .. | from..to/step | first+each`: from
//! second `from` up to and with `to`, every `step` seconds, a counter that begins at `first` and goes up by `each`.

mod laws;

use crate::signal::{Labels, NAME, STALE, Sample, Series};
use crate::store::{Appended, Bounds, First, Growth, Increase, Is, LOOKBACK, Store, Window};
use crate::store::{group_of, increases, tally};
use crate::unit::{Span, UnixMillis};

pub(super) const NOW: UnixMillis = secs(10_000);

pub(super) const fn secs(secs: i64) -> UnixMillis {
    UnixMillis::new(secs * 1_000)
}

pub(super) fn labels(text: &str) -> Labels {
    let mut words = text.split_whitespace();
    let name = (NAME.to_owned(), words.next().unwrap().to_owned());
    let pair =
        |word: &str| word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    Labels::new([name].into_iter().chain(words.map(pair)).collect()).unwrap()
}

pub(super) fn series(text: &str) -> Series {
    let parts: Vec<&str> = text.split('|').map(str::trim).collect();
    let [name, times, values] = parts[..] else { panic!("{text}") };
    let (from, rest) = times.split_once("..").unwrap();
    let (to, step) = rest.split_once('/').unwrap();
    let (first, each) = values.split_once('+').unwrap();
    let mut value: f64 = first.parse().unwrap();
    let mut samples = Vec::new();
    for at in (from.parse().unwrap()..=to.parse().unwrap()).step_by(step.parse().unwrap()) {
        samples.push(Sample { at: secs(at), value }.into());
        value += each.parse::<f64>().unwrap();
    }
    Series { labels: labels(name), samples }
}

pub(super) fn of(name: &str, values: &[(i64, f64)]) -> Series {
    let samples = values.iter().map(|(at, value)| Sample { at: secs(*at), value: *value }.into()).collect();
    Series { labels: labels(name), samples }
}

pub(super) fn store(all: &[Series]) -> Store {
    let mut store = Store::new(Bounds::default());
    store.append(all, NOW);
    store
}

fn window(from: UnixMillis, to: UnixMillis) -> Window {
    Window { from, to, lookback: LOOKBACK }
}

/// One that ended without a number is waited for as long as it might come back, and what it had stays counted.
#[test]
fn a_counter_that_ends_without_a_number_is_let_go() {
    let store = store(&[of("a", &[(0, 5.0), (15, 9.0), (30, f64::NAN)])]);
    let stored = store.select::<Is<'_>>(&[])[0];
    let back = i64::try_from(LOOKBACK.millis()).unwrap() / 1_000;
    for (from, to, expected) in
        [(0, 30, None), (0, 29 + back, None), (0, 30 + back, Some(4)), (60, 30 + back, Some(0))]
    {
        let grown = increases(stored, &window(secs(from), secs(to))).ok().map(|growth| growth.by);
        assert_eq!(grown, expected, "{from} to {to}");
    }
}

pub(super) fn stale() -> f64 {
    f64::from_bits(STALE)
}

/// All that is in a store, in the order in which it is handed out.
fn contents(store: &Store) -> Vec<(String, Vec<(i64, u64)>)> {
    let samples = |sample: Sample| (sample.at.millis(), sample.value.to_bits());
    let stored = store.select::<Is<'_>>(&[]);
    stored
        .iter()
        .map(|stored| (stored.labels().to_string(), stored.samples().map(samples).collect()))
        .collect()
}

pub(super) fn counted(store: &Store, metric: &str, from: i64, to: i64) -> Increase {
    let window = Window { from: secs(from), to: secs(to), lookback: LOOKBACK };
    tally(store, &[Is { label: NAME, value: metric }], &window, 1, |_| Some(0))
}

#[test]
fn tells_what_became_of_each_sample() {
    let bounds = Bounds { retention: Span::from_secs(3_600), series: 2, samples: 4, ..Bounds::default() };
    let mut store = Store::new(bounds);
    let none = Appended::default();
    for (name, at, expected) in [
        ("a", 9_000, Appended { taken: 1, ..none }),
        ("a", 9_000, Appended { duplicate: 1, ..none }),
        ("a", 8_999, Appended { out_of_order: 1, ..none }),
        ("a", 6_400, Appended { out_of_order: 1, ..none }),
        ("a", 6_399, Appended { too_old: 1, ..none }),
        ("b", 10_601, Appended { in_the_future: 1, ..none }),
        ("b", 10_600, Appended { taken: 1, ..none }),
        ("c", 9_000, Appended { over_series: 1, ..none }),
        ("a", 9_001, Appended { taken: 1, ..none }),
        ("a", 9_002, Appended { taken: 1, ..none }),
        ("a", 9_003, Appended { over_samples: 1, ..none }),
        ("a", 9_001, Appended { duplicate: 1, ..none }),
    ] {
        let before = store.totals();
        let appended = store.append(&[of(name, &[(at, 1.0)])], NOW);
        assert_eq!(appended, expected, "{name} at {at}");
        let mut sum = before;
        sum += appended;
        assert_eq!(store.totals(), sum, "{name} at {at}");
    }
    assert_eq!((store.series(), store.samples()), (2, 4));
    assert!(0 < store.bytes());
}

#[test]
fn the_first_copy_is_kept() {
    let mut store = store(&[of("a", &[(1, 5.0)])]);
    store.append(&[of("a", &[(1, 6.0)])], NOW);
    assert_eq!(contents(&store), [("a".to_owned(), vec![(1_000, 5.0_f64.to_bits())])]);
}

#[test]
fn what_is_older_than_the_retention_leaves() {
    let mut store = Store::new(Bounds { retention: Span::from_secs(3_200), ..Bounds::default() });
    store.append(&[series("a x=1 | 0..3000/100 | 0+1"), series("b x=1 | 0..500/100 | 0+1")], secs(3_000));
    for (now, dropped, series, samples) in [
        (3_200, 0, 2, 37),
        // The next sweep is due after a 32nd of the retention.
        (3_299, 0, 2, 37),
        (3_300, 2, 2, 35),
        (3_800, 10, 1, 25),
    ] {
        assert_eq!(store.prune(secs(now)), dropped, "at {now}");
        assert_eq!((store.series(), store.samples()), (series, samples), "at {now}");
    }
    assert_eq!(store.select(&[Is { label: "x", value: "1" }]).len(), 1, "the index forgets with the store");
    store.append(&[of("b x=1", &[(3_800, 1.0)])], secs(3_800));
    assert_eq!(store.select(&[Is { label: "x", value: "1" }]).len(), 2, "and learns again");
    store.prune(secs(9_000));
    let empty = Store::new(store.bounds());
    assert_eq!((store.series(), store.samples(), store.bytes()), (0, 0, empty.bytes()));
}

#[test]
fn an_expression_sees_the_last_sample_less_than_a_lookback_ago() {
    let store = store(&[of("a", &[(100, 1.0), (200, stale()), (300, 3.0)])]);
    let a = store.select::<Is<'_>>(&[])[0];
    for (at, seen, last) in [
        (99, None, None),
        (100, Some(1.0), Some(1.0)),
        (149, Some(1.0), Some(1.0)),
        (150, None, Some(1.0)),
        (200, None, Some(1.0)),
        (300, Some(3.0), Some(3.0)),
        (9_999, None, Some(3.0)),
    ] {
        let value = |sample: Option<Sample>| sample.map(|sample| sample.value);
        assert_eq!(value(a.seen(secs(at), Span::from_secs(50))), seen, "seen at {at}");
        assert_eq!(value(a.last(secs(at))), last, "last at {at}");
    }
    let between = |from, to| a.between(secs(from), secs(to)).count();
    assert_eq!((between(100, 300), between(99, 200), between(300, 100)), (2, 2, 0));
}

#[test]
fn a_counter_goes_up() {
    let first = |at, count| Some(First { at: secs(at), count });
    for (values, from, to, by, seen) in [
        (&[(0, 5.0), (30, 7.0)][..], 0, 30, 2, None),
        (&[(0, 5.0), (30, 7.0), (31, 100.0)], 0, 30, 2, None),
        (&[(0, 5.0), (30, 7.0), (60, 3.0), (90, 4.0)], 0, 90, 2 + 3 + 1, None),
        (&[(0, 5.0), (3_000, 9.0)], 2_970, 3_000, 4, None),
        (&[(0, 5.0), (15, stale()), (30, 7.0)], 0, 30, 2, None),
        (&[(0, 5.0), (15, stale()), (30, 1.0)], 0, 30, 1, None),
        (&[(0, 5.0), (15, stale())], 0, 30, 0, None),
        (&[(15, 5.0), (30, 7.0)], 0, 30, 2, first(15, 5)),
        (&[(0, stale()), (15, 5.0)], 0, 30, 0, first(15, 5)),
        (&[(45, 5.0)], 0, 30, 0, None),
        // No number for a while: what was counted meanwhile comes with the next one.
        (&[(0, 5.0), (15, f64::NAN), (30, 7.0)], 0, 30, 2, None),
        (&[(0, 5.0), (15, f64::NAN), (30, f64::NAN), (45, 7.0)], 30, 45, 2, None),
        (&[(0, 5.0), (15, f64::NAN), (30, 1.0)], 0, 30, 1, None),
        // What it had before it was none is a history that nobody knows.
        (&[(0, f64::NAN), (15, 5.0), (30, 7.0)], 0, 30, 2, None),
        (&[(10, f64::NAN), (15, 5.0), (30, 7.0)], 0, 30, 2, None),
    ] {
        let store = store(&[of("a", values)]);
        let growth: Growth =
            increases(store.select::<Is<'_>>(&[])[0], &window(secs(from), secs(to))).unwrap();
        assert_eq!((growth.by, growth.first), (by, seen), "{values:?} from {from} to {to}");
    }
}

#[test]
fn what_is_no_count_is_said_by_name() {
    for (value, counts) in [
        (0.0, true),
        (-0.0, true),
        (9_007_199_254_740_992.0, true),
        (9_007_199_254_740_994.0, false),
        (-1.0, false),
        (0.5, false),
        (f64::INFINITY, false),
    ] {
        let base =
            store(&[of("a", &[(0, value), (15, 9_007_199_254_740_992.0)]), series("b | 0..30/15 | 0+1")]);
        let inside = store(&[of("a", &[(0, 0.0), (15, value)]), series("b | 0..30/15 | 0+1")]);
        for (store, place) in [(base, "before"), (inside, "inside")] {
            let a = counted(&store, "a", 0, 30);
            assert_eq!(a.fault.is_none(), counts, "{value} {place}");
            assert!(a.fault.is_none_or(|fault| fault.to_string().starts_with("a is ")), "{value} {place}");
            assert_eq!(counted(&store, "b", 0, 30).sum(), 2, "others count on");
        }
    }
}

/// While it is no number it is no counter, for as long as that lasts and no longer.
#[test]
fn what_is_no_number_at_the_end_is_no_counter() {
    for (values, until, counts) in [
        (&[(0, 5.0), (15, f64::NAN)][..], 30, false),
        (&[(0, 5.0), (15, f64::NAN)], 314, false),
        (&[(0, 5.0), (15, f64::NAN)], 315, true),
        (&[(0, 5.0), (15, 6.0), (30, f64::NAN)], 30, false),
        (&[(0, f64::NAN), (15, f64::NAN)], 30, false),
        (&[(0, f64::NAN)], 30, false),
        (&[(0, 5.0), (15, f64::NAN), (30, 6.0)], 30, true),
        (&[(0, 5.0), (15, f64::NAN), (45, 6.0)], 30, false),
        (&[(0, 5.0), (15, f64::NAN), (45, 6.0)], 45, true),
        (&[(0, 5.0), (15, stale())], 30, true),
        (&[(0, 5.0), (15, f64::NAN), (20, stale())], 30, true),
    ] {
        let fault = counted(&store(&[of("a", values)]), "a", 0, until).fault;
        assert_eq!(fault.is_none(), counts, "{values:?} until {until}: {fault:?}");
    }
}

#[test]
fn a_tally_is_by_groups_and_leaves_out_what_has_none() {
    let store = store(&[
        series("http track=canary | 0..60/15 | 0+1"),
        series("http track=stable | 0..60/15 | 0+10"),
        series("http track=none | 0..45/15 | 0+100"),
    ]);
    let window = Window { from: secs(15), to: secs(60), lookback: LOOKBACK };
    let all: [Is<'_>; 0] = [];
    let increase = tally(&store, &all, &window, 3, |labels| match labels.get("track") {
        "canary" => Some(0),
        "stable" => Some(2),
        _ => None,
    });
    assert_eq!((increase.groups.as_slice(), increase.series), (&[3, 0, 30][..], 2));
    assert_eq!((increase.newest, increase.bases.count, increase.sum()), (Some(secs(60)), 0, 33));
    let gone = Window { from: secs(60), to: secs(90), lookback: LOOKBACK };
    let silent = tally(&store, &all, &gone, 1, |_| Some(0));
    assert_eq!(
        (silent.sum(), silent.series, silent.newest),
        (0, 0, Some(secs(60))),
        "a side that is silent shows as such"
    );
}

#[test]
fn of_several_faults_the_first_by_its_labels_is_named() {
    let wrong = |name: &str| of(name, &[(0, 0.0), (15, 0.5)]);
    let increase = counted(&store(&[wrong("http n=2"), wrong("http n=1"), wrong("http n=3")]), "http", 0, 30);
    assert_eq!(increase.fault.map(|fault| fault.series), Some(labels("http n=1")));
}

#[test]
fn bases_are_named_up_to_a_bound() {
    let many: Vec<Series> = (0..20).map(|n| series(&format!("http n={n:02} | 15..30/15 | 7+1"))).collect();
    let increase = counted(&store(&many), "http", 0, 30);
    let named: Vec<&str> = increase.bases.named.iter().map(|labels| labels.get("n")).collect();
    assert_eq!((increase.sum(), increase.bases.count), (20, 20));
    assert_eq!(named, ["00", "01", "02", "03", "04", "05", "06", "07"]);
}

/// The groups are on record, so these numbers never change.
#[test]
fn a_series_is_always_in_the_same_group() {
    for (name, groups, group) in [
        ("a instance=10.0.0.1:8080 code=200", 8, 5),
        ("a instance=10.0.0.1:8080 code=500", 8, 5),
        ("b pod=api-7d9f-x2x1q", 8, 5),
        ("errors zone=a code=500", 8, 0),
        ("requests zone=a", 8, 0),
        ("b instance=10.0.0.1:8080", 1, 0),
        ("b instance=10.0.0.1:8080", 0, 0),
    ] {
        assert_eq!(group_of(&labels(name), groups), group, "{name} of {groups}");
    }
    let mut sizes = [0; 8];
    for host in 0..800 {
        sizes[group_of(&labels(&format!("a instance=10.0.{}.{}:8080", host / 250, host % 250)), 8)] += 1;
    }
    assert!(sizes.iter().all(|size| (50..=150).contains(size)), "they are about as large: {sizes:?}");
}
