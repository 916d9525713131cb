use crate::http::describe::Parameter;
use serde_json::{Map, Value, json};

/// What was read from a recording form or query, in order.
#[derive(Default)]
pub struct Notes {
    fields: Vec<Parameter>,
    /// Those where the empty text counts as absent.
    may_be_empty: Vec<String>,
}

impl Notes {
    pub(super) fn field(&mut self, name: &str, schema: Value) {
        match self.fields.iter_mut().find(|known| known.name == name) {
            Some(known) => known.schema = schema,
            None => self.fields.push(Parameter {
                name: name.to_owned(),
                schema,
                required: false,
            }),
        }
    }

    pub(super) fn require(&mut self, name: &str) {
        match self.fields.iter_mut().find(|known| known.name == name) {
            Some(known) => known.required = true,
            None => self.fields.push(Parameter {
                name: name.to_owned(),
                schema: Value::Bool(true),
                required: true,
            }),
        }
    }

    pub(super) fn may_be_empty(&mut self, name: &str) {
        self.may_be_empty.push(name.to_owned());
    }

    pub(super) fn into_parameters(self) -> Vec<Parameter> {
        self.fields
    }

    /// Of an object with these fields and no others. One that is not required may be null, and some
    /// may be empty.
    pub(super) fn schema(self) -> Value {
        let required: Vec<String> = self
            .fields
            .iter()
            .filter(|field| field.required)
            .map(|field| field.name.clone())
            .collect();
        let nullable = |field: Parameter| {
            if field.required {
                return (field.name, field.schema);
            }
            let mut any = vec![field.schema, json!({ "type": "null" })];
            if self.may_be_empty.contains(&field.name) {
                any.push(json!({ "const": "" }));
            }
            (field.name, json!({ "anyOf": any }))
        };
        let properties: Map<String, Value> = self.fields.into_iter().map(nullable).collect();
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }
}
