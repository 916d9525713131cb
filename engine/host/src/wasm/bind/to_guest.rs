//! What a guest is given, borrowed from the engine's types. Lists of records need a place to stand:
//! the caller holds the `Vec`s.

use super::v0_1::push_notify::plugin::{
    ai_types as ai, channel_types as channel, provider_types as provider, types,
};
use crate::{
    ports::{
        AiRequest, Commit, CommitStatus, Decision, Event, MergeRequest, MergeRequestAction,
        Message, Person, Review, Role, StatusState, Webhook,
    },
    secrets::Secrets,
};

pub(super) fn settings(config: &str) -> types::Settings<'_> {
    types::Settings { config }
}

/// Headers that carry a secret as they are, ready to be borrowed: the placeholder for each, by
/// position.
pub(super) fn hidden(webhook: &Webhook, secrets: &Secrets) -> Vec<(usize, String)> {
    webhook
        .headers
        .iter()
        .enumerate()
        .filter_map(|(at, (_, value))| Some((at, secrets.hide_whole(value)?)))
        .collect()
}

pub(super) fn headers<'a>(
    webhook: &'a Webhook,
    hidden: &'a [(usize, String)],
) -> Vec<types::HeaderParam<'a>> {
    let mut headers: Vec<types::HeaderParam<'a>> = webhook
        .headers
        .iter()
        .map(|(name, value)| types::HeaderParam { name, value })
        .collect();
    for (at, placeholder) in hidden {
        headers[*at].value = placeholder;
    }
    headers
}

/// Added, modified and removed files of each commit.
pub(super) fn paths(event: &Event) -> Vec<[Vec<&str>; 3]> {
    event
        .commits
        .iter()
        .map(|commit| [&commit.added, &commit.modified, &commit.removed].map(|list| strs(list)))
        .collect()
}

pub(super) fn commits<'a>(
    event: &'a Event,
    paths: &'a [[Vec<&'a str>; 3]],
) -> Vec<types::CommitParam<'a>> {
    let with_paths = event.commits.iter().zip(paths);
    with_paths
        .map(
            |(commit, [added, modified, removed]): (&Commit, _)| types::CommitParam {
                id: &commit.id,
                message: &commit.message,
                url: commit.url.as_deref(),
                timestamp: commit.timestamp.as_deref(),
                author: commit.author.as_ref().map(person),
                added,
                modified,
                removed,
            },
        )
        .collect()
}

pub(super) fn event<'a>(
    event: &'a Event,
    commits: &'a [types::CommitParam<'a>],
) -> types::EventParam<'a> {
    types::EventParam {
        kind: &event.kind,
        ref_: event.git_ref.as_deref(),
        branch: event.branch.as_deref(),
        tag: event.tag.as_deref(),
        before: event.before.as_deref(),
        after: event.after.as_deref(),
        created: event.created,
        deleted: event.deleted,
        forced: event.forced,
        commits,
        total_commits: event.total_commits,
        actor: event.actor.as_ref().map(person),
        repository: types::RepositoryParam {
            full_name: &event.repository.full_name,
            url: event.repository.url.as_deref(),
            clone_url: event.repository.clone_url.as_deref(),
            default_branch: event.repository.default_branch.as_deref(),
            private: event.repository.private,
        },
        merge_request: event.merge_request.as_ref().map(merge_request),
    }
}

fn person(person: &Person) -> types::PersonParam<'_> {
    types::PersonParam {
        name: person.name.as_deref(),
        email: person.email.as_deref(),
        login: person.login.as_deref(),
        avatar_url: person.avatar_url.as_deref(),
    }
}

fn merge_request(request: &MergeRequest) -> types::MergeRequestParam<'_> {
    types::MergeRequestParam {
        number: request.number,
        title: &request.title,
        action: match request.action {
            MergeRequestAction::Opened => types::MergeRequestAction::Opened,
            MergeRequestAction::Updated => types::MergeRequestAction::Updated,
            MergeRequestAction::Reopened => types::MergeRequestAction::Reopened,
            MergeRequestAction::Merged => types::MergeRequestAction::Merged,
            MergeRequestAction::Closed => types::MergeRequestAction::Closed,
        },
        state: &request.state,
        source_branch: &request.source_branch,
        target_branch: &request.target_branch,
        head_sha: request.head_sha.as_deref(),
        base_sha: request.base_sha.as_deref(),
        url: request.url.as_deref(),
        author: request.author.as_ref().map(person),
        draft: request.draft,
        merged: request.merged,
    }
}

pub(super) fn comments(review: &Review) -> Vec<provider::ReviewComment<'_>> {
    review
        .comments
        .iter()
        .map(|comment| provider::ReviewComment {
            path: &comment.path,
            old_path: comment.old_path.as_deref(),
            line: comment.line,
            old_line: comment.old_line,
            position: comment.position,
            body: &comment.body,
        })
        .collect()
}

pub(super) fn review<'a>(
    review: &'a Review,
    comments: &'a [provider::ReviewComment<'a>],
) -> provider::Review<'a> {
    provider::Review {
        head_sha: &review.head_sha,
        verdict: review.verdict.map(|verdict| match verdict {
            Decision::Approved => provider::Decision::Approved,
            Decision::RequestChanges => provider::Decision::RequestChanges,
            Decision::Comment => provider::Decision::Comment,
        }),
        score: review.score,
        summary: review.summary.as_deref(),
        earlier: review.earlier.as_deref(),
        comments,
        status: review.status.as_ref().map(status),
    }
}

fn status(status: &CommitStatus) -> provider::CommitStatus<'_> {
    provider::CommitStatus {
        state: match status.state {
            StatusState::Pending => provider::StatusState::Pending,
            StatusState::Success => provider::StatusState::Success,
            StatusState::Failure => provider::StatusState::Failure,
            StatusState::Error => provider::StatusState::Error,
        },
        description: &status.description,
        url: status.url.as_deref(),
    }
}

pub(super) fn message<'a>(message: &'a Message, only_to: &'a [&'a str]) -> channel::Message<'a> {
    channel::Message {
        id: &message.id,
        title: &message.title,
        body: &message.body,
        url: message.url.as_deref(),
        scene: &message.scene,
        repository: &message.repository,
        created_at_ms: message.created_at_ms,
        origin: &message.origin,
        attempt: message.attempt,
        only_to,
    }
}

pub(super) fn turns(request: &AiRequest) -> Vec<ai::Turn<'_>> {
    request
        .turns
        .iter()
        .map(|turn| ai::Turn {
            role: match turn.role {
                Role::System => ai::Role::System,
                Role::User => ai::Role::User,
                Role::Assistant => ai::Role::Assistant,
            },
            text: &turn.text,
        })
        .collect()
}

pub(super) fn request<'a>(request: &'a AiRequest, turns: &'a [ai::Turn<'a>]) -> ai::Request<'a> {
    ai::Request {
        turns,
        json: request.json,
        max_tokens: request.max_tokens,
    }
}

pub(super) fn strs(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}
