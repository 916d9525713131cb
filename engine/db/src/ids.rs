//! Ids of new rows. Those of the tables that grow fast are known before the rows are written: on
//! SQLite from a counter, since one server owns the file, and the highest ids of deleted rows are
//! kept (`deleted_events` and `deleted_pushes` in `migrations/sqlite/0004_deliveries.sql`); on
//! PostgreSQL from blocks of a sequence.

use push_notify_core::id::{
    ApiKeyId, EventId, ModelId, PersonId, PromptId, PushId, RepoId, RuleId, SqlId, TargetId,
    TeamId, TemplateId, UserId,
};
use sqlx::AnyPool;
use std::{collections::VecDeque, ops::Range};
use tokio::sync::Mutex;

/// The id of a table that changes seldom.
pub trait Administrative: SqlId {
    const TABLE: &'static str;
}

macro_rules! administrative {
    ($($id:ident: $table:literal,)*) => {$(
        impl Administrative for $id {
            const TABLE: &'static str = $table;
        }
    )*};
}

administrative! {
    UserId: "users",
    TeamId: "teams",
    ApiKeyId: "api_keys",
    RepoId: "repos",
    TargetId: "targets",
    RuleId: "rules",
    PersonId: "people",
    TemplateId: "templates",
    PromptId: "prompts",
    ModelId: "models",
}

/// The id of a table that grows fast.
pub trait Sequenced: SqlId {
    const SEQUENCE: Sequence;
}

impl Sequenced for EventId {
    const SEQUENCE: Sequence = Sequence::Events;
}

impl Sequenced for PushId {
    const SEQUENCE: Sequence = Sequence::Pushes;
}

#[derive(Debug, Clone, Copy)]
pub enum Sequence {
    Events,
    Pushes,
}

/// What `INCREMENT BY` says in `migrations/postgres/0004_deliveries.sql`.
const BLOCK: i64 = 256;

pub(super) struct Ids {
    /// None: the ranges reach to the end of all ids.
    source: Option<AnyPool>,
    left: [Mutex<VecDeque<Range<i64>>>; 2],
}

impl Ids {
    pub(super) fn in_blocks(pool: AnyPool) -> Self {
        Self {
            source: Some(pool),
            left: Default::default(),
        }
    }

    pub(super) async fn counted(pool: &AnyPool) -> Result<Self, sqlx::Error> {
        let highest = |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(pool);
        // Of those that are there and those that were deleted.
        let events = highest(
            "SELECT MAX(highest_id, (SELECT COALESCE(MAX(id), 0) FROM events)) FROM deleted_events",
        )
        .await?;
        let pushes = highest(
            "SELECT MAX(highest_id, (SELECT COALESCE(MAX(id), 0) FROM pushes)) FROM deleted_pushes",
        )
        .await?;
        let from = |highest: i64| {
            let mut ranges = VecDeque::new();
            ranges.push_back(highest + 1..i64::MAX);
            Mutex::new(ranges)
        };
        Ok(Self {
            source: None,
            left: [from(events), from(pushes)],
        })
    }

    pub(super) async fn take<I: Sequenced>(&self, count: usize) -> Result<Vec<I>, sqlx::Error> {
        let mut left = self.left[I::SEQUENCE as usize].lock().await;
        let mut ids = Vec::with_capacity(count);
        while ids.len() < count {
            match left.front_mut() {
                Some(range) if !range.is_empty() => {
                    let missing = count - ids.len();
                    ids.extend(range.by_ref().take(missing).map(I::new));
                }
                Some(_) => {
                    left.pop_front();
                }
                None => {
                    let Some(pool) = &self.source else {
                        return Err(sqlx::Error::Protocol("ids are exhausted".to_owned()));
                    };
                    let sql = match I::SEQUENCE {
                        Sequence::Events => "SELECT nextval('events_id')",
                        Sequence::Pushes => "SELECT nextval('pushes_id')",
                    };
                    let first: i64 = sqlx::query_scalar(sql).fetch_one(pool).await?;
                    left.push_back(first..first + BLOCK);
                }
            }
        }
        Ok(ids)
    }
}
