//! Copies of prompts: how a built-in one becomes one that can be changed.

use super::{detail, get, insert};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, Reply,
        extract::{Body, Form, FromForm, Id},
    },
    owner::Wish,
    prompt::{Prompt, name, store, types::Detail},
};
use axum::extract::State;
use push_notify_core::{i18n::Text, id::PromptId};

/// The body of `POST /prompts/{id}/duplicate`.
pub struct Duplicate {
    name: Option<String>,
}

impl FromForm for Duplicate {
    const EXAMPLE: &'static str = r#"{"name": "Go review of our team"}"#;
    const OPTIONAL: bool = true;

    fn read(form: &mut Form) -> Self {
        Self {
            name: form.line("name", name::LONGEST),
        }
    }
}

/// `POST /prompts/{id}/duplicate`: a new prompt that says the same, in its first version. Without a
/// name it is called `NAME (copy)`.
pub async fn duplicate(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<PromptId>,
    body: Body<Duplicate>,
) -> Answer<Detail> {
    let Duplicate { name } = body.checked()?;
    let original = get(&app, id).await?;
    let name = match name {
        Some(name) => name,
        None => {
            let taken = store::names(app.db.read()).await?;
            name::of_copy(&original.name, &taken)
        }
    };
    let now = app.clock.now_us();
    let copy = Prompt {
        name,
        system_key: None,
        owner: Wish::Silent.of_new(&app, &user).await?,
        // A model that was deleted since is not asked again.
        model_id: original.model_id.filter(|_| original.model_name.is_some()),
        version: 1,
        usage_count: 0,
        created_at: now,
        updated_at: now,
        ..original
    };
    let id = insert(&app, &user, copy, "prompt.duplicate").await?;
    let done = Text::new("复制成功", "Duplicated");
    Reply::say(done, detail(get(&app, id).await?).await?)
}
