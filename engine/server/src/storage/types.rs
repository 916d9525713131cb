use push_notify_core::id::{TeamId, UserId};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// What a push takes up besides its message, with its places in the indexes.
pub const PUSH_BYTES: usize = 1024;

/// Whom a repository belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    User(UserId),
    Team(TeamId),
}

impl Owner {
    /// Of the columns `owner_id` and `team_id`. None: nobody but the administrators.
    pub fn of_columns(owner_id: Option<UserId>, team_id: Option<TeamId>) -> Option<Self> {
        owner_id.map(Self::User).or(team_id.map(Self::Team))
    }
}

/// Whose room is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    Repo,
    Owner,
}

/// Bytes of a repository or an owner.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// As the database has it.
    pub saved: AtomicI64,
    /// On disk, and not yet counted there.
    pub unsaved: AtomicI64,
    /// On its way to the disk.
    held: AtomicI64,
    /// When somebody was refused last.
    pub refused_at: AtomicI64,
}

impl Usage {
    /// What it takes up.
    pub(super) fn bytes(&self) -> i64 {
        let kept = self.saved.load(Ordering::Relaxed) + self.unsaved.load(Ordering::Relaxed);
        (kept + self.held.load(Ordering::Relaxed)).max(0)
    }

    fn hold(&self, bytes: i64) {
        self.held.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn add(&self, bytes: i64) {
        self.unsaved.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// In bytes. None: no bound.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    pub repo: Option<i64>,
    pub owner: Option<i64>,
}

/// What a repository's deliveries are charged to.
#[derive(Debug, Clone)]
pub struct Account {
    pub(super) repo: Arc<Usage>,
    pub(super) owner: Option<Arc<Usage>>,
    pub(super) bounds: Bounds,
}

impl Account {
    /// Room for what is about to be stored, or whose room is used up. What was there before may
    /// stay.
    pub fn take(&self, bytes: usize, now: i64) -> Result<Held, Full> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        // Counted at once: of many at a time only those get in that fit together.
        let held = Held {
            account: self.clone(),
            bytes,
        };
        held.usages().for_each(|usage| usage.hold(bytes));
        let over = |usage: &Usage, most: Option<i64>| {
            let over = most.is_some_and(|most| usage.bytes() > most);
            if over {
                usage.refused_at.store(now, Ordering::Relaxed);
            }
            over
        };
        if over(&self.repo, self.bounds.repo) {
            return Err(Full::Repo);
        }
        let owner = self.owner.as_deref();
        if owner.is_some_and(|owner| over(owner, self.bounds.owner)) {
            return Err(Full::Owner);
        }
        Ok(held)
    }

    /// What came to be stored, or less than 0 if it is gone.
    pub fn add(&self, bytes: i64) {
        self.repo.add(bytes);
        self.owner.iter().for_each(|owner| owner.add(bytes));
    }
}

/// Room that is taken. It is given back unless it is kept.
#[must_use]
#[derive(Debug)]
pub struct Held {
    account: Account,
    bytes: i64,
}

impl Held {
    /// It is on disk.
    pub fn keep(self) {
        self.account.add(self.bytes);
    }

    fn usages(&self) -> impl Iterator<Item = &Usage> {
        let Account { repo, owner, .. } = &self.account;
        [Some(repo), owner.as_ref()]
            .into_iter()
            .flatten()
            .map(|usage| &**usage)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.usages().for_each(|usage| usage.hold(-self.bytes));
    }
}
