//! What a request holds, as a mapping sees it.

use crate::{problem::problem, proof};
use push_notify_sdk::{MappingProblem, Webhook, delivery::excerpt, json::without_bom};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Of a body, in bytes: as values it takes many times that in memory.
pub(crate) const MOST: usize = 1 << 20;

/// The request's parts: `Body`, `Headers`, `Query` and `Path`.
pub(crate) struct Data {
    pub(crate) body: Value,
    headers: Value,
    query: Value,
    /// What follows the webhook's address.
    path: Value,
}

/// They, and the element of the list that an event is made of: without a list, the body.
pub(crate) struct Scene<'a> {
    pub(crate) data: &'a Data,
    pub(crate) item: &'a Value,
}

impl Data {
    pub(crate) fn scene<'a>(&'a self, item: &'a Value) -> Scene<'a> {
        Scene { data: self, item }
    }
}

impl<'a> Scene<'a> {
    /// The value at `pointer` of one of the parts.
    pub(crate) fn find(&self, part: &str, pointer: &str) -> Option<&'a Value> {
        let value = match part {
            "header" => &self.data.headers,
            "query" => &self.data.query,
            "item" => self.item,
            _ => &self.data.body,
        };
        value.pointer(pointer)
    }

    /// What templates are rendered with.
    pub(crate) fn value(&self) -> Value {
        let parts = [
            ("Body", &self.data.body),
            ("Item", self.item),
            ("Headers", &self.data.headers),
            ("Query", &self.data.query),
            ("Path", &self.data.path),
        ];
        let parts = parts.map(|(name, value)| (name.to_owned(), value.clone()));
        Value::Object(parts.into_iter().collect())
    }
}

/// The request without what proves it. A body without anything is refused, and so is one that two
/// readers would read differently.
pub(crate) fn data(webhook: &Webhook, settings: &proof::Settings) -> Result<Data, MappingProblem> {
    let query = form(webhook.query.as_bytes(), |name| {
        settings.hides_parameter(name)
    });
    let headers = webhook.headers.iter();
    let headers = headers.filter(|header| !settings.hides_header(&header.name));
    let headers = headers.map(|it| (it.name.clone(), Value::from(it.value.clone())));
    Ok(Data {
        body: body(webhook)?,
        headers: Value::Object(headers.collect()),
        query: Value::Object(query),
        path: webhook.path.as_str().into(),
    })
}

fn body(webhook: &Webhook) -> Result<Value, MappingProblem> {
    let refuse = |zh: String, en: String| Err(problem("", zh, en));
    if webhook.body.len() > MOST {
        let (zh, en) = ("超过1 MiB", "is larger than 1 MiB");
        return refuse(zh.to_owned(), en.to_owned());
    }
    let Ok(text) = std::str::from_utf8(without_bom(&webhook.body)) else {
        return refuse("不是UTF-8文本".to_owned(), "is not UTF-8".to_owned());
    };
    if text.trim().is_empty() {
        return refuse("为空".to_owned(), "is empty".to_owned());
    }
    let kind = webhook.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(Value::Object(form(text.as_bytes(), |_| false)));
    }
    match serde_json::from_str::<Sound>(text) {
        Ok(Sound(value)) => Ok(value),
        Err(error) => {
            let error = error.to_string();
            let error = excerpt(&error);
            refuse(
                format!("不是有效的JSON：{error}"),
                format!("is not JSON: {error}"),
            )
        }
    }
}

/// A name that is there more than once has a list of its values.
fn form(text: &[u8], hides: impl Fn(&str) -> bool) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(text) {
        if hides(&name) {
            continue;
        }
        let value = Value::from(value.into_owned());
        match fields.get_mut(&*name) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
            None => _ = fields.insert(name.into_owned(), value),
        }
    }
    fields
}

/// JSON in which no object has a key twice.
struct Sound(Value);

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Sound(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if fields.contains_key(&name) {
                let name = excerpt(&name);
                return Err(A::Error::custom(format!("the key `{name}` is there twice")));
            }
            let Sound(value) = map.next_value()?;
            fields.insert(name, value);
        }
        Ok(Value::Object(fields))
    }
}
