//! `/api/v1/targets`.

use super::{
    Scope, Status, Target,
    form::{self, ChangedFields, NewFields, NewTarget},
    health, store,
    types::{Detail, Entry, Linked, no_such},
};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply, code,
        envelope::{CREATED, DELETED, UPDATED},
        error::or_taken,
        extract::{Asked, Body, Form, FromForm, FromQuery, Id, IdPair, Query},
    },
    log::operation::AuditEntry,
    owner::{self, Thing},
    push,
    user::User,
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{PersonId, RepoId, TargetId, TeamId, UserId},
};
use push_notify_db::{list::Filter, page::Page};
use push_notify_manifest::Kind;
use sqlx::AnyConnection;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[
                ("created_at", "t.created_at"),
                ("updated_at", "t.updated_at"),
                ("name", "t.name"),
                ("id", "t.id"),
            ]),
            filter: Filter::default()
                .containing(
                    "LOWER(t.name) LIKE LOWER(?) ESCAPE '\\'",
                    query.text("keyword"),
                )
                .and("t.type = ?", query.text("type"))
                .and("t.owner_id = ?", query.id::<UserId>("owner_id"))
                .and("t.team_id = ?", query.id::<TeamId>("team_id"))
                .and("t.scope = ?", query.choice("scope", &Scope::NAMES))
                .and("t.status = ?", query.choice("status", &Status::NAMES)),
        }
    }
}

/// The body of `POST /targets/{id}/repos`.
pub struct RepoIds(Vec<RepoId>);

impl FromForm for RepoIds {
    const EXAMPLE: &'static str = r#"{"repo_ids": [1, 2]}"#;

    fn read(form: &mut Form) -> Self {
        Self(form.required_ids("repo_ids"))
    }
}

/// `GET /targets`
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let filter = filter.and(owner::store::TARGETS, user.sight(&app).only());
    let (targets, total) = store::list(app.db.read(), filter, &page, app.clock.now_us()).await?;
    Reply::page(targets, &page, total)
}

/// `GET /targets/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<TargetId>) -> Answer<Detail> {
    let target = get(&app, id).await?;
    Reply::data(detail(&app, target).await?)
}

/// `POST /targets`
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewFields>,
) -> Answer<Detail> {
    let new = NewTarget::parse(&app, body)?;
    if new.scope == Scope::Global {
        global_is_administrators(&user)?;
    }
    let repo_ids = new.repo_ids.clone();
    owner::require_all(&app, &user, Thing::Repo, &repo_ids, "repo_ids").await?;
    may_send_notices(&app, &user, new.notice_target_id).await?;
    let owner = new.wish.of_new(&app, &user).await?;
    let mut transaction = app.db.begin().await?;
    let id = app.db.next_id(&mut transaction).await?;
    let target = new.into_target(&app, id, owner);
    check_notice_target(&mut transaction, &target).await?;
    may_be_of(&user, &mut transaction, target.person_id).await?;
    let inserted = store::insert(&mut transaction, &target).await;
    inserted.map_err(or_taken(&code::TARGET_NAME_TAKEN))?;
    link_all(&app, &mut transaction, id, &repo_ids).await?;
    let audit = AuditEntry::new("target.create", id, &target.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(CREATED, detail(&app, target).await?)
}

/// `PUT /targets/{id}`
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TargetId>,
    body: Body<ChangedFields>,
) -> Answer<Detail> {
    let old = get(&app, id).await?;
    let (old_scope, old_notice, old_person) = (old.scope, old.notice_target_id, old.person_id);
    let mut change = form::change(&app, body, old)?;
    if change.target.scope != old_scope {
        global_is_administrators(&user)?;
    }
    if let Some(repo_ids) = &change.repo_ids {
        let linked = store::repos_of(app.db.read(), id).await?;
        let is_new = |id: &RepoId| linked.iter().all(|repo| repo.id != *id);
        let new: Vec<RepoId> = repo_ids.iter().copied().filter(is_new).collect();
        owner::require_all(&app, &user, Thing::Repo, &new, "repo_ids").await?;
    }
    if change.target.notice_target_id != old_notice {
        may_send_notices(&app, &user, change.target.notice_target_id).await?;
    }
    let before = change.target.owner.take();
    change.target.owner = change.wish.of_old(&app, &user, before.clone()).await?;
    let given = owner::given(before.as_ref(), change.target.owner.as_ref());
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    check_notice_target(&mut transaction, &change.target).await?;
    if change.target.person_id != old_person {
        may_be_of(&user, &mut transaction, change.target.person_id).await?;
    }
    let updated = store::update(&mut transaction, &change.target, now).await;
    if !updated.map_err(or_taken(&code::TARGET_NAME_TAKEN))? {
        return Err(ApiError::changed_meanwhile());
    }
    if let Some(repo_ids) = change.repo_ids {
        store::unlink_all(&mut transaction, id).await?;
        link_all(&app, &mut transaction, id, &repo_ids).await?;
    }
    if change.renews {
        health::store::clear(&mut transaction, id, now).await?;
    }
    if change.quiet_hours_changed {
        push::store::end_quiet(&mut transaction, id, now).await?;
    }
    let audit = AuditEntry::new("target.update", id, &change.target.name).with(&given);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    app.wake.notify_one();
    let target = get(&app, id).await?;
    Reply::say(UPDATED, detail(&app, target).await?)
}

/// `DELETE /targets/{id}`
pub async fn delete(State(app): State<App>, user: CurrentUser, Id(id): Id<TargetId>) -> Answer<()> {
    let target = get(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    if !store::delete(&mut transaction, id, app.clock.now_us()).await? {
        return Err((&code::TARGET_NOT_FOUND).into());
    }
    // What waits for it ends now, and not when it would be well again.
    health::store::clear(&mut transaction, id, app.clock.now_us()).await?;
    let audit = AuditEntry::new("target.delete", id, &target.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    app.wake.notify_one();
    Reply::say(DELETED, ())
}

/// `POST /targets/{id}/repos`
pub async fn link(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TargetId>,
    body: Body<RepoIds>,
) -> Answer<Linked> {
    let RepoIds(repo_ids) = body.checked()?;
    let target = get(&app, id).await?;
    owner::require_all(&app, &user, Thing::Repo, &repo_ids, "repo_ids").await?;
    let mut transaction = app.db.begin().await?;
    if !store::missing_targets(&mut transaction, &[id])
        .await?
        .is_empty()
    {
        return Err((&code::TARGET_NOT_FOUND).into());
    }
    link_all(&app, &mut transaction, id, &repo_ids).await?;
    let detail = format!("repos {repo_ids:?}");
    let audit = AuditEntry::new("target.link", id, &target.name).with(&detail);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    let data = Linked {
        target_id: id,
        repo_ids,
    };
    Reply::say(Text::new("关联成功", "Linked"), data)
}

/// `DELETE /targets/{id}/repos/{repo_id}`
pub async fn unlink(
    State(app): State<App>,
    user: CurrentUser,
    IdPair(id, repo_id): IdPair<TargetId, RepoId>,
) -> Answer<()> {
    let target = get(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    if !store::unlink(&mut transaction, repo_id, id).await? {
        return Err((&code::REPO_NOT_FOUND).into());
    }
    let detail = format!("repo {repo_id}");
    let audit = AuditEntry::new("target.unlink", id, &target.name).with(&detail);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(Text::new("取消关联成功", "Unlinked"), ())
}

async fn link_all(
    app: &App,
    connection: &mut AnyConnection,
    id: TargetId,
    repo_ids: &[RepoId],
) -> Result<(), ApiError> {
    let missing = store::missing_repos(connection, repo_ids).await?;
    if !missing.is_empty() {
        let error = ApiError::invalid(vec![no_such("repo_ids", &missing)]);
        return Err(error.as_known(&code::REPO_NOT_FOUND));
    }
    let now = app.clock.now_us();
    for repo_id in repo_ids {
        store::link(connection, *repo_id, id, now).await?;
    }
    Ok(())
}

/// They hear of every repository.
fn global_is_administrators(user: &User) -> Result<(), ApiError> {
    if user.is_admin() {
        return Ok(());
    }
    let problem = Text::new(
        "为global时只有管理员可以设置，请使用\"repo\"并指定repo_ids",
        "can be `global` by administrators only: say \"repo\", and the repositories in repo_ids",
    );
    Err(ApiError::forbidden().with(vec![Text::of_field("scope", &problem)]))
}

/// Nobody has notices sent to a target that is not theirs.
async fn may_send_notices(
    app: &App,
    user: &User,
    through: Option<TargetId>,
) -> Result<(), ApiError> {
    let ids: Vec<TargetId> = through.into_iter().collect();
    owner::require_all(app, user, Thing::Target, &ids, "notice_target_id").await
}

/// Nobody but administrators has others' messages sent to a target of theirs.
async fn may_be_of(
    user: &User,
    connection: &mut AnyConnection,
    person_id: Option<PersonId>,
) -> Result<(), ApiError> {
    let Some(id) = person_id else { return Ok(()) };
    match store::account_of(connection, id).await? {
        None => Err(ApiError::invalid(vec![no_such("person_id", &[id])])),
        Some(account) if user.is_admin() || account == Some(user.id) => Ok(()),
        Some(_) => {
            let problem = Text::new(
                "必须是自己：只有管理员可以为他人设置",
                "must be yourself: only administrators set up targets of others' own",
            );
            Err(ApiError::forbidden().with(vec![Text::of_field("person_id", &problem)]))
        }
    }
}

async fn check_notice_target(
    connection: &mut AnyConnection,
    target: &Target,
) -> Result<(), ApiError> {
    let ids: Vec<TargetId> = target.notice_target_id.into_iter().collect();
    let missing = store::missing_targets(connection, &ids).await?;
    match missing.is_empty() {
        true => Ok(()),
        false => Err(ApiError::invalid(vec![no_such(
            "notice_target_id",
            &missing,
        )])),
    }
}

async fn get(app: &App, id: TargetId) -> Result<Target, ApiError> {
    let target = store::find(app.db.read(), id).await?;
    target.ok_or_else(|| (&code::TARGET_NOT_FOUND).into())
}

async fn detail(app: &App, target: Target) -> Result<Detail, ApiError> {
    let repos = store::repos_of(app.db.read(), target.id).await?;
    let stats = push::store::stats_of_targets(app.db.read(), &[target.id]).await?;
    let stats = stats.into_values().next().unwrap_or_default();
    let health = health::store::of(app.db.read(), &[target.id]).await?;
    let health = health.into_values().next().unwrap_or_default();
    let channel = app.host.manifest(Kind::Channel, &target.kind);
    let now = app.clock.now_us();
    Ok(target.detail(repos, stats, &health, channel.as_deref(), now))
}
