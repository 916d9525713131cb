//! What a guest answered, in the engine's types and within bounds.

use super::{
    bounds::{ANSWER, Bounds, CHANGES, reason},
    v0_1::push_notify::plugin::{
        ai_types as ai, channel_types as channel, provider_types as provider, types,
    },
};
use crate::{
    ports::{
        ChangePage, ChangeScope, ChangeStatus, Completion, FileChange, Followed,
        MergeRequestStatus, ModelInfo, Omission, Published, Receipt, RunState, StopReason, Usage,
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
        types::Failure::Throttled(why) => Failure::Throttled(reason(why)),
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

/// Longest handle of a message, in bytes.
const MAX_HANDLE_BYTES: usize = 1 << 10;

/// The message was sent, whatever its receipt is like: a handle that is too long is left out, since
/// half of one finds nothing, and the note says so.
pub(super) fn receipt(receipt: channel::Receipt) -> Receipt {
    let handle = receipt.handle.filter(|handle| !handle.is_empty());
    let is_long = |handle: &String| handle.len() > MAX_HANDLE_BYTES;
    let (handle, problem) = match handle {
        Some(handle) if is_long(&handle) => {
            let problem = format!(
                "the plugin's handle of the message has more than {MAX_HANDLE_BYTES} bytes and is not kept"
            );
            (None, Some(problem))
        }
        handle => (handle, None),
    };
    let notes: Vec<String> = receipt.note.into_iter().chain(problem).collect();
    Receipt {
        id: receipt.id.map(reason),
        handle,
        note: (!notes.is_empty()).then(|| reason(notes.join("; "))),
    }
}

pub(super) fn followed(followed: channel::Followed) -> Followed {
    match followed {
        channel::Followed::Sent(sent) => Followed::Sent(receipt(sent)),
        channel::Followed::Gone(why) => Followed::Gone(reason(why)),
    }
}

pub(super) fn merge_request_status(
    status: provider::MergeRequestStatus,
) -> Bounded<MergeRequestStatus> {
    let bounds = &mut Bounds::new(ANSWER);
    Ok(MergeRequestStatus {
        number: status.number,
        url: bounds.maybe(status.url)?,
        state: bounds.text(reason(status.state))?,
        head_sha: bounds.maybe(status.head_sha)?,
        pipeline: status.pipeline.map(run_state),
        merged_at: bounds.maybe(status.merged_at)?,
    })
}

pub(super) fn run_state(state: types::RunState) -> RunState {
    match state {
        types::RunState::Pending => RunState::Pending,
        types::RunState::Running => RunState::Running,
        types::RunState::Succeeded => RunState::Succeeded,
        types::RunState::Failed => RunState::Failed,
        types::RunState::Canceled => RunState::Canceled,
        types::RunState::Skipped => RunState::Skipped,
        types::RunState::Blocked => RunState::Blocked,
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
            cached_tokens: usage.cached_tokens,
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
