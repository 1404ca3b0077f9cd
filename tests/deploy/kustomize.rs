//! What a kustomization puts together, by the files that it names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::manifests::{deploy, manifests};

const FILE: &str = "kustomization.yaml";

/// A kustomization: all files that it leads to, and all objects in them.
#[derive(Default)]
pub(crate) struct Kustomization {
    pub(crate) files: BTreeSet<PathBuf>,
    pub(crate) objects: Vec<Value>,
}

impl Kustomization {
    /// The one in a folder of `deploy/kubernetes/`.
    pub(crate) fn of(path: &str) -> Self {
        let mut it = Self::default();
        it.add(&deploy("kubernetes").join(path));
        it
    }

    fn add(&mut self, folder: &Path) {
        let file = folder.join(FILE);
        let [it] = &manifests(&file)[..] else { panic!("{}: more than one document", file.display()) };
        self.files.insert(file.canonicalize().unwrap());
        for named in texts(it, "resources").chain(texts(it, "components")) {
            let path = existing(folder, named);
            if path.is_dir() {
                self.add(&path);
            } else {
                self.objects.extend(manifests(&path));
                self.files.insert(path);
            }
        }
        let maps = it.get("configMapGenerator").and_then(Value::as_array);
        for named in maps.into_iter().flatten().flat_map(|map| texts(map, "files")) {
            self.files.insert(existing(folder, named));
        }
    }

    /// The objects of a kind.
    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(move |it| it["kind"] == kind)
    }
}

fn existing(folder: &Path, named: &str) -> PathBuf {
    let path = folder.join(named);
    path.canonicalize().unwrap_or_else(|_| panic!("{} names `{named}`, which is not there", folder.display()))
}

/// The texts of a list.
pub(crate) fn texts<'a>(it: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    it.get(key).and_then(Value::as_array).into_iter().flatten().map(|text| text.as_str().unwrap())
}

/// The names of the folders in a folder of `deploy/kubernetes/`.
pub(crate) fn folders(path: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(deploy("kubernetes").join(path)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// All files in a folder, however deep.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().canonicalize().unwrap());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { BTreeSet::from([path]) }).collect()
}

#[test]
fn each_file_is_named_by_a_kustomization_and_is_there() {
    let overlays = folders("overlays").into_iter().map(|name| format!("overlays/{name}"));
    let named: BTreeSet<PathBuf> = overlays.flat_map(|overlay| Kustomization::of(&overlay).files).collect();
    assert_eq!(named, files(&deploy("kubernetes")), "named on the left, there on the right");
}
