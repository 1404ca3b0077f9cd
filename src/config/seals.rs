//! Seals of webhooks.

use crate::config::raw;
use crate::config::reader::{Reader, Whose, plain};
use crate::config::yaml::{Given, Text};
use crate::decision::{Form, Seal, Sealed};
use crate::lint::{Finding, name};
use crate::unit::Place;

/// Headers that are something else's.
const TAKEN: [&str; 11] = [
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "te",
    "transfer-encoding",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
];

impl Reader<'_> {
    /// A seal. Nothing where none is given; nothing within where it is broken.
    #[expect(clippy::option_option, reason = "none is written, or what is written is none")]
    pub(crate) fn seal(&mut self, webhook: &raw::Webhook) -> Option<Option<Seal>> {
        let spot = match &webhook.hmac {
            Given::Absent => return Some(None),
            Given::Broken(_) => return None,
            Given::Is(spot) => spot,
        };
        let raw = &spot.value;
        let whose = Whose { what: "`hmac`", place: spot.place };
        self.need(&raw.key, "key", whose);
        self.need(&raw.header, "header", whose);
        let form =
            raw.form.get().map_or_else(|| "{hex}".parse::<Form>().ok(), |spot| self.parse_text(&spot.value));
        let of =
            raw.of.get().map_or_else(|| "{body}".parse::<Sealed>().ok(), |spot| self.parse_text(&spot.value));
        let header = self.own_header(&raw.header, webhook);
        let timestamp = match raw.timestamp.get() {
            Some(_) => Some(self.own_header(&raw.timestamp, webhook)?),
            None => None,
        };
        if let (Some(header), Some(time), Some(place)) = (&header, &timestamp, raw.timestamp.place())
            && header.eq_ignore_ascii_case(time)
        {
            let help = "give each a header of its own";
            self.error(name::BAD_VALUE, place, "the seal goes into this header already", help);
            return None;
        }
        let key = self.parse(&raw.key);
        Some(Some(Seal { key: key?, header: header?, form: form?, of: of?, timestamp }))
    }

    /// A header that nothing else goes into.
    fn own_header(&mut self, given: &Given<Text>, webhook: &raw::Webhook) -> Option<String> {
        let header = plain(given)?;
        let place = given.place()?;
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if header.is_empty() || !header.chars().all(token) {
            let message = format!("`{header}` is no name of a header");
            self.error(
                name::BAD_VALUE,
                place,
                message,
                "letters, digits and `-`, as in `X-Hub-Signature-256`",
            );
            return None;
        }
        if TAKEN.iter().any(|taken| header.eq_ignore_ascii_case(taken)) {
            let message = format!("the header `{header}` says something else already");
            self.error(name::BAD_VALUE, place, message, "write another, as in `X-Hub-Signature-256`");
            return None;
        }
        let same = |known: &&Text| known.value.eq_ignore_ascii_case(&header);
        let mut others =
            webhook.headers.get().into_iter().flat_map(|spot| &spot.value.0).map(|pair| &pair.key);
        if let Some(first) = others.find(same).map(|key| key.place) {
            self.twice(place, first, &header);
            return None;
        }
        Some(header)
    }

    fn twice(&mut self, place: Place, first: Place, header: &str) {
        let message = format!("the header `{header}` is given under `headers` as well");
        let finding = Finding::error(name::DUPLICATE_NAME, place, message).help("keep one of them");
        self.push(finding.with(first, "it is given here"));
    }
}
