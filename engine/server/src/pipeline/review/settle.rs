//! Storing what a review came to. The pushes that waited for it come due in the same transaction.

use super::{
    ask::Used,
    queue::{self, Claimed, readable},
    reviewer::Reviewer,
};
use crate::{
    metrics::between,
    otel::SpanKind,
    pipeline::{message::Reviewed, store},
    prompt, push,
    review::{Publication, ReviewState},
};
use push_notify_core::clock::Micros;
use push_notify_core::id::{PromptId, PushId, ReviewId, TargetId};
use push_notify_review::{Coverage, ReviewSettings, Shown, merged::MergedReview};
use sqlx::AnyConnection;
use std::{collections::BTreeSet, time::Duration};

/// At storing what a review came to.
const TRIES: u32 = 4;
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// A review that came to its end.
pub(super) struct Ended {
    pub whole: MergedReview,
    pub summary: String,
    pub coverage: Coverage,
    /// Of the diffs.
    pub digest: String,
    /// In the order of the files.
    pub prompt_ids: Vec<PromptId>,
}

pub(super) struct Outcome {
    state: ReviewState,
    reason: Option<String>,
    ended: Option<Ended>,
    used: Used,
    started_at: i64,
}

impl Outcome {
    pub(super) fn completed(ended: Ended, used: Used, started_at: i64) -> Self {
        Self {
            state: ReviewState::Completed,
            reason: None,
            ended: Some(ended),
            used,
            started_at,
        }
    }

    pub(super) fn skipped(reason: impl Into<String>, started_at: i64) -> Self {
        Self::without_result(ReviewState::Skipped, reason.into(), started_at)
    }

    pub(super) fn failed(reason: impl Into<String>, started_at: i64) -> Self {
        Self::without_result(ReviewState::Failed, reason.into(), started_at)
    }

    fn without_result(state: ReviewState, reason: String, started_at: i64) -> Self {
        Self {
            state,
            reason: Some(readable(&reason)),
            ended: None,
            used: Used::default(),
            started_at,
        }
    }

    /// What rules and messages can know of it.
    fn reviewed(&self, now: Micros) -> Reviewed {
        let whole = self.ended.as_ref().map(|ended| &ended.whole);
        let issues = whole.map_or(&[][..], |whole| &whole.issues);
        Reviewed {
            result: String::new(),
            decision: whole.map(|whole| whole.decision),
            score: whole.and_then(|whole| whole.score).map(i64::from),
            severity: issues.iter().map(|issue| issue.severity).max(),
            summary: String::new(),
            issues: issues.iter().map(|issue| issue.message.clone()).collect(),
            left_out: vec![],
            completed_at: Some(now),
        }
    }

    pub(super) fn with(mut self, used: Used) -> Self {
        self.used = used;
        self
    }
}

impl Reviewer {
    /// Stores the outcome. What was asked has cost money: a database that does not answer is asked
    /// again.
    pub(super) async fn settle(
        &self,
        claimed: &Claimed,
        settings: &ReviewSettings,
        outcome: &Outcome,
    ) -> Result<(), sqlx::Error> {
        let span = self.app.tracer.child("settle", SpanKind::Internal);
        span.set("state", outcome.state.name());
        let mut tries = 1;
        loop {
            match self.try_settle(claimed, settings, outcome).await {
                Err(error) if tries < TRIES => {
                    tracing::warn!(%error, review.id = claimed.id.get(), "cannot record a review; trying again");
                    tokio::time::sleep(BETWEEN_TRIES * tries).await;
                    tries += 1;
                }
                settled => return settled,
            }
        }
    }

    async fn try_settle(
        &self,
        claimed: &Claimed,
        settings: &ReviewSettings,
        outcome: &Outcome,
    ) -> Result<(), sqlx::Error> {
        // An earlier approval must not stand for what could not be reviewed.
        let publish = match outcome.state {
            ReviewState::Completed => !settings.publish.is_empty() || settings.verdict,
            _ => settings.shows(Shown::Status) || settings.verdict,
        };
        let now = self.app.clock.now_us();
        let ids = self.ids_of_new_pushes(claimed).await?;
        let reviewed = outcome.reviewed(now);
        let wanted = self
            .wanted(claimed.id.event(), claimed.form_id, Some(&reviewed))
            .await?;
        let mut transaction = self.app.db.begin().await?;
        if !write(&mut transaction, claimed, outcome, publish, now).await? {
            tracing::warn!(
                review.id = claimed.id.get(),
                "a review was settled by another worker"
            );
            return Ok(());
        }
        let prompts = outcome.ended.iter().flat_map(|ended| &ended.prompt_ids);
        // In one order: transactions that lock the same rows must not wait for each other.
        for id in prompts.collect::<BTreeSet<_>>() {
            prompt::store::count_use(&mut transaction, *id).await?;
        }
        release(&mut transaction, claimed, wanted.as_deref(), ids, now).await?;
        transaction.commit().await?;
        let took = between(outcome.started_at, now);
        self.app.metrics.reviewed(outcome.state.name(), took);
        tracing::info!(
            review.id = claimed.id.get(),
            state = outcome.state.name(),
            reason = outcome.reason.as_deref(),
            duration_ms = (now - outcome.started_at) / 1000,
            "reviewed"
        );
        self.app.pushes_due();
        if publish {
            self.app.reviews_due();
        }
        Ok(())
    }

    /// Ends a review with the result of another one of the same commit.
    pub(super) async fn take_over(
        &self,
        claimed: &Claimed,
        settings: &ReviewSettings,
        from: ReviewId,
    ) -> Result<(), sqlx::Error> {
        let now = self.app.clock.now_us();
        let other = store::event(&self.app, from.event(), None)
            .await
            .ok()
            .flatten();
        let reviewed = other.and_then(|other| other.review);
        let wanted = self
            .wanted(claimed.id.event(), claimed.form_id, reviewed.as_ref())
            .await?;
        let mut transaction = self.app.db.begin().await?;
        // What the other one showed at the same merge request is there already.
        let shown = "(o.number = reviews.number AND o.publication IN ('pending', 'published'))";
        let publish = i64::from(!settings.publish.is_empty() || settings.verdict);
        let sql = format!(
            "UPDATE reviews SET state = o.state, reason = o.reason, same_as = o.id, decision = o.decision, score = o.score,
                summary = o.summary, issues = o.issues, issue_count = o.issue_count, coverage = o.coverage,
                digest = o.digest, prompt_id = o.prompt_id, model_id = o.model_id, model = o.model, lease = NULL, attempts = 0, run_at = $1,
                started_at = $1, completed_at = $1,
                step = CASE WHEN $2 = 1 AND NOT COALESCE({shown}, FALSE) THEN 'publish' END,
                publication = CASE WHEN $2 = 1 AND NOT COALESCE({shown}, FALSE) THEN 'pending' END
             FROM (SELECT id, number, state, reason, decision, score, summary, issues, issue_count, coverage, digest, prompt_id,
                model_id, model, publication FROM reviews WHERE id = $3 AND state = 'completed') AS o
             WHERE reviews.id = $4 AND reviews.lease = $5"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(now)
            .bind(publish)
            .bind(from)
            .bind(claimed.id)
            .bind(claimed.lease.token)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            // Somebody wants that one to be made again.
            drop(transaction);
            return queue::wait_for(&self.app, claimed).await;
        }
        release(&mut transaction, claimed, wanted.as_deref(), vec![], now).await?;
        transaction.commit().await?;
        self.app.metrics.reviews.of(["taken_over"]).inc();
        tracing::info!(
            review.id = claimed.id.get(),
            same_as = from.get(),
            "the same commit was reviewed already"
        );
        self.app.pushes_due();
        self.app.reviews_due();
        Ok(())
    }

    /// A review that somebody asked for again is told of again: to each target that was told
    /// before.
    async fn ids_of_new_pushes(
        &self,
        claimed: &Claimed,
    ) -> Result<Vec<(PushId, PushId)>, sqlx::Error> {
        if !claimed.tells_again {
            return Ok(vec![]);
        }
        let told = push::store::told_of(self.app.db.read(), claimed.id.event()).await?;
        let ids = self.app.db.take_ids(told.len()).await?;
        Ok(ids.into_iter().zip(told).collect())
    }
}

/// False: the lease is lost.
async fn write(
    connection: &mut AnyConnection,
    claimed: &Claimed,
    outcome: &Outcome,
    publish: bool,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let ended = outcome.ended.as_ref();
    let whole = ended.map(|ended| &ended.whole);
    let json = |text: Result<String, serde_json::Error>| text.unwrap_or_default();
    let issues = whole.map_or_else(
        || "[]".to_owned(),
        |whole| json(serde_json::to_string(&whole.issues)),
    );
    let count = whole.map_or(0, |whole| whole.issues.len());
    let used = &outcome.used;
    let tokens = |count: u64| i64::try_from(count).unwrap_or(i64::MAX / 4);
    let done = sqlx::query(
        "UPDATE reviews SET state = $1, reason = $2, step = $3, attempts = 0, run_at = $4, lease = NULL, decision = $5, score = $6,
            summary = $7, issues = $8, issue_count = $9, fallbacks = $10, coverage = $11, digest = $21, prompt_id = $12, model_id = $13,
            model = $14, input_tokens = input_tokens + $15, output_tokens = output_tokens + $16, started_at = $17,
            completed_at = $4, publication = $18
         WHERE id = $19 AND lease = $20",
    )
    .bind(outcome.state.name())
    .bind(outcome.reason.as_deref())
    .bind(publish.then_some("publish"))
    .bind(now)
    .bind(whole.map(|whole| whole.decision.name()))
    .bind(whole.and_then(|whole| whole.score).map(i64::from))
    .bind(ended.map(|ended| ended.summary.as_str()))
    .bind(issues)
    .bind(count as i64)
    .bind(json(serde_json::to_string(&used.fallbacks)))
    .bind(ended.map(|ended| json(serde_json::to_string(&ended.coverage))))
    .bind(ended.and_then(|ended| ended.prompt_ids.first().copied()))
    .bind(used.model.as_ref().map(|(id, _)| *id))
    .bind(used.model.as_ref().map(|(_, name)| name.as_str()))
    .bind(tokens(used.input_tokens))
    .bind(tokens(used.output_tokens))
    .bind(outcome.started_at)
    .bind(publish.then_some(Publication::Pending.name()))
    .bind(claimed.id)
    .bind(claimed.lease.token)
    .bind(ended.map(|ended| ended.digest.as_str()))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The event's pushes wait no longer; those that hung on what the review came to go where their
/// targets are not among the `wanted`. `again` are the ids of new pushes, each with the one that it
/// repeats.
async fn release(
    connection: &mut AnyConnection,
    claimed: &Claimed,
    wanted: Option<&[TargetId]>,
    again: Vec<(PushId, PushId)>,
    now: i64,
) -> Result<(), sqlx::Error> {
    let event_id = claimed.id.event();
    if let Some(wanted) = wanted {
        push::store::drop_unwanted(&mut *connection, event_id, wanted).await?;
    }
    push::store::release_reviewed(&mut *connection, event_id, now).await?;
    for (id, of) in again {
        if push::store::insert_repeat(&mut *connection, id, of, now).await? {
            push::store::supersede(&mut *connection, event_id, of, id).await?;
        }
    }
    Ok(())
}
