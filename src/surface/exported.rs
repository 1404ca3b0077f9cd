//! A row of the ledger, as a line of JSON.

use serde_json::{Value, json};

use crate::ledger::{Kind, Row};
use crate::unit::hex;

/// A row: where it stands, its hashes, and what it says.
pub fn line(row: &Row) -> String {
    let header = &row.header;
    let subject = (header.subject != 0).then(|| format!("{:016x}", header.subject));
    json!({
        "seq": header.seq,
        "chain": header.chain,
        "epoch": header.epoch,
        "at": header.at.to_string(),
        "kind": Kind::of(header.kind).map_or_else(|| header.kind.to_string(), |kind| kind.word().to_owned()),
        "about": subject,
        "digest": hex(&row.digest.0),
        "hash": hex(&row.hash.0),
        "record": said(row),
    })
    .to_string()
}

/// What a row says; nothing where that was pruned, or cannot be read here.
fn said(row: &Row) -> Value {
    let record = row.record().ok().flatten();
    let bytes = record.and_then(|record| record.json().ok());
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or(Value::Null)
}
