use crate::http::describe::Answered;
use schemars::SchemaGenerator;
use std::sync::Arc;

/// The names of what the answer to a change shows.
#[derive(Debug, Clone, Default)]
pub struct Shown(Arc<[String]>);

impl Shown {
    pub fn of(answer: Option<Answered>, generator: &SchemaGenerator) -> Self {
        let Some(Answered::Data(schema)) = answer else {
            return Self::default();
        };
        let name = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next());
        let named = name.and_then(|name| generator.definitions().get(name));
        let properties = named.unwrap_or(&schema)["properties"].as_object();
        Self(
            properties
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect(),
        )
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|shown| shown == name)
    }
}
