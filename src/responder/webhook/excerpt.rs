//! How an answer began: enough for a person to see what the receiver meant, and never more.

use reqwest::Response;

use crate::unit::{Secret, escaped};

/// The most bytes of an answer that are kept.
pub const EXCERPT: usize = 4 * 1024;

/// The beginning of an answer.
#[derive(Default)]
pub(super) struct Excerpt(Vec<u8>);

impl Excerpt {
    /// Reads until there is enough, or no more. Whatever follows is left to the connection, which is dropped.
    pub(super) async fn read(&mut self, response: &mut Response, bearer: Option<&Secret>) {
        // So much more that a token which begins before the cut is whole, and found.
        let most = EXCERPT + bearer.map_or(0, |bearer| bearer.reveal().len());
        while self.0.len() < most {
            let Ok(Some(chunk)) = response.chunk().await else { return };
            let room = most - self.0.len();
            self.0.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
    }

    /// It as one line that no terminal obeys. Some receivers answer with what they were sent: our token is taken out.
    pub(super) fn text(&self, bearer: Option<&Secret>) -> String {
        let text = String::from_utf8_lossy(&self.0);
        let text = bearer.map_or_else(|| text.clone().into_owned(), |bearer| bearer.taken_out_of(&text));
        let mut line = escaped(text);
        let cut = (0..=EXCERPT.min(line.len())).rev().find(|at| line.is_char_boundary(*at));
        line.truncate(cut.unwrap_or(0));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_line_of_bounded_length_without_our_token() {
        let token = Secret::new("t0ken".to_owned());
        let long = "x".repeat(EXCERPT);
        for (answer, line) in [
            ("ok", "ok".to_owned()),
            ("a\r\n\u{1b}[31mb", "a\\r\\n\\u{1b}[31mb".to_owned()),
            ("Bearer t0ken", "Bearer <redacted>".to_owned()),
            (&format!("{long}y"), long.clone()),
            (&"é".repeat(EXCERPT), "é".repeat(EXCERPT / 2)),
            (&format!("x{}", "é".repeat(EXCERPT)), format!("x{}", "é".repeat(EXCERPT / 2 - 1))),
        ] {
            assert_eq!(Excerpt(answer.as_bytes().to_vec()).text(Some(&token)), line, "{answer:.20}");
        }
        let cut = Excerpt(format!("{}t0ken", &long[2..]).into_bytes()).text(Some(&token));
        assert!(!cut.contains("t0"), "{}", &cut[EXCERPT - 10..]);
        assert_eq!(Excerpt(vec![0xff, b'a']).text(None), "\u{fffd}a");
    }
}
