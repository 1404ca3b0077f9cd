//! How an answer began: enough for a person to see what the receiver meant, and never more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Response;

use crate::unit::{Secret, escaped};

/// The most bytes of an answer that are kept.
pub const EXCERPT: usize = 4 * 1024;

/// What no excerpt may show: secrets, in each form in which somebody is likely to say them again.
#[derive(Debug, Default)]
pub(in crate::responder) struct Hidden(Vec<Secret>);

impl Hidden {
    /// These secrets.
    pub(in crate::responder) fn of<'s>(secrets: impl Iterator<Item = &'s Secret>) -> Self {
        let mut forms: Vec<String> = secrets.flat_map(forms).filter(|form| !form.is_empty()).collect();
        // The longest first: what is left of one that holds another would tell of it.
        forms.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        forms.dedup();
        Self(forms.into_iter().map(Secret::new).collect())
    }

    /// A text of somebody else without any of it.
    pub(super) fn taken_out_of(&self, text: String) -> String {
        self.0.iter().fold(text, |text, secret| secret.taken_out_of(&text))
    }

    fn longest(&self) -> usize {
        self.0.first().map_or(0, |secret| secret.reveal().len())
    }
}

/// A secret as it is, within JSON, within an address, and in base64.
fn forms(secret: &Secret) -> [String; 4] {
    let text = secret.reveal();
    let json = serde_json::to_string(text).unwrap_or_default();
    let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or_default();
    let form = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    [text.to_owned(), json.to_owned(), form, STANDARD.encode(text)]
}

/// The beginning of an answer.
#[derive(Default)]
pub(in crate::responder) struct Excerpt(Vec<u8>);

impl Excerpt {
    /// Reads until there is enough, or no more. Whatever follows is left to the connection, which is dropped.
    pub(in crate::responder) async fn read(&mut self, response: &mut Response, hidden: &Hidden) {
        // So much more that a secret which begins before the cut is whole, and found.
        let most = EXCERPT + hidden.longest();
        while self.0.len() < most {
            let Ok(Some(chunk)) = response.chunk().await else { return };
            let room = most - self.0.len();
            self.0.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
    }

    /// It as it came, as far as it was read.
    pub(super) fn whole(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }

    /// It as one line that no terminal obeys. Some receivers answer with what they were sent: our secrets are taken out.
    pub(in crate::responder) fn text(&self, hidden: &Hidden) -> String {
        let mut line = escaped(hidden.taken_out_of(self.whole()));
        let cut = (0..=EXCERPT.min(line.len())).rev().find(|at| line.is_char_boundary(*at));
        line.truncate(cut.unwrap_or(0));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_line_of_bounded_length_without_our_secrets() {
        let secrets =
            ["t0ken", "t0ken-of-more", "a\"b c", "hunter2"].map(|text| Secret::new(text.to_owned()));
        let hidden = Hidden::of(secrets.iter());
        let long = "x".repeat(EXCERPT);
        for (answer, line) in [
            ("ok", "ok".to_owned()),
            ("a\r\n\u{1b}[31mb", "a\\r\\n\\u{1b}[31mb".to_owned()),
            ("Bearer t0ken", "Bearer <redacted>".to_owned()),
            ("Bearer t0ken-of-more", "Bearer <redacted>".to_owned()),
            (
                "a\"b c, a\\\"b c, a%22b+c, YSJiIGM=",
                "<redacted>, <redacted>, <redacted>, <redacted>".to_owned(),
            ),
            (&format!("{long}y"), long.clone()),
            (&"é".repeat(EXCERPT), "é".repeat(EXCERPT / 2)),
            (&format!("x{}", "é".repeat(EXCERPT)), format!("x{}", "é".repeat(EXCERPT / 2 - 1))),
        ] {
            assert_eq!(Excerpt(answer.as_bytes().to_vec()).text(&hidden), line, "{answer:.20}");
        }
        let cut = Excerpt(format!("{}t0ken", &long[2..]).into_bytes()).text(&hidden);
        assert!(!cut.contains("t0"), "{}", &cut[EXCERPT - 10..]);
        assert_eq!(Excerpt(vec![0xff, b'a']).text(&Hidden::default()), "\u{fffd}a");
        assert!(!format!("{hidden:?}").contains("hunter2"));
    }
}
