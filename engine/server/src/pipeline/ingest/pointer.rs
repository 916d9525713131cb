//! Texts in JSON, by pointers to them (RFC 6901). What no pointer leads to is skipped as it is
//! read: a tree of a stranger's values would be many times as large as the bytes.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::{borrow::Cow, fmt};

/// The texts of at most `most` bytes at these places, in the order of the pointers. None where it
/// is no JSON.
pub(super) fn texts(json: &[u8], pointers: &[String], most: usize) -> Vec<String> {
    let steps: Vec<Vec<String>> = pointers.iter().map(|pointer| steps(pointer)).collect();
    let mut found = vec![None; steps.len()];
    let here = steps.iter().map(Vec::as_slice).enumerate();
    let value = Value {
        wanted: here.collect(),
        found: &mut found,
        most,
    };
    let mut json = serde_json::Deserializer::from_slice(json);
    let read = value.deserialize(&mut json).and_then(|()| json.end());
    match read {
        Ok(()) => found.into_iter().flatten().collect(),
        Err(_) => Vec::new(),
    }
}

fn steps(pointer: &str) -> Vec<String> {
    let steps = pointer.split('/').skip(1);
    let plain = steps.map(|step| step.replace("~1", "/").replace("~0", "~"));
    plain.collect()
}

/// A value that something is wanted of: the steps from here, by the pointer's place in the list.
struct Value<'a> {
    wanted: Vec<(usize, &'a [String])>,
    found: &'a mut [Option<String>],
    most: usize,
}

impl<'a> Value<'a> {
    /// The value one step further, where any pointer leads there.
    fn at(&mut self, step: &str) -> Option<Value<'_>> {
        let further = |(pointer, steps): &(usize, &'a [String])| {
            let (first, rest) = steps.split_first()?;
            (first == step).then_some((*pointer, rest))
        };
        let wanted: Vec<_> = self.wanted.iter().filter_map(further).collect();
        (!wanted.is_empty()).then_some(Value {
            wanted,
            found: self.found,
            most: self.most,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match self.at(&name) {
                Some(value) => map.next_value_seed(value)?,
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let indexes = self.wanted.iter();
        let last = indexes
            .filter_map(|(_, steps)| steps.first()?.parse::<usize>().ok())
            .max();
        for index in 0_usize.. {
            let value = match last >= Some(index) {
                true => self.at(&index.to_string()),
                false => None,
            };
            let more = match value {
                Some(value) => list.next_element_seed(value)?.is_some(),
                None => list.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        for (pointer, steps) in self.wanted {
            if steps.is_empty() && text.len() <= self.most {
                self.found[pointer] = Some(text.to_owned());
            }
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
