//! Queries of any kind, with what they came to as the server tells it.

use reqwest::Url;

use crate::signal::Labels;
use crate::source::asking::said;
use crate::source::prometheus::error::{Asked, Error};
use crate::source::prometheus::wire::{Answer, HistogramTold, Outcome, WholeData, WholeRow, millis};
use crate::source::prometheus::{Prometheus, form, seconds};
use crate::unit::{Span, UnixMillis};

/// When a query is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moments {
    /// At one moment.
    At(UnixMillis),
    /// From one moment up to another, one step apart.
    Range {
        /// The first moment.
        from: UnixMillis,
        /// No moment is later.
        to: UnixMillis,
        /// How far apart they lie.
        step: Span,
    },
}

/// What a query came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Series with what they are worth at which moments; one without labels where it is a number or a text.
    pub series: Vec<(Labels, Vec<(UnixMillis, Told)>)>,
    /// How the server calls that: `vector`, `matrix`, `scalar` or `string`.
    pub kind: String,
    /// What is wrong with it, or missing, as the server says.
    pub warnings: Vec<String>,
    /// What may be better in the query, as it says.
    pub infos: Vec<String>,
    /// All of it, as it was sent.
    pub body: Vec<u8>,
}

/// What a series is worth at a moment.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A number.
    Number(f64),
    /// A histogram in Prometheus's notation, or a text.
    Words(String),
}

impl Prometheus {
    /// Asks whatever is written here.
    pub async fn query(&self, text: &str, moments: Moments) -> Result<Found, Error> {
        let (to, times) = self.times(moments);
        let asked = Asked::new(self.host(), text);
        let found = self.post(to, form(text, &times), &asked).await.and_then(|body| read(&asked, body));
        self.figures.ended(&found, |_| false);
        found
    }

    /// Where a query of these moments goes, and how it tells them.
    pub(super) fn times(&self, moments: Moments) -> (Url, Vec<(&'static str, String)>) {
        let mut to = self.query.clone();
        let times = match moments {
            Moments::At(at) => vec![("time", seconds(at))],
            Moments::Range { from, to: until, step } => {
                to.set_path(&format!("{}_range", self.query.path()));
                let step = seconds(UnixMillis::new(i64::try_from(step.millis()).unwrap_or(i64::MAX)));
                vec![("start", seconds(from)), ("end", seconds(until)), ("step", step)]
            }
        };
        (to, times)
    }
}

fn read(asked: &Asked, body: Vec<u8>) -> Result<Found, Error> {
    let garbage = |why: String| Error::Garbage { asked: asked.clone(), why };
    let whole: Answer<WholeData> = serde_json::from_slice(&body)
        .map_err(|error| garbage(format!("{error}, in `{}`", said(&body, &[]))))?;
    let flagged = whole.flagged();
    let data = whole.data.filter(|_| whole.status == "success");
    let data = data.ok_or_else(|| garbage("it has no `data`".to_owned()))?;
    let series = match data.result {
        Outcome::Series(rows) => rows.into_iter().map(row).collect::<Result<_, String>>(),
        Outcome::Alone(at, text) => {
            let told = match data.kind.as_str() {
                "scalar" => {
                    Told::Number(text.parse().map_err(|_| garbage(format!("`{text}` is no number")))?)
                }
                _ => Told::Words(text),
            };
            moment(at).map(|at| vec![(Labels::default(), vec![(at, told)])])
        }
    };
    let all = |notes: Option<Vec<String>>| -> Vec<String> {
        notes.into_iter().flatten().map(|note| said(note.as_bytes(), &[])).collect()
    };
    let (mut warnings, infos) = (all(whole.warnings), all(whole.infos));
    warnings.extend(flagged);
    let kind = said(data.kind.as_bytes(), &[]);
    Ok(Found { series: series.map_err(garbage)?, kind, warnings, infos, body })
}

fn moment(seconds: f64) -> Result<UnixMillis, String> {
    millis(seconds).map(UnixMillis::new).ok_or_else(|| format!("{seconds} is no moment"))
}

fn row(row: WholeRow) -> Result<(Labels, Vec<(UnixMillis, Told)>), String> {
    let labels = Labels::new(row.metric.into_iter().collect()).map_err(|error| error.to_string())?;
    let numbers = row.values.into_iter().chain(row.value);
    let mut points: Vec<_> = numbers.map(|point| (point.0.at, Told::Number(point.0.value))).collect();
    for (at, histogram) in row.histograms.into_iter().chain(row.histogram) {
        points.push((moment(at)?, Told::Words(notation(&histogram))));
    }
    points.sort_by_key(|(at, _)| *at);
    Ok((labels, points))
}

/// `{count:22, sum:3, (0.5,1]:5}`.
fn notation(histogram: &HistogramTold) -> String {
    let HistogramTold { count, sum, buckets } = histogram;
    let bucket = |(borders, lower, upper, count): &(u8, String, String, String)| {
        let open = if matches!(borders, 1 | 3) { '[' } else { '(' };
        let close = if matches!(borders, 0 | 3) { ']' } else { ')' };
        format!(", {open}{lower},{upper}{close}:{count}")
    };
    let buckets: String = buckets.iter().map(bucket).collect();
    format!("{{count:{count}, sum:{sum}{buckets}}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked::new("http://prometheus", "up")
    }

    fn told(data: &str) -> Found {
        let body = format!(r#"{{"status":"success","data":{{{data}}},"warnings":["w"],"infos":["i"]}}"#);
        read(&asked(), body.into_bytes()).unwrap()
    }

    #[test]
    fn every_kind_is_read() {
        let at = UnixMillis::new;
        let number = Told::Number;
        let histogram = Told::Words("{count:3, sum:2.5, [-1,1]:1, (1,2]:2}".to_owned());
        for (data, points) in [
            (r#""resultType":"scalar","result":[1.5,"2"]"#, vec![(at(1_500), number(2.0))]),
            (r#""resultType":"string","result":[1,"2"]"#, vec![(at(1_000), Told::Words("2".to_owned()))]),
            (
                r#""resultType":"vector","result":[{"metric":{},"value":[1,"+Inf"]}]"#,
                vec![(at(1_000), number(f64::INFINITY))],
            ),
            (
                r#""resultType":"matrix","result":[{"metric":{},"values":[[3,"1"]],"histograms":[[2,{"count":"3","sum":"2.5","buckets":[[3,"-1","1","1"],[0,"1","2","2"]]}]]}]"#,
                vec![(at(2_000), histogram), (at(3_000), number(1.0))],
            ),
        ] {
            let found = told(data);
            assert_eq!(found.series, [(Labels::default(), points)], "{data}");
            assert_eq!((found.warnings, found.infos), (vec!["w".to_owned()], vec!["i".to_owned()]));
        }
        assert!(told(r#""resultType":"vector","result":[]"#).series.is_empty());
    }

    #[test]
    fn what_is_missing_is_a_warning() {
        for (beside, warnings) in [
            (r#""isPartial":true"#, vec!["`isPartial` is true"]),
            (r#""partial":true,"warnings":["w"]"#, vec!["w", "`partial` is true"]),
            (r#""partial_response":true,"infos":null"#, vec!["`partial_response` is true"]),
            (r#""isPartial":false,"warnings":null"#, vec![]),
        ] {
            let body =
                format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[]}},{beside}}}"#);
            assert_eq!(read(&asked(), body.into_bytes()).unwrap().warnings, warnings, "{beside}");
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for body in [
            "",
            "{}",
            r#"{"status":"error"}"#,
            r#"{"status":"success","data":{"resultType":"vector","result":[1]}}"#,
            r#"{"status":"success","data":{"resultType":"scalar","result":[1,"many"]}}"#,
        ] {
            assert!(matches!(read(&asked(), body.into()), Err(Error::Garbage { .. })), "{body}");
        }
    }
}
