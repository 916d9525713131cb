//! JSON to the values that gotmpl works on.

use gotmpl::Value;
use std::sync::Arc;

/// Lists and objects within each other; what lies deeper is taken as null. Ours are four deep.
const MAX_DEPTH: usize = 32;

/// Whole numbers stay whole (Go's JSON makes floats of them all, and `eq .FileCount 2` would fail).
pub(super) fn value(json: &serde_json::Value) -> Value {
    nested(json, MAX_DEPTH)
}

fn nested(json: &serde_json::Value, depth: usize) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Nil,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(int), _, _) => Value::Int(int),
            (None, Some(uint), _) => Value::Uint(uint),
            (None, None, Some(float)) => Value::Float(float),
            (None, None, None) => Value::Nil,
        },
        Json::String(text) => Value::String(Arc::from(text.as_str())),
        Json::Array(_) | Json::Object(_) if depth == 0 => Value::Nil,
        Json::Array(items) => {
            Value::List(items.iter().map(|item| nested(item, depth - 1)).collect())
        }
        Json::Object(fields) => Value::Map(Arc::new(
            fields
                .iter()
                .map(|(key, item)| (Arc::from(key.as_str()), nested(item, depth - 1)))
                .collect(),
        )),
    }
}
