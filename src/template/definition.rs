//! The named templates of one text.

use std::collections::BTreeMap;

use crate::unit::Fault;

use super::quote::quote;
use super::tree::{Definition, List, Node};

/// The definitions so far, each name once.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    found: Vec<Definition>,
    places: BTreeMap<Vec<u8>, usize>,
}

impl Definitions {
    /// Takes one in. A blank one gives way to any other; two that say something are one too many.
    pub(super) fn add(&mut self, definition: Definition) -> Result<(), Fault> {
        let Some(before) =
            self.places.get(&definition.name.value).and_then(|place| self.found.get_mut(*place))
        else {
            self.places.insert(definition.name.value.clone(), self.found.len());
            self.found.push(definition);
            return Ok(());
        };
        if blank(&before.body) {
            *before = definition;
        } else if !blank(&definition.body) {
            return Err(twice(&definition));
        }
        Ok(())
    }

    /// All of them, beside a text that itself goes by `name`.
    pub(super) fn finish(mut self, name: Option<&str>) -> Result<Vec<Definition>, Fault> {
        let Some(name) = name else { return Ok(self.found) };
        let same = |definition: &Definition| definition.name.value == name.as_bytes();
        if let Some(definition) = self.found.iter().find(|found| same(found) && !blank(&found.body)) {
            return Err(twice(definition));
        }
        self.found.retain(|definition| !same(definition));
        Ok(self.found)
    }
}

/// Whether it holds nothing but space.
fn blank(list: &List) -> bool {
    list.nodes.iter().all(|node| matches!(node, Node::Text(text) if text.text.trim().is_empty()))
}

fn twice(definition: &Definition) -> Fault {
    let name = String::from_utf8_lossy(&definition.name.value);
    Fault::new(definition.name.extent, format!("the template {} is defined twice", quote(&name)))
        .help("give one of them another name")
}
