//! Answers of both sides, and whether they are the same.
#![expect(clippy::panic, reason = "a Prometheus that does not answer says to what")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use backstop::promql::{Features, Query, Value, When, evaluate, parse};
use backstop::signal::{Labels, Point};
use backstop::store::Store;
use backstop::unit::UnixMillis;

/// The values of each series by their times.
type Rows = BTreeMap<String, BTreeMap<i64, f64>>;

pub(crate) enum Answers {
    Rows(Rows),
    Failed(String),
}

/// How far two numbers may lie apart, as a share of them; near zero as they are, for what is left of a difference.
const APART: f64 = 1e-9;

pub(crate) fn differ(ours: &Answers, theirs: &Answers) -> Option<String> {
    match (ours, theirs) {
        (Answers::Failed(_), Answers::Failed(_)) => None,
        // Up to 3.5 it did not look at pairs that a comparison leaves out, later it does.
        (Answers::Failed(why), Answers::Rows(_)) if why.starts_with("multiple matches for labels") => None,
        (Answers::Failed(why), Answers::Rows(_)) => Some(format!("we fail alone: {why}")),
        (Answers::Rows(_), Answers::Failed(why)) => Some(format!("they fail alone: {why}")),
        (Answers::Rows(ours), Answers::Rows(theirs)) => rows_differ(ours, theirs),
    }
}

fn rows_differ(ours: &Rows, theirs: &Rows) -> Option<String> {
    for (labels, row) in theirs {
        let Some(own) = ours.get(labels) else { return Some(format!("{labels} is missing")) };
        for (at, value) in row {
            match own.get(at) {
                Some(own) if is_near(*own, *value) => {}
                found => return Some(format!("{labels} is {found:?} at {at} and not {value}")),
            }
        }
        if let Some((at, value)) = own.iter().find(|(at, _)| !row.contains_key(*at)) {
            return Some(format!("{labels} is {value} at {at} and not there"));
        }
    }
    ours.keys().find(|labels| !theirs.contains_key(*labels)).map(|labels| format!("{labels} is too many"))
}

fn is_near(one: f64, other: f64) -> bool {
    one.is_nan() && other.is_nan()
        || one.total_cmp(&other).is_eq()
        || (one - other).abs() <= APART * one.abs().max(other.abs()).max(1.0)
}

pub(crate) fn ours(text: &str, when: When, store: &Store) -> Answers {
    let plan = match parse(text, Features::ALL) {
        Ok(plan) => plan,
        Err(fault) => return Answers::Failed(fault.message),
    };
    let answer = match evaluate(&plan, &Query::new(when), store) {
        Ok(answer) => answer,
        Err(error) => return Answers::Failed(error.to_string()),
    };
    let number = |point: &Point| if let Point::Float(value) = point { *value } else { f64::NAN };
    let at = |at: UnixMillis| at.millis();
    let now = if let When::At(now) = when { at(now) } else { 0 };
    Answers::Rows(match answer.value {
        Value::Scalar(value) => [(String::from("{}"), [(now, value)].into())].into(),
        Value::Text(_) => Rows::new(),
        Value::Vector(elements) => {
            let one = |(labels, point): &(Labels, Point)| (labels.in_full(), [(now, number(point))].into());
            elements.iter().map(one).collect()
        }
        Value::Matrix(rows) => rows
            .iter()
            .map(|row| {
                let points = row.points().map(|(moment, point)| (at(moment), number(&point)));
                (row.labels.in_full(), points.collect())
            })
            .collect(),
    })
}

pub(crate) fn theirs(text: &str, when: When, address: SocketAddr) -> Answers {
    let seconds = |at: UnixMillis| format!("{}.{:03}", at.millis() / 1_000, at.millis() % 1_000);
    let path = match when {
        When::At(at) => format!("query?time={}", seconds(at)),
        When::Range { from, to, step } => {
            let step = step.millis() / 1_000;
            format!("query_range?start={}&end={}&step={step}", seconds(from), seconds(to))
        }
    };
    let answer = ask(address, &format!("/api/v1/{path}&query={}", escaped(text)));
    if answer["status"] != "success" {
        return Answers::Failed(answer["error"].to_string());
    }
    let result = &answer["data"]["result"];
    if answer["data"]["resultType"] == "scalar" {
        return Answers::Rows([(String::from("{}"), [pair(result)].into())].into());
    }
    let mut rows = Rows::new();
    for row in result.as_array().unwrap() {
        let pairs = row["metric"].as_object().unwrap().iter();
        let pairs = pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        let values = match row["values"].as_array() {
            Some(values) => values.iter().map(pair).collect(),
            None => [pair(&row["value"])].into(),
        };
        rows.insert(Labels::new(pairs).unwrap().in_full(), values);
    }
    Answers::Rows(rows)
}

#[expect(clippy::cast_possible_truncation, reason = "it was made of whole milliseconds")]
fn pair(pair: &serde_json::Value) -> (i64, f64) {
    let at = (pair[0].as_f64().unwrap() * 1_000.0).round() as i64;
    (at, pair[1].as_str().unwrap().parse().unwrap())
}

fn ask(address: SocketAddr, path: &str) -> serde_json::Value {
    let once = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: a\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    // A connection that is reset says nothing of PromQL.
    let answer = once().or_else(|_| once());
    let answer = answer.unwrap_or_else(|error| panic!("Prometheus does not answer to {path}: {error}"));
    let json = answer.split_once("\r\n\r\n").and_then(|(_, json)| serde_json::from_str(json).ok());
    json.unwrap_or_else(|| panic!("Prometheus answers to {path}: {answer}"))
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
