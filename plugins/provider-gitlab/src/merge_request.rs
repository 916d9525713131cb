//! `merge_request`: opened, changed, approved, reopened, merged or closed. The rest is bookkeeping.

use crate::{
    change::{Changed, Changes},
    payload::{Account, People, Project, address},
    time::rfc3339,
};
use push_notify_sdk::{
    Event, MergeRequest, Rejection,
    delivery::{Labels, MergeRequestAction, missing, of_no_interest, person, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct MergeRequestEvent {
    /// Who did it.
    user: Option<Account>,
    /// The one that it shall be merged into.
    project: Option<Project>,
    object_attributes: Option<Attributes>,
    changes: Option<Changes>,
    labels: Option<Labels>,
    assignees: Option<People>,
    reviewers: Option<People>,
}

#[derive(Deserialize)]
struct Attributes {
    /// The number within the project; `id` is another.
    iid: Option<u64>,
    title: Option<String>,
    description: Option<String>,
    updated_at: Option<String>,
    action: Option<String>,
    state: Option<String>,
    source_branch: Option<String>,
    target_branch: Option<String>,
    author_id: Option<i64>,
    url: Option<String>,
    draft: Option<bool>,
    /// What `draft` was called before.
    work_in_progress: Option<bool>,
    /// The head before; only there when `update` means commits.
    oldrev: Option<String>,
    last_commit: Option<LastCommit>,
}

#[derive(Deserialize)]
struct LastCommit {
    id: Option<String>,
    author: Option<Writer>,
}

/// What Git knows of somebody.
#[derive(Deserialize)]
struct Writer {
    name: Option<String>,
    email: Option<String>,
}

pub(crate) fn event(payload: MergeRequestEvent) -> Result<Event, Rejection> {
    let attributes = payload
        .object_attributes
        .ok_or_else(|| missing("object_attributes"))?;
    let oldrev = present(attributes.oldrev.clone());
    let action = match attributes.action.as_deref() {
        Some("open") => MergeRequestAction::Opened,
        Some("update") if oldrev.is_some() => MergeRequestAction::Updated,
        Some("update") => updated(payload.changes.unwrap_or_default())?,
        // The first is the last one that was needed.
        Some("approved" | "approval") => MergeRequestAction::Approved,
        Some("reopen") => MergeRequestAction::Reopened,
        Some("merge") => MergeRequestAction::Merged,
        Some("close") => MergeRequestAction::Closed,
        Some(other) => return Err(of_no_interest("merge request action", other)),
        // As GitLab's "Test" sends it.
        None => {
            let reason = "nothing was done to the merge request";
            return Err(Rejection::Ignored(reason.to_owned()));
        }
    };
    let actor = payload.user;
    let happened_at = attributes.updated_at.as_deref().and_then(rfc3339);
    let merge_request = MergeRequest {
        labels: Labels::names(payload.labels),
        assignees: People::persons(payload.assignees),
        reviewers: People::persons(payload.reviewers),
        ..attributes.normalised(action, actor.as_ref())?
    };
    Ok(Event {
        happened_at,
        after: oldrev.as_ref().and(merge_request.head_sha.clone()),
        before: oldrev,
        actor: actor.and_then(Account::person),
        repository: Project::normalised(payload.project)?,
        ..Event::of_merge_request(action, merge_request)
    })
}

fn updated(changes: Changes) -> Result<MergeRequestAction, Rejection> {
    match changes.most() {
        Changed::Ready => Ok(MergeRequestAction::Updated),
        Changed::Reviewers => Ok(MergeRequestAction::ReviewRequested),
        Changed::Assignees => Ok(MergeRequestAction::Assigned),
        Changed::Labels => Ok(MergeRequestAction::Labeled),
        Changed::Words => Ok(MergeRequestAction::Edited),
        Changed::Nothing => {
            let reason = "nothing changed in the merge request that anybody is told of";
            Err(Rejection::Ignored(reason.to_owned()))
        }
    }
}

impl Attributes {
    fn normalised(
        self,
        action: MergeRequestAction,
        actor: Option<&Account>,
    ) -> Result<MergeRequest, Rejection> {
        // `locked` is what GitLab calls one that is just being merged.
        let state = match (self.state.as_deref(), action) {
            (Some("merged"), _) | (_, MergeRequestAction::Merged) => "merged",
            (Some("closed"), _) | (None, MergeRequestAction::Closed) => "closed",
            _ => "open",
        };
        let (head_sha, writer) = match self.last_commit {
            Some(commit) => (present(commit.id), commit.author),
            None => (None, None),
        };
        // Of the author there is only the id, and old versions tell none of who acts to compare it
        // with. Then who opens it is the author, and later most likely who wrote its newest commit.
        let is_author = |actor: &&Account| match (actor.id, self.author_id) {
            (Some(actor), Some(author)) => actor == author,
            _ => action == MergeRequestAction::Opened,
        };
        let has_id = actor.is_some_and(|actor| actor.id.is_some());
        let writer = writer.filter(|_| !has_id);
        let author = actor.filter(is_author).cloned().and_then(Account::person);
        let author = author.or_else(|| {
            let writer = writer?;
            person(writer.name, address(writer.email), None, None)
        });
        Ok(MergeRequest {
            number: self.iid.ok_or_else(|| missing("object_attributes.iid"))?,
            title: self.title.unwrap_or_default(),
            text: present(self.description),
            state: state.to_owned(),
            source_branch: present(self.source_branch)
                .ok_or_else(|| missing("object_attributes.source_branch"))?,
            target_branch: present(self.target_branch)
                .ok_or_else(|| missing("object_attributes.target_branch"))?,
            head_sha,
            base_sha: None,
            url: present(self.url),
            author,
            draft: self.draft.or(self.work_in_progress),
            merged: Some(state == "merged"),
            ..MergeRequest::default()
        })
    }
}
