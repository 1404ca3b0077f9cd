//! The headers of a request: whether what it carries is what can be read here.

/// The media type of a request.
const MEDIA_TYPE: &str = "application/x-protobuf";

/// The message of 1.0, as a media type's parameter names it.
const MESSAGE: &str = "prometheus.WriteRequest";

/// The compression of a request.
const COMPRESSION: &str = "snappy";

/// Why a request cannot be read, by its headers. All of these are answered with [`HeaderError::STATUS`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Something other than protobuf.
    #[error("`Content-Type: {0}` is not remote write; send `{MEDIA_TYPE}`")]
    MediaType(String),
    /// Another message, such as that of 2.0.
    #[error(
        "the message `{0}` is not read here; send remote write 1.0: `protobuf_message: {MESSAGE}` in the sender's \
         `remote_write`"
    )]
    Message(String),
    /// Another compression, or none.
    #[error("`Content-Encoding: {0}` is not read here; send `{COMPRESSION}`, in its block format")]
    Compression(String),
    /// Another version.
    #[error(
        "`X-Prometheus-Remote-Write-Version: {0}` is not read here; send remote write 1.0, which is `0.1.0`"
    )]
    Version(String),
}

impl HeaderError {
    /// Unsupported media type: the sender may try again in another format.
    pub const STATUS: u16 = 415;
}

/// Checks the headers `Content-Type`, `Content-Encoding` and `X-Prometheus-Remote-Write-Version`. One that is not there
/// is taken for granted, as Prometheus does: senders older than the header leave it out.
pub fn check_headers(
    content_type: Option<&str>,
    encoding: Option<&str>,
    version: Option<&str>,
) -> Result<(), HeaderError> {
    content_type.map_or(Ok(()), check_type)?;
    if let Some(other) = encoding.filter(|encoding| !encoding.trim().eq_ignore_ascii_case(COMPRESSION)) {
        return Err(HeaderError::Compression(other.to_owned()));
    }
    match version.filter(|version| !version.trim().starts_with("0.")) {
        Some(other) => Err(HeaderError::Version(other.to_owned())),
        None => Ok(()),
    }
}

fn check_type(content_type: &str) -> Result<(), HeaderError> {
    let mut parts = content_type.split(';').map(str::trim);
    if !parts.next().is_some_and(|media| media.eq_ignore_ascii_case(MEDIA_TYPE)) {
        return Err(HeaderError::MediaType(content_type.to_owned()));
    }
    let parameters = parts.filter_map(|part| part.split_once('='));
    let messages = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("proto"));
    let other = messages.map(|(_, value)| value.trim().trim_matches('"')).find(|message| *message != MESSAGE);
    other.map_or(Ok(()), |other| Err(HeaderError::Message(other.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_can_be_read() {
        let proto = Some("application/x-protobuf");
        let (snappy, first) = (Some("snappy"), Some("0.1.0"));
        let second = "io.prometheus.write.v2.Request";
        let second_type = format!("application/x-protobuf;proto={second}");
        for (headers, expected) in [
            ((proto, snappy, first), Ok(())),
            ((None, None, None), Ok(())),
            (
                (Some("Application/X-Protobuf ; proto=\"prometheus.WriteRequest\""), Some("Snappy"), first),
                Ok(()),
            ),
            ((Some(second_type.as_str()), snappy, Some("2.0.0")), Err(HeaderError::Message(second.into()))),
            (
                (Some("application/json"), snappy, first),
                Err(HeaderError::MediaType("application/json".into())),
            ),
            ((Some(""), snappy, first), Err(HeaderError::MediaType(String::new()))),
            ((proto, Some("gzip"), first), Err(HeaderError::Compression("gzip".into()))),
            ((proto, snappy, Some("2.0.0")), Err(HeaderError::Version("2.0.0".into()))),
        ] {
            let (content_type, encoding, version) = headers;
            assert_eq!(check_headers(content_type, encoding, version), expected, "{headers:?}");
        }
    }
}
