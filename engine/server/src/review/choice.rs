use crate::{
    app::App,
    http::{ApiError, code},
    model,
    owner::{self, Thing},
    prompt::{self, Kind},
    user::User,
};
use push_notify_core::{i18n::Text, id::PromptId};
use push_notify_review::ReviewSettings;

/// Fails unless the prompt and the models that the settings name are there, for this user to see.
/// What `old` names may have been deleted since.
pub async fn require(
    app: &App,
    user: &User,
    settings: &ReviewSettings,
    old: &ReviewSettings,
) -> Result<(), ApiError> {
    if settings.prompt_id != old.prompt_id {
        require_prompt(app, user, settings.prompt_id).await?;
    }
    let mut missing = Vec::new();
    for id in &settings.fallback_model_ids {
        let is_new = !old.fallback_model_ids.contains(id);
        if is_new && model::store::name(app.db.read(), *id).await?.is_none() {
            missing.push(id.to_string());
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(", ");
    let problem = Text::made(
        format!("包含不存在的模型：{missing}"),
        format!("names models that do not exist: {missing}"),
    );
    let error = ApiError::invalid_field("review.fallback_model_ids", &problem);
    Err(error.as_known(&code::MODEL_NOT_FOUND))
}

async fn require_prompt(app: &App, user: &User, id: Option<PromptId>) -> Result<(), ApiError> {
    let Some(id) = id else {
        return Ok(());
    };
    let found = match owner::sees(app, user, Thing::Prompt, id).await? {
        true => prompt::store::find(app.db.read(), id).await?,
        false => None,
    };
    let problem = match found {
        Some(prompt) if prompt.kind == Kind::Codeview => return Ok(()),
        Some(_) => Text::new(
            "必须是codeview类型的提示词",
            "must be a prompt of type codeview",
        ),
        None => Text::new("指定的提示词不存在", "is no prompt"),
    };
    Err(ApiError::invalid_field("review.prompt_id", &problem))
}
