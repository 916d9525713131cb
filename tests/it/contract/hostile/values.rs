//! What hostile values there are, and which of them break a schema.

use push_notify_tests::OpenApi;
use serde_json::{Value, json};

/// Strings that mean something to somebody.
pub fn texts() -> Vec<String> {
    vec![
        String::new(),
        "x".repeat(10_000),
        "👩‍👩‍👧‍👦🚀".to_owned(),
        "\u{202e}\u{5e9}\u{5dc}\u{5d5}\u{5dd}".to_owned(),
        "a\0b".to_owned(),
        "' OR 1=1 --".to_owned(),
        "%'; DROP TABLE users; --".to_owned(),
        "{{.}}{{range .}}{{end}}{{".to_owned(),
        "../../etc/passwd".to_owned(),
        "a\r\nX-Injected: yes".to_owned(),
    ]
}

pub fn numbers() -> Vec<Value> {
    vec![
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e300),
        json!(-0.5),
    ]
}

/// What a field of this schema is tried with.
pub fn values(doc: &OpenApi, schema: &Value) -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!("text"),
        json!([]),
        json!({}),
        json!([null]),
        json!(["x"]),
        json!([-1]),
        json!({"a\0": {"$ne": 1}}),
    ];
    values.extend(numbers());
    values.extend(texts().into_iter().map(Value::from));
    if doc.types(schema).contains(&"array") {
        values.push((0..10_000).collect());
    }
    values
}

/// Whether a JSON value breaks what the schema says. Null stands for an absent field, so it is
/// never counted; nor is the empty text where it does, too.
pub fn breaks(doc: &OpenApi, schema: &Value, value: &Value) -> bool {
    let types = doc.types(schema);
    let own = match value {
        Value::Null => return false,
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if value == "" && doc.parts(schema).iter().any(|part| part["const"] == "") {
        return false;
    }
    let fits =
        types.is_empty() || types.contains(&own) || (own == "integer" && types.contains(&"number"));
    let limit = |name: &str| doc.keyword(schema, name).and_then(Value::as_f64);
    let outside = |size: f64, least: &str, most: &str| {
        limit(least).is_some_and(|least| size < least)
            || limit(most).is_some_and(|most| size > most)
    };
    let enumerated = doc.keyword(schema, "enum").and_then(Value::as_array);
    let unknown = enumerated.is_some_and(|known| !known.contains(value));
    let too_much = match value {
        Value::String(text) => outside(text.chars().count() as f64, "minLength", "maxLength"),
        Value::Number(number) => outside(number.as_f64().unwrap_or_default(), "minimum", "maximum"),
        Value::Array(entries) => {
            outside(entries.len() as f64, "minItems", "maxItems")
                || doc.items(schema).is_some_and(|items| {
                    entries
                        .iter()
                        .any(|entry| entry.is_null() || breaks(doc, items, entry))
                })
        }
        _ => false,
    };
    !fits || unknown || too_much
}

/// As [`breaks`], for what stands in a query. An empty one counts as absent.
pub fn breaks_as_text(doc: &OpenApi, schema: &Value, text: &str, required: bool) -> bool {
    if text.is_empty() {
        return required;
    }
    let types = doc.types(schema);
    let format = doc.keyword(schema, "format").and_then(Value::as_str);
    match text.parse::<i64>() {
        Ok(number) if types.contains(&"integer") => breaks(doc, schema, &json!(number)),
        _ if types.contains(&"integer") => true,
        // None of the texts is one.
        _ if matches!(format, Some("date" | "date-time")) => true,
        _ => breaks(doc, schema, &json!(text)),
    }
}

/// A text whose length the document does not limit.
pub fn is_boundless(doc: &OpenApi, schema: &Value) -> bool {
    let limits = ["maxLength", "enum", "const", "format"];
    let is_text = doc.types(schema).contains(&"string");
    is_text
        && limits
            .iter()
            .all(|name| doc.keyword(schema, name).is_none())
}
