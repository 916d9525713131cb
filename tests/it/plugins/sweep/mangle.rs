//! What becomes of a payload on a bad way.

use push_notify_tests::Payload;
use serde_json::{Map, Value, json};

/// Fields that are changed in each object of a payload. Which ones goes on from payload to payload.
const FIELDS: usize = 4;
/// Objects inside the payload that are looked into.
const INSIDE: [&str; 8] = [
    "pull_request",
    "object_attributes",
    "repository",
    "project",
    "head_commit",
    "sender",
    "changes",
    "commits",
];
/// Deeper than a parser likes it.
const DEPTH: usize = 50_000;

/// Some mangled forms of each payload.
pub(super) fn each(payloads: Vec<Payload>) -> impl Iterator<Item = Payload> {
    let payloads = payloads.into_iter().enumerate();
    payloads.flat_map(|(index, payload)| some(&payload, index))
}

/// Others for each `index`, always the same.
fn some(payload: &Payload, index: usize) -> Vec<Payload> {
    let body = &payload.body;
    let mut some: Vec<Payload> = [body.len() / 3, body.len() / 2, body.len() - 2]
        .into_iter()
        .map(|length| payload.with(&format!("cut at {length}"), &body[..length]))
        .collect();
    some.push(payload.with(
        "with bytes that are no text",
        [&body[..10], b"\xff\xfe"].concat(),
    ));
    let nested = ["[", "{\"commits\":"][index % 2].repeat(DEPTH);
    some.push(payload.with("replaced by nesting", nested));
    if let Ok(Value::Object(whole)) = serde_json::from_slice(body) {
        let wrong = wrong_types(&whole, index);
        some.extend(wrong.map(|(how, body)| payload.with(&how, body.to_string())));
        let deep = "[".repeat(DEPTH) + &"]".repeat(DEPTH);
        let rest = Value::Object(whole).to_string();
        let nested = format!("{{\"changes\":{deep},{}", &rest[1..]);
        some.push(payload.with("with nesting in a field", nested));
    }
    some
}

/// The payload with one field of another type.
fn wrong_types(whole: &Map<String, Value>, index: usize) -> impl Iterator<Item = (String, Value)> {
    let top = chosen(whole, index).map(|name| format!("/{name}"));
    let inside = INSIDE.into_iter().flat_map(|object| {
        let (path, fields) = match &whole.get(object) {
            Some(Value::Object(fields)) => (format!("/{object}"), Some(fields)),
            Some(Value::Array(list)) => {
                let first = list.first().and_then(Value::as_object);
                (format!("/{object}/0"), first)
            }
            _ => (String::new(), None),
        };
        let names = fields.into_iter().flat_map(|fields| chosen(fields, index));
        names
            .map(move |name| format!("{path}/{name}"))
            .collect::<Vec<_>>()
    });
    let paths: Vec<String> = top.chain(inside).collect();
    paths.into_iter().enumerate().map(move |(number, path)| {
        let mut body = Value::Object(whole.clone());
        let wrong = another(index + number);
        let shown: String = wrong.to_string().chars().take(20).collect();
        let how = format!("with {path} = {shown}");
        if let Some(field) = body.pointer_mut(&path) {
            *field = wrong;
        }
        (how, body)
    })
}

fn chosen(object: &Map<String, Value>, index: usize) -> impl Iterator<Item = &String> {
    let all = object.len();
    object
        .keys()
        .cycle()
        .skip(index)
        .step_by(3)
        .take(FIELDS.min(all))
}

fn another(number: usize) -> Value {
    let values = [
        Value::Null,
        json!(7),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(true),
        json!(""),
        json!("\0\u{202e}{{.}}"),
        json!("長".repeat(10_000)),
        json!([]),
        json!([null]),
        json!([[], {}]),
        json!({}),
        json!({"ref": {"ref": "ref"}}),
    ];
    values[number % values.len()].clone()
}
