//! The Notification plugin: a build in each of its phases.

use crate::build::Build;
use push_notify_sdk::{
    Field, Rejection,
    delivery::{Id, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Notified {
    name: Option<String>,
    /// Of the job below Jenkins, such as `job/folder/job/app/`.
    url: Option<String>,
    build: Option<Told>,
}

#[derive(Deserialize)]
struct Told {
    full_url: Option<String>,
    number: Option<Id>,
    duration: Option<u64>,
    phase: Option<String>,
    status: Option<String>,
    scm: Option<Scm>,
    notes: Option<String>,
    test_summary: Option<Tests>,
}

#[derive(Deserialize)]
struct Scm {
    url: Option<String>,
    branch: Option<String>,
    commit: Option<String>,
}

#[derive(Deserialize)]
struct Tests {
    total: Option<u64>,
    passed: Option<u64>,
    failed: Option<u64>,
    skipped: Option<u64>,
}

impl Notified {
    pub(crate) fn build(self) -> Result<Build, Rejection> {
        let told = self.build.ok_or_else(|| missing("build"))?;
        let phase = present(told.phase).ok_or_else(|| missing("build.phase"))?;
        let status = match phase.as_str() {
            "STARTED" => "STARTED".to_owned(),
            "COMPLETED" | "FINALIZED" => {
                present(told.status).ok_or_else(|| missing("build.status"))?
            }
            other => return Err(of_no_interest("phase", other)),
        };
        let job = self.url.as_deref().and_then(path).or(present(self.name));
        let number = told.number.ok_or_else(|| missing("build.number"))?.0;
        let scm = told.scm;
        let (clone_url, branch, commit) = match scm {
            Some(scm) => (present(scm.url), present(scm.branch), present(scm.commit)),
            None => (None, None, None),
        };
        Ok(Build {
            job: job.ok_or_else(|| missing("name"))?,
            number,
            ended: (phase != "STARTED").then_some(phase),
            status,
            url: present(told.full_url),
            branch,
            commit,
            clone_url,
            duration_ms: told.duration,
            text: present(told.notes),
            fields: told
                .test_summary
                .and_then(Tests::field)
                .into_iter()
                .collect(),
        })
    }
}

impl Tests {
    fn field(self) -> Option<Field> {
        let total = self.total.filter(|total| *total > 0)?;
        let count = |count: Option<u64>| count.unwrap_or(0);
        let (passed, failed, skipped) = (self.passed, self.failed, self.skipped);
        let (passed, failed, skipped) = (count(passed), count(failed), count(skipped));
        Some(Field {
            name: "Tests".to_owned(),
            value: format!("{total}: {passed} passed, {failed} failed, {skipped} skipped"),
            short: true,
        })
    }
}

/// The job with its folders: every second part of its address.
fn path(url: &str) -> Option<String> {
    let parts = url.trim_matches('/').split('/').collect::<Vec<&str>>();
    let is_job = |pair: &[&str]| pair.len() == 2 && pair[0] == "job" && !pair[1].is_empty();
    let mut pairs = parts.chunks(2);
    pairs.clone().all(is_job).then(|| {
        let names = pairs.by_ref().map(|pair| pair[1]);
        // A slash in a branch's name is escaped twice.
        names
            .collect::<Vec<&str>>()
            .join("/")
            .replace("%252F", "%2F")
    })
}
