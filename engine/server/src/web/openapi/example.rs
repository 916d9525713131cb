//! Examples of answers, made from their schemas.

use serde_json::{Map, Value, json};

/// Schemas within schemas are followed so far.
const DEEPEST: usize = 8;

/// Gives each answer in JSON an example.
pub(super) fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    let operations = paths
        .values_mut()
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    for operation in operations {
        let Some(answer) = operation.pointer_mut("/responses/200/content/application~1json") else {
            continue;
        };
        if let Some(schema) = answer.get("schema").cloned() {
            answer["example"] = example("", &schema, &schemas, 0);
        }
    }
}

/// A value of this schema, under this name.
fn example(name: &str, schema: &Value, schemas: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    let of = |name: &str, schema: &Value| example(name, schema, schemas, depth + 1);
    if let Some(given) = schema.get("example").or_else(|| schema.get("const")) {
        return given.clone();
    }
    if let Some(first) = first(schema, &["examples", "enum"]) {
        return first.clone();
    }
    if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
        let referred = path.rsplit('/').next().unwrap_or_default();
        return of(name, &schemas[referred]);
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        let options = schema.get(key).and_then(Value::as_array);
        let useful = options.and_then(|options| {
            let null = |option: &&Value| option["type"] == "null";
            options.iter().find(|option| !null(option))
        });
        if let Some(option) = useful {
            return of(name, option);
        }
    }
    match kind(schema) {
        "object" => {
            let properties = schema["properties"].as_object();
            let fields = properties.into_iter().flatten();
            fields
                .map(|(name, schema)| (name.clone(), of(name, schema)))
                .collect::<Map<_, _>>()
                .into()
        }
        "array" => match schema.get("items") {
            Some(items) => json!([of(name.trim_end_matches('s'), items)]),
            None => json!([]),
        },
        "string" => text(name).into(),
        "integer" => number(name).into(),
        "number" => json!(98.5),
        "boolean" => json!(true),
        _ => Value::Null,
    }
}

fn first<'a>(schema: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter()
        .find_map(|key| schema.get(*key)?.as_array()?.first())
}

/// The type; of several, the one that is not null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or_default(),
        _ => "",
    }
}

fn number(name: &str) -> i64 {
    match name {
        "size" => 10,
        "total" => 42,
        "expires_in" => 86_400,
        _ => 1,
    }
}

fn text(name: &str) -> &str {
    match name {
        "message" => "success",
        "request_id" => "7b0c8a52-5e0f-4b8e-9d57-0d1d6a1f3c11",
        "date" => "2026-01-19",
        "url" => "https://github.com/company/backend-service",
        "webhook_url" => "https://notify.example.com/webhook/5f2b0c",
        "email" => "dev@example.com",
        "username" => "zhangsan",
        "name" | "repo_name" => "backend-service",
        "token_type" => "Bearer",
        "type" | "target_type" => "dingtalk",
        "status" => "active",
        "commit_id" => "9fceb02d0ae598e95dc970b74767f19372d61af8",
        "commit_msg" | "msg" => "feat: log in by mail",
        "branch" => "main",
        name if name.ends_with("_at") || name == "time" => "2026-01-19T14:30:00Z",
        _ => "text",
    }
}
