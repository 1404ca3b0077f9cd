//! The same, as kustomize itself puts it together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::folder::Folder;
use crate::kustomize::{Kustomization, folders};
use crate::manifests::{deploy, read};
use crate::skip::skip;

/// A kubectl that can render: the one that `BACKSTOP_KUBECTL` names, or the one on the `PATH`. Without one, it is noted
/// that the test was skipped.
fn kubectl(test: &str) -> Option<PathBuf> {
    let path = std::env::var_os("BACKSTOP_KUBECTL").map_or_else(|| PathBuf::from("kubectl"), PathBuf::from);
    let renders = Command::new(&path).args(["kustomize", "--help"]).output();
    if renders.is_ok_and(|output| output.status.success()) {
        return Some(path);
    }
    skip(test, "kubectl with `kustomize`");
    None
}

fn render(kubectl: &Path, folder: &Path) -> Vec<Value> {
    let output = Command::new(kubectl).arg("kustomize").arg(folder).output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && log.is_empty(), "{}: {log}", folder.display());
    read(&String::from_utf8(output.stdout).unwrap()).unwrap()
}

/// Which objects these are.
fn names(objects: &[Value]) -> BTreeSet<[String; 3]> {
    let name = |it: &Value| {
        let meta = &it["metadata"];
        [&it["kind"], &meta["namespace"], &meta["name"]]
            .map(|text| text.as_str().unwrap_or_default().to_owned())
    };
    objects.iter().map(name).collect()
}

fn has_token(objects: &[Value]) -> bool {
    let pod = objects.iter().find(|it| it["kind"] == "Deployment").unwrap();
    pod["spec"]["template"]["spec"]["automountServiceAccountToken"].as_bool().unwrap()
}

#[test]
fn each_overlay_is_rendered_to_what_its_files_say() {
    let Some(kubectl) = kubectl("each_overlay_is_rendered_to_what_its_files_say") else { return };
    let overlays = folders("overlays").into_iter().map(|name| format!("overlays/{name}"));
    for path in overlays.chain(["base".to_owned()]) {
        let rendered = render(&kubectl, &deploy("kubernetes").join(&path));
        let mut wanted = names(&Kustomization::of(&path).objects);
        wanted.insert(["ConfigMap", "backstop", "backstop"].map(str::to_owned));
        assert_eq!(names(&rendered), wanted, "{path}");
        assert_eq!(has_token(&rendered), path != "base", "{path}: only who is allowed something has a token");
        let map = rendered.iter().find(|it| it["kind"] == "ConfigMap").unwrap();
        let server = std::fs::read_to_string(deploy("kubernetes/base/backstop.yaml")).unwrap();
        assert_eq!(map["data"]["backstop.yaml"], server, "{path}");
        for it in rendered.iter().filter(|it| it["kind"] == "Role") {
            let written = Kustomization::of(&path);
            assert_eq!(it["rules"], written.of_kind("Role").next().unwrap()["rules"], "{path}");
        }
    }
}

/// The kustomization that the README shows.
fn of_readme() -> String {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, block) = readme.split_once("```yml\n# kustomization.yaml\n").unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_kustomization_of_the_readme_puts_roles_an_image_and_rules_together() {
    let test = "the_kustomization_of_the_readme_puts_roles_an_image_and_rules_together";
    let Some(kubectl) = kubectl(test) else { return };
    let folder = Folder::of("deploy-own");
    let own = folder.path().canonicalize().unwrap();
    // Kustomize takes no path from the root.
    let up: String = own.components().skip(1).map(|_| "../").collect();
    let there = format!("{up}{}", deploy("").display().to_string().trim_matches('/'));
    let text = of_readme().replace("../backstop/deploy", &there);
    std::fs::write(own.join("kustomization.yaml"), text).unwrap();
    std::fs::copy(deploy("kubernetes/base/backstop.yaml"), own.join("backstop.yaml")).unwrap();
    std::fs::write(own.join("rules.yaml"), "gates: []\n").unwrap();
    let rendered = render(&kubectl, &own);
    let of_kind = |kind: &str| rendered.iter().filter(|it| it["kind"] == kind).collect::<Vec<_>>();
    for kind in ["Role", "RoleBinding"] {
        let namespaces: Vec<&Value> = of_kind(kind).iter().map(|it| &it["metadata"]["namespace"]).collect();
        assert_eq!(namespaces, ["web", "web"], "{kind}");
    }
    assert_eq!(of_kind("RoleBinding")[0]["subjects"][0]["namespace"], "backstop");
    assert!(has_token(&rendered));
    let pod = &of_kind("Deployment")[0]["spec"]["template"]["spec"];
    assert_eq!(pod["containers"][0]["image"], "images.example.com/backstop:1");
    let data = of_kind("ConfigMap")[0]["data"].as_object().unwrap();
    assert_eq!(data.keys().collect::<Vec<_>>(), ["backstop.yaml", "rules.yaml"]);
}
