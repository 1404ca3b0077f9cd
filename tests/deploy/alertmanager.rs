//! What Alertmanager is told.

use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::kustomize::Kustomization;
use crate::manifests::{deploy, manifests};
use crate::skip::skip;

const RECEIVER: &str = "alertmanager/receiver.yaml";

/// What backstop takes of one notification.
const MOST: u64 = 5_000;

#[test]
fn its_receiver_tells_backstop_of_what_is_over_and_says_who_it_is() {
    let it = manifests(&deploy(RECEIVER)).remove(0);
    assert_eq!(it["route"]["receiver"], it["receivers"][0]["name"]);
    let hooks = it["receivers"][0]["webhook_configs"].as_array().unwrap();
    let [hook] = &hooks[..] else { panic!("{hooks:?}") };
    let base = Kustomization::of("base");
    let service = base.of_kind("Service").next().unwrap();
    let [name, namespace] = ["name", "namespace"].map(|key| service["metadata"][key].as_str().unwrap());
    let port = &service["spec"]["ports"][0]["port"];
    assert_eq!(hook["url"], format!("http://{name}.{namespace}.svc:{port}/v1/incidents/alertmanager"));
    assert_eq!(hook["send_resolved"], true);
    assert!((1..=MOST).contains(&hook["max_alerts"].as_u64().unwrap()), "none is as many as there are");
    let login = &hook["http_config"]["authorization"];
    assert_eq!(login["type"], json!("Bearer"));
    assert!(login["credentials_file"].is_string() && login.get("credentials").is_none(), "{login}");
}

#[test]
fn alertmanager_itself_takes_it() {
    let beside = std::env::var_os("BACKSTOP_ALERTMANAGER").map(PathBuf::from);
    let amtool = beside.map_or_else(|| PathBuf::from("amtool"), |path| path.with_file_name("amtool"));
    let Ok(output) = Command::new(amtool).arg("check-config").arg(deploy(RECEIVER)).output() else {
        return skip("alertmanager_itself_takes_it", "amtool");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
