//! Seals: an HMAC-SHA256 over a request, in whatever form its receiver looks for it.

use std::fmt;
use std::str::FromStr;

use crate::unit::Name;

/// How a request is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The secret that is the key, by name: the bytes of its text.
    pub key: Name,
    /// The header that the seal goes into.
    pub header: String,
    /// How it stands there.
    pub form: Form,
    /// What is sealed.
    pub of: Sealed,
    /// The header that the time of the attempt goes into, in seconds since 1970; `webhook-timestamp` says it in any case.
    pub timestamp: Option<String>,
}

/// How a seal stands in its header: `sha256={hex}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What stands before it.
    pub before: String,
    /// Its digits.
    pub digits: Digits,
    /// What stands behind it.
    pub behind: String,
}

/// How bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// `{hex}`.
    Hex,
    /// `{base64}`.
    Base64,
}

/// What is sealed: `v0:{timestamp}:{body}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<Part>);

/// A part of what is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// These characters.
    Text(String),
    /// `{id}`: the key of the effect, as in `webhook-id`.
    Id,
    /// `{timestamp}`: when this attempt is made, in seconds since 1970.
    Timestamp,
    /// `{body}`: the bytes of the body.
    Body,
}

/// Why a text says nothing of a seal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It does not say where the seal stands.
    #[error("`{0}` holds no `{{hex}}` or `{{base64}}`, once; write `sha256={{hex}}`, or `{{base64}}` alone")]
    Form(String),
    /// What is sent is not sealed.
    #[error("`{0}` seals nothing of what is sent; write `{{body}}`, or `v0:{{timestamp}}:{{body}}`")]
    NoBody(String),
    /// There is no such part.
    #[error("there is no part `{0}`; the parts of a seal are `{{id}}`, `{{timestamp}}` and `{{body}}`")]
    Part(String),
    /// A header holds no such character.
    #[error("`{0}` does not fit into a header; write letters, digits and signs of ASCII")]
    Header(String),
}

impl FromStr for Form {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        if !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(SealError::Header(text.to_owned()));
        }
        let split = |mark, digits| text.split_once(mark).map(|(before, behind)| (before, digits, behind));
        let found = split("{hex}", Digits::Hex).or_else(|| split("{base64}", Digits::Base64));
        let (before, digits, behind) = found.ok_or_else(|| SealError::Form(text.to_owned()))?;
        if [before, behind].iter().any(|part| part.contains(['{', '}'])) {
            return Err(SealError::Form(text.to_owned()));
        }
        Ok(Self { before: before.to_owned(), digits, behind: behind.to_owned() })
    }
}

impl FromStr for Sealed {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let (word, behind) =
                behind.split_once('}').ok_or_else(|| SealError::Part(format!("{{{behind}")))?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(match word {
                "id" => Part::Id,
                "timestamp" => Part::Timestamp,
                "body" => Part::Body,
                _ => return Err(SealError::Part(format!("{{{word}}}"))),
            });
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if parts.contains(&Part::Body) { Ok(Self(parts)) } else { Err(SealError::NoBody(text.to_owned())) }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match self.digits {
            Digits::Hex => "{hex}",
            Digits::Base64 => "{base64}",
        };
        write!(f, "{}{digits}{}", self.before, self.behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_hold_the_seal_once() {
        for text in ["{hex}", "sha256={hex}", "v0={hex}", "{base64}", "t=1, v1={base64};"] {
            assert_eq!(text.parse::<Form>().unwrap().to_string(), text);
        }
        for text in ["", "sha256=", "{hex}{hex}", "{hex} {base64}", "{HEX}", "{hex", "a{b}={hex}"] {
            assert_eq!(text.parse::<Form>(), Err(SealError::Form(text.to_owned())), "{text}");
        }
        for text in ["é{hex}", "a\n{hex}"] {
            assert_eq!(text.parse::<Form>(), Err(SealError::Header(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_sealed_holds_the_body() {
        let text = |text: &str| Part::Text(text.to_owned());
        for (written, parts) in [
            ("{body}", vec![Part::Body]),
            ("v0:{timestamp}:{body}", vec![text("v0:"), Part::Timestamp, text(":"), Part::Body]),
            (
                "{id}.{timestamp}.{body}.",
                vec![Part::Id, text("."), Part::Timestamp, text("."), Part::Body, text(".")],
            ),
        ] {
            assert_eq!(written.parse(), Ok(Sealed(parts)), "{written}");
        }
        for (written, wrong) in [
            ("", SealError::NoBody(String::new())),
            ("body", SealError::NoBody("body".to_owned())),
            ("{timestamp}", SealError::NoBody("{timestamp}".to_owned())),
            ("{url}{body}", SealError::Part("{url}".to_owned())),
            ("{body", SealError::Part("{body".to_owned())),
        ] {
            assert_eq!(written.parse::<Sealed>(), Err(wrong), "{written}");
        }
    }
}
