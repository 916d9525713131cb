//! Stage two: from an event to the title and body that a template makes of it. Once for each
//! template and time zone.

use crate::{
    event::summary,
    pipeline::{cache::Chosen, message::Notification},
};
use jiff::tz::TimeZone;
use push_notify_core::calendar;
use push_notify_host::{Commit, Event, MergeRequest};
use push_notify_review::Decision;
use push_notify_template::{Rendered, TemplateError};
use serde_json::{Value, json};
use std::sync::Arc;

/// Commits and files that a template sees, the newest commits first. A message has no room for
/// more; the totals are always the true ones.
const MOST_COMMITS: usize = 100;
/// Commits that the built-in templates list.
const LISTED_COMMITS: usize = 10;
const MOST_FILES: usize = 300;

/// `zone` is the one by whose clocks the message tells times.
pub(in crate::pipeline) fn render(
    notification: &Notification,
    chosen: &Chosen,
    zone: &TimeZone,
) -> Result<Arc<Rendered>, TemplateError> {
    // Held while it renders: pushes of one event come together, and one rendering serves them all.
    let mut kept = notification.rendered.lock();
    if let Some((_, _, rendered)) = kept
        .iter()
        .find(|(template_id, by, _)| *template_id == chosen.id && by == zone)
    {
        return Ok(rendered.clone());
    }
    let rendered = Arc::new(
        chosen
            .template
            .render_message(&variables(notification, zone))?,
    );
    kept.push((chosen.id, zone.clone(), rendered.clone()));
    Ok(rendered)
}

/// Where a reader can see more.
pub(in crate::pipeline) fn url(event: &Event) -> Option<String> {
    let request = event
        .merge_request
        .as_ref()
        .and_then(|request| request.url.clone());
    let commit = || summary::head(event).and_then(|commit| commit.url.clone());
    request
        .or_else(commit)
        .or_else(|| event.repository.url.clone())
}

/// The commit that a push record names: its id and first message.
pub(in crate::pipeline) fn commit_of(event: &Event) -> (String, String) {
    if let Some(request) = &event.merge_request {
        return (
            request.head_sha.clone().unwrap_or_default(),
            request.title.clone(),
        );
    }
    let id = event
        .after
        .clone()
        .filter(|after| after.bytes().any(|byte| byte != b'0'));
    match summary::head(event) {
        Some(commit) => (commit.id.clone(), commit.message.clone()),
        None => (
            id.unwrap_or_default(),
            event
                .tag
                .clone()
                .or(event.branch.clone())
                .unwrap_or_default(),
        ),
    }
}

/// What a template can name; `sdk/template/src/sample.rs` has a sample of each.
pub(in crate::pipeline) fn variables(notification: &Notification, zone: &TimeZone) -> Value {
    let event = &notification.event;
    let (commit_id, commit_msg) = commit_of(event);
    let files = summary::changed_files(event);
    let request = event.merge_request.as_ref();
    let review = notification.review.as_ref();
    let listed = event.commits.len();
    let total = event
        .total_commits
        .map_or(listed, |total| total as usize)
        .max(listed);
    let newest = event.commits.iter().rev().take(MOST_COMMITS);
    let completed_at = review.and_then(|review| review.completed_at);
    json!({
        "RepoName": notification.repo_name,
        "RepoUrl": event.repository.url.as_ref().unwrap_or(&notification.repo_url),
        "CommitId": commit_id,
        "CommitMsg": commit_msg.trim_end(),
        "Author": summary::author(event),
        "Branch": summary::branch(event),
        "ChangedFiles": files.iter().take(MOST_FILES).collect::<Vec<_>>(),
        "FileCount": files.len(),
        "CodeViewResult": review.map_or("", |review| review.result.as_str()),
        "CodeViewIssues": review.map_or(&[][..], |review| &review.issues),
        "CodeViewSummary": review.map_or("", |review| review.summary.as_str()),
        "CodeViewScore": review.and_then(|review| review.score),
        "CodeViewDecision": review.and_then(|review| review.decision).map_or("", Decision::name),
        "CodeViewLeftOut": review.map_or(&[][..], |review| &review.left_out),
        "ReviewTime": completed_at.map(|at| calendar::told(at, zone)).unwrap_or_default(),
        "Kind": event.kind,
        "Event": event.kind,
        "Tag": event.tag,
        "TotalCommits": total,
        "MoreCommits": total - listed.min(LISTED_COMMITS),
        "Commits": newest.map(commit_variables).collect::<Vec<_>>(),
        "Url": url(event),
        "Created": event.created.unwrap_or(false),
        "Deleted": event.deleted.unwrap_or(false),
        "Forced": event.forced.unwrap_or(false),
        "MergeRequest": request.map(request_variables),
    })
}

fn commit_variables(commit: &Commit) -> Value {
    json!({
        "Id": commit.id,
        "ShortId": commit.id.get(..8).unwrap_or(&commit.id),
        "Message": commit.message.lines().next().unwrap_or_default(),
        "Author": commit.author.as_ref().and_then(summary::name),
        "Url": commit.url,
    })
}

fn request_variables(request: &MergeRequest) -> Value {
    json!({
        "Number": request.number,
        "Title": request.title,
        "Action": request.action,
        "State": request.state,
        "SourceBranch": request.source_branch,
        "TargetBranch": request.target_branch,
        "Author": request.author.as_ref().and_then(summary::name),
        "Url": request.url,
    })
}

#[cfg(test)]
mod tests;
