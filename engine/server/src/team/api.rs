//! `/api/v1/teams`.

mod members;

pub use members::{add, change, remove};

use super::{
    Role, Team,
    form::{ChangedTeam, NewTeam},
    store,
    types::{Detail, Entry},
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
    log::operation::AuditEntry,
    owner::{self, Owner, Wish},
};
use axum::extract::State;
use push_notify_core::{
    i18n::{Locale, Text},
    id::TeamId,
};
use push_notify_db::{list::Filter, page::Page};
use sqlx::AnyConnection;

/// Of one user.
const MOST_MANAGED: i64 = 50;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        Self {
            page: query.page(&[
                ("created_at", "g.created_at"),
                ("updated_at", "g.updated_at"),
                ("name", "LOWER(g.name)"),
                ("id", "g.id"),
            ]),
            filter: Filter::default().containing(
                "LOWER(g.name) LIKE LOWER(?) ESCAPE '\\'",
                query.text("keyword"),
            ),
        }
    }
}

/// The query of `DELETE /teams/{id}`.
pub struct Deletion(Wish);

impl FromQuery for Deletion {
    fn read(query: &mut Query) -> Self {
        Self(owner::heir(query))
    }
}

/// `GET /teams`
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Entry>> {
    let filter = filter.and(owner::store::TEAMS, user.sight(&app).only());
    let (teams, total) = store::list(app.db.read(), filter, &page, user.id).await?;
    Reply::page(teams, &page, total)
}

/// `GET /teams/{id}`
pub async fn show(State(app): State<App>, Id(id): Id<TeamId>) -> Answer<Detail> {
    let team = store::find(app.db.read(), id).await?;
    let team = team.ok_or_else(ApiError::not_found)?;
    let mut connection = app.db.read().acquire().await?;
    let members = store::members(&mut connection, id).await?;
    Reply::data(team.detail(members))
}

/// `POST /teams`. Whoever makes a team manages it.
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<NewTeam>,
) -> Answer<Detail> {
    let NewTeam { name, description } = body.checked()?;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    if !user.is_admin() && store::managed(&mut transaction, user.id).await? >= MOST_MANAGED {
        return Err(ApiError::conflict(Text::made(
            format!("每个用户最多管理{MOST_MANAGED}个团队"),
            format!("A user manages at most {MOST_MANAGED} teams"),
        )));
    }
    let team = Team {
        id: app.db.next_id(&mut transaction).await?,
        name,
        description,
        created_at: now,
        updated_at: now,
    };
    let inserted = store::insert(&mut transaction, &team).await;
    inserted.map_err(or_taken(&code::TEAM_NAME_TAKEN))?;
    store::join(&mut transaction, team.id, user.id, Role::Manager, now).await?;
    let audit = AuditEntry::new("team.create", team.id, &team.name);
    user.record(&app, &mut transaction, audit).await?;
    let members = store::members(&mut transaction, team.id).await?;
    transaction.commit().await?;
    Reply::say(CREATED, team.detail(members))
}

/// `PUT /teams/{id}`
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<TeamId>,
    body: Body<ChangedTeam>,
) -> Answer<Detail> {
    let change = body.checked()?;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let mut team = locked(&app, &mut transaction, id).await?;
    team.name = change.name.unwrap_or(team.name);
    team.description = change.description.unwrap_or(team.description);
    team.updated_at = now;
    let updated = store::update(&mut transaction, &team, now).await;
    updated.map_err(or_taken(&code::TEAM_NAME_TAKEN))?;
    let audit = AuditEntry::new("team.update", id, &team.name);
    user.record(&app, &mut transaction, audit).await?;
    let members = store::members(&mut transaction, id).await?;
    transaction.commit().await?;
    Reply::say(UPDATED, team.detail(members))
}

/// `DELETE /teams/{id}`. What it owns is given to whom the query names, by the same rules as one
/// thing; while it owns something and the query names nobody, it stays.
pub async fn delete(
    State(app): State<App>,
    user: CurrentUser,
    AcceptLanguage(locale): AcceptLanguage,
    Id(id): Id<TeamId>,
    Asked(Deletion(heir)): Asked<Deletion>,
) -> Answer<()> {
    let found = store::find(app.db.read(), id).await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    let old = Owner::team(id, &found.name);
    let heir = match heir {
        Wish::Silent => None,
        Wish::Team(team) if team == id => return Err(is_itself()),
        wish => wish.of_old(&app, &user, Some(old.clone())).await?,
    };
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    let team = locked(&app, &mut transaction, id).await?;
    let owns = owner::remaining(&mut transaction, &old).await?;
    let detail = match (&owns, &heir) {
        (Some(owns), None) => return Err(still_owns(owns, locale)),
        (Some(owns), Some(heir)) => {
            let owns = owns.as_str(Locale::English);
            format!("{owns}: {}", owner::given(Some(&old), Some(heir)))
        }
        (None, _) => String::new(),
    };
    owner::store::give_all(&mut transaction, &old, heir.as_ref(), now).await?;
    store::delete(&mut transaction, id, now).await?;
    let audit = AuditEntry::new("team.delete", id, &team.name).with(&detail);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    Reply::say(DELETED, ())
}

async fn locked(app: &App, connection: &mut AnyConnection, id: TeamId) -> Result<Team, ApiError> {
    let team = store::lock(connection, app.db.dialect(), id).await?;
    team.ok_or_else(ApiError::not_found)
}

fn still_owns(owns: &Text, locale: Locale) -> ApiError {
    let owns = owns.as_str(locale);
    ApiError::conflict(Text::made(
        format!("团队仍拥有{owns}：请先转移，或用查询参数owner_id或team_id指定接收者"),
        format!(
            "The team still owns {owns}: give it away first, or name who gets it by the parameter owner_id or team_id"
        ),
    ))
}

fn is_itself() -> ApiError {
    let problem = Text::new("必须是另一个团队", "must be another team");
    ApiError::invalid_field("team_id", &problem)
}
