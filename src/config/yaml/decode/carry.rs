//! What `serde` has no words for: places, styles, whole trees. They travel as a sequence under a private name.

use std::vec::IntoIter;

use serde::de::value::{StringDeserializer, U32Deserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};

use crate::config::yaml::decode::access::read;
use crate::config::yaml::decode::report::Broken;
use crate::config::yaml::decode::{Reader, Sink};
use crate::config::yaml::node::{Node, Style, Value};
use crate::unit::Place;

/// A type that our reader hands more to than a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::config::yaml) enum Carried {
    /// A value that may be absent: place and value.
    Given,
    /// A value with its place.
    Spot,
    /// Characters with place and style.
    Text,
    /// Items, or a single one.
    OneOrMany,
    /// Entries as key, value, key, value.
    Pairs,
    /// A node as it is.
    Tree,
}

const NAMES: [(Carried, &str); 6] = [
    (Carried::Given, "backstop::Given"),
    (Carried::Spot, "backstop::Spot"),
    (Carried::Text, "backstop::Text"),
    (Carried::OneOrMany, "backstop::OneOrMany"),
    (Carried::Pairs, "backstop::Pairs"),
    (Carried::Tree, "backstop::Tree"),
];

impl Carried {
    /// The name under which its type asks.
    pub(in crate::config::yaml) fn name(self) -> &'static str {
        NAMES.iter().find(|(carried, _)| *carried == self).map_or("", |(_, name)| name)
    }

    pub(super) fn named(asked: &str) -> Option<Self> {
        NAMES.iter().find(|(_, name)| *name == asked).map(|(carried, _)| *carried)
    }

    pub(super) fn hand_over<'de, V: Visitor<'de>>(
        self,
        reader: Reader<'_, '_>,
        visitor: V,
    ) -> Result<V::Value, Broken> {
        let Reader { node, sink } = reader;
        let parts = match self {
            Self::Given if node.is_null() => return visitor.visit_unit(),
            Self::Given | Self::Spot => spot(node),
            Self::Text => text(reader)?,
            Self::OneOrMany => match node.items() {
                Some(items) => items.iter().map(Part::Node).collect(),
                None if node.is_null() => Vec::new(),
                None => vec![Part::Node(node)],
            },
            Self::Pairs => {
                // A null key is passed over, as Go does.
                let named = reader.keys("a mapping")?.filter(|entry| !entry.key.is_null());
                named.flat_map(|entry| [Part::Node(&entry.key), Part::Node(&entry.value)]).collect()
            }
            Self::Tree => tree(node),
        };
        visitor.visit_seq(Parts { parts: parts.into_iter(), sink })
    }
}

/// One thing on its way.
enum Part<'a> {
    Number(u32),
    Text(String),
    Node(&'a Node),
}

fn place(place: Place) -> [Part<'static>; 3] {
    [place.file.0, place.extent.start, place.extent.end].map(Part::Number)
}

fn spot(node: &Node) -> Vec<Part<'_>> {
    place(node.place).into_iter().chain([Part::Node(node)]).collect()
}

fn text<'a>(reader: Reader<'a, '_>) -> Result<Vec<Part<'a>>, Broken> {
    let style = match &reader.node.value {
        Value::Scalar(scalar) => scalar.style,
        Value::List(_) | Value::Map(_) => Style::Plain,
    };
    let value = reader.text()?;
    Ok(place(reader.node.place).into_iter().chain([Part::Number(style as u32), Part::Text(value)]).collect())
}

/// Place, place of the alias, tag, kind, then what it holds; its nodes are trees themselves.
fn tree(node: &Node) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = place(node.place).into();
    parts.push(Part::Number(u32::from(node.alias.is_some())));
    parts.extend(place(node.written()));
    parts.push(Part::Text(node.tag.as_deref().unwrap_or_default().to_owned()));
    match &node.value {
        Value::Scalar(scalar) => {
            parts.extend([Part::Number(scalar.style as u32), Part::Text(scalar.text.clone())]);
        }
        Value::List(items) => {
            parts.push(Part::Number(Tree::LIST));
            parts.extend(items.iter().map(Part::Node));
        }
        Value::Map(entries) => {
            parts.push(Part::Number(Tree::MAP));
            parts.extend(entries.iter().flat_map(|entry| [Part::Node(&entry.key), Part::Node(&entry.value)]));
        }
    }
    parts
}

/// The kinds of node that are no scalar; a scalar's kind is its style.
pub(in crate::config::yaml) struct Tree;

impl Tree {
    pub(in crate::config::yaml) const LIST: u32 = 10;
    pub(in crate::config::yaml) const MAP: u32 = 11;
}

struct Parts<'a, 'f> {
    parts: IntoIter<Part<'a>>,
    sink: &'a Sink<'f>,
}

impl<'de> SeqAccess<'de> for Parts<'_, '_> {
    type Error = Broken;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Broken> {
        let Some(part) = self.parts.next() else { return Ok(None) };
        match part {
            Part::Number(number) => {
                let number: U32Deserializer<Broken> = number.into_deserializer();
                seed.deserialize(number).map(Some)
            }
            Part::Text(text) => {
                let text: StringDeserializer<Broken> = text.into_deserializer();
                seed.deserialize(text).map(Some)
            }
            Part::Node(node) => read(node, self.sink, seed).map(Some),
        }
    }
}

/// Asks a reader for what only ours can give.
pub(in crate::config::yaml) fn ask<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    carried: Carried,
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    deserializer.deserialize_newtype_struct(carried.name(), visitor)
}
