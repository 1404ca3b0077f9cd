//! In which unit of time the buckets of a histogram are: rules say `500ms`, and buckets say `0.5` or `500`.

use crate::unit::Span;

/// A unit of time in which the bounds of buckets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BucketUnit {
    /// A billionth of a second.
    Nanoseconds,
    /// A millionth of a second.
    Microseconds,
    /// A thousandth of a second.
    Milliseconds,
    /// What Prometheus asks for.
    Seconds,
    /// Of jobs.
    Minutes,
    /// Of longer ones.
    Hours,
    /// Of ages.
    Days,
}

/// What names end in. `_min` and `_m` are left out: they stand for a minimum and for metres as well.
const ENDINGS: [(&str, BucketUnit); 16] = [
    ("nanoseconds", BucketUnit::Nanoseconds),
    ("nanos", BucketUnit::Nanoseconds),
    ("ns", BucketUnit::Nanoseconds),
    ("microseconds", BucketUnit::Microseconds),
    ("micros", BucketUnit::Microseconds),
    ("us", BucketUnit::Microseconds),
    ("milliseconds", BucketUnit::Milliseconds),
    ("millis", BucketUnit::Milliseconds),
    ("msec", BucketUnit::Milliseconds),
    ("ms", BucketUnit::Milliseconds),
    ("seconds", BucketUnit::Seconds),
    ("secs", BucketUnit::Seconds),
    ("sec", BucketUnit::Seconds),
    ("minutes", BucketUnit::Minutes),
    ("hours", BucketUnit::Hours),
    ("days", BucketUnit::Days),
];

impl BucketUnit {
    /// Each unit with its word.
    pub const NAMED: [(&'static str, Self); 7] = [
        ("nanoseconds", Self::Nanoseconds),
        ("microseconds", Self::Microseconds),
        ("milliseconds", Self::Milliseconds),
        ("seconds", Self::Seconds),
        ("minutes", Self::Minutes),
        ("hours", Self::Hours),
        ("days", Self::Days),
    ];

    /// The unit that the name of a histogram says; nothing where its last word is no unit of time.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, last) = name.rsplit_once(|c: char| !c.is_alphanumeric())?;
        ENDINGS.iter().find(|(ending, _)| *ending == last).map(|(_, unit)| *unit)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::NAMED.iter().find(|(_, unit)| *unit == self).map_or("", |(word, _)| word)
    }

    /// A span as these buckets write it. It is one division or product of whole numbers, so it is the very float that
    /// `le="0.5"` is read as.
    #[expect(clippy::cast_precision_loss, reason = "285,000 years of milliseconds fit a float")]
    pub fn bound(self, span: Span) -> f64 {
        let millis = span.millis() as f64;
        match self {
            Self::Nanoseconds => millis * 1_000_000.0,
            Self::Microseconds => millis * 1_000.0,
            Self::Milliseconds => millis,
            Self::Seconds => millis / 1_000.0,
            Self::Minutes => millis / 60_000.0,
            Self::Hours => millis / 3_600_000.0,
            Self::Days => millis / 86_400_000.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_their_unit_or_nothing() {
        use BucketUnit::{Hours, Microseconds, Milliseconds, Nanoseconds, Seconds};
        for (name, unit) in [
            ("http_server_request_duration_seconds", Some(Seconds)),
            ("http_server_request_duration_milliseconds", Some(Milliseconds)),
            ("request_ms", Some(Milliseconds)),
            ("gc_pause_ns", Some(Nanoseconds)),
            ("rpc_latency_us", Some(Microseconds)),
            ("batch_age_hours", Some(Hours)),
            ("http.server.duration.ms", Some(Milliseconds)),
            ("job:latency_seconds", Some(Seconds)),
            // These say nothing, or something else.
            ("http_server_request_duration", None),
            ("seconds", None),
            ("response_size_bytes", None),
            ("latency_min", None),
            ("alarms", None),
            ("items", None),
            ("request_seconds_by_route", None),
            ("", None),
            ("_", None),
        ] {
            assert_eq!(BucketUnit::of_name(name), unit, "{name}");
        }
        for (word, unit) in BucketUnit::NAMED {
            assert_eq!((BucketUnit::of_name(&format!("duration_{word}")), unit.word()), (Some(unit), word));
        }
    }

    #[test]
    fn a_span_is_what_its_bucket_is_called() {
        use BucketUnit::{Days, Hours, Microseconds, Milliseconds, Minutes, Nanoseconds, Seconds};
        for (span, unit, le) in [
            ("500ms", Milliseconds, "500"),
            ("500ms", Seconds, "0.5"),
            ("5ms", Seconds, "0.005"),
            ("75ms", Seconds, "0.075"),
            ("2s500ms", Seconds, "2.5"),
            ("1ms", Microseconds, "1000"),
            ("1s", Nanoseconds, "1e+09"),
            ("90s", Minutes, "1.5"),
            ("90m", Hours, "1.5"),
            ("36h", Days, "1.5"),
        ] {
            let span: Span = match span {
                "90s" => Span::from_secs(90),
                "36h" => Span::from_secs(36 * 3_600),
                other => other.parse().unwrap(),
            };
            let read: f64 = le.parse().unwrap();
            assert_eq!(unit.bound(span).to_bits(), read.to_bits(), "{span} in {unit:?}");
        }
    }
}
