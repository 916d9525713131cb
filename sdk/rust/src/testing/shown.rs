//! Events as the engine shows them.

use crate::{
    Alert, AlertGroup, Commit, Delivery, Deployment, Event, Issue, Job, MergeRequest, Person,
    Pipeline, Rejection, Release, Severity,
};
use serde_json::{Value, json};

/// What a provider made of a delivery, to be compared with a fixture: the event as the engine shows
/// it (a list where there are several), or `{"ignored": reason}`, `{"malformed": reason}` or
/// `{"unauthenticated": reason}`. `provider` is the plugin's id.
pub fn outcome(provider: &str, result: &Result<Delivery, Rejection>) -> Value {
    match result {
        Ok(delivery) => match &delivery.events[..] {
            [event] => shown(provider, event),
            events => events.iter().map(|event| shown(provider, event)).collect(),
        },
        Err(Rejection::Ignored(reason)) => json!({ "ignored": reason }),
        Err(Rejection::Malformed(reason)) => json!({ "malformed": reason }),
        Err(Rejection::Unauthenticated(reason)) => json!({ "unauthenticated": reason }),
    }
}

fn shown(provider: &str, event: &Event) -> Value {
    let labels = event.labels.iter();
    let labels = labels.map(|label| json!({"name": label.name, "value": label.value}));
    let fields = event
        .fields
        .iter()
        .map(|field| json!({"name": field.name, "value": field.value, "short": field.short}));
    let repository = &event.repository;
    let comment = event.comment.as_ref().map(|comment| {
        json!({
            "id": comment.id, "text": comment.text, "url": comment.url, "path": comment.path, "line": comment.line,
        })
    });
    let action = event.action.as_deref();
    json!({
        "provider": provider, "kind": event.kind, "action": action, "subject": event.subject,
        "title": event.title, "text": event.text, "url": event.url,
        "severity": event.severity.map(severity), "subject_state": event.state,
        "labels": labels.collect::<Vec<Value>>(), "fields": fields.collect::<Vec<Value>>(),
        "happened_at": event.happened_at,
        "ref": event.ref_, "branch": event.branch, "tag": event.tag,
        "before": event.before, "after": event.after,
        "created": event.created, "deleted": event.deleted, "forced": event.forced,
        "compare_url": event.compare_url,
        "commits": event.commits.iter().map(commit).collect::<Vec<Value>>(),
        "total_commits": event.total_commits, "actor": person(event.actor.as_ref()),
        "repository": {
            "full_name": repository.full_name, "url": repository.url, "clone_url": repository.clone_url,
            "default_branch": repository.default_branch, "private": repository.private,
        },
        "merge_request": event.merge_request.as_ref().map(|request| merge_request(request, action)),
        "comment": comment,
        "issue": event.issue.as_ref().map(issue),
        "release": event.release.as_ref().map(release),
        "pipeline": event.pipeline.as_ref().map(pipeline),
        "deployment": event.deployment.as_ref().map(deployment),
        "alerts": event.alerts.as_ref().map(alerts),
    })
}

fn person(person: Option<&Person>) -> Value {
    match person {
        None => Value::Null,
        Some(person) => json!({
            "name": person.name, "email": person.email, "login": person.login, "avatar_url": person.avatar_url,
        }),
    }
}

fn people(people: &[Person]) -> Value {
    people.iter().map(|one| person(Some(one))).collect()
}

fn commit(commit: &Commit) -> Value {
    json!({
        "id": commit.id, "message": commit.message, "url": commit.url, "timestamp": commit.timestamp,
        "author": person(commit.author.as_ref()),
        "added": commit.added, "modified": commit.modified, "removed": commit.removed,
    })
}

fn merge_request(request: &MergeRequest, action: Option<&str>) -> Value {
    json!({
        "number": request.number, "title": request.title, "text": request.text, "state": request.state,
        "action": action.unwrap_or_default(),
        "source_branch": request.source_branch, "target_branch": request.target_branch,
        "head_sha": request.head_sha, "base_sha": request.base_sha, "url": request.url,
        "author": person(request.author.as_ref()), "draft": request.draft, "merged": request.merged,
        "labels": request.labels, "assignees": people(&request.assignees),
        "reviewers": people(&request.reviewers),
    })
}

fn issue(issue: &Issue) -> Value {
    json!({
        "number": issue.number, "title": issue.title, "text": issue.text, "state": issue.state, "url": issue.url,
        "author": person(issue.author.as_ref()), "labels": issue.labels,
        "assignees": people(&issue.assignees),
    })
}

fn release(release: &Release) -> Value {
    json!({
        "tag": release.tag, "name": release.name, "text": release.text, "url": release.url,
        "author": person(release.author.as_ref()), "draft": release.draft,
        "prerelease": release.prerelease,
    })
}

fn pipeline(pipeline: &Pipeline) -> Value {
    json!({
        "id": pipeline.id, "name": pipeline.name, "state": pipeline.state.name(), "url": pipeline.url,
        "attempt": pipeline.attempt, "duration_ms": pipeline.duration_ms,
        "jobs": pipeline.jobs.iter().map(job).collect::<Vec<Value>>(),
    })
}

fn job(job: &Job) -> Value {
    json!({
        "name": job.name, "stage": job.stage, "state": job.state.name(), "url": job.url,
        "optional": job.optional,
    })
}

fn deployment(deployment: &Deployment) -> Value {
    json!({
        "id": deployment.id, "environment": deployment.environment, "state": deployment.state.name(),
        "url": deployment.url,
    })
}

fn alerts(group: &AlertGroup) -> Value {
    json!({
        "alerts": group.alerts.iter().map(alert).collect::<Vec<Value>>(), "total": group.total,
    })
}

fn alert(alert: &Alert) -> Value {
    let labels = alert.labels.iter();
    let labels = labels.map(|label| json!({"name": label.name, "value": label.value}));
    json!({
        "fingerprint": alert.fingerprint, "name": alert.name, "firing": alert.firing,
        "severity": alert.severity.map(severity), "summary": alert.summary,
        "labels": labels.collect::<Vec<Value>>(), "starts_at": alert.starts_at,
        "ends_at": alert.ends_at, "url": alert.url, "silence_url": alert.silence_url,
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "info",
    }
}
