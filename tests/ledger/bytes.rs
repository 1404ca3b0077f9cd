//! The bytes of records. What was once written has to be read for as long as there are ledgers, so each kind has a file
//! that holds its payloads, one on a line. A line there is never changed, only added.

use backstop::ledger::{Entry, Header, Record, Row};
use backstop::ledger::{Kind, Link, Malformed};
use proptest::prelude::*;

use crate::records::{CELL, all, at, looked, opened};
use crate::snapshot::snapshot;

fn header(kind: u8) -> Header {
    Header { chain: 1, epoch: 1, seq: 1, kind, at: at(60), subject: CELL.0 }
}

/// The payload as it stands on a line of a file.
fn line(record: &Record) -> String {
    let entry = Entry::of(record, at(60)).unwrap();
    if record.kind() == Kind::Looked.number() {
        return entry.payload().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    }
    String::from_utf8(entry.payload().to_vec()).unwrap()
}

#[test]
fn records_are_written_as_they_ever_were() {
    for (number, word, kind) in Kind::ALL {
        let extension = if kind == Kind::Looked { "hex" } else { "jsonl" };
        let records = all().into_iter().filter(|record| record.kind() == number);
        let lines: Vec<String> = records.map(|record| line(&record)).collect();
        assert!(!lines.is_empty(), "there is no record of kind {word}");
        snapshot(&format!("ledger/{number:02}-{word}.{extension}"), &format!("{}\n", lines.join("\n")));
    }
}

#[test]
fn records_are_read_as_they_were_written() {
    for record in all() {
        let entry = Entry::of(&record, at(60)).unwrap();
        let read = Record::read(&header(record.kind()), entry.payload());
        assert_eq!(read.as_ref(), Ok(&record), "{}", line(&record));
    }
}

#[test]
fn what_a_later_version_wrote_is_kept_as_it_is() {
    for (kind, payload) in [
        (99, &b"\x00\xff"[..]),
        (Kind::Opened.number(), br#"{"v":2,"opened":{"by":"somebody"}}"#),
        (Kind::Looked.number(), &[2, 7, 7]),
    ] {
        let unknown = Record::Unknown { kind, payload: payload.to_vec() };
        assert_eq!(Record::read(&header(kind), payload).as_ref(), Ok(&unknown));
        assert_eq!(Entry::of(&unknown, at(0)).unwrap().payload(), payload);
    }
}

#[test]
fn keys_that_a_later_version_added_are_read_over() {
    let payload = br#"{"v":1,"retried":{"key":"act_1","attempt":2,"at":5,"why":"502"},"note":1}"#;
    let read = Record::read(&header(Kind::Retried.number()), payload).unwrap();
    assert!(matches!(read, Record::Retried { attempt: 2, .. }));
}

#[test]
fn refuses_what_says_nothing() {
    for (kind, payload, expected) in [
        (Kind::Looked, &b""[..], "its counts end too soon"),
        (Kind::Looked, &[1, 1, 0, 0, 9], "1 bytes follow its counts"),
        (Kind::Looked, &[1, 1, 0, 3], "its times are written in the unknown way 3"),
        (Kind::Retried, b"{", "its JSON is not that of its kind"),
        (Kind::Retried, br#"{"v":1}"#, "its JSON is not that of its kind"),
        (
            Kind::Opened,
            br#"{"v":1,"retried":{"key":"act_1","attempt":2,"at":5}}"#,
            "its header says that it is of kind 3, and it is of kind 7",
        ),
        (
            Kind::Ended,
            br#"{"v":1,"ended":{"cell":"x","at":5,"look":1,"standing":{"looks":1,"ln_now":0.0,"ln_most":0.0,"ln_ours":0.0,"verdict":{"inconclusive":"no_look"}},"why":"time_up"}}"#,
            "`x` in it is no gate of a change",
        ),
    ] {
        let error: Malformed = Record::read(&header(kind.number()), payload).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{kind:?}: {error}");
    }
}

#[test]
fn looks_can_be_shown_as_json() {
    let json = String::from_utf8(looked(CELL, 1).json().unwrap()).unwrap();
    assert!(
        json.starts_with(r#"{"v":1,"looked":{"cell":"4f2a9c01b7e3d655","first":1,"looks":[{"at":"#),
        "{json}"
    );
}

#[test]
fn a_row_keeps_what_its_record_says() {
    let entry = Entry::of(&looked(CELL, 7), at(65)).unwrap();
    let row: Row = Link::START.join(3, 9, &entry);
    assert_eq!(row.record(), Ok(Some(looked(CELL, 7))));
    assert_eq!(Row { payload: None, ..row }.record(), Ok(None));
}

fn differs(number: f64) -> Record {
    let mut record = opened(CELL);
    if let Record::Opened { terms, .. } = &mut record {
        terms.share = number;
    }
    record
}

proptest! {
    #[test]
    fn terms_come_back_to_the_bit(number in any::<f64>()) {
        let entry = Entry::of(&differs(number), at(0)).unwrap();
        let Ok(Record::Opened { terms, .. }) = Record::read(&header(3), entry.payload()) else {
            return Err(TestCaseError::fail("it is no opening"));
        };
        prop_assert_eq!(terms.share.to_bits(), number.to_bits());
    }

    #[test]
    fn no_payload_is_too_odd(kind: u8, payload: Vec<u8>) {
        // Whatever lies there is read or refused; neither is a crash.
        drop(Record::read(&header(kind), &payload));
    }
}
