//! The named templates of one text.

use std::collections::BTreeMap;

use super::error::{Error, quote};
use super::tree::{Definition, List, Node};

/// The definitions so far, each name once.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    found: Vec<Definition>,
    places: BTreeMap<Vec<u8>, usize>,
}

impl Definitions {
    /// Takes one in. A blank one gives way to any other; two that say something are one too many.
    pub(super) fn add(&mut self, definition: Definition) -> Result<(), Error> {
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
    pub(super) fn finish(
        mut self,
        name: Option<&str>,
        root_is_blank: bool,
    ) -> Result<Vec<Definition>, Error> {
        let place = name.and_then(|name| self.places.get(name.as_bytes()).copied());
        if let Some(place) = place {
            if !root_is_blank && !blank(&self.found[place].body) {
                return Err(twice(&self.found[place]));
            }
            self.found.remove(place);
        }
        Ok(self.found)
    }
}

/// Whether it holds nothing but space.
pub(super) fn blank(list: &List) -> bool {
    list.nodes.iter().all(|node| matches!(node, Node::Text(text) if text.text.trim().is_empty()))
}

fn twice(definition: &Definition) -> Error {
    let name = String::from_utf8_lossy(&definition.name.value);
    Error::new(definition.name.extent, format!("the template {} is defined twice", quote(&name)))
        .help("give one of them another name")
}
