//! The fields of a message, without decoding them. An empty part takes two bytes on the wire and a hundred in memory,
//! so parts are counted before room is made for them.

use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

/// Why bytes are no message.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Malformed {
    /// The decoder says why.
    #[error(transparent)]
    Wire(#[from] DecodeError),
    /// A field goes on beyond the end.
    #[error("a field of {length} bytes begins {left} bytes before the end")]
    CutOff {
        /// How many bytes it should have.
        length: u64,
        /// How many are left.
        left: usize,
    },
}

/// The messages and texts that a message holds, each with its tag; numbers are passed over.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, &'a [u8]), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.0.is_empty() {
            match self.field() {
                Ok(None) => {}
                Ok(Some(field)) => return Some(Ok(field)),
                Err(error) => {
                    self.0 = &[];
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Result<Option<(u32, &'a [u8])>, Malformed> {
        let (tag, kind) = decode_key(&mut self.0)?;
        if kind != WireType::LengthDelimited {
            skip_field(kind, tag, &mut self.0, DecodeContext::default())?;
            return Ok(None);
        }
        let (length, left) = (decode_varint(&mut self.0)?, self.0.len());
        let split = usize::try_from(length).ok().and_then(|length| self.0.split_at_checked(length));
        let (field, rest) = split.ok_or(Malformed::CutOff { length, left })?;
        self.0 = rest;
        Ok(Some((tag, field)))
    }
}
