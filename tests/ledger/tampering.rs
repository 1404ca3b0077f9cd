//! Tampering: whatever is changed behind the archive's back is found, and where.

use backstop::archive::{Archive, Error, Reader};
use backstop::ledger::{Broken, Entry, Flaw, Record};
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use crate::behind;
use crate::folder::Folder;
use crate::posts::Posts as _;
use crate::records::{CELL, at, ended, intention, looked};

/// A ledger with a row of each length.
async fn ledger(folder: &Folder) -> (Reader, SqliteConnection, u64) {
    let path = folder.path().join("ledger");
    let mut archive = Archive::open(&path, 1).await.unwrap();
    let empty = Record::Unknown { kind: 200, payload: Vec::new() };
    let entries = [looked(CELL, 1), ended(CELL), empty, looked(CELL, 2)];
    let entries: Vec<Entry> = entries.iter().map(|record| Entry::of(record, at(60)).unwrap()).collect();
    archive.append(&entries).await.unwrap();
    archive.intend(&[], &intention("checkout", 60)).await.unwrap();
    drop(archive);
    // A later epoch, so that not every row has the same one.
    let mut archive = Archive::open(&path, 1).await.unwrap();
    archive.append(&entries).await.unwrap();
    let reader = archive.reader();
    let rows = reader.verify().await.unwrap().rows;
    (reader, behind(&path).await, rows)
}

async fn broken(reader: &Reader) -> Option<Broken> {
    let error = reader.verify().await.err()?;
    assert!(matches!(error, Error::Broken(_)), "{error}");
    if let Error::Broken(broken) = error { Some(broken) } else { None }
}

async fn run(connection: &mut SqliteConnection, sql: &str) -> bool {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.is_ok()
}

#[tokio::test]
async fn a_byte_that_is_flipped_in_a_number_is_found_in_its_row() {
    let folder = Folder::of("numbers");
    let (reader, mut connection, rows) = ledger(&folder).await;
    for row in 1..=rows {
        for column in ["seq", "format", "chain", "epoch", "kind", "at", "subject"] {
            let sql = AssertSqlSafe(format!("SELECT {column} FROM entry WHERE seq = {row}"));
            let was: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
            for byte in 0..64 / 8 {
                let now = was ^ (1 << (8 * byte));
                let place = if column == "seq" { now } else { row.cast_signed() };
                if !run(&mut connection, &format!("UPDATE entry SET {column} = {now} WHERE seq = {row}"))
                    .await
                {
                    // Where another row stands already, no row can be put.
                    assert_eq!(column, "seq");
                    continue;
                }
                let found = broken(&reader).await;
                assert_eq!(found.map(|broken| broken.seq), Some(row), "{column} {was} -> {now} in {row}");
                run(&mut connection, &format!("UPDATE entry SET {column} = {was} WHERE seq = {place}")).await;
            }
        }
    }
    assert_eq!(broken(&reader).await, None);
}

#[tokio::test]
async fn a_byte_that_is_flipped_in_a_blob_is_found_in_its_row() {
    let folder = Folder::of("blobs");
    let (reader, mut connection, rows) = ledger(&folder).await;
    for row in 1..=rows {
        for column in ["digest", "hash", "payload"] {
            let sql = AssertSqlSafe(format!("SELECT {column} FROM entry WHERE seq = {row}"));
            let was: Vec<u8> = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
            let update = format!("UPDATE entry SET {column} = ? WHERE seq = {row}");
            for byte in 0..was.len() {
                let mut now = was.clone();
                now[byte] ^= 1 << (byte % 8);
                for (blob, expected) in [(&now, Some(row)), (&was, None)] {
                    let update = sqlx::query(AssertSqlSafe(update.as_str())).bind(blob.as_slice());
                    update.execute(&mut connection).await.unwrap();
                    if expected.is_some() || byte == 0 {
                        let found = broken(&reader).await.map(|broken| broken.seq);
                        assert_eq!(found, expected, "byte {byte} of {column} in {row}");
                    }
                }
            }
        }
    }
    assert_eq!(broken(&reader).await, None);
}

#[tokio::test]
async fn rows_that_are_cut_moved_or_put_in_are_found() {
    for (tampering, seq, what) in [
        ("DELETE FROM entry WHERE seq = 9", 9, Flaw::Cut { written: 9 }),
        ("DELETE FROM entry", 1, Flaw::Cut { written: 9 }),
        ("DELETE FROM entry WHERE seq = 1", 1, Flaw::Gap { found: 2 }),
        ("DELETE FROM entry WHERE seq = 5", 5, Flaw::Gap { found: 6 }),
        ("UPDATE entry SET seq = -5 WHERE seq = 5", 5, Flaw::Gap { found: 6 }),
        ("UPDATE entry SET payload = x'' WHERE seq = 5", 5, Flaw::Payload),
        ("UPDATE entry SET hash = x'00' WHERE seq = 5", 5, Flaw::Column("hash")),
        ("UPDATE entry SET kind = 300 WHERE seq = 5", 5, Flaw::Column("kind")),
        ("UPDATE entry SET format = 2 WHERE seq = 5", 5, Flaw::Column("format")),
        ("DELETE FROM entry WHERE seq = 9; UPDATE ledger SET seq = 8", 8, Flaw::Hash),
        (
            "UPDATE entry SET seq = 100 WHERE seq = 1; UPDATE entry SET seq = 1 WHERE seq = 4;
             UPDATE entry SET seq = 4 WHERE seq = 100",
            1,
            Flaw::Hash,
        ),
    ] {
        let folder = Folder::of("moved");
        let (reader, mut connection, rows) = ledger(&folder).await;
        assert_eq!(rows, 9);
        assert!(run(&mut connection, tampering).await);
        assert_eq!(broken(&reader).await, Some(Broken { seq, what }), "{tampering}");
    }
}

#[tokio::test]
async fn payloads_may_go_and_the_chain_verifies() {
    let folder = Folder::of("erased");
    let (reader, mut connection, rows) = ledger(&folder).await;
    assert!(run(&mut connection, "UPDATE entry SET payload = NULL WHERE seq % 2 = 1").await);
    let verified = reader.verify().await.unwrap();
    assert_eq!((verified.rows, verified.pruned, verified.first), (rows, 5, Some(1)));
    let left: i64 =
        sqlx::query("SELECT count(payload) FROM entry").fetch_one(&mut connection).await.unwrap().get(0);
    assert_eq!(left, 4);
}
