use super::{change, detail, get};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply,
        extract::{Asked, Body, Form, FromForm, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    template::{
        store,
        types::{Detail, Version},
    },
};
use axum::extract::State;
use push_notify_core::{i18n::Text, id::TemplateId};
use push_notify_db::page::{LARGEST, Page};

/// The body of `POST /templates/{id}/rollback`.
pub struct Rollback {
    version: i64,
}

impl FromForm for Rollback {
    const EXAMPLE: &'static str = r#"{"version": 2}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            version: form.required_positive("version"),
        }
    }
}

pub struct Listing(Page);

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self(query.page_of(LARGEST, &[("version", "version")]))
    }
}

/// `GET /templates/{id}/versions`: those that are kept.
pub async fn list(
    State(app): State<App>,
    Id(id): Id<TemplateId>,
    Asked(Listing(page)): Asked<Listing>,
) -> Answer<Listed<Version>> {
    get(&app, id).await?;
    let (versions, total) = store::versions(app.db.read(), id, &page).await?;
    Reply::page(versions, &page, total)
}

/// `POST /templates/{id}/rollback`: the texts of an earlier version become a new one, unless they
/// are the present ones.
pub async fn rollback(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TemplateId>,
    body: Body<Rollback>,
) -> Answer<Detail> {
    let Rollback { version } = body.checked()?;
    let was = get(&app, id).await?;
    let earlier = store::find_version(app.db.read(), id, version).await?;
    let earlier = earlier.ok_or_else(|| {
        let problem = Text::new("不是该模板的版本", "is no version of this template");
        ApiError::invalid_field("version", &problem)
    })?;
    let done = Text::new("回滚成功", "Rolled back");
    if (&earlier.title, &earlier.content) == (&was.title, &was.content) {
        return Reply::say(done, detail(&app, &was).await?);
    }
    let mut template = was.clone();
    template.title = earlier.title;
    template.content = earlier.content;
    template.version += 1;
    let to = format!("version {version}");
    let audit = AuditEntry::new("template.rollback", id, &was.name).with(&to);
    let detail = change(&app, &user, &was, template, audit).await?;
    Reply::say(done, detail)
}
