//! Starting and stopping: one process for one ledger, and what a stop leaves behind.

use crate::process::{Process, backstop, ended, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{Site, TOKEN, Watched};

fn site(test: &str) -> Site {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let receiver = receiver.address;
    Site::new(test, &[Watched { service: "shop", receiver, timeout: "1s", verified: true, watch: "10m" }])
}

#[test]
fn two_processes_never_write_one_ledger() {
    let site = site("two");
    let first = site.start();
    let (_, error, code) = ended(&mut site.serve());
    assert_eq!(code, 3);
    let ledger = site.ledger();
    for words in ["another process writes the ledger", ledger.to_str().unwrap(), "stop that one"] {
        assert!(error.contains(words), "{words:?} is not in {error}");
    }
    assert_eq!(first.get("/-/ready").0, 200, "the first goes on");
    first.kill();
    let second = site.start();
    assert!(second.logged("was cut short"), "it does not say that the one before was killed");
    assert_eq!(second.stop().0, 0);
}

#[test]
fn whoever_is_told_to_stop_writes_everything_down_first() {
    let site = site("stop");
    for round in 0..2 {
        let process = site.start();
        assert!(!process.logged("was cut short"), "round {round}");
        let mut change = Shop::new("shop").change();
        change["version"] = format!("3.0.{round}").into();
        assert_eq!(process.post("/v1/changes", &change).0, 201);
        let (code, log) = process.stop();
        assert_eq!(code, 0, "{log:#?}");
        assert_eq!(site.records("changed", &format!("3.0.{round}")).len(), 1);
        assert_eq!(site.records("awaited", "").len(), round + 1);
    }
    site.holds();
}

#[test]
fn whoever_forgot_what_was_done_last_does_nothing() {
    let site = site("older");
    let process = site.start();
    assert_eq!(process.post("/v1/changes", &Shop::new("shop").change()).0, 201);
    assert_eq!(process.json("/v1/gates")["mode"], "act");
    assert_eq!(process.stop().0, 0);
    // The mark beside it stays, as where an older copy is put back.
    std::fs::remove_file(site.ledger()).unwrap();
    doubted_until_it_is_accepted(&site);
}

#[test]
fn a_ledger_that_is_restored_without_its_mark_does_nothing_until_a_person_accepts_it() {
    let site = site("restored");
    let process = site.start();
    assert_eq!(process.post("/v1/changes", &Shop::new("shop").change()).0, 201);
    let (text, code) = accept(&site);
    assert!(code == 3 && text.contains("another process writes the ledger"), "{text}");
    assert_eq!(process.stop().0, 0);
    let (text, code) = accept(&site);
    assert!(code == 1 && text.contains("nobody doubts this ledger"), "{text}");
    let backup = std::fs::read(site.ledger()).unwrap();
    std::fs::remove_file(site.ledger()).unwrap();
    let (text, code) = accept(&site);
    assert!(code == 3 && text.contains("there is no ledger at"), "{text}");
    assert!(!site.ledger().exists());
    std::fs::remove_file(site.path().join("backstop.db.lock")).unwrap();
    std::fs::write(site.ledger(), backup).unwrap();
    doubted_until_it_is_accepted(&site);
    let accepted = site.records("accepted", "kim");
    assert!(accepted.len() == 1 && accepted[0]["why"] == "I looked", "{accepted:?}");
    site.holds();
}

fn accept(site: &Site) -> (String, i32) {
    site.run(&["ledger", "accept", "--by", "kim", "--why", "I looked"])
}

/// That nothing is done on this ledger, however often somebody starts on it, until it is accepted.
fn doubted_until_it_is_accepted(site: &Site) {
    for start in 0..3 {
        let process = site.start();
        let gates = process.json("/v1/gates");
        assert_eq!(gates["mode"], "shadow", "start {start}");
        assert!(gates["ledger_doubted_since"].is_string(), "{gates}");
        assert!(process.logged("backstop ledger accept --by WHO --why WHY --ledger "));
        assert!(process.get("/metrics").1.contains("backstop_ledger_doubted 1"));
        if start == 1 {
            let shop = Shop::new("shop");
            send(&process, &shop.sales(60));
            assert!(matches!(process.post("/v1/changes", &shop.change()).0, 200 | 201));
            let decided = wait("a decision", || site.records("decided", "doubted").pop());
            assert_eq!(decided["ruling"]["course"], "hold");
            let told = site.run(&["explain", decided["id"].as_str().unwrap()]).0;
            assert!(told.contains("`backstop ledger accept`"), "{told}");
        }
        // Neither a crash nor a good end makes it another one.
        if start == 2 {
            process.kill();
        } else {
            assert_eq!(process.stop().0, 0);
        }
    }
    let (text, code) = accept(site);
    assert!(code == 0 && text.contains("is accepted by kim"), "{text}");
    let process = site.start();
    let gates = process.json("/v1/gates");
    assert_eq!((&gates["mode"], gates["ledger_doubted_since"].is_null()), (&"act".into(), true));
    assert!(process.get("/metrics").1.contains("backstop_ledger_doubted 0"));
    wait("what there is to do", || site.records("intended", "").pop());
    assert_eq!(process.stop().0, 0);
}

/// What keeps it from starting: how it is called, what is done beforehand, and what it has to say.
struct Row {
    name: &'static str,
    args: &'static [&'static str],
    before: fn(&Site),
    says: &'static [&'static str],
}

const SERVE: &[&str] = &["serve", "rules.yaml", "--listen", "127.0.0.1:0", "--ledger", "backstop.db"];

const ROWS: &[Row] = &[
    Row {
        name: "rules that are broken",
        args: SERVE,
        before: |site| site.write("rules.yaml", "gates: [ { gate: shop, evry: 1s } ]\n"),
        says: &["error[unknown-key]", "rules.yaml:1:", "did you mean `every`?"],
    },
    Row {
        name: "rules that are not there",
        args: &["serve", "nowhere.yaml", "--ledger", "backstop.db"],
        before: |_| (),
        says: &["nowhere.yaml"],
    },
    Row {
        name: "a secret that is not there",
        args: SERVE,
        before: |site| std::fs::remove_file(site.path().join("token")).unwrap(),
        says: &["the token of `pipeline` cannot be read", "token"],
    },
    Row {
        name: "a ledger where there is no folder",
        args: &["serve", "rules.yaml", "--listen", "127.0.0.1:0", "--ledger", "no/such/folder/backstop.db"],
        before: |_| (),
        says: &["no/such/folder/backstop.db.lock cannot be locked", "where this process may write"],
    },
    Row {
        name: "a ledger that is a folder",
        args: SERVE,
        before: |site| std::fs::create_dir(site.path().join("backstop.db")).unwrap(),
        says: &["backstop.db", "cannot be opened"],
    },
    Row {
        name: "a file of another program",
        args: SERVE,
        before: |site| site.write("backstop.db", [b"another program's own\n".as_slice(); 100].concat()),
        says: &["backstop.db is no ledger of backstop's", "left as it is", "Name another file"],
    },
    Row {
        name: "an address that others can reach",
        args: &["serve", "open.yaml", "--listen", "0.0.0.0:0", "--ledger", "backstop.db"],
        before: |site| site.write("open.yaml", "mode: shadow\n"),
        says: &["0.0.0.0:0 can be reached from other machines", "`access:`"],
    },
    Row {
        name: "an address that is none",
        args: &["serve", "rules.yaml", "--listen", "here", "--ledger", "backstop.db"],
        before: |_| (),
        says: &["--listen", "here"],
    },
    Row {
        name: "an address of somebody else",
        args: &["serve", "rules.yaml", "--listen", "192.0.2.1:9098", "--ledger", "backstop.db"],
        before: |_| (),
        says: &["nothing can listen on 192.0.2.1:9098", "`listen:`"],
    },
];

#[test]
fn what_keeps_it_from_starting_is_said_with_the_way_out() {
    for (number, row) in ROWS.iter().enumerate() {
        let Row { name, args, before, says } = row;
        let site = site(&format!("start-{number}"));
        before(&site);
        let (text, error, code) = ended(backstop().args(*args).current_dir(site.path()));
        assert_eq!(code, 3, "{name}: {text}{error}");
        for words in *says {
            assert!(error.contains(words), "{name}: {words:?} is not in {error}");
        }
        assert!(!error.contains(TOKEN), "{name}: {error}");
    }
}

#[test]
fn a_file_of_another_program_is_left_as_it_is() {
    let site = site("foreign");
    let own = [b"another program's own\n".as_slice(); 100].concat();
    site.write("backstop.db", &own);
    let (_, error, code) = ended(&mut site.serve());
    assert_eq!(code, 3, "{error}");
    assert_eq!(std::fs::read(site.ledger()).unwrap(), own);
}

#[test]
fn a_free_port_is_told_and_the_command_line_wins_over_the_file() {
    let site = site("port");
    let mut serve = site.serve();
    let process = Process::start(&mut serve);
    assert_ne!(process.address.port(), 0);
    assert!(process.address.ip().is_loopback());
}

#[test]
fn a_signing_secret_that_signs_nothing_is_told_before_it_is_needed() {
    let site = site("hook");
    site.write("hook", "too short");
    let process = site.start();
    assert!(
        process.logged("action shop-take-back: nothing could be sent now, as its secret hook cannot be used")
    );
    assert!(process.logged("begins with `whsec_`"));
}

#[test]
fn a_log_that_nobody_reads_keeps_it_from_nothing() {
    let site = site("unheard");
    let process = site.start();
    process.ignore();
    let shop = Shop::new("shop");
    send(&process, &shop.sales(60));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    // From its change to its decisions, a release has lines enough in the log for the last of them to go nowhere.
    wait("the intention", || site.records("intended", "shop-take-back").pop());
    assert_eq!(process.get("/-/ready").0, 200);
    assert_eq!(process.stop().0, 0);
}
