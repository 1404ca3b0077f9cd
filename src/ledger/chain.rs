//! The chain: each row's hash covers the row before, its own header and the digest of its payload.

use std::fmt;

use ring::digest;

use crate::ledger::entry::{Entry, Malformed};
use crate::ledger::header::Header;
use crate::ledger::record::Record;

/// A SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// The end of a chain, for the next row to be joined to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The number of the last row.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

/// A record in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands.
    pub header: Header,
    /// The SHA-256 of its payload.
    pub digest: Hash,
    /// What the next row is joined to.
    pub hash: Hash,
    /// What it says; nothing where that was pruned or erased.
    pub payload: Option<Vec<u8>>,
}

/// What a sound chain holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// How many rows.
    pub rows: u64,
    /// How many of them have no payload any more.
    pub pruned: u64,
    /// The number of the first; nothing where there is none.
    pub first: Option<u64>,
    /// The last.
    pub last: Link,
}

/// The first row that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {seq} of the ledger is not as it was written: {what}")]
pub struct Broken {
    /// Its number.
    pub seq: u64,
    /// What is wrong.
    pub what: Flaw,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is gone.
    #[error("it is gone; the next one there is {found}")]
    Gap {
        /// The row that stands in its place.
        found: u64,
    },
    /// The ledger ends before it.
    #[error("the ledger ends before it, though rows up to {written} were written")]
    Cut {
        /// The last row that was written.
        written: u64,
    },
    /// It is of another chain.
    #[error("it is of chain {found}, and the rows before are of chain {expected}")]
    Chain {
        /// The chain of the rows before.
        expected: u32,
        /// Its own.
        found: u32,
    },
    /// Its epoch lies before that of an earlier row.
    #[error("its epoch is {found}, and a row before has {before}")]
    Epoch {
        /// The epoch before.
        before: u32,
        /// Its own.
        found: u32,
    },
    /// Its payload is not what was digested.
    #[error("its payload does not match its digest")]
    Payload,
    /// It does not follow the row before.
    #[error("its hash does not follow from its header, its digest and the row before")]
    Hash,
    /// A column holds what none can hold.
    #[error("its `{0}` holds what was never written there")]
    Column(&'static str),
}

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
        Self(hash)
    }

    /// The hash of a row.
    fn joined(before: Self, header: &Header, digest: Self) -> Self {
        Self::of(&[&before.0[..], &header.bytes(), &digest.0].concat())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Link {
    /// What the first row is joined to.
    pub const START: Self = Self { seq: 0, hash: Hash([0; 32]) };

    /// The row that an entry becomes.
    pub fn join(self, chain: u32, epoch: u32, entry: &Entry) -> Row {
        let (kind, at, subject) = (entry.kind(), entry.at(), entry.subject());
        let header = Header { chain, epoch, seq: self.seq.saturating_add(1), kind, at, subject };
        let digest = Hash::of(entry.payload());
        let hash = Hash::joined(self.hash, &header, digest);
        Row { header, digest, hash, payload: Some(entry.payload().to_vec()) }
    }
}

impl Row {
    /// What the next row is joined to.
    pub const fn link(&self) -> Link {
        Link { seq: self.header.seq, hash: self.hash }
    }

    /// What it says; nothing where that was pruned or erased.
    pub fn record(&self) -> Result<Option<Record>, Malformed> {
        self.payload.as_deref().map(|payload| Record::read(&self.header, payload)).transpose()
    }
}

/// Goes along a chain, row by row, without holding any of it.
#[derive(Debug)]
pub struct Verifier {
    so_far: Verified,
    chain: Option<u32>,
    epoch: u32,
}

impl Verifier {
    /// Begins after a row that is known to be sound.
    pub const fn after(link: Link) -> Self {
        let so_far = Verified { rows: 0, pruned: 0, first: None, last: link };
        Self { so_far, chain: None, epoch: 0 }
    }

    /// The next row, or what is wrong with it.
    pub fn row(&mut self, row: &Row) -> Result<(), Broken> {
        let expected = self.so_far.last.seq.saturating_add(1);
        if row.header.seq != expected {
            return Err(Broken { seq: expected, what: Flaw::Gap { found: row.header.seq } });
        }
        self.flaw(row).map_or(Ok(()), |what| Err(Broken { seq: expected, what }))?;
        self.chain = Some(row.header.chain);
        self.epoch = row.header.epoch;
        self.so_far.rows += 1;
        self.so_far.pruned += u64::from(row.payload.is_none());
        self.so_far.first = self.so_far.first.or(Some(expected));
        self.so_far.last = row.link();
        Ok(())
    }

    fn flaw(&self, row: &Row) -> Option<Flaw> {
        let found = row.header.chain;
        if let Some(expected) = self.chain.filter(|expected| *expected != found) {
            return Some(Flaw::Chain { expected, found });
        }
        if row.header.epoch < self.epoch {
            return Some(Flaw::Epoch { before: self.epoch, found: row.header.epoch });
        }
        if row.payload.as_deref().is_some_and(|payload| Hash::of(payload) != row.digest) {
            return Some(Flaw::Payload);
        }
        let hash = Hash::joined(self.so_far.last.hash, &row.header, row.digest);
        (hash != row.hash).then_some(Flaw::Hash)
    }

    /// What the chain holds.
    pub const fn finish(self) -> Verified {
        self.so_far
    }
}

/// Goes along a whole chain.
pub fn verify<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Result<Verified, Broken> {
    let mut verifier = Verifier::after(Link::START);
    rows.into_iter().try_for_each(|row| verifier.row(row))?;
    Ok(verifier.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::UnixMillis;
    use proptest::prelude::*;

    /// Rows of a chain, each written in an epoch.
    fn chain(epochs: &[u32]) -> Vec<Row> {
        let mut link = Link::START;
        let mut rows = Vec::new();
        for epoch in epochs {
            let unknown = Record::Unknown { kind: 77, payload: vec![0, 1, 2] };
            let entry = Entry::of(&unknown, UnixMillis::new(5)).unwrap();
            let row = link.join(1, *epoch, &entry);
            link = row.link();
            rows.push(row);
        }
        rows
    }

    fn flawed(change: impl FnOnce(&mut Vec<Row>)) -> (u64, Flaw) {
        let mut rows = chain(&[1, 1, 2, 2, 3]);
        change(&mut rows);
        let broken = verify(&rows).unwrap_err();
        (broken.seq, broken.what)
    }

    #[test]
    fn a_sound_chain_verifies() {
        let mut rows = chain(&[1, 1, 2, 2, 3]);
        rows[1].payload = None;
        let last = rows[4].link();
        assert_eq!(verify(&rows), Ok(Verified { rows: 5, pruned: 1, first: Some(1), last }));
        assert_eq!(verify(&[]), Ok(Verified { rows: 0, pruned: 0, first: None, last: Link::START }));
        let mut later = Verifier::after(rows[2].link());
        assert_eq!((later.row(&rows[3]), later.row(&rows[4])), (Ok(()), Ok(())));
        assert_eq!(later.finish(), Verified { rows: 2, pruned: 0, first: Some(4), last });
    }

    #[test]
    fn names_the_first_row_that_is_wrong() {
        assert_eq!(flawed(|rows| rows.swap(1, 2)), (2, Flaw::Gap { found: 3 }));
        assert_eq!(flawed(|rows| drop(rows.remove(0))), (1, Flaw::Gap { found: 2 }));
        assert_eq!(flawed(|rows| rows[3].header.epoch = 1), (4, Flaw::Epoch { before: 2, found: 1 }));
        assert_eq!(flawed(|rows| rows[3].header.epoch = 3), (4, Flaw::Hash));
        assert_eq!(flawed(|rows| rows[3].header.chain = 9), (4, Flaw::Chain { expected: 1, found: 9 }));
        assert_eq!(flawed(|rows| rows[2].payload = Some(Vec::new())), (3, Flaw::Payload));
        assert_eq!(flawed(|rows| rows[2].digest = Hash::of(b"")), (3, Flaw::Payload));
        assert_eq!(
            flawed(|rows| {
                rows[2].payload = Some(b"another".to_vec());
                rows[2].digest = Hash::of(b"another");
            }),
            (3, Flaw::Hash)
        );
    }

    #[test]
    fn a_row_written_with_an_older_epoch_is_found() {
        let broken = verify(&chain(&[1, 2, 1])).unwrap_err();
        assert_eq!(broken, Broken { seq: 3, what: Flaw::Epoch { before: 2, found: 1 } });
    }

    proptest! {
        #[test]
        fn a_row_cannot_stand_elsewhere(from in 0..5_usize, to in 0..5_usize) {
            let mut rows = chain(&[1, 1, 1, 1, 1]);
            let stranger = rows[from].clone();
            rows[to] = Row { header: Header { seq: to as u64 + 1, ..stranger.header }, ..stranger };
            prop_assert_eq!(verify(&rows).is_ok(), from == to);
        }
    }
}
