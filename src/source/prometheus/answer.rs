//! From the bytes of an answer to series, or to the reason why there are none.

use crate::signal::{Labels, Observation, Series};
use crate::source::asking::said;
use crate::source::prometheus::error::{Asked, Error, Partial};
use crate::source::prometheus::histogram;
use crate::source::prometheus::wire::{Answer, Row};
use crate::unit::{Secret, escaped};

/// Series, and what the server had to say about them.
pub(super) struct Found {
    pub(super) series: Vec<Series>,
    pub(super) partial: Option<Partial>,
}

/// Reads an answer that is said to be a good one, of this type.
pub(super) fn read(asked: &Asked, kind: &str, body: &[u8]) -> Result<Found, Error> {
    let garbage = |why: String| Error::Garbage { asked: asked.clone(), why };
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|error| garbage(format!("{error}, in `{}`", said(body, &[]))))?;
    if answer.status != "success" {
        return Err(failed(asked, 200, answer));
    }
    let partial = answer.partial(asked);
    let data = answer.data.ok_or_else(|| garbage("it has no `data`".to_owned()))?;
    if data.kind != kind {
        return Err(garbage(format!("it is a {:.40}, and a {kind} was asked for", escaped(data.kind))));
    }
    let series: Result<Vec<Series>, Error> =
        data.result.into_iter().map(|row| read_row(row).map_err(garbage)).collect();
    Ok(Found { series: series?, partial })
}

fn read_row(row: Row) -> Result<Series, String> {
    let labels = Labels::new(row.metric.into_iter().collect()).map_err(|error| error.to_string())?;
    let numbers = row.values.into_iter().chain(row.value).map(|point| Ok(point.0.into()));
    let histograms = row.histograms.into_iter().chain(row.histogram).map(histogram::read);
    let samples: Result<Vec<Observation>, String> = numbers.chain(histograms).collect();
    let mut samples = samples?;
    samples.sort_by_key(|sample| sample.at);
    Ok(Series { labels, samples })
}

impl Answer {
    /// What it says that it lacks.
    fn partial(&self, asked: &Asked) -> Option<Partial> {
        let warnings = self.warnings.as_deref().unwrap_or_default();
        let said = match warnings.first() {
            Some(first) => said(first.as_bytes(), &[]),
            None => self.flagged()?,
        };
        Some(Partial { asked: asked.clone(), said, more: warnings.len().saturating_sub(1) })
    }
}

/// Why an answer with this status, and this place to go on to, is a refusal.
pub(super) fn refused(
    asked: &Asked,
    (status, to): (u16, Option<&str>),
    body: &[u8],
    secrets: &[Secret],
) -> Error {
    let host = asked.host.clone();
    match status {
        300..=399 => {
            let to = said(to.unwrap_or("nowhere").as_bytes(), secrets);
            Error::Redirected { host, status, to }
        }
        401 | 403 => Error::LoginWanted { host, status, said: said(body, secrets) },
        _ => match serde_json::from_slice::<Answer>(body) {
            Ok(answer) => failed(asked, status, answer),
            Err(_) => Error::Refused { asked: asked.clone(), status, said: said(body, secrets) },
        },
    }
}

fn failed(asked: &Asked, status: u16, answer: Answer) -> Error {
    let word = |text: Option<String>| said(text.unwrap_or_default().as_bytes(), &[]);
    Error::Failed { asked: asked.clone(), status, kind: word(answer.kind), said: word(answer.error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::UnixMillis;

    fn asked() -> Asked {
        Asked::new("http://prometheus", "up[5m]")
    }

    #[test]
    fn reads_samples_as_they_are_written() {
        let body = br#"{"status":"success","data":{"resultType":"matrix","result":[
            {"metric":{"__name__":"up","job":"a","empty":""},"values":[[1795271400.123,"1"],[1795271415,"+Inf"]]},
            {"metric":{"__name__":"h"},"histograms":[[1795271400,{"count":"1","sum":"1.5",
            "buckets":[[0,"1","2","1"]]}]]}]},
            "warnings":["PromQL warning: w"],"infos":["i"]}"#;
        let found = read(&asked(), "matrix", body).unwrap();
        assert_eq!(found.partial.map(|partial| partial.said).as_deref(), Some("PromQL warning: w"));
        assert_eq!(found.series[0].labels.to_string(), r#"up{job="a"}"#);
        let samples: Vec<_> = found.series[0].samples.iter().map(|s| (s.at, s.number().unwrap())).collect();
        assert_eq!(
            samples,
            [(UnixMillis::new(1_795_271_400_123), 1.0), (UnixMillis::new(1_795_271_415_000), f64::INFINITY)]
        );
        assert_eq!(found.series[1].samples.len(), 1);
        assert_eq!(found.series[1].samples[0].number(), None);
        for (text, value) in [("-Inf", f64::NEG_INFINITY), ("1e+21", 1e21), ("0.5", 0.5)] {
            let body = format!(
                r#"{{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{{}},"value":[1,"{text}"]}}]}}}}"#
            );
            let found = read(&asked(), "vector", body.as_bytes()).unwrap();
            assert_eq!(found.series[0].samples[0].number().unwrap().to_bits(), f64::to_bits(value), "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_an_answer() {
        let matrix = |result: &str| {
            format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":{result}}}}}"#)
        };
        for (body, why) in [
            (String::new(), "EOF"),
            ("<html>Sign in</html>".to_owned(), "in `<html>Sign in</html>`"),
            ("<b>\u{1b}[31m".to_owned(), "\\u{1b}[31m"),
            ("{}".to_owned(), "missing field `status`"),
            (r#"{"status":"success"}"#.to_owned(), "no `data`"),
            (
                r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#.to_owned(),
                "it is a vector",
            ),
            (matrix(r#"[{"metric":{},"values":[[1,2]]}]"#), "a number in quotes"),
            (matrix(r#"[{"metric":{},"values":[[1,"two"]]}]"#), "`two` is no number"),
            (matrix(r#"[{"metric":{},"values":[[1e300,"2"]]}]"#), "is no moment"),
            (matrix(r#"[{"metric":{},"values":[["now","2"]]}]"#), "invalid type"),
            (matrix(r#"[{"values":[]}]"#), "missing field `metric`"),
            (matrix(r#"[{"metric":{"":"x"}}]"#), "a label has no name"),
            (
                r#"{"status":"error","errorType":"execution","error":"too many samples"}"#.to_owned(),
                "failed there: execution: too many samples",
            ),
        ] {
            let Err(error) = read(&asked(), "matrix", body.as_bytes()) else { panic!("{body} is an answer") };
            let text = error.to_string();
            assert!(
                text.contains(why) && text.contains("`up[5m]`, asked of http://prometheus,"),
                "{body}: {text}"
            );
        }
    }

    #[test]
    fn refusals_are_told_apart_and_hold_no_secret() {
        let secret = Secret::new("hunter2".to_owned());
        let api = r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#;
        for (status, to, body, words, passes) in [
            (
                301,
                Some("https://login.example.com/?t=hunter2"),
                "",
                "sends us on to https://login.example.com/?t=<redacted>",
                false,
            ),
            (302, None, "", "sends us on to nowhere", false),
            (401, None, "who is hunter2?", "does not let us in (401): who is <redacted>?", false),
            (403, None, "", "does not let us in (403): nothing", false),
            (400, None, api, "failed there: bad_data: parse error", false),
            (
                404,
                None,
                "404 page not found\n",
                "was refused (404): 404 page not found; is that the address",
                false,
            ),
            (422, None, api, "failed there: bad_data", false),
            (429, None, "slowly", "was refused (429)", true),
            (500, None, "hunter2 broke", "was refused (500): <redacted> broke", true),
            (503, None, api, "failed there", true),
        ] {
            let error = refused(&asked(), (status, to), body.as_bytes(), std::slice::from_ref(&secret));
            let text = error.to_string();
            assert!(text.contains(words) && !text.contains("hunter2"), "{status}: {text}");
            assert_eq!(error.may_pass(), passes, "{status}");
        }
    }
}
