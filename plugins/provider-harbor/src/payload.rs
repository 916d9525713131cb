//! What both forms of a delivery hold.

use push_notify_sdk::{
    Field, Rejection, Repository,
    delivery::{Listed, missing, present},
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
pub(crate) struct Data {
    /// As many as a delivery may tell of.
    pub(crate) resources: Option<Listed<Resource, 32>>,
    pub(crate) repository: Option<RepositoryPayload>,
    pub(crate) replication: Option<crate::notice::Replication>,
    pub(crate) retention: Option<crate::notice::Retention>,
    pub(crate) custom_attributes: Option<Attributes>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Resource {
    digest: Option<String>,
    tag: Option<String>,
    pub(crate) resource_url: Option<String>,
    pub(crate) scan_overview: Option<crate::scan::Overview>,
}

#[derive(Deserialize)]
pub(crate) struct RepositoryPayload {
    name: Option<String>,
    namespace: Option<String>,
    repo_full_name: Option<String>,
    repo_type: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Attributes {
    #[serde(rename = "Details")]
    pub(crate) details: Option<String>,
}

impl Resource {
    /// What names it: its tag, or else its digest.
    pub(crate) fn version(&self) -> Result<String, Rejection> {
        let tag = present(self.tag.clone()).or_else(|| self.digest());
        tag.ok_or_else(|| missing("resources.tag"))
    }

    pub(crate) fn digest(&self) -> Option<String> {
        present(self.digest.clone())
    }
}

impl RepositoryPayload {
    /// Of a quota no more is told than the project.
    pub(crate) fn normalised(repository: Option<Self>) -> Result<Repository, Rejection> {
        let missing = || missing("repository");
        let repository = repository.ok_or_else(missing)?;
        let (space, name) = (present(repository.namespace), present(repository.name));
        let parts = match (space, name) {
            (Some(space), Some(name)) => Some(format!("{space}/{name}")),
            (space, name) => space.or(name),
        };
        let full_name = present(repository.repo_full_name).or(parts);
        Ok(Repository {
            full_name: full_name.ok_or_else(missing)?,
            private: repository.repo_type.map(|kind| kind != "public"),
            ..Repository::default()
        })
    }
}

pub(crate) fn field(name: &str, value: Option<String>) -> Option<Field> {
    let value = present(value)?;
    Some(Field {
        name: name.to_owned(),
        short: value.len() < 40,
        value,
    })
}
