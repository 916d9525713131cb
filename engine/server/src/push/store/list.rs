use super::tally::{Span, place, stats_of, stats_of_any, stats_of_own_repos};
use crate::{
    owner::store::{PUSHES_AMONG_OTHERS, own_ids},
    push::{PushState, Stats, Status, types::Entry},
};
use push_notify_core::{
    calendar::QUARTER_US,
    clock::{Micros, rfc3339},
    id::{EventId, PushId, RepoId, TargetId, UserId},
};
use push_notify_db::{
    Db, Dialect,
    list::{Filter, Listing, Window},
    page::{Page, Total},
};
use sqlx::{AnyPool, Row as _, any::AnyRow};

/// Which pushes are asked for: those that meet all that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub repo_id: Option<RepoId>,
    pub target_id: Option<TargetId>,
    pub event_id: Option<EventId>,
    /// The push whose message carries them.
    pub carried_by: Option<PushId>,
    pub status: Option<Status>,
    /// Of the creation, both included.
    pub from: Option<Micros>,
    pub to: Option<Micros>,
    /// In the commit's message, or the name of the repository or target. No index serves it: all
    /// pushes that meet the rest are read.
    pub keyword: Option<String>,
    /// The user who sees their own only.
    pub seen_by: Option<UserId>,
}

macro_rules! columns {
    ($push:literal) => {
        concat!(
            $push,
            ".id, ",
            $push,
            ".event_id, ",
            $push,
            ".commit_id, ",
            $push,
            ".commit_msg, ",
            $push,
            ".state, ",
            $push,
            ".reason, ",
            $push,
            ".carried_by, ",
            $push,
            ".pushed_at, ",
            $push,
            ".created_at, ",
            $push,
            ".repo_id, ",
            $push,
            ".target_id, r.name AS repo_name, t.name AS target_name, t.type AS target_type"
        )
    };
}

const LISTING: Listing = Listing {
    table: "pushes p",
    key: "p.id",
    columns: columns!("p"),
    joins: "LEFT JOIN repos r ON r.id = p.repo_id LEFT JOIN targets t ON t.id = p.target_id",
};
/// Of those that have not ended, found in the queue.
const WAITING: Listing = Listing {
    table: "push_queue p",
    key: "p.id",
    columns: columns!("w"),
    joins: "JOIN pushes w ON w.id = p.id LEFT JOIN repos r ON r.id = p.repo_id LEFT JOIN targets t ON t.id = p.target_id",
};

macro_rules! keyword {
    ($text:literal) => {
        concat!(
            "(LOWER(", $text, ") LIKE LOWER(?) ESCAPE '\\'
                OR p.repo_id IN (SELECT id FROM repos WHERE LOWER(name) LIKE LOWER(?) ESCAPE '\\')
                OR p.target_id IN (SELECT id FROM targets WHERE LOWER(name) LIKE LOWER(?) ESCAPE '\\'))"
        )
    };
}

/// What `sort` may say; the first is the usual one.
pub const SORTABLE: [(&str, &str); 2] = [("created_at", BY_TIME), ("id", "p.id")];
const BY_TIME: &str = "p.created_at";
/// From this offset on a page of all pushes is looked up by their tallies.
const DEEP: u64 = 2000;

/// One page, and how many there are in all.
pub async fn list(
    db: &Db,
    wanted: &Wanted,
    page: &Page,
) -> Result<(Vec<Entry>, Total), sqlx::Error> {
    let known = Known::read(db.read(), wanted).await?;
    // On PostgreSQL no index has the pushes that were delivered
    // (`migrations/postgres/0004_deliveries.sql`): they are walked to among all.
    let has_index = wanted.status != Some(Status::Success) || db.dialect() == Dialect::Sqlite;
    let lead = known.lead(wanted, has_index);
    let mut filter = wanted.filter(lead);
    let listing = match (lead, wanted.status) {
        (Lead::Neither, Some(Status::Pending)) => &WAITING,
        _ => &LISTING,
    };
    if let (Lead::Owner, Some(user_id)) = (lead, wanted.seen_by) {
        let (repos, targets) = own_ids(db.read(), user_id).await?;
        filter = filter.among_either(("p.repo_id", &repos), ("p.target_id", &targets));
    }
    let total = match known.total(wanted) {
        Some(total) => Total::from(total),
        None => filter.count(db.read(), listing).await?,
    };
    let mut window = Window::of(page, total);
    let by_owner = Page {
        sort: unindexed(page.sort),
        ..page.clone()
    };
    let page = match lead {
        Lead::Owner => &by_owner,
        _ => page,
    };
    let only_by_status = Wanted {
        status: None,
        ..wanted.clone()
    } == Wanted::default();
    let is_far = window.offset >= DEEP || !has_index;
    if only_by_status && page.sort == BY_TIME && window.limit > 0 && is_far {
        let descending = page.descending != window.from_end;
        if let Some(place) = place(db, wanted.status, descending, window.offset).await? {
            let first = place.quarter * QUARTER_US;
            filter = match descending {
                true => filter.and("p.created_at < ?", Some(first + QUARTER_US)),
                false => filter.and("p.created_at >= ?", Some(first)),
            };
            window.offset = place.before;
        }
    }
    let entries = filter.rows(db.read(), listing, page, window, entry).await?;
    Ok((entries, total))
}

/// The column whose index finds what is wanted; the index of another would be walked past rows
/// without end. A sign before a column keeps both databases from using an index on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// The event, or the message that carries them: few.
    Group,
    Repo,
    Target,
    /// The repositories and targets of whoever asks.
    Owner,
    /// The status or the time.
    Neither,
}

/// What the tallies say of the columns that the list is filtered by.
#[derive(Default)]
struct Known {
    all: Option<Stats>,
    repo: Option<Stats>,
    target: Option<Stats>,
    own: Option<Stats>,
}

impl Known {
    async fn read(pool: &AnyPool, wanted: &Wanted) -> Result<Self, sqlx::Error> {
        let mut known = Self::default();
        if wanted.is_of_a_group() {
            return Ok(known);
        }
        if let Some(id) = wanted.repo_id {
            known.repo = Some(stats_of(pool, "repo", id, Span::Kept).await?);
        }
        if let Some(id) = wanted.target_id {
            known.target = Some(stats_of(pool, "target", id, Span::Kept).await?);
        }
        if let Some(user_id) = wanted.seen_by {
            known.own = Some(stats_of_own_repos(pool, user_id, Span::Kept).await?);
        }
        let alone = wanted.repo_id.is_none() && wanted.target_id.is_none();
        if alone || wanted.status.is_some() {
            known.all = Some(stats_of_any(pool, Span::Kept).await?);
        }
        Ok(known)
    }

    fn lead(&self, wanted: &Wanted, has_index: bool) -> Lead {
        if wanted.is_of_a_group() {
            return Lead::Group;
        }
        // Failures have indexes of their own by repository and target.
        let walked = |stats: Stats| match wanted.status {
            Some(Status::Failed) => stats.failed,
            _ => stats.total,
        };
        let by_status = wanted
            .status
            .zip(self.all)
            .map(|(status, all)| match has_index {
                true => all.of(status),
                false => all.total,
            });
        // Where most pushes are somebody's own, the newest ones are soon found among all.
        let own = self.own.zip(self.all);
        let own = own.filter(|(own, all)| own.total * 2 <= all.total);
        [
            (Lead::Repo, self.repo.map(walked)),
            (Lead::Target, self.target.map(walked)),
            (Lead::Owner, own.map(|(own, _)| own.total)),
            (Lead::Neither, by_status),
        ]
        .into_iter()
        .filter_map(|(lead, rows)| Some((rows?, lead)))
        .min_by_key(|(rows, _)| *rows)
        .map_or(Lead::Neither, |(_, lead)| lead)
    }

    /// None: the tallies do not tell.
    fn total(&self, wanted: &Wanted) -> Option<i64> {
        let more = wanted.is_of_a_group()
            || wanted.seen_by.is_some()
            || wanted.from.is_some()
            || wanted.to.is_some()
            || wanted.keyword.is_some();
        let stats = match (self.repo, self.target) {
            _ if more => return None,
            (Some(_), Some(_)) => return None,
            (Some(stats), None) | (None, Some(stats)) => stats,
            (None, None) => self.all?,
        };
        Some(wanted.status.map_or(stats.total, |status| stats.of(status)))
    }
}

impl Wanted {
    fn is_of_a_group(&self) -> bool {
        self.event_id.is_some() || self.carried_by.is_some()
    }

    fn filter(&self, lead: Lead) -> Filter {
        let either = |leads, with: &'static str, without: &'static str| match lead == leads {
            true => with,
            false => without,
        };
        let repo = either(Lead::Repo, "p.repo_id = ?", "+p.repo_id = ?");
        let target = either(Lead::Target, "p.target_id = ?", "+p.target_id = ?");
        // The queue has no texts.
        let keyword = match (lead, self.status) {
            (Lead::Neither, Some(Status::Pending)) => {
                keyword!("(SELECT w.commit_msg FROM pushes w WHERE w.id = p.id)")
            }
            _ => keyword!("p.commit_msg"),
        };
        let filter = Filter::default()
            .and(PUSHES_AMONG_OTHERS, self.seen_by)
            .and(repo, self.repo_id)
            .and(target, self.target_id)
            .and("p.event_id = ?", self.event_id)
            .and("p.carried_by = ?", self.carried_by)
            .and("p.created_at >= ?", self.from)
            .and("p.created_at <= ?", self.to)
            .containing(keyword, self.keyword.clone());
        match self.status {
            Some(status) => filter.always(status.condition()),
            None => filter,
        }
    }
}

/// What `sort` may say, for a statement that is not to walk an index in that order.
fn unindexed(sort: &'static str) -> &'static str {
    match sort {
        BY_TIME => "+p.created_at",
        _ => "+p.id",
    }
}

fn entry(row: &AnyRow) -> Result<Entry, sqlx::Error> {
    let state: PushState = row.try_get("state")?;
    Ok(Entry {
        id: row.try_get("id")?,
        event_id: row.try_get("event_id")?,
        repo_id: row.try_get("repo_id")?,
        repo_name: row.try_get("repo_name")?,
        target_id: row.try_get("target_id")?,
        target_name: row.try_get("target_name")?,
        target_type: row.try_get("target_type")?,
        commit_id: row.try_get("commit_id")?,
        commit_msg: row.try_get("commit_msg")?,
        status: Status::of_state(state),
        state,
        reason: row.try_get("reason")?,
        carried_by: row.try_get("carried_by")?,
        pushed_at: row.try_get::<Option<Micros>, _>("pushed_at")?.map(rfc3339),
        created_at: rfc3339(row.try_get("created_at")?),
    })
}
