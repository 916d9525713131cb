//! The Outbound WebHook plugin.

use crate::build::Build;
use push_notify_sdk::{
    Rejection,
    delivery::{missing, present},
};
use serde::{Deserialize, de::IgnoredAny};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outbound {
    project_name: Option<String>,
    build_name: Option<String>,
    build_url: Option<String>,
    /// `start`, `success`, `failure` or `unstable`.
    event: Option<String>,
    build_vars: Option<Vars>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Vars {
    Named(Named),
    Other(IgnoredAny),
}

/// Variables that every build of a repository has.
#[derive(Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Named {
    branch_name: Option<String>,
    git_branch: Option<String>,
    git_commit: Option<String>,
    git_url: Option<String>,
}

impl Outbound {
    pub(crate) fn build(self) -> Result<Build, Rejection> {
        let vars = match self.build_vars {
            Some(Vars::Named(vars)) => vars,
            Some(Vars::Other(_)) | None => Named::default(),
        };
        let number = present(self.build_name).ok_or_else(|| missing("buildName"))?;
        let status = present(self.event).ok_or_else(|| missing("event"))?;
        Ok(Build {
            job: present(self.project_name).ok_or_else(|| missing("projectName"))?,
            number: number.trim_start_matches('#').to_owned(),
            status,
            url: present(self.build_url),
            branch: present(vars.branch_name).or(present(vars.git_branch)),
            commit: present(vars.git_commit),
            clone_url: present(vars.git_url),
            ..Build::default()
        })
    }
}
