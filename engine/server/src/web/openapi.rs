//! `GET /api/v1/doc`: the OpenAPI 3.1 document, made from the route table and the handlers'
//! signatures.

use super::{endpoint::Endpoint, router};
use crate::{
    app::App,
    auth::access::Access,
    http::describe::{About, Answered, Output, Parameter},
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

mod example;

/// A document that is no envelope.
pub struct Document(Bytes);

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}

impl Output for Document {
    fn describe(about: &mut About<'_>) {
        about.answer = Some(Answered::Raw(
            "application/json",
            json!({ "type": "object" }),
        ));
    }
}

/// `GET /doc`
pub async fn document(State(app): State<App>) -> Document {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    let text = DOCUMENT.get_or_init(|| generate(&router::endpoints(&app)).to_string().into());
    Document(text.clone())
}

/// The document about these endpoints.
pub fn generate(endpoints: &[Endpoint]) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for endpoint in endpoints {
        let operation = operation(endpoint, &mut generator);
        let path = paths
            .entry(endpoint.path.replace("{*", "{"))
            .or_insert_with(|| json!({}));
        path[endpoint.method.as_str().to_ascii_lowercase()] = operation;
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Error".to_owned(), error_schema());
    let error = json!({
        "description": "Refused. `code` is a business code where there is one, else the HTTP status.",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
    });
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Push Notify",
            // Of the API; that of the server is nobody's business but its administrators'.
            "version": "1",
            "description": "Every answer is an envelope `{code, message, data | details, request_id}`. Messages are in \
                Chinese, or in English with `Accept-Language: en-US`. Times are RFC 3339 in UTC.",
            "license": { "name": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Error": error },
            "securitySchemes": {
                "login": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "api_key": { "type": "apiKey", "in": "header", "name": "X-API-Key" },
            },
        },
    });
    join_lines(&mut document);
    example::add(&mut document);
    document
}

/// Descriptions come from comments, and break their lines where those do. A paragraph is one line.
fn join_lines(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                let paragraphs = text.split("\n\n").map(|text| text.replace('\n', " "));
                *text = paragraphs.collect::<Vec<_>>().join("\n\n");
            }
            fields.values_mut().for_each(join_lines);
        }
        Value::Array(entries) => entries.iter_mut().for_each(join_lines),
        _ => {}
    }
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let mut about = About::new(generator);
    (endpoint.describe)(&mut about);
    let mut parameters: Vec<Value> = path_names(endpoint.path)
        .map(|name| {
            let schema = match about.numbered {
                true => json!({ "type": "integer", "minimum": 1 }),
                false => json!({ "type": "string" }),
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect();
    parameters.extend(about.query.into_iter().map(query_parameter));
    let success = match about.answer {
        Some(Answered::Data(data)) => json!({
            "description": "Done.",
            "content": { "application/json": { "schema": envelope(data) } },
        }),
        Some(Answered::Raw(media_type, schema)) => json!({
            "description": "Done.",
            "content": { media_type: { "schema": schema } },
        }),
        Some(Answered::File(media_types)) => {
            let content: Map<String, Value> = media_types
                .iter()
                .map(|name| ((*name).to_owned(), json!({ "schema": {} })))
                .collect();
            json!({ "description": "A file.", "content": content })
        }
        None => json!({ "description": "Done." }),
    };
    let refused = json!({ "$ref": "#/components/responses/Error" });
    let mut operation = json!({
        "operationId": operation_id(endpoint),
        "tags": [tag(endpoint.path)],
        "summary": endpoint.summary,
        "description": who(endpoint.access),
        "parameters": parameters,
        "security": security(endpoint.access),
        "responses": { "200": success, "default": refused },
    });
    if let Some(body) = about.body {
        operation["requestBody"] = json!({
            "required": body.required,
            "content": { body.media_type: { "schema": body.schema, "example": body.example } },
        });
    }
    operation
}

fn query_parameter(parameter: Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        // An empty one counts as absent.
        "allowEmptyValue": !parameter.required,
        "schema": parameter.schema,
    })
}

/// `/api/v1/repos/{id}` -> `id`
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| name.trim_start_matches('*'))
}

/// `GET /api/v1/repos/{id}` -> `get_repos_id`
fn operation_id(endpoint: &Endpoint) -> String {
    let path = endpoint.path.trim_start_matches("/api/v1");
    let words = path
        .split(['/', '-', '{', '}', '*'])
        .filter(|word| !word.is_empty());
    let method = endpoint.method.as_str().to_ascii_lowercase();
    let words: Vec<&str> = std::iter::once(method.as_str()).chain(words).collect();
    words.join("_")
}

/// The noun that the path begins with.
fn tag(path: &str) -> &str {
    let path = path.trim_start_matches("/api/v1").trim_start_matches('/');
    path.split('/').next().unwrap_or_default()
}

fn who(access: Access) -> String {
    let needed = access.scope();
    match access {
        Access::Public => "For anybody.".to_owned(),
        Access::Login | Access::Account => {
            "For whoever is logged in; API keys are refused.".to_owned()
        }
        Access::AdminLogin => {
            "For administrators who are logged in; API keys are refused.".to_owned()
        }
        Access::Anyone => "For whoever is logged in or has an API key.".to_owned(),
        Access::User(..) => needed.map_or_else(String::new, |scope| {
            format!("For all users. API keys need the scope `{scope}`.")
        }),
        Access::Viewer(..) => needed.map_or_else(String::new, |scope| {
            format!("For all users who may see it (`auth.visibility`). API keys need the scope `{scope}`.")
        }),
        Access::Owner(thing) => needed.map_or_else(String::new, |scope| {
            let by = thing.changed_by();
            format!("For {by}, and administrators. API keys need the scope `{scope}`.")
        }),
        Access::Admin(..) => needed.map_or_else(String::new, |scope| {
            format!("For administrators. API keys need the scope `{scope}`.")
        }),
        Access::Scraper => needed.map_or_else(String::new, |scope| {
            format!("For whoever has the token of the metrics, and for administrators. API keys need the scope `{scope}`.")
        }),
    }
}

fn security(access: Access) -> Value {
    match access {
        Access::Public => json!([]),
        _ if access.login_only() => json!([{ "login": [] }]),
        _ => json!([{ "login": [] }, { "api_key": [] }]),
    }
}

fn envelope(data: Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "code": { "type": "integer", "const": 200 },
            "message": { "type": "string" },
            "data": data,
            "request_id": { "type": "string" },
        },
        "required": ["code", "message", "data", "request_id"],
    })
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "code": { "type": "integer" },
            "message": { "type": "string" },
            "details": {
                "description": "What is wrong, field by field.",
                "type": "array",
                "items": { "type": "string" },
            },
            "data": { "description": "What a client needs to do better.", "type": "object" },
            "request_id": { "type": "string" },
        },
        "required": ["code", "message", "request_id"],
        "example": {
            "code": 422,
            "message": "数据验证失败",
            "details": ["字段name不能为空"],
            "request_id": "7b0c8a52-5e0f-4b8e-9d57-0d1d6a1f3c11",
        },
    })
}

#[cfg(test)]
mod tests;
