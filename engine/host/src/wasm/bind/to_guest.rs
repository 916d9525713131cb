//! What a guest is given, borrowed from the engine's types. Lists of records need a place to stand:
//! the caller holds the `Vec`s.

use super::v0_1::push_notify::plugin::{
    ai_types as ai, channel_types as channel, provider_types as provider, types,
};
use crate::{
    ports::{
        AiRequest, Commit, CommitStatus, Decision, Event, Field, Link, Mention, Mentioned,
        MergeRequest, Message, NewMergeRequest, Person, Review, Role, Severity, StatusState,
        Webhook,
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

pub(super) fn webhook<'a>(
    webhook: &'a Webhook,
    headers: &'a [types::HeaderParam<'a>],
) -> provider::Webhook<'a> {
    provider::Webhook {
        method: &webhook.method,
        path: &webhook.path,
        query: &webhook.query,
        headers,
        body: &webhook.body,
    }
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

/// Assignees and reviewers of the merge request.
pub(super) fn people_of(event: &Event) -> [Vec<types::PersonParam<'_>>; 2] {
    let request = event.merge_request.as_ref();
    match request {
        Some(request) => [
            request.assignees.iter().map(person).collect(),
            request.reviewers.iter().map(person).collect(),
        ],
        None => [Vec::new(), Vec::new()],
    }
}

/// Labels of the merge request.
pub(super) fn labels_of(event: &Event) -> Vec<&str> {
    let request = event.merge_request.as_ref();
    request.map_or(Vec::new(), |request| strs(&request.labels))
}

/// What tells a change, as the contract says: no labels, no fields and no records of other kinds.
pub(super) fn event<'a>(
    event: &'a Event,
    commits: &'a [types::CommitParam<'a>],
    people: &'a [Vec<types::PersonParam<'a>>; 2],
    labels: &'a [&'a str],
) -> types::EventParam<'a> {
    types::EventParam {
        kind: &event.kind,
        action: event.action.as_deref(),
        subject: event.subject.as_deref(),
        title: event.title.as_deref(),
        text: event.text.as_deref(),
        url: event.url.as_deref(),
        severity: event.severity.map(severity),
        state: event.state.as_deref(),
        labels: &[],
        fields: &[],
        happened_at: event.happened_at.as_deref(),
        compare_url: event.compare_url.as_deref(),
        comment: None,
        issue: None,
        release: None,
        pipeline: None,
        deployment: None,
        alerts: None,
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
        merge_request: event
            .merge_request
            .as_ref()
            .map(|request| merge_request(request, people, labels)),
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

fn severity(severity: Severity) -> types::Severity {
    match severity {
        Severity::Critical => types::Severity::Critical,
        Severity::High => types::Severity::High,
        Severity::Medium => types::Severity::Medium,
        Severity::Low => types::Severity::Low,
        Severity::Info => types::Severity::Info,
    }
}

fn merge_request<'a>(
    request: &'a MergeRequest,
    [assignees, reviewers]: &'a [Vec<types::PersonParam<'a>>; 2],
    labels: &'a [&'a str],
) -> types::MergeRequestParam<'a> {
    types::MergeRequestParam {
        number: request.number,
        title: &request.title,
        text: request.text.as_deref(),
        state: &request.state,
        source_branch: &request.source_branch,
        target_branch: &request.target_branch,
        head_sha: request.head_sha.as_deref(),
        base_sha: request.base_sha.as_deref(),
        url: request.url.as_deref(),
        author: request.author.as_ref().map(person),
        draft: request.draft,
        merged: request.merged,
        labels,
        assignees,
        reviewers,
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

pub(super) fn new_merge_request(request: &NewMergeRequest) -> provider::NewMergeRequest<'_> {
    provider::NewMergeRequest {
        title: &request.title,
        text: &request.text,
        source_branch: &request.source_branch,
        target_branch: &request.target_branch,
        draft: request.draft,
    }
}

pub(super) fn fields(fields: &[Field]) -> Vec<types::FieldParam<'_>> {
    fields
        .iter()
        .map(|field| types::FieldParam {
            name: &field.name,
            value: &field.value,
            short: field.short,
        })
        .collect()
}

pub(super) fn links(links: &[Link]) -> Vec<channel::Link<'_>> {
    links
        .iter()
        .map(|link| channel::Link {
            label: &link.label,
            url: &link.url,
        })
        .collect()
}

pub(super) fn mentions(mentions: &[Mention]) -> Vec<channel::Mention<'_>> {
    mentions
        .iter()
        .map(|mention| channel::Mention {
            name: &mention.name,
            who: match &mention.who {
                Mentioned::Handle(handle) => channel::Mentioned::Handle(handle),
                Mentioned::Everyone => channel::Mentioned::Everyone,
                Mentioned::Unknown => channel::Mentioned::Unknown,
            },
        })
        .collect()
}

/// The lists of a message.
pub(super) struct Lists<'a> {
    pub(super) only_to: &'a [&'a str],
    pub(super) fields: &'a [types::FieldParam<'a>],
    pub(super) links: &'a [channel::Link<'a>],
    pub(super) mentions: &'a [channel::Mention<'a>],
}

pub(super) fn message<'a>(message: &'a Message, lists: &Lists<'a>) -> channel::Message<'a> {
    channel::Message {
        id: &message.id,
        title: &message.title,
        body: &message.body,
        url: message.url.as_deref(),
        scene: &message.scene,
        kind: message.kind.as_deref(),
        action: message.action.as_deref(),
        severity: message.severity.map(severity),
        state: message.state.as_deref(),
        subject: message.subject.as_deref(),
        repository: &message.repository,
        branch: message.branch.as_deref(),
        author: message.author.as_deref(),
        fields: lists.fields,
        links: lists.links,
        mentions: lists.mentions,
        locale: &message.locale,
        created_at_ms: message.created_at_ms,
        origin: &message.origin,
        attempt: message.attempt,
        only_to: lists.only_to,
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
        schema: request.schema.as_deref(),
        max_tokens: request.max_tokens,
    }
}

pub(super) fn strs(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}
