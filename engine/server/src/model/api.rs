//! `/api/v1/models`.

use super::{
    Model,
    call::{self, CallContext},
    form::{ChangedFields, Draft, NewFields},
    store,
    types::{Detail, Entry, Info, Verified},
};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        AcceptLanguage, Answer, ApiError, Listed, Reply, code,
        envelope::{CREATED, DELETED, UPDATED},
        error::or_taken,
        extract::{Asked, Body, FromQuery, Id, Query},
    },
    log::{
        self,
        ai_call::{AiCallEntry, Outcome},
        operation::AuditEntry,
        store::{SORTABLE, Span},
    },
    repo::Status,
};
use axum::extract::State;
use push_notify_core::{i18n::Text, id::ModelId};
use push_notify_db::{list::Filter, page::Page};
use sqlx::AnyConnection;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[
                ("created_at", "m.created_at"),
                ("updated_at", "m.updated_at"),
                ("name", "m.name"),
                ("id", "m.id"),
            ]),
            filter: Filter::default()
                .containing(
                    "(LOWER(m.name) LIKE LOWER(?) ESCAPE '\\' OR LOWER(m.type) LIKE LOWER(?) ESCAPE '\\')",
                    query.text("keyword"),
                )
                .and("LOWER(m.provider) = LOWER(?)", query.text("provider"))
                .and("m.status = ?", query.choice("status", &Status::NAMES)),
        }
    }
}

/// The query of `GET /models/{id}/logs`.
pub struct Calls {
    page: Page,
    status: Option<&'static str>,
    span: Span,
}

impl FromQuery for Calls {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&SORTABLE),
            status: query.choice("status", &Outcome::NAMES),
            span: Span::read(query),
        }
    }
}

/// `GET /models`
pub async fn list(
    State(app): State<App>,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let (models, total) = store::list(app.db.read(), filter, &page).await?;
    Reply::page(models, &page, total)
}

/// `GET /models/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<ModelId>) -> Answer<Detail> {
    Reply::data(get(&app, id).await?.detail())
}

/// `POST /models`. It is the default when there is none.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewFields>,
) -> Answer<Detail> {
    let draft = Draft::new(&app, body)?;
    let mut transaction = app.db.begin().await?;
    store::lock(&app.db, &mut transaction).await?;
    let id = app.db.next_id(&mut transaction).await?;
    let mut model = draft.seal(&app, id);
    model.is_default = store::default_id(&mut transaction).await?.is_none();
    let inserted = store::insert(&mut transaction, &model).await;
    inserted.map_err(or_taken(&code::MODEL_NAME_TAKEN))?;
    let audit = AuditEntry::new("model.create", id, &model.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Reply::say(CREATED, model.detail())
}

/// `PUT /models/{id}`
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<ModelId>,
    body: Body<ChangedFields>,
) -> Answer<Detail> {
    let model = Draft::change(&app, body, get(&app, id).await?)?.seal(&app, id);
    let mut transaction = app.db.begin().await?;
    store::lock(&app.db, &mut transaction).await?;
    let updated = store::update(&mut transaction, &model, app.clock.now_us()).await;
    if !updated.map_err(or_taken(&code::MODEL_NAME_TAKEN))? {
        return Err(ApiError::changed_meanwhile());
    }
    match (model.status, store::default_id(&mut transaction).await?) {
        (Status::Active, None) => _ = store::set_default(&mut transaction, id).await?,
        (Status::Inactive, Some(default)) if default == id => {
            resign(&mut transaction, id).await?;
        }
        _ => {}
    }
    let audit = AuditEntry::new("model.update", id, &model.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Reply::say(UPDATED, get(&app, id).await?.detail())
}

/// `DELETE /models/{id}`. Repositories and prompts that named it use the default from now on.
pub async fn delete(State(app): State<App>, user: CurrentUser, Id(id): Id<ModelId>) -> Answer<()> {
    let model = get(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    store::lock(&app.db, &mut transaction).await?;
    if store::default_id(&mut transaction).await? == Some(id) {
        resign(&mut transaction, id).await?;
    }
    if !store::delete(&mut transaction, id, app.clock.now_us()).await? {
        return Err((&code::MODEL_NOT_FOUND).into());
    }
    let audit = AuditEntry::new("model.delete", id, &model.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Reply::say(DELETED, ())
}

/// `POST /models/{id}/default`
pub async fn make_default(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<ModelId>,
) -> Answer<Detail> {
    let model = get(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    store::lock(&app.db, &mut transaction).await?;
    if !store::set_default(&mut transaction, id).await? {
        return Err(ApiError::conflict(Text::new(
            "停用的模型不能设为默认",
            "An inactive model cannot be the default",
        )));
    }
    let audit = AuditEntry::new("model.default", id, &model.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    Reply::say(UPDATED, get(&app, id).await?.detail())
}

/// `GET /models/{id}/logs`
pub async fn logs(
    State(app): State<App>,
    AcceptLanguage(locale): AcceptLanguage,
    Id(id): Id<ModelId>,
    Asked(Calls { page, status, span }): Asked<Calls>,
) -> Answer<Listed<AiCallEntry>> {
    get(&app, id).await?;
    let filter = Filter::default()
        .and("model_id = ?", Some(id))
        .and("status = ?", status);
    let filter = span.within(filter);
    let (calls, total) = log::store::list(app.db.read(), &filter, None, &page, locale).await?;
    Reply::page(calls, &page, total)
}

/// `POST /models/{id}/verify`. A model that cannot be used is an answer, not an error.
pub async fn verify(
    State(app): State<App>,
    user: CurrentUser,
    AcceptLanguage(locale): AcceptLanguage,
    Id(id): Id<ModelId>,
) -> Answer<Verified> {
    let model = get(&app, id).await?;
    let context = CallContext {
        purpose: "verify",
        request_id: Some(user.request_id.as_str().to_owned()),
        ..CallContext::default()
    };
    let called = call::probe(&app, &model, context).await?;
    let mut transaction = app.db.begin().await?;
    let audit = AuditEntry::new("model.verify", id, &model.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    let response_time_ms = called.duration_ms;
    match called.answer {
        Ok(info) => {
            let model_info = Info {
                id: info.id,
                object: "model",
                created: info.created,
                owned_by: info.owned_by,
            };
            let data = Verified {
                valid: true,
                response_time_ms,
                model_info: Some(model_info),
                reason: None,
            };
            Reply::say(Text::new("验证成功", "Verified"), data)
        }
        Err(problem) => {
            let data = Verified {
                valid: false,
                response_time_ms,
                model_info: None,
                reason: Some(problem.reason().as_str(locale).to_owned()),
            };
            Reply::say(Text::new("验证失败", "It cannot be used"), data)
        }
    }
}

/// Leaves no default, unless another model could be it: which one, somebody has to choose first.
async fn resign(connection: &mut AnyConnection, id: ModelId) -> Result<(), ApiError> {
    if store::has_other_active(connection, id).await? {
        return Err(ApiError::conflict(Text::new(
            "默认模型不能删除或停用，请先将其他模型设为默认",
            "The default model cannot be deleted or made inactive: make another one the default first",
        )));
    }
    store::clear_default(connection).await?;
    Ok(())
}

async fn get(app: &App, id: ModelId) -> Result<Model, ApiError> {
    let model = store::find(app.db.read(), id).await?;
    model.ok_or_else(|| (&code::MODEL_NOT_FOUND).into())
}
