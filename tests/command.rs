//! The program as a user meets it: arguments, exit codes, and files that cannot be read.
#![expect(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]

#[path = "kit/skip.rs"]
mod skip;
#[path = "kit/snapshot.rs"]
mod snapshot;

#[path = "command/query.rs"]
mod query;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A folder of this test alone, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("backstop-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Runs the program in this folder.
    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_backstop")).args(args).current_dir(&self.0).output().unwrap()
    }

    /// What it prints and how it ends.
    fn check(&self, args: &[&str]) -> (String, i32) {
        let mut all = vec!["check"];
        all.extend(args);
        let output = self.run(&all);
        (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _kept_if_busy = fs::remove_dir_all(&self.0);
    }
}

const GOOD: &str = "groups: [ { name: requests } ]\n";
const BAD: &str = "groups: [ { name: requests, intervall: 30s } ]\n";
const DOUBTFUL: &str = "actions: [ { action: rollback, undo: target, to: previous } ]\n";

#[test]
fn exit_codes_say_how_it_ended() {
    let folder = Folder::new("exit");
    folder.file("good.yaml", GOOD).file("bad.yaml", BAD).file("doubtful.yaml", DOUBTFUL);
    for (args, code) in [
        (&["good.yaml"][..], 0),
        (&["bad.yaml"], 1),
        (&["good.yaml", "bad.yaml"], 1),
        (&["doubtful.yaml"], 0),
        (&["doubtful.yaml", "--fail-on", "warning"], 1),
        (&["doubtful.yaml", "--fail-on", "note"], 1),
        (&["missing.yaml"], 1),
        (&["--output", "xml"], 3),
        (&["--enable-feature", "promql-exprimental-functions", "good.yaml"], 3),
        (&["--explain", "unknown-key"], 0),
        (&["--explain"], 0),
        (&["--explain", "unknown-kee"], 3),
    ] {
        let (text, got) = folder.check(args);
        assert_eq!(got, code, "check {args:?} printed\n{text}");
    }
    assert_eq!(folder.run(&[]).status.code(), Some(3), "no command");
    assert_eq!(folder.run(&["--version"]).status.code(), Some(0));
}

#[test]
fn every_file_is_checked_whatever_the_others_are() {
    let folder = Folder::new("others");
    folder
        .file("rules/a_bad.yaml", BAD)
        .file("rules/latin1.yaml", b"groups:\n  - name: caf\xe9\n")
        .file("rules/utf16.yaml", b"\xff\xfeg\0r\0")
        .file("rules/deep/er/good.yml", GOOD)
        .file("rules/z_bad.rules", BAD)
        .file("rules/.hidden/bad.yaml", BAD)
        .file("rules/gates_test.yaml", BAD)
        .file("rules/notes.txt", BAD);
    let (text, code) = folder.check(&["rules", "missing.yaml", "no*such*.yaml"]);
    assert_eq!(code, 1);
    for expected in [
        "error[unknown-key]",
        "--> rules/a_bad.yaml:1:29",
        "--> rules/z_bad.rules:1:29",
        "`rules/latin1.yaml` is not UTF-8: byte 22 is 0xe9",
        "--> rules/latin1.yaml:2:14",
        "it looks like UTF-16",
        "`missing.yaml` does not exist",
        "no file fits `no*such*.yaml`",
        "7 files: 6 errors",
    ] {
        assert!(text.contains(expected), "`{expected}` is not in\n{text}");
    }
    for passed_over in ["hidden", "gates_test", "notes"] {
        assert!(!text.contains(passed_over), "`{passed_over}` is in\n{text}");
    }
}

#[test]
fn what_is_no_rule_file_is_refused() {
    let folder = Folder::new("refused");
    folder.file("empty.yaml", "").file("large.yaml", vec![b'#'; 17 * 1024 * 1024]);
    fs::create_dir_all(folder.0.join("folder.yaml")).unwrap();
    for (path, code, expected) in [
        ("empty.yaml", 0, "1 file: nothing found"),
        ("large.yaml", 1, "error[too-large]: `large.yaml` is larger than 16 MiB"),
        ("folder.yaml", 1, "error[no-such-file]: `folder.yaml` holds no rule files"),
        ("/dev/null", 1, "error[unreadable]: `/dev/null` is neither a file nor a folder"),
    ] {
        let (text, got) = folder.check(&[path]);
        assert!(text.contains(expected), "`{expected}` is not in\n{text}");
        assert_eq!(got, code, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    let folder = Folder::new("links");
    folder.file("rules/..data/bad.yaml", BAD);
    std::os::unix::fs::symlink("..data/bad.yaml", folder.0.join("rules/bad.yaml")).unwrap();
    std::os::unix::fs::symlink(".", folder.0.join("rules/loop")).unwrap();
    let (text, code) = folder.check(&["rules"]);
    assert_eq!(text.matches("error[unknown-key]").count(), 1, "{text}");
    assert_eq!(code, 1);
}

#[test]
fn standard_input_is_a_file_too() {
    let folder = Folder::new("stdin");
    let mut child = Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(["check", "-"])
        .current_dir(&folder.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(BAD.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("--> <stdin>:1:29"));
}

#[test]
fn a_reader_that_goes_away_does_no_harm() {
    let folder = Folder::new("pipe");
    let mut child = Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(["config", "--defaults"])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn machines_get_what_people_get() {
    let folder = Folder::new("formats");
    folder.file("bad.yaml", BAD);
    let (json, _) = folder.check(&["bad.yaml", "--output", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let finding = &value["findings"][0];
    let expected = serde_json::json!({
        "name": "unknown-key", "severity": "error", "file": "bad.yaml",
        "line": 1, "column": 29, "end_line": 1, "end_column": 38,
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(finding[key], *value, "{key} in\n{json}");
    }
    assert_eq!(value["errors"], 1);
    let (github, code) = folder.check(&["bad.yaml", "--output", "github"]);
    let expected = "::error file=bad.yaml,line=1,endLine=1,col=29,endColumn=38,title=unknown-key::";
    assert!(github.starts_with(expected), "{github}");
    assert_eq!(code, 1);
}

#[test]
fn defaults_and_schema_are_printed() {
    let folder = Folder::new("show");
    let defaults = folder.run(&["config", "--defaults"]);
    assert_eq!(String::from_utf8(defaults.stdout).unwrap(), backstop::config::DEFAULTS);
    let schema = folder.run(&["schema"]);
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    for key in ["groups", "gates", "rollouts", "actions", "targets", "trust"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}

/// What comes from the file system is printed as it was; `tests/check.rs` holds the rest.
#[test]
fn each_finding_of_the_file_system_is_printed_as_it_was() {
    let folder = Folder::new("printed");
    folder
        .file("latin1.yaml", b"groups:\n  - name: caf\xe9\n")
        .file("large.yaml", vec![b'#'; 17 * 1024 * 1024]);
    for (name, path) in [
        ("no-such-file", "missing.yaml"),
        ("unreadable", "/dev/null"),
        ("too-large", "large.yaml"),
        ("not-utf8", "latin1.yaml"),
    ] {
        snapshot::snapshot(&format!("check/{name}.txt"), &folder.check(&[path]).0);
    }
}

#[test]
fn a_folder_by_two_spellings_is_one_folder() {
    let folder = Folder::new("spelled");
    folder
        .file("t/actions.yaml", "actions: [ { action: pause, hold: target } ]\n")
        .file("t/gates.yaml", "gates: [ { gate: http, then: { fail: puse } } ]\n");
    let whole = folder.0.join("t/gates.yaml");
    for paths in [
        &["t/actions.yaml", whole.to_str().unwrap()][..],
        &["t", "t"],
        &["t", "./t", "t/../t"],
        &["t/../t/actions.yaml", "t/gates.yaml"],
    ] {
        let (text, _) = folder.check(paths);
        assert!(text.contains("did you mean `pause`?"), "{paths:?}: {text}");
        assert!(text.contains("2 files"), "{paths:?}: {text}");
    }
}

#[test]
fn trust_does_not_depend_on_how_a_path_is_spelled() {
    let folder = Folder::new("trust");
    let gate = "gates: [ { gate: http, owner: a, match: { environment: production }, upon: canary, \
                tracks: { label: t, canary: c, stable: s }, then: { fail: pause }, \
                checks: [ { check: a, expr: up, fails_when: value > 1 } ] } ]\n\
                actions: [ { action: pause, hold: target } ]\n";
    folder
        .file("backstop.yaml", "trust: [ { files: \"teams/a/**\", services: [\"*\"], actions: [pause] } ]\n")
        .file("teams/a/gate.yaml", gate)
        .file("teams/b/gate.yaml", gate);
    for (path, trusted) in [
        ("teams/a", true),
        ("./teams/b/../a", true),
        ("teams/b", false),
        ("teams/a/../b", false),
        ("teams/a/../b/gate.yaml", false),
    ] {
        let (text, _) = folder.check(&["--server", "backstop.yaml", path]);
        assert_eq!(!text.contains("not-trusted"), trusted, "{path}: {text}");
    }
    let server = folder.0.join("backstop.yaml");
    let (text, code) = folder.check(&["--server", server.to_str().unwrap(), "teams/a"]);
    assert_eq!(code, 0, "{text}");
    let (_, code) = folder.check(&["--server", "teams/a/gate.yaml", "teams/a"]);
    assert_eq!(code, 3, "a rule file is no server file");
}

#[cfg(unix)]
#[test]
fn links_to_a_folder_around_them_end() {
    let folder = Folder::new("around");
    folder.file("x/ok.yaml", GOOD);
    for link in ["a", "b", "c", "d"] {
        std::os::unix::fs::symlink(".", folder.0.join("x").join(link)).unwrap();
    }
    let (text, code) = folder.check(&["."]);
    assert_eq!((text.as_str(), code), ("1 file: nothing found\n", 0));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else { return skip::skip("that a full disk is told", "/dev/full") };
    let output = Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(["config", "--defaults"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("backstop: cannot write to standard output"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_never_ends_is_not_waited_for() {
    let folder = Folder::new("endless");
    folder.file("ok.yaml", GOOD);
    std::os::unix::fs::symlink("/proc/kmsg", folder.0.join("kernel.yaml")).unwrap();
    let (text, code) = folder.check(&["."]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("kernel.yaml"), "{text}");
}

const STORY: &str = "\
A canary without traffic is neither good nor bad.

-- rules.yaml --
mode: act
settle: 15s
targets: [ { service: shop, environment: production, select: { service: shop } } ]
gates:
  - gate: canary
    owner: team-shop
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, within: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks: [ { check: errors, proportion: { bad: errors_total, of: requests_total }, fails_when: ratio > 2 } ]
-- story --
at 1m change {\"service\": \"shop\", \"environment\": \"production\", \"version\": \"2\", \"kind\": \"canary\"}
until 10m
-- expected --
+1m       canary: waits
+6m15s    canary: decision 1 on inconclusive: hold: nothing is wanted
+6m15s    canary: ends, there never was any traffic: inconclusive
";

/// What `backstop test` says of these files: it ends so, and says that.
fn tested(folder: &Folder, paths: &[&str], (code, expected): (i32, &str)) -> String {
    let output = folder.run(&[&["test"], paths].concat());
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{paths:?} printed\n{said}");
    assert!(said.contains(expected), "{paths:?}: `{expected}` is not in\n{said}");
    said
}

#[test]
fn stories_are_played() {
    let folder = Folder::new("played");
    let wrong = STORY.replace("+6m15s    canary: ends", "+7m       canary: ends");
    folder
        .file("good/a.story", STORY)
        .file("good/deeper/b.story", STORY)
        .file("good/[odd]/c.story", STORY)
        .file("wrong.story", &wrong)
        .file("broken.story", STORY.replace("at 1m change", "at 1m chnge"))
        .file("rules.story", STORY.replace("upon: canary", "upon: canaries"))
        .file("change.story", STORY.replace("\"kind\": \"canary\"", "\"kind\": \"canry\""))
        .file("included.story", STORY.replace("-- story --", "-- story --\ninclude nowhere.yaml"))
        .file("bare.story", "About nothing.\n-- story --\nuntil 1m\n")
        .file("latin1.story", b"caf\xe9\n")
        .file("large.story", vec![b'#'; 1024 * 1024 + 1])
        .file("notes.txt", STORY);
    fs::create_dir_all(folder.0.join("empty")).unwrap();
    for (paths, code, expected) in [
        (&["good/a.story"][..], 0, "1 passed, 0 failed\n"),
        (&["good"], 0, "3 passed, 0 failed\n"),
        (&["good", "good/a.story", "./good/../good/*.story"], 0, "3 passed, 0 failed\n"),
        (&["good/[odd]"], 0, "1 passed, 0 failed\n"),
        (&["good/**/*.story", "wrong.story"], 1, "3 passed, 1 failed\n"),
        (&["wrong.story", "good"], 1, "wrong.story: went otherwise\n  A canary without traffic is neither"),
        (
            &["wrong.story"],
            1,
            "  - +7m       canary: ends, there never was any traffic: inconclusive\n  + +6m15s    ",
        ),
        (
            &["broken.story", "good"],
            1,
            "broken.story: line 16: `chnge` is nothing that can stand here; did you",
        ),
        (&["broken.story", "good"], 1, "3 passed, 1 failed\n"),
        (&["rules.story"], 1, "--> rules.story:10:11"),
        (&["change.story"], 1, "line 16: `canry` is no kind of change; did you mean `canary`?"),
        (&["included.story"], 1, "`nowhere.yaml` does not exist"),
        (&["bare.story"], 1, "bare.story: it has no rules; write them in a part such as `-- rules.yaml --`"),
        (&["latin1.story"], 1, "latin1.story: stream did not contain valid UTF-8"),
        (&["large.story"], 1, "large.story: it is larger than 1024 KiB"),
        (&["notes.txt"], 3, "`notes.txt` is no story; stories are files named `*.story`"),
        (&["good", "nowhere"], 3, "`nowhere` does not exist"),
        (&["empty"], 3, "there is no story at `empty`"),
        (&["*.storey"], 3, "there is no story at `*.storey`"),
        (&["good/***"], 3, "cannot be read"),
    ] {
        let said = tested(&folder, paths, (code, expected));
        let last = said.lines().last().unwrap();
        assert_eq!(last.contains(" passed, ") && last.ends_with(" failed"), code != 3, "{paths:?}: {said}");
    }
    assert_eq!(
        fs::read_to_string(folder.0.join("wrong.story")).unwrap(),
        wrong,
        "nothing is written unasked"
    );
}

#[test]
fn scripts_are_held() {
    let folder = Folder::new("scripts");
    let good = "load 1m\n  x{a=\"1\"} 0+6x9\n\neval instant at 5m x\n  x{a=\"1\"} 30\n\neval instant at 0 2 * 3\n  6\n";
    folder
        .file("good/a.test", good)
        .file("good/b.story", STORY)
        .file("wrong.test", good.replace(" 30", " 31").replace("  6\n", "  7\n"))
        .file("fails.test", "eval instant at 1m vector(1)\n  expect fail msg: none\n")
        .file("broken.test", good.replace("x{a=\"1\"} 30", "x{a=\"1\" 30"))
        .file("unknown.test", "load 1m\n  x 1\n\nevaluate x\n")
        .file("syntax.test", "eval instant at 1m 1 +\n  1\n")
        .file("latin1.test", b"caf\xe9\n");
    for (paths, code, expected) in [
        (&["good/a.test"][..], 0, "2 passed, 0 failed\n"),
        (&["good"], 0, "3 passed, 0 failed\n"),
        (&["good/*.test", "wrong.test"], 1, "2 passed, 2 failed\n"),
        (&["wrong.test"], 1, "wrong.test:4: x\n  expected: x{a=\"1\"} 31\n  got:      x{a=\"1\"} 30\n"),
        (&["wrong.test"], 1, "wrong.test:7: 2 * 3\n  expected: 7\n  got:      6\n"),
        (&["fails.test"], 1, "fails.test:1: vector(1)\n  expected: error: none\n  got:      {} 1\n"),
        (&["broken.test", "good"], 3, "broken.test:5: `x{a=\"1\" 30` is no series: "),
        (&["good", "unknown.test"], 3, "unknown.test:4: `evaluate` is no command; write `clear`, `load 5m`,"),
        (&["syntax.test"], 3, "syntax.test:1: `1 +` is no expression: "),
        (&["latin1.test"], 3, "latin1.test: it cannot be read: stream did not contain valid UTF-8"),
    ] {
        tested(&folder, paths, (code, expected));
    }
}

#[test]
fn what_came_of_a_story_is_written_into_it() {
    let folder = Folder::new("updated");
    let (above, expected) = STORY.split_once("-- expected --\n").unwrap();
    let wrong = format!("{above}-- expected --\nnothing\n-- rationale --\nnothing\n");
    folder.file("wrong.story", &wrong).file("good.story", STORY).file("none.story", above);
    let output = folder.run(&["test", "--update", "."]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, "none.story: updated\nwrong.story: updated\n3 passed, 0 failed\n");
    let read = |name: &str| fs::read_to_string(folder.0.join(name)).unwrap();
    assert_eq!((read("good.story").as_str(), read("none.story").as_str()), (STORY, STORY));
    let rationale = read("wrong.story").split_once("-- rationale --\n").unwrap().1.to_owned();
    assert_eq!(read("wrong.story"), format!("{above}-- expected --\n{expected}-- rationale --\n{rationale}"));
    assert!(rationale.contains("no look was taken: the new side had no traffic"), "{rationale}");
    assert!(rationale.contains("stopped watching: what it waited for did not come"), "{rationale}");
    assert_eq!(folder.run(&["test"]).status.code(), Some(0), "what was written is what comes");
}
