//! Text that grows up to a bound.

use crate::template::bound::MOST_OUTPUT;

/// Bytes, as many as may be.
#[derive(Debug, Default)]
pub(super) struct Paper {
    pub(super) bytes: Vec<u8>,
}

/// It would be longer than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

impl Paper {
    pub(super) fn write(&mut self, bytes: impl AsRef<[u8]>) -> Result<(), Full> {
        let bytes = bytes.as_ref();
        if MOST_OUTPUT - self.bytes.len() < bytes.len() {
            return Err(Full);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn repeat(&mut self, byte: u8, count: usize) -> Result<(), Full> {
        if MOST_OUTPUT - self.bytes.len() < count {
            return Err(Full);
        }
        self.bytes.resize(self.bytes.len() + count, byte);
        Ok(())
    }
}
