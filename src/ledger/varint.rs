//! Whole numbers in as few bytes as they need: seven bits to a byte, the low ones first.

use crate::ledger::entry::Malformed;

/// Bytes being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn whole(&mut self, mut number: u64) {
        while 0x80 <= number {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    /// A number that may lie on either side of nothing, such as a difference: small ones stay small.
    pub(super) fn signed(&mut self, number: i64) {
        self.whole((number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
    }

    /// A number to the bit.
    pub(super) fn real(&mut self, number: f64) {
        self.bytes.extend(number.to_bits().to_le_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub(super) fn length(&mut self, length: usize) {
        self.whole(length as u64);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Bytes being read.
#[derive(Debug)]
pub(super) struct Reader<'b> {
    left: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self { left: bytes }
    }

    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        let (byte, left) = self.left.split_first().ok_or(Malformed::TooShort)?;
        self.left = left;
        Ok(*byte)
    }

    pub(super) fn whole(&mut self) -> Result<u64, Malformed> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(Malformed::TooLarge);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Malformed::TooLarge)
    }

    pub(super) fn signed(&mut self) -> Result<i64, Malformed> {
        let number = self.whole()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub(super) fn real(&mut self) -> Result<f64, Malformed> {
        let (bits, left) = self.left.split_first_chunk().ok_or(Malformed::TooShort)?;
        self.left = left;
        Ok(f64::from_bits(u64::from_le_bytes(*bits)))
    }

    /// How many things follow. Each takes a byte at least, so more than there are bytes left is no length.
    pub(super) fn length(&mut self) -> Result<usize, Malformed> {
        let length = usize::try_from(self.whole()?).map_err(|_| Malformed::TooLarge)?;
        if length <= self.left.len() { Ok(length) } else { Err(Malformed::TooShort) }
    }

    pub(super) fn text(&mut self) -> Result<String, Malformed> {
        let length = self.length()?;
        let (text, left) = self.left.split_at_checked(length).ok_or(Malformed::TooShort)?;
        self.left = left;
        let text = String::from_utf8(text.to_vec());
        text.map_err(|_| Malformed::Value { what: "text", value: "no UTF-8".to_owned() })
    }

    /// Nothing may follow.
    pub(super) const fn finish(self) -> Result<(), Malformed> {
        if self.left.is_empty() { Ok(()) } else { Err(Malformed::TooLong { left: self.left.len() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_as_few_bytes_as_it_needs() {
        for (number, bytes) in
            [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (u64::from(u32::MAX), 5), (u64::MAX, 10)]
        {
            let mut writer = Writer::default();
            writer.whole(number);
            assert_eq!(writer.finish().len(), bytes, "{number}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for (bytes, expected) in [
            (&[][..], Malformed::TooShort),
            (&[0x80][..], Malformed::TooShort),
            (&[0xff; 11][..], Malformed::TooLarge),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02][..], Malformed::TooLarge),
        ] {
            assert_eq!(Reader::new(bytes).whole(), Err(expected), "{bytes:x?}");
        }
        assert_eq!(Reader::new(&[3, 1, 1]).length(), Err(Malformed::TooShort));
        assert_eq!(Reader::new(&[0, 0]).finish(), Err(Malformed::TooLong { left: 2 }));
    }

    proptest! {
        #[test]
        fn reads_what_it_wrote(wholes: Vec<u64>, signs: Vec<i64>) {
            let mut writer = Writer::default();
            for number in &wholes {
                writer.whole(*number);
            }
            for number in &signs {
                writer.signed(*number);
            }
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            for number in wholes {
                prop_assert_eq!(reader.whole(), Ok(number));
            }
            for number in signs {
                prop_assert_eq!(reader.signed(), Ok(number));
            }
            prop_assert_eq!(reader.finish(), Ok(()));
        }
    }
}
