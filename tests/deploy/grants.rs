//! What backstop is allowed: all that its adapters need, and nothing beside.

use std::collections::BTreeSet;

use backstop::decision::{Move, Revision};
use backstop::responder::argocd::Resource;
use backstop::responder::object::{Adapter, Need, adapter, reconciler};
use backstop::signal::{GitOpsKind, ObjectKind};
use serde_json::{Value, json};

use crate::kustomize::{Kustomization, folders, texts};
use crate::manifests::deploy;

/// Each kind of object that lies in a cluster, with the name of its Role.
const KINDS: [(ObjectKind, &str); 5] = [
    (ObjectKind::Deployment, "deployments"),
    (ObjectKind::StatefulSet, "statefulsets"),
    (ObjectKind::DaemonSet, "daemonsets"),
    (ObjectKind::Rollout, "rollouts"),
    (ObjectKind::Helm, "helm"),
];

/// A group, a resource and a verb.
type Grant = (String, String, String);

fn grants(needs: impl IntoIterator<Item = &'static Need>) -> BTreeSet<Grant> {
    let grant = |need: &Need| (need.group.to_owned(), need.resource.to_owned(), need.verb.to_owned());
    needs.into_iter().map(grant).collect()
}

/// All that an adapter needs, or what holds objects against git, each by the name of its Role. A kind without an adapter has
/// none.
fn served() -> Vec<(&'static str, BTreeSet<Grant>)> {
    let moves =
        [Move::Undo { to: Revision::LastKnownGood }, Move::Hold, Move::GoOn, Move::Restart, Move::GiveBack];
    let needed = |kind: ObjectKind, adapter: &'static dyn Adapter| {
        let moves = moves.iter().filter(move |does| does.is_carried_out_on(kind));
        grants(moves.flat_map(|does| adapter.needs(does)))
    };
    let kinds = KINDS.iter().filter_map(|(kind, name)| Some((*name, needed(*kind, adapter(*kind)?))));
    kinds.chain([("flux", grants(reconciler(GitOpsKind::Flux).needs()))]).collect()
}

/// What a Role grants.
fn granted(role: &Value) -> BTreeSet<Grant> {
    let mut all = BTreeSet::new();
    for rule in role["rules"].as_array().unwrap() {
        for group in texts(rule, "apiGroups") {
            for resource in texts(rule, "resources") {
                let verbs = texts(rule, "verbs");
                all.extend(verbs.map(|verb| (group.to_owned(), resource.to_owned(), verb.to_owned())));
            }
        }
    }
    all
}

#[test]
fn each_role_grants_what_its_adapter_needs_and_nothing_beside() {
    for (name, needed) in served() {
        let it = Kustomization::of(&format!("overlays/rollback-{name}"));
        let roles: Vec<&Value> = it.of_kind("Role").collect();
        let [role] = &roles[..] else { panic!("rollback-{name} adds {} Roles, not one", roles.len()) };
        assert_eq!(granted(role), needed, "rollback-{name}: granted on the left, needed on the right");
    }
}

#[test]
fn there_is_a_role_for_each_adapter_and_for_nothing_else() {
    let names: BTreeSet<String> = served().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(folders("roles"), names);
    let overlays: BTreeSet<String> = names.iter().map(|name| format!("rollback-{name}")).collect();
    assert_eq!(folders("overlays"), overlays);
}

#[test]
fn the_base_grants_nothing() {
    let base = Kustomization::of("base");
    let grants: Vec<&Value> =
        base.objects.iter().filter(|it| it["apiVersion"].as_str().unwrap().starts_with("rbac.")).collect();
    assert!(grants.is_empty(), "{grants:?}");
}

#[test]
fn what_an_overlay_adds_is_one_role_in_a_named_namespace_for_the_account_of_the_base() {
    let base = Kustomization::of("base");
    let account = &base.of_kind("ServiceAccount").next().unwrap()["metadata"];
    for (name, _) in served() {
        let it = Kustomization::of(&format!("overlays/rollback-{name}"));
        let added: Vec<&Value> = it.objects.iter().filter(|it| !base.objects.contains(it)).collect();
        let [role, binding] = added[..] else { panic!("rollback-{name} adds {added:?}") };
        assert_eq!((&role["kind"], &binding["kind"]), (&json!("Role"), &json!("RoleBinding")), "{name}");
        let namespace = role["metadata"]["namespace"].as_str().unwrap_or_default();
        assert!(!namespace.is_empty(), "rollback-{name}: its Role names no namespace");
        assert_eq!(binding["metadata"]["namespace"], namespace, "{name}");
        let to = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role["metadata"]["name"]});
        assert_eq!(binding["roleRef"], to, "{name}");
        let whom =
            json!([{"kind": "ServiceAccount", "name": account["name"], "namespace": account["namespace"]}]);
        assert_eq!(binding["subjects"], whom, "{name}");
    }
}

/// What is wrong with an object that grants something.
fn too_wide(it: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let kind = it["kind"].as_str().unwrap_or_default();
    if kind.starts_with("Cluster") {
        wrong.push(format!("{kind} grants in every namespace"));
    }
    for rule in it.get("rules").and_then(Value::as_array).into_iter().flatten() {
        for key in ["apiGroups", "resources", "verbs", "nonResourceURLs"] {
            for text in texts(rule, key) {
                if text.contains('*') {
                    wrong.push(format!("`{text}` in {key} grants what nobody counted"));
                }
                if key == "resources" && text.split('/').next() == Some("secrets") {
                    wrong.push("secrets are nothing that backstop reads".to_owned());
                }
                if matches!(text, "escalate" | "bind" | "impersonate") {
                    wrong.push(format!("`{text}` makes of one Role any other"));
                }
            }
        }
    }
    wrong
}

#[test]
fn nothing_is_granted_everywhere_or_by_a_wildcard() {
    for overlay in folders("overlays") {
        for it in &Kustomization::of(&format!("overlays/{overlay}")).objects {
            assert_eq!(too_wide(it), Vec::<String>::new(), "{overlay}: {}", it["kind"]);
        }
    }
    let rule = |group: &str, resource: &str, verb: &str| json!({"kind": "Role", "rules": [{"apiGroups": [group], "resources": [resource], "verbs": [verb]}]});
    for (it, is_too_wide) in [
        (rule("apps", "deployments", "get"), false),
        (rule("*", "deployments", "get"), true),
        (rule("apps", "*", "get"), true),
        (rule("apps", "deployments/*", "get"), true),
        (rule("apps", "deployments", "*"), true),
        (rule("", "secrets", "get"), true),
        (rule("rbac.authorization.k8s.io", "roles", "bind"), true),
        (json!({"kind": "ClusterRole"}), true),
        (json!({"kind": "ClusterRoleBinding"}), true),
    ] {
        assert_eq!(!too_wide(&it).is_empty(), is_too_wide, "{it}");
    }
}

/// What a policy of Argo CD grants a role of this name: of named applications, and to the account alone.
fn granted_there(file: &str, role: &str) -> BTreeSet<Grant> {
    let text = std::fs::read_to_string(deploy("argocd").join(file)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').map(str::trim).collect()).collect();
    let (policies, groups): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row[0] == "p");
    assert_eq!(groups, [["g", "backstop", role]], "{file}");
    let grant = |row: Vec<&str>| {
        let ["p", whom, resource, verb, object, "allow"] = row[..] else { panic!("{row:?}") };
        assert_eq!(whom, role, "{file}");
        assert!(!object.contains('*') && !verb.contains('*'), "{verb} of {object} is more than one");
        ("argocd".to_owned(), resource.to_owned(), verb.to_owned())
    };
    policies.into_iter().map(grant).collect()
}

/// The account of Argo CD is allowed what is asked of its API, of named applications.
#[test]
fn the_policies_of_argo_cd_grant_what_is_needed_there_and_nothing_beside() {
    let granted = granted_there("policy.csv", "role:backstop");
    assert_eq!(granted, grants(reconciler(GitOpsKind::ArgoCd).needs()));
    let undo = Move::Undo { to: Revision::LastKnownGood };
    assert_eq!(granted, grants(adapter(ObjectKind::ArgoCd).unwrap().needs(&undo)));
    let resource = Resource::of(ObjectKind::Rollout, "shop").unwrap();
    let granted = granted_there("policy-rollouts.csv", "role:backstop-rollouts");
    assert_eq!(granted, grants(resource.needs(&undo)));
}
