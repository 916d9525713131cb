//! Stage two: from an event to the title and body that a template makes of it. Once for each
//! template, time zone and language.

use crate::{
    event::summary,
    pipeline::{cache::Chosen, message::Notification, reader::Reader},
};
use push_notify_core::calendar;
use push_notify_host::{
    AlertGroup, Comment, Commit, Deployment, Event, Field, Issue, Label, MergeRequest, Pipeline,
    Release, RunState,
};
use push_notify_review::Decision;
use push_notify_template::{Calls, Rendered, TemplateError};
use serde_json::{Value, json};
use std::sync::Arc;

/// Commits and files that a template sees, the newest commits first. A message has no room for
/// more; the totals are always the true ones.
const MOST_COMMITS: usize = 100;
/// Commits that the built-in templates list.
const LISTED_COMMITS: usize = 10;
const MOST_FILES: usize = 300;
/// Alerts of a group that a template sees.
const LISTED_ALERTS: usize = 20;

pub(in crate::pipeline) fn render(
    notification: &Notification,
    chosen: &Chosen,
    reader: &Reader,
    calls: &Arc<Calls>,
) -> Result<Arc<Rendered>, TemplateError> {
    // Held while it renders: pushes of one event come together, and one rendering serves them all.
    let mut kept = notification.rendered.lock();
    let key = (chosen.id, reader.clone(), calls.clone());
    if let Some((_, rendered)) = kept.iter().find(|(known, _)| *known == key) {
        return Ok(rendered.clone());
    }
    let rendered = Arc::new(
        chosen
            .template
            .render_calling(&variables(notification, reader), calls)?,
    );
    kept.push((key, rendered.clone()));
    Ok(rendered)
}

/// Where a reader can see more.
pub(in crate::pipeline) fn url(event: &Event) -> Option<String> {
    let request = || event.merge_request.as_ref()?.url.clone();
    // Several commits are seen best side by side.
    let comparison = || {
        event
            .compare_url
            .clone()
            .filter(|_| event.commits.len() > 1)
    };
    let commit = || summary::head(event)?.url.clone();
    event
        .url
        .clone()
        .or_else(request)
        .or_else(comparison)
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
    if let Some(headline) = summary::headline(event) {
        return (id.unwrap_or_default(), headline);
    }
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
pub(in crate::pipeline) fn variables(notification: &Notification, reader: &Reader) -> Value {
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
        "ReviewTime": completed_at.map(|at| calendar::told(at, &reader.zone)).unwrap_or_default(),
        "Language": reader.locale.tag(),
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
        "Action": event.action,
        "Headline": summary::headline(event),
        "Text": event.text,
        "State": event.state,
        "Severity": event.severity,
        "Labels": event.labels.iter().map(label_variables).collect::<Vec<_>>(),
        "Fields": event.fields.iter().map(field_variables).collect::<Vec<_>>(),
        "Comment": event.comment.as_ref().map(comment_variables),
        "Issue": event.issue.as_ref().map(issue_variables),
        "Release": event.release.as_ref().map(release_variables),
        "Pipeline": event.pipeline.as_ref().map(pipeline_variables),
        "Deployment": event.deployment.as_ref().map(deployment_variables),
        "Alerts": event.alerts.as_ref().map(alert_variables),
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

fn label_variables(label: &Label) -> Value {
    json!({ "Name": label.name, "Value": label.value })
}

fn field_variables(field: &Field) -> Value {
    json!({ "Name": field.name, "Value": field.value })
}

fn comment_variables(comment: &Comment) -> Value {
    json!({
        "Text": comment.text,
        "Path": comment.path,
        "Line": comment.line,
        "Url": comment.url,
    })
}

fn issue_variables(issue: &Issue) -> Value {
    json!({
        "Number": issue.number,
        "Title": issue.title,
        "Text": issue.text,
        "State": issue.state,
        "Author": issue.author.as_ref().and_then(summary::name),
        "Labels": issue.labels,
        "Url": issue.url,
    })
}

fn release_variables(release: &Release) -> Value {
    json!({
        "Tag": release.tag,
        "Name": release.name,
        "Text": release.text,
        "Prerelease": release.prerelease.unwrap_or(false),
        "Url": release.url,
    })
}

fn pipeline_variables(pipeline: &Pipeline) -> Value {
    let failed = pipeline.jobs.iter();
    let failed = failed.filter(|job| job.state == RunState::Failed && !job.optional);
    json!({
        "Name": pipeline.name,
        "State": pipeline.state,
        "Attempt": pipeline.attempt,
        "Seconds": pipeline.duration_ms.map(|ms| ms / 1000),
        "JobCount": pipeline.jobs.len(),
        "FailedJobs": failed.map(|job| job.name.as_str()).collect::<Vec<_>>(),
        "Url": pipeline.url,
    })
}

fn deployment_variables(deployment: &Deployment) -> Value {
    json!({
        "Environment": deployment.environment,
        "State": deployment.state,
        "Url": deployment.url,
    })
}

fn alert_variables(group: &AlertGroup) -> Value {
    let listed = group.alerts.len();
    let total = group
        .total
        .map_or(listed, |total| total as usize)
        .max(listed);
    let firing = group.alerts.iter().filter(|alert| alert.firing).count();
    let shown = group.alerts.iter().take(LISTED_ALERTS);
    let list = shown.map(|alert| {
        json!({
            "Name": alert.name,
            "Firing": alert.firing,
            "Severity": alert.severity,
            "Summary": alert.summary,
            "StartsAt": alert.starts_at,
            "EndsAt": alert.ends_at,
            "Url": alert.url,
        })
    });
    json!({
        "Total": total,
        "Firing": firing,
        "List": list.collect::<Vec<_>>(),
        "More": total - listed.min(LISTED_ALERTS),
    })
}

#[cfg(test)]
mod tests;
