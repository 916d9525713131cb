use crate::{
    db::rows::{placeholders, runs},
    pipeline::message::{Content, Lease, Recipients},
};
use sqlx::{AnyConnection, AssertSqlSafe};

/// What a worker leaves behind of a push that it held. Written only while the row has its lease.
pub(crate) struct Settlement {
    pub push_id: i64,
    pub lease: Lease,
    pub change: Change,
}

pub(crate) enum Change {
    /// An attempt was made.
    Attempted {
        attempt: i64,
        outcome: &'static str,
        detail: Option<String>,
        started_at: i64,
        duration_us: i64,
        /// The push's state from here on.
        state: &'static str,
        /// When it is due again, if it is pending.
        run_at: i64,
        content: Option<Content>,
        recipients: Option<Recipients>,
    },
    /// No attempt was made; it is due again then.
    Deferred { attempts: i64, run_at: i64 },
}

/// `WITH` and `CAST` because a bare `VALUES` list has neither names nor types on PostgreSQL.
const UPDATE: &str = "
    UPDATE pushes SET state = v.state, reason = CASE WHEN v.kept = 1 THEN pushes.reason ELSE v.reason END,
        attempts = v.attempts, run_at = v.run_at, lease = NULL,
        template_id = COALESCE(v.template_id, pushes.template_id),
        title = COALESCE(v.title, pushes.title), body = COALESCE(v.body, pushes.body),
        only_to = CASE WHEN v.kept = 1 THEN pushes.only_to ELSE v.only_to END,
        pushed_at = COALESCE(v.pushed_at, pushes.pushed_at)
    FROM v WHERE pushes.id = v.id AND pushes.lease = v.lease";

const COLUMNS: &str = "id, lease, state, reason, attempts, run_at, template_id, title, body, only_to, pushed_at, kept";

pub(super) async fn write(
    connection: &mut AnyConnection,
    settlements: &[&Settlement],
) -> Result<(), sqlx::Error> {
    let attempts: Vec<&Settlement> = settlements
        .iter()
        .copied()
        .filter(|settlement| matches!(settlement.change, Change::Attempted { .. }))
        .collect();
    for run in runs(&attempts) {
        insert_attempts(connection, run).await?;
    }
    for run in runs(settlements) {
        update_pushes(connection, run).await?;
    }
    Ok(())
}

async fn insert_attempts(
    connection: &mut AnyConnection,
    run: &[&Settlement],
) -> Result<(), sqlx::Error> {
    let sql = format!(
        "INSERT INTO push_attempts (push_id, attempt, outcome, detail, started_at, duration_us)
         VALUES {} ON CONFLICT (push_id, attempt) DO NOTHING",
        placeholders(run.len(), 6)
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for settlement in run {
        let Change::Attempted {
            attempt,
            outcome,
            detail,
            started_at,
            duration_us,
            ..
        } = &settlement.change
        else {
            continue;
        };
        query = query
            .bind(settlement.push_id)
            .bind(*attempt)
            .bind(*outcome)
            .bind(detail.as_deref())
            .bind(*started_at)
            .bind(*duration_us);
    }
    query.execute(connection).await?;
    Ok(())
}

async fn update_pushes(
    connection: &mut AnyConnection,
    run: &[&Settlement],
) -> Result<(), sqlx::Error> {
    let sql = format!(
        "WITH v ({COLUMNS}) AS (VALUES {}){UPDATE}",
        placeholders(run.len(), 12)
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for settlement in run {
        query = query.bind(settlement.push_id).bind(settlement.lease.token);
        query = match &settlement.change {
            Change::Attempted {
                attempt,
                detail,
                started_at,
                duration_us,
                state,
                run_at,
                content,
                recipients,
                ..
            } => {
                let rendered = content.as_ref().map(|content| &content.rendered);
                let over = matches!(*state, "delivered" | "partial");
                query
                    .bind(*state)
                    .bind(detail.as_deref())
                    .bind(*attempt)
                    .bind(*run_at)
                    .bind(content.as_ref().and_then(|content| content.template_id))
                    .bind(rendered.map(|rendered| rendered.title.as_str()))
                    .bind(rendered.map(|rendered| rendered.body.as_str()))
                    .bind(
                        recipients
                            .as_ref()
                            .and_then(|to| serde_json::to_string(to).ok()),
                    )
                    .bind(over.then_some(started_at + duration_us))
                    .bind(0_i64)
            }
            Change::Deferred { attempts, run_at } => query
                .bind("pending")
                .bind(None::<&str>)
                .bind(*attempts)
                .bind(*run_at)
                .bind(None::<i64>)
                .bind(None::<&str>)
                .bind(None::<&str>)
                .bind(None::<String>)
                .bind(None::<i64>)
                .bind(1_i64),
        };
    }
    query.execute(connection).await?;
    Ok(())
}
