//! Lists, mappings, numbers and free trees, each keeping what is good when a part of it is not.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::config::yaml::decode::{Carried, TreeKind, ask};
use crate::config::yaml::given::{Given, Spot, place};
use crate::config::yaml::node::{Entry, Node, Scalar, Style, Value};
use crate::config::yaml::text::Text;

/// A list; broken items are reported and left out, null ones are left out as Prometheus does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<Spot<T>>);

/// A list, or one item where a list of one is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<Spot<T>>);

/// A mapping in the order of the text; broken entries are reported and left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs<V = Text>(pub Vec<Pair<V>>);

/// An entry of [`Pairs`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair<V = Text> {
    /// The key.
    pub key: Text,
    /// The value.
    pub value: V,
}

/// A number, whole or not; not-a-number and the infinite ones are for the reader to refuse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Whole(i128),
    /// Any other.
    Float(f64),
}

/// A tree as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree(pub Node);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Default for Pairs<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// The items that can be read.
fn items<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(mut parts: A) -> Result<Vec<Spot<T>>, A::Error> {
    let mut items = Vec::new();
    while let Some(item) = parts.next_element::<Given<T>>()? {
        items.extend(item.spot());
    }
    Ok(items)
}

struct Many<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Many<T> {
    type Value = Vec<Spot<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, parts: A) -> Result<Vec<Spot<T>>, A::Error> {
        items(parts)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Many(PhantomData)).map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ask(Carried::OneOrMany, deserializer, Many(PhantomData)).map(Self)
    }
}

struct PairsVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<V> {
    type Value = Pairs<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Pairs<V>, A::Error> {
        let mut pairs = Vec::new();
        loop {
            // Each error was reported where it arose.
            let key = parts.next_element::<Text>();
            if matches!(key, Ok(None)) {
                return Ok(Pairs(pairs));
            }
            let value = parts.next_element::<V>();
            if let (Ok(Some(key)), Ok(Some(value))) = (key, value) {
                pairs.push(Pair { key, value });
            }
        }
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ask(Carried::Pairs, deserializer, PairsVisitor(PhantomData))
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E: Error>(self, whole: i64) -> Result<Number, E> {
        Ok(Number::Whole(whole.into()))
    }

    fn visit_u64<E: Error>(self, whole: u64) -> Result<Number, E> {
        Ok(Number::Whole(whole.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        Ok(Number::Float(number))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(NumberVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Tree, A::Error> {
        let cut_short = || A::Error::custom("a part of the tree is missing");
        let here = place(&mut parts)?;
        let aliased = parts.next_element::<u32>()?.ok_or_else(cut_short)? == 1;
        let written = place(&mut parts)?;
        let tag: String = parts.next_element()?.ok_or_else(cut_short)?;
        let value = match parts.next_element::<u32>()?.ok_or_else(cut_short)? {
            TreeKind::LIST => Value::List(nodes(&mut parts)?),
            TreeKind::MAP => Value::Map(entries(nodes(&mut parts)?)),
            style => {
                let text = parts.next_element()?.ok_or_else(cut_short)?;
                Value::Scalar(Scalar { text, style: Style::from_number(style) })
            }
        };
        let tag = (!tag.is_empty()).then(|| tag.into_boxed_str());
        Ok(Tree(Node { place: here, alias: aliased.then_some(written), tag, value }))
    }
}

fn nodes<'de, A: SeqAccess<'de>>(parts: &mut A) -> Result<Vec<Node>, A::Error> {
    let mut nodes = Vec::new();
    while let Some(Tree(node)) = parts.next_element()? {
        nodes.push(node);
    }
    Ok(nodes)
}

fn entries(nodes: Vec<Node>) -> Vec<Entry> {
    let mut nodes = nodes.into_iter();
    let mut entries = Vec::new();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        entries.push(Entry { key, value });
    }
    entries
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ask(Carried::Tree, deserializer, TreeVisitor)
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        let many = generator.subschema_for::<Vec<T>>();
        json_schema!({ "anyOf": [one, many] })
    }
}

impl<V: JsonSchema> JsonSchema for Pairs<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Pairs_{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<V>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

impl JsonSchema for Tree {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AnyValue".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}
