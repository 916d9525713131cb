//! Whose a session is. Kept for some seconds, so that not every request asks the database; never
//! where another node could change it without this one being told.

use super::store;
use crate::{app::App, user::User};
use moka::sync::Cache;
use push_notify_db::Dialect;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Should it not be told, a node finds out after this long.
const FRESH: Duration = Duration::from_secs(5);
const MOST: u64 = 10_000;

pub struct SessionCache {
    users: Cache<String, User>,
    /// Grows when users or sessions change.
    generation: AtomicU64,
}

impl Default for SessionCache {
    fn default() -> Self {
        Self {
            users: Cache::builder()
                .max_capacity(MOST)
                .time_to_live(FRESH)
                .build(),
            generation: AtomicU64::new(0),
        }
    }
}

impl SessionCache {
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.users.invalidate_all();
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

/// The user of a session that is neither revoked nor over. That the token is not over is for the
/// caller to see.
pub async fn user_of(app: &App, session_id: &str) -> Result<Option<User>, sqlx::Error> {
    let is_told = app.db.dialect() == Dialect::Sqlite || app.shared.is_connected();
    let known = &app.sessions;
    if is_told && let Some(user) = known.users.get(session_id) {
        return Ok(Some(user));
    }
    let generation = known.generation();
    let user = store::find_user(app.db.read(), session_id, app.clock.now_us()).await?;
    if let Some(user) = &user
        && generation == known.generation()
    {
        known.users.insert(session_id.to_owned(), user.clone());
        // It may have been revoked between the two.
        if generation != known.generation() {
            known.users.invalidate(session_id);
        }
    }
    Ok(user)
}
