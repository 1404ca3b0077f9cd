//! From the fields of a request to a query, or to the first thing that is wrong with it, in Prometheus's order.

use std::sync::Arc;

use crate::promql::{Plan, ValueType, When};
use crate::surface::http::query::fields::Fields;
use crate::surface::http::query::plans::Plans;
use crate::surface::http::query::{Asked, LONGEST_QUERY, MOST_STEPS, Refused};
use crate::unit::{Fault, Span, UnixMillis, escaped};

/// How much of a value that makes no sense is shown.
const SHOWN: usize = 80;

/// The moments that milliseconds in 64 bits hold and floats tell apart.
const FURTHEST: f64 = 9e15;

pub(super) fn instant(fields: &Fields, now: UnixMillis, plans: &Plans) -> Result<Asked, Refused> {
    let limit = limit(fields)?;
    let at = if fields.get("time").is_empty() { now } else { moment(fields, "time")? };
    asked(fields, When::At(at), limit, plans)
}

pub(super) fn range(fields: &Fields, _: UnixMillis, plans: &Plans) -> Result<Asked, Refused> {
    let limit = limit(fields)?;
    let (from, to) = (moment(fields, "start")?, moment(fields, "end")?);
    if to < from {
        return Err(invalid("end", "end timestamp must not be before start time"));
    }
    let step = duration(fields.get("step")).map_err(|why| invalid("step", &why))?;
    if step < 1.0 {
        let why = "zero or negative query resolution step widths are not accepted. Try a positive integer";
        return Err(invalid("step", why));
    }
    let step = span(step);
    let width = i64::try_from(step.millis()).unwrap_or(i64::MAX);
    if MOST_STEPS < to.millis().saturating_sub(from.millis()) / width {
        let why = "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution \
                   (?step=XX)";
        return Err(Refused::Bad(why.to_owned()));
    }
    asked(fields, When::Range { from, to, step }, limit, plans)
}

fn asked(fields: &Fields, when: When, limit: Option<usize>, plans: &Plans) -> Result<Asked, Refused> {
    let within = match fields.get("timeout") {
        "" => LONGEST_QUERY,
        text => span(duration(text).map_err(|why| invalid("timeout", &why))?).min(LONGEST_QUERY),
    };
    let lookback = duration_if_any(fields.get("lookback_delta"))
        .map_err(|why| Refused::Bad(format!("error parsing lookback delta duration: {why}")))?;
    let text = fields.get("query").to_owned();
    let plan = plans.of(&text).map_err(|fault| invalid("query", &told(&text, &fault)))?;
    let plan = fitting(plan, when)?;
    let stats = !fields.get("stats").is_empty();
    Ok(Asked { text, plan, when, lookback: lookback.filter(|span| !span.is_zero()), within, limit, stats })
}

/// A range has a value at each step, which texts and ranges of samples have not.
fn fitting(plan: Arc<Plan>, when: When) -> Result<Arc<Plan>, Refused> {
    let kind = plan.value_type();
    match (when, kind) {
        (When::Range { .. }, ValueType::Matrix | ValueType::String) => {
            let why = format!(
                "invalid expression type \"{kind}\" for range query, must be Scalar or instant Vector"
            );
            Err(invalid("query", &why))
        }
        (When::Range { .. }, ValueType::Scalar | ValueType::Vector) | (When::At(_), _) => Ok(plan),
    }
}

fn invalid(field: &str, why: &str) -> Refused {
    Refused::Bad(format!("invalid parameter \"{field}\": {why}"))
}

/// A fault with its place: `1:5: parse error: ..`.
fn told(text: &str, fault: &Fault) -> String {
    let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    let before = text.get(..fault.extent.start as usize).unwrap_or(text);
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.len() - before.rfind('\n').map_or(0, |end| end + 1);
    format!("{line}:{column}: parse error: {}{help}", fault.message)
}

fn limit(fields: &Fields) -> Result<Option<usize>, Refused> {
    let text = fields.get("limit");
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i64>() {
        Ok(limit) if limit < 0 => Err(invalid("limit", "limit must be non-negative")),
        Ok(limit) => Ok(usize::try_from(limit).ok().filter(|limit| 0 < *limit)),
        Err(_) => Err(invalid("limit", &format!("`{}` is no number of series", shown(text)))),
    }
}

fn moment(fields: &Fields, name: &str) -> Result<UnixMillis, Refused> {
    let text = fields.get(name);
    let read = text.parse::<f64>().ok().filter(|seconds| (seconds * 1_000.0).abs() < FURTHEST).map(millis);
    let read = read.or_else(|| text.parse::<UnixMillis>().ok());
    let why = || format!("cannot parse \"{}\" to a valid timestamp", shown(text));
    read.ok_or_else(|| invalid(name, &why()))
}

#[expect(clippy::cast_possible_truncation, reason = "it is held to what fits")]
fn millis(seconds: f64) -> UnixMillis {
    let whole = seconds.trunc();
    UnixMillis::new(whole as i64 * 1_000 + ((seconds - whole) * 1_000.0).round() as i64)
}

fn duration_if_any(text: &str) -> Result<Option<Span>, String> {
    if text.is_empty() { Ok(None) } else { duration(text).map(|millis| Some(span(millis))) }
}

/// Milliseconds: of a number of seconds, or of a duration as Prometheus writes it.
fn duration(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().map(|seconds| seconds * 1_000.0);
    match seconds {
        Some(millis) if millis.abs() < FURTHEST => Ok(millis),
        Some(_) => Err(format!("cannot parse \"{}\" to a valid duration. It overflows int64", shown(text))),
        None => match text.parse::<Span>() {
            #[expect(clippy::cast_precision_loss, reason = "292 years in milliseconds are below 2^53")]
            Ok(span) => Ok(span.millis() as f64),
            Err(_) => Err(format!("cannot parse \"{}\" to a valid duration", shown(text))),
        },
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below nothing it is nothing")]
fn span(millis: f64) -> Span {
    Span::from_millis(millis as u64)
}

fn shown(text: &str) -> String {
    escaped(text.chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn instant(fields: &Fields, now: UnixMillis) -> Result<Asked, Refused> {
        super::instant(fields, now, &Plans::default())
    }

    fn range(fields: &Fields, now: UnixMillis) -> Result<Asked, Refused> {
        super::range(fields, now, &Plans::default())
    }

    const NOW: UnixMillis = UnixMillis::new(1_795_271_400_000);

    #[test]
    fn times_and_durations_are_read_as_prometheus_reads_them() {
        for (address, when) in [
            ("query=up", When::At(NOW)),
            ("query=up&time=", When::At(NOW)),
            ("query=up&time=1435781451.781", When::At(UnixMillis::new(1_435_781_451_781))),
            ("query=up&time=-1.5", When::At(UnixMillis::new(-1_500))),
            ("query=up&time=2015-07-01T20:10:51.781Z", When::At(UnixMillis::new(1_435_781_451_781))),
        ] {
            assert_eq!(instant(&Fields::of(b"", address), NOW).unwrap().when, when, "{address}");
        }
        for (step, millis) in [("15", 15_000), ("1.5", 1_500), ("1m", 60_000), ("0.001", 1)] {
            let fields = Fields::of(b"query=up&start=0&end=10", &format!("step={step}"));
            let asked = range(&fields, NOW).unwrap();
            let step = Span::from_millis(millis);
            assert_eq!(
                asked.when,
                When::Range { from: UnixMillis::new(0), to: UnixMillis::new(10_000), step }
            );
        }
        let all = "query=up&timeout=5s&lookback_delta=1m&limit=3&stats=all";
        let asked = instant(&Fields::of(b"", all), NOW).unwrap();
        assert_eq!((asked.within, asked.lookback), (Span::from_secs(5), Some(Span::from_secs(60))));
        assert_eq!((asked.limit, asked.stats), (Some(3), true));
        let asked = instant(&Fields::of(b"", "query=up&timeout=1h&limit=0"), NOW).unwrap();
        assert_eq!(
            (asked.within, asked.lookback, asked.limit, asked.stats),
            (LONGEST_QUERY, None, None, false)
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (address, says) in [
            ("query=", "invalid parameter \"query\": 1:1: parse error: "),
            ("query=sum(", "invalid parameter \"query\": 1:"),
            ("query=up&time=soon", "invalid parameter \"time\": cannot parse \"soon\" to a valid timestamp"),
            ("query=up&time=NaN", "invalid parameter \"time\""),
            ("query=up&limit=-1", "invalid parameter \"limit\": limit must be non-negative"),
            ("query=up&limit=many", "invalid parameter \"limit\""),
            (
                "query=up&timeout=soon",
                "invalid parameter \"timeout\": cannot parse \"soon\" to a valid duration",
            ),
            ("query=up&lookback_delta=x", "error parsing lookback delta duration: cannot parse \"x\""),
        ] {
            let refused = instant(&Fields::of(b"", address), NOW).unwrap_err().to_string();
            assert!(refused.starts_with(says), "{address}: {refused}");
        }
        for (address, says) in [
            (
                "start=1&end=0&step=1",
                "invalid parameter \"end\": end timestamp must not be before start time",
            ),
            ("end=0&step=1", "invalid parameter \"start\": cannot parse \"\" to a valid timestamp"),
            ("start=0&end=1", "invalid parameter \"step\": cannot parse \"\" to a valid duration"),
            ("start=0&end=1&step=0", "invalid parameter \"step\": zero or negative query resolution"),
            ("start=0&end=1&step=-1", "invalid parameter \"step\": zero or negative query resolution"),
            ("start=0&end=1&step=1e30", "invalid parameter \"step\": cannot parse \"1e30\""),
            ("start=0&end=11001&step=1", "exceeded maximum resolution of 11,000 points per timeseries."),
            (
                "start=0&end=1&step=1&query=up[1m]",
                "invalid parameter \"query\": invalid expression type \"range vector\"",
            ),
            (
                "start=0&end=1&step=1&query=%22a%22",
                "invalid parameter \"query\": invalid expression type \"string\"",
            ),
        ] {
            let refused =
                range(&Fields::of(b"", &format!("{address}&query=up")), NOW).unwrap_err().to_string();
            assert!(refused.starts_with(says), "{address}: {refused}");
        }
        assert!(range(&Fields::of(b"query=up&start=0&end=11000&step=1", ""), NOW).is_ok());
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(form in any::<Vec<u8>>(), values in prop::collection::vec(".{0,12}", 6)) {
            let names = ["query", "start", "end", "step", "timeout", "limit"];
            let address: String = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(names.iter().zip(&values))
                .finish();
            for fields in [Fields::of(&form, ""), Fields::of(b"", &address)] {
                let _either_way = (instant(&fields, NOW), range(&fields, NOW));
            }
        }
    }
}
