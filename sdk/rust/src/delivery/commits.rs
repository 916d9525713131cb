//! The commits of a push. Their lists are cut while they are read: an entry takes three bytes of a
//! body and many times that in memory, so 25 MiB of entries would not fit the plugin's.

use super::{budget, person, present};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, SeqAccess, Visitor},
};
use std::{collections::VecDeque, fmt};

/// As many as GitHub lists, which lists most.
const COMMITS: usize = 2048;
/// For one of the three lists of a commit.
pub const LONGEST_LIST: usize = 3000;
/// For all lists of a push.
const PATHS: usize = 30_000;
// So that the lists of the newest commit never have to go.
const _: () = assert!(3 * LONGEST_LIST <= PATHS);

/// The newest commits, which hosts list last, and how many there were. When there are too many
/// paths, the oldest commits lose theirs.
#[derive(Default)]
pub struct Commits {
    newest: VecDeque<Commit>,
    total: u32,
    /// In the lists of `newest`.
    paths: usize,
    /// How many at the front of `newest` have lost their lists.
    bare: usize,
}

/// The commits of a host that lists the newest first. In here, too, they come last.
#[derive(Default)]
pub struct NewestFirst(pub Commits);

/// The commit that a push ends at, which hosts tell beside the list.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct HeadCommit(Commit);

#[derive(Deserialize)]
struct Commit {
    id: Option<String>,
    message: Option<String>,
    url: Option<String>,
    timestamp: Option<String>,
    author: Option<Author>,
    added: Option<Paths>,
    modified: Option<Paths>,
    removed: Option<Paths>,
}

#[derive(Deserialize)]
struct Author {
    name: Option<String>,
    email: Option<String>,
    username: Option<String>,
}

/// The first paths of a list.
#[derive(Default)]
struct Paths(Vec<String>);

impl Commits {
    /// How many there were, those left out included.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// Adds the commit that the push ends at, where the host lists only some of so many and leaves
    /// it out.
    pub fn complete(&mut self, head: Option<HeadCommit>, after: Option<&str>, count: Option<u32>) {
        let is_cut = count.is_some_and(|count| count > self.total);
        let Some(HeadCommit(head)) = head.filter(|_| is_cut) else {
            return;
        };
        let is_listed = |head: &Commit| self.newest.iter().any(|commit| commit.id == head.id);
        let is_head = after.is_some() && head.id.as_deref() == after;
        if is_head && !is_listed(&head) && !self.newest.is_empty() {
            self.push(head);
        }
    }

    /// Those that fit an event, the newest last: the push ends at `head`, which is first where a
    /// host lists them the other way round.
    pub fn normalised(mut self, head: Option<&str>) -> Vec<crate::Commit> {
        let is_head =
            |commit: Option<&Commit>| commit.and_then(|commit| commit.id.as_deref()) == head;
        if head.is_some() && is_head(self.newest.front()) && !is_head(self.newest.back()) {
            self.newest.make_contiguous().reverse();
        }
        budget::fitting(self.newest.into_iter().map(Commit::normalised))
    }

    fn push(&mut self, commit: Commit) {
        self.total = self.total.saturating_add(1);
        if self.newest.len() == COMMITS
            && let Some(mut oldest) = self.newest.pop_front()
        {
            self.paths -= oldest.strip();
            self.bare = self.bare.saturating_sub(1);
        }
        self.paths += commit.paths();
        self.newest.push_back(commit);
        while self.paths > PATHS
            && let Some(oldest) = self.newest.get_mut(self.bare)
        {
            self.paths -= oldest.strip();
            self.bare += 1;
        }
    }

    /// One that is older than all before it.
    fn push_older(&mut self, mut commit: Commit) {
        self.total = self.total.saturating_add(1);
        if self.newest.len() == COMMITS {
            return;
        }
        // As soon as one has lost its lists, so do all that are older.
        if self.bare > 0 || self.paths + commit.paths() > PATHS {
            commit.strip();
            self.bare += 1;
        }
        self.paths += commit.paths();
        self.newest.push_front(commit);
    }
}

impl Commit {
    fn paths(&self) -> usize {
        let lists = [&self.added, &self.modified, &self.removed];
        lists.into_iter().flatten().map(|list| list.0.len()).sum()
    }

    /// Takes the lists away and says how many paths they held.
    fn strip(&mut self) -> usize {
        let paths = self.paths();
        (self.added, self.modified, self.removed) = (None, None, None);
        paths
    }

    fn normalised(self) -> crate::Commit {
        let author = self
            .author
            .and_then(|author| person(author.name, author.email, author.username, None));
        crate::Commit {
            id: self.id.unwrap_or_default(),
            message: self.message.unwrap_or_default(),
            url: present(self.url),
            timestamp: present(self.timestamp),
            author,
            added: self.added.unwrap_or_default().0,
            modified: self.modified.unwrap_or_default().0,
            removed: self.removed.unwrap_or_default().0,
        }
    }
}

impl<'de> Deserialize<'de> for Commits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Reader(Self::push))
    }
}

impl<'de> Deserialize<'de> for NewestFirst {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let reader = Reader(Commits::push_older);
        deserializer.deserialize_seq(reader).map(Self)
    }
}

/// With where the next commit goes.
struct Reader(fn(&mut Commits, Commit));

impl<'de> Visitor<'de> for Reader {
    type Value = Commits;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of commits")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Commits, A::Error> {
        let mut commits = Commits::default();
        while let Some(commit) = list.next_element::<Commit>()? {
            if commit.id.is_none() {
                return Err(A::Error::missing_field("id"));
            }
            (self.0)(&mut commits, commit);
        }
        Ok(commits)
    }
}

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Paths;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of paths")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Paths, A::Error> {
                let mut paths = Vec::new();
                while paths.len() < LONGEST_LIST {
                    match list.next_element()? {
                        Some(path) => paths.push(path),
                        None => return Ok(Paths(paths)),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Paths(paths))
            }
        }

        deserializer.deserialize_seq(Reader)
    }
}
