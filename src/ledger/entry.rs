//! Entries: records as bytes, on their way into the chain or back.

use crate::decision::CellId;
use crate::ledger::header::Header;
use crate::ledger::kind::Kind;
use crate::ledger::looks::{read_looks, write_looks};
use crate::ledger::record::Record;
use crate::ledger::varint::{Reader, Writer};
use crate::ledger::wire;
use crate::unit::UnixMillis;

/// A record that has its bytes but no place in the chain yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    kind: u8,
    at: UnixMillis,
    subject: u64,
    payload: Vec<u8>,
}

/// A record could not be written as JSON.
#[derive(Debug, thiserror::Error)]
#[error("a record of kind {kind} could not be written: {why}; please report it")]
pub struct Unwritable {
    kind: u8,
    why: serde_json::Error,
}

/// Why a payload of a known kind and version says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It ends too soon.
    #[error("its counts end too soon")]
    TooShort,
    /// A number in it does not fit.
    #[error("its counts hold a number of more than 64 bits")]
    TooLarge,
    /// Something follows that belongs to nothing.
    #[error("{left} bytes follow its counts")]
    TooLong {
        /// How many bytes.
        left: usize,
    },
    /// Its times are written in an unknown way.
    #[error("its times are written in the unknown way {0}")]
    Grain(u8),
    /// A value in it is none.
    #[error("`{value}` in it is no {what}")]
    Value {
        /// What it ought to be.
        what: &'static str,
        /// What it is.
        value: String,
    },
    /// It is not the JSON of its kind.
    #[error("its JSON is not that of its kind: {0}")]
    Json(String),
    /// It is of another kind than its header says.
    #[error("its header says that it is of kind {header}, and it is of kind {payload}")]
    Kind {
        /// What the header says.
        header: u8,
        /// What it is.
        payload: u8,
    },
}

/// The version of the counts in a record of looks.
const COUNTS: u8 = 1;

impl Entry {
    /// A record as it is written down at this time.
    pub fn of(record: &Record, at: UnixMillis) -> Result<Self, Unwritable> {
        let payload = match record {
            Record::Looked { first, looks, .. } => {
                let mut writer = Writer::default();
                writer.byte(COUNTS);
                writer.whole(u64::from(*first));
                write_looks(&mut writer, at, looks);
                writer.finish()
            }
            Record::Unknown { payload, .. } => payload.clone(),
            Record::Started { .. }
            | Record::Reloaded { .. }
            | Record::Changed(_)
            | Record::Awaited { .. }
            | Record::Opened { .. }
            | Record::Decided { .. }
            | Record::Intended(_)
            | Record::Retried { .. }
            | Record::Answered { .. }
            | Record::Closed { .. }
            | Record::Switched { .. }
            | Record::Ended { .. }
            | Record::Refused { .. }
            | Record::Consented { .. }
            | Record::Alerted(_)
            | Record::Frozen(_)
            | Record::Accepted { .. }
            | Record::Vouched { .. }
            | Record::Recovery { .. } => record.json()?,
        };
        Ok(Self { kind: record.kind(), at, subject: record.cell().map_or(0, |cell| cell.0), payload })
    }

    /// The same, known to be about a gate and change that the record itself does not name.
    pub fn about(self, cell: CellId) -> Self {
        Self { subject: cell.0, ..self }
    }

    /// The number of its kind.
    pub const fn kind(&self) -> u8 {
        self.kind
    }

    /// When it was written down.
    pub const fn at(&self) -> UnixMillis {
        self.at
    }

    /// The gate and change it is about; 0 where it is about none.
    pub const fn subject(&self) -> u64 {
        self.subject
    }

    /// Its bytes.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }
}

impl Record {
    /// It as JSON, looks with their counts in digits.
    pub fn json(&self) -> Result<Vec<u8>, Unwritable> {
        wire::write(self).map_err(|why| Unwritable { kind: self.kind(), why })
    }

    /// Reads what the payload under a header says. What a later version wrote is unknown, and no error.
    pub fn read(header: &Header, payload: &[u8]) -> Result<Self, Malformed> {
        let unknown = || Self::Unknown { kind: header.kind, payload: payload.to_vec() };
        let Some(kind) = Kind::of(header.kind) else { return Ok(unknown()) };
        if kind != Kind::Looked {
            let Some(record) = wire::read(payload)? else { return Ok(unknown()) };
            let found = record.kind();
            let fits = found == header.kind;
            return if fits {
                Ok(record)
            } else {
                Err(Malformed::Kind { header: header.kind, payload: found })
            };
        }
        let mut reader = Reader::new(payload);
        if reader.byte()? != COUNTS {
            return Ok(unknown());
        }
        let first = u32::try_from(reader.whole()?).map_err(|_| Malformed::TooLarge)?;
        let looks = read_looks(&mut reader, header.at)?;
        reader.finish()?;
        Ok(Self::Looked { cell: CellId(header.subject), first, looks })
    }
}
