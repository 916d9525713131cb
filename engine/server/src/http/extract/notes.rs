use crate::http::describe::Parameter;
use serde_json::{Map, Value, json};

/// What was read from a recording form or query, in order.
#[derive(Default)]
pub struct Notes(Vec<Parameter>);

impl Notes {
    pub(super) fn field(&mut self, name: &str, schema: Value) {
        match self.0.iter_mut().find(|known| known.name == name) {
            Some(known) => known.schema = schema,
            None => self.0.push(Parameter {
                name: name.to_owned(),
                schema,
                required: false,
            }),
        }
    }

    pub(super) fn require(&mut self, name: &str) {
        match self.0.iter_mut().find(|known| known.name == name) {
            Some(known) => known.required = true,
            None => self.0.push(Parameter {
                name: name.to_owned(),
                schema: Value::Bool(true),
                required: true,
            }),
        }
    }

    pub(super) fn into_parameters(self) -> Vec<Parameter> {
        self.0
    }

    /// Of an object with these fields. One that is not required may be null.
    pub(super) fn schema(self) -> Value {
        let required: Vec<String> = self
            .0
            .iter()
            .filter(|field| field.required)
            .map(|field| field.name.clone())
            .collect();
        let nullable = |field: Parameter| match field.required {
            true => (field.name, field.schema),
            false => (
                field.name,
                json!({ "anyOf": [field.schema, { "type": "null" }] }),
            ),
        };
        let properties: Map<String, Value> = self.0.into_iter().map(nullable).collect();
        json!({ "type": "object", "properties": properties, "required": required })
    }
}
