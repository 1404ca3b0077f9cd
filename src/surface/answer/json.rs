//! Answers as Prometheus's API gives them. They are written straight into bytes: a large one is nothing but numbers, and
//! most of what it takes is to write them.

use crate::promql::{Annotation, Answer, Row, Value, Weight};
use crate::signal::{Histogram, Labels, Point};
use crate::surface::answer::number;
use crate::unit::UnixMillis;

/// How many warnings are told, and how many infos: as many as Prometheus tells.
const MOST_NOTES: usize = 10;

/// What is told where a limit has cut an answer.
const CUT: &str = "results truncated due to limit";

/// What an answer is told with.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'q> {
    /// The text of the expression.
    pub text: &'q str,
    /// When it was evaluated; the end of a range.
    pub at: UnixMillis,
    /// How many series are told at most; all of them where there is no limit.
    pub limit: Option<usize>,
    /// What it took, where that is asked for.
    pub stats: Option<Stats>,
}

/// What a query took, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stats {
    /// Waiting for others.
    pub waited: f64,
    /// Getting the samples together.
    pub prepared: f64,
    /// Evaluating.
    pub evaluated: f64,
}

/// An answer.
pub fn json(answer: &Answer, beside: &Beside<'_>) -> Vec<u8> {
    let mut out = b"{\"status\":\"success\",\"data\":{\"resultType\":".to_vec();
    let cut = data(&mut out, &answer.value, beside);
    if let Some(stats) = beside.stats {
        write_stats(&mut out, stats, answer.held);
    }
    out.push(b'}');
    let told = |weight| answer.annotations.iter().filter(move |own: &&Annotation| own.weight == weight);
    let warnings = notes(told(Weight::Warning), beside.text, "warning").into_iter();
    let warnings = cut.then(|| CUT.to_owned()).into_iter().chain(warnings);
    list(&mut out, "warnings", warnings.collect());
    list(&mut out, "infos", notes(told(Weight::Info), beside.text, "info"));
    out.push(b'}');
    out
}

/// Why there is no answer.
pub fn refusal(kind: &str, why: &str) -> Vec<u8> {
    let mut out = b"{\"status\":\"error\",\"errorType\":".to_vec();
    string(&mut out, kind);
    out.extend_from_slice(b",\"error\":");
    string(&mut out, why);
    out.push(b'}');
    out
}

/// The type and the result; tells whether the limit has cut it.
fn data(out: &mut Vec<u8>, value: &Value, beside: &Beside<'_>) -> bool {
    let most = beside.limit.unwrap_or(usize::MAX);
    let typed = |out: &mut Vec<u8>, kind: &str| {
        string(out, kind);
        out.extend_from_slice(b",\"result\":");
    };
    match value {
        Value::Scalar(value) => {
            typed(out, "scalar");
            sample(out, beside.at, *value);
            false
        }
        Value::Text(text) => {
            typed(out, "string");
            moment(out, beside.at);
            string(out, &String::from_utf8_lossy(text.as_bytes()));
            out.push(b']');
            false
        }
        Value::Vector(elements) => {
            typed(out, "vector");
            array(out, elements.iter().take(most), |out, (labels, point)| {
                element(out, labels, (beside.at, point));
            });
            most < elements.len()
        }
        Value::Matrix(rows) => {
            typed(out, "matrix");
            let mut moments = Moments::default();
            array(out, rows.iter().take(most), |out, own| row(out, own, &mut moments));
            most < rows.len()
        }
    }
}

fn array<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, mut each: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if 0 < index {
            out.push(b',');
        }
        each(out, item);
    }
    out.push(b']');
}

fn element(out: &mut Vec<u8>, labels: &Labels, (at, point): (UnixMillis, &Point)) {
    metric(out, labels);
    match point {
        Point::Float(value) => {
            out.extend_from_slice(b",\"value\":");
            sample(out, at, *value);
        }
        Point::Histogram(histogram) => {
            out.extend_from_slice(b",\"histogram\":");
            write_histogram(out, at, histogram);
        }
    }
    out.push(b'}');
}

/// A series over time: its numbers, and then its histograms.
fn row(out: &mut Vec<u8>, row: &Row, moments: &mut Moments) {
    metric(out, &row.labels);
    let mut numbers = row.numbers().peekable();
    if numbers.peek().is_some() {
        out.extend_from_slice(b",\"values\":");
        moments.turn_back();
        array(out, numbers, |out, (at, value)| {
            moments.write(out, at);
            quoted(out, value);
            out.push(b']');
        });
    }
    let mut histograms = row.histograms().peekable();
    if histograms.peek().is_some() {
        out.extend_from_slice(b",\"histograms\":");
        array(out, histograms, |out, (at, histogram)| write_histogram(out, at, histogram));
    }
    out.push(b'}');
}

/// The moments of a series as they are written. Most series of an answer have the same.
#[derive(Default)]
struct Moments {
    /// Each with the end of its text.
    known: Vec<(UnixMillis, usize)>,
    text: Vec<u8>,
    next: usize,
}

impl Moments {
    /// The next series begins.
    fn turn_back(&mut self) {
        self.next = 0;
    }

    /// Writes the next moment of a series, and the beginning of its pair.
    fn write(&mut self, out: &mut Vec<u8>, at: UnixMillis) {
        while self.known.get(self.next).is_some_and(|(known, _)| *known < at) {
            self.next += 1;
        }
        let written = self.known.get(self.next).filter(|(known, _)| *known == at);
        if let Some((_, end)) = written {
            let from = self.next.checked_sub(1).and_then(|before| self.known.get(before));
            out.extend_from_slice(&self.text[from.map_or(0, |(_, end)| *end)..*end]);
        } else if self.next == self.known.len() {
            let from = out.len();
            moment(out, at);
            self.text.extend_from_slice(&out[from..]);
            self.known.push((at, self.text.len()));
        } else {
            moment(out, at);
        }
    }
}

fn metric(out: &mut Vec<u8>, labels: &Labels) {
    out.extend_from_slice(b"{\"metric\":{");
    for (index, (name, value)) in labels.iter().enumerate() {
        if 0 < index {
            out.push(b',');
        }
        string(out, name);
        out.push(b':');
        string(out, value);
    }
    out.push(b'}');
}

fn sample(out: &mut Vec<u8>, at: UnixMillis, value: f64) {
    moment(out, at);
    quoted(out, value);
    out.push(b']');
}

/// The beginning of a pair: a moment in seconds, with three places where there are any.
fn moment(out: &mut Vec<u8>, at: UnixMillis) {
    out.push(b'[');
    let millis = at.millis();
    let (seconds, rest) = (millis / 1_000, millis % 1_000);
    if millis < 0 && seconds == 0 {
        out.push(b'-');
    }
    number::integer(out, seconds);
    if rest != 0 {
        out.push(b'.');
        let digits = [rest / 100, rest / 10 % 10, rest % 10];
        out.extend(digits.map(|digit| b'0' + u8::try_from(digit.unsigned_abs()).unwrap_or_default()));
    }
    out.push(b',');
}

fn quoted(out: &mut Vec<u8>, value: f64) {
    out.push(b'"');
    number::write(out, value);
    out.push(b'"');
}

fn write_histogram(out: &mut Vec<u8>, at: UnixMillis, histogram: &Histogram) {
    moment(out, at);
    out.extend_from_slice(b"{\"count\":");
    quoted(out, histogram.count());
    out.extend_from_slice(b",\"sum\":");
    quoted(out, histogram.sum());
    let mut buckets = histogram.buckets().filter(|bucket| bucket.count != 0.0).peekable();
    if buckets.peek().is_some() {
        out.extend_from_slice(b",\"buckets\":");
        array(out, buckets, |out, bucket| {
            let borders = match (bucket.lower_inclusive, bucket.upper_inclusive) {
                (false, true) => b'0',
                (true, false) => b'1',
                (false, false) => b'2',
                (true, true) => b'3',
            };
            out.extend_from_slice(&[b'[', borders]);
            for number in [bucket.lower, bucket.upper, bucket.count] {
                out.push(b',');
                quoted(out, number);
            }
            out.push(b']');
        });
    }
    out.extend_from_slice(b"}]");
}

fn write_stats(out: &mut Vec<u8>, stats: Stats, held: usize) {
    let Stats { waited, prepared, evaluated } = stats;
    out.extend_from_slice(b",\"stats\":{\"timings\":{");
    let timings = [
        ("evalTotalTime", prepared + evaluated),
        ("queryPreparationTime", prepared),
        ("innerEvalTime", evaluated),
        ("execQueueTime", waited),
        ("execTotalTime", waited + prepared + evaluated),
    ];
    for (index, (name, seconds)) in timings.into_iter().enumerate() {
        if 0 < index {
            out.push(b',');
        }
        string(out, name);
        out.push(b':');
        number::write(out, seconds);
    }
    out.extend_from_slice(b"},\"samples\":{\"peakSamples\":");
    number::integer(out, i64::try_from(held).unwrap_or(i64::MAX));
    out.extend_from_slice(b"}}");
}

/// The first of them with their places, and how many more there are.
fn notes<'a>(all: impl Iterator<Item = &'a Annotation>, text: &str, word: &str) -> Vec<String> {
    let mut told: Vec<String> = all.map(|note| note.within(text)).collect();
    let more = told.len().saturating_sub(MOST_NOTES);
    if 0 < more {
        told.truncate(MOST_NOTES);
        told.push(format!("{more} more {word} annotations omitted"));
    }
    told
}

fn list(out: &mut Vec<u8>, name: &str, items: Vec<String>) {
    if !items.is_empty() {
        out.push(b',');
        string(out, name);
        out.push(b':');
        array(out, items.into_iter(), |out, item| string(out, &item));
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut from = 0;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if !matches!(byte, b'"' | b'\\' | 0..0x20) {
            continue;
        }
        out.extend_from_slice(&bytes[from..at]);
        from = at + 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => {
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[HEX[usize::from(other >> 4)], HEX[usize::from(other & 15)]]);
            }
        }
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::promql::Text;
    use crate::signal::NAME;
    use crate::signal::histogram::Parts;
    use crate::unit::Extent;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        Labels::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
            .unwrap()
    }

    fn answer(value: Value) -> Answer {
        Answer { value, annotations: Vec::new(), age: None, held: 7 }
    }

    const BESIDE: Beside<'_> =
        Beside { text: "up", at: UnixMillis::new(1_795_271_400_050), limit: None, stats: None };

    fn told(value: Value) -> String {
        String::from_utf8(json(&answer(value), &BESIDE)).unwrap()
    }

    #[test]
    fn each_kind_is_as_prometheus_tells_it() {
        let one = labels(&[(NAME, "up"), ("job", "a\"b")]);
        let at = UnixMillis::new(-1_500);
        let histogram =
            || Point::Histogram(Arc::new(crate::signal::Histogram::new(Parts::default()).unwrap()));
        for (value, data) in [
            (Value::Scalar(0.5), r#""scalar","result":[1795271400.050,"0.5"]"#),
            (Value::Text(Text::from("a\n\u{1}é")), r#""string","result":[1795271400.050,"a\n\u0001é"]"#),
            (Value::Vector(Vec::new()), r#""vector","result":[]"#),
            (
                Value::Vector(vec![(one.clone(), Point::Float(1.0))]),
                r#""vector","result":[{"metric":{"__name__":"up","job":"a\"b"},"value":[1795271400.050,"1"]}]"#,
            ),
            (
                Value::Vector(vec![(Labels::default(), histogram())]),
                r#""vector","result":[{"metric":{},"histogram":[1795271400.050,{"count":"0","sum":"0"}]}]"#,
            ),
            (
                Value::Matrix(vec![Row::new(
                    Labels::default(),
                    vec![(at, Point::Float(f64::NAN)), (UnixMillis::new(2_000), histogram())],
                )]),
                r#""matrix","result":[{"metric":{},"values":[[-1.500,"NaN"]],"histograms":[[2,{"count":"0","sum":"0"}]]}]"#,
            ),
        ] {
            let whole = format!(r#"{{"status":"success","data":{{"resultType":{data}}}}}"#);
            assert_eq!(told(value), whole);
        }
    }

    #[test]
    fn limits_stats_and_notes_stand_beside_it() {
        let extent = Extent::new(3, 4);
        let note = |weight, text: &str| Annotation { weight, text: text.to_owned(), extent };
        let mut answer = answer(Value::Vector(vec![
            (labels(&[("a", "1")]), Point::Float(1.0)),
            (labels(&[("a", "2")]), Point::Float(2.0)),
        ]));
        answer.annotations = (0..12).map(|index| note(Weight::Info, &index.to_string())).collect();
        answer.annotations.push(note(Weight::Warning, "look"));
        let stats = Some(Stats { waited: 0.5, prepared: 0.25, evaluated: 1.0 });
        let told = json(&answer, &Beside { limit: Some(1), stats, ..BESIDE });
        let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
        assert_eq!(told["data"]["result"].as_array().unwrap().len(), 1);
        assert_eq!(told["data"]["stats"]["timings"]["execTotalTime"], 1.75);
        assert_eq!(told["data"]["stats"]["samples"]["peakSamples"], 7);
        assert_eq!(told["warnings"], serde_json::json!([CUT, "PromQL warning: look (1:3)"]));
        assert_eq!(told["infos"].as_array().unwrap().len(), 11);
        assert_eq!(told["infos"][10], "2 more info annotations omitted");
    }

    proptest! {
        #[test]
        fn texts_read_back(text in any::<String>()) {
            let mut out = Vec::new();
            string(&mut out, &text);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }

        #[test]
        fn moments_read_back(millis in -10_000_000_000_i64..10_000_000_000_000) {
            let mut out = Vec::new();
            moment(&mut out, UnixMillis::new(millis));
            let text = std::str::from_utf8(&out).unwrap().trim_matches(['[', ',']).to_owned();
            #[expect(clippy::cast_precision_loss, reason = "it is below 2^53")]
            let expected = millis as f64 / 1_000.0;
            prop_assert!((text.parse::<f64>().unwrap() - expected).abs() < 1e-6, "{}", text);
        }
    }
}
