//! The base of `deploy/`, on a real API server: each manifest is taken to its last key.

use serde_json::Value;

use crate::cluster::{Cluster, wait};
use crate::manifests::{deploy, manifests};

/// Where objects of a kind are made.
fn place(kind: &str) -> &'static str {
    match kind {
        "Namespace" => "/api/v1/namespaces",
        "ServiceAccount" => "/api/v1/namespaces/backstop/serviceaccounts",
        "PersistentVolumeClaim" => "/api/v1/namespaces/backstop/persistentvolumeclaims",
        "Service" => "/api/v1/namespaces/backstop/services",
        "Deployment" => "/apis/apps/v1/namespaces/backstop/deployments",
        "NetworkPolicy" => "/apis/networking.k8s.io/v1/namespaces/backstop/networkpolicies",
        _ => panic!("nobody said where a {kind} is made"),
    }
}

/// What was sent and is not there any more. API servers leave out what they do not know.
fn lost(sent: &Value, kept: &Value, at: &str) -> Vec<String> {
    match (sent, kept) {
        (Value::Object(sent), Value::Object(kept)) => {
            let of = |(key, it): (&String, &Value)| {
                let at = format!("{at}.{key}");
                kept.get(key).map_or_else(|| vec![at.clone()], |kept| lost(it, kept, &at))
            };
            sent.iter().flat_map(of).collect()
        }
        (Value::Array(sent), Value::Array(kept)) if sent.len() == kept.len() => {
            sent.iter().zip(kept).flat_map(|(sent, kept)| lost(sent, kept, at)).collect()
        }
        _ if sent == kept => Vec::new(),
        _ => vec![format!("{at}: {sent} became {kept}")],
    }
}

#[test]
fn the_base_is_taken_whole_and_makes_one_pod() {
    let Some(cluster) = Cluster::start("cluster-base") else { return };
    let api = cluster.api();
    let kustomization = manifests(&deploy("kubernetes/base/kustomization.yaml")).remove(0);
    for file in kustomization["resources"].as_array().unwrap() {
        let file = file.as_str().unwrap();
        for it in manifests(&deploy("kubernetes/base").join(file)) {
            let place = place(it["kind"].as_str().unwrap());
            let (status, kept) = api.ask("POST", place, "application/json", &it);
            assert_eq!(status, 201, "{file}: {kept}");
            assert_eq!(lost(&it, &kept, file), Vec::<String>::new());
        }
    }
    wait("its pod", || {
        let found = api.get("/api/v1/namespaces/backstop/pods");
        let pods = found["items"].as_array()?;
        (pods.len() == 1).then_some(())
    });
}
