//! The cluster of stories: what becomes of its objects by what is done to them.

use super::*;

const AT: UnixMillis = UnixMillis::new(0);

fn shop() -> Object {
    "deployment/shop/shop".parse().unwrap()
}

fn run(image: &str) -> Hand {
    Hand::Run { image: image.to_owned(), version: None }
}

fn labelled(image: &str, version: &str) -> Hand {
    Hand::Run { image: image.to_owned(), version: Some(version.to_owned()) }
}

/// A cluster where this was done to the shop, and the lines that were told of the last of it; nothing where it could not be.
fn after(hands: &[Hand]) -> (Cluster, Option<Vec<String>>) {
    let mut cluster = Cluster::default();
    let mut told = None;
    for hand in hands {
        let done = cluster.lay(hand, &shop(), AT);
        told = done.then(|| cluster.news());
    }
    (cluster, told)
}

#[test]
fn an_object_is_what_was_done_to_it_last() {
    let (a, b) = (|| run("a"), || run("b"));
    for (hands, told) in [
        (vec![a()], Some(vec!["runs a (revision 1)"])),
        (vec![a(), a()], Some(vec![])),
        (vec![labelled("a", "2.4.0")], Some(vec!["runs a (revision 1)"])),
        (vec![a(), labelled("a", "2.4.0")], Some(vec!["runs a (revision 2)"])),
        (vec![a(), b()], Some(vec!["runs b (revision 2)"])),
        (vec![a(), b(), a()], Some(vec!["runs a (revision 3)"])),
        (vec![a(), b(), Hand::Undo], Some(vec!["runs a (revision 3)"])),
        (vec![a(), b(), Hand::Undo, Hand::Undo], Some(vec!["runs b (revision 4)"])),
        (vec![a(), Hand::Undo], None),
        (vec![a(), b(), Hand::Pause, Hand::Undo], None),
        (vec![a(), Hand::Restart], Some(vec!["runs a (revision 2)"])),
        (vec![a(), Hand::Pause], Some(vec!["runs a (revision 1), paused"])),
        (vec![a(), Hand::Pause, b()], Some(vec!["is to run b once it goes on"])),
        (vec![a(), Hand::Pause, b(), Hand::Resume], Some(vec!["runs b (revision 2)"])),
        (vec![a(), Hand::Remove], Some(vec!["is gone"])),
        (vec![a(), Hand::Remove, Hand::Restart], None),
        (vec![a(), Hand::Remove, b()], Some(vec!["runs b (revision 1)"])),
        (vec![Hand::Undo], None),
        (vec![Hand::Ask { image: "a".to_owned(), revision: "r".to_owned() }], None),
    ] {
        let wanted = told.map(|lines| {
            lines.iter().map(|line| format!("deployment/shop/shop: {line}")).collect::<Vec<_>>()
        });
        assert_eq!(after(&hands).1, wanted, "{hands:?}");
    }
}

#[test]
fn ten_revisions_are_kept_beside_that_which_runs() {
    let hands: Vec<Hand> = (0..15).map(|nth| run(&nth.to_string())).collect();
    let (cluster, _) = after(&hands);
    let sets = cluster.read("/apis/apps/v1/namespaces/shop/replicasets?labelSelector=x").unwrap();
    assert_eq!(sets["items"].as_array().unwrap().len(), 11);
}

#[test]
fn a_label_says_the_version_where_the_story_does() {
    let labelled = Hand::Run { image: "a".to_owned(), version: Some("2.4.0".to_owned()) };
    for (hands, label) in [(vec![labelled.clone()], json!("2.4.0")), (vec![labelled, run("b")], Value::Null)]
    {
        let (cluster, _) = after(&hands);
        let it = cluster.read("/apis/apps/v1/namespaces/shop/deployments/shop").unwrap();
        assert_eq!(
            it["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/version"], label,
            "{hands:?}"
        );
    }
}

#[test]
fn what_keeps_an_object_puts_back_what_others_change() {
    for by in ["argocd/shop", "kustomization/flux-system/shop"] {
        let kind = if by.starts_with("argocd") { GitOpsKind::ArgoCd } else { GitOpsKind::Flux };
        let app = by.strip_prefix("argocd/").unwrap_or(by).to_owned();
        let asked = Hand::Ask { image: "a".to_owned(), revision: "3f2a9c1".to_owned() };
        let (mut cluster, _) = after(&[Hand::KeptBy(GitOps { kind, app }), asked]);
        let mut goes_on = || {
            cluster.go_on();
            let news = cluster.news();
            cluster.lay(&run("b"), &shop(), AT);
            cluster.news();
            news
        };
        assert_eq!(goes_on(), ["deployment/shop/shop: runs a (revision 1)"], "{by}");
        assert_eq!(goes_on(), ["deployment/shop/shop: runs a (revision 3)"], "{by}");
    }
}
