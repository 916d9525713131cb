//! How many tokens a review may use.

use crate::app::App;
use parking_lot::{Mutex, MutexGuard};
use push_notify_core::{clock::DAY_US, id::RepoId};
use push_notify_review::ReviewSettings;
use std::collections::HashMap;

/// What reviews under way may still come to, by repository: it counts as spent until they have
/// settled.
#[derive(Default)]
pub(super) struct Budget(Mutex<HashMap<RepoId, u64>>);

/// Dropping it gives back what was set aside.
pub(super) struct Reserved<'a> {
    budget: &'a Budget,
    repo_id: RepoId,
    pub tokens: u32,
    /// Reviews under way hold some of what it might have had, and will give most of that back.
    pub is_short: bool,
}

impl Budget {
    /// Sets aside what a review of this repository may use: as much as one may, as far as the day
    /// leaves it.
    pub(super) async fn reserve(
        &self,
        app: &App,
        repo_id: RepoId,
        settings: &ReviewSettings,
    ) -> Result<Reserved<'_>, sqlx::Error> {
        let config = &app.config.review;
        let of_repo = settings
            .daily_tokens
            .map_or(config.repo_daily_tokens, u64::from);
        let of_all = config.daily_tokens;
        // First what is under way, then what was used: a review that settles in between counts
        // twice rather than not at all.
        let before = self.reserved().clone();
        let spent_by_repo = match of_repo {
            0 => 0,
            _ => spent(app, Some(repo_id)).await?,
        };
        let spent_by_all = match of_all {
            0 => 0,
            _ => spent(app, None).await?,
        };
        let mut reserved = self.reserved();
        let of =
            |reserved: &HashMap<RepoId, u64>| reserved.get(&repo_id).copied().unwrap_or_default();
        let sum = |reserved: &HashMap<RepoId, u64>| reserved.values().sum::<u64>();
        let held_by_repo = of(&before).max(of(&reserved));
        let held_by_all = sum(&before).max(sum(&reserved));
        let left = |of: u64, used: u64| match of {
            0 => u64::MAX,
            of => of.saturating_sub(used),
        };
        let most = u64::from(settings.max_tokens.unwrap_or(config.max_tokens))
            .min(left(of_repo, spent_by_repo))
            .min(left(of_all, spent_by_all));
        let tokens = most
            .min(left(of_repo, spent_by_repo + held_by_repo))
            .min(left(of_all, spent_by_all + held_by_all));
        *reserved.entry(repo_id).or_default() += tokens;
        Ok(Reserved {
            budget: self,
            repo_id,
            tokens: u32::try_from(tokens).unwrap_or(u32::MAX),
            is_short: tokens < most,
        })
    }

    fn reserved(&self) -> MutexGuard<'_, HashMap<RepoId, u64>> {
        self.0.lock()
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        let mut reserved = self.budget.reserved();
        if let Some(tokens) = reserved.get_mut(&self.repo_id) {
            *tokens = tokens.saturating_sub(u64::from(self.tokens));
            if *tokens == 0 {
                reserved.remove(&self.repo_id);
            }
        }
    }
}

/// What reviews asked for today, by UTC: of a repository, or of all.
async fn spent(app: &App, repo_id: Option<RepoId>) -> Result<u64, sqlx::Error> {
    let now = app.clock.now_us();
    let today = now - now.rem_euclid(DAY_US);
    let sum = "SELECT CAST(COALESCE(SUM(input_tokens + output_tokens), 0) AS BIGINT) FROM ai_calls
        WHERE purpose = 'review' AND created_at >= $1";
    let spent: i64 = match repo_id {
        Some(repo_id) => {
            let sql = sqlx::AssertSqlSafe(format!("{sum} AND repo_id = $2"));
            sqlx::query_scalar(sql)
                .bind(today)
                .bind(repo_id)
                .fetch_one(app.db.read())
                .await?
        }
        None => {
            sqlx::query_scalar(sum)
                .bind(today)
                .fetch_one(app.db.read())
                .await?
        }
    };
    Ok(u64::try_from(spent).unwrap_or_default())
}
