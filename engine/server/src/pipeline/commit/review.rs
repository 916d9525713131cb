//! The reviews that accepted events want.

use super::accept::Accepted;
use crate::app::App;
use push_notify_core::id::{EventId, ReviewId};
use push_notify_db::rows::{Bulk, MOST, padded};
use sqlx::{Any, AnyConnection, any::AnyArguments, query::Query};

/// A review that is to be made.
pub(crate) struct NewReview {
    pub kind: &'static str,
    pub head_sha: String,
    pub branch: Option<String>,
    pub title: String,
    pub author: Option<String>,
    pub url: Option<String>,
    /// Of a merge request.
    pub number: Option<i64>,
    /// The pushes wait no longer than this.
    pub due_by: i64,
}

pub(crate) type Row<'a> = (ReviewId, &'a Accepted, &'a NewReview);

/// The reviews that these events want.
pub(crate) fn wanted<'a>(events: impl Iterator<Item = (EventId, &'a Accepted)>) -> Vec<Row<'a>> {
    events
        .filter_map(|(id, accepted)| Some((ReviewId::of(id), accepted, accepted.review.as_ref()?)))
        .collect()
}

/// Only for an event that is there: a repetition has none of this id.
static INSERT: Bulk = Bulk::new(
    "id, repo_id, kind, head_sha, branch, title, author, url, number, run_at, due_by",
    11,
    "INSERT INTO reviews (id, repo_id, kind, head_sha, branch, title, author, url, number, triggered_by, state, step,
         attempts, run_at, due_by, created_at)
     SELECT id, repo_id, kind, head_sha, branch, title, author, url, number, 'webhook', 'pending', 'review', 0, run_at,
         due_by, run_at
     FROM v WHERE id IS NOT NULL AND EXISTS (SELECT 1 FROM events e WHERE e.id = v.id)",
);

pub(crate) async fn insert(
    app: &App,
    connection: &mut AnyConnection,
    rows: &[Row<'_>],
) -> Result<(), sqlx::Error> {
    for run in rows.chunks(MOST) {
        let (sql, size) = INSERT.text(app.db.dialect(), run.len());
        let query = bind(sqlx::query(sql), run, size);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn bind<'q>(
    mut query: Query<'q, Any, AnyArguments>,
    rows: &[Row<'q>],
    size: usize,
) -> Query<'q, Any, AnyArguments> {
    for row in padded(rows, size) {
        let accepted = row.map(|(_, accepted, _)| *accepted);
        let review = row.map(|(_, _, review)| *review);
        query = query
            .bind(row.map(|(id, _, _)| *id))
            .bind(accepted.map(|accepted| accepted.repo_id))
            .bind(review.map(|review| review.kind))
            .bind(review.map(|review| review.head_sha.as_str()))
            .bind(review.and_then(|review| review.branch.as_deref()))
            .bind(review.map(|review| review.title.as_str()))
            .bind(review.and_then(|review| review.author.as_deref()))
            .bind(review.and_then(|review| review.url.as_deref()))
            .bind(review.and_then(|review| review.number))
            .bind(accepted.map(|accepted| accepted.received_at))
            .bind(review.map(|review| review.due_by));
    }
    query
}
