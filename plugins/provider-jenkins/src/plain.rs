//! What a step of a pipeline sends by itself, as the instructions show it.

use crate::build::Build;
use push_notify_sdk::{
    Rejection,
    delivery::{Id, missing, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Plain {
    job: Option<String>,
    number: Option<Id>,
    /// `SUCCESS`, `FAILURE`, `UNSTABLE`, `ABORTED`, or `STARTED`.
    status: Option<String>,
    url: Option<String>,
    branch: Option<String>,
    commit: Option<String>,
    duration_ms: Option<u64>,
    /// What else there is to say. Markdown.
    text: Option<String>,
}

impl Plain {
    pub(crate) fn build(self) -> Result<Build, Rejection> {
        let number = self.number.and_then(|number| present(Some(number.0)));
        Ok(Build {
            job: present(self.job).ok_or_else(|| missing("job"))?,
            number: number.ok_or_else(|| missing("number"))?,
            status: present(self.status).ok_or_else(|| missing("status"))?,
            url: present(self.url),
            branch: present(self.branch),
            commit: present(self.commit),
            duration_ms: self.duration_ms,
            text: present(self.text),
            ..Build::default()
        })
    }
}
