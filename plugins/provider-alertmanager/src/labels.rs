//! Labels, of which the first are kept: a pair takes few bytes of a body and many times that in
//! memory.

use push_notify_sdk::Label;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use std::fmt;

/// As many as the engine keeps.
const MOST: usize = 64;

#[derive(Debug, Clone, Default)]
pub(crate) struct Labels(pub(crate) Vec<Label>);

impl Labels {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut labels = self.0.iter();
        let label = labels.find(|label| label.name == name)?;
        Some(label.value.as_str()).filter(|value| !value.is_empty())
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Labels;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of labels")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
                let mut labels = Vec::new();
                while labels.len() < MOST {
                    let Some((name, value)) = map.next_entry::<String, Option<String>>()? else {
                        return Ok(Labels(labels));
                    };
                    labels.extend(value.map(|value| Label { name, value }));
                }
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Labels(labels))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}
