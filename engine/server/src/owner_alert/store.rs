//! SQL on what was told of `target_health`.

use crate::{
    settings::Settings,
    target::{Quiet, QuietHours},
};
use push_notify_core::{clock::Micros, id::TargetId};
use sqlx::{AnyPool, FromRow, Row as _, any::AnyRow};

/// Of one look. Those that wait for their owners' quiet hours are among them.
const MOST: i64 = 1000;

/// A target that fails, and of which nobody was told yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Failing {
    pub target_id: TargetId,
    pub name: String,
    pub channel: String,
    pub since: Micros,
    pub flagged_at: Micros,
    pub error: Option<String>,
    /// Whoever can be told: of a team the manager, or else the member, who has been in it for
    /// longest.
    pub owner: Option<Owner>,
    /// The target that was named for this, if it works.
    pub through: Option<Through>,
}

#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub email: String,
    pub settings: Settings,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Through {
    pub target_id: TargetId,
    pub channel: String,
    pub quiet: Option<Quiet>,
}

impl FromRow<'_, AnyRow> for Failing {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let optional = |column: &str| row.try_get::<Option<String>, _>(column);
        let settings = optional("settings")?;
        let owner = optional("email")?.map(|email| Owner {
            email,
            settings: Settings::from_stored(settings.as_deref()),
        });
        // Those that cannot be read hold nothing back.
        let quiet = QuietHours::from_stored(optional("quiet_hours")?.as_deref());
        let quiet = quiet.ok().flatten().and_then(|quiet| quiet.in_force());
        let through = match (row.try_get("through_id")?, optional("through_type")?) {
            (Some(target_id), Some(channel)) => Some(Through {
                target_id,
                channel,
                quiet,
            }),
            _ => None,
        };
        Ok(Self {
            target_id: row.try_get("target_id")?,
            name: row.try_get("name")?,
            channel: row.try_get("type")?,
            since: row.try_get("since")?,
            flagged_at: row.try_get("flagged_at")?,
            error: optional("last_error")?,
            owner,
            through,
        })
    }
}

/// Those that nobody is about to tell of. A target that fails itself tells nothing of another.
pub(super) async fn untold(pool: &AnyPool, now: Micros) -> Result<Vec<Failing>, sqlx::Error> {
    sqlx::query_as(
        "SELECT h.target_id, h.flagged_at, COALESCE(h.failing_since, h.misconfigured_since, h.flagged_at) AS since, h.last_error,
            t.name, t.type, u.email, u.settings, n.id AS through_id, n.type AS through_type, n.quiet_hours
         FROM target_health h
            JOIN targets t ON t.id = h.target_id AND t.status = 'active' AND t.deleted_at IS NULL
            LEFT JOIN users u ON u.status = 'active' AND u.deleted_at IS NULL AND u.id = COALESCE(t.owner_id, (
                SELECT k.user_id FROM team_members k
                    JOIN users w ON w.id = k.user_id AND w.status = 'active' AND w.deleted_at IS NULL
                WHERE k.team_id = t.team_id ORDER BY k.role, k.created_at, k.user_id LIMIT 1))
            LEFT JOIN targets n ON n.id = t.notice_target_id AND n.id <> t.id AND n.status = 'active' AND n.deleted_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM target_health f WHERE f.target_id = n.id AND f.flagged_at IS NOT NULL)
         WHERE h.notified_at IS NULL AND h.flagged_at IS NOT NULL AND COALESCE(h.notice_until, 0) <= $1
         ORDER BY h.flagged_at LIMIT $2",
    )
    .bind(now)
    .bind(MOST)
    .fetch_all(pool)
    .await
}

/// Whether it is ours to tell, until `until`.
pub(super) async fn claim(
    pool: &AnyPool,
    failing: &Failing,
    now: Micros,
    until: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE target_health SET notice_until = $3
         WHERE target_id = $1 AND flagged_at = $2 AND notified_at IS NULL AND COALESCE(notice_until, 0) <= $4",
    )
    .bind(failing.target_id)
    .bind(failing.flagged_at)
    .bind(until)
    .bind(now)
    .execute(pool)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// False: somebody told already, or it works again.
pub(super) async fn told<'c>(
    executor: impl sqlx::Executor<'c, Database = sqlx::Any>,
    failing: &Failing,
    now: Micros,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE target_health SET notified_at = $3, notice_until = NULL
         WHERE target_id = $1 AND flagged_at = $2 AND notified_at IS NULL",
    )
    .bind(failing.target_id)
    .bind(failing.flagged_at)
    .bind(now)
    .execute(executor)
    .await?;
    Ok(done.rows_affected() == 1)
}
