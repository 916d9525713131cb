//! What a guest answered, in the engine's types and within bounds.

use super::{
    bounds::{ANSWER, Bounds, CHANGES, reason},
    v0_1::push_notify::plugin::{
        ai_types as ai, channel_types as channel, provider_types as provider, types,
    },
};
use crate::{
    ports::{
        ChangePage, ChangeScope, ChangeStatus, Completion, FileChange, ModelInfo, Omission,
        Published, Receipt, StopReason, Usage,
    },
    verdict::{CallError, Failure, Partial, RecipientProblem, Rejection},
};
use std::time::Duration;

type Bounded<T> = Result<T, CallError>;

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
