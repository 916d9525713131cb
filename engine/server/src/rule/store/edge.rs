//! SQL on `rule_edges`, which are kept with each event, in its transaction. The subject's row is
//! locked before. The pipeline's writers bind to the statements here, which name their values in
//! their order, as rusqlite wants it.

use crate::rule::edge::Stood;
use push_notify_core::{
    clock::Micros,
    id::{RepoId, RuleId},
};
use push_notify_rules::Edge;
use sqlx::{AnyConnection, Row as _};
use std::collections::HashSet;

/// Returns how the subject stood before. Of a rule, a repository, a subject and the time.
pub const SEE: &str =
    "INSERT INTO rule_edges (rule_id, repo_id, subject, inside, seen_at) VALUES ($1, $2, $3, 0, $4)
    ON CONFLICT (rule_id, repo_id, subject) DO UPDATE SET seen_at = excluded.seen_at
    RETURNING inside, head, fired_at";

/// It meets the rule now. When it is told of again, the commit and the time are kept.
pub const ENTER: &str = "UPDATE rule_edges SET inside = 1, head = $1, fired_at = $2
    WHERE rule_id = $3 AND repo_id = $4 AND subject = $5";

/// It meets the rule no longer.
pub const LEAVE: &str = "UPDATE rule_edges SET inside = 0 WHERE rule_id = $1 AND repo_id = $2 AND subject = $3 AND inside = 1";

/// The rules that tell of the subject now.
pub async fn fired(
    connection: &mut AnyConnection,
    edges: &[Edge],
    (repo_id, subject): (RepoId, &str),
    head: Option<&str>,
    now: Micros,
) -> Result<HashSet<RuleId>, sqlx::Error> {
    let mut fired = HashSet::new();
    for edge in edges {
        let rule_id = RuleId::new(edge.rule_id);
        if !edge.is_met {
            sqlx::query(LEAVE)
                .bind(rule_id)
                .bind(repo_id)
                .bind(subject)
                .execute(&mut *connection)
                .await?;
            continue;
        }
        let row = sqlx::query(SEE)
            .bind(rule_id)
            .bind(repo_id)
            .bind(subject)
            .bind(now)
            .fetch_one(&mut *connection)
            .await?;
        let stood = Stood {
            inside: row.try_get::<i64, _>("inside")? == 1,
            head: row.try_get("head")?,
            fired_at: row.try_get("fired_at")?,
        };
        let fires = stood.fires(edge, head, now);
        let (head, fired_at) = stood.after(fires, head, now);
        sqlx::query(ENTER)
            .bind(head)
            .bind(fired_at)
            .bind(rule_id)
            .bind(repo_id)
            .bind(subject)
            .execute(&mut *connection)
            .await?;
        if fires {
            fired.insert(rule_id);
        }
    }
    Ok(fired)
}

/// Removes at most `most` of those that nothing was heard of since `before`.
pub async fn remove_old(
    connection: &mut AnyConnection,
    before: Micros,
    most: usize,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(sqlx::AssertSqlSafe(format!(
        "DELETE FROM rule_edges WHERE (rule_id, repo_id, subject) IN (
             SELECT rule_id, repo_id, subject FROM rule_edges WHERE seen_at < $1 ORDER BY seen_at LIMIT {most})"
    )))
    .bind(before)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
