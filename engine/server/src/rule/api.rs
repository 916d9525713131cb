//! `/api/v1/rules`.

use super::{
    Rule,
    form::{self, Checked, Fields, Names, Place},
    store,
    types::Shown,
};
use crate::{
    app::App,
    auth::CurrentUser,
    http::{
        Answer, ApiError, Listed, Reply, code,
        envelope::{CREATED, DELETED, UPDATED},
        error::or_taken,
        extract::{Asked, Body, FromQuery, Id, Query},
    },
    log::operation::AuditEntry,
    owner::{self, Thing},
    person,
    repo::Status,
    target::{self, no_such},
    user::User,
};
use axum::extract::State;
use push_notify_core::id::{RuleId, TargetId, TeamId, TemplateId, UserId};
use push_notify_db::{list::Filter, page::Page};

/// So many are asked of an event in less than the time that anybody notices.
const MOST_RULES: i64 = 10_000;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        // The order in which they are asked, unless another is wanted.
        let page = query.page_ascending(&[
            ("position", "u.place"),
            ("name", "u.name"),
            ("updated_at", "u.updated_at"),
            ("id", "u.id"),
        ]);
        Self {
            page,
            filter: Filter::default()
                .containing(
                    "LOWER(u.name) LIKE LOWER(?) ESCAPE '\\'",
                    query.text("keyword"),
                )
                .and("u.status = ?", query.choice("status", &Status::NAMES))
                .and("u.owner_id = ?", query.id::<UserId>("owner_id"))
                .and("u.team_id = ?", query.id::<TeamId>("team_id")),
        }
    }
}

/// `GET /rules`, in the order in which they are asked.
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Shown>> {
    let filter = filter.and(owner::store::RULES, user.sight(&app).only());
    let (rules, total) = store::list(app.db.read(), filter, &page).await?;
    let rules = rules.into_iter().map(Rule::shown).collect();
    Reply::page(rules, &page, total)
}

/// `GET /rules/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<RuleId>) -> Answer<Shown> {
    Reply::data(get(&app, id).await?.shown())
}

/// `POST /rules`. It is asked after all others.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<Fields>,
) -> Answer<Shown> {
    let Checked {
        name,
        status,
        definition,
        wish,
    } = form::check(body, None, &names(&app).await?)?;
    may_send(&app, &user, &definition.target_ids, definition.template_id).await?;
    let owner = wish.of_new(&app, &user).await?;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    if store::count(&mut transaction).await? >= MOST_RULES {
        return Err(ApiError::conflict(push_notify_core::i18n::Text::made(
            format!("最多{MOST_RULES}条规则"),
            format!("There can be at most {MOST_RULES} rules"),
        )));
    }
    missing(&mut transaction, &definition.target_ids).await?;
    let rule = Rule {
        id: app.db.next_id(&mut transaction).await?,
        name,
        position: 0,
        status,
        owner,
        definition,
        created_at: now,
        updated_at: now,
    };
    let inserted = store::insert(&mut transaction, &rule).await;
    inserted.map_err(or_taken(&code::RULE_NAME_TAKEN))?;
    let audit = AuditEntry::new("rule.create", rule.id, &rule.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(CREATED, get(&app, rule.id).await?.shown())
}

/// `PUT /rules/{id}`. What the body does not name stays; `match` is given as a whole. A rule that
/// asks something else forgets how subjects stood to it.
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<RuleId>,
    body: Body<Fields>,
) -> Answer<Shown> {
    let mut rule = get(&app, id).await?;
    let Checked {
        name,
        status,
        definition,
        wish,
    } = form::check(body, Some(&rule), &names(&app).await?)?;
    let is_new = |id: &TargetId| !rule.definition.target_ids.contains(id);
    let new: Vec<TargetId> = definition
        .target_ids
        .iter()
        .copied()
        .filter(is_new)
        .collect();
    may_send(&app, &user, &new, definition.template_id).await?;
    let before = rule.owner.take();
    rule.owner = wish.of_old(&app, &user, before.clone()).await?;
    let given = owner::given(before.as_ref(), rule.owner.as_ref());
    let asks = |definition: &super::Definition| {
        (
            definition.matchers.clone(),
            definition.when.clone(),
            definition.once,
        )
    };
    let asks_else = asks(&rule.definition) != asks(&definition);
    rule.name = name;
    rule.status = status;
    rule.definition = definition;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    missing(&mut transaction, &new).await?;
    let updated = store::update(&mut transaction, &rule, now).await;
    if !updated.map_err(or_taken(&code::RULE_NAME_TAKEN))? {
        return Err(ApiError::changed_meanwhile());
    }
    if asks_else {
        store::forget(&mut transaction, id).await?;
    }
    let audit = AuditEntry::new("rule.update", id, &rule.name).with(&given);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(UPDATED, get(&app, id).await?.shown())
}

/// `PUT /rules/{id}/position`
pub async fn place(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<RuleId>,
    body: Body<Place>,
) -> Answer<Shown> {
    let Place { before } = body.checked()?;
    let rule = get(&app, id).await?;
    if before != Some(id) {
        let mut transaction = app.db.begin().await?;
        if !store::place(&mut transaction, id, before).await? {
            let unknown: Vec<RuleId> = before.into_iter().collect();
            return Err(ApiError::invalid(vec![no_such("before", &unknown)]));
        }
        let audit = AuditEntry::new("rule.place", id, &rule.name);
        user.record(&app, &mut transaction, audit).await?;
        transaction.commit().await?;
        app.changed();
    }
    Reply::say(UPDATED, get(&app, id).await?.shown())
}

/// `DELETE /rules/{id}`
pub async fn delete(State(app): State<App>, user: CurrentUser, Id(id): Id<RuleId>) -> Answer<()> {
    let rule = get(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    if !store::delete(&mut transaction, id, app.clock.now_us()).await? {
        return Err(ApiError::not_found());
    }
    let audit = AuditEntry::new("rule.delete", id, &rule.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(DELETED, ())
}

/// Whom a rule can name.
async fn names(app: &App) -> Result<Names, ApiError> {
    Ok(person::store::names(app.db.read()).await?)
}

async fn get(app: &App, id: RuleId) -> Result<Rule, ApiError> {
    let rule = store::find(app.db.read(), id).await?;
    rule.ok_or_else(ApiError::not_found)
}

/// Nobody sends to a target that they may not change, nor with a template that they do not see.
async fn may_send(
    app: &App,
    user: &User,
    target_ids: &[TargetId],
    template_id: Option<TemplateId>,
) -> Result<(), ApiError> {
    owner::require_all(app, user, Thing::Target, target_ids, "target_ids").await?;
    let Some(id) = template_id else { return Ok(()) };
    let is_there = crate::template::store::find(app.db.read(), id)
        .await?
        .is_some();
    if is_there && owner::sees(app, user, Thing::Template, id).await? {
        return Ok(());
    }
    Err(ApiError::invalid(vec![no_such("template_id", &[id])]))
}

async fn missing(
    connection: &mut sqlx::AnyConnection,
    target_ids: &[TargetId],
) -> Result<(), ApiError> {
    let missing = target::store::missing_targets(connection, target_ids).await?;
    match missing.is_empty() {
        true => Ok(()),
        false => Err(ApiError::invalid(vec![no_such("target_ids", &missing)])),
    }
}
