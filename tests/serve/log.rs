//! The log as machines read it: each line an object, and no secret in any of them.

use serde_json::Value;

use crate::process::{Process, backstop, ended, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{SECRET, Site, TOKEN, Watched};

#[test]
fn each_line_is_an_object_that_holds_no_secret() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", TOKEN));
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "5s", verified: false, watch: "10m" };
    for (test, args, variables) in [
        ("log-args", &["--log-format", "json", "--log-level", "trace"][..], &[][..]),
        ("log-environment", &[], &[("BACKSTOP_LOG_FORMAT", "json"), ("BACKSTOP_LOG", "debug")]),
    ] {
        let site = Site::new(test, &[Watched { ..watched }]);
        let process = Process::start(site.serve().args(args).envs(variables.iter().copied()));
        let shop = Shop::new("shop");
        send(&process, &shop.sales(60));
        assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
        wait("the end of the gate", || {
            (process.json("/v1/gates")["gates"][0]["phase"] == "recovering").then_some(())
        });
        let (code, log) = process.stop();
        assert_eq!(code, 0);
        let lines: Vec<Value> = log
            .iter()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        for line in &lines {
            for key in ["time", "level", "target", "message"] {
                assert!(line[key].is_string(), "{key} in {line}");
            }
            assert!(line["time"].as_str().unwrap().ends_with('Z'), "{line}");
            assert!(line["fields"].is_object(), "{line}");
            let text = line.to_string();
            assert!(!text.contains(SECRET) && !text.contains(&SECRET["whsec_".len()..]), "{line}");
            // The receiver says it; backstop does not.
            assert!(!text.contains(TOKEN) || line["message"] == "answered", "{line}");
        }
        let find = |message: &str| {
            let found = lines.iter().find(|line| line["message"] == message);
            found.unwrap_or_else(|| panic!("no {message:?} in {lines:#?}"))
        };
        assert_eq!(find("backstop is ready")["fields"]["gates"], 1);
        let looked = find("looked");
        assert_eq!((&looked["level"], &looked["fields"]["look"]), (&"debug".into(), &1.into()));
        assert_eq!(find("sent")["fields"]["attempt"], 1);
        assert!(find("decided")["fields"]["course"].is_string());
    }
}

#[test]
fn a_level_is_one_of_five_and_holds() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "5s", verified: false, watch: "10m" };
    let site = Site::new("log-level", &[watched]);
    let (_, error, code) = ended(site.serve().args(["--log-level", "loud"]));
    assert!(code == 3 && error.contains("error, warn, info, debug, trace"), "{code} {error}");
    let (_, error, code) = ended(backstop().args(["serve", "nothing.yaml", "--log-format", "xml"]));
    assert!(code == 3 && error.contains("text, json"), "{code} {error}");
}
