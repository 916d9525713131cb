//! What comes due in the quiet hours of its target waits for their end. A push of a target that has
//! none now gets no further than a look at what is cached.

use super::claim::Claimed;
use crate::{
    app::App,
    pipeline::{Pipeline, cache::Destination, store},
    target::Quiet,
};
use push_notify_core::id::{PushId, TargetId};
use push_notify_db::{Dialect, list::among};
use push_notify_review::Severity;
use sqlx::AssertSqlSafe;
use std::{collections::HashMap, sync::Arc};

/// A target's quiet hours changed on another node: by then this one has heard of it.
const HEARD_AFTER_US: i64 = 2_000_000;

/// Pushes that were claimed and are to wait, by their target and their lease.
#[derive(Default)]
pub(in crate::pipeline) struct Waiting(HashMap<(TargetId, i64), Group>);

struct Group {
    destination: Arc<Destination>,
    push_ids: Vec<PushId>,
}

impl Waiting {
    pub(in crate::pipeline) fn add(&mut self, claimed: &Claimed, destination: Arc<Destination>) {
        let key = (claimed.target_id, claimed.lease.token);
        let group = self.0.entry(key).or_insert_with(|| Group {
            destination,
            push_ids: vec![],
        });
        group.push_ids.push(claimed.push_id);
    }

    /// Gives them back, to be claimed when the quiet hours are over. What cannot be given back
    /// comes due with its lease.
    pub(in crate::pipeline) async fn put_off(self, pipeline: &Pipeline) {
        for ((target_id, token), group) in self.0 {
            let Some(quiet) = &group.destination.quiet else {
                continue;
            };
            if group.destination.digest.enabled
                && let Some(end) = quiet.until(pipeline.app.clock.now_us(), None)
            {
                pipeline.dispatcher.waited().note(target_id, end);
            }
            if let Err(error) =
                put_off(&pipeline.app, target_id, quiet, token, &group.push_ids).await
            {
                tracing::error!(%error, target.id = target_id.get(), "cannot put off pushes to the end of the quiet hours");
            }
        }
    }
}

impl Claimed {
    /// Whether it waits. What somebody asked for by hand does not: a test message, or a push that
    /// is sent again. Neither does what a rule calls urgent.
    pub(in crate::pipeline) fn is_put_off(
        &self,
        quiet: &Quiet,
        now: i64,
        severity: Option<Severity>,
    ) -> bool {
        let asked_for = self.most_attempts.is_some() || self.retry_of.is_some();
        let is_urgent = self.choice.as_ref().is_some_and(|choice| choice.urgent);
        !asked_for && !is_urgent && quiet.until(now, severity).is_some()
    }
}

/// `known` are the quiet hours by which they were judged. While the target is looked at nobody
/// changes it: what waits is either seen by who changes it, or judged again.
async fn put_off(
    app: &App,
    target_id: TargetId,
    known: &Quiet,
    token: i64,
    push_ids: &[PushId],
) -> Result<(), store::Error> {
    let lock = match app.db.dialect() {
        // There is one writer.
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR SHARE OF t",
    };
    let sql = format!(
        "SELECT COALESCE(t.quiet_hours, p.quiet_hours)
         FROM targets t LEFT JOIN people p ON p.id = t.person_id AND p.deleted_at IS NULL WHERE t.id = $1{lock}"
    );
    let mut transaction = app.db.begin().await?;
    let stored: Option<Option<String>> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(target_id)
        .fetch_optional(&mut *transaction)
        .await?;
    let is_known = store::quiet(stored.flatten())?.as_ref() == Some(known);
    let now = app.clock.now_us();
    let end = known.until(now, None).filter(|_| is_known);
    let sql = format!(
        "UPDATE pushes SET lease = NULL, run_at = $1, attempts = attempts - 1, waits_for = $2,
            carried_by = CASE WHEN attempts > 1 THEN carried_by END
         WHERE lease = $3 AND {}",
        among("id", push_ids.iter().copied())
    );
    sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(end.unwrap_or(now + HEARD_AFTER_US))
        .bind(end.map(|_| "quiet_hours"))
        .bind(token)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}
