use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// The first `MOST` entries of a JSON list. An entry takes three bytes of an answer and many times
/// that in memory.
#[derive(Debug)]
pub struct Listed<T, const MOST: usize> {
    pub entries: Vec<T>,
    /// There were more.
    pub cut: bool,
    /// How many there were.
    pub total: usize,
}

impl<T, const MOST: usize> Default for Listed<T, MOST> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            cut: false,
            total: 0,
        }
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Listed<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Entries(PhantomData))
    }
}

struct Entries<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Entries<T, MOST> {
    type Value = Listed<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut listed = Listed::default();
        while listed.entries.len() < MOST {
            match list.next_element()? {
                Some(entry) => {
                    listed.entries.push(entry);
                    listed.total += 1;
                }
                None => return Ok(listed),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            listed.cut = true;
            listed.total += 1;
        }
        Ok(listed)
    }
}
