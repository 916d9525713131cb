//! `/api/v1/repos`.

use super::{
    Repo,
    form::{self, NewRepo},
    model::webhook_url,
    store,
};
use crate::{
    app::App,
    db::list::Filter,
    http::{
        Answer, ApiError, Reply, Text,
        auth::CurrentUser,
        code,
        envelope::{CREATED, DELETED, UPDATED},
        error::or_taken,
        extract::{Form, Id, Query},
    },
    push, target,
};
use axum::extract::State;
use serde_json::json;

/// `GET /repos`
pub async fn list(State(app): State<App>, _: CurrentUser, mut query: Query) -> Answer {
    let page = query.page(&[
        ("created_at", "r.created_at"),
        ("updated_at", "r.updated_at"),
        ("name", "r.name"),
        ("id", "r.id"),
    ]);
    let filter = Filter::default()
        .containing(
            "LOWER(r.name) LIKE LOWER(?) ESCAPE '\\'",
            query.text("keyword"),
        )
        .and("r.type = ?", query.text("type"))
        .and(
            "r.status = ?",
            query.choice("status", &super::Status::NAMES),
        );
    query.finish()?;
    let (repos, total) = store::list(app.db.read(), filter, &page, &app.public_base).await?;
    Reply::page(repos, &page, total)
}

/// `GET /repos/{id}`
pub async fn show(State(app): State<App>, _: CurrentUser, Id(id): Id) -> Answer {
    let repo = get(&app, id).await?;
    Reply::data(detail(&app, repo).await?)
}

/// `POST /repos`. The webhook secret is shown this once.
pub async fn create(State(app): State<App>, _: CurrentUser, form: Form) -> Answer {
    let new = NewRepo::parse(&app, form)?;
    let webhook_secret = new.webhook_secret.clone();
    let mut transaction = app.db.begin().await?;
    let id = app.db.next_id(&mut transaction, "repos").await?;
    let repo = new.into_repo(&app, id);
    let inserted = store::insert(&mut transaction, &repo).await;
    inserted.map_err(or_taken(&code::REPO_NAME_TAKEN))?;
    transaction.commit().await?;
    app.changed();
    let data = json!({
        "id": id,
        "name": repo.name,
        "webhook_url": webhook_url(&app.public_base, &repo.webhook_id),
        "webhook_secret": webhook_secret,
    });
    Reply::say(CREATED, data)
}

/// `PUT /repos/{id}`
pub async fn update(State(app): State<App>, _: CurrentUser, Id(id): Id, form: Form) -> Answer {
    let repo = form::change(&app, form, get(&app, id).await?)?;
    let updated = store::update(app.db.write(), &repo, app.clock.now_us()).await;
    if !updated.map_err(or_taken(&code::REPO_NAME_TAKEN))? {
        return Err(ApiError::changed_meanwhile());
    }
    app.changed();
    let repo = get(&app, id).await?;
    Reply::say(UPDATED, detail(&app, repo).await?)
}

/// `DELETE /repos/{id}`
pub async fn delete(State(app): State<App>, _: CurrentUser, Id(id): Id) -> Answer {
    let mut transaction = app.db.begin().await?;
    if !store::delete(&mut transaction, id, app.clock.now_us()).await? {
        return Err((&code::REPO_NOT_FOUND).into());
    }
    transaction.commit().await?;
    app.changed();
    Reply::say(DELETED, ())
}

/// `GET /repos/{id}/targets`: the linked ones. Those of scope `global` get every repository's messages without a link.
pub async fn targets(State(app): State<App>, _: CurrentUser, Id(id): Id) -> Answer {
    get(&app, id).await?;
    Reply::whole(&target::store::entries_of_repo(app.db.read(), id).await?)
}

/// `POST /repos/{id}/targets`
pub async fn link(State(app): State<App>, _: CurrentUser, Id(id): Id, mut form: Form) -> Answer {
    let target_ids = form.required_ids("target_ids");
    form.finish()?;
    let mut transaction = app.db.begin().await?;
    if !target::store::missing_repos(&mut transaction, &[id])
        .await?
        .is_empty()
    {
        return Err((&code::REPO_NOT_FOUND).into());
    }
    let missing = target::store::missing_targets(&mut transaction, &target_ids).await?;
    if !missing.is_empty() {
        let error = ApiError::invalid(vec![target::no_such("target_ids", &missing)]);
        return Err(error.as_known(&code::TARGET_NOT_FOUND));
    }
    let now = app.clock.now_us();
    for target_id in &target_ids {
        target::store::link(&mut transaction, id, *target_id, now).await?;
    }
    transaction.commit().await?;
    app.changed();
    Reply::say(
        Text::new("关联成功", "Linked"),
        json!({ "repo_id": id, "target_ids": target_ids }),
    )
}

async fn get(app: &App, id: i64) -> Result<Repo, ApiError> {
    let repo = store::find(app.db.read(), id).await?;
    repo.ok_or_else(|| (&code::REPO_NOT_FOUND).into())
}

async fn detail(app: &App, repo: Repo) -> Result<super::model::Detail, ApiError> {
    let targets = target::store::briefs_of_repo(app.db.read(), repo.id).await?;
    let stats = push::store::stats_of_repo(app.db.read(), repo.id).await?;
    Ok(repo.detail(&app.public_base, targets, stats))
}
