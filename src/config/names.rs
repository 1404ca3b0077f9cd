//! Names and how far they reach: a name holds in the folder of its file and in all folders below it.

use std::collections::BTreeMap;

use crate::lint::{Finding, name};
use crate::unit::{Name, Place};

/// The folder of a file, as its path gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Folder(String);

impl Folder {
    /// The folder that a file lies in.
    pub(crate) fn of(file: &str) -> Self {
        let file = file.strip_prefix("./").unwrap_or(file);
        Self(
            file.rsplit_once('/')
                .map_or("", |(folder, _)| if folder.is_empty() { "/" } else { folder })
                .to_owned(),
        )
    }

    /// It, the folder that it lies in, and so on.
    fn outwards(&self) -> impl Iterator<Item = Self> {
        let around = |folder: &Self| match folder.0.as_str() {
            "" => None,
            "/" => Some(Self(String::new())),
            inner => Some(Self::of(inner)),
        };
        std::iter::successors(Some(self.clone()), around)
    }
}

/// Something with a name, written in a folder.
#[derive(Debug, Clone)]
pub(crate) struct Named<T> {
    /// Its folder.
    pub(crate) folder: Folder,
    /// Its name.
    pub(crate) name: Name,
    /// Where its name stands.
    pub(crate) place: Place,
    /// The thing.
    pub(crate) thing: T,
}

impl<T> Named<T> {
    /// Another thing under the same name.
    pub(crate) fn with(&self, thing: T) -> Self {
        Self { folder: self.folder.clone(), name: self.name.clone(), place: self.place, thing }
    }
}

/// Things by their names, in the order in which they were read.
#[derive(Debug)]
pub(crate) struct Names<T> {
    things: Vec<Named<T>>,
    by_name: BTreeMap<(Folder, Name), usize>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { things: Vec::new(), by_name: BTreeMap::new() }
    }
}

impl<T> Names<T> {
    /// Adds a thing; a finding if its folder already has one of that name.
    pub(crate) fn add(&mut self, named: Named<T>, what: &str) -> Option<Finding> {
        let key = (named.folder.clone(), named.name.clone());
        if let Some(first) = self.by_name.get(&key) {
            let message = format!("there are two of {what} `{}` in one folder", named.name);
            let finding = Finding::error(name::DUPLICATE_NAME, named.place, message);
            let finding = finding.help("a name is unique in its folder: rename one, or move it");
            return Some(finding.with(self.things[*first].place, "the first is here"));
        }
        self.by_name.insert(key, self.things.len());
        self.things.push(named);
        None
    }

    /// The nearest thing of this name, looked for from a folder outwards.
    pub(crate) fn find(&self, from: &Folder, name: &str) -> Option<usize> {
        self.find_but(from, name, None)
    }

    /// The same, passing over one: a gate may extend the one of its own name further out.
    pub(crate) fn find_but(&self, from: &Folder, name: &str, but: Option<usize>) -> Option<usize> {
        let name: Name = name.parse().ok()?;
        let found =
            |folder| self.by_name.get(&(folder, name.clone())).copied().filter(|found| Some(*found) != but);
        from.outwards().find_map(found)
    }

    /// The names that reach a folder.
    pub(crate) fn reaching(&self, folder: &Folder) -> Vec<&str> {
        let folders: Vec<Folder> = folder.outwards().collect();
        self.things
            .iter()
            .filter(|thing| folders.contains(&thing.folder))
            .map(|thing| thing.name.as_str())
            .collect()
    }

    /// The thing at an index that `find` gave.
    pub(crate) fn get(&self, index: usize) -> &Named<T> {
        &self.things[index]
    }

    /// All things.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Named<T>> {
        self.things.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reaches_inwards() {
        let mut names = Names::default();
        let mut add = |folder: &str, name: &str| {
            let place = Place { file: crate::unit::FileId(0), extent: crate::unit::Extent::default() };
            let file = if folder.is_empty() { "x.yaml".to_owned() } else { format!("{folder}/x.yaml") };
            let named = Named { folder: Folder::of(&file), name: name.parse().unwrap(), place, thing: () };
            names.add(named, "gate").is_none()
        };
        assert!(
            add("rules", "http")
                && add("rules/checkout", "http")
                && add("rules/payment", "own")
                && add("", "root")
        );
        assert!(!add("rules", "http"), "a second one in the same folder");
        for (from, name, found) in [
            ("rules/checkout/y.yaml", "http", Some(1)),
            ("rules/payment/y.yaml", "http", Some(0)),
            ("rules/payment/eu/y.yaml", "own", Some(2)),
            ("rules/checkout/y.yaml", "own", None),
            ("rules/a/b/c/y.yaml", "root", Some(3)),
            ("./rules/y.yaml", "http", Some(0)),
            ("/rules/y.yaml", "http", None),
            ("/rules/y.yaml", "root", Some(3)),
        ] {
            assert_eq!(names.find(&Folder::of(from), name), found, "{name} from {from}");
        }
        assert_eq!(names.find_but(&Folder::of("rules/checkout/y.yaml"), "http", Some(1)), Some(0));
    }
}
