//! `explain --target`: all is looked at, and nothing is changed.

use serde_json::json;

use crate::moves::shipped;
use crate::process::{backstop, said};
use crate::rules::TAKEN_BACK;
use crate::site::Site;

pub(crate) fn explained(site: &Site, more: &[&str]) -> (String, i32) {
    let mut command = backstop();
    command.args(["explain", "--target", "shop", "--rules", "rules.yaml"]).args(more);
    command.arg("--ledger").arg(site.ledger()).current_dir(site.path());
    let (text, error, code) = said(&command.output().unwrap());
    (text + &error, code)
}

#[test]
fn what_would_be_done_is_told_and_nothing_is_changed() {
    let (kube, site) = shipped("object-rehearsed", TAKEN_BACK);
    let before = kube.deployment("shop");
    let (text, code) = explained(&site, &["--environment", "production"]);
    assert_eq!(code, 0, "{text}");
    for words in [
        "shop in production: deployment/shop/shop",
        "known to be good: 2.4.0",
        "action take-back, of gate canary: undo",
        "runs revision 2: proxy=proxy:0, web=registry.example.com/shop:2.4.1",
        "kept by nobody that would take this back",
        "steps: undo",
        "- web=registry.example.com/shop:2.4.1",
        "+ web=registry.example.com/shop:2.4.0",
        "PATCH /apis/apps/v1/namespaces/shop/deployments/shop: the platform would take it (200)",
        "action go-on, of gate settled: let go on",
        "its object is not paused",
    ] {
        assert!(text.contains(words), "no `{words}` in\n{text}");
    }
    assert_eq!(kube.deployment("shop"), before);
    assert!(kube.patches().iter().all(|asked| asked.query == "dryRun=All"));

    kube.change("shop", &json!({"metadata": {"labels": {"argocd.argoproj.io/instance": "shop"}}}));
    let (text, _) = explained(&site, &[]);
    let words = "Argo CD (shop) keeps it as git says, and would take back what is done";
    assert!(text.contains("kept by Argo CD (shop)") && text.contains(words), "{text}");

    kube.with(|world| world.forbidden.push("patch deployments".to_owned()));
    let (text, _) = explained(&site, &[]);
    assert!(text.contains("the platform would not take it: 403"), "{text}");
}

#[test]
fn what_is_not_there_is_told() {
    let (_kube, site) = shipped("object-unrehearsed", TAKEN_BACK);
    let (text, code) = explained(&site, &["--environment", "staging"]);
    assert!(code == 1 && text.contains("it has shop in production"), "{text}");
    site.write("kube.yaml", "clusters: []\n");
    let (text, code) = explained(&site, &[]);
    assert!(code == 0 && text.contains("it has no current context; name one in `context`"), "{text}");
}
