//! Records as JSON: mirrors of the domain's types, in a shape that never changes.
//!
//! A version may add keys, which an older one then reads over. Whatever changes the meaning of what was written before
//! needs a new number in `v`.

#[macro_use]
mod mirror;
mod scalar;
mod signal;
mod gate;
mod answers;
mod incident;
mod object;
mod decision;
mod record;

use serde::{Deserialize, Serialize};

use crate::ledger::entry::Malformed;
use crate::ledger::record::Record;
use mirror::Mirror;

/// The version of all shapes.
const VERSION: u8 = 1;

#[derive(Serialize)]
struct Written {
    v: u8,
    #[serde(flatten)]
    record: record::Record,
}

#[derive(Deserialize)]
struct Version {
    v: u8,
}

#[derive(Deserialize)]
struct Read {
    #[serde(flatten)]
    record: record::Record,
}

/// The JSON of a record.
pub(super) fn write(record: &Record) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Written { v: VERSION, record: Mirror::of(record) })
}

/// The record of some JSON; nothing where a later version wrote it.
pub(super) fn read(json: &[u8]) -> Result<Option<Record>, Malformed> {
    let unlike = |error: serde_json::Error| Malformed::Json(error.to_string());
    let version: Version = serde_json::from_slice(json).map_err(unlike)?;
    if version.v != VERSION {
        return Ok(None);
    }
    let read: Read = serde_json::from_slice(json).map_err(unlike)?;
    read.record.back().map(Some)
}
