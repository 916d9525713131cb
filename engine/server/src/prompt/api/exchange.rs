//! Prompts as files.

use super::{detail, get, insert};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Download, Reply,
        extract::{Id, Upload},
    },
    model,
    prompt::{
        exchange::{self, Document},
        form,
        types::Detail,
    },
};
use axum::extract::State;
use push_notify_core::{i18n::Text, id::PromptId};

/// `GET /prompts/{id}/export`
pub async fn export(
    State(app): State<App>,
    Id(id): Id<PromptId>,
) -> Result<Download<Document>, ApiError> {
    let prompt = get(&app, id).await?;
    Download::json(format!("prompt-{id}.json"), &Document::of(prompt))
}

/// `POST /prompts/import`. The model is found by its name; where there is none of that name, the
/// prompt uses the default.
pub async fn import(
    State(app): State<App>,
    user: CurrentUser,
    Upload(file): Upload,
) -> Answer<Detail> {
    let imported = exchange::read(&file)?;
    let (mut prompt, wish) = form::new(&app, imported.fields, imported.form).await?;
    prompt.owner = wish.of_new(&app, &user).await?;
    prompt.model_id = match imported.model {
        Some(name) => model::store::id_of(app.db.read(), &name).await?,
        None => None,
    };
    let id = insert(&app, &user, prompt, "prompt.import").await?;
    let done = Text::new("导入成功", "Imported");
    Reply::say(done, detail(get(&app, id).await?).await?)
}
