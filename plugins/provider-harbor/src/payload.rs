//! What both forms of a delivery hold.

use crate::report::Overview;
use push_notify_sdk::{
    Field, Rejection, Repository,
    delivery::{Listed, missing, present},
};
use serde::{Deserialize, de::IgnoredAny};

#[derive(Default, Deserialize)]
pub(crate) struct Data {
    /// As many as a delivery may tell of.
    pub(crate) resources: Option<Listed<Resource, 32>>,
    pub(crate) repository: Option<RepositoryPayload>,
    pub(crate) replication: Option<Replication>,
    pub(crate) retention: Option<Retention>,
    pub(crate) custom_attributes: Option<Attributes>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Resource {
    digest: Option<String>,
    tag: Option<String>,
    pub(crate) resource_url: Option<String>,
    pub(crate) scan_overview: Option<Overview>,
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

#[derive(Deserialize)]
pub(crate) struct Replication {
    pub(crate) job_status: Option<String>,
    pub(crate) trigger_type: Option<String>,
    pub(crate) src_resource: Option<Place>,
    pub(crate) dest_resource: Option<Place>,
    pub(crate) successful_artifact: Option<Listed<IgnoredAny, 1>>,
    pub(crate) failed_artifact: Option<Listed<IgnoredAny, 1>>,
}

#[derive(Deserialize)]
pub(crate) struct Place {
    pub(crate) endpoint: Option<String>,
    pub(crate) namespace: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Retention {
    pub(crate) total: Option<u64>,
    pub(crate) retained: Option<u64>,
    pub(crate) project_name: Option<String>,
    pub(crate) result: Option<String>,
    pub(crate) deleted_artifact: Option<Listed<IgnoredAny, 1>>,
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
