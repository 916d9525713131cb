//! What a test message tells of: a push that never was.

use push_notify_core::id::RepoId;
use push_notify_host::{Commit, Event, Person, Repository};
use push_notify_template::push_data;
use serde_json::{Map, Value};

const COMMIT_MSG: &str = "test: a test message from Push Notify";

/// The linked repository that the message pretends to be about.
pub(super) struct Repo {
    pub id: RepoId,
    pub name: String,
    pub url: String,
}

/// What the template renders: `given`, the repository, and made-up values.
pub(super) fn data(given: Map<String, Value>, repo: Option<&Repo>) -> Value {
    let mut data = Map::new();
    data.insert("CommitMsg".to_owned(), COMMIT_MSG.into());
    if let Some(repo) = repo {
        data.insert("RepoName".to_owned(), repo.name.as_str().into());
        data.insert("RepoUrl".to_owned(), repo.url.as_str().into());
    }
    data.extend(given);
    push_data(data)
}

/// The event of the same push. Only the repository's own address is in it: others in `data` are
/// whatever somebody typed.
pub(super) fn event(data: &Value, repo: Option<&Repo>) -> Event {
    let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
    let files = data["ChangedFiles"].as_array().into_iter().flatten();
    let branch = text("Branch");
    let commit = Commit {
        id: text("CommitId"),
        message: text("CommitMsg"),
        author: Some(Person {
            name: Some(text("Author")),
            ..Person::default()
        }),
        modified: files.filter_map(Value::as_str).map(str::to_owned).collect(),
        ..Commit::default()
    };
    Event {
        provider: "test".to_owned(),
        kind: "push".to_owned(),
        git_ref: Some(format!("refs/heads/{branch}")),
        branch: Some(branch),
        after: Some(commit.id.clone()),
        commits: vec![commit],
        total_commits: Some(1),
        repository: Repository {
            full_name: text("RepoName"),
            url: repo
                .map(|repo| repo.url.clone())
                .filter(|url| url.starts_with("http")),
            ..Repository::default()
        },
        ..Event::default()
    }
}

#[cfg(test)]
mod tests;
