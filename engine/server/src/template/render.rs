use super::{Template, form};
use crate::http::ApiError;
use push_notify_template::{self, Rendered, TemplateError};
use serde_json::Value;

/// What a message made of `data` would say. A template that fails, or has failed already, is
/// refused by the name of its part.
pub async fn render(
    compiled: Result<push_notify_template::Template, TemplateError>,
    data: Value,
) -> Result<Rendered, ApiError> {
    let refused = |error: TemplateError| {
        ApiError::invalid_field(&error.part.to_string(), &form::problem(&error))
    };
    let compiled = compiled.map_err(refused)?;
    tokio::task::spawn_blocking(move || compiled.render_message(&data))
        .await
        .map_err(ApiError::internal)?
        .map_err(refused)
}

/// What a message made of `data` would say by a stored template. One that fails is refused by the
/// name of its part.
pub async fn render_stored(template: &Template, data: Value) -> Result<Rendered, ApiError> {
    let (title, content) = (template.title.clone(), template.content.clone());
    render(form::compile(&template.scene, title, content).await?, data).await
}
