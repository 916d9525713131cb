//! The OpenAPI document says of every endpoint what the contract says.

use push_notify_tests::{
    Backend, OpenApi, Operation, TestApp,
    contract::{self, Endpoint, Field, Key, Kind},
};
use serde_json::Value;
use std::collections::HashSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_of_the_contract_is_in_the_openapi_document() {
    let app = TestApp::start(Backend::Sqlite).await;
    let doc = OpenApi::of(&app.anonymous()).await;
    let version = doc.0["openapi"].as_str().unwrap_or_default();
    assert!(version.starts_with("3.1"), "{version}");
    let mut problems = Vec::new();
    for endpoint in contract::endpoints() {
        let found = match doc.find(&endpoint.method, &endpoint.path) {
            Some(operation) => compare(&doc, &endpoint, &operation),
            None => vec!["is not in it".to_owned()],
        };
        problems.extend(found.iter().map(|problem| format!("{endpoint}: {problem}")));
    }
    let count = problems.len();
    assert!(
        problems.is_empty(),
        "{count} problems:\n{}",
        problems.join("\n")
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_in_the_openapi_document_leads_nowhere() {
    let app = TestApp::start(Backend::Sqlite).await;
    let doc = OpenApi::of(&app.anonymous()).await;
    let mut problems = Vec::new();
    dead_ends(&doc, &doc.0, "", &mut problems);
    let mut ids = HashSet::new();
    for operation in doc.operations() {
        let id = operation.id();
        if !ids.insert(id.to_owned()) {
            problems.push(format!("there are two operations `{id}`"));
        }
        for parameter in operation.parameters() {
            let in_path = operation.path.contains(&format!("{{{}}}", parameter.name));
            if in_path != (parameter.place == "path") {
                problems.push(format!("{id}: `{}` is in the wrong place", parameter.name));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    app.stop().await;
}

/// References to what is not there, and bodies and answers without a schema.
fn dead_ends(doc: &OpenApi, value: &Value, path: &str, problems: &mut Vec<String>) {
    if path.ends_with("/example") {
        return;
    }
    if let Some(reference) = value["$ref"].as_str()
        && doc.0.pointer(reference.trim_start_matches('#')).is_none()
    {
        problems.push(format!("{path}: {reference}"));
    }
    if path.ends_with("/content") && !path.ends_with("/properties/content") {
        for (media, described) in value.as_object().into_iter().flatten() {
            if !described["schema"].is_object() {
                problems.push(format!("{path}: {media} has no schema"));
            }
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        dead_ends(doc, inner, &format!("{path}/{name}"), problems);
    }
    for inner in value.as_array().into_iter().flatten() {
        dead_ends(doc, inner, path, problems);
    }
}

fn compare(doc: &OpenApi, endpoint: &Endpoint, operation: &Operation<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    let parameters = operation.parameters();
    for field in endpoint.parameters() {
        let mut there = parameters.iter();
        match there.find(|there| there.place == "query" && there.name == field.name) {
            Some(there) => {
                problems.extend(differs(doc, endpoint, &field, there.schema, there.required))
            }
            None => problems.push(format!("parameter `{}` is missing", field.name)),
        }
    }
    let in_path = parameters
        .iter()
        .filter(|there| there.place == "path")
        .count();
    if in_path != endpoint.path.matches('{').count() {
        problems.push(format!("has {in_path} path parameters"));
    }
    for field in &endpoint.body {
        let there = operation.body().and_then(|body| {
            Some((
                doc.property(body, &field.name)?,
                doc.requires(body, &field.name),
            ))
        });
        match there {
            Some((schema, required)) => {
                problems.extend(differs(doc, endpoint, field, schema, required))
            }
            None => problems.push(format!("body field `{}` is missing", field.name)),
        }
    }
    if operation.answer(200).is_none() {
        problems.push("has no successful answer".to_owned());
    } else if !endpoint.download {
        problems.extend(answers(doc, endpoint, operation));
    }
    problems
}

/// Fields that the contract asks for and we can do without.
const OPTIONAL: [(&str, &str); 1] = [("/api/v1/templates/preview", "template_id")];

fn differs(
    doc: &OpenApi,
    endpoint: &Endpoint,
    field: &Field,
    schema: &Value,
    required: bool,
) -> Option<String> {
    let name = &field.name;
    let expected = field.required && !OPTIONAL.contains(&(endpoint.path.as_str(), name.as_str()));
    if expected != required {
        return Some(format!("`{name}` is required: {required}"));
    }
    let types = doc.types(schema);
    let fits = types.contains(&field.kind.schema_type());
    (!fits).then(|| format!("`{name}` is {types:?}"))
}

fn answers(doc: &OpenApi, endpoint: &Endpoint, operation: &Operation<'_>) -> Vec<String> {
    let Some(envelope) = operation.envelope() else {
        return vec!["the answer has no schema".to_owned()];
    };
    let mut problems: Vec<String> = ["code", "message", "request_id"]
        .into_iter()
        .filter(|name| doc.property(envelope, name).is_none())
        .map(|name| format!("the answer has no `{name}`"))
        .collect();
    let keys = endpoint.keys();
    match doc.property(envelope, "data") {
        Some(data) => {
            // What is in a target's `config` is the plugin's.
            let keys = keys.iter().filter(|key| !key.path.starts_with("config."));
            problems.extend(keys.filter_map(|key| lacks(doc, key, data)));
        }
        None if keys.is_empty() => {}
        None => problems.push("the answer has no `data`".to_owned()),
    }
    problems
}

/// What the schema of `data` does not say about a key.
fn lacks(doc: &OpenApi, key: &Key, data: &Value) -> Option<String> {
    let path = &key.path;
    let mut schema = data;
    for step in path.split('.') {
        let name = step.trim_end_matches("[]").trim_end_matches("[?]");
        let Some(inner) = doc.property(schema, name) else {
            return Some(format!("the answer's `{path}` is missing"));
        };
        schema = inner;
        if name != step {
            let Some(items) = doc.items(schema) else {
                return Some(format!("the answer's `{path}`: `{name}` has no items"));
            };
            schema = items;
        }
    }
    let types = doc.types(schema);
    // Every whole number is a number.
    let fits = types.contains(&key.kind.schema_type())
        || (key.kind == Kind::Number && types.contains(&"integer"));
    (!fits).then(|| format!("the answer's `{path}` is {types:?}"))
}
