//! A text into which findings can point.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::config::yaml::align;
use crate::config::yaml::decode::{Carried, ask};
use crate::config::yaml::given::place;
use crate::config::yaml::node::Style;
use crate::unit::{Extent, Place};

/// Characters, where they stand, and how they were written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The characters, escapes and folding undone; empty for null, as Prometheus reads it.
    pub value: String,
    /// All of it in the file, quotes included.
    pub place: Place,
    /// How it was written.
    pub style: Style,
}

impl Text {
    /// The place of the very characters in the file that say `extent` of the value.
    ///
    /// `source` is the text of the file. Where the two cannot be brought together (base 64, another file), it is
    /// the place of the whole.
    pub fn at(&self, source: &str, extent: Extent) -> Place {
        match align::align(source, self.place.extent, self.style, &self.value) {
            Some(aligned) => Place { file: self.place.file, extent: aligned.of(extent) },
            None => self.place,
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ask(Carried::Text, deserializer, TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Text, A::Error> {
        let cut_short = || A::Error::custom("a part of the text is missing");
        let place = place(&mut parts)?;
        let style = Style::from_number(parts.next_element()?.ok_or_else(cut_short)?);
        let value = parts.next_element()?.ok_or_else(cut_short)?;
        Ok(Text { value, place, style })
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}
