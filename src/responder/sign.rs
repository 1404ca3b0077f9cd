//! Standard Webhooks: the three headers by which a receiver knows who sent a request, when, and whether it saw it before.

use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ring::hmac;

use crate::unit::{Secret, Span, UnixMillis};

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// How many bytes a key has.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// What names the kind of signature.
const VERSION: &str = "v1,";
/// How many signatures of one request are looked at: more are no rotation of keys.
const MOST_SIGNATURES: usize = 16;

/// Secrets are copied by hand, and lose their padding on the way.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A key that signs.
#[derive(Clone)]
pub struct SigningKey(hmac::Key, Secret);

/// Why a secret is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It does not begin as one does.
    #[error("a signing secret begins with `{PREFIX}`, as the Standard Webhooks write it; this one does not")]
    Prefix,
    /// What follows is not base64.
    #[error("what follows `{PREFIX}` in a signing secret is base64; in this one it is not")]
    NotBase64,
    /// It is too short to be safe, or longer than anybody takes.
    #[error(
        "this signing secret holds {0} bytes, and 24 to 64 are taken; `openssl rand -base64 32` makes a good one"
    )]
    Size(usize),
}

/// What is sent beside a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// `webhook-id`: the same on each attempt.
    pub id: String,
    /// `webhook-timestamp`: when this attempt was made, in seconds since 1970.
    pub timestamp: String,
    /// `webhook-signature`: one for each key, with a space between them.
    pub signature: String,
}

/// Why a request is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    /// Its time is no time.
    #[error("`webhook-timestamp` is not a whole number of seconds since 1970")]
    NoTime,
    /// It was signed too long ago, or will be.
    #[error("`webhook-timestamp` is {away} away from now, and {tolerance} is the most")]
    Untimely {
        /// How far from now.
        away: Span,
        /// How far it may be.
        tolerance: Span,
    },
    /// No signature is by any of the keys.
    #[error("no signature in `webhook-signature` is by a key that is known here")]
    Unsigned,
}

impl SigningKey {
    /// The key that a secret holds.
    pub fn parse(secret: &Secret) -> Result<Self, KeyError> {
        let text = secret.reveal().strip_prefix(PREFIX).ok_or(KeyError::Prefix)?;
        let bytes = BASE64.decode(text).map_err(|_| KeyError::NotBase64)?;
        if !KEY_BYTES.contains(&bytes.len()) {
            return Err(KeyError::Size(bytes.len()));
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes), Secret::new(text.to_owned())))
    }

    /// What of the secret is secret: what every secret begins with is not.
    pub(super) const fn secret(&self) -> &Secret {
        &self.1
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(<redacted>)")
    }
}

/// What goes with a body that is sent at a moment. Several keys sign while one takes the place of another.
pub fn stamp(keys: &[SigningKey], id: &str, body: &[u8], at: UnixMillis) -> Stamp {
    let timestamp = at.millis().div_euclid(1_000).to_string();
    let signed = signed(id, &timestamp, body);
    let sign = |key: &SigningKey| format!("{VERSION}{}", BASE64.encode(hmac::sign(&key.0, &signed)));
    let signature = keys.iter().map(sign).collect::<Vec<_>>().join(" ");
    Stamp { id: id.to_owned(), timestamp, signature }
}

/// Whether somebody who has one of the keys sent this body, and lately. Comparing takes the same time whatever differs.
pub fn verify(
    keys: &[SigningKey],
    stamp: &Stamp,
    body: &[u8],
    now: UnixMillis,
    tolerance: Span,
) -> Result<(), Forged> {
    let seconds: i64 = stamp.timestamp.parse().map_err(|_| Forged::NoTime)?;
    let sent = UnixMillis::new(seconds.checked_mul(1_000).ok_or(Forged::NoTime)?);
    let away = now.since(sent).max(sent.since(now));
    if tolerance < away {
        return Err(Forged::Untimely { away, tolerance });
    }
    let signed = signed(&stamp.id, &stamp.timestamp, body);
    let given = stamp.signature.split(' ').take(MOST_SIGNATURES);
    let known = given
        .filter_map(|signature| BASE64.decode(signature.strip_prefix(VERSION)?).ok())
        .any(|signature| keys.iter().any(|key| hmac::verify(&key.0, &signed, &signature).is_ok()));
    if known { Ok(()) } else { Err(Forged::Unsigned) }
}

/// The bytes that are signed.
fn signed(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that implementations of the Standard Webhooks test with.
    const EXAMPLE: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = b"{\"test\": 2432232314}";
    const AT: UnixMillis = UnixMillis::new(1_614_265_330_999);

    fn key(text: &str) -> Result<SigningKey, KeyError> {
        SigningKey::parse(&Secret::new(text.to_owned()))
    }

    fn secret(bytes: usize) -> String {
        format!("{PREFIX}{}", BASE64.encode(vec![7; bytes]))
    }

    #[test]
    fn signs_as_the_published_example() {
        let stamp = stamp(&[key(EXAMPLE).unwrap()], "msg_p5jXN8AQM9LWM0D4loKWxJek", BODY, AT);
        assert_eq!(stamp.timestamp, "1614265330");
        assert_eq!(stamp.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn takes_secrets_of_the_right_form_and_shows_none() {
        for (text, read) in [
            (EXAMPLE.to_owned(), Ok(())),
            (secret(24), Ok(())),
            (secret(64), Ok(())),
            (secret(32).trim_end_matches('=').to_owned(), Ok(())),
            (secret(23), Err(KeyError::Size(23))),
            (secret(65), Err(KeyError::Size(65))),
            (PREFIX.to_owned(), Err(KeyError::Size(0))),
            (EXAMPLE.replace("whsec_", ""), Err(KeyError::Prefix)),
            (String::new(), Err(KeyError::Prefix)),
            (format!("{EXAMPLE}*"), Err(KeyError::NotBase64)),
            (format!("{EXAMPLE}\n"), Err(KeyError::NotBase64)),
        ] {
            let key = key(&text);
            assert!(!format!("{key:?}").contains("MfKQ"), "{key:?}");
            assert_eq!(key.map(|_| ()), read, "{text}");
        }
    }

    #[test]
    fn takes_what_was_signed_lately_by_one_of_the_keys() {
        let (old, new, other) = (key(EXAMPLE).unwrap(), key(&secret(32)).unwrap(), key(&secret(48)).unwrap());
        let by = |keys: &[SigningKey]| stamp(keys, "id", BODY, AT);
        let stale = Forged::Untimely { away: Span::from_millis(300_001), tolerance: Span::from_secs(300) };
        let sent = UnixMillis::new(1_614_265_330_000);
        let tolerance = Span::from_secs(300);
        let changed = |change: fn(&mut Stamp)| {
            let mut stamp = by(std::slice::from_ref(&old));
            change(&mut stamp);
            stamp
        };
        for (stamp, body, now, expected) in [
            (by(std::slice::from_ref(&old)), BODY, AT, Ok(())),
            (by(&[old.clone(), new.clone()]), BODY, AT, Ok(())),
            (by(&[other.clone(), new.clone()]), BODY, AT, Ok(())),
            (by(std::slice::from_ref(&other)), BODY, AT, Err(Forged::Unsigned)),
            (by(&[]), BODY, AT, Err(Forged::Unsigned)),
            (by(std::slice::from_ref(&old)), b"{\"test\": 2432232315}".as_slice(), AT, Err(Forged::Unsigned)),
            (by(std::slice::from_ref(&old)), BODY, sent.plus(tolerance), Ok(())),
            (by(std::slice::from_ref(&old)), BODY, sent.minus(tolerance), Ok(())),
            (by(std::slice::from_ref(&old)), BODY, sent.plus(Span::from_millis(300_001)), Err(stale)),
            (by(std::slice::from_ref(&old)), BODY, sent.minus(Span::from_millis(300_001)), Err(stale)),
            (changed(|stamp| stamp.id.push('x')), BODY, AT, Err(Forged::Unsigned)),
            (changed(|stamp| stamp.timestamp = "1614265331".to_owned()), BODY, AT, Err(Forged::Unsigned)),
            (changed(|stamp| stamp.timestamp = "now".to_owned()), BODY, AT, Err(Forged::NoTime)),
            (changed(|stamp| stamp.timestamp = i64::MAX.to_string()), BODY, AT, Err(Forged::NoTime)),
            (changed(|stamp| stamp.signature.insert_str(0, "v1a,x v1, ")), BODY, AT, Ok(())),
            (
                changed(|stamp| stamp.signature = stamp.signature.replace("v1,", "v2,")),
                BODY,
                AT,
                Err(Forged::Unsigned),
            ),
            (
                changed(|stamp| stamp.signature.insert_str(0, &"v1,x ".repeat(MOST_SIGNATURES))),
                BODY,
                AT,
                Err(Forged::Unsigned),
            ),
        ] {
            let keys = [old.clone(), new.clone()];
            assert_eq!(verify(&keys, &stamp, body, now, tolerance), expected, "{stamp:?} {now}");
        }
    }
}
