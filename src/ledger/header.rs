//! Headers: the place of a row, in the bytes that its hash covers.

use crate::unit::UnixMillis;

/// The version of these bytes.
pub const FORMAT: u8 = 1;

/// Where a row stands, and what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Which chain: each process that writes at the same time has its own.
    pub chain: u32,
    /// How often the ledger had been opened for writing: whoever writes with an older one was replaced.
    pub epoch: u32,
    /// Its number, from 1 without a gap.
    pub seq: u64,
    /// The number of its kind.
    pub kind: u8,
    /// When it was written down.
    pub at: UnixMillis,
    /// The gate and change it is about; 0 where it is about none.
    pub subject: u64,
}

/// How many bytes a header has.
const LENGTH: usize = 34;

impl Header {
    /// Its bytes: each field in its full width, the high byte first.
    pub fn bytes(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes[0] = FORMAT;
        bytes[1..5].copy_from_slice(&self.chain.to_be_bytes());
        bytes[5..9].copy_from_slice(&self.epoch.to_be_bytes());
        bytes[9..17].copy_from_slice(&self.seq.to_be_bytes());
        bytes[17] = self.kind;
        bytes[18..26].copy_from_slice(&self.at.millis().to_be_bytes());
        bytes[26..34].copy_from_slice(&self.subject.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_its_bytes_in_their_places() {
        let header = Header {
            chain: 0x0102_0304,
            epoch: 0x0506_0708,
            seq: 0x090a_0b0c_0d0e_0f10,
            kind: 0x11,
            at: UnixMillis::new(0x1213_1415_1617_1819),
            subject: 0x1a1b_1c1d_1e1f_2021,
        };
        let expected: Vec<u8> = (1..=0x21).collect();
        assert_eq!((header.bytes()[0], &header.bytes()[1..]), (FORMAT, &expected[..]));
    }
}
