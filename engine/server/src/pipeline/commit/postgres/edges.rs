//! How the subjects of a batch stand to the rules that look at that.

use crate::{
    event::Untold,
    pipeline::commit::{accept::Accepted, plan::Made},
    rule::{
        edge::Stood,
        store::edge::{ENTER, LEAVE, SEE},
    },
};
use push_notify_core::id::{EventId, RuleId};
use sqlx::{PgConnection, Row as _};
use std::collections::HashSet;

/// The pushes of a new event. Where its subject does not come to meet any rule, it says so.
pub(super) async fn made(
    connection: &mut PgConnection,
    event_id: EventId,
    accepted: &Accepted,
    untold: &HashSet<EventId>,
) -> Result<Vec<Made>, sqlx::Error> {
    let fired = fired(connection, accepted).await?;
    if untold.contains(&event_id) {
        return Ok(vec![]);
    }
    let made = accepted.made(&fired);
    if made.is_empty() && !accepted.aims.is_empty() {
        sqlx::query("UPDATE events SET untold = $1 WHERE id = $2")
            .bind(Untold::Unchanged.name())
            .bind(event_id)
            .execute(connection)
            .await?;
    }
    Ok(made)
}

async fn fired(
    connection: &mut PgConnection,
    accepted: &Accepted,
) -> Result<HashSet<RuleId>, sqlx::Error> {
    let mut fired = HashSet::new();
    let Some((subject, head, edges)) = accepted.edges() else {
        return Ok(fired);
    };
    let now = accepted.received_at;
    for edge in edges {
        let rule_id = RuleId::new(edge.rule_id);
        if !edge.is_met {
            sqlx::query(LEAVE)
                .bind(rule_id)
                .bind(accepted.repo_id)
                .bind(subject)
                .execute(&mut *connection)
                .await?;
            continue;
        }
        let row = sqlx::query(SEE)
            .bind(rule_id)
            .bind(accepted.repo_id)
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
            .bind(accepted.repo_id)
            .bind(subject)
            .execute(&mut *connection)
            .await?;
        if fires {
            fired.insert(rule_id);
        }
    }
    Ok(fired)
}
