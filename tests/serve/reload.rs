//! Reading the rules again: asked for, by a signal, and by looking at their files, whichever links lead to them.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{Site, TOKEN, Watched};

/// A site whose pipeline may have the rules read again, and where nothing else happens.
fn site(test: &str) -> Site {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let receiver = receiver.address;
    let site = Site::new(
        test,
        &[Watched { service: "shop", receiver, timeout: "1s", verified: true, watch: "10m" }],
    );
    site.write("rules.yaml", rules(&site).replace("may: [change, ingest, read]", "may: [admin]"));
    site
}

fn rules(site: &Site) -> String {
    std::fs::read_to_string(site.path().join("rules.yaml")).unwrap()
}

/// The same rules under which a gate looks less often, so that they are told from those before.
fn edited(site: &Site, every: &str) -> String {
    rules(site).replace("every: 1s", &format!("every: {every}"))
}

/// The hashes of the rules that came into force, in their order.
fn reloads(site: &Site) -> Vec<Value> {
    site.records("reloaded", "").into_iter().map(|record| record["config"].clone()).collect()
}

/// Waits until rules came into force so often.
fn reloaded(site: &Site, times: usize) {
    wait("the rules", || (reloads(site).len() == times).then_some(()));
}

fn signal(process: &Process, name: &str) {
    let pid = process.pid().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

fn figure(process: &Process, name: &str) -> String {
    let (_, text) = process.get("/metrics");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
}

fn unwatched(site: &Site) -> Process {
    Process::start(site.serve().arg("--no-watch"))
}

#[test]
fn rules_come_into_force_when_it_is_asked_and_when_it_is_answered() {
    let site = site("reload-post");
    let process = unwatched(&site);
    assert_eq!(process.post("/v1/changes", &Shop::new("shop").change()).0, 201);
    site.write("rules.yaml", edited(&site, "2s").replace("gate: shop-canary", "gate: renamed"));
    let (status, text) = process.post("/-/reload", &Value::Null);
    assert_eq!(status, 200, "{text}");
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&told["gates"], &told["targets"], &told["takes_a_start"]),
        (&1.into(), &1.into(), &Value::Array(vec![]))
    );
    // What is said to be in force is written down already, and what followed from it.
    assert_eq!(reloads(&site), [told["config"].clone()]);
    assert_eq!(site.records("ended", "withdrawn").len(), 1);
    wait("its end in the log", || process.logged("ends, as the rules say otherwise now").then_some(()));
    assert!(process.json("/v1/gates")["gates"].as_array().unwrap().is_empty());
    site.holds();
    assert_eq!(process.stop().0, 0);
}

#[test]
fn rules_that_are_broken_leave_those_in_force_that_were() {
    let site = site("reload-broken");
    let process = unwatched(&site);
    let whole = rules(&site);
    let (successful, refused) =
        ("backstop_config_last_reload_successful", "backstop_config_reloads_total{what=\"Failed\"}");
    let since = figure(&process, "backstop_config_last_reload_success_timestamp_seconds");
    assert!(since.parse::<u64>().unwrap() > 1_700_000_000, "{since}");
    assert_eq!((figure(&process, successful), figure(&process, refused)), ("1".to_owned(), "0".to_owned()));
    for (what, text, words) in [
        ("a key", whole.replace("every: 1s", "evry: 1s"), "did you mean `every`?"),
        ("a token", whole.replace("/token }", "/nowhere }"), "the token of `pipeline` cannot be read"),
    ] {
        site.write("rules.yaml", text);
        let (status, answer) = process.post("/-/reload", &Value::Null);
        assert_eq!(status, 422, "{what}: {answer}");
        let told: Value = serde_json::from_str(&answer).unwrap();
        assert!(told.to_string().contains(words), "{what}: {told}");
        if what == "a key" {
            assert_eq!(told["findings"][0]["name"], "unknown-key", "{told}");
            assert!(told["report"].as_str().unwrap().contains("rules.yaml:"), "{told}");
        }
        let words = "the rules were not reloaded, and those in force stay";
        wait(what, || process.logged(words).then_some(()));
        assert_eq!(figure(&process, successful), "0", "{what}");
    }
    assert_eq!(figure(&process, refused), "2");
    assert!(reloads(&site).is_empty());
    assert_eq!(process.post("/v1/changes", &Shop::new("shop").change()).0, 201, "it goes on");
    site.write("rules.yaml", &whole);
    assert_eq!(process.post("/-/reload", &Value::Null).0, 200);
    assert_eq!(figure(&process, successful), "1");
    assert_eq!(process.stop().0, 0);
}

#[test]
fn a_signal_has_the_rules_read_again_and_what_takes_a_start_is_said() {
    let site = site("reload-signal");
    let process = unwatched(&site);
    let listens = format!("listen: 127.0.0.1:1\nledger: elsewhere.db\n{}", edited(&site, "2s"));
    site.write("rules.yaml", listens);
    signal(&process, "-HUP");
    reloaded(&site, 1);
    // Where both were said on the command line, the file has no say.
    assert!(!process.logged("takes a start"));
    assert_eq!(process.stop().0, 0);

    let mut serve = crate::process::backstop();
    serve.args(["serve", "rules.yaml", "--no-watch", "--listen", "127.0.0.1:0"]).current_dir(site.path());
    let process = Process::start(&mut serve);
    site.write("rules.yaml", rules(&site).replace("elsewhere.db", "third.db"));
    signal(&process, "-HUP");
    wait("what takes a start", || {
        process.logged("`ledger: third.db` takes a start of backstop").then_some(())
    });
    assert_eq!(process.stop().0, 0);
}

#[test]
fn files_that_are_written_are_read_once_they_are_at_rest() {
    let site = site("reload-watch");
    let process = site.start();
    let whole = rules(&site);
    site.write("rules.yaml", edited(&site, "2s"));
    reloaded(&site, 1);
    site.write("rules.yaml", "gates: [ { gate: shop, evry: 1s } ]\n");
    wait("the complaint", || process.logged("the rules were not reloaded").then_some(()));
    std::fs::remove_file(site.path().join("rules.yaml")).unwrap();
    wait("another complaint", || process.logged("`rules.yaml` does not exist").then_some(()));
    site.write("rules.yaml", whole);
    reloaded(&site, 2);
    let (code, log) = process.stop();
    assert_eq!(code, 0);
    let complaints = log.iter().filter(|line| line.contains("the rules were not reloaded")).count();
    assert_eq!(complaints, 2, "each is said once: {log:#?}");
}

/// A `ConfigMap` is a folder of links to a folder that is put in the place of another, behind one link, at once.
#[test]
fn a_config_map_that_is_swapped_is_read() {
    let site = site("reload-configmap");
    let map = site.path().join("map");
    let version = |name: &str, text: &str| {
        std::fs::create_dir_all(map.join(name)).unwrap();
        std::fs::write(map.join(name).join("rules.yaml"), text).unwrap();
        symlink(name, map.join("..data_tmp")).unwrap();
        std::fs::rename(map.join("..data_tmp"), map.join("..data")).unwrap();
    };
    version("..2026_01", &rules(&site));
    symlink("..data/rules.yaml", map.join("rules.yaml")).unwrap();
    let mut serve = crate::process::backstop();
    serve.args(["serve", "map", "--listen", "127.0.0.1:0", "--ledger"]).arg(site.ledger());
    let process = Process::start(serve.current_dir(site.path()));
    version("..2026_02", &edited(&site, "2s"));
    std::fs::remove_dir_all(map.join("..2026_01")).unwrap();
    reloaded(&site, 1);
    version("..2026_03", &rules(&site));
    reloaded(&site, 2);
    let started = site.records("started", "")[0]["config"].clone();
    assert_eq!(reloads(&site)[1], started, "the first again");
    assert_eq!(process.stop().0, 0);
}

/// git-sync checks each commit out into a folder of its own, and puts one link in the place of another.
#[test]
fn a_work_tree_that_is_swapped_is_read_and_known_by_its_commit() {
    let site = site("reload-git-sync");
    let root = site.path().join("root");
    let origin = site.path().join("origin");
    std::fs::create_dir_all(&origin).unwrap();
    if !git(&origin, &["init", "-q"]) {
        return crate::skip::skip("a_work_tree_that_is_swapped_is_read_and_known_by_its_commit", "git");
    }
    let commit = |text: &str, subject: &str| {
        std::fs::write(origin.join("rules.yaml"), text).unwrap();
        assert!(git(&origin, &["add", "."]) && git(&origin, &["commit", "-q", "-m", subject]));
        let id = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(&origin).output().unwrap();
        let id = String::from_utf8(id.stdout).unwrap().trim().to_owned();
        let tree = root.join(".worktrees").join(&id);
        assert!(git(&origin, &["worktree", "add", "-q", "--detach", tree.to_str().unwrap(), &id]));
        symlink(&tree, root.join("link_tmp")).unwrap();
        std::fs::rename(root.join("link_tmp"), root.join("current")).unwrap();
        id
    };
    std::fs::create_dir_all(root.join(".worktrees")).unwrap();
    commit(&rules(&site), "First rules");
    let mut serve = crate::process::backstop();
    serve
        .args(["serve", "root/current/rules.yaml", "--listen", "127.0.0.1:0", "--ledger"])
        .arg(site.ledger());
    let process = Process::start(serve.current_dir(site.path()));
    let second = commit(&edited(&site, "2s"), "Look less often");
    reloaded(&site, 1);
    // A decision says by which rule it was made, and who wrote that.
    let shop = Shop::new("shop");
    send(&process, &shop.sales(60));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    let decided = wait("a decision", || site.records("decided", "").pop());
    let written = &decided["written"];
    assert_eq!(
        (&written["commit"], &written["head"]),
        (&second.as_str().into(), &second.as_str().into()),
        "{decided}"
    );
    assert_eq!(written["subject"], "Look less often", "{written}");
    assert_eq!(written["author"], "Kim <kim@example.com>", "{written}");
    assert!(Path::new(written["path"].as_str().unwrap()).ends_with("root/current/rules.yaml"), "{written}");
    let (text, _) = site.run(&["explain", "--last"]);
    assert!(
        text.contains("The rule") && text.contains("by Kim <kim@example.com>: Look less often"),
        "{text}"
    );
    let told = process.json(&format!("/v1/decisions/{}", decided["id"].as_str().unwrap()));
    assert_eq!(told["rule"]["commit"], second.as_str(), "{told}");
    site.holds();
    assert_eq!(process.stop().0, 0);
}

fn git(folder: &Path, args: &[&str]) -> bool {
    let mut git = Command::new("git");
    let who = ["-c", "user.name=Kim", "-c", "user.email=kim@example.com", "-c", "commit.gpgsign=false"];
    git.args(who).args(args).current_dir(folder).status().is_ok_and(|status| status.success())
}

#[test]
fn tokens_that_are_renewed_are_known_without_a_start() {
    let site = site("reload-token");
    let process = site.start();
    site.write("token", "another-one");
    let with = |token: &str| process.ask("GET /v1/gates", token, b"").0;
    wait("the other token", || (with("another-one") == 200).then_some(()));
    assert_eq!(with(TOKEN), 401);
}
