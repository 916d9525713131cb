//! What the payloads have in common. Fields that no event uses are skipped, and everything that the
//! host may leave out or send as null is an `Option`.

use push_notify_sdk::{
    Person, Rejection, Repository,
    delivery::{Listed, missing, person, present},
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct User {
    name: Option<String>,
    #[serde(rename = "displayName")]
    display_name: Option<String>,
    #[serde(rename = "emailAddress")]
    email: Option<String>,
}

impl User {
    pub(crate) fn person(self) -> Option<Person> {
        person(self.display_name, self.email, self.name, None)
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Links {
    #[serde(rename = "self")]
    own: Option<Listed<Option<Link>, 1>>,
    clone: Option<Listed<Option<Link>, 8>>,
}

#[derive(Debug, Deserialize)]
struct Link {
    href: Option<String>,
    name: Option<String>,
}

impl Links {
    /// The page of what has these links.
    pub(crate) fn page(&mut self) -> Option<String> {
        let link = self.own.take()?.entries.into_iter().flatten().next()?;
        present(link.href)
    }

    /// By HTTP where that is offered.
    fn clone_url(&mut self) -> Option<String> {
        let links = self.clone.take()?.entries.into_iter().flatten();
        let mut links: Vec<Link> = links.collect();
        links.sort_by_key(|link| !matches!(link.name.as_deref(), Some("http" | "https")));
        links.into_iter().find_map(|link| present(link.href))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct RepositoryPayload {
    slug: Option<String>,
    project: Option<Project>,
    public: Option<bool>,
    links: Option<Links>,
}

#[derive(Debug, Deserialize)]
struct Project {
    key: Option<String>,
}

impl RepositoryPayload {
    pub(crate) fn normalised(repository: Option<Self>) -> Result<Repository, Rejection> {
        let repository = repository.ok_or_else(|| missing("repository"))?;
        let key = repository.project.and_then(|project| present(project.key));
        let key = key.ok_or_else(|| missing("repository.project.key"))?;
        let slug = present(repository.slug).ok_or_else(|| missing("repository.slug"))?;
        let mut links = repository.links.unwrap_or_default();
        let page = links.page();
        Ok(Repository {
            full_name: format!("{key}/{slug}"),
            url: page.map(|page| page.trim_end_matches("/browse").to_owned()),
            clone_url: links.clone_url(),
            default_branch: None,
            private: repository.public.map(|public| !public),
        })
    }
}

impl User {
    /// As git has it: the name that stands for a login elsewhere is the author's own, unless the
    /// server knows who that is.
    pub(crate) fn commit_author(self) -> Option<Person> {
        match self.display_name {
            Some(_) => self.person(),
            None => person(self.name, self.email, None, None),
        }
    }
}
