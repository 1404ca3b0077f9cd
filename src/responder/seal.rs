//! Seals: the HMAC of a request, as its receiver looks for it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use crate::decision::{self, Digits, Part};
use crate::unit::{Secret, UnixMillis, hex};

/// A seal with its key.
#[derive(Clone)]
pub struct Seal {
    /// How it is made.
    pub how: decision::Seal,
    /// The key.
    pub key: Secret,
}

impl Seal {
    /// The headers that go with a body which is sent at a moment.
    pub fn headers(&self, id: &str, body: &[u8], at: UnixMillis) -> Vec<(String, String)> {
        let timestamp = at.millis().div_euclid(1_000).to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.key.reveal().as_bytes());
        let mut sealing = hmac::Context::with_key(&key);
        for part in &self.how.of.0 {
            sealing.update(match part {
                Part::Text(text) => text.as_bytes(),
                Part::Id => id.as_bytes(),
                Part::Timestamp => timestamp.as_bytes(),
                Part::Body => body,
            });
        }
        let tag = sealing.sign();
        let digits = match self.how.form.digits {
            Digits::Hex => hex(tag.as_ref()),
            Digits::Base64 => STANDARD.encode(tag),
        };
        let seal = format!("{}{digits}{}", self.how.form.before, self.how.form.behind);
        let time = self.how.timestamp.iter().map(|header| (header.clone(), timestamp.clone()));
        time.chain([(self.how.header.clone(), seal)]).collect()
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Seal").field(&self.how.header).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(key: &str, form: &str, of: &str, timestamp: Option<&str>) -> Seal {
        let how = decision::Seal {
            key: "key".parse().unwrap(),
            header: "X-Seal".to_owned(),
            form: form.parse().unwrap(),
            of: of.parse().unwrap(),
            timestamp: timestamp.map(str::to_owned),
        };
        Seal { how, key: Secret::new(key.to_owned()) }
    }

    /// The example in GitHub's page on validating deliveries.
    #[test]
    fn seals_as_github_documents_it() {
        let seal = seal("It's a Secret to Everybody", "sha256={hex}", "{body}", None);
        let expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let headers = seal.headers("act_1", b"Hello, World!", UnixMillis::default());
        assert_eq!(headers, [("X-Seal".to_owned(), expected.to_owned())]);
        assert!(!format!("{seal:?}").contains("Everybody"));
    }

    /// The example in Slack's page on verifying requests.
    #[test]
    fn seals_as_slack_documents_it() {
        let seal = seal(
            "8f742231b10e8888abcd99yyyzzz85a5",
            "v0={hex}",
            "v0:{timestamp}:{body}",
            Some("X-Slack-Request-Timestamp"),
        );
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V\
                    &channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=\
                    &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554\
                    %2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        let headers = seal.headers("act_1", body.as_bytes(), UnixMillis::new(1_531_420_618_999));
        let expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
        assert_eq!(headers[0], ("X-Slack-Request-Timestamp".to_owned(), "1531420618".to_owned()));
        assert_eq!(headers[1], ("X-Seal".to_owned(), expected.to_owned()));
    }

    /// The second row of RFC 4231, in both ways to write it, whatever the body is cut into.
    #[test]
    fn seals_as_the_rfc_does() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let at = UnixMillis::new(1_795_271_400_000);
        for (of, id, body) in [
            ("{body}", "", "what do ya want for nothing?"),
            ("what {body}", "", "do ya want for nothing?"),
            ("what do ya {id} for {body}?", "want", "nothing"),
        ] {
            let in_hex = seal("Jefe", "{hex}", of, None).headers(id, body.as_bytes(), at);
            assert_eq!(in_hex[0].1, expected, "{of}");
            let in_base64 = seal("Jefe", "{base64}", of, None).headers(id, body.as_bytes(), at);
            assert_eq!(hex(&STANDARD.decode(&in_base64[0].1).unwrap()), expected, "{of}");
        }
    }
}
