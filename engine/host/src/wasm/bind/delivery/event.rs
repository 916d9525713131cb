//! An event within bounds: its kind and action are the contract's, and the record that belongs to
//! its kind is there.

use super::{Bounded, MAX_ENTRIES, MESSAGE, Scissors};
use crate::{
    ports::{
        Alert, AlertGroup, Comment, Deployment, Event, Field, Issue, Job, Label, MergeRequest,
        Pipeline, Release, Repository, Severity,
    },
    verdict::{CallError, Rejection},
    wasm::bind::{bounds::reason, from_guest::run_state, v0_1::push_notify::plugin::types},
};

/// Kinds, each with its actions. `custom` has any.
const ACTIONS: [(&str, &[&str]); 10] = [
    ("push", &[]),
    ("tag_push", &[]),
    (
        "merge_request",
        &[
            "opened",
            "updated",
            "edited",
            "labeled",
            "assigned",
            "review_requested",
            "approved",
            "changes_requested",
            "reviewed",
            "merged",
            "closed",
            "reopened",
        ],
    ),
    ("comment", &["created", "edited", "deleted", "resolved"]),
    (
        "issue",
        &[
            "opened", "edited", "labeled", "assigned", "closed", "reopened",
        ],
    ),
    ("release", &["published", "edited", "deleted"]),
    ("pipeline", &RUNS),
    ("deployment", &RUNS),
    ("alert", &["firing", "resolved"]),
    ("custom", &[]),
];
const RUNS: [&str; 5] = ["started", "succeeded", "failed", "canceled", "blocked"];
const MERGE_REQUEST_STATES: [&str; 3] = ["open", "closed", "merged"];
const ISSUE_STATES: [&str; 2] = ["open", "closed"];

/// Longest subject, in bytes. Half of one would be another's: a longer one is left out.
const MAX_SUBJECT_BYTES: usize = 512;
const MAX_FIELDS: usize = 32;
const MAX_JOBS: usize = 200;
const MAX_ALERTS: usize = 200;
/// Names and values of labels and fields, in bytes.
const MAX_NAME_BYTES: usize = 128;
const MAX_VALUE_BYTES: usize = 1 << 10;

/// A rejection where the kind or the action is none of the contract's.
pub(super) fn event(
    scissors: &mut Scissors,
    told: types::EventResult,
    plugin: &str,
) -> Bounded<Result<Event, Rejection>> {
    if let Err(unknown) = known(&told.kind, told.action.as_deref()) {
        return Ok(Err(unknown));
    }
    must_have_record(&told)?;
    let action = told.action;
    let merge_request = told
        .merge_request
        .map(|request| merge_request(scissors, request, action.as_deref()))
        .transpose()?;
    let issue = told.issue.map(|it| issue(scissors, it)).transpose()?;
    let listed = u32::try_from(told.commits.len()).unwrap_or(u32::MAX);
    let cut_before = scissors.cut.commits;
    let commits = scissors.commits(told.commits);
    let total_commits = match scissors.cut.commits > cut_before {
        false => told.total_commits,
        true => told.total_commits.max(Some(listed)),
    };
    Ok(Ok(Event {
        provider: plugin.to_owned(),
        kind: told.kind,
        action,
        subject: scissors.key(told.subject, MAX_SUBJECT_BYTES),
        title: scissors.maybe(told.title),
        text: scissors.markdown(told.text),
        url: scissors.address(told.url),
        severity: told.severity.map(severity),
        state: scissors.maybe(told.state),
        labels: labels(scissors, told.labels),
        fields: fields(scissors, told.fields),
        happened_at: scissors.maybe(told.happened_at),
        git_ref: scissors.maybe(told.ref_),
        branch: scissors.maybe(told.branch),
        tag: scissors.maybe(told.tag),
        before: scissors.maybe(told.before),
        after: scissors.maybe(told.after),
        created: told.created,
        deleted: told.deleted,
        forced: told.forced,
        compare_url: scissors.address(told.compare_url),
        commits,
        total_commits,
        actor: scissors.person(told.actor),
        repository: Repository {
            full_name: scissors.line(told.repository.full_name),
            url: scissors.address(told.repository.url),
            clone_url: scissors.address(told.repository.clone_url),
            default_branch: scissors.maybe(told.repository.default_branch),
            private: told.repository.private,
        },
        merge_request,
        comment: told.comment.map(|it| comment(scissors, it)),
        issue,
        release: told.release.map(|it| release(scissors, it)),
        pipeline: told.pipeline.map(|it| pipeline(scissors, it)),
        deployment: told.deployment.map(|it| deployment(scissors, it)),
        alerts: told.alerts.map(|it| alerts(scissors, it)),
    }))
}

fn known(kind: &str, action: Option<&str>) -> Result<(), Rejection> {
    let ignored = |what: &str, name: &str| {
        let name: String = name.escape_debug().take(40).collect();
        Rejection::Ignored(format!("this engine does not know the {what} `{name}`"))
    };
    let Some((_, actions)) = ACTIONS.iter().find(|(known, _)| *known == kind) else {
        return Err(ignored("event kind", kind));
    };
    match action {
        None => Ok(()),
        Some(action) if kind == "custom" => match is_word(action) {
            true => Ok(()),
            false => Err(ignored("action", action)),
        },
        Some(action) if actions.contains(&action) => Ok(()),
        Some(action) => Err(ignored(&format!("{kind} action"), action)),
    }
}

fn is_word(text: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(is_letter)
}

/// A plugin's fault, not a newer plugin's knowledge.
fn must_have_record(told: &types::EventResult) -> Bounded<()> {
    let has = |kind: &str| match kind {
        "merge_request" => told.merge_request.is_some(),
        "comment" => told.comment.is_some(),
        "issue" => told.issue.is_some(),
        "release" => told.release.is_some(),
        "pipeline" => told.pipeline.is_some(),
        "deployment" => told.deployment.is_some(),
        "alert" => told.alerts.is_some(),
        _ => true,
    };
    if !has(&told.kind) {
        let problem = format!("an event of kind `{}` without its record", told.kind);
        return Err(CallError::Output(problem));
    }
    if matches!(&*told.kind, "push" | "tag_push") && told.merge_request.is_some() {
        let problem = "a push has no merge request";
        return Err(CallError::Output(problem.to_owned()));
    }
    if !matches!(&*told.kind, "push" | "tag_push" | "custom") && told.action.is_none() {
        let problem = format!("an event of kind `{}` without its action", told.kind);
        return Err(CallError::Output(problem));
    }
    Ok(())
}

fn state(what: &str, state: String, known: &[&str]) -> Bounded<String> {
    match known.contains(&&*state) {
        true => Ok(state),
        false => Err(CallError::Output(format!(
            "{what} state `{}`",
            reason(state.escape_debug().take(40).collect())
        ))),
    }
}

fn merge_request(
    scissors: &mut Scissors,
    request: types::MergeRequestResult,
    action: Option<&str>,
) -> Bounded<MergeRequest> {
    Ok(MergeRequest {
        number: request.number,
        title: scissors.line(request.title),
        text: scissors.markdown(request.text),
        action: action.unwrap_or_default().to_owned(),
        state: state("merge request", request.state, &MERGE_REQUEST_STATES)?,
        source_branch: scissors.line(request.source_branch),
        target_branch: scissors.line(request.target_branch),
        head_sha: scissors.maybe(request.head_sha),
        base_sha: scissors.maybe(request.base_sha),
        url: scissors.address(request.url),
        author: scissors.person(request.author),
        draft: request.draft,
        merged: request.merged,
        labels: scissors.lines(request.labels),
        assignees: scissors.people(request.assignees),
        reviewers: scissors.people(request.reviewers),
    })
}

fn comment(scissors: &mut Scissors, comment: types::CommentResult) -> Comment {
    Comment {
        id: scissors.maybe(comment.id),
        text: scissors.text(comment.text, MESSAGE),
        url: scissors.address(comment.url),
        path: scissors.maybe(comment.path),
        line: comment.line,
    }
}

fn issue(scissors: &mut Scissors, issue: types::IssueResult) -> Bounded<Issue> {
    Ok(Issue {
        number: scissors.line(issue.number),
        title: scissors.line(issue.title),
        text: scissors.markdown(issue.text),
        state: state("issue", issue.state, &ISSUE_STATES)?,
        url: scissors.address(issue.url),
        author: scissors.person(issue.author),
        labels: scissors.lines(issue.labels),
        assignees: scissors.people(issue.assignees),
    })
}

fn release(scissors: &mut Scissors, release: types::ReleaseResult) -> Release {
    Release {
        tag: scissors.line(release.tag),
        name: scissors.maybe(release.name),
        text: scissors.markdown(release.text),
        url: scissors.address(release.url),
        author: scissors.person(release.author),
        draft: release.draft,
        prerelease: release.prerelease,
    }
}

fn pipeline(scissors: &mut Scissors, pipeline: types::PipelineResult) -> Pipeline {
    Pipeline {
        id: scissors.line(pipeline.id),
        name: scissors.maybe(pipeline.name),
        state: run_state(pipeline.state),
        url: scissors.address(pipeline.url),
        attempt: pipeline.attempt,
        duration_ms: pipeline.duration_ms,
        jobs: scissors.list(pipeline.jobs, MAX_JOBS, job, |job| {
            let parts = [&job.stage, &job.url];
            job.name.len() + parts.into_iter().flatten().map(String::len).sum::<usize>()
        }),
    }
}

fn job(scissors: &mut Scissors, job: types::JobResult) -> Job {
    Job {
        name: scissors.line(job.name),
        stage: scissors.maybe(job.stage),
        state: run_state(job.state),
        url: scissors.address(job.url),
        optional: job.optional,
    }
}

fn deployment(scissors: &mut Scissors, deployment: types::DeploymentResult) -> Deployment {
    Deployment {
        id: scissors.line(deployment.id),
        environment: scissors.line(deployment.environment),
        state: run_state(deployment.state),
        url: scissors.address(deployment.url),
    }
}

fn alerts(scissors: &mut Scissors, group: types::AlertGroupResult) -> AlertGroup {
    let listed = u32::try_from(group.alerts.len()).unwrap_or(u32::MAX);
    let all = group.alerts.len();
    // The labels of an alert take their own room from the lists'.
    let alerts = scissors.list(group.alerts, MAX_ALERTS, alert, |alert| {
        let parts = [
            &alert.fingerprint,
            &alert.summary,
            &alert.starts_at,
            &alert.ends_at,
            &alert.url,
            &alert.silence_url,
        ];
        alert.name.len() + parts.into_iter().flatten().map(String::len).sum::<usize>()
    });
    let total = match alerts.len() == all {
        true => group.total,
        false => group.total.max(Some(listed)),
    };
    AlertGroup { alerts, total }
}

fn alert(scissors: &mut Scissors, alert: types::AlertResult) -> Alert {
    Alert {
        fingerprint: scissors.maybe(alert.fingerprint),
        name: scissors.line(alert.name),
        firing: alert.firing,
        severity: alert.severity.map(severity),
        summary: scissors.maybe(alert.summary),
        labels: labels(scissors, alert.labels),
        starts_at: scissors.maybe(alert.starts_at),
        ends_at: scissors.maybe(alert.ends_at),
        url: scissors.address(alert.url),
        silence_url: scissors.address(alert.silence_url),
    }
}

fn labels(scissors: &mut Scissors, labels: Vec<types::LabelResult>) -> Vec<Label> {
    let label = |scissors: &mut Scissors, label: types::LabelResult| Label {
        name: scissors.short_line(label.name, MAX_NAME_BYTES),
        value: scissors.short_line(label.value, MAX_VALUE_BYTES),
    };
    scissors.list(labels, MAX_ENTRIES, label, |label| {
        label.name.len() + label.value.len()
    })
}

fn fields(scissors: &mut Scissors, fields: Vec<types::FieldResult>) -> Vec<Field> {
    let field = |scissors: &mut Scissors, field: types::FieldResult| Field {
        name: scissors.short_line(field.name, MAX_NAME_BYTES),
        value: scissors.short_line(field.value, MAX_VALUE_BYTES),
        short: field.short,
    };
    scissors.list(fields, MAX_FIELDS, field, |field| {
        field.name.len() + field.value.len()
    })
}

fn severity(severity: types::Severity) -> Severity {
    match severity {
        types::Severity::Critical => Severity::Critical,
        types::Severity::High => Severity::High,
        types::Severity::Medium => Severity::Medium,
        types::Severity::Low => Severity::Low,
        types::Severity::Info => Severity::Info,
    }
}
