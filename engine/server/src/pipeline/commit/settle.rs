use super::{accept::AnyQuery, health};
use crate::{
    app::App,
    db::rows::{Bulk, MOST, padded},
    pipeline::message::{Content, Lease, Recipients},
    target::health::Health,
};
use sqlx::AnyConnection;

/// What a worker leaves behind of a push that it held. Written only while the row has its lease.
#[derive(Clone)]
pub(crate) struct Settlement {
    pub push_id: i64,
    pub lease: Lease,
    /// The push whose message carries it, from here on.
    pub carried_by: Option<i64>,
    pub change: Change,
    /// What is new of a target's health.
    pub health: Option<Box<(i64, Health)>>,
}

#[derive(Clone)]
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

static INSERT_ATTEMPTS: Bulk = Bulk::new(
    "push_id, attempt, outcome, detail, started_at, duration_us",
    6,
    "INSERT INTO push_attempts (push_id, attempt, outcome, detail, started_at, duration_us)
     SELECT push_id, attempt, outcome, detail, started_at, duration_us FROM v WHERE push_id IS NOT NULL
     ON CONFLICT (push_id, attempt) DO NOTHING",
);

/// `kept`: what an earlier attempt said stays.
static UPDATE_PUSHES: Bulk = Bulk::new(
    "id, lease, state, reason, attempts, run_at, template_id, title, body, only_to, pushed_at, kept, carried_by",
    13,
    "UPDATE pushes SET state = v.state, reason = CASE WHEN v.kept = 1 THEN pushes.reason ELSE v.reason END,
         attempts = v.attempts, run_at = v.run_at, lease = NULL,
         template_id = COALESCE(v.template_id, pushes.template_id),
         title = COALESCE(v.title, pushes.title), body = COALESCE(v.body, pushes.body),
         only_to = CASE WHEN v.kept = 1 THEN pushes.only_to ELSE v.only_to END,
         pushed_at = COALESCE(v.pushed_at, pushes.pushed_at), carried_by = v.carried_by
     FROM v WHERE pushes.id = v.id AND pushes.lease = v.lease",
);

/// On PostgreSQL; `sqlite` has SQLite's way.
pub(super) async fn write(
    app: &App,
    connection: &mut AnyConnection,
    settlements: &[&Settlement],
) -> Result<(), sqlx::Error> {
    for run in attempted(settlements).chunks(MOST) {
        insert_attempts(app, connection, run).await?;
    }
    for run in settlements.chunks(MOST) {
        update_pushes(app, connection, run).await?;
    }
    // After the pushes: a claim takes its locks in the same order.
    health::write(app, connection, &health::healths(settlements)).await
}

/// Those that are about an attempt.
fn attempted<'a>(settlements: &[&'a Settlement]) -> Vec<&'a Settlement> {
    let made = |settlement: &&Settlement| matches!(settlement.change, Change::Attempted { .. });
    settlements.iter().copied().filter(made).collect()
}

async fn insert_attempts(
    app: &App,
    connection: &mut AnyConnection,
    run: &[&Settlement],
) -> Result<(), sqlx::Error> {
    let (sql, size) = INSERT_ATTEMPTS.text(app.db.dialect(), run.len());
    bind_attempts(sqlx::query(sql), run, size)
        .execute(connection)
        .await?;
    Ok(())
}

fn bind_attempts<'q>(mut query: AnyQuery<'q>, run: &[&'q Settlement], size: usize) -> AnyQuery<'q> {
    for settlement in padded(run, size) {
        query = match settlement.map(|settlement| (settlement.push_id, &settlement.change)) {
            Some((
                push_id,
                Change::Attempted {
                    attempt,
                    outcome,
                    detail,
                    started_at,
                    duration_us,
                    ..
                },
            )) => query
                .bind(push_id)
                .bind(*attempt)
                .bind(*outcome)
                .bind(detail.as_deref())
                .bind(*started_at)
                .bind(*duration_us),
            _ => query
                .bind(None::<i64>)
                .bind(None::<i64>)
                .bind(None::<&str>)
                .bind(None::<&str>)
                .bind(None::<i64>)
                .bind(None::<i64>),
        };
    }
    query
}

async fn update_pushes(
    app: &App,
    connection: &mut AnyConnection,
    run: &[&Settlement],
) -> Result<(), sqlx::Error> {
    let (sql, size) = UPDATE_PUSHES.text(app.db.dialect(), run.len());
    bind_updates(sqlx::query(sql), run, size)
        .execute(connection)
        .await?;
    Ok(())
}

fn bind_updates<'q>(mut query: AnyQuery<'q>, run: &[&'q Settlement], size: usize) -> AnyQuery<'q> {
    for settlement in padded(run, size) {
        let row = settlement.map(|settlement| Row::of(settlement));
        let row = row.as_ref();
        let rendered = row
            .and_then(|row| row.content)
            .map(|content| &content.rendered);
        query = query
            .bind(row.map(|row| row.id))
            .bind(row.map(|row| row.lease))
            .bind(row.map(|row| row.state))
            .bind(row.and_then(|row| row.reason))
            .bind(row.map(|row| row.attempts))
            .bind(row.map(|row| row.run_at))
            .bind(row.and_then(|row| row.content?.template_id))
            .bind(rendered.map(|rendered| rendered.title.as_str()))
            .bind(rendered.map(|rendered| rendered.body.as_str()))
            .bind(row.and_then(|row| row.only_to.clone()))
            .bind(row.and_then(|row| row.pushed_at))
            .bind(row.map(|row| i64::from(row.kept)))
            .bind(row.and_then(|row| row.carried_by));
    }
    query
}

/// A settlement as columns.
pub(super) struct Row<'a> {
    pub id: i64,
    pub lease: i64,
    pub state: &'a str,
    pub reason: Option<&'a str>,
    pub attempts: i64,
    pub run_at: i64,
    pub content: Option<&'a Content>,
    pub only_to: Option<String>,
    pub pushed_at: Option<i64>,
    pub kept: bool,
    pub carried_by: Option<i64>,
}

impl<'a> Row<'a> {
    pub(super) fn of(settlement: &'a Settlement) -> Self {
        let blank = Self {
            id: settlement.push_id,
            lease: settlement.lease.token,
            state: "pending",
            reason: None,
            attempts: 0,
            run_at: 0,
            content: None,
            only_to: None,
            pushed_at: None,
            kept: true,
            carried_by: settlement.carried_by,
        };
        match &settlement.change {
            Change::Deferred { attempts, run_at } => Self {
                attempts: *attempts,
                run_at: *run_at,
                ..blank
            },
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
            } => Self {
                state,
                reason: detail.as_deref(),
                attempts: *attempt,
                run_at: *run_at,
                content: content.as_ref(),
                only_to: recipients
                    .as_ref()
                    .and_then(|to| serde_json::to_string(to).ok()),
                pushed_at: matches!(*state, "delivered" | "partial")
                    .then_some(started_at + duration_us),
                kept: false,
                ..blank
            },
        }
    }
}
