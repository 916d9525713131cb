use super::{
    Template,
    engine::{Rendered, TemplateError},
    form,
};
use crate::http::ApiError;
use serde_json::Value;

/// What a message made of `data` would say. A template that fails on it is refused by the name of its part.
pub async fn render(template: &Template, data: Value) -> Result<Rendered, ApiError> {
    let refused = |error: TemplateError| {
        ApiError::invalid_field(&error.part.to_string(), &form::problem(&error))
    };
    let (title, content) = (template.title.clone(), template.content.clone());
    let compiled = form::compile(&template.scene, title, content)
        .await?
        .map_err(refused)?;
    tokio::task::spawn_blocking(move || compiled.render_message(&data))
        .await
        .map_err(ApiError::internal)?
        .map_err(refused)
}
