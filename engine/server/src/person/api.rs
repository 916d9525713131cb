//! `/api/v1/people`.

mod table;

pub use table::{export, import, unknown};

use super::{
    Kind, Notify, Person,
    form::{self, Fields},
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
    push,
    target::no_such,
};
use axum::extract::State;
use push_notify_core::{
    i18n::Text,
    id::{PersonId, UserId},
};
use push_notify_db::{list::Filter, page::Page};
use sqlx::AnyConnection;

/// All of them are held in memory, for each message to look at.
pub(super) const MOST_PEOPLE: i64 = 20_000;

pub struct Listing {
    page: Page,
    filter: Filter,
}

impl FromQuery for Listing {
    fn read(query: &mut Query) -> Self {
        let page = query.page(&[
            ("created_at", "p.created_at"),
            ("updated_at", "p.updated_at"),
            ("name", "LOWER(p.name)"),
            ("id", "p.id"),
        ]);
        Self {
            page,
            filter: Filter::default()
                .containing(
                    "(LOWER(p.name) LIKE LOWER(?) ESCAPE '\\' OR EXISTS (SELECT 1 FROM person_identities i
                        WHERE i.person_id = p.id AND LOWER(i.value) LIKE LOWER(?) ESCAPE '\\'))",
                    query.text("keyword"),
                )
                .and("p.kind = ?", query.choice("kind", Kind::NAMES))
                .and("p.notify = ?", query.choice("notify", Notify::NAMES))
                .and("p.user_id = ?", query.id::<UserId>("user_id")),
        }
    }
}

/// `GET /people`. Who sees only what is theirs sees themselves.
pub async fn list(
    State(app): State<App>,
    user: CurrentUser,
    Asked(Listing { page, filter }): Asked<Listing>,
) -> Answer<Listed<Shown>> {
    let filter = filter.and("p.user_id = ?", user.sight(&app).only());
    let (people, total) = store::list(app.db.read(), filter, &page).await?;
    let mut own = store::own_targets(app.db.read()).await?;
    let shown = |person: Person| {
        let target_ids = own.remove(&person.id).unwrap_or_default();
        person.shown(target_ids)
    };
    let people = people.into_iter().map(shown).collect();
    Reply::page(people, &page, total)
}

/// `GET /people/{id}`
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<PersonId>,
) -> Answer<Shown> {
    let person = get(&app, id).await?;
    let only = user.sight(&app).only();
    if only.is_some() && person.user_id != only {
        return Err(ApiError::not_found());
    }
    Reply::data(shown(&app, person).await?)
}

/// `POST /people`
pub async fn create(
    State(app): State<App>,
    user: CurrentUser,
    body: Body<Fields>,
) -> Answer<Shown> {
    let now = app.clock.now_us();
    let nobody = Person::new("", now);
    let mut person = form::check(&app.host, body, nobody)?;
    let mut transaction = app.db.begin().await?;
    if store::count(&mut transaction).await? >= MOST_PEOPLE {
        return Err(ApiError::conflict(Text::made(
            format!("最多{MOST_PEOPLE}人"),
            format!("There can be at most {MOST_PEOPLE} people"),
        )));
    }
    person.id = app.db.next_id(&mut transaction).await?;
    is_free(&mut transaction, &person).await?;
    let inserted = store::insert(&mut transaction, &person).await;
    inserted.map_err(or_taken(&code::PERSON_TAKEN))?;
    let audit = AuditEntry::new("person.create", person.id, &person.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    let person = get(&app, person.id).await?;
    Reply::say(CREATED, shown(&app, person).await?)
}

/// `PUT /people/{id}`. What the body does not name stays; `identities` are given as a whole.
pub async fn update(
    State(app): State<App>,
    user: CurrentUser,
    Id(id): Id<PersonId>,
    body: Body<Fields>,
) -> Answer<Shown> {
    let old = get(&app, id).await?;
    let quiet_hours = old.quiet_hours.clone();
    let person = form::check(&app.host, body, old)?;
    let now = app.clock.now_us();
    let mut transaction = app.db.begin().await?;
    is_free(&mut transaction, &person).await?;
    let updated = store::update(&mut transaction, &person, now).await;
    if !updated.map_err(or_taken(&code::PERSON_TAKEN))? {
        return Err(ApiError::changed_meanwhile());
    }
    if person.quiet_hours != quiet_hours {
        end_quiet(&app, &mut transaction, id).await?;
    }
    let audit = AuditEntry::new("person.update", id, &person.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    app.wake.notify_one();
    let person = get(&app, id).await?;
    Reply::say(UPDATED, shown(&app, person).await?)
}

/// `DELETE /people/{id}`
pub async fn delete(State(app): State<App>, user: CurrentUser, Id(id): Id<PersonId>) -> Answer<()> {
    let person = get(&app, id).await?;
    let mut transaction = app.db.begin().await?;
    end_quiet(&app, &mut transaction, id).await?;
    store::disown_targets(&mut transaction, id).await?;
    if !store::delete(&mut transaction, id, app.clock.now_us()).await? {
        return Err(ApiError::not_found());
    }
    let audit = AuditEntry::new("person.delete", id, &person.name);
    user.record(&app, &mut transaction, audit).await?;
    transaction.commit().await?;
    app.changed();
    app.wake.notify_one();
    Reply::say(DELETED, ())
}

async fn shown(app: &App, person: Person) -> Result<Shown, ApiError> {
    let mut own = store::own_targets(app.db.read()).await?;
    let target_ids = own.remove(&person.id).unwrap_or_default();
    Ok(person.shown(target_ids))
}

/// What waits for the end of the old quiet hours waits no longer.
async fn end_quiet(
    app: &App,
    connection: &mut AnyConnection,
    id: PersonId,
) -> Result<(), ApiError> {
    for target_id in store::locked_targets(connection, app.db.dialect(), id).await? {
        push::store::end_quiet(connection, target_id, app.clock.now_us()).await?;
    }
    Ok(())
}

async fn get(app: &App, id: PersonId) -> Result<Person, ApiError> {
    let person = store::find(app.db.read(), id).await?;
    person.ok_or_else(ApiError::not_found)
}

/// No identity is somebody else's, and the account is there.
async fn is_free(connection: &mut AnyConnection, person: &Person) -> Result<(), ApiError> {
    let mut problems = Vec::new();
    for (place, identity) in person.identities.iter().enumerate() {
        if let Some((id, name)) = store::whose(connection, identity).await?
            && id != person.id
        {
            let problem = belongs_to(id, &name);
            problems.push(Text::of_field(&format!("identities[{place}]"), &problem));
        }
    }
    if let Some(user_id) = person.user_id
        && !store::is_user(connection, user_id).await?
    {
        problems.push(no_such("user_id", &[user_id]));
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(ApiError::invalid(problems)),
    }
}

pub(super) fn belongs_to(id: PersonId, name: &str) -> Text {
    Text::made(
        format!("已属于{name}（{id}）"),
        format!("belongs to {name} ({id}) already"),
    )
}
