//! What the ledger refuses to write down, and so keeps from being done.

use backstop::archive::{Archive, Attempt, Error, Posting, Receipt};
use backstop::decision::{Answers, CellId, Claim, Intention, Key, Kind, Outcome, Refusal, Scope, Turn};
use backstop::ledger::{Entry, Record};
use backstop::signal::{ChangeId, TargetKey};

use crate::behind;
use crate::folder::Folder;
use crate::posts::Posts as _;
use crate::records::{CELL, at, claim, decided, intention, looked, name};

/// What happened before.
enum Past {
    /// It was journaled and has not ended.
    Open(Intention),
    /// It was journaled and has ended.
    Closed(Intention),
    SwitchedOff,
    SwitchedOn,
    /// The switch of this service is turned.
    ServiceOff(&'static str),
    ServiceOn(&'static str),
    /// A file says that it is off, which is asked elsewhere.
    FileOff,
    /// Another process opened the ledger.
    Replaced,
}

use Past::{Closed, FileOff, Open, Replaced, ServiceOff, ServiceOn, SwitchedOff, SwitchedOn};

async fn live(archive: &mut Archive, path: &std::path::Path, past: Past) {
    let (open, close) = match past {
        Open(intention) => (intention, false),
        Closed(intention) => (intention, true),
        SwitchedOff | SwitchedOn => {
            let off = matches!(past, SwitchedOff).then(|| "incident".to_owned());
            archive.switch(at(0), &Turn::of_all(off, "jo")).await.unwrap();
            return;
        }
        ServiceOff(service) | ServiceOn(service) => {
            let off = matches!(past, ServiceOff(_)).then(|| "a sale".to_owned());
            archive.switch(at(0), &Turn::of_one(service, off, "jo")).await.unwrap();
            return;
        }
        FileOff => {
            let turn = Turn { file: true, ..Turn::of_all(Some("incident".to_owned()), "jo") };
            archive.switch(at(0), &turn).await.unwrap();
            return;
        }
        Replaced => {
            let mut other = behind(path).await;
            sqlx::query("UPDATE ledger SET epoch = epoch + 1").execute(&mut other).await.unwrap();
            return;
        }
    };
    let receipt = archive.intend(&[], &Intention { claims: Vec::new(), ..open.clone() }).await.unwrap();
    assert!(matches!(receipt, Receipt::Journaled { .. }), "{receipt:?}");
    if close {
        archive.close_intention(&open.key, open.at, Outcome::Taken, String::new()).await.unwrap();
    }
}

fn paying(intention: Intention, claims: &[Claim]) -> Intention {
    Intention { claims: claims.to_vec(), ..intention }
}

fn another(intention: Intention, action: &str, kind: Kind) -> Intention {
    let action = name(action);
    Intention { key: Key::of(&intention.change, &intention.target, &action), action, kind, ..intention }
}

fn in_cluster(intention: Intention, cluster: &str) -> Intention {
    let target = TargetKey { cluster: Some(cluster.to_owned()), ..intention.target };
    Intention { key: Key::of(&intention.change, &target, &intention.action), target, ..intention }
}

fn in_environment(intention: Intention, environment: Option<&str>) -> Intention {
    let target = TargetKey { environment: environment.map(str::to_owned), ..intention.target };
    Intention { key: Key::of(&intention.change, &target, &intention.action), target, ..intention }
}

async fn check(title: &str, past: Vec<Past>, asked: Intention, expected: Option<Refusal>) {
    let folder = Folder::of(&format!("refusals-{}", title.replace(' ', "-")));
    let path = folder.path().join("ledger");
    let mut archive = Archive::open(&path, 1).await.unwrap();
    for past in past {
        live(&mut archive, &path, past).await;
    }
    let before = archive.reader().head().await.unwrap().seq;
    let pending = [Entry::of(&decided(), asked.at).unwrap()];
    let receipt = archive.intend(&pending, &asked).await.unwrap();
    let written = archive.reader().rows(before).await.unwrap();
    let records: Vec<Record> = written.iter().map(|row| row.record().unwrap().unwrap()).collect();
    let (key, at) = (asked.key.clone(), asked.at);
    match expected {
        None => {
            assert_eq!(receipt, Receipt::Journaled { seq: before + 2 }, "{title}");
            assert_eq!(records, [decided(), Record::Intended(asked)], "{title}");
        }
        Some(Refusal::Fenced) => {
            assert_eq!((receipt, records), (Receipt::Refused(Refusal::Fenced), Vec::new()), "{title}");
        }
        Some(why) => {
            assert_eq!(receipt, Receipt::Refused(why.clone()), "{title}");
            assert_eq!(records, [decided(), Record::Refused { key, at, why }], "{title}");
            assert_eq!(written[1].header.subject, CELL.0, "{title}");
        }
    }
    archive.reader().verify().await.unwrap();
}

#[tokio::test]
async fn refuses_what_must_not_be_done_twice_or_at_once() {
    let first = || intention("checkout", 0);
    let second = || intention("checkout", 60);
    let in_flight = Some(Refusal::InFlight(first().key));
    let off = Some(Refusal::SwitchedOff("incident".to_owned()));
    let (all_off, one_off) = (off.clone(), Some(Refusal::ServiceOff("a sale".to_owned())));
    let notify = || another(second(), "tell", Kind::Notify);
    let elsewhere = || in_cluster(second(), "eu-1");
    for (title, past, asked, expected) in [
        ("nothing speaks against it", vec![], first(), None),
        ("it is known and open", vec![Open(first())], first(), Some(Refusal::Known)),
        ("it is known and closed", vec![Closed(first())], first(), Some(Refusal::Known)),
        ("another is in flight", vec![Open(first())], second(), in_flight.clone()),
        ("another has ended", vec![Closed(first())], second(), None),
        ("telling is never in flight", vec![Open(notify())], first(), None),
        ("telling waits for nothing", vec![Open(first())], notify(), None),
        ("another target", vec![Open(first())], intention("payment", 60), None),
        ("another cluster", vec![Open(first())], elsewhere(), None),
        (
            "the same cluster",
            vec![Open(in_cluster(first(), "eu-1"))],
            elsewhere(),
            Some(Refusal::InFlight(in_cluster(first(), "eu-1").key)),
        ),
        ("another action", vec![Open(first())], another(first(), "pause", Kind::Pause), in_flight),
        ("the switch is off", vec![SwitchedOff], first(), off.clone()),
        ("nobody is told either", vec![SwitchedOff], notify(), off.clone()),
        ("the switch says so first", vec![Open(first()), SwitchedOff], first(), off),
        ("the switch is on again", vec![SwitchedOff, SwitchedOn], first(), None),
        ("its service is off", vec![ServiceOff("checkout")], first(), one_off.clone()),
        ("nobody is told of it either", vec![ServiceOff("checkout")], notify(), one_off.clone()),
        ("another service is off", vec![ServiceOff("payment")], first(), None),
        ("its service is on again", vec![ServiceOff("checkout"), ServiceOn("checkout")], first(), None),
        ("everything goes before it", vec![ServiceOff("checkout"), SwitchedOff], first(), all_off.clone()),
        ("and does not lift it", vec![ServiceOff("checkout"), SwitchedOff, SwitchedOn], first(), one_off),
        ("nor is that lifted by it", vec![SwitchedOff, ServiceOn("checkout")], first(), all_off),
        ("a file is asked elsewhere", vec![FileOff], first(), None),
        ("another process writes", vec![Replaced], first(), Some(Refusal::Fenced)),
        ("that goes before all else", vec![SwitchedOff, Replaced], first(), Some(Refusal::Fenced)),
    ] {
        check(title, past, asked, expected).await;
    }
}

#[tokio::test]
async fn refuses_what_a_budget_does_not_pay() {
    let hourly = |scope| claim(None, scope, "1/h");
    let service = hourly(Scope::Service);
    let environment = hourly(Scope::Environment);
    let everywhere = hourly(Scope::Everywhere);
    let twice = claim(None, Scope::Service, "2/h");
    let never = claim(None, Scope::Everywhere, "0/h");
    let rollbacks = claim(Some("rollback"), Scope::Service, "1/h");
    let spent = |claim: &Claim| Some(Refusal::Budget(claim.clone()));
    let at = |seconds| intention("checkout", seconds);
    let payment = |seconds| intention("payment", seconds);
    let pause = |seconds| another(at(seconds), "pause", Kind::Pause);
    let tell = |seconds| another(at(seconds), "tell", Kind::Notify);
    let nowhere = |it| in_environment(it, None);
    for (title, past, asked, claim, expected) in [
        ("the first", vec![], at(0), &service, None),
        ("a zero pays for nothing", vec![], at(0), &never, spent(&never)),
        ("within the hour", vec![at(0)], at(3_599), &service, spent(&service)),
        ("an hour later", vec![at(0)], at(3_600), &service, None),
        ("in the same moment", vec![at(0)], pause(0), &service, spent(&service)),
        ("after the clock went back", vec![at(9_000)], at(0), &service, spent(&service)),
        ("there is one left", vec![at(0)], at(10), &twice, None),
        ("there is none left", vec![at(0), at(1)], at(10), &twice, spent(&twice)),
        ("one of two is long ago", vec![at(0), at(3_000)], at(3_600), &twice, None),
        ("by another service", vec![payment(0)], at(10), &service, None),
        (
            "by another service, in the environment",
            vec![payment(0)],
            at(10),
            &environment,
            spent(&environment),
        ),
        ("in another environment", vec![in_environment(payment(0), Some("eu"))], at(10), &environment, None),
        ("in no environment", vec![nowhere(payment(0))], nowhere(at(10)), &environment, spent(&environment)),
        (
            "in another environment, of all",
            vec![nowhere(payment(0))],
            at(10),
            &everywhere,
            spent(&everywhere),
        ),
        (
            "by the same service in another environment",
            vec![nowhere(at(0))],
            at(10),
            &service,
            spent(&service),
        ),
        ("by another action", vec![pause(0)], at(10), &rollbacks, None),
        ("by this action", vec![at(0)], at(10), &rollbacks, spent(&rollbacks)),
        ("by telling", vec![tell(0)], at(10), &everywhere, None),
        ("to tell", vec![at(0)], tell(10), &everywhere, None),
    ] {
        let past = past.into_iter().map(Closed).collect();
        check(title, past, paying(asked, std::slice::from_ref(claim)), expected).await;
    }
    let claims = [twice.clone(), everywhere.clone()];
    check("the second budget", vec![Closed(at(0))], paying(at(10), &claims), spent(&everywhere)).await;
}

#[tokio::test]
async fn an_intention_is_tried_again_only_while_it_may_be() {
    let folder = Folder::of("retries");
    let path = folder.path().join("ledger");
    let mut archive = Archive::open(&path, 1).await.unwrap();
    let asked = intention("checkout", 0);
    let key = &asked.key;
    let attempt =
        |number| Attempt { key: key.clone(), number, step: 0, aim: None, answers: Answers::default() };
    let not_open = archive.retry(&attempt(2), at(1)).await.unwrap_err();
    assert!(matches!(not_open, Error::NotOpen { .. }), "{not_open}");
    archive.intend(&[], &asked).await.unwrap();
    assert_eq!(archive.retry(&attempt(2), at(1)).await.unwrap(), Receipt::Journaled { seq: 2 });
    archive.switch(at(2), &Turn::of_all(Some("incident".to_owned()), "jo")).await.unwrap();
    let off = Refusal::SwitchedOff("incident".to_owned());
    assert_eq!(archive.retry(&attempt(3), at(3)).await.unwrap(), Receipt::Refused(off.clone()));
    archive.switch(at(4), &Turn::of_all(None, "jo")).await.unwrap();
    archive.switch(at(4), &Turn::of_one("payment", Some("a sale".to_owned()), "jo")).await.unwrap();
    assert_eq!(archive.retry(&attempt(3), at(5)).await.unwrap(), Receipt::Journaled { seq: 7 });
    archive.switch(at(5), &Turn::of_one("checkout", Some("a sale".to_owned()), "jo")).await.unwrap();
    let one_off = Refusal::ServiceOff("a sale".to_owned());
    assert_eq!(archive.retry(&attempt(4), at(5)).await.unwrap(), Receipt::Refused(one_off.clone()));
    archive.close_intention(key, at(6), Outcome::Failed, "it said no".to_owned()).await.unwrap();
    for error in [
        archive.retry(&attempt(4), at(7)).await.unwrap_err(),
        archive.close_intention(key, at(7), Outcome::Taken, String::new()).await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::NotOpen { .. }), "{error}");
    }
    let about: Vec<Record> = archive
        .reader()
        .about(CELL, 0)
        .await
        .unwrap()
        .iter()
        .map(|row| row.record().unwrap().unwrap())
        .collect();
    let retried = |attempt, seconds| {
        let (key, at) = (key.clone(), at(seconds));
        Record::Retried { key, attempt, step: 0, at, aim: None, answers: Answers::default() }
    };
    let why = "it said no".to_owned();
    assert_eq!(
        about,
        [
            Record::Intended(asked.clone()),
            retried(2, 1),
            Record::Refused { key: key.clone(), at: at(3), why: off },
            retried(3, 5),
            Record::Refused { key: key.clone(), at: at(5), why: one_off },
            Record::Closed { key: key.clone(), at: at(6), outcome: Outcome::Failed, why },
        ]
    );
    live(&mut archive, &path, Replaced).await;
    assert_eq!(archive.retry(&attempt(5), at(8)).await.unwrap(), Receipt::Refused(Refusal::Fenced));
}

#[tokio::test]
async fn nothing_gets_past_the_checks() {
    let folder = Folder::of("unchecked");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    let key = Key("act_1".to_owned());
    for record in [
        Record::Intended(intention("checkout", 0)),
        Record::Retried {
            key: key.clone(),
            attempt: 2,
            step: 0,
            at: at(0),
            aim: None,
            answers: Answers::default(),
        },
        Record::Closed { key: key.clone(), at: at(0), outcome: Outcome::Taken, why: String::new() },
        Record::Switched { at: at(0), off: None, by: "jo".to_owned(), service: None, file: false },
        Record::Accepted { at: at(0), by: "jo".to_owned(), why: String::new(), since: at(0) },
        Record::Refused { key, at: at(0), why: Refusal::Known },
    ] {
        let entries = [looked(CELL, 1), record].map(|record| Entry::of(&record, at(0)).unwrap());
        let error = archive.append(&entries).await.unwrap_err();
        assert!(matches!(error, Error::Unchecked { .. }), "{error}");
        let asked = Intention { change: ChangeId("x".to_owned()), ..intention("payment", 0) };
        let error = archive.intend(&entries, &asked).await.unwrap_err();
        assert!(matches!(error, Error::Unchecked { .. }), "{error}");
    }
    assert_eq!(archive.reader().verify().await.unwrap().rows, 0);
    assert_eq!(archive.reader().open_intentions().await.unwrap(), []);
    assert_eq!(archive.reader().about(CellId(1), 0).await.unwrap(), []);
}

#[tokio::test]
async fn of_what_is_posted_together_each_is_refused_by_itself() {
    let folder = Folder::of("together");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    let all = claim(None, Scope::Everywhere, "3/h");
    let asked = |service: &str, seconds| paying(intention(service, seconds), std::slice::from_ref(&all));
    let (first, done) = (asked("checkout", 0), asked("payment", 1));
    let closed =
        Posting::Close { key: done.key.clone(), at: at(2), outcome: Outcome::Taken, why: String::new() };
    let retried = Posting::Retry {
        attempt: Attempt {
            key: first.key.clone(),
            number: 2,
            step: 0,
            aim: None,
            answers: Answers::default(),
        },
        at: at(4),
    };
    let told = another(intention("cart", 5), "tell", Kind::Notify);
    let before = [Entry::of(&looked(CELL, 1), at(0)).unwrap()];
    let postings = [
        Posting::Intend(first.clone()),
        Posting::Intend(first.clone()),
        Posting::Intend(asked("checkout", 1)),
        Posting::Intend(done.clone()),
        closed,
        // What has ended is in nobody's way any more, but was paid for.
        Posting::Intend(asked("payment", 3)),
        Posting::Intend(asked("cart", 3)),
        retried,
        Posting::Intend(told),
    ];
    let receipts = archive.post(&before, &postings).await.unwrap();
    let refused = |why| Receipt::Refused(why);
    assert_eq!(
        receipts,
        [
            Receipt::Journaled { seq: 2 },
            refused(Refusal::Known),
            refused(Refusal::InFlight(first.key.clone())),
            Receipt::Journaled { seq: 5 },
            Receipt::Journaled { seq: 6 },
            Receipt::Journaled { seq: 7 },
            refused(Refusal::Budget(all.clone())),
            Receipt::Journaled { seq: 9 },
            Receipt::Journaled { seq: 10 },
        ]
    );
    // One that cannot be at all takes the others back with it.
    let unknown = Posting::Retry {
        attempt: Attempt {
            key: Key("act_1".to_owned()),
            number: 2,
            step: 0,
            aim: None,
            answers: Answers::default(),
        },
        at: at(9),
    };
    let error = archive
        .post(&before, &[Posting::Intend(another(intention("x", 9), "tell", Kind::Notify)), unknown])
        .await;
    assert!(matches!(error, Err(Error::NotOpen { .. })), "{error:?}");
    assert_eq!(archive.reader().verify().await.unwrap().rows, 10);
    assert_eq!(archive.reader().open_intentions().await.unwrap().len(), 3);
}

/// It stands with its gate, and keeps nothing of its key from being intended later.
#[tokio::test]
async fn what_is_not_intended_after_all_is_written_down_with_its_gate() {
    let folder = Folder::of("not-after-all");
    let mut archive = Archive::open(folder.path().join("ledger"), 1).await.unwrap();
    let (asked, why) = (intention("checkout", 360), Refusal::Meanwhile("a drill".to_owned()));
    let refuse = Posting::Refuse { key: asked.key.clone(), cell: CELL, at: at(361), why: why.clone() };
    let receipts = archive.post(&[], &[refuse, Posting::Intend(asked.clone())]).await.unwrap();
    assert_eq!(receipts[0], Receipt::Refused(why.clone()));
    assert!(matches!(receipts[1], Receipt::Journaled { .. }), "{receipts:?}");
    let rows = archive.reader().about(CELL, 0).await.unwrap();
    let refused = Record::Refused { key: asked.key.clone(), at: at(361), why };
    assert_eq!(rows[0].record().unwrap(), Some(refused));
    archive.reader().verify().await.unwrap();
}
