use super::{change, get};
use crate::{
    app::App,
    http::{
        Answer, ApiError, Listed, Reply, Text,
        auth::CurrentUser,
        extract::{Body, Form, FromForm, Id},
    },
    log::operation::Deed,
    template::{
        model::{Detail, Version},
        store,
    },
};
use axum::extract::State;

/// The body of `POST /templates/{id}/rollback`.
pub struct Rollback {
    version: i64,
}

impl FromForm for Rollback {
    const EXAMPLE: &'static str = r#"{"version": 2}"#;

    fn read(form: &mut Form) -> Self {
        Self {
            version: form.required_id("version"),
        }
    }
}

/// `GET /templates/{id}/versions`
pub async fn list(State(app): State<App>, Id(id): Id) -> Answer<Listed<Version>> {
    get(&app, id).await?;
    Reply::whole(store::versions(app.db.read(), id).await?)
}

/// `POST /templates/{id}/rollback`: the texts of an earlier version become a new one.
pub async fn rollback(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id,
    body: Body<Rollback>,
) -> Answer<Detail> {
    let Rollback { version } = body.checked()?;
    let was = get(&app, id).await?;
    let earlier = store::find_version(app.db.read(), id, version).await?;
    let earlier = earlier.ok_or_else(|| {
        let problem = Text::new("不是该模板的版本", "is no version of this template");
        ApiError::invalid_field("version", &problem)
    })?;
    let mut template = was.clone();
    template.title = earlier.title;
    template.content = earlier.content;
    template.version += 1;
    let to = format!("version {version}");
    let deed = Deed::new("template.rollback", id, &was.name).with(&to);
    let detail = change(&app, &user, &was, template, deed).await?;
    Reply::say(Text::new("回滚成功", "Rolled back"), detail)
}
