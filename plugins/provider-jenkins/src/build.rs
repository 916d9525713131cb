//! A build, however it was told of.

use push_notify_sdk::{
    Delivery, Effect, Event, Field, Pipeline, Rejection, Repository, RunState,
    delivery::{of_no_interest, pipeline_subject, present},
};

#[derive(Default)]
pub(crate) struct Build {
    /// With its folders, and with the branch where each has a job of its own.
    pub(crate) job: String,
    /// As Jenkins counts.
    pub(crate) number: String,
    /// The word that Jenkins has for it.
    pub(crate) status: String,
    pub(crate) url: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) commit: Option<String>,
    pub(crate) clone_url: Option<String>,
    pub(crate) duration_ms: Option<u64>,
    pub(crate) text: Option<String>,
    pub(crate) fields: Vec<Field>,
    /// Where one end is told of twice: by this word.
    pub(crate) ended: Option<String>,
}

impl Build {
    /// `source` is where Jenkins, or the job, is said to be.
    pub(crate) fn delivery(self, source: &str) -> Result<Delivery, Rejection> {
        let state = state(&self.status)?;
        let branch = self.branch.as_deref().map(short);
        let branch = branch.filter(|branch| !branch.is_empty());
        let job = without_branch(&self.job, branch);
        let subject = pipeline_subject(job, branch);
        let effect = self.ended.map(|source| Effect {
            key: format!("build:{}#{}:ended", self.job, self.number),
            source,
        });
        let pipeline = Pipeline {
            id: self.number,
            name: Some(job.to_owned()),
            state,
            url: self.url,
            attempt: None,
            duration_ms: self.duration_ms.filter(|duration| *duration > 0),
            jobs: Vec::new(),
        };
        let event = Event {
            text: self.text,
            branch: branch.map(str::to_owned),
            after: self.commit,
            fields: self.fields,
            repository: Repository {
                full_name: job.to_owned(),
                url: present(Some(source.to_owned())),
                clone_url: self.clone_url,
                ..Repository::default()
            },
            ..Event::of_pipeline(subject, pipeline)
                .ok_or_else(|| of_no_interest("status", &self.status))?
        };
        Ok(Delivery {
            id: None,
            effect,
            events: vec![event],
        })
    }
}

/// Of tests that failed Jenkins says that the build is unstable: it is not what it should be.
fn state(status: &str) -> Result<RunState, Rejection> {
    match status.to_ascii_uppercase().as_str() {
        "STARTED" | "START" => Ok(RunState::Running),
        "SUCCESS" => Ok(RunState::Succeeded),
        "FAILURE" | "FAILED" | "UNSTABLE" => Ok(RunState::Failed),
        "ABORTED" => Ok(RunState::Canceled),
        "PAUSED" => Ok(RunState::Blocked),
        _ => Err(of_no_interest("status", status)),
    }
}

/// A branch as git plugins write it: with the remote's name before it.
fn short(branch: &str) -> &str {
    let branch = branch.strip_prefix("refs/heads/").unwrap_or(branch);
    let remote = ["refs/remotes/origin/", "origin/", "*/"];
    let short = remote.iter().find_map(|before| branch.strip_prefix(before));
    short.unwrap_or(branch)
}

/// A job for each branch is named by it, its slashes escaped.
fn without_branch<'a>(job: &'a str, branch: Option<&str>) -> &'a str {
    let Some(branch) = branch else {
        return job;
    };
    let escaped = branch.replace('/', "%2F");
    let parent = [branch, &escaped].into_iter().find_map(|last| {
        let parent = job.strip_suffix(last)?.strip_suffix('/')?;
        (!parent.is_empty()).then_some(parent)
    });
    parent.unwrap_or(job)
}
