//! How people are asked, and where they find what they are asked about.

use crate::config::reader::Reader;
use crate::config::yaml::{Given, Text};
use crate::lint::name;
use crate::unit::Span;

/// How long people may be asked at least and at most: for less than a minute nobody answers, and after a day nothing is as
/// it was.
const WITHIN: (Span, Span) = (Span::from_secs(60), Span::from_secs(24 * 3_600));

impl Reader<'_> {
    /// How long people are asked.
    pub(crate) fn asked_within(&mut self, given: &Given<Text>) -> Option<Span> {
        let span: Span = self.parse(given)?;
        let (least, most) = WITHIN;
        if (least..=most).contains(&span) {
            return Some(span);
        }
        let message = format!("people are asked for {span}, and it may be from {least} to {most}");
        let help = "15m is usual; it is judged again afterwards, as long as its gate watches";
        self.error(name::BAD_VALUE, given.place()?, message, help);
        None
    }

    /// Where this server is reached from outside, without a slash at its end.
    pub(crate) fn outside(&mut self, given: &Given<Text>) -> Option<String> {
        let spot = given.get()?;
        let text = spot.value.value.trim_end_matches('/');
        let host = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"?#\"".contains(c);
        if host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && text.chars().all(plain) {
            return Some(text.to_owned());
        }
        let help = "write where a browser finds it: `https://backstop.example.com`";
        self.error(name::BAD_VALUE, spot.place, format!("`{text}` is no address to put a path behind"), help);
        None
    }
}
