//! Prometheus's conformance scripts: what they load, and what they expect.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

use backstop::promql::{Features, MatchOp, parse};
use backstop::signal::{Labels, NAME, NotationError, Sample, Series, written_samples};
use backstop::unit::{Span, UnixMillis};
use std::rc::Rc;

/// What there is when an expression is evaluated.
#[derive(Clone, Default)]
pub(crate) struct Loaded {
    pub(crate) series: Vec<Series>,
    /// Series with more to them than floats: histograms, and those that say when they began.
    pub(crate) beyond: Vec<Labels>,
}

/// One evaluation and what is expected of it.
pub(crate) struct Case {
    /// The script and the line.
    pub(crate) place: String,
    pub(crate) loaded: Rc<Loaded>,
    pub(crate) expression: String,
    pub(crate) at: At,
    pub(crate) expected: Expected,
}

/// When a case is evaluated.
#[derive(Clone, Copy)]
pub(crate) enum At {
    Instant(i64),
    Range { start: i64, end: i64, step: i64 },
}

pub(crate) enum Expected {
    Fails,
    Text(String),
    Scalar(f64),
    /// A row of samples for each series, one for each step.
    Rows(Vec<(Labels, Vec<Option<f64>>)>),
    /// Histograms, windows: nothing that is evaluated here.
    Beyond,
}

/// Every evaluation of a script.
pub(crate) fn cases(script: &str, text: &str) -> Vec<Case> {
    let mut lines = text.lines().map(str::trim).enumerate();
    let mut loaded = Rc::new(Loaded::default());
    let mut cases = Vec::new();
    while let Some((number, line)) = lines.next() {
        let place = format!("{script}:{}", number + 1);
        match line.split_whitespace().next().unwrap_or_default() {
            "clear" => loaded = Rc::new(Loaded::default()),
            word if word.starts_with("load") => {
                let step = millis(line.split_whitespace().nth(1).unwrap());
                load(Rc::make_mut(&mut loaded), step, &block(&mut lines), word == "load_with_nhcb");
            }
            word if word.starts_with("eval") => {
                let (at, expression) = evaluated(line);
                let expected = expected(word, &block(&mut lines));
                cases.push(Case { place, loaded: loaded.clone(), expression, at, expected });
            }
            word => assert!(word.is_empty() || word.starts_with('#'), "{place}: {line}"),
        }
    }
    cases
}

/// The lines up to an empty one, or a lone number, which needs none behind it.
fn block<'t>(lines: &mut impl Iterator<Item = (usize, &'t str)>) -> Vec<&'t str> {
    let mut rows = Vec::new();
    for (_, row) in lines.take_while(|(_, row)| !row.is_empty() && !row.starts_with('#')) {
        rows.push(row);
        if row.parse::<f64>().is_ok() {
            break;
        }
    }
    rows
}

/// When an `eval` line evaluates, and what.
fn evaluated(line: &str) -> (At, String) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (at, passed) = match words[1] {
        "instant" => (At::Instant(millis(words[3])), 4),
        _ => (At::Range { start: millis(words[3]), end: millis(words[5]), step: millis(words[7]) }, 8),
    };
    let mut rest = line;
    for _ in 0..passed {
        rest = rest.trim_start().split_once(char::is_whitespace).unwrap().1;
    }
    (at, rest.trim().to_owned())
}

fn expected(command: &str, rows: &[&str]) -> Expected {
    if command == "eval_fail" || rows.iter().any(|row| row.starts_with("expect fail")) {
        return Expected::Fails;
    }
    if rows.iter().any(|row| row.contains("{{") || row.starts_with("expect range")) {
        return Expected::Beyond;
    }
    if let Some(text) = rows.iter().find_map(|row| row.strip_prefix("expect string ")) {
        return Expected::Text(text.trim().trim_matches(['"', '`']).to_owned());
    }
    let rows: Vec<&str> = rows.iter().filter(|row| !row.starts_with("expect ")).copied().collect();
    match rows.as_slice() {
        [number] if number.parse::<f64>().is_ok() => Expected::Scalar(number.parse().unwrap()),
        rows => Expected::Rows(
            rows.iter().map(|row| described(row)).map(|(labels, row)| (labels, row.unwrap())).collect(),
        ),
    }
}

fn load(loaded: &mut Loaded, step: i64, rows: &[&str], histograms: bool) {
    let before = loaded.series.len();
    for row in rows {
        if let Some((labels, _)) = row.split_once("@st") {
            loaded.beyond.push(labels_of(labels));
            continue;
        }
        let (labels, values) = described(row);
        if histograms {
            loaded.beyond.push(without_suffix(&labels));
        }
        let Ok(values) = values else {
            loaded.beyond.push(labels);
            continue;
        };
        let at = |index: usize| UnixMillis::new(step * i64::try_from(index).unwrap());
        let samples = values.into_iter().enumerate();
        let samples =
            samples.filter_map(|(index, value)| Some(Sample { at: at(index), value: value? })).collect();
        // Within a block the later line counts; what an earlier block has loaded is gone on with.
        loaded.series.splice(before.., {
            let others: Vec<_> =
                loaded.series[before..].iter().filter(|own| own.labels != labels).cloned().collect();
            others.into_iter().chain([Series { labels, samples }])
        });
    }
    merge(&mut loaded.series);
}

/// Makes one of the series that several blocks have loaded.
fn merge(series: &mut Vec<Series>) {
    series.sort_by(|one, other| one.labels.cmp(&other.labels));
    series.dedup_by(|later, earlier| {
        let same = later.labels == earlier.labels;
        if same {
            earlier.samples.append(&mut later.samples);
            earlier.samples.sort_by_key(|sample| sample.at);
            earlier.samples.dedup_by_key(|sample| sample.at);
        }
        same
    });
}

/// What `load_with_nhcb` makes a histogram of.
fn without_suffix(labels: &Labels) -> Labels {
    let name = labels.get(NAME);
    let base = ["_bucket", "_count", "_sum"].iter().find_map(|suffix| name.strip_suffix(suffix));
    labels.with("le", "").with(NAME, base.unwrap_or(name))
}

/// A line of a series: its labels and its samples.
fn described(row: &str) -> (Labels, Result<Vec<Option<f64>>, NotationError>) {
    let mut quote = None;
    let mut inside = false;
    let end = row.find(|c: char| {
        match (quote, c) {
            (None, '"' | '\'' | '`') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '{') => inside = true,
            (None, '}') => inside = false,
            (None, c) if !inside && c.is_whitespace() => return true,
            _ => {}
        }
        false
    });
    let (labels, values) = row.split_at(end.unwrap_or(row.len()));
    (labels_of(labels), written_samples(values))
}

fn labels_of(text: &str) -> Labels {
    if text == "{}" {
        return Labels::default();
    }
    let plan = parse(text, Features::ALL).map_err(|error| format!("{text}: {error}")).unwrap();
    let selector = plan.selectors().next().unwrap();
    let name = selector.name.iter().map(|name| (NAME.to_owned(), name.text.clone()));
    let labels = selector.matchers.iter().map(|matcher| {
        assert_eq!(matcher.op, MatchOp::Equal, "{text}");
        (matcher.label.clone(), matcher.value.as_str().unwrap().to_owned())
    });
    Labels::new(name.chain(labels).collect()).unwrap()
}

/// A time of a script: a duration, or seconds, with a sign.
fn millis(text: &str) -> i64 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let span = text.parse::<Span>().or_else(|_| format!("{text}s").parse());
    sign * i64::try_from(span.unwrap().millis()).unwrap()
}
