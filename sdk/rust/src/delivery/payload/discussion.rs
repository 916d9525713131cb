//! `issues`, and `issue_comment` on one, which may be a merge request.

use super::{AccountPayload, CommentPayload, IssuePayload, RepositoryPayload};
use crate::{
    Event, Rejection,
    delivery::{issue_subject, merge_request_subject, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct DiscussionEvent {
    action: Option<String>,
    /// As Gitea says it beside the issue.
    is_pull: Option<bool>,
    issue: Option<IssuePayload>,
    comment: Option<CommentPayload>,
    repository: Option<RepositoryPayload>,
    sender: Option<AccountPayload>,
}

impl DiscussionEvent {
    /// What happened to the issue. What nobody is told of, such as a milestone, is refused.
    pub fn of_issue(self) -> Result<Event, Rejection> {
        let action = present(self.action).ok_or_else(|| missing("action"))?;
        let issue = self.issue.ok_or_else(|| missing("issue"))?;
        let action = match action.as_str() {
            "opened" => "opened",
            "edited" => "edited",
            "labeled" | "label_updated" => "labeled",
            "assigned" => "assigned",
            "closed" => "closed",
            "reopened" => "reopened",
            other => return Err(of_no_interest("issues action", other)),
        };
        Ok(Event {
            happened_at: issue.updated_at(),
            actor: self.sender.and_then(AccountPayload::person),
            repository: RepositoryPayload::normalised(self.repository)?,
            ..Event::of_issue(action, issue.normalised()?)
        })
    }

    /// What somebody said of it.
    pub fn of_comment(self) -> Result<Event, Rejection> {
        let action = present(self.action).ok_or_else(|| missing("action"))?;
        let comment = self.comment.ok_or_else(|| missing("comment"))?;
        let issue = self.issue.ok_or_else(|| missing("issue"))?;
        let action = comment_action("issue_comment action", &action)?;
        let event = Event {
            happened_at: comment.happened_at(action),
            actor: self.sender.and_then(AccountPayload::person),
            repository: RepositoryPayload::normalised(self.repository)?,
            ..Event::of_comment(action, comment.normalised()?)
        };
        if self.is_pull == Some(true) || issue.is_merge_request() {
            let request = issue.merge_request()?;
            return Ok(Event {
                subject: Some(merge_request_subject(&request)),
                state: Some(request.state.clone()),
                merge_request: Some(request),
                ..event
            });
        }
        let issue = issue.normalised()?;
        Ok(Event {
            subject: Some(issue_subject(&issue)),
            state: Some(issue.state.clone()),
            issue: Some(issue),
            ..event
        })
    }
}

/// The contract's word for what was done to a comment; `what` is named in the refusal.
pub fn comment_action(what: &str, action: &str) -> Result<&'static str, Rejection> {
    match action {
        "created" => Ok("created"),
        "edited" => Ok("edited"),
        "deleted" => Ok("deleted"),
        other => Err(of_no_interest(what, other)),
    }
}
