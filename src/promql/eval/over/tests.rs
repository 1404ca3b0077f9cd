use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::promql::duration::Length;
use crate::promql::eval::annotation::Annotations;
use crate::promql::eval::column::Cell;
use crate::promql::eval::layout::Layout;
use crate::promql::eval::meter::Meter;
use crate::promql::eval::{Query, Row, Value, When, evaluate};
use crate::promql::number::Number;
use crate::promql::selector::{Extended, Shift};
use crate::promql::{Features, parse};
use crate::signal::histogram::{Buckets, Hint, Parts};
use crate::signal::{Histogram, Labels, NAME, Observation};
use crate::store::{Bounds, Lot, Points, Store};
use crate::unit::{Extent, Span, UnixMillis};

fn labels(name: &str) -> Labels {
    Labels::new(vec![(NAME.to_owned(), name.to_owned())]).unwrap()
}

/// Samples 10 s apart, from 0 on.
fn store(series: &[(&str, &[f64])]) -> Store {
    let mut store = Store::new(Bounds { retention: Span::from_secs(1 << 40), ..Bounds::default() });
    for (name, values) in series {
        let observation = |(step, value): (i64, &f64)| Observation {
            at: UnixMillis::new(step * 10_000),
            start: None,
            point: Point::Float(*value),
        };
        store.observe(&labels(name), (0..).zip(*values).map(observation), UnixMillis::new(1_000_000));
    }
    store
}

/// What an expression comes to at so many seconds, and what is said of it.
fn told(text: &str, at: i64, store: &Store) -> Result<(Vec<f64>, Vec<String>), String> {
    let plan = parse(text, Features::ALL).unwrap();
    let query = Query::new(When::At(UnixMillis::new(at * 1_000)));
    let answer = evaluate(&plan, &query, store).map_err(|error| error.to_string())?;
    let values = match answer.value {
        Value::Vector(elements) => elements.into_iter().map(|(_, point)| point).collect(),
        Value::Matrix(rows) => rows.iter().flat_map(Row::points).map(|(_, point)| point).collect(),
        Value::Scalar(_) | Value::Text(_) => Vec::new(),
    };
    let value = |point: Point| if let Point::Float(value) = point { value } else { f64::NAN };
    let said = answer.annotations.iter().map(|annotation| annotation.within(text)).collect();
    Ok((values.into_iter().map(value).collect(), said))
}

#[test]
fn functions_say_what_a_window_comes_to() {
    let store = store(&[
        ("a_total", &[0.0, 10.0, 20.0, 5.0, 15.0, 25.0, 35.0]),
        ("b", &[3.0, 1.0, 2.0, 2.0, 8.0, -1.0, 4.0]),
    ]);
    for (text, expected) in [
        ("increase(a_total[1m])", 45.0 * 60.0 / 50.0),
        ("rate(a_total[1m])", 45.0 / 50.0),
        ("increase(a_total[55s] anchored)", 55.0),
        ("increase(a_total[55s] smoothed)", 50.0),
        ("increase(a_total[1m] anchored)", 55.0),
        ("delta(b[1m])", 3.0 * 60.0 / 50.0),
        ("irate(a_total[1m])", 1.0),
        ("idelta(b[1m])", 5.0),
        ("resets(a_total[1m])", 1.0),
        ("changes(b[1m])", 4.0),
        ("changes(b[1m] anchored)", 5.0),
        ("count_over_time(b[1m])", 6.0),
        ("present_over_time(b[1m])", 1.0),
        ("first_over_time(b[1m])", 1.0),
        ("last_over_time(b[1m])", 4.0),
        ("min_over_time(b[1m])", -1.0),
        ("max_over_time(b[1m])", 8.0),
        ("ts_of_min_over_time(b[1m])", 50.0),
        ("ts_of_max_over_time(b[1m])", 40.0),
        ("ts_of_first_over_time(b[1m])", 10.0),
        ("ts_of_last_over_time(b[1m])", 60.0),
        ("sum_over_time(b[1m])", 16.0),
        ("avg_over_time(b[1m])", 16.0 / 6.0),
        ("stdvar_over_time(b[20s])", 6.25),
        ("stddev_over_time(b[20s])", 2.5),
        ("quantile_over_time(0.5, b[1m])", 2.0),
        ("mad_over_time(b[1m])", 1.5),
        ("deriv(a_total[30s])", 1.0),
        ("predict_linear(a_total[30s], 10)", 45.0),
        ("double_exponential_smoothing(a_total[30s], 0.5, 0.5)", 35.0),
    ] {
        let (values, _) = told(text, 60, &store).unwrap();
        assert_eq!(values.len(), 1, "{text}");
        assert!((values[0] - expected).abs() < 1e-9, "{text}: {values:?}, not {expected}");
    }
}

#[test]
fn a_smoothed_series_is_worth_what_lies_between_its_samples() {
    let store = store(&[("x", &[1.0, 3.0])]);
    for (text, at, expected) in [
        ("x smoothed", 5, vec![2.0]),
        ("x smoothed", 10, vec![3.0]),
        ("x smoothed", 300, vec![3.0]),
        ("x smoothed", -5, vec![]),
        ("x[10s] smoothed", 5, vec![1.0, 1.0, 2.0]),
        ("x[4s] smoothed", 6, vec![1.4, 2.2]),
        ("x[4s] anchored", 12, vec![1.0, 3.0, 3.0]),
        ("x[4s] anchored", 20, vec![]),
    ] {
        let (values, _) = told(text, at, &store).unwrap();
        assert_eq!(values.len(), expected.len(), "{text} at {at}: {values:?}");
        let near = values.iter().zip(&expected).all(|(one, other)| (one - other).abs() < 1e-12);
        assert!(near, "{text} at {at}: {values:?}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let store = store(&[("x", &[1.0, 3.0, 4.0])]);
    for (text, says) in [
        (
            "resets(x[3m] smoothed)",
            "smoothed modifier can only be used with: delta, increase, rate - not with resets",
        ),
        (
            "deriv(none[3m] anchored)",
            "anchored modifier can only be used with: changes, delta, increase, rate, resets - not with deriv",
        ),
        (
            "double_exponential_smoothing(x[1m], 0, 0.5)",
            "invalid smoothing factor. Expected: 0 < sf < 1, got: 0.000000",
        ),
        (
            "double_exponential_smoothing(x[1m], 0.5, 1)",
            "invalid trend factor. Expected: 0 < tf < 1, got: 1.000000",
        ),
    ] {
        assert_eq!(told(text, 20, &store).unwrap_err(), says, "{text}");
    }
    // Without a sample nothing is reckoned, so nothing is wrong.
    assert_eq!(told("double_exponential_smoothing(none[1m], 0, 0)", 20, &store), Ok((vec![], vec![])));
}

#[test]
fn what_may_mislead_is_told_with_its_place() {
    let store = store(&[("x", &[1.0, 3.0, 4.0]), ("x_total", &[1.0, 3.0, 4.0])]);
    let no_counter = "metric might not be a counter, name does not end in _total/_sum/_count/_bucket:";
    for (text, expected) in [
        ("rate(x[1m])", vec![format!("PromQL info: {no_counter} \"x\" (1:6)")]),
        ("rate(x_total[1m])", vec![]),
        ("rate(x[5s])", vec![]),
        ("delta(x[1m])", vec![]),
        (
            "quantile_over_time(1.5, x[1m])",
            vec!["PromQL warning: quantile value should be between 0 and 1, got 1.5 (1:20)".to_owned()],
        ),
    ] {
        assert_eq!(told(text, 20, &store).unwrap().1, expected, "{text}");
    }
}

/// A histogram with such a count in each of two buckets.
fn histogram(low: f64, high: f64, hint: Hint) -> Arc<Histogram> {
    let positive = Buckets::from_index(0, vec![low, high]).unwrap();
    let parts = Parts { count: low + high, sum: 2.0 * high, positive, hint, ..Parts::default() };
    Arc::new(Histogram::new(parts).unwrap())
}

/// A series that anything may happen to.
#[derive(Debug, Clone)]
struct Wild {
    times: Vec<UnixMillis>,
    values: Vec<f64>,
    histograms: Vec<Option<Arc<Histogram>>>,
    starts: Vec<Option<UnixMillis>>,
}

impl Wild {
    fn points(&self) -> Points<'_> {
        Points {
            times: &self.times,
            values: &self.values,
            histograms: &self.histograms,
            starts: &self.starts,
        }
    }

    /// The largest number that is no accident.
    fn scale(&self) -> f64 {
        self.values.iter().map(|value| value.abs()).filter(|value| *value < 1e300).fold(0.0, f64::max)
    }
}

/// A sample: how long after the one before, what is added, and what else happens.
type Step = (i64, f64, u8, bool);

fn wild() -> impl Strategy<Value = Wild> {
    let gap = prop::sample::select(vec![1_i64, 5_000, 15_000, 15_000, 15_000, 60_000, 400_000]);
    let added = prop_oneof![Just(0.0), 0.0..10.0_f64, -1e3..1e6_f64];
    let steps = prop::collection::vec((gap, added, any::<u8>(), any::<bool>()), 0..400);
    (steps, 0_u8..5, any::<bool>(), any::<bool>())
        .prop_map(|(steps, kind, odd, starts)| made(&steps, kind, odd, starts))
}

fn made(steps: &[Step], kind: u8, odd: bool, starts: bool) -> Wild {
    let mut wild = Wild { times: vec![], values: vec![], histograms: vec![], starts: vec![] };
    let (mut at, mut value, mut count) = (0, 0.0, 0.0);
    for (gap, added, event, begins) in steps {
        at += gap;
        value = if *event < 20 { added.abs() } else { value + added };
        count = if *event < 20 { 0.0 } else { count + f64::from(event % 7) };
        let accident = match event {
            250 => f64::NAN,
            251 => f64::INFINITY,
            252 => f64::NEG_INFINITY,
            253 => 1e305,
            254 => -0.0,
            _ => value,
        };
        let hint = if odd && *event > 240 { Hint::Gauge } else { Hint::Unknown };
        let found = (kind == 1 || kind == 2 && *event > 128).then(|| histogram(count, 2.0 * count, hint));
        wild.times.push(UnixMillis::new(at));
        wild.values.push(if found.is_some() {
            f64::NAN
        } else if odd {
            accident
        } else {
            value
        });
        if kind == 1 || kind == 2 {
            wild.histograms.push(found);
        }
        if starts {
            wild.starts.push(begins.then(|| UnixMillis::new(at - i64::from(*event) * 200)));
        }
    }
    wild
}

/// How a function's two forms may differ.
fn near(name: &str, plain: f64, moving: f64, scale: f64) -> bool {
    let off = (plain - moving).abs();
    match name {
        "sum_over_time" | "avg_over_time" => off <= 1e-12 * plain.abs() + 1e-24 * scale,
        "stddev_over_time" => off <= 1e-11 * plain.abs() + 1e-13 * scale,
        "stdvar_over_time" => off <= 1e-11 * plain.abs() + 1e-13 * scale * (plain.sqrt() + 1e-13 * scale),
        "deriv" => off <= 1e-9 * plain.abs() + 1e-9 * scale,
        "predict_linear" | "double_exponential_smoothing" => off <= 1e-8 * (plain.abs() + scale),
        _ => false,
    }
}

fn same(name: &str, plain: &Column, moving: &Column, scale: f64) -> Result<(), TestCaseError> {
    for (step, (one, other)) in plain.cells().zip(moving.cells()).enumerate() {
        let same = match (one, other) {
            (Cell::None, Cell::None) => true,
            (Cell::Float(one), Cell::Float(other)) => {
                Number(one) == Number(other) || near(name, one, other, scale)
            }
            (Cell::Histogram(one), Cell::Histogram(other)) => {
                one.same_as(other) && one.hint() == other.hint()
            }
            (_, _) => false,
        };
        prop_assert!(same, "{name} at step {step}: {one:?}, moving {other:?}");
    }
    Ok(())
}

const NAMES: [&str; 26] = [
    "rate",
    "increase",
    "delta",
    "irate",
    "idelta",
    "resets",
    "changes",
    "count_over_time",
    "present_over_time",
    "first_over_time",
    "last_over_time",
    "ts_of_first_over_time",
    "ts_of_last_over_time",
    "min_over_time",
    "max_over_time",
    "ts_of_min_over_time",
    "ts_of_max_over_time",
    "sum_over_time",
    "avg_over_time",
    "stddev_over_time",
    "stdvar_over_time",
    "quantile_over_time",
    "mad_over_time",
    "deriv",
    "predict_linear",
    "double_exponential_smoothing",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn both_forms_say_the_same(
        wild in wild(),
        (range, step) in (1_i64..4_000, 1_u64..600),
        starts in any::<bool>(),
        anchored in any::<bool>(),
    ) {
        let when = When::Range { from: UnixMillis::new(0), to: UnixMillis::new(4_000_000), step: Span::from_secs(step) };
        let query = Query { starts, ..Query::new(when) };
        let length = Length::Fixed(Number(f64::from(i32::try_from(range).unwrap())));
        let reach = Reach::of(&query, query.grid(), (&Shift::default(), Some(&length)), Extent::default()).unwrap();
        let labels = labels("x");
        let meter = Meter::new(usize::MAX, &|| false);
        let track = Track::read(Lot::lent(&labels, wild.points()), false, &meter);
        let steps = query.grid().len();
        for name in NAMES {
            let over = named(name).unwrap();
            let extended = anchored && refusal(Extended::Anchored, name).is_none();
            let reach = reach.extended(extended.then_some(Extended::Anchored));
            let layout = Layout::of(wild.points().times, &reach, &meter).unwrap();
            let (told_plain, told_moving) = (Annotations::default(), Annotations::default());
            let numbers = [0.3, 0.6].map(|number| Numbers::same(&meter, number, steps).unwrap());
            let column = |annotations: &Annotations, moved: bool| {
                let remarks = Remarks::new(&labels, Extent::default(), annotations);
                let around = Around { remarks: &remarks, numbers: &numbers, step: 0, at: 0, starts, meter: &meter };
                let course = Course { track: &track, reach: &reach, layout: &layout, around };
                let moving = over.moving.filter(|_| moved).and_then(|moving| moving(&course));
                moving.unwrap_or_else(|| course.each(over.plain))
            };
            let (plain, moving) = (column(&told_plain, false), column(&told_moving, true));
            same(name, &plain, &moving, wild.scale())?;
            let (plain, moving) = (told_plain.told(), told_moving.told());
            prop_assert_eq!(plain, moving, "what {} tells", name);
        }
    }
}
