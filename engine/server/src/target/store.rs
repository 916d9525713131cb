//! SQL on `targets` and `repo_targets`.

use super::{
    Brief, DigestRule, QuietHours, Scope, Status, Target,
    health::{self, Health},
    types::{Entry, LinkedRepo},
};
use crate::{
    owner::{Owner, store::owner_of},
    plugin::settings::Stored,
    push,
};
use push_notify_core::{
    clock::Micros,
    i18n::Locale,
    id::{PersonId, RepoId, SqlId, TargetId, UserId},
};
use push_notify_db::{
    list::{Filter, Listing, among},
    page::{Page, Total},
};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow, Row as _, any::AnyRow};

impl FromRow<'_, AnyRow> for Target {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let text = |column: &str| row.try_get::<String, _>(column);
        let optional = |column: &str| row.try_get::<Option<String>, _>(column);
        Ok(Self {
            id: row.try_get("id")?,
            name: text("name")?,
            kind: text("type")?,
            settings: Stored::parse(&text("config")?, &text("secrets")?)
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            scope: Scope::from_stored(&text("scope")?),
            status: Status::from_stored(&text("status")?),
            quiet_hours: QuietHours::from_stored(optional("quiet_hours")?.as_deref())
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            timezone: optional("timezone")?,
            language: optional("language")?.as_deref().and_then(Locale::of_tag),
            owner: owner_of(row)?,
            notice_target_id: row.try_get("notice_target_id")?,
            person_id: row.try_get("person_id")?,
            digest: DigestRule::from_stored(row.try_get::<Option<String>, _>("digest")?.as_deref())
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            conversation: row.try_get("conversation")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

impl FromRow<'_, AnyRow> for Brief {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            kind: row.try_get("type")?,
        })
    }
}

impl FromRow<'_, AnyRow> for LinkedRepo {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
        })
    }
}

/// Of `t`, with names from `u` and `g`.
const COLUMNS: &str =
    "t.id, t.name, t.type, t.config, t.secrets, t.scope, t.status, t.digest, t.conversation, t.quiet_hours, t.timezone,
    t.language, t.owner_id,
    u.username AS owner_name, t.team_id, g.name AS team_name, t.notice_target_id, t.person_id, t.created_at, t.updated_at";
const JOIN_OWNER: &str = "LEFT JOIN users u ON u.id = t.owner_id AND u.deleted_at IS NULL
    LEFT JOIN teams g ON g.id = t.team_id AND g.deleted_at IS NULL";

pub async fn find(pool: &AnyPool, id: TargetId) -> Result<Option<Target>, sqlx::Error> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM targets t {JOIN_OWNER} WHERE t.id = $1 AND t.deleted_at IS NULL"
    )))
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// One page, and how many there are in all. `filter` is on `t`.
pub async fn list(
    pool: &AnyPool,
    filter: Filter,
    page: &Page,
    now: Micros,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let listing = Listing {
        table: "targets t",
        key: "t.id",
        columns: COLUMNS,
        joins: JOIN_OWNER,
    };
    let filter = filter.always("t.deleted_at IS NULL");
    let (targets, total) = filter
        .page(pool, &listing, page, |row| Target::from_row(row))
        .await?;
    Ok((entries(pool, targets, now).await?, total))
}

/// The linked targets.
pub async fn entries_of_repo(
    pool: &AnyPool,
    repo_id: RepoId,
    now: Micros,
) -> Result<Vec<Entry>, sqlx::Error> {
    let targets = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM targets t JOIN repo_targets l ON l.target_id = t.id {JOIN_OWNER}
         WHERE l.repo_id = $1 AND t.deleted_at IS NULL ORDER BY t.id"
    )))
    .bind(repo_id)
    .fetch_all(pool)
    .await?;
    entries(pool, targets, now).await
}

async fn entries(
    pool: &AnyPool,
    targets: Vec<Target>,
    now: Micros,
) -> Result<Vec<Entry>, sqlx::Error> {
    let ids: Vec<TargetId> = targets.iter().map(|target| target.id).collect();
    let mut stats = push::store::stats_of_targets(pool, &ids).await?;
    let healths = health::store::of(pool, &ids).await?;
    let well = Health::default();
    let entry = |target: Target| {
        let stats = stats.remove(&target.id).unwrap_or_default();
        let health = healths.get(&target.id).unwrap_or(&well);
        target.entry(stats, health, now)
    };
    Ok(targets.into_iter().map(entry).collect())
}

pub async fn briefs_of_repo(pool: &AnyPool, repo_id: RepoId) -> Result<Vec<Brief>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.id, t.name, t.type FROM targets t JOIN repo_targets l ON l.target_id = t.id
         WHERE l.repo_id = $1 AND t.deleted_at IS NULL ORDER BY t.id",
    )
    .bind(repo_id)
    .fetch_all(pool)
    .await
}

pub async fn repos_of(pool: &AnyPool, id: TargetId) -> Result<Vec<LinkedRepo>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.id, r.name FROM repos r JOIN repo_targets l ON l.repo_id = r.id
         WHERE l.target_id = $1 AND r.deleted_at IS NULL ORDER BY r.id",
    )
    .bind(id)
    .fetch_all(pool)
    .await
}

/// Fails with a unique violation when the name is taken in its type.
pub async fn insert(connection: &mut AnyConnection, target: &Target) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO targets (id, name, type, config, secrets, scope, status, quiet_hours, owner_id, notice_target_id, digest,
            created_at, updated_at, team_id, timezone, language, conversation, person_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(target.id)
    .bind(target.name.as_str())
    .bind(target.kind.as_str())
    .bind(target.settings.config_json())
    .bind(target.settings.secrets_json())
    .bind(target.scope.name())
    .bind(target.status.name())
    .bind(quiet_json(target)?)
    .bind(Owner::user_id(target.owner.as_ref()))
    .bind(target.notice_target_id)
    .bind(target.digest.to_stored())
    .bind(target.created_at)
    .bind(target.updated_at)
    .bind(Owner::team_id(target.owner.as_ref()))
    .bind(target.timezone.as_deref())
    .bind(target.language.map(Locale::tag))
    .bind(target.conversation.name())
    .bind(target.person_id)
    .execute(connection)
    .await?;
    Ok(())
}

/// False when somebody changed or deleted it since it was read. Fails with a unique violation when
/// the name is taken.
pub async fn update(
    connection: &mut AnyConnection,
    target: &Target,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE targets SET name = $3, config = $4, secrets = $5, scope = $6, status = $7, digest = $8, updated_at = $9,
            quiet_hours = $10, owner_id = $11, notice_target_id = $12, team_id = $13, timezone = $14, language = $15,
            conversation = $16, person_id = $17
         WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL",
    )
    .bind(target.id)
    .bind(target.updated_at)
    .bind(target.name.as_str())
    .bind(target.settings.config_json())
    .bind(target.settings.secrets_json())
    .bind(target.scope.name())
    .bind(target.status.name())
    .bind(target.digest.to_stored())
    .bind(now.max(target.updated_at + 1))
    .bind(quiet_json(target)?)
    .bind(Owner::user_id(target.owner.as_ref()))
    .bind(target.notice_target_id)
    .bind(Owner::team_id(target.owner.as_ref()))
    .bind(target.timezone.as_deref())
    .bind(target.language.map(Locale::tag))
    .bind(target.conversation.name())
    .bind(target.person_id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn quiet_json(target: &Target) -> Result<Option<String>, sqlx::Error> {
    let quiet = target.quiet_hours.as_ref().map(serde_json::to_string);
    quiet
        .transpose()
        .map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Marks it as deleted and removes its links, and what other targets say of it. False when it is
/// not there.
pub async fn delete(
    connection: &mut AnyConnection,
    id: TargetId,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE targets SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(&mut *connection)
            .await?;
    unlink_all(&mut *connection, id).await?;
    sqlx::query("UPDATE targets SET notice_target_id = NULL WHERE notice_target_id = $1")
        .bind(id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Links them; does nothing when they are linked.
pub async fn link(
    connection: &mut AnyConnection,
    repo_id: RepoId,
    target_id: TargetId,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO repo_targets (repo_id, target_id, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (repo_id, target_id) DO NOTHING",
    )
    .bind(repo_id)
    .bind(target_id)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// False when they were not linked.
pub async fn unlink(
    connection: &mut AnyConnection,
    repo_id: RepoId,
    target_id: TargetId,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM repo_targets WHERE repo_id = $1 AND target_id = $2")
        .bind(repo_id)
        .bind(target_id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn unlink_all(
    connection: &mut AnyConnection,
    target_id: TargetId,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM repo_targets WHERE target_id = $1")
        .bind(target_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Those of `ids` that are no repository, or a deleted one. One that is deleted right after keeps
/// its links; all that read links look at the rows too.
pub async fn missing_repos(
    connection: &mut AnyConnection,
    ids: &[RepoId],
) -> Result<Vec<RepoId>, sqlx::Error> {
    missing(connection, "repos", ids).await
}

/// As [`missing_repos`], of targets.
pub async fn missing_targets(
    connection: &mut AnyConnection,
    ids: &[TargetId],
) -> Result<Vec<TargetId>, sqlx::Error> {
    missing(connection, "targets", ids).await
}

async fn missing<I: SqlId>(
    connection: &mut AnyConnection,
    table: &'static str,
    ids: &[I],
) -> Result<Vec<I>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let these = among("id", ids.iter().copied());
    let sql = format!("SELECT id FROM {table} WHERE {these} AND deleted_at IS NULL");
    let found: Vec<I> = sqlx::query_scalar(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(connection)
        .await?;
    Ok(ids
        .iter()
        .filter(|id| !found.contains(id))
        .copied()
        .collect())
}

/// The account of a person, if they have one. None: there is no such person.
pub(super) async fn account_of(
    connection: &mut AnyConnection,
    id: PersonId,
) -> Result<Option<Option<UserId>>, sqlx::Error> {
    sqlx::query_scalar("SELECT user_id FROM people WHERE id = $1 AND deleted_at IS NULL")
        .bind(id)
        .fetch_optional(connection)
        .await
}
