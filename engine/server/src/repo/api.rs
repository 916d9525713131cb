//! `/api/v1/repos`.

pub mod mapping;

use super::{
    Repo,
    form::{self, ChangedFields, NewFields, NewRepo},
    former,
    setup::Setup,
    store,
    types::{Created, Detail, Entry, Linked, Room, webhook_url},
};
use crate::{
    app::App,
    auth::CurrentUser,
    event,
    http::{
        AcceptLanguage, Answer, ApiError, Listed, Reply, code,
        envelope::{CREATED, DELETED, UPDATED},
        error::or_taken,
        extract::{Asked, Body, Form, FromForm, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    model,
    owner::{self, Thing},
    push, review, target,
};
use axum::extract::State;
use push_notify_core::{
    clock::rfc3339,
    i18n::Text,
    id::{RepoId, TargetId, TeamId, UserId},
};
use push_notify_db::{
    list::Filter,
    page::{Page, Part},
};
use push_notify_review::ReviewSettings;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[
                ("created_at", "r.created_at"),
                ("updated_at", "r.updated_at"),
                ("name", "r.name"),
                ("id", "r.id"),
            ]),
            filter: Filter::default()
                .containing(
                    "LOWER(r.name) LIKE LOWER(?) ESCAPE '\\'",
                    query.text("keyword"),
                )
                .and("r.type = ?", query.text("type"))
                .and("r.owner_id = ?", query.id::<UserId>("owner_id"))
                .and("r.team_id = ?", query.id::<TeamId>("team_id"))
                .and(
                    "r.status = ?",
                    query.choice("status", &super::Status::NAMES),
                ),
        }
    }
}

/// The body of `POST /repos/{id}/targets`.
pub struct TargetIds(Vec<TargetId>);

impl FromForm for TargetIds {
    const EXAMPLE: &'static str = r#"{"target_ids": [1, 2]}"#;

    fn read(form: &mut Form) -> Self {
        Self(form.required_ids("target_ids"))
    }
}

/// `GET /repos`
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let filter = filter.and(owner::store::REPOS, user.sight(&app).only());
    let (repos, total) = store::list(app.db.read(), filter, &page, &app.public_base).await?;
    Reply::page(repos, &page, total)
}

/// `GET /repos/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<RepoId>) -> Answer<Detail> {
    let repo = get(&app, id).await?;
    Reply::data(detail(&app, repo).await?)
}

/// `POST /repos`. The webhook secret is shown this once.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewFields>,
) -> Answer<Created> {
    let new = NewRepo::parse(&app, body)?;
    model::require(&app, new.model_id).await?;
    review::require(&app, &user, &new.review, &ReviewSettings::default()).await?;
    let owner = new.wish.of_new(&app, &user).await?;
    let webhook_secret = new.webhook_secret.clone();
    let mut transaction = app.db.begin().await?;
    let id = app.db.next_id(&mut transaction).await?;
    let repo = new.into_repo(&app, id, user.id, owner);
    mapping::require(&app, &repo).await?;
    let inserted = store::insert(&mut transaction, &repo).await;
    inserted.map_err(or_taken(&code::REPO_NAME_TAKEN))?;
    let audit = AuditEntry::new("repo.create", id, &repo.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    let data = Created {
        id,
        webhook_url: webhook_url(&app.public_base, &repo.webhook_id),
        name: repo.name,
        webhook_secret,
        owner: repo.owner,
    };
    Reply::say(CREATED, data)
}

/// `PUT /repos/{id}`
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<RepoId>,
    body: Body<ChangedFields>,
) -> Answer<Detail> {
    let old = get(&app, id).await?;
    let (mut repo, wish) = form::change(&app, user.id, body, old.clone())?;
    // One that was deleted since may stay.
    if repo.model_id != old.model_id {
        model::require(&app, repo.model_id).await?;
    }
    review::require(&app, &user, &repo.review, &old.review).await?;
    if repo.settings != old.settings {
        mapping::require(&app, &repo).await?;
    }
    repo.owner = wish.of_old(&app, &user, repo.owner).await?;
    let mut transaction = app.db.begin().await?;
    let updated = store::update(&mut transaction, &repo, app.clock.now_us()).await;
    if !updated.map_err(or_taken(&code::REPO_NAME_TAKEN))? {
        return Err(ApiError::changed_meanwhile());
    }
    let overlap = former::keep(&app, &mut transaction, &old, &repo).await?;
    let said = overlap.map_or_else(String::new, |until| {
        let until = rfc3339(until);
        format!("another webhook secret; the former one lets deliveries in until {until}")
    });
    let given = owner::given(old.owner.as_ref(), repo.owner.as_ref());
    let said: Vec<String> = [said, given]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let said = said.join("; ");
    let audit = AuditEntry::new("repo.update", id, &repo.name).with(&said);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    let repo = get(&app, id).await?;
    Reply::say(UPDATED, detail(&app, repo).await?)
}

/// `DELETE /repos/{id}/former-webhook-secrets`: from now on only the current one lets deliveries
/// in.
pub async fn end_former_secrets(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<RepoId>,
) -> Answer<Detail> {
    let repo = get(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    let now = app.clock.now_us();
    let ended = former::store::end_all_but(&mut transaction, id, 0, now).await?;
    let detail = format!("ended {ended} former webhook secrets");
    let audit = AuditEntry::new("repo.update", id, &repo.name).with(&detail);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    let message = Text::new(
        "旧的Webhook密钥已失效",
        "The former webhook secrets are of no use any more",
    );
    Reply::say(message, self::detail(&app, repo).await?)
}

/// `DELETE /repos/{id}`
pub async fn delete(State(app): State<App>, user: CurrentUser, Id(id): Id<RepoId>) -> Answer<()> {
    let repo = get(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    if !store::delete(&mut transaction, id, app.clock.now_us()).await? {
        return Err((&code::REPO_NOT_FOUND).into());
    }
    let audit = AuditEntry::new("repo.delete", id, &repo.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(DELETED, ())
}

/// `GET /repos/{id}/webhook-url`
pub async fn webhook(
    State(app): State<App>,
    AcceptLanguage(locale): AcceptLanguage,
    Id(id): Id<RepoId>,
) -> Answer<Setup> {
    let repo = get(&app, id).await?;
    Reply::data(Setup::of(&app, repo, locale))
}

/// `GET /repos/{id}/targets`: the linked ones. Those of scope `global` get every repository's
/// messages without a link.
pub async fn targets(
    State(app): State<App>,
    Id(id): Id<RepoId>,
    Asked(part): Asked<Part>,
) -> Answer<Listed<target::Entry>> {
    get(&app, id).await?;
    let now = app.clock.now_us();
    Reply::part(
        target::store::entries_of_repo(app.db.read(), id, now).await?,
        part,
    )
}

/// `POST /repos/{id}/targets`
pub async fn link(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<RepoId>,
    body: Body<TargetIds>,
) -> Answer<Linked> {
    let TargetIds(target_ids) = body.checked()?;
    let repo = get(&app, id).await?;
    owner::require_all(&app, &user, Thing::Target, &target_ids, "target_ids").await?;
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
    let detail = format!("targets {target_ids:?}");
    let audit = AuditEntry::new("repo.link", id, &repo.name).with(&detail);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    let data = Linked {
        repo_id: id,
        target_ids,
    };
    Reply::say(Text::new("关联成功", "Linked"), data)
}

async fn get(app: &App, id: RepoId) -> Result<Repo, ApiError> {
    let repo = store::find(app.db.read(), id).await?;
    repo.ok_or_else(|| (&code::REPO_NOT_FOUND).into())
}

async fn detail(app: &App, repo: Repo) -> Result<Detail, ApiError> {
    let targets = target::store::briefs_of_repo(app.db.read(), repo.id).await?;
    let stats = push::store::stats_of_repo(app.db.read(), repo.id).await?;
    let now = app.clock.now_us();
    let former = former::store::in_force(app.db.read(), repo.id, now).await?;
    let model_name = match repo.model_id {
        Some(id) => model::store::name(app.db.read(), id).await?,
        None => None,
    };
    let (parked_events, parked_bytes) =
        event::store::parked_of_repo(app.db.read(), repo.id).await?;
    let used = app.storage.used(repo.id);
    let (most_bytes, owner_most_bytes) = app.storage.bounds();
    let room = Room {
        stored_bytes: used.repo_bytes,
        most_bytes,
        owner_stored_bytes: used.owner_bytes,
        owner_most_bytes,
        parked_events,
        parked_bytes,
    };
    Ok(repo.detail(&app.public_base, model_name, former, targets, stats, room))
}
