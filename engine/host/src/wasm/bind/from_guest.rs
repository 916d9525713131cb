//! What a guest answered, in the engine's types and within bounds.

use super::{
    bounds::{ANSWER, Bounds, CHANGES, reason},
    v0_1::push_notify::plugin::{
        ai_types as ai, channel_types as channel, provider_types as provider, types,
    },
};
use crate::{
    ports::{
        ChangePage, ChangeScope, ChangeStatus, Commit, Completion, Delivery, Effect, Event,
        FileChange, MergeRequest, MergeRequestAction, ModelInfo, Omission, Person, Published,
        Receipt, Repository, StopReason, Usage,
    },
    verdict::{CallError, Failure, Partial, RecipientProblem, Rejection},
};
use std::time::Duration;

const KINDS: [&str; 3] = ["push", "tag_push", "merge_request"];
const STATES: [&str; 3] = ["open", "closed", "merged"];

type Bounded<T> = Result<T, CallError>;

pub(super) fn delivery(delivery: provider::Delivery, plugin: &str) -> Bounded<Delivery> {
    let bounds = &mut Bounds::new(ANSWER);
    Ok(Delivery {
        id: bounds.maybe(delivery.id)?,
        effect: delivery
            .effect
            .map(|effect| {
                Ok(Effect {
                    key: bounds.text(effect.key)?,
                    source: bounds.text(effect.source)?,
                })
            })
            .transpose()?,
        event: event(bounds, delivery.event, plugin)?,
    })
}

fn event(bounds: &mut Bounds, event: types::EventResult, plugin: &str) -> Bounded<Event> {
    let merge_request = event
        .merge_request
        .map(|request| merge_request(bounds, request))
        .transpose()?;
    if !KINDS.contains(&event.kind.as_str()) {
        return Err(CallError::Output(format!(
            "event kind `{}`",
            reason(event.kind.escape_debug().take(40).collect())
        )));
    }
    if (event.kind == "merge_request") != merge_request.is_some() {
        let problem = "a merge_request event has a merge request, and no other has";
        return Err(CallError::Output(problem.to_owned()));
    }
    Ok(Event {
        provider: plugin.to_owned(),
        kind: event.kind,
        git_ref: bounds.maybe(event.ref_)?,
        branch: bounds.maybe(event.branch)?,
        tag: bounds.maybe(event.tag)?,
        before: bounds.maybe(event.before)?,
        after: bounds.maybe(event.after)?,
        created: event.created,
        deleted: event.deleted,
        forced: event.forced,
        commits: bounds.list(event.commits, commit)?,
        total_commits: event.total_commits,
        actor: maybe_person(bounds, event.actor)?,
        repository: Repository {
            full_name: bounds.text(event.repository.full_name)?,
            url: bounds.maybe(event.repository.url)?,
            clone_url: bounds.maybe(event.repository.clone_url)?,
            default_branch: bounds.maybe(event.repository.default_branch)?,
            private: event.repository.private,
        },
        merge_request,
    })
}

fn commit(bounds: &mut Bounds, commit: types::CommitResult) -> Bounded<Commit> {
    Ok(Commit {
        id: bounds.text(commit.id)?,
        message: bounds.text(commit.message)?,
        url: bounds.maybe(commit.url)?,
        timestamp: bounds.maybe(commit.timestamp)?,
        author: maybe_person(bounds, commit.author)?,
        added: bounds.texts(commit.added)?,
        modified: bounds.texts(commit.modified)?,
        removed: bounds.texts(commit.removed)?,
    })
}

fn maybe_person(
    bounds: &mut Bounds,
    person: Option<types::PersonResult>,
) -> Bounded<Option<Person>> {
    let Some(person) = person else {
        return Ok(None);
    };
    Ok(Some(Person {
        name: bounds.maybe(person.name)?,
        login: bounds.maybe(person.login)?,
        email: bounds.maybe(person.email)?,
        avatar_url: bounds.maybe(person.avatar_url)?,
    }))
}

fn merge_request(bounds: &mut Bounds, request: types::MergeRequestResult) -> Bounded<MergeRequest> {
    if !STATES.contains(&request.state.as_str()) {
        return Err(CallError::Output(format!(
            "merge request state `{}`",
            reason(request.state.escape_debug().take(40).collect())
        )));
    }
    Ok(MergeRequest {
        number: request.number,
        title: bounds.text(request.title)?,
        action: match request.action {
            types::MergeRequestAction::Opened => MergeRequestAction::Opened,
            types::MergeRequestAction::Updated => MergeRequestAction::Updated,
            types::MergeRequestAction::Reopened => MergeRequestAction::Reopened,
            types::MergeRequestAction::Merged => MergeRequestAction::Merged,
            types::MergeRequestAction::Closed => MergeRequestAction::Closed,
        },
        state: request.state,
        source_branch: bounds.text(request.source_branch)?,
        target_branch: bounds.text(request.target_branch)?,
        head_sha: bounds.maybe(request.head_sha)?,
        base_sha: bounds.maybe(request.base_sha)?,
        url: bounds.maybe(request.url)?,
        author: maybe_person(bounds, request.author)?,
        draft: request.draft,
        merged: request.merged,
    })
}

pub(super) fn rejection(rejection: provider::Rejection) -> Rejection {
    match rejection {
        provider::Rejection::Unauthenticated(why) => Rejection::Unauthenticated(reason(why)),
        provider::Rejection::Malformed(why) => Rejection::Malformed(reason(why)),
        provider::Rejection::Ignored(why) => Rejection::Ignored(reason(why)),
    }
}

pub(super) fn failure(failure: types::Failure) -> Bounded<Failure> {
    let wait = |ms: Option<u64>| ms.map(Duration::from_millis);
    Ok(match failure {
        types::Failure::Retry(retry) => Failure::Retry {
            reason: reason(retry.reason),
            after: wait(retry.after_ms),
        },
        types::Failure::Rejected(why) => Failure::Rejected(reason(why)),
        types::Failure::Misconfigured(why) => Failure::Misconfigured(reason(why)),
        types::Failure::Partial(partial) => {
            let bounds = &mut Bounds::new(ANSWER);
            let problem = |bounds: &mut Bounds, problem: types::RecipientProblem| {
                Ok(RecipientProblem {
                    recipient: bounds.text(problem.recipient)?,
                    reason: bounds.text(reason(problem.reason))?,
                })
            };
            Failure::Partial(Partial {
                delivered: bounds.texts(partial.delivered)?,
                retry: bounds.list(partial.retry, problem)?,
                rejected: bounds.list(partial.rejected, problem)?,
                after: wait(partial.after_ms),
            })
        }
    })
}

pub(super) fn changes(page: provider::ChangePage) -> Bounded<ChangePage> {
    let bounds = &mut Bounds::new(CHANGES);
    Ok(ChangePage {
        files: bounds.list(page.files, file_change)?,
        next: bounds.maybe(page.next)?,
        scope: match page.scope {
            provider::ChangeScope::Whole => ChangeScope::Whole,
            provider::ChangeScope::NewestCommit => ChangeScope::NewestCommit,
        },
        truncated: page.truncated,
    })
}

fn file_change(bounds: &mut Bounds, change: provider::FileChange) -> Bounded<FileChange> {
    Ok(FileChange {
        path: bounds.text(change.path)?,
        old_path: bounds.maybe(change.old_path)?,
        status: match change.status {
            provider::ChangeStatus::Added => ChangeStatus::Added,
            provider::ChangeStatus::Modified => ChangeStatus::Modified,
            provider::ChangeStatus::Removed => ChangeStatus::Removed,
            provider::ChangeStatus::Renamed => ChangeStatus::Renamed,
        },
        additions: change.additions,
        deletions: change.deletions,
        patch: bounds.maybe(change.patch)?,
        omitted: change.omitted.map(|omission| match omission {
            provider::Omission::Binary => Omission::Binary,
            provider::Omission::TooLarge => Omission::TooLarge,
            provider::Omission::Generated => Omission::Generated,
        }),
    })
}

pub(super) fn content(text: Option<String>) -> Bounded<Option<String>> {
    Bounds::new(CHANGES).maybe(text)
}

pub(super) fn published(published: provider::Published) -> Bounded<Published> {
    let bounds = &mut Bounds::new(ANSWER);
    let problem = |bounds: &mut Bounds, problem: String| bounds.text(reason(problem));
    Ok(Published {
        summary: published.summary.map(reason),
        folded: bounds.list(published.folded, |_, place| Ok(place))?,
        problems: bounds.list(published.problems, problem)?,
    })
}

pub(super) fn receipt(receipt: channel::Receipt) -> Receipt {
    Receipt {
        id: receipt.id.map(reason),
        note: receipt.note.map(reason),
    }
}

pub(super) fn completion(completion: ai::Completion) -> Bounded<Completion> {
    let bounds = &mut Bounds::new(ANSWER);
    Ok(Completion {
        text: bounds.text(completion.text)?,
        model: bounds.maybe(completion.model)?,
        usage: completion.usage.map(|usage| Usage {
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
        }),
        stop: match completion.stop {
            ai::StopReason::Complete => StopReason::Complete,
            ai::StopReason::Length => StopReason::Length,
            ai::StopReason::Refused => StopReason::Refused,
            ai::StopReason::Other => StopReason::Other,
        },
    })
}

pub(super) fn model_info(info: ai::ModelInfo) -> Bounded<ModelInfo> {
    let bounds = &mut Bounds::new(ANSWER);
    Ok(ModelInfo {
        id: bounds.text(info.id)?,
        owned_by: bounds.maybe(info.owned_by)?,
        created: info.created,
    })
}
