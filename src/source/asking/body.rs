//! Bodies of answers, read as far as anybody may send.

use reqwest::Response;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::unit::{Span, UnixMillis, retry_after as asked};

/// All of a body; nothing, where it is longer than this.
pub(crate) async fn read(response: &mut Response, most: usize) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if most < body.len() + chunk.len() {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// How long a server asks to be left alone. A date is one by its own clock, which tells the time in the same answer: what
/// ours says does not matter.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Span> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let long_ago = UnixMillis::default();
    let Some(date) = date else {
        // Without a time of its own, only a number of seconds says how long.
        return text
            .trim()
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| asked(text, long_ago))
            .flatten();
    };
    let now = chrono::DateTime::parse_from_rfc2822(date).ok()?;
    asked(text, UnixMillis::new(now.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_date_is_read_by_the_clock_of_whoever_sent_it() {
        let date = "Sat, 21 Nov 2026 14:30:00 GMT";
        for (asked, now, wait) in [
            ("120", None, Some(120)),
            ("120", Some(date), Some(120)),
            ("Sat, 21 Nov 2026 14:31:30 GMT", Some(date), Some(90)),
            ("Sat, 21 Nov 2026 14:29:30 GMT", Some(date), Some(0)),
            ("Sat, 21 Nov 2026 14:31:30 GMT", None, None),
            ("120", Some("now"), None),
            ("soon", Some(date), None),
            ("", None, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(asked));
            headers.extend(now.map(|now| (DATE, HeaderValue::from_static(now))));
            assert_eq!(retry_after(&headers), wait.map(Span::from_secs), "{asked}, {now:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
