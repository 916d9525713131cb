//! `/api/v1/templates`.

use super::{
    SCENES, Template,
    engine::{TemplateError, escape_markdown},
    form::{self, NewFields, NewTemplate},
    model::{Detail, Entry},
    store,
};
use crate::{
    app::App,
    db::list::Filter,
    http::{
        Answer, ApiError, Listed, Reply,
        auth::CurrentUser,
        code,
        envelope::CREATED,
        extract::{Asked, Body, Form, FromForm, FromQuery, Id, Query},
        page::Page,
    },
    log::operation::Deed,
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

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
                    "LOWER(m.name) LIKE LOWER(?) ESCAPE '\\'",
                    query.text("keyword"),
                )
                .and("m.type = ?", query.text("type"))
                .and("m.scene = ?", query.choice("scene", &SCENES))
                .and(
                    "m.status = ?",
                    query.choice("status", &["active", "inactive"]),
                ),
        }
    }
}

/// The body of `POST /templates/preview`.
pub struct Preview {
    template_id: i64,
    data: Map<String, Value>,
}

impl FromForm for Preview {
    const EXAMPLE: &'static str = r#"{"template_id": 1, "data": {"RepoName": "backend", "CommitMsg": "feat: log in by mail"}}"#;

    fn read(form: &mut Form) -> Self {
        form.require("data");
        Self {
            template_id: form.required_id("template_id"),
            data: form.object("data").unwrap_or_default(),
        }
    }
}

/// A rendered message.
#[derive(Serialize, JsonSchema)]
pub struct Previewed {
    title: String,
    body: String,
}

/// `GET /templates`
pub async fn list(
    State(app): State<App>,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let (templates, total) = store::list(app.db.read(), filter, &page).await?;
    let entries: Vec<_> = templates.into_iter().map(Template::entry).collect();
    Reply::page(entries, &page, total)
}

/// `GET /templates/{id}`
pub async fn show(State(app): State<App>, Id(id): Id) -> Answer<Detail> {
    let template = get(&app, id).await?;
    Reply::data(detail(&app, &template).await?)
}

/// `POST /templates`
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewFields>,
) -> Answer<Detail> {
    let new = NewTemplate::parse(&app, body).await?;
    let mut transaction = app.db.begin().await?;
    let has_default = store::has_default(&mut transaction, new.kind(), new.scene()).await?;
    let is_default = new.is_default.unwrap_or(!has_default);
    if is_default && has_default {
        let now = app.clock.now_us();
        store::clear_default(&mut transaction, new.kind(), new.scene(), now).await?;
    }
    let id = app.db.next_id(&mut transaction, "templates").await?;
    let template = new.into_template(&app, id, is_default);
    if !store::insert(&mut transaction, &template, &user.username).await? {
        // On PostgreSQL somebody else may have made another default just now.
        return Err(match store::has_name(&mut transaction, &template).await? {
            true => (&code::TEMPLATE_NAME_TAKEN).into(),
            false => ApiError::changed_meanwhile(),
        });
    }
    let deed = Deed::new("template.create", id, &template.name);
    user.did(&app, &mut transaction, deed).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(CREATED, detail(&app, &template).await?)
}

/// `POST /templates/preview`
pub async fn preview(State(app): State<App>, body: Body<Preview>) -> Answer<Previewed> {
    let asked = body.checked()?;
    let template = get(&app, asked.template_id).await?;
    let mut data = Value::Object(asked.data);
    // As it is done for a message.
    escape_markdown(&mut data);
    let refused = |error: TemplateError| {
        ApiError::invalid_field(&error.part.to_string(), &form::problem(&error))
    };
    let compiled = form::compile(template.title, template.content)
        .await?
        .map_err(refused)?;
    let rendered = tokio::task::spawn_blocking(move || compiled.render(&data))
        .await
        .map_err(ApiError::internal)?
        .map_err(refused)?;
    Reply::data(Previewed {
        title: rendered.title,
        body: rendered.body,
    })
}

async fn get(app: &App, id: i64) -> Result<Template, ApiError> {
    let template = store::find(app.db.read(), id).await?;
    template.ok_or_else(ApiError::not_found)
}

async fn detail(app: &App, template: &Template) -> Result<Detail, ApiError> {
    let compiled = form::compile(template.title.clone(), template.content.clone()).await?;
    let variables = compiled
        .map(|compiled| compiled.variables())
        .unwrap_or_default();
    let push_count = store::push_count(app.db.read(), template.id).await?;
    Ok(template.detail(variables, push_count))
}
