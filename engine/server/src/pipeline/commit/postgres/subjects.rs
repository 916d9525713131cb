//! The subjects of a batch: one statement for all of them.

use super::rows::column;
use crate::{
    pipeline::commit::accept::Accepted,
    subject::{Known, Row, Said, store::UPSERT_MANY},
};
use push_notify_core::id::{EventId, RepoId, SubjectId};
use sqlx::{PgConnection, Row as _};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What the events of a batch say of one subject together.
struct Together {
    said: Said,
    id: SubjectId,
    count: i64,
    first_at: i64,
    last_at: i64,
    marked_at: Option<i64>,
}

/// Keeps the subjects of new events, in the order in which they came. Returns those events that are
/// told to nobody.
pub(super) async fn keep(
    connection: &mut PgConnection,
    events: &[(EventId, &Accepted)],
) -> Result<HashSet<EventId>, sqlx::Error> {
    // Of two transactions each takes its locks in this order.
    let mut all: BTreeMap<(RepoId, &str), Together> = BTreeMap::new();
    for (event_id, accepted) in events {
        let Some(row) = accepted.subject_row(*event_id) else {
            continue;
        };
        let together = all.entry((row.repo_id, &row.said.key));
        together
            .and_modify(|together| together.add(&row))
            .or_insert_with(|| Together::of(&row));
    }
    let mut known = upsert(connection, &all).await?;
    let mut untold = HashSet::new();
    let mut newly = Vec::new();
    for (event_id, accepted) in events {
        let key = accepted
            .subject
            .as_ref()
            .map(|said| (accepted.repo_id, said.key.clone()));
        let mut none = Known::default();
        let known = key.and_then(|key| known.get_mut(&key)).unwrap_or(&mut none);
        let why = accepted.untold_after(known);
        if let Some(said) = &accepted.subject {
            said.edge.learn(known, accepted.received_at);
        }
        if let Some(why) = why {
            untold.insert(*event_id);
            if accepted.untold.is_none() {
                newly.push((*event_id, why.name()));
            }
        }
    }
    if !newly.is_empty() {
        sqlx::query(
            "UPDATE events SET untold = v.untold FROM UNNEST($1, $2) AS v (id, untold) WHERE events.id = v.id",
        )
        .bind(column(&newly, |(id, _)| *id))
        .bind(column(&newly, |(_, why)| *why))
        .execute(connection)
        .await?;
    }
    Ok(untold)
}

/// What was known of each.
async fn upsert(
    connection: &mut PgConnection,
    all: &BTreeMap<(RepoId, &str), Together>,
) -> Result<HashMap<(RepoId, String), Known>, sqlx::Error> {
    if all.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(RepoId, &Together)> = all.iter().map(|((id, _), row)| (*id, row)).collect();
    let found = sqlx::query(UPSERT_MANY)
        .bind(column(&rows, |(_, row)| row.id))
        .bind(column(&rows, |(repo_id, _)| *repo_id))
        .bind(column(&rows, |(_, row)| row.said.key.as_str()))
        .bind(column(&rows, |(_, row)| row.said.kind.as_str()))
        .bind(column(&rows, |(_, row)| row.said.title.as_deref()))
        .bind(column(&rows, |(_, row)| row.said.url.as_deref()))
        .bind(column(&rows, |(_, row)| row.said.state.as_deref()))
        .bind(column(&rows, |(_, row)| row.said.labels.as_deref()))
        .bind(column(&rows, |(_, row)| row.said.draft.map(i64::from)))
        .bind(column(&rows, |(_, row)| row.said.actor.as_deref()))
        .bind(column(&rows, |(_, row)| row.said.edge.mark()))
        .bind(column(&rows, |(_, row)| row.marked_at))
        .bind(column(&rows, |(_, row)| row.count))
        .bind(column(&rows, |(_, row)| row.first_at))
        .bind(column(&rows, |(_, row)| row.last_at))
        .fetch_all(connection)
        .await?;
    found
        .iter()
        .map(|row| {
            let known = Known {
                mark: row.try_get("mark_before")?,
                at: row.try_get("marked_before")?,
            };
            Ok(((row.try_get("repo_id")?, row.try_get("key")?), known))
        })
        .collect()
}

impl Together {
    fn of(row: &Row<'_>) -> Self {
        Self {
            said: row.said.clone(),
            id: row.id,
            count: row.count,
            first_at: row.first_at,
            last_at: row.last_at,
            marked_at: row.marked_at,
        }
    }

    fn add(&mut self, row: &Row<'_>) {
        self.said = self.said.then(row.said);
        self.count += row.count;
        self.first_at = self.first_at.min(row.first_at);
        self.last_at = self.last_at.max(row.last_at);
        self.marked_at = row.marked_at.or(self.marked_at);
    }
}
