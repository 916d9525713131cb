//! `/api/v1/prompts`.

mod ask;
mod duplicate;
mod exchange;

pub use ask::test;
pub use duplicate::duplicate;
pub use exchange::{export, import};

use super::{
    Kind, Prompt,
    form::{self, ChangedFields, NewFields},
    store,
    types::{Detail, Entry, LOCALES, Version},
};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply, code,
        envelope::{CREATED, DELETED, UPDATED},
        error::or_taken,
        extract::{Asked, Body, Form, FromForm, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    model, owner,
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{PromptId, TeamId, UserId},
};
use push_notify_db::{
    list::Filter,
    page::{LARGEST, Page},
};

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        let page = query.page(&[
            ("created_at", "p.created_at"),
            ("updated_at", "p.updated_at"),
            ("name", "p.name"),
            ("id", "p.id"),
        ]);
        let filter = Filter::default()
            .containing(
                "LOWER(p.name) LIKE LOWER(?) ESCAPE '\\'",
                query.text("keyword"),
            )
            .and("p.type = ?", query.choice("type", &Kind::NAMES))
            .and("p.scene = ?", query.text("scene"))
            .and("p.owner_id = ?", query.id::<UserId>("owner_id"))
            .and("p.team_id = ?", query.id::<TeamId>("team_id"))
            .and("LOWER(p.language) = LOWER(?)", query.text("language"))
            .and("p.locale = ?", query.choice("locale", &LOCALES));
        let filter = match query.choice("include_system", &["true", "false"]) {
            Some("false") => filter.always("p.is_system = 0"),
            _ => filter,
        };
        Self { page, filter }
    }
}

pub struct Versions(Page);

impl FromQuery for Versions {
    fn read(query: &mut Query) -> Self {
        Self(query.page_of(LARGEST, &[("version", "version")]))
    }
}

/// The body of `POST /prompts/{id}/rollback`.
pub struct Rollback {
    version: i64,
}

impl FromForm for Rollback {
    const EXAMPLE: &'static str = r#"{"version": 1}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            version: form.required_positive("version"),
        }
    }
}

/// `GET /prompts`
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let filter = filter.and(owner::store::PROMPTS, user.sight(&app).only());
    let (prompts, total) = store::list(app.db.read(), filter, &page).await?;
    Reply::page(prompts, &page, total)
}

/// `GET /prompts/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<PromptId>) -> Answer<Detail> {
    let prompt = get(&app, id).await?;
    Reply::data(detail(prompt).await?)
}

/// `POST /prompts`
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewFields>,
) -> Answer<Detail> {
    let (fields, form) = body.parts();
    let (mut prompt, wish) = form::new(&app, fields, form).await?;
    prompt.owner = wish.of_new(&app, &user).await?;
    model::require(&app, prompt.model_id).await?;
    let id = insert(&app, &user, prompt, "prompt.create").await?;
    Reply::say(CREATED, detail(get(&app, id).await?).await?)
}

/// `PUT /prompts/{id}`
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<PromptId>,
    body: Body<ChangedFields>,
) -> Answer<Detail> {
    let old = get_own(&app, id).await?;
    let (version, model_id, before) = (old.version, old.model_id, old.owner.clone());
    let (mut prompt, wish) = form::change(&app, body, old).await?;
    prompt.owner = wish.of_old(&app, &user, prompt.owner).await?;
    let given = owner::given(before.as_ref(), prompt.owner.as_ref());
    // One that was deleted since may stay.
    if prompt.model_id != model_id {
        model::require(&app, prompt.model_id).await?;
    }
    let is_new_version = prompt.version != version;
    save(
        &app,
        &user,
        &prompt,
        is_new_version,
        "prompt.update",
        &given,
    )
    .await?;
    Reply::say(UPDATED, detail(get(&app, id).await?).await?)
}

/// `DELETE /prompts/{id}`
pub async fn delete(State(app): State<App>, user: CurrentUser, Id(id): Id<PromptId>) -> Answer<()> {
    let prompt = get_own(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    if !store::delete(&mut transaction, id, app.clock.now_us()).await? {
        return Err(ApiError::not_found());
    }
    let audit = AuditEntry::new("prompt.delete", id, &prompt.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(DELETED, ())
}

/// `GET /prompts/{id}/versions`: those that are kept.
pub async fn versions(
    State(app): State<App>,
    Id(id): Id<PromptId>,
    Asked(Versions(page)): Asked<Versions>,
) -> Answer<Listed<Version>> {
    get(&app, id).await?;
    let (versions, total) = store::versions(app.db.read(), id, &page).await?;
    Reply::page(versions, &page, total)
}

/// `POST /prompts/{id}/rollback`: the content of an earlier version becomes a new one, unless it is
/// the present one.
pub async fn rollback(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<PromptId>,
    body: Body<Rollback>,
) -> Answer<Detail> {
    let Rollback { version } = body.checked()?;
    let mut prompt = get_own(&app, id).await?;
    let content = store::content_of(app.db.read(), id, version).await?;
    let Some(content) = content else {
        let problem = Text::new("不是该提示词的版本", "is no version of this prompt");
        return Err(ApiError::invalid_field("version", &problem));
    };
    let done = Text::new("回滚成功", "Rolled back");
    if content == prompt.content {
        return Reply::say(done, detail(prompt).await?);
    }
    prompt.content = content;
    prompt.version += 1;
    let words = format!("version {version}");
    save(&app, &user, &prompt, true, "prompt.rollback", &words).await?;
    Reply::say(done, detail(get(&app, id).await?).await?)
}

/// Gives the prompt an id and stores it.
async fn insert(
    app: &App,
    user: &CurrentUser,
    mut prompt: Prompt,
    action: &'static str,
) -> Result<PromptId, ApiError> {
    let mut transaction = app.db.begin().await?;
    prompt.id = app.db.next_id(&mut transaction).await?;
    if !store::insert(&mut transaction, &prompt, &user.username).await? {
        return Err((&code::PROMPT_NAME_TAKEN).into());
    }
    let audit = AuditEntry::new(action, prompt.id, &prompt.name);
    user.record(app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Ok(prompt.id)
}

async fn save(
    app: &App,
    user: &CurrentUser,
    prompt: &Prompt,
    is_new_version: bool,
    action: &'static str,
    words: &str,
) -> Result<(), ApiError> {
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let updated = store::update(&mut transaction, prompt, now).await;
    if !updated.map_err(or_taken(&code::PROMPT_NAME_TAKEN))? {
        return Err(ApiError::changed_meanwhile());
    }
    if is_new_version {
        store::insert_version(&mut transaction, prompt, &user.username, now).await?;
    }
    let audit = AuditEntry::new(action, prompt.id, &prompt.name).with(words);
    user.record(app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Ok(())
}

async fn get(app: &App, id: PromptId) -> Result<Prompt, ApiError> {
    let prompt = store::find(app.db.read(), id).await?;
    prompt.ok_or_else(ApiError::not_found)
}

/// One that is not built in.
async fn get_own(app: &App, id: PromptId) -> Result<Prompt, ApiError> {
    let prompt = get(app, id).await?;
    match prompt.is_system() {
        true => Err((&code::PROMPT_IS_BUILT_IN).into()),
        false => Ok(prompt),
    }
}

async fn detail(prompt: Prompt) -> Result<Detail, ApiError> {
    let compiled = form::compile(prompt.kind, prompt.content.clone()).await?;
    let variables = compiled.map(|text| text.variables()).unwrap_or_default();
    Ok(prompt.detail(variables))
}
