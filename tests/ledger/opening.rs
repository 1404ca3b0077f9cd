//! Opening a ledger: one process at a time, and never a file that is something else.

use backstop::archive::{Archive, Error, LastStop, OpenError, Receipt};
use backstop::decision::{Refusal, Turn};
use backstop::ledger::Entry;
use sqlx::Connection as _;

use crate::behind;
use crate::folder::Folder;
use crate::posts::Posts as _;
use crate::records::{CELL, all, at, intention, opened};

fn entries() -> Vec<Entry> {
    vec![Entry::of(&opened(CELL), at(0)).unwrap()]
}

#[tokio::test]
async fn one_process_writes_and_others_read() {
    let folder = Folder::of("one-writer");
    let path = folder.path().join("ledger");
    let mut first = Archive::open(&path, 1).await.unwrap();
    let second = Archive::open(&path, 1).await.unwrap_err();
    assert!(matches!(&second, OpenError::InUse { path: used } if *used == path), "{second}");
    assert!(second.to_string().contains("stop that one"), "{second}");
    first.append(&entries()).await.unwrap();
    let reader = Archive::read_only(&path).await.unwrap();
    assert_eq!(reader.rows(0).await.unwrap().len(), 1);
    first.append(&entries()).await.unwrap();
    assert_eq!(reader.verify().await.unwrap().rows, 2);
    first.close().await.unwrap();
    // Nobody writes now, and there is nothing of the writer's left beside the file.
    assert_eq!(Archive::read_only(&path).await.unwrap().rows(0).await.unwrap().len(), 2);
    Archive::open(&path, 1).await.unwrap();
}

#[tokio::test]
async fn a_task_of_its_own_may_write() {
    let folder = Folder::of("task");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    let reader = archive.reader();
    let task = tokio::spawn(async move {
        archive.append(&entries()).await.unwrap();
        archive.intend(&entries(), &intention("checkout", 0)).await.unwrap();
        reader.verify().await.unwrap();
        archive.prune(at(0)).await.unwrap();
        archive.close().await.unwrap();
    });
    task.await.unwrap();
}

#[tokio::test]
async fn whoever_was_replaced_writes_no_more() {
    let folder = Folder::of("fence");
    let path = folder.path().join("ledger");
    let mut archive = Archive::open(&path, 1).await.unwrap();
    archive.append(&entries()).await.unwrap();
    let mut other = behind(&path).await;
    sqlx::query("UPDATE ledger SET epoch = epoch + 1").execute(&mut other).await.unwrap();
    let error = archive.append(&entries()).await.unwrap_err();
    assert!(matches!(error, Error::Fenced { ours: 1, now: 2 }), "{error}");
    let error = archive.switch(at(0), &Turn::of_all(None, "jo")).await.unwrap_err();
    assert!(matches!(error, Error::Fenced { .. }), "{error}");
    assert_eq!(archive.reader().verify().await.unwrap().rows, 1);
    assert!(matches!(archive.close().await, Err(Error::Fenced { .. })));
}

#[tokio::test]
async fn what_was_written_survives_whoever_wrote_it() {
    let folder = Folder::of("crash");
    let path = folder.path().join("ledger");
    for (run, (close, last_stop)) in [
        (false, LastStop::First),
        (false, LastStop::Unclean),
        (true, LastStop::Unclean),
        (true, LastStop::Clean),
    ]
    .into_iter()
    .enumerate()
    {
        let mut archive = Archive::open(&path, 1).await.unwrap();
        let run = u32::try_from(run).unwrap();
        assert_eq!((archive.last_stop(), archive.epoch()), (last_stop, run + 1));
        assert_eq!(archive.reader().rows(0).await.unwrap().len(), run as usize);
        archive.append(&entries()).await.unwrap();
        if close {
            archive.close().await.unwrap();
        }
    }
    let verified = Archive::read_only(&path).await.unwrap().verify().await.unwrap();
    assert_eq!(verified.rows, 4);
}

#[tokio::test]
async fn a_write_that_nobody_waits_for_is_whole_or_nothing() {
    let folder = Folder::of("cancelled");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    let many: Vec<Entry> = entries().into_iter().cycle().take(50).collect();
    let mut rows = 0;
    for polls in 0..40 {
        let mut write = Box::pin(archive.append(&many));
        for _ in 0..polls {
            if let std::task::Poll::Ready(written) = futures_poll(&mut write).await {
                assert_eq!(written.unwrap().len(), 50);
                break;
            }
        }
        drop(write);
        archive.append(&entries()).await.unwrap();
        let now = archive.reader().verify().await.unwrap().rows;
        assert!([1, 51].contains(&(now - rows)), "{} rows", now - rows);
        rows = now;
    }
}

/// Polls once, and lets others run.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    let polled = std::future::poll_fn(|context| {
        std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context))
    });
    let polled = polled.await;
    tokio::task::yield_now().await;
    polled
}

#[tokio::test]
async fn an_older_copy_is_noticed() {
    let folder = Folder::of("older");
    let (path, copy) = (folder.path().join("ledger"), folder.path().join("copy"));
    Archive::open(&path, 1).await.unwrap().close().await.unwrap();
    std::fs::copy(&path, &copy).unwrap();
    let mut archive = Archive::open(&path, 1).await.unwrap();
    archive.append(&entries()).await.unwrap();
    archive.close().await.unwrap();
    std::fs::copy(&copy, &path).unwrap();
    let archive = Archive::open(&path, 1).await.unwrap();
    assert_eq!((archive.last_stop(), archive.epoch()), (LastStop::Older, 3));
    archive.close().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let archive = Archive::open(&path, 1).await.unwrap();
    assert_eq!((archive.last_stop(), archive.epoch()), (LastStop::Older, 4));
}

/// The tables of version 1, as it made them.
const TABLES_1: &str = include_str!("../data/ledger/tables-1.sql");

/// A ledger as version 1 left it: rows of gates and intentions, switched off by somebody, and closed.
async fn of_version_1(folder: &Folder) -> std::path::PathBuf {
    let (new, path) = (folder.path().join("new"), folder.path().join("ledger"));
    let mut archive = Archive::open(&new, 1).await.unwrap();
    archive.append(&entries()).await.unwrap();
    archive.intend(&[], &intention("checkout", 0)).await.unwrap();
    archive.switch(at(5), &Turn::of_all(Some("incident".to_owned()), "jo")).await.unwrap();
    archive.close().await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut old = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::raw_sql(TABLES_1).execute(&mut old).await.unwrap();
    sqlx::query("ATTACH ? AS new").bind(new.to_str().unwrap()).execute(&mut old).await.unwrap();
    let known = "chain, epoch, clean, off, seq, hash";
    for copy in [
        "INSERT INTO entry SELECT * FROM new.entry".to_owned(),
        "INSERT INTO cell SELECT * FROM new.cell".to_owned(),
        "INSERT INTO intention SELECT * FROM new.intention".to_owned(),
        format!("INSERT INTO ledger (one, {known}) SELECT one, {known} FROM new.ledger"),
        "DETACH new".to_owned(),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(copy)).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    // The mark that it left beside it.
    std::fs::copy(folder.path().join("new.lock"), folder.path().join("ledger.lock")).unwrap();
    path
}

async fn version(path: &std::path::Path) -> i64 {
    let mut connection = behind(path).await;
    let version = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    version
}

#[tokio::test]
async fn a_copy_without_its_mark_is_doubted_until_somebody_accepts_it() {
    let folder = Folder::of("unmarked");
    let (path, copy) = (folder.path().join("ledger"), folder.path().join("restored"));
    let mut archive = Archive::open(&path, 1).await.unwrap();
    assert_eq!((archive.last_stop(), archive.doubted()), (LastStop::First, None));
    archive.append(&entries()).await.unwrap();
    assert_eq!(archive.accept(at(1), "kim".to_owned(), "x".to_owned()).await.unwrap(), None);
    archive.close().await.unwrap();
    std::fs::copy(&path, &copy).unwrap();
    let archive = Archive::open(&copy, 1).await.unwrap();
    let since = archive.doubted().unwrap();
    assert_eq!(archive.last_stop(), LastStop::Older);
    archive.close().await.unwrap();
    // Closing it, or killing whoever has it, accepts nothing.
    for last_stop in [LastStop::Clean, LastStop::Unclean] {
        let archive = Archive::open(&copy, 1).await.unwrap();
        assert_eq!((archive.last_stop(), archive.doubted()), (last_stop, Some(since)));
        drop(archive);
    }
    // Nor does putting it there once more begin it anew.
    std::fs::remove_file(folder.path().join("restored.lock")).unwrap();
    let mut archive = Archive::open(&copy, 1).await.unwrap();
    assert_eq!((archive.last_stop(), archive.doubted()), (LastStop::Older, Some(since)));
    let accepted =
        archive.accept(at(60), "kim".to_owned(), "nothing was done since".to_owned()).await.unwrap();
    assert_eq!((accepted, archive.doubted()), (Some(since), None));
    let rows = archive.reader().rows(1).await.unwrap();
    let (by, why) = ("kim".to_owned(), "nothing was done since".to_owned());
    let expected = backstop::ledger::Record::Accepted { at: at(60), by, why, since };
    assert_eq!(rows.iter().map(|row| row.record().unwrap().unwrap()).collect::<Vec<_>>(), [expected]);
    archive.close().await.unwrap();
    let archive = Archive::open(&copy, 1).await.unwrap();
    assert_eq!((archive.last_stop(), archive.doubted()), (LastStop::Clean, None));
    archive.reader().verify().await.unwrap();
    // A mark that says nothing is none.
    drop(archive);
    std::fs::write(folder.path().join("restored.lock"), "?").unwrap();
    assert!(Archive::open(&copy, 1).await.unwrap().doubted().is_some());
}

#[tokio::test]
async fn a_ledger_of_the_first_version_is_taken_over_whole() {
    let folder = Folder::of("version-1");
    let path = of_version_1(&folder).await;
    assert_eq!(version(&path).await, 1);
    let before = Archive::read_only(&path).await.unwrap().rows(0).await.unwrap();
    assert_eq!(before.len(), 3);
    let mut archive = Archive::open(&path, 1).await.unwrap();
    assert_eq!((archive.last_stop(), version(&path).await), (LastStop::Clean, 2));
    assert_eq!(archive.reader().rows(0).await.unwrap(), before);
    assert_eq!(archive.reader().open_intentions().await.unwrap(), [intention("checkout", 0)]);
    // What it was switched off for holds, and the tables that came with version 2 are there.
    let refused = |why| Receipt::Refused(why);
    let asked = intention("payment", 60);
    let off = Refusal::SwitchedOff("incident".to_owned());
    assert_eq!(archive.intend(&[], &asked).await.unwrap(), refused(off));
    archive.switch(at(6), &Turn::of_all(None, "jo")).await.unwrap();
    archive.switch(at(7), &Turn::of_one("payment", Some("a sale".to_owned()), "jo")).await.unwrap();
    let off = Refusal::ServiceOff("a sale".to_owned());
    assert_eq!(archive.intend(&[], &asked).await.unwrap(), refused(off));
    archive.reader().verify().await.unwrap();
    archive.close().await.unwrap();
    let fresh = folder.path().join("fresh");
    Archive::open(&fresh, 1).await.unwrap().close().await.unwrap();
    assert_eq!(tables(&path).await, tables(&fresh).await, "it has the tables of one that was made now");
}

/// Each table with its columns.
async fn tables(path: &std::path::Path) -> Vec<(String, String)> {
    let mut connection = behind(path).await;
    let tables = sqlx::query_as(
        "SELECT m.name, group_concat(c.name || ' ' || c.type || c.[notnull] || c.pk) FROM sqlite_schema m, \
         pragma_table_info(m.name) c GROUP BY m.name ORDER BY m.name",
    );
    let tables = tables.fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    tables
}

#[tokio::test]
async fn a_ledger_of_the_first_version_is_read_without_being_touched() {
    let folder = Folder::of("reads-1");
    let path = of_version_1(&folder).await;
    let before = std::fs::read(&path).unwrap();
    let reader = Archive::read_only(&path).await.unwrap();
    assert_eq!(reader.verify().await.unwrap().rows, 3);
    assert_eq!(reader.unfinished(at(-1)).await.unwrap().len(), 3);
    assert_eq!(reader.open_cells().await.unwrap().len(), 1);
    drop(reader);
    assert_eq!((std::fs::read(&path).unwrap() == before, version(&path).await), (true, 1));
}

#[tokio::test]
async fn a_ledger_that_cannot_be_taken_over_stays_as_it_was() {
    let folder = Folder::of("stays-1");
    let path = of_version_1(&folder).await;
    let error = Archive::open(&path, 2).await.unwrap_err();
    assert!(matches!(error, OpenError::OtherChain { .. }), "{error}");
    assert_eq!(version(&path).await, 1);
    let archive = Archive::open(&path, 1).await.unwrap();
    assert_eq!(version(&path).await, 2);
    archive.close().await.unwrap();
}

#[tokio::test]
async fn files_that_are_something_else_are_left_as_they_are() {
    let folder = Folder::of("foreign");
    let path = folder.path().join("notes");
    std::fs::write(&path, "not a database, but notes that somebody would miss. ".repeat(100)).unwrap();
    let other = folder.path().join("other");
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new().filename(&other).create_if_missing(true);
    connection = connection.pragma("user_version", "1");
    let mut connection = sqlx::ConnectOptions::connect(&connection).await.unwrap();
    sqlx::query("CREATE TABLE entry (seq INTEGER)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    for path in [path, other] {
        let before = std::fs::read(&path).unwrap();
        let error = Archive::open(&path, 1).await.unwrap_err();
        assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
        let error = Archive::read_only(&path).await.unwrap_err();
        assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}

#[tokio::test]
async fn ledgers_that_cannot_be_used_say_why() {
    let folder = Folder::of("unusable");
    let path = folder.path().join("ledger");
    let error = Archive::read_only(&path).await.unwrap_err();
    assert!(matches!(error, OpenError::Missing { .. }), "{error}");
    let error = Archive::open(folder.path().join("none/ledger"), 1).await.unwrap_err();
    assert!(matches!(error, OpenError::Lock { .. }), "{error}");
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    let error = Archive::open(folder.path().join("folder"), 1).await.unwrap_err();
    assert!(matches!(error, OpenError::Storage { .. }), "{error}");
    Archive::open(&path, 1).await.unwrap().close().await.unwrap();
    let error = Archive::open(&path, 2).await.unwrap_err();
    assert!(matches!(error, OpenError::OtherChain { found: 1, asked: 2, .. }), "{error}");
    let mut connection = behind(&path).await;
    sqlx::query("PRAGMA user_version = 7").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let error = Archive::open(&path, 1).await.unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 7, known: 2, .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_file_says_so() {
    let folder = Folder::of("damaged");
    let path = folder.path().join("ledger");
    let mut archive = Archive::open(&path, 1).await.unwrap();
    let plain = all().into_iter().filter(|record| ![6, 7, 9, 10, 12, 21].contains(&record.kind()));
    let many: Vec<Entry> = plain.map(|record| Entry::of(&record, at(0)).unwrap()).collect();
    for _ in 0..20 {
        archive.append(&many).await.unwrap();
    }
    archive.close().await.unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4_096 * 4_096;
    bytes[middle..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let error = Archive::read_only(&path).await.unwrap().verify().await.unwrap_err();
    assert!(matches!(error, Error::Damaged(_)), "{error}");
}
