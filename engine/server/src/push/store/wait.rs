use crate::push::state::PENDING;
use push_notify_core::{clock::Micros, id::TargetId};
use sqlx::{AnyConnection, AssertSqlSafe};

/// What waits for the end of a target's quiet hours comes due now: there are others, or none.
pub async fn end_quiet(
    connection: &mut AnyConnection,
    target_id: TargetId,
    now: Micros,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        AssertSqlSafe(format!("UPDATE pushes SET run_at = $2, waits_for = NULL
         WHERE id IN (SELECT id FROM push_queue WHERE target_id = $1 AND {PENDING} AND waits_for = 'quiet_hours')
             AND {PENDING} AND lease IS NULL AND waits_for = 'quiet_hours'")),
    )
    .bind(target_id)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
