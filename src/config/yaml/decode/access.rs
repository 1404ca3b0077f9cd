//! Items and entries handed to `serde` one by one; what is wrong with one is reported at its place.

use std::slice::Iter;

use serde::de::value::{StrDeserializer, StringDeserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use crate::config::yaml::decode::report::{Broken, found};
use crate::config::yaml::decode::{Reader, Sink};
use crate::config::yaml::node::{Entry, Node, Value};
use crate::lint::{Finding, name};

/// The entries of a mapping.
pub(super) type Keys<'a> = Iter<'a, Entry>;

/// The items of a list.
pub(super) struct Items<'a, 'f> {
    items: Iter<'a, Node>,
    sink: &'a Sink<'f>,
}

impl<'a, 'f> Items<'a, 'f> {
    pub(super) fn new(items: &'a [Node], sink: &'a Sink<'f>) -> Self {
        Self { items: items.iter(), sink }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Broken;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Broken> {
        self.items.next().map(|node| read(node, self.sink, seed)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// Reads one node, and reports what is wrong with it.
pub(super) fn read<'de, S: DeserializeSeed<'de>>(
    node: &Node,
    sink: &Sink<'_>,
    seed: S,
) -> Result<S::Value, Broken> {
    seed.deserialize(Reader { node, sink }).map_err(|broken| sink.report(broken, node))
}

/// The entries of a mapping; for a struct only those that it has fields for.
pub(super) struct Fields<'a, 'f> {
    keys: Keys<'a>,
    /// The fields that there are, where that is known, and which of them have come.
    known: Option<(&'static [&'static str], Vec<bool>)>,
    value: Option<&'a Node>,
    sink: &'a Sink<'f>,
}

impl<'a, 'f> Fields<'a, 'f> {
    pub(super) fn any(keys: Keys<'a>, sink: &'a Sink<'f>) -> Self {
        Self { keys, known: None, value: None, sink }
    }

    pub(super) fn of(keys: Keys<'a>, fields: &'static [&'static str], sink: &'a Sink<'f>) -> Self {
        Self { keys, known: Some((fields, vec![false; fields.len()])), value: None, sink }
    }

    /// The next entry that has a field; others are reported, and a null key is passed over as Go does.
    fn next_field(&mut self) -> Option<&'a Entry> {
        let Some((fields, come)) = &mut self.known else {
            return self.keys.find(|entry| !entry.key.is_null());
        };
        for entry in self.keys.by_ref() {
            let key = &entry.key;
            if key.is_null() {
                continue;
            }
            let Some(text) = key.text() else {
                let message = format!("{} stands where a key is wanted", found(key));
                self.sink.push(Finding::error(name::WRONG_TYPE, key.written(), message));
                continue;
            };
            match fields.iter().position(|field| *field == text) {
                None => self.sink.unknown(key, fields),
                Some(at) if come[at] => {
                    let message = format!("the key `{text}` stands here a second time");
                    self.sink.push(Finding::error(name::DUPLICATE_KEY, key.written(), message));
                }
                Some(at) => {
                    come[at] = true;
                    return Some(entry);
                }
            }
        }
        None
    }
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Broken;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Broken> {
        let Some(entry) = self.next_field() else { return Ok(None) };
        self.value = Some(&entry.value);
        match &self.known {
            // A field goes by its characters, whatever they would mean as a value.
            Some(_) => {
                let key: StrDeserializer<'_, Broken> =
                    entry.key.text().unwrap_or_default().into_deserializer();
                seed.deserialize(key).map(Some)
            }
            None => read(&entry.key, self.sink, seed).map(Some),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Broken> {
        let node = self.value.take().ok_or(Broken::Reported)?;
        read(node, self.sink, seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.keys.len())
    }
}

/// A word, or a mapping whose one key is the word.
pub(super) struct Variant<'a, 'f> {
    word: String,
    value: Option<&'a Node>,
    sink: &'a Sink<'f>,
}

impl<'a, 'f> Variant<'a, 'f> {
    pub(super) fn of(reader: Reader<'a, 'f>, variants: &'static [&'static str]) -> Result<Self, Broken> {
        let (word, value) = match &reader.node.value {
            Value::Map(entries) => match entries.as_slice() {
                [entry] => (entry.key.text().unwrap_or_default().to_owned(), Some(&entry.value)),
                _ => return Err(reader.wrong("a mapping with one key")),
            },
            Value::Scalar(_) if !reader.node.is_null() => (reader.text()?, None),
            Value::Scalar(_) | Value::List(_) => return Err(reader.wrong("a word")),
        };
        if variants.contains(&word.as_str()) {
            Ok(Self { word, value, sink: reader.sink })
        } else {
            Err(Broken::Word(word, variants))
        }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, '_> {
    type Error = Broken;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Broken> {
        let word: StringDeserializer<Broken> = self.word.clone().into_deserializer();
        Ok((seed.deserialize(word)?, self))
    }
}

impl Variant<'_, '_> {
    fn value(&self) -> Result<&Node, Broken> {
        self.value.ok_or_else(|| {
            Broken::Wrong(format!("`{}` takes a value", self.word), Some("write it as a mapping: `word: ..`"))
        })
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_> {
    type Error = Broken;

    fn unit_variant(self) -> Result<(), Broken> {
        match self.value {
            Some(value) if !value.is_null() => {
                let message = format!("`{}` takes no value", self.word);
                Err(self.sink.report(Broken::Wrong(message, None), value))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Broken> {
        read(self.value()?, self.sink, seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Broken> {
        use serde::Deserializer;
        let node = self.value()?;
        let reader = Reader { node, sink: self.sink };
        reader.deserialize_tuple(length, visitor).map_err(|broken| self.sink.report(broken, node))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Broken> {
        use serde::Deserializer;
        let node = self.value()?;
        let reader = Reader { node, sink: self.sink };
        reader.deserialize_struct("", fields, visitor).map_err(|broken| self.sink.report(broken, node))
    }
}
