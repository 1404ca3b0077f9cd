//! A value with its place, and a key that may be there, be missing or be broken.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use crate::config::yaml::decode::{Carried, ask};
use crate::unit::{Extent, FileId, Place};

/// A value and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot<T> {
    /// The value.
    pub value: T,
    /// The characters that say it.
    pub place: Place,
}

/// What a key was given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Given<T> {
    /// Nothing: the key is not there, or null.
    #[default]
    Absent,
    /// Something that could not be read, and was reported.
    Broken(Place),
    /// A value.
    Is(Spot<T>),
}

impl<T> Given<T> {
    /// The value and its place, if there is one.
    pub fn spot(self) -> Option<Spot<T>> {
        match self {
            Self::Is(spot) => Some(spot),
            Self::Absent | Self::Broken(_) => None,
        }
    }

    /// The value, if there is one.
    pub fn value(self) -> Option<T> {
        self.spot().map(|spot| spot.value)
    }

    /// The value and its place, if there is one, left where they are.
    pub const fn get(&self) -> Option<&Spot<T>> {
        match self {
            Self::Is(spot) => Some(spot),
            Self::Absent | Self::Broken(_) => None,
        }
    }

    /// Where it stands, broken or not.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Absent => None,
            Self::Broken(place) => Some(*place),
            Self::Is(spot) => Some(spot.place),
        }
    }

    /// Whether the key is missing or null.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether something stands there that could not be read.
    pub const fn is_broken(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}

/// The three numbers that a place travels as.
pub(super) fn place<'de, A: SeqAccess<'de>>(parts: &mut A) -> Result<Place, A::Error> {
    let mut next = || parts.next_element::<u32>()?.ok_or_else(|| A::Error::custom("its place is missing"));
    let (file, start, end) = (FileId(next()?), next()?, next()?);
    Ok(Place { file, extent: Extent::new(start, end) })
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spot<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ask(Carried::Spot, deserializer, SpotVisitor(PhantomData))
    }
}

struct SpotVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpotVisitor<T> {
    type Value = Spot<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Spot<T>, A::Error> {
        let place = place(&mut parts)?;
        let value = parts.next_element()?.ok_or_else(|| A::Error::custom("its value is missing"))?;
        Ok(Spot { value, place })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ask(Carried::Given, deserializer, GivenVisitor(PhantomData))
    }
}

struct GivenVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for GivenVisitor<T> {
    type Value = Given<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_unit<E: Error>(self) -> Result<Given<T>, E> {
        Ok(Given::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Given<T>, A::Error> {
        let place = place(&mut parts)?;
        // An error here was reported where it arose; the keys beside this one are still to be read.
        match parts.next_element() {
            Ok(Some(value)) => Ok(Given::Is(Spot { value, place })),
            Ok(None) | Err(_) => Ok(Given::Broken(place)),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Spot<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Given<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        Option::<T>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}
