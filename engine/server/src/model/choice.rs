use super::store;
use crate::{
    app::App,
    http::{ApiError, code},
};
use push_notify_core::{i18n::Text, id::ModelId};

/// Fails unless the `model_id` of a body names a model, or none.
pub async fn require(app: &App, id: Option<ModelId>) -> Result<(), ApiError> {
    let Some(id) = id else {
        return Ok(());
    };
    if store::name(app.db.read(), id).await?.is_some() {
        return Ok(());
    }
    let problem = Text::new("指定的模型不存在", "is no model");
    Err(ApiError::invalid_field("model_id", &problem).as_known(&code::MODEL_NOT_FOUND))
}
