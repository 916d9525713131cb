//! Showing a review at the Git host. No notification waits for this; what the host does not take
//! now is tried again.

use super::{
    gather::ReviewError,
    queue::{self, Claimed, readable},
    reviewer::Reviewer,
};
use crate::{
    pipeline::{cache::Route, store},
    review::{Publication, ReviewState},
};
use push_notify_core::id::ReviewId;
use push_notify_host::{
    CommitStatus, Decision as Verdict, Event, Published, Review, ReviewComment, StatusState,
};
use push_notify_review::{
    Coverage, Decision, Issue, ReviewSettings, Shown,
    comment::{self, Told},
    words,
};
use sqlx::Row as _;
use std::time::Duration;

const FIRST_WAIT: Duration = Duration::from_secs(15);
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// Of a commit status, by the contract.
const LONGEST_STATUS: usize = 140;

/// The stored result.
struct Stored {
    state: ReviewState,
    reason: Option<String>,
    decision: Option<Decision>,
    score: Option<u32>,
    summary: String,
    issues: Vec<Issue>,
    coverage: Coverage,
    model: Option<String>,
}

/// What stands in the way of showing a review.
enum Before {
    Nothing,
    /// Another one of the same merge request is being shown.
    Other,
    /// A newer one is shown already.
    Newer(ReviewId),
}

impl Reviewer {
    pub(super) async fn publish(&self, claimed: &Claimed) -> Result<(), sqlx::Error> {
        match before(self, claimed).await? {
            Before::Nothing => {}
            Before::Other => return queue::wait_for(&self.app, claimed).await,
            Before::Newer(id) => {
                let reason = format!("review {id} is newer");
                return self
                    .published(claimed, Publication::Superseded, None, Some(&reason))
                    .await;
            }
        }
        match self.show(claimed).await {
            Ok(published) => {
                let problems = published.problems.join("\n");
                let reason = Some(problems.as_str()).filter(|problems| !problems.is_empty());
                self.published(
                    claimed,
                    Publication::Published,
                    published.summary.as_deref(),
                    reason,
                )
                .await
            }
            Err(ReviewError::Passing { reason, after })
                if claimed.attempt < i64::from(self.app.config.review.max_attempts) =>
            {
                let doublings = u32::try_from(claimed.attempt - 1)
                    .unwrap_or_default()
                    .min(10);
                let wait = after
                    .unwrap_or(FIRST_WAIT.saturating_mul(1 << doublings))
                    .min(LONGEST_WAIT);
                tracing::info!(
                    review.id = claimed.id.get(),
                    wait_ms = wait.as_millis() as u64,
                    reason,
                    "will show the review again"
                );
                queue::again(&self.app, claimed, wait, &reason).await
            }
            Err(ReviewError::Passing { reason, .. } | ReviewError::Lasting(reason)) => {
                tracing::warn!(
                    review.id = claimed.id.get(),
                    reason,
                    "the Git host does not show the review"
                );
                self.published(claimed, Publication::Failed, None, Some(&reason))
                    .await
            }
        }
    }

    async fn show(&self, claimed: &Claimed) -> Result<Published, ReviewError> {
        let row = store::event(&self.app, claimed.id.event(), claimed.form_id).await?;
        let route = store::route_of_repo(&self.app, claimed.repo_id).await?;
        let (Some(row), Some(route)) = (row, route) else {
            return Err(ReviewError::Lasting(
                "the event or its repository is deleted".to_owned(),
            ));
        };
        let Some(provider) = self.app.host.provider(&route.provider) else {
            let reason = format!(
                "no provider plugin `{}` is loaded and enabled",
                route.provider
            );
            return Err(ReviewError::Passing {
                reason,
                after: None,
            });
        };
        let stored = stored(self, claimed).await?;
        let earlier = earlier(self, claimed).await?;
        let most = self.app.config.review.max_inline_comments;
        let review = shown(&stored, claimed, &row.event, &route, earlier, most);
        match provider
            .publish_review(&row.event, &review, &route.settings)
            .await
        {
            Ok(Ok(published)) => Ok(published),
            Ok(Err(failure)) => Err(failure.into()),
            Err(error) => Err(error.into()),
        }
    }

    async fn published(
        &self,
        claimed: &Claimed,
        publication: Publication,
        summary: Option<&str>,
        reason: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE reviews SET step = NULL, lease = NULL, publication = $1, publication_reason = $2,
                summary_ref = COALESCE($3, summary_ref)
             WHERE id = $4 AND lease = $5",
        )
        .bind(publication.name())
        .bind(reason.map(readable))
        .bind(summary)
        .bind(claimed.id)
        .bind(claimed.lease.token)
        .execute(self.app.db.write())
        .await?;
        Ok(())
    }
}

/// What the repository wants to be seen of it.
fn shown(
    stored: &Stored,
    claimed: &Claimed,
    event: &Event,
    route: &Route,
    earlier: Option<String>,
    most_comments: usize,
) -> Review {
    let settings = &route.review;
    let is_completed = stored.state == ReviewState::Completed;
    let decision = stored.decision.unwrap_or(Decision::Comment);
    let is_clean = stored.issues.is_empty() && decision == Decision::Approved;
    // A summary that named faults must not stand when they are mended.
    let is_silent = settings.silent_when_clean && is_clean && earlier.is_none();
    let has_lines = event.merge_request.is_some() && settings.shows(Shown::Inline);
    let at_lines: Vec<&Issue> = stored
        .issues
        .iter()
        .filter(|issue| has_lines && issue.place.is_some())
        .take(most_comments)
        .collect();
    let wants_summary = is_completed && settings.shows(Shown::Summary) && !is_silent;
    let summary = wants_summary.then(|| {
        let told = Told {
            decision,
            score: stored.score,
            summary: &stored.summary,
            issues: &stored.issues,
            coverage: &stored.coverage,
            model: stored.model.as_deref(),
            language: settings.language,
        };
        comment::summary(&told, |issue| {
            !at_lines.iter().any(|shown| std::ptr::eq(*shown, issue))
        })
    });
    Review {
        head_sha: claimed.head_sha.clone(),
        verdict: settings.verdict.then(|| verdict(decision)),
        score: stored.score,
        summary,
        earlier,
        comments: at_lines.into_iter().filter_map(at_line).collect(),
        status: settings
            .shows(Shown::Status)
            .then(|| status(stored, decision, settings)),
    }
}

fn verdict(decision: Decision) -> Verdict {
    match decision {
        Decision::Approved => Verdict::Approved,
        Decision::RequestChanges => Verdict::RequestChanges,
        Decision::Comment => Verdict::Comment,
    }
}

fn at_line(issue: &Issue) -> Option<ReviewComment> {
    let place = issue.place?;
    Some(ReviewComment {
        path: issue.path.clone()?,
        old_path: issue.old_path.clone(),
        line: issue.line?,
        old_line: place.old_line,
        position: place.position,
        body: comment::at_line(issue),
    })
}

fn status(stored: &Stored, decision: Decision, settings: &ReviewSettings) -> CommitStatus {
    let state = match (stored.state, decision) {
        (ReviewState::Completed, Decision::RequestChanges) => StatusState::Failure,
        // What was lost of the answer may be the reason not to merge.
        (ReviewState::Completed, _) if stored.coverage.cut => StatusState::Error,
        (ReviewState::Completed | ReviewState::Skipped, _) => StatusState::Success,
        _ => StatusState::Error,
    };
    // Everybody can read it; why a review failed is for those who can see the review.
    let reason = stored
        .reason
        .as_deref()
        .filter(|_| stored.state == ReviewState::Skipped);
    let came = words::Came {
        state: stored.state.name(),
        decision: stored.decision,
        issues: stored.issues.len(),
        reason,
        is_cut: stored.coverage.cut,
    };
    let result = words::result(came, settings.language);
    let score = stored.score.map(|score| format!(" {score}/100"));
    let description = format!("{result}{}", score.unwrap_or_default());
    CommitStatus {
        state,
        description: description
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(LONGEST_STATUS)
            .collect(),
        url: None,
    }
}

async fn stored(reviewer: &Reviewer, claimed: &Claimed) -> Result<Stored, sqlx::Error> {
    let row = sqlx::query(
        "SELECT state, reason, decision, score, summary, issues, coverage, model FROM reviews WHERE id = $1",
    )
    .bind(claimed.id)
    .fetch_one(reviewer.app.db.read())
    .await?;
    let decode = |error: serde_json::Error| sqlx::Error::Decode(error.into());
    let coverage: Option<String> = row.get("coverage");
    Ok(Stored {
        state: row.get("state"),
        reason: row.get("reason"),
        decision: row
            .get::<Option<String>, _>("decision")
            .and_then(|name| Decision::from_name(&name)),
        score: row
            .get::<Option<i64>, _>("score")
            .and_then(|score| u32::try_from(score).ok()),
        summary: row.get::<Option<String>, _>("summary").unwrap_or_default(),
        issues: serde_json::from_str(&row.get::<String, _>("issues")).map_err(decode)?,
        coverage: coverage
            .map_or_else(
                || Ok(Coverage::default()),
                |text| serde_json::from_str(&text),
            )
            .map_err(decode)?,
        model: row.get("model"),
    })
}

/// The summary that stands at the merge request.
async fn earlier(reviewer: &Reviewer, claimed: &Claimed) -> Result<Option<String>, sqlx::Error> {
    let Some(number) = claimed.number else {
        return Ok(None);
    };
    sqlx::query_scalar(
        "SELECT summary_ref FROM reviews WHERE repo_id = $1 AND number = $2 AND summary_ref IS NOT NULL
         ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(claimed.repo_id)
    .bind(number)
    .fetch_optional(reviewer.app.db.read())
    .await
}

/// Reviews of one merge request are shown one after the other, whoever was claimed first, and the
/// last word is the newest one's.
async fn before(reviewer: &Reviewer, claimed: &Claimed) -> Result<Before, sqlx::Error> {
    let Some(number) = claimed.number else {
        return Ok(Before::Nothing);
    };
    let row = sqlx::query(
        "SELECT o.id, o.publication FROM reviews o JOIN reviews v ON v.id = $1
         WHERE o.repo_id = $2 AND o.number = $3 AND o.id <> v.id
            AND ((o.publication = 'published' AND (o.created_at > v.created_at OR (o.created_at = v.created_at AND o.id > v.id)))
                OR (o.step = 'publish' AND o.lease IS NOT NULL AND o.run_at > $4
                    AND (o.run_at < v.run_at OR (o.run_at = v.run_at AND o.id < v.id))))
         ORDER BY CASE WHEN o.publication = 'published' THEN 0 ELSE 1 END LIMIT 1",
    )
    .bind(claimed.id)
    .bind(claimed.repo_id)
    .bind(number)
    .bind(reviewer.app.clock.now_us())
    .fetch_optional(reviewer.app.db.read())
    .await?;
    Ok(match row {
        None => Before::Nothing,
        Some(row) if row.get::<Publication, _>("publication") == Publication::Published => {
            Before::Newer(row.get("id"))
        }
        Some(_) => Before::Other,
    })
}
