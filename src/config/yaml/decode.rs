//! From a tree to a `serde` type, with every misfit reported and left out.

mod access;
mod carry;
mod report;

use std::cell::RefCell;

use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::config::yaml::node::{Node, Value};
use crate::config::yaml::resolve::Meaning;
use crate::lint::Finding;

use access::{Fields, Items, Keys, Variant};
use report::{Broken, found, way_out};

pub(super) use carry::{Carried, Tree as TreeKind, ask};

/// Reads a tree as a `T`. What does not fit is a finding and is left out; none comes back only where the whole
/// cannot be read.
pub fn decode<T: DeserializeOwned>(node: &Node, findings: &mut Vec<Finding>) -> Option<T> {
    let sink = Sink(RefCell::new(findings));
    let reader = Reader { node, sink: &sink };
    T::deserialize(reader).map_err(|broken| sink.report(broken, node)).ok()
}

/// Where the findings go while many readers hold it.
struct Sink<'f>(RefCell<&'f mut Vec<Finding>>);

/// One node, about to be read.
#[derive(Clone, Copy)]
struct Reader<'a, 'f> {
    node: &'a Node,
    sink: &'a Sink<'f>,
}

impl<'a> Reader<'a, '_> {
    /// What the scalar says; a list or mapping is not what was wanted.
    fn meaning(&self, wanted: &str) -> Result<Meaning, Broken> {
        match &self.node.value {
            Value::Scalar(_) => self.node.meaning().map_err(|misfit| Broken::Bad(misfit.to_string())),
            Value::List(_) | Value::Map(_) => Err(self.wrong(wanted)),
        }
    }

    fn wrong(&self, wanted: &str) -> Broken {
        let message = format!("{} stands where {wanted} is wanted", found(self.node));
        Broken::Wrong(message, way_out(self.node, wanted))
    }

    /// The characters of any scalar: a number is a text too where a text is wanted.
    fn text(&self) -> Result<String, Broken> {
        match self.meaning("a text")? {
            Meaning::Null => Ok(String::new()),
            Meaning::Binary(bytes) => String::from_utf8(bytes)
                .map_err(|_| Broken::Bad("these bytes are no text in UTF-8".to_owned())),
            Meaning::Bool(_) | Meaning::Int(_) | Meaning::Float(_) | Meaning::Time | Meaning::Text => {
                Ok(self.node.text().unwrap_or_default().to_owned())
            }
        }
    }

    fn items(&self) -> Result<&'a [Node], Broken> {
        match &self.node.value {
            Value::List(items) => Ok(items),
            _ if self.node.is_null() => Ok(&[]),
            Value::Scalar(_) | Value::Map(_) => Err(self.wrong("a list")),
        }
    }

    fn keys(&self, wanted: &str) -> Result<Keys<'a>, Broken> {
        match &self.node.value {
            Value::Map(entries) => Ok(entries.iter()),
            _ if self.node.is_null() => Ok([].iter()),
            Value::Scalar(_) | Value::List(_) => Err(self.wrong(wanted)),
        }
    }

    fn whole<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        const WANTED: &str = "a whole number";
        match self.meaning(WANTED)? {
            Meaning::Int(whole) => int(whole, visitor),
            // `5.0` and `1e3` are whole; the cast is exact below 2^63.
            #[expect(clippy::cast_possible_truncation, reason = "bounded by the guard")]
            Meaning::Float(number) if number.fract() == 0.0 && number.abs() < 9.2e18 => {
                int(number as i128, visitor)
            }
            Meaning::Null
            | Meaning::Bool(_)
            | Meaning::Float(_)
            | Meaning::Time
            | Meaning::Text
            | Meaning::Binary(_) => Err(self.wrong(WANTED)),
        }
    }
}

/// Serde knows 64 bits with and without a sign.
fn int<'de, V: Visitor<'de>>(whole: i128, visitor: V) -> Result<V::Value, Broken> {
    match (u64::try_from(whole), i64::try_from(whole)) {
        (Ok(whole), _) => visitor.visit_u64(whole),
        (Err(_), Ok(whole)) => visitor.visit_i64(whole),
        (Err(_), Err(_)) => visitor.visit_i128(whole),
    }
}

/// One line for each kind of number.
macro_rules! whole_numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
            self.whole(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'_, '_> {
    type Error = Broken;

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        match &self.node.value {
            Value::List(items) => visitor.visit_seq(Items::new(items, self.sink)),
            Value::Map(entries) => visitor.visit_map(Fields::any(entries.iter(), self.sink)),
            Value::Scalar(_) => match self.meaning("a value")? {
                Meaning::Null => visitor.visit_unit(),
                Meaning::Bool(truth) => visitor.visit_bool(truth),
                Meaning::Int(whole) => int(whole, visitor),
                Meaning::Float(number) => visitor.visit_f64(number),
                Meaning::Time | Meaning::Text | Meaning::Binary(_) => visitor.visit_string(self.text()?),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        const WANTED: &str = "`true` or `false`";
        // Prometheus's own files have none, so nothing has to be taken over of what Go makes of `yes` and `"on"`.
        if let Meaning::Bool(truth) = self.meaning(WANTED)? {
            visitor.visit_bool(truth)
        } else {
            Err(self.wrong(WANTED))
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        const WANTED: &str = "a number";
        match self.meaning(WANTED)? {
            Meaning::Int(whole) => int(whole, visitor),
            Meaning::Float(number) => visitor.visit_f64(number),
            Meaning::Null | Meaning::Bool(_) | Meaning::Time | Meaning::Text | Meaning::Binary(_) => {
                Err(self.wrong(WANTED))
            }
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.deserialize_string(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        if self.node.is_null() { visitor.visit_unit() } else { Err(self.wrong("nothing")) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Broken> {
        match Carried::named(name) {
            Some(carried) => carried.hand_over(self, visitor),
            None => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_seq(Items::new(self.items()?, self.sink))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Broken> {
        let items = self.items()?;
        if items.len() != length {
            return Err(self.wrong(&format!("a list of {length}")));
        }
        visitor.visit_seq(Items::new(items, self.sink))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_map(Fields::any(self.keys("a mapping")?, self.sink))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Broken> {
        let keys = self.keys(&report::mapping_with(fields))?;
        visitor.visit_map(Fields::of(keys, fields, self.sink))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Broken> {
        visitor.visit_enum(Variant::of(self, variants)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { bytes byte_buf unit_struct tuple_struct identifier }
}
