//! What a ledger tells whoever asks: after a restart, for an explanation, for an export.

use backstop::archive::{Archive, OpenCell, PAGE};
use backstop::decision::{CellId, DecisionId, Outcome, Turn};
use backstop::ledger::{Entry, Episode, Kind, Record};
use backstop::signal::{Change, ChangeId};
use backstop::surface::decisions::shown;

use crate::folder::Folder;
use crate::posts::Posts as _;
use crate::records::{CELL, at, change, decided, ended, intention, looked, opened, target};

fn entry(record: &Record, seconds: i64) -> Entry {
    Entry::of(record, at(seconds)).unwrap()
}

#[tokio::test]
async fn knows_after_a_restart_what_is_not_over() {
    let folder = Folder::of("outstanding");
    let path = folder.path().join("ledger");
    let (first, second, third) = (CellId(u64::MAX), CellId(2), CELL);
    let mut archive = Archive::open(&path, 1).await.unwrap();
    let later = Change { id: ChangeId("later".to_owned()), ..change() };
    archive
        .append(&[
            entry(&Record::Changed(change()), 0),
            entry(&opened(first), 0),
            entry(&opened(second), 1),
            entry(&opened(third), 2),
            entry(&ended(second), 3),
            entry(&Record::Changed(later.clone()), 4),
            entry(&decided(), 5),
        ])
        .await
        .unwrap();
    let (done, open) = (intention("checkout", 10), intention("payment", 20));
    archive.intend(&[], &done).await.unwrap();
    archive.intend(&[], &open).await.unwrap();
    archive.close_intention(&done.key, at(30), Outcome::Verified, String::new()).await.unwrap();
    archive.switch(at(40), &Turn::of_all(Some("incident".to_owned()), "jo")).await.unwrap();
    drop(archive);

    let archive = Archive::open(&path, 1).await.unwrap();
    let reader = archive.reader();
    assert_eq!(
        reader.open_cells().await.unwrap(),
        [OpenCell { cell: first, opened: 2 }, OpenCell { cell: third, opened: 4 }]
    );
    assert_eq!(reader.open_intentions().await.unwrap(), std::slice::from_ref(&open));
    let intended = Record::Intended;
    let closed =
        Record::Closed { key: done.key.clone(), at: at(30), outcome: Outcome::Verified, why: String::new() };
    let switched = Record::Switched {
        at: at(40),
        off: Some("incident".to_owned()),
        by: "jo".to_owned(),
        service: None,
        file: false,
    };
    // Of the gate that ended, nothing; of those that have not, all; across gates, what happened after the time alone.
    let all = [
        Record::Changed(change()),
        opened(first),
        opened(third),
        Record::Changed(later.clone()),
        decided(),
        intended(done.clone()),
        intended(open.clone()),
        closed.clone(),
        switched.clone(),
    ];
    assert_eq!(reader.unfinished(at(-1)).await.unwrap(), all);
    assert_eq!(reader.unfinished(at(0)).await.unwrap(), all[1..]);
    // What is about a gate that has not ended is told however long ago it was.
    for since in [10, 100] {
        assert_eq!(reader.unfinished(at(since)).await.unwrap(), [&all[1..3], &all[4..]].concat());
    }
    assert_eq!(reader.episode(first).await.unwrap(), [opened(first), Record::Changed(change())]);
    assert_eq!(reader.decisions().await.unwrap(), [DecisionId { cell: CELL, number: 1 }]);
    let last = reader.last(Kind::Decided).await.unwrap().unwrap();
    assert_eq!((last.header.seq, last.record().unwrap()), (7, Some(decided())));
    assert_eq!(reader.last(Kind::Started).await.unwrap(), None);
    let about: Vec<u64> = reader.about(first, 0).await.unwrap().iter().map(|row| row.header.seq).collect();
    assert_eq!(about, [2]);
}

/// The evidence of all gates of a release is one, so what one of them saw before it ended is needed while another looks.
#[tokio::test]
async fn knows_after_a_restart_what_ended_gates_of_an_open_release_saw() {
    let folder = Folder::of("siblings");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    let (looks, over, stranger, done) = (CellId(1), CellId(2), CellId(3), CellId(4));
    let told = |cell, id: &str, service: &str| Record::Awaited {
        cell,
        gate: "http".parse().unwrap(),
        change: ChangeId(id.to_owned()),
        target: target(service),
        at: at(0),
        share: None,
        alarm: None,
    };
    // Told of at one moment: two gates of one release, one of another change, and one of the same change elsewhere.
    let all = [
        told(looks, "deploy-4711", "checkout"),
        told(over, "deploy-4711", "checkout"),
        told(stranger, "deploy-4712", "checkout"),
        told(done, "deploy-4711", "payment"),
        opened(looks),
        opened(over),
        opened(stranger),
        opened(done),
        looked(over, 1),
        looked(stranger, 1),
        looked(done, 1),
        ended(over),
        ended(stranger),
        ended(done),
        looked(looks, 1),
    ];
    let entries: Vec<Entry> = all.iter().map(|record| entry(record, 0)).collect();
    archive.append(&entries).await.unwrap();
    let needed = [&all[..2], &all[4..6], &all[8..9], &all[11..12], &all[14..]].concat();
    assert_eq!(archive.reader().unfinished(at(100)).await.unwrap(), needed);
    // When the last of them ended, nobody needs any of it.
    archive.append(&[entry(&ended(looks), 1)]).await.unwrap();
    assert_eq!(archive.reader().unfinished(at(100)).await.unwrap(), []);
}

#[tokio::test]
async fn a_gate_that_is_opened_again_is_open() {
    let folder = Folder::of("reopened");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    archive
        .append(&[entry(&opened(CELL), 0), entry(&ended(CELL), 1), entry(&opened(CELL), 2)])
        .await
        .unwrap();
    assert_eq!(archive.reader().open_cells().await.unwrap(), [OpenCell { cell: CELL, opened: 3 }]);
}

#[tokio::test]
async fn is_read_page_by_page() {
    let folder = Folder::of("pages");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    let rows = u64::from(2 * PAGE + 5);
    let entries: Vec<Entry> = (0..rows).map(|_| entry(&looked(CELL, 1), 60)).collect();
    let written = archive.append(&entries).await.unwrap();
    assert_eq!(written, (1..=rows).collect::<Vec<_>>());
    let reader = archive.reader();
    for (after, length) in
        [(0, u64::from(PAGE)), (u64::from(PAGE), u64::from(PAGE)), (rows - 5, 5), (rows, 0)]
    {
        let page = reader.rows(after).await.unwrap();
        assert_eq!(page.len() as u64, length);
        assert!(page.iter().zip(after + 1..).all(|(row, seq)| row.header.seq == seq));
        assert_eq!(reader.about(CELL, after).await.unwrap(), page);
    }
    assert_eq!(reader.verify().await.unwrap().rows, rows);
}

#[tokio::test]
async fn lets_go_of_the_counts_of_gates_that_ended_long_ago() {
    let folder = Folder::of("thinned");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    let mut entries = Vec::new();
    // Gates that ended a second after each other, and one that never did.
    for number in 1..=100_u64 {
        let cell = CellId(number);
        entries.extend([entry(&opened(cell), 0), entry(&looked(cell, 1), 60), entry(&looked(cell, 3), 60)]);
        if number < 100 {
            entries.push(entry(&ended(cell), number.cast_signed()));
        }
    }
    archive.append(&entries).await.unwrap();
    let mut thinned = Vec::new();
    loop {
        let gates = archive.prune(at(90)).await.unwrap();
        thinned.push(gates);
        if gates == 0 {
            break;
        }
    }
    assert_eq!(thinned, [64, 25, 0]);
    let reader = archive.reader();
    let verified = reader.verify().await.unwrap();
    assert_eq!((verified.rows, verified.pruned), (399, 2 * 89));
    for (number, left) in [(1, [true, false, false, true]), (89, [true, false, false, true]), (90, [true; 4])]
    {
        let rows = reader.about(CellId(number), 0).await.unwrap();
        let kept: Vec<bool> = rows.iter().map(|row| row.record().unwrap().is_some()).collect();
        assert_eq!(kept, left, "gate {number}");
    }
}

/// Of a release that several gates watch, it is the confidence in that, as whoever was told of the action was told.
#[test]
fn a_decision_is_shown_with_the_confidence_that_it_rests_on() {
    let episode = Episode::of(vec![Record::Changed(change()), opened(CELL), decided()]);
    let shown = shown(&episode, DecisionId { cell: CELL, number: 1 }).unwrap();
    let sure = shown["confidence"].as_f64().unwrap();
    assert!((sure - (1.0 - (-3.2_f64).exp())).abs() < 1e-12, "{shown}");
}
