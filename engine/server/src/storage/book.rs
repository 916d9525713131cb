use super::types::{Account, Bounds, Owner, Usage};
use parking_lot::{Mutex, MutexGuard};
use push_notify_core::{config, id::RepoId};
use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};

/// How much each repository and each owner uses, as far as this server knows.
#[derive(Debug, Default)]
pub struct Storage {
    bounds: Bounds,
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    repos: HashMap<RepoId, Entry>,
    owners: HashMap<Owner, Arc<Usage>>,
}

#[derive(Debug, Default)]
struct Entry {
    usage: Arc<Usage>,
    owner: Option<Owner>,
}

/// A row of the table.
pub(super) struct Saved {
    pub repo_id: RepoId,
    pub bytes: i64,
    pub owner: Option<Owner>,
}

/// Of a repository, for people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    pub repo_bytes: i64,
    pub owner_bytes: Option<i64>,
}

impl Storage {
    pub fn new(settings: &config::Storage) -> Self {
        let bound = |mib: u64| {
            let bytes = i64::try_from(mib.saturating_mul(1 << 20)).unwrap_or(i64::MAX);
            (mib > 0).then_some(bytes)
        };
        Self {
            bounds: Bounds {
                repo: bound(settings.repo_mib),
                owner: bound(settings.owner_mib),
            },
            books: Mutex::default(),
        }
    }

    /// The account of a repository, which belongs to `owner` now.
    pub fn account(&self, repo_id: RepoId, owner: Option<Owner>) -> Account {
        let mut books = self.books();
        let entry = books.repos.entry(repo_id).or_default();
        entry.owner = owner;
        let repo = entry.usage.clone();
        let owner = owner.map(|owner| books.owners.entry(owner).or_default().clone());
        Account {
            repo,
            owner,
            bounds: self.bounds,
        }
    }

    /// What came to be stored for a repository, or less than 0 if it is gone.
    pub fn add(&self, repo_id: RepoId, bytes: i64) {
        if repo_id.get() <= 0 || bytes == 0 {
            return;
        }
        let mut books = self.books();
        let entry = books.repos.entry(repo_id).or_default();
        entry.usage.add(bytes);
        if let Some(owner) = entry.owner {
            books.owners.entry(owner).or_default().add(bytes);
        }
    }

    pub fn used(&self, repo_id: RepoId) -> Used {
        let books = self.books();
        let Some(entry) = books.repos.get(&repo_id) else {
            return Used::default();
        };
        let owner = entry.owner.and_then(|owner| books.owners.get(&owner));
        Used {
            repo_bytes: entry.usage.bytes(),
            owner_bytes: owner.map(|owner| owner.bytes()),
        }
    }

    /// Of a repository, and of an owner. None: no bound.
    pub fn bounds(&self) -> (Option<i64>, Option<i64>) {
        (self.bounds.repo, self.bounds.owner)
    }

    /// Repositories and owners for whom somebody was refused since.
    pub fn refused_since(&self, since: i64) -> usize {
        let books = self.books();
        let repos = books.repos.values().map(|entry| &entry.usage);
        let all = repos.chain(books.owners.values());
        all.filter(|usage| usage.refused_at.load(Ordering::Relaxed) > since)
            .count()
    }

    /// Of all repositories.
    pub fn bytes(&self) -> i64 {
        let books = self.books();
        books.repos.values().map(|entry| entry.usage.bytes()).sum()
    }

    /// What the database does not know yet; it is known from now on.
    pub(super) fn take_unsaved(&self) -> Vec<(RepoId, i64)> {
        let books = self.books();
        let taken = books.repos.iter().map(|(repo_id, entry)| {
            let bytes = entry.usage.unsaved.swap(0, Ordering::Relaxed);
            entry.usage.saved.fetch_add(bytes, Ordering::Relaxed);
            (*repo_id, bytes)
        });
        taken.filter(|(_, bytes)| *bytes != 0).collect()
    }

    /// It is not known after all.
    pub(super) fn put_back(&self, unsaved: &[(RepoId, i64)]) {
        let books = self.books();
        for (repo_id, bytes) in unsaved {
            if let Some(entry) = books.repos.get(repo_id) {
                entry.usage.saved.fetch_sub(*bytes, Ordering::Relaxed);
                entry.usage.unsaved.fetch_add(*bytes, Ordering::Relaxed);
            }
        }
    }

    /// What the database says, where other servers count too.
    pub(super) fn learn(&self, rows: &[Saved]) {
        let mut books = self.books();
        for row in rows {
            let entry = books.repos.entry(row.repo_id).or_default();
            entry.usage.saved.store(row.bytes, Ordering::Relaxed);
            entry.owner = row.owner;
        }
        let mut sums: HashMap<Owner, (i64, i64)> = HashMap::new();
        for entry in books.repos.values() {
            if let Some(owner) = entry.owner {
                let (saved, unsaved) = sums.entry(owner).or_default();
                *saved += entry.usage.saved.load(Ordering::Relaxed);
                *unsaved += entry.usage.unsaved.load(Ordering::Relaxed);
            }
        }
        for owner in sums.keys() {
            books.owners.entry(*owner).or_default();
        }
        for (owner, usage) in &books.owners {
            let (saved, unsaved) = sums.get(owner).copied().unwrap_or_default();
            usage.saved.store(saved, Ordering::Relaxed);
            usage.unsaved.store(unsaved, Ordering::Relaxed);
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock()
    }
}

#[cfg(test)]
mod tests;
