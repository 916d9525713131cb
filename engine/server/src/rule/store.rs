//! SQL on `rules`.

pub mod edge;

use super::{Definition, Rule};
use crate::{
    owner::{Owner, store::owner_of},
    repo::Status,
};
use push_notify_core::{
    clock::Micros,
    id::{RuleId, TargetId, TeamId, UserId},
};
use push_notify_db::{
    list::{Filter, Listing},
    page::{Page, Total},
};
use push_notify_rules::Owner as Of;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};
use std::collections::HashMap;

impl FromRow<'_, AnyRow> for Rule {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            position: row.try_get("place")?,
            status: Status::from_stored(row.try_get("status")?),
            owner: owner_of(row)?,
            definition: serde_json::from_str(row.try_get("definition")?)
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

const COLUMNS: &str =
    "u.id, u.name, u.place, u.status, u.owner_id, o.username AS owner_name, u.team_id,
    g.name AS team_name, u.definition, u.created_at, u.updated_at";
const JOIN_OWNER: &str = "LEFT JOIN users o ON o.id = u.owner_id AND o.deleted_at IS NULL
    LEFT JOIN teams g ON g.id = u.team_id AND g.deleted_at IS NULL";

/// One page, and how many there are in all. `filter` is on `u`.
pub(super) async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
) -> Result<(Vec<Rule>, Total), sqlx::Error> {
    let listing = Listing {
        table: "rules u",
        key: "u.id",
        columns: COLUMNS,
        joins: JOIN_OWNER,
    };
    let filter = filter.always("u.deleted_at IS NULL");
    filter
        .page(pool, &listing, page, |row| Rule::from_row(row))
        .await
}

pub(super) async fn find(pool: &AnyPool, id: RuleId) -> Result<Option<Rule>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM rules u {JOIN_OWNER} WHERE u.id = $1 AND u.deleted_at IS NULL"
    )))
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// Fails with a unique violation when the name is taken.
pub(super) async fn insert(connection: &mut AnyConnection, rule: &Rule) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO rules (id, name, place, owner_id, team_id, status, definition, created_at, updated_at)
         VALUES ($1, $2, (SELECT COALESCE(MAX(place), 0) + 1 FROM rules WHERE deleted_at IS NULL), $3, $4, $5, $6, $7, $7)",
    )
    .bind(rule.id)
    .bind(rule.name.as_str())
    .bind(Owner::user_id(rule.owner.as_ref()))
    .bind(Owner::team_id(rule.owner.as_ref()))
    .bind(rule.status.name())
    .bind(stored(&rule.definition)?)
    .bind(rule.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// False when somebody changed or deleted it since it was read. Fails with a unique violation when
/// the name is taken.
pub(super) async fn update(
    connection: &mut AnyConnection,
    rule: &Rule,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE rules SET name = $3, owner_id = $4, team_id = $5, status = $6, definition = $7, updated_at = $8
         WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
    )
    .bind(rule.id)
    .bind(rule.updated_at)
    .bind(rule.name.as_str())
    .bind(Owner::user_id(rule.owner.as_ref()))
    .bind(Owner::team_id(rule.owner.as_ref()))
    .bind(rule.status.name())
    .bind(stored(&rule.definition)?)
    .bind(now.max(rule.updated_at + 1))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn stored(definition: &Definition) -> Result<String, sqlx::Error> {
    serde_json::to_string(definition).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Forgets what it knew of subjects, too.
pub(super) async fn delete(
    connection: &mut AnyConnection,
    id: RuleId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE rules SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    forget(connection, id).await?;
    Ok(done.rows_affected() == 1)
}

/// What a rule knows of subjects holds for what it asked so far.
pub(super) async fn forget(connection: &mut AnyConnection, id: RuleId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM rule_edges WHERE rule_id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts a rule before another one, or last.
pub(super) async fn place(
    connection: &mut AnyConnection,
    id: RuleId,
    before: Option<RuleId>,
) -> Result<bool, sqlx::Error> {
    let position: Option<i64> = match before {
        Some(before) => {
            sqlx::query_scalar("SELECT place FROM rules WHERE id = $1 AND deleted_at IS NULL")
                .bind(before)
                .fetch_optional(&mut *connection)
                .await?
        }
        None => Some(
            sqlx::query_scalar(
                "SELECT COALESCE(MAX(place), 0) + 1 FROM rules WHERE deleted_at IS NULL",
            )
            .fetch_one(&mut *connection)
            .await?,
        ),
    };
    let Some(position) = position else {
        return Ok(false);
    };
    sqlx::query("UPDATE rules SET place = place + 1 WHERE place >= $1")
        .bind(position)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE rules SET place = $2 WHERE id = $1")
        .bind(id)
        .bind(position)
        .execute(connection)
        .await?;
    Ok(true)
}

/// Those that are switched on, in their order, each with whose repositories it is about.
pub(super) async fn in_force(pool: &AnyPool) -> Result<Vec<(Rule, Option<Vec<Of>>)>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT {COLUMNS}, o.role AS owner_role FROM rules u {JOIN_OWNER}
         WHERE u.deleted_at IS NULL AND u.status = 'active' ORDER BY u.place, u.id"
    )))
    .fetch_all(pool)
    .await?;
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let there: Vec<TargetId> =
        sqlx::query_scalar("SELECT id FROM targets WHERE deleted_at IS NULL")
            .fetch_all(pool)
            .await?;
    let mut teams: HashMap<UserId, Vec<Of>> = HashMap::new();
    for row in sqlx::query("SELECT user_id, team_id FROM team_members")
        .fetch_all(pool)
        .await?
    {
        let team: TeamId = row.try_get("team_id")?;
        let of = teams.entry(row.try_get("user_id")?).or_default();
        of.push(Of::Team(team.get()));
    }
    rows.iter()
        .map(|row| {
            let mut rule = Rule::from_row(row)?;
            rule.definition.target_ids.retain(|id| there.contains(id));
            let is_admin = row.try_get::<Option<&str>, _>("owner_role")? == Some("admin");
            let user = Owner::user_id(rule.owner.as_ref());
            let team = Owner::team_id(rule.owner.as_ref());
            let of = match (user, team) {
                (Some(user), _) if !is_admin => {
                    let mut of = teams.get(&user).cloned().unwrap_or_default();
                    of.push(Of::User(user.get()));
                    Some(of)
                }
                (None, Some(team)) => Some(vec![Of::Team(team.get())]),
                _ => None,
            };
            Ok((rule, of))
        })
        .collect()
}

pub(super) async fn count(connection: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM rules WHERE deleted_at IS NULL")
        .fetch_one(connection)
        .await
}
