//! The server's OpenAPI document, to look things up in.

use crate::Api;
use serde_json::{Map, Value};

/// The document as `GET /api/v1/doc` answers it.
pub struct OpenApi(pub Value);

/// What can be asked for under a path.
pub struct Operation<'a> {
    pub method: String,
    /// With parameters as `{id}`.
    pub path: &'a str,
    doc: &'a OpenApi,
    item: &'a Value,
    operation: &'a Value,
}

pub struct Parameter<'a> {
    pub name: &'a str,
    /// query, path or header.
    pub place: &'a str,
    pub required: bool,
    pub schema: &'a Value,
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

impl OpenApi {
    pub async fn of(api: &Api) -> Self {
        Self(api.get("/api/v1/doc").await.expect(200).json)
    }

    pub fn operations(&self) -> Vec<Operation<'_>> {
        let none = Map::new();
        let paths = self.0["paths"].as_object().unwrap_or(&none);
        let mut operations = Vec::new();
        for (path, item) in self.0["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    operations.push(Operation {
                        method: method.to_uppercase(),
                        path,
                        doc: self,
                        item,
                        operation,
                    });
                }
            }
        }
        assert!(operations.len() >= paths.len(), "paths without operations");
        operations
    }

    /// Whatever its parameters are called.
    pub fn find(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let mut operations = self.operations().into_iter();
        operations
            .find(|operation| operation.method == method && shape(operation.path) == shape(path))
    }

    /// Without references.
    pub fn resolve<'a>(&'a self, mut schema: &'a Value) -> &'a Value {
        while let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').unwrap_or(reference);
            schema = self
                .0
                .pointer(pointer)
                .unwrap_or_else(|| panic!("{reference} leads nowhere"));
        }
        schema
    }

    /// The schema itself and everything that it is put together from.
    pub fn parts<'a>(&'a self, schema: &'a Value) -> Vec<&'a Value> {
        let schema = self.resolve(schema);
        let mut parts = vec![schema];
        for name in ["allOf", "oneOf", "anyOf"] {
            for part in schema[name].as_array().into_iter().flatten() {
                parts.extend(self.parts(part));
            }
        }
        parts
    }

    pub fn property<'a>(&'a self, schema: &'a Value, name: &str) -> Option<&'a Value> {
        let mut parts = self.parts(schema).into_iter();
        parts.find_map(|part| part["properties"].get(name))
    }

    pub fn items<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        let mut parts = self.parts(schema).into_iter();
        parts.find_map(|part| part.get("items"))
    }

    pub fn requires(&self, schema: &Value, name: &str) -> bool {
        self.parts(schema).iter().any(|part| {
            let required = part["required"].as_array();
            required.is_some_and(|names| names.iter().any(|required| required == name))
        })
    }

    /// The JSON types that it admits; none when it says nothing about them.
    pub fn types<'a>(&'a self, schema: &'a Value) -> Vec<&'a str> {
        let mut types = Vec::new();
        for part in self.parts(schema) {
            match &part["type"] {
                Value::String(name) => types.push(name.as_str()),
                Value::Array(names) => types.extend(names.iter().filter_map(Value::as_str)),
                _ => {}
            }
        }
        types
    }

    /// A keyword of the schema or of a part of it.
    pub fn keyword<'a>(&'a self, schema: &'a Value, name: &str) -> Option<&'a Value> {
        let mut parts = self.parts(schema).into_iter();
        parts.find_map(|part| part.get(name))
    }
}

impl<'a> Operation<'a> {
    pub fn id(&self) -> &'a str {
        self.operation["operationId"].as_str().unwrap_or_default()
    }

    pub fn parameters(&self) -> Vec<Parameter<'a>> {
        let lists = [&self.item["parameters"], &self.operation["parameters"]];
        let parameters = lists.into_iter().filter_map(Value::as_array).flatten();
        parameters
            .map(|parameter| self.doc.resolve(parameter))
            .map(|parameter| Parameter {
                name: parameter["name"].as_str().unwrap_or_default(),
                place: parameter["in"].as_str().unwrap_or_default(),
                required: parameter["required"] == true,
                schema: &parameter["schema"],
            })
            .collect()
    }

    /// The schema of a JSON body, or of a form's fields.
    pub fn body(&self) -> Option<&'a Value> {
        let content = &self.doc.resolve(self.operation.get("requestBody")?)["content"];
        let known = ["application/json", "multipart/form-data"];
        known
            .iter()
            .find_map(|media| content.get(media)?.get("schema"))
    }

    pub fn takes_json(&self) -> bool {
        let body = &self.operation["requestBody"];
        self.doc.resolve(body)["content"]
            .get("application/json")
            .is_some()
    }

    /// An example of a body, when the document has one.
    pub fn example(&self) -> Option<&'a Value> {
        let body = self.doc.resolve(self.operation.get("requestBody")?);
        let media = body["content"].get("application/json")?;
        media.get("example").or_else(|| {
            let schema = self.doc.resolve(media.get("schema")?);
            schema.get("example").or_else(|| schema["examples"].get(0))
        })
    }

    pub fn answer(&self, status: u16) -> Option<&'a Value> {
        let answers = self.operation.get("responses")?;
        Some(self.doc.resolve(answers.get(status.to_string())?))
    }

    /// The schema of the envelope of a successful answer.
    pub fn envelope(&self) -> Option<&'a Value> {
        self.answer(200)?["content"]
            .get("application/json")?
            .get("schema")
    }
}

/// A path with all parameters called the same.
fn shape(path: &str) -> Vec<&str> {
    path.split('/')
        .map(|step| if step.starts_with('{') { "{}" } else { step })
        .collect()
}
