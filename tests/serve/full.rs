//! A disk that is full: nothing is done that is not written down, it is told, and it goes on once there is room.

use std::path::Path;
use std::process::Command;

use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

/// The largest that a file of the process may get from now on, in bytes; beyond it writing fails, as on a full disk.
fn most(process: &Process, bytes: &str) {
    let pid = process.pid().to_string();
    let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:unlimited")]).status();
    assert!(set.unwrap().success());
}

#[test]
fn on_a_full_disk_nothing_is_done_until_there_is_room() {
    if Command::new("prlimit").arg("--version").output().is_err() || !Path::new("/bin/sh").exists() {
        return crate::skip::skip(
            "on_a_full_disk_nothing_is_done_until_there_is_room",
            "prlimit (util-linux)",
        );
    }
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let address = receiver.address;
    let watched =
        Watched { service: "shop", receiver: address, timeout: "1s", verified: false, watch: "10m" };
    let site = Site::new("full", &[watched]);
    // The signal that comes with the limit is ignored from the start, so that writing fails instead.
    let serve = site.serve();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(serve.get_program()).args(serve.get_args());
    shell.current_dir(site.path()).env_remove("BACKSTOP_LOG");
    let mut process = Process::start(&mut shell);
    let shop = Shop::new("shop");
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    most(&process, "1024");
    send(&process, &shop.sales(60));
    wait("that it is not ready", || (process.get("/-/ready").0 == 503).then_some(()));
    wait("that it is said", || process.logged("nothing is acted on").then_some(()));
    assert_eq!(process.get("/-/healthy").0, 200);
    // Whoever asks what only the engine knows learns at once that there is no answer now.
    for (status, text) in
        [process.get("/v1/gates"), process.post("/v1/changes", &Shop::new("stall").change())]
    {
        assert_eq!(status, 503, "{text}");
    }
    assert!(receiver.got("/shop/take-back").is_empty(), "it acted on what it could not write down");
    assert!(site.records("intended", "").is_empty());
    assert!(process.runs());
    most(&process, "unlimited");
    wait("that it is ready again", || (process.get("/-/ready").0 == 200).then_some(()));
    wait("the webhook", || receiver.got("/shop/take-back").pop());
    let restarts = process.get("/metrics").1;
    assert!(restarts.contains("backstop_restarts_total 1"), "{restarts}");
    assert_eq!(process.stop().0, 0);
    assert_eq!(receiver.got("/shop/take-back").len(), 1);
    site.holds();
}

#[test]
fn whoever_is_told_to_stop_while_the_disk_is_full_stops() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        return crate::skip::skip(
            "whoever_is_told_to_stop_while_the_disk_is_full_stops",
            "prlimit (util-linux)",
        );
    }
    let site = Site::new("full-stop", &[]);
    let serve = site.serve();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(serve.get_program()).args(serve.get_args());
    shell.current_dir(site.path());
    let process = Process::start(&mut shell);
    most(&process, "1024");
    let told = process.post("/v1/changes", &Shop::new("shop").change());
    assert_eq!(told.0, 503, "{}", told.1);
    assert_eq!(process.stop().0, 0);
}
