//! How the subject of an event stands to the rules that look at that.

use crate::{
    pipeline::commit::accept::Accepted,
    rule::{
        edge::Stood,
        store::edge::{ENTER, LEAVE, SEE},
    },
};
use push_notify_core::id::RuleId;
use rusqlite::{Connection, params};
use std::collections::HashSet;

/// The rules that tell of its subject now.
pub(super) fn fired(
    connection: &Connection,
    accepted: &Accepted,
) -> rusqlite::Result<HashSet<RuleId>> {
    let mut fired = HashSet::new();
    let Some((subject, head, edges)) = accepted.edges() else {
        return Ok(fired);
    };
    let (repo_id, now) = (accepted.repo_id, accepted.received_at);
    for edge in edges {
        let rule_id = RuleId::new(edge.rule_id);
        if !edge.is_met {
            connection
                .prepare_cached(LEAVE)?
                .execute(params![rule_id, repo_id, subject])?;
            continue;
        }
        let stood = connection.prepare_cached(SEE)?.query_one(
            params![rule_id, repo_id, subject, now],
            |row| {
                Ok(Stood {
                    inside: row.get("inside")?,
                    head: row.get("head")?,
                    fired_at: row.get("fired_at")?,
                })
            },
        )?;
        let fires = stood.fires(edge, head, now);
        let (head, fired_at) = stood.after(fires, head, now);
        connection
            .prepare_cached(ENTER)?
            .execute(params![head, fired_at, rule_id, repo_id, subject])?;
        if fires {
            fired.insert(rule_id);
        }
    }
    Ok(fired)
}
