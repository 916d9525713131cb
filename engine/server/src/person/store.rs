//! SQL on `people` and `person_identities`.

use super::{Identity, Kind, Notify, Person};
use crate::target::QuietHours;
use push_notify_core::{
    clock::Micros,
    i18n::Locale,
    id::{PersonId, TargetId, UserId},
};
use push_notify_db::{
    Dialect,
    list::{Filter, Listing, among},
    page::{Page, Total},
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};
use std::collections::HashMap;

impl FromRow<'_, AnyRow> for Person {
    /// Without its identities.
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let optional = |column: &str| row.try_get::<Option<String>, _>(column);
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            kind: Kind::from_stored(row.try_get("kind")?),
            notify: Notify::from_stored(row.try_get("notify")?),
            quiet_hours: QuietHours::from_stored(optional("quiet_hours")?.as_deref())
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            language: optional("language")?.as_deref().and_then(Locale::of_tag),
            user_id: row.try_get("user_id")?,
            identities: Vec::new(),
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

const COLUMNS: &str = "p.id, p.name, p.kind, p.notify, p.quiet_hours, p.language, p.user_id, p.created_at, p.updated_at";

/// One page, and how many there are in all. `filter` is on `p`.
pub(super) async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
) -> Result<(Vec<Person>, Total), sqlx::Error> {
    let listing = Listing {
        table: "people p",
        key: "p.id",
        columns: COLUMNS,
        joins: "",
    };
    let filter = filter.always("p.deleted_at IS NULL");
    let (mut people, total) = filter
        .page(pool, &listing, page, |row| Person::from_row(row))
        .await?;
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    identify(pool, &mut people, &ids).await?;
    Ok((people, total))
}

pub async fn find(pool: &AnyPool, id: PersonId) -> Result<Option<Person>, sqlx::Error> {
    let found: Option<Person> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM people p WHERE p.id = $1 AND p.deleted_at IS NULL"
    )))
    .bind(id)
    .fetch_optional(pool)
    .await?;
    let mut found: Vec<Person> = found.into_iter().collect();
    identify(pool, &mut found, &[id]).await?;
    Ok(found.pop())
}

/// Everybody, by id.
pub async fn all(pool: &AnyPool) -> Result<Vec<Person>, sqlx::Error> {
    let mut people: Vec<Person> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM people p WHERE p.deleted_at IS NULL ORDER BY p.id"
    )))
    .fetch_all(pool)
    .await?;
    identify(pool, &mut people, &[]).await?;
    Ok(people)
}

/// Gives people their identities; `ids` are theirs, or none: everybody's are read.
async fn identify(
    pool: &AnyPool,
    people: &mut [Person],
    ids: &[PersonId],
) -> Result<(), sqlx::Error> {
    if people.is_empty() {
        return Ok(());
    }
    let which = match ids {
        [] => String::new(),
        ids => format!("WHERE {}", among("person_id", ids.iter().copied())),
    };
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT person_id, kind, host, value, verified FROM person_identities {which}
         ORDER BY person_id, kind, host, folded"
    )))
    .persistent(ids.is_empty())
    .fetch_all(pool)
    .await?;
    let mut of: HashMap<PersonId, Vec<Identity>> = HashMap::new();
    for row in rows {
        let host: String = row.try_get("host")?;
        of.entry(row.try_get("person_id")?)
            .or_default()
            .push(Identity {
                kind: row.try_get("kind")?,
                host: (!host.is_empty()).then_some(host),
                value: row.try_get("value")?,
                verified: row.try_get::<i64, _>("verified")? == 1,
            });
    }
    for person in people {
        person.identities = of.remove(&person.id).unwrap_or_default();
    }
    Ok(())
}

/// Fails with a unique violation when its name, account or an identity is taken.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    person: &Person,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO people (id, name, kind, notify, quiet_hours, language, user_id, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
    )
    .bind(person.id)
    .bind(person.name.as_str())
    .bind(person.kind.name())
    .bind(person.notify.name())
    .bind(quiet_json(person)?)
    .bind(person.language.map(Locale::tag))
    .bind(person.user_id)
    .bind(person.created_at)
    .execute(&mut *connection)
    .await?;
    call(connection, person).await
}

/// False when somebody changed or deleted it since it was read. Fails with a unique violation as
/// [`insert`] does.
pub(super) async fn update(
    connection: &mut AnyConnection,
    person: &Person,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE people SET name = $3, kind = $4, notify = $5, quiet_hours = $6, language = $7, user_id = $8, updated_at = $9
         WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
    )
    .bind(person.id)
    .bind(person.updated_at)
    .bind(person.name.as_str())
    .bind(person.kind.name())
    .bind(person.notify.name())
    .bind(quiet_json(person)?)
    .bind(person.language.map(Locale::tag))
    .bind(person.user_id)
    .bind(now.max(person.updated_at + 1))
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    forget(connection, person.id).await?;
    call(connection, person).await?;
    Ok(true)
}

fn quiet_json(person: &Person) -> Result<Option<String>, sqlx::Error> {
    let quiet = person.quiet_hours.as_ref().map(serde_json::to_string);
    quiet
        .transpose()
        .map_err(|error| sqlx::Error::Encode(error.into()))
}

async fn call(connection: &mut AnyConnection, person: &Person) -> Result<(), sqlx::Error> {
    for identity in &person.identities {
        sqlx::query(
            "INSERT INTO person_identities (person_id, kind, host, value, folded, verified)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(person.id)
        .bind(identity.kind.as_str())
        .bind(identity.host_or_empty())
        .bind(identity.value.as_str())
        .bind(identity.folded())
        .bind(i64::from(identity.verified))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Takes their identities from them.
pub(super) async fn forget(
    connection: &mut AnyConnection,
    id: PersonId,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM person_identities WHERE person_id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// What the person is called elsewhere is free for others. False when they are not there.
pub(super) async fn delete(
    connection: &mut AnyConnection,
    id: PersonId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE people SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(&mut *connection)
            .await?;
    forget(connection, id).await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn count(connection: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM people WHERE deleted_at IS NULL")
        .fetch_one(connection)
        .await
}

/// Whose this identity is: their id and name.
pub(super) async fn whose(
    connection: &mut AnyConnection,
    identity: &Identity,
) -> Result<Option<(PersonId, String)>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT p.id, p.name FROM person_identities i JOIN people p ON p.id = i.person_id
         WHERE i.kind = $1 AND i.host = $2 AND i.folded = $3",
    )
    .bind(identity.kind.as_str())
    .bind(identity.host_or_empty())
    .bind(identity.folded())
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.try_get("id")?, row.try_get("name")?)))
        .transpose()
}

/// Everybody by name, in small letters.
pub async fn names(pool: &AnyPool) -> Result<HashMap<String, PersonId>, sqlx::Error> {
    let rows = sqlx::query("SELECT id, name FROM people WHERE deleted_at IS NULL")
        .fetch_all(pool)
        .await?;
    let named = |row: &AnyRow| {
        let name: String = row.try_get("name")?;
        Ok((name.to_lowercase(), row.try_get("id")?))
    };
    rows.iter().map(named).collect()
}

pub(super) async fn is_user(
    connection: &mut AnyConnection,
    id: UserId,
) -> Result<bool, sqlx::Error> {
    let found: Option<UserId> =
        sqlx::query_scalar("SELECT id FROM users WHERE id = $1 AND deleted_at IS NULL")
            .bind(id)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// The targets of people's own that are switched on.
pub(super) async fn own_targets(
    pool: &AnyPool,
) -> Result<HashMap<PersonId, Vec<TargetId>>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, person_id FROM targets
         WHERE person_id IS NOT NULL AND status = 'active' AND deleted_at IS NULL ORDER BY id",
    )
    .fetch_all(pool)
    .await?;
    let mut own: HashMap<PersonId, Vec<TargetId>> = HashMap::new();
    for row in rows {
        let of = own.entry(row.try_get("person_id")?).or_default();
        of.push(row.try_get("id")?);
    }
    Ok(own)
}

/// The targets of a person's own as of this transaction, which nobody else looks at until it ends.
pub(super) async fn locked_targets(
    connection: &mut AnyConnection,
    dialect: Dialect,
    id: PersonId,
) -> Result<Vec<TargetId>, sqlx::Error> {
    let lock = match dialect {
        // There is one writer.
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE",
    };
    let sql = format!("SELECT id FROM targets WHERE person_id = $1 AND deleted_at IS NULL{lock}");
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(id)
        .fetch_all(connection)
        .await
}

/// Targets of a person's own are nobody's.
pub(super) async fn disown_targets(
    connection: &mut AnyConnection,
    id: PersonId,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE targets SET person_id = NULL WHERE person_id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}
