//! Flux: a Kustomization or a Helm release is suspended before what it keeps is undone, and goes on once git has moved.

use backstop::decision::{Aim, Edition, Identity, KeeperStep, Misfit, StepName};
use backstop::responder::object::{Got, Kept, reconciler};
use backstop::signal::{GitOps, GitOpsKind, Object};
use backstop::unit::UnixMillis;
use serde_json::{Value, json};

use crate::kube::api::patched;

const APPS: &str = "kustomization/flux-system/apps";
const SHOP: &str = "helmrelease/shop/shop";

/// A Kustomization and the repository that it is of, which is at this revision.
fn kustomization(revision: &str) -> Got {
    let it = json!({
        "metadata": {"name": "apps", "uid": "k-1", "generation": 3},
        "spec": {"path": "./apps", "sourceRef": {"kind": "GitRepository", "name": "fleet"}},
    });
    let mut got = Got::default();
    got.add("keeper", Some(it));
    at(&mut got, revision);
    got
}

fn at(got: &mut Got, revision: &str) {
    got.add("source", Some(json!({"status": {"artifact": {"revision": revision}}})));
}

/// A Helm release, which git asks for in this version of its chart.
fn release(version: &str) -> Got {
    let it = json!({
        "metadata": {"name": "shop", "uid": "h-1", "generation": 7, "annotations": {"team": "web"}},
        "spec": {"chart": {"spec": {"chart": "shop", "version": version}}},
    });
    let mut got = Got::default();
    got.add("keeper", Some(it));
    got
}

/// Has a step taken, as the API server does.
fn take(app: &str, step: KeeperStep, got: &mut Got) -> Result<(), String> {
    let flux = reconciler(GitOpsKind::Flux);
    let request = flux.step(app, step, got).map_err(|overtaken| overtaken.0)?;
    let patch: Value = serde_json::from_slice(&request.body).unwrap();
    let mut it = got.get("keeper").unwrap().clone();
    patched(&mut it, &patch)?;
    let generation = it["metadata"]["generation"].as_u64().unwrap() + 1;
    it["metadata"]["generation"] = json!(generation);
    got.add("keeper", Some(it));
    Ok(())
}

#[test]
fn what_is_read_leads_from_what_keeps_an_object_to_where_its_files_are() {
    let flux = reconciler(GitOpsKind::Flux);
    let paths = |app: &str, got: &Got| -> Vec<String> {
        flux.reads(app, got).into_iter().map(|read| read.path).collect()
    };
    let first = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/apps";
    assert_eq!(paths(APPS, &Got::default()), [first]);
    let mut got = Got::default();
    got.add("keeper", kustomization("main@sha1:b").get("keeper").cloned());
    let second = "/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/fleet";
    assert_eq!(paths(APPS, &got), [second]);
    assert!(paths(APPS, &kustomization("main@sha1:b")).is_empty());
    assert_eq!(
        paths(SHOP, &Got::default()),
        ["/apis/helm.toolkit.fluxcd.io/v2/namespaces/shop/helmreleases/shop"]
    );
    assert!(paths(SHOP, &release("1.0.0")).is_empty(), "git holds what is asked of it");
}

#[test]
fn it_is_suspended_and_goes_on_once_git_has_moved() {
    let flux = reconciler(GitOpsKind::Flux);
    for (app, mut got, past) in
        [(APPS, kustomization("main@sha1:b"), Some("main@sha1:b")), (SHOP, release("1.0.1"), None)]
    {
        assert_eq!(flux.holds_off(app, &got), Ok(vec![KeeperStep::Detach]), "{app}");
        assert_eq!(flux.gives_back(app, &[], &got), Err(Misfit::NotOurs), "{app}");
        take(app, KeeperStep::Detach, &mut got).unwrap();
        let held = got.get("keeper").unwrap().clone();
        assert_eq!(held["spec"]["suspend"], json!(true), "{app}");
        let noted = held["metadata"]["annotations"]["backstop/past"].as_str().unwrap();
        assert!(past.is_none_or(|past| past == noted), "{noted}");
        assert!(
            flux.is_taken(KeeperStep::Detach, &got) && flux.holds_off(app, &got) == Ok(Vec::new()),
            "{app}"
        );
        assert_eq!(
            flux.gives_back(app, &[], &got),
            Err(Misfit::NotMoved { revision: noted.to_owned() }),
            "{app}"
        );
        if app == APPS {
            at(&mut got, "main@sha1:c");
        } else {
            let mut moved = held.clone();
            moved["spec"]["chart"]["spec"]["version"] = json!("1.0.2");
            got.add("keeper", Some(moved));
        }
        assert_eq!(flux.gives_back(app, &[], &got), Ok(()), "{app}");
        let other = flux.gives_back(app, &["c".to_owned()], &got);
        assert_eq!(other.is_err(), app == APPS, "a commit that was taken back: {other:?}");
        take(app, KeeperStep::Attach, &mut got).unwrap();
        let it = got.get("keeper").unwrap();
        assert_eq!(
            (&it["spec"]["suspend"], &it["metadata"]["annotations"]["backstop/past"]),
            (&json!(false), &Value::Null)
        );
        assert!(flux.is_taken(KeeperStep::Attach, &got), "{app}");
        assert_eq!(flux.gives_back(app, &[], &got), Err(Misfit::NotOurs), "{app}");
    }
}

#[test]
fn what_others_suspended_or_changed_since_is_let_be() {
    let flux = reconciler(GitOpsKind::Flux);
    let mut got = kustomization("main@sha1:b");
    let mut it = got.get("keeper").unwrap().clone();
    it["spec"]["suspend"] = json!(true);
    got.add("keeper", Some(it.clone()));
    assert_eq!(flux.holds_off(APPS, &got), Ok(Vec::new()), "it takes back nothing");
    assert_eq!(flux.gives_back(APPS, &[], &got), Err(Misfit::NotOurs), "and it is not given back");
    assert!(take(APPS, KeeperStep::Detach, &mut got).unwrap_err().contains("suspended already"));
    assert!(take(APPS, KeeperStep::Terminate, &mut got).is_err());
    // Somebody came first between the read and the request.
    let request = flux.step(APPS, KeeperStep::Detach, &kustomization("main@sha1:b")).unwrap();
    let patch: Value = serde_json::from_slice(&request.body).unwrap();
    it["spec"]["suspend"] = json!(false);
    it["metadata"]["generation"] = json!(4);
    assert!(patched(&mut it, &patch).unwrap_err().contains("testing value /metadata/generation failed"));
    assert_eq!((request.expect, request.overtaken), (&[200][..], &[409, 422][..]));
    let mut gone = Got::default();
    gone.add("keeper", None);
    assert!(matches!(flux.holds_off(APPS, &gone), Err(Misfit::Unreadable(what)) if what.contains(APPS)));
}

/// What mends it may be fetched by the time that it is held: what git has to move past is what was applied.
#[test]
fn a_fix_that_was_fetched_already_counts() {
    let flux = reconciler(GitOpsKind::Flux);
    let mut got = kustomization("main@sha1:c");
    let mut it = got.get("keeper").unwrap().clone();
    it["status"] = json!({"lastAppliedRevision": "main@sha1:b"});
    got.add("keeper", Some(it));
    take(APPS, KeeperStep::Detach, &mut got).unwrap();
    let noted = got.get("keeper").unwrap()["metadata"]["annotations"]["backstop/past"].clone();
    assert_eq!((noted, flux.gives_back(APPS, &[], &got)), (json!("main@sha1:b"), Ok(())));
    got.add("source", None);
    assert!(
        matches!(flux.holds_off(APPS, &got), Err(Misfit::Unreadable(_))),
        "nobody could say when it moved"
    );
}

/// How far a Deployment is whose keeper was to be held first.
#[test]
fn an_undo_has_not_worked_while_flux_keeps_its_object() {
    let object: Object = "deployment/shop/shop".parse().unwrap();
    let keeper = Some(GitOps { kind: GitOpsKind::Flux, app: APPS.to_owned() });
    let edition =
        |version: &str| Edition { images: vec![format!("web=shop:{version}")], ..Edition::default() };
    let aim = Aim {
        object: object.clone(),
        at: UnixMillis::new(0),
        seen: Identity { uid: "d-1".to_owned(), ..Identity::default() },
        from: edition("2"),
        to: Some(edition("1")),
        steps: vec![StepName::Detach, StepName::Undo],
        index: None,
        keeper: keeper.clone(),
        through: None,
    };
    let container = |version: &str| json!([{"name": "web", "image": format!("shop:{version}")}]);
    let deployment = |version: &str| {
        json!({
            "metadata": {"uid": "d-1", "generation": 2},
            "spec": {"replicas": 1, "template": {"spec": {"containers": container(version)}}},
            "status": {"observedGeneration": 2, "updatedReplicas": 1, "replicas": 1, "availableReplicas": 1},
        })
    };
    let kept = Kept::of(&object, keeper).unwrap();
    for (suspended, version, taken, holds) in
        [(false, "2", 0, false), (true, "2", 1, false), (true, "1", 2, true), (false, "1", 0, false)]
    {
        let mut got = kustomization("main@sha1:b");
        let mut it = got.get("keeper").unwrap().clone();
        it["spec"]["suspend"] = json!(suspended);
        got.add("keeper", Some(it));
        got.add("object", Some(deployment(version)));
        got.add("revisions", Some(json!({"items": []})));
        let progress = kept.progress(&aim, &got);
        assert_eq!((progress.taken, progress.holds), (taken, holds), "{suspended} {version}");
    }
}
