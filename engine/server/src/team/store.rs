//! SQL on `teams` and `team_members`.

use super::{
    Role, Team,
    types::{Entry, Member},
};
use push_notify_core::{
    clock::{Micros, rfc3339},
    id::{TeamId, UserId},
};
use push_notify_db::{
    Dialect,
    list::{Filter, Listing},
    page::{Page, Total},
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};

impl FromRow<'_, AnyRow> for Team {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

const LISTING: Listing = Listing {
    table: "teams g",
    key: "g.id",
    columns: "g.id, g.name, g.description, g.created_at, g.updated_at,
        (SELECT COUNT(*) FROM team_members k WHERE k.team_id = g.id) AS member_count",
    joins: "",
};

/// One page, and how many there are in all, with what the user is in each. `filter` is on `g`.
pub(super) async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
    user_id: UserId,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let roles = roles_of(pool, user_id).await?;
    let entry = |row: &AnyRow| {
        let team = Team::from_row(row)?;
        let role = roles.iter().find(|(id, _)| *id == team.id);
        Ok(Entry {
            id: team.id,
            name: team.name,
            description: team.description,
            member_count: row.try_get("member_count")?,
            your_role: role.map(|(_, role)| *role),
            created_at: rfc3339(team.created_at),
            updated_at: rfc3339(team.updated_at),
        })
    };
    let filter = filter.always("g.deleted_at IS NULL");
    filter.page(pool, &LISTING, page, entry).await
}

async fn roles_of(pool: &AnyPool, user_id: UserId) -> Result<Vec<(TeamId, Role)>, sqlx::Error> {
    let rows = sqlx::query("SELECT team_id, role FROM team_members WHERE user_id = $1")
        .bind(user_id)
        .fetch_all(pool)
        .await?;
    let role = |row: &AnyRow| {
        let role: String = row.try_get("role")?;
        Ok((row.try_get("team_id")?, Role::from_stored(&role)))
    };
    rows.iter().map(role).collect()
}

pub async fn find(pool: &AnyPool, id: TeamId) -> Result<Option<Team>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, name, description, created_at, updated_at FROM teams WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// The team as of this transaction, which nobody else changes until it ends, nor its members.
pub(super) async fn lock(
    connection: &mut AnyConnection,
    dialect: Dialect,
    id: TeamId,
) -> Result<Option<Team>, sqlx::Error> {
    let lock = match dialect {
        // There is one writer.
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR UPDATE",
    };
    let sql = format!(
        "SELECT id, name, description, created_at, updated_at FROM teams WHERE id = $1 AND deleted_at IS NULL{lock}"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// Fails with a unique violation when the name is taken.
pub(super) async fn insert(connection: &mut AnyConnection, team: &Team) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO teams (id, name, description, created_at, updated_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(team.id)
    .bind(team.name.as_str())
    .bind(team.description.as_deref())
    .bind(team.created_at)
    .bind(team.updated_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Fails with a unique violation when the name is taken.
pub(super) async fn update(
    connection: &mut AnyConnection,
    team: &Team,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE teams SET name = $2, description = $3, updated_at = $4 WHERE id = $1")
        .bind(team.id)
        .bind(team.name.as_str())
        .bind(team.description.as_deref())
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Marks it as deleted; its members leave it.
pub(super) async fn delete(
    connection: &mut AnyConnection,
    id: TeamId,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE teams SET deleted_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM team_members WHERE team_id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Managers first.
pub(super) async fn members(
    connection: &mut AnyConnection,
    id: TeamId,
) -> Result<Vec<Member>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT k.user_id, u.username, k.role FROM team_members k
            JOIN users u ON u.id = k.user_id AND u.deleted_at IS NULL
         WHERE k.team_id = $1 ORDER BY k.role, LOWER(u.username)",
    )
    .bind(id)
    .fetch_all(connection)
    .await?;
    let member = |row: &AnyRow| {
        Ok(Member {
            user_id: row.try_get("user_id")?,
            username: row.try_get("username")?,
            role: Role::from_stored(&row.try_get::<String, _>("role")?),
        })
    };
    rows.iter().map(member).collect()
}

/// What the user is in the team. None: no member.
pub async fn role(
    pool: &AnyPool,
    id: TeamId,
    user_id: UserId,
) -> Result<Option<Role>, sqlx::Error> {
    let role: Option<String> =
        sqlx::query_scalar("SELECT role FROM team_members WHERE team_id = $1 AND user_id = $2")
            .bind(id)
            .bind(user_id)
            .fetch_optional(pool)
            .await?;
    Ok(role.as_deref().map(Role::from_stored))
}

/// False when they are a member already.
pub(super) async fn join(
    connection: &mut AnyConnection,
    id: TeamId,
    user_id: UserId,
    role: Role,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO team_members (team_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (team_id, user_id) DO NOTHING",
    )
    .bind(id)
    .bind(user_id)
    .bind(role.name())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn set_role(
    connection: &mut AnyConnection,
    id: TeamId,
    user_id: UserId,
    role: Role,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE team_members SET role = $3 WHERE team_id = $1 AND user_id = $2")
        .bind(id)
        .bind(user_id)
        .bind(role.name())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn leave(
    connection: &mut AnyConnection,
    id: TeamId,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM team_members WHERE team_id = $1 AND user_id = $2")
        .bind(id)
        .bind(user_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Of somebody who is deleted.
pub async fn leave_all(connection: &mut AnyConnection, user_id: UserId) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM team_members WHERE user_id = $1")
        .bind(user_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// How many teams the user manages.
pub(super) async fn managed(
    connection: &mut AnyConnection,
    user_id: UserId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM team_members WHERE user_id = $1 AND role = 'manager'")
        .bind(user_id)
        .fetch_one(connection)
        .await
}
