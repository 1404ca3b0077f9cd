//! `Retry-After`: how long a server asks to be left alone.

use chrono::DateTime;

use crate::unit::{Span, UnixMillis};

/// The longest that a server can ask for; nothing that is done here makes sense for longer.
const LONGEST: Span = Span::from_secs(24 * 3_600);

/// How long to wait from `now` on: a number of seconds, or a date.
pub fn retry_after(text: &str, now: UnixMillis) -> Option<Span> {
    let text = text.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse()
            .ok()
            .and_then(|seconds: u64| seconds.checked_mul(1_000))
            .map_or(LONGEST, Span::from_millis)
    } else {
        let until = DateTime::parse_from_rfc2822(text).ok()?;
        UnixMillis::new(until.timestamp_millis()).since(now)
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds_and_dates() {
        // Sat, 21 Nov 2026 14:30:00 GMT
        let now = UnixMillis::new(1_795_271_400_000);
        for (text, wait) in [
            ("120", Some(Span::from_secs(120))),
            (" 0 ", Some(Span::ZERO)),
            ("99999999999", Some(LONGEST)),
            ("99999999999999999999999", Some(LONGEST)),
            ("Sat, 21 Nov 2026 14:31:30 GMT", Some(Span::from_secs(90))),
            ("Sat, 21 Nov 2026 14:29:00 GMT", Some(Span::ZERO)),
            ("Sat, 21 Nov 2099 14:29:00 GMT", Some(LONGEST)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(text, now), wait, "{text}");
        }
    }
}
