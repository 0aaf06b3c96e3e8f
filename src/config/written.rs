//! A value of feeds.toml with its place, and texts that may stand alone or in a list.

use std::fmt;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use toml::Spanned;

/// A value and the bytes of the file where it stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Written<T>(Spanned<T>);

impl<T> Written<T> {
    /// The value.
    pub(super) fn get(&self) -> &T {
        self.0.get_ref()
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.0.span()
    }
}

impl<T: JsonSchema> JsonSchema for Written<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A text, or a list of texts.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum OneOrMany {
    // One, whose place is that of the whole value.
    One(String),
    // A list, each with its own place.
    Many(Vec<Written<String>>),
}

impl Written<OneOrMany> {
    /// Each text with its place.
    pub(super) fn each(&self) -> Vec<(&str, Range<usize>)> {
        match self.get() {
            OneOrMany::One(text) => vec![(text.as_str(), self.span())],
            OneOrMany::Many(list) => list.iter().map(|text| (text.get().as_str(), text.span())).collect(),
        }
    }
}

// By hand: serde's untagged enums buffer the value, and its places are lost.
impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany, A::Error> {
                let mut many = Vec::new();
                while let Some(text) = list.next_element()? {
                    many.push(text);
                }
                Ok(OneOrMany::Many(many))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
