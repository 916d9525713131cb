//! Events from their parts, with what the contract wants of their kind.

use crate::{
    AlertGroup, Comment, Delivery, Deployment, Event, Issue, MergeRequest, Pipeline, Release,
    RunState,
};

/// What happened to a merge request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeRequestAction {
    Opened,
    /// New commits, or a draft made ready.
    Updated,
    Edited,
    Labeled,
    Assigned,
    ReviewRequested,
    Approved,
    ChangesRequested,
    /// Somebody looked at it, and decided nothing.
    Reviewed,
    Merged,
    Closed,
    Reopened,
}

impl MergeRequestAction {
    /// The contract's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Updated => "updated",
            Self::Edited => "edited",
            Self::Labeled => "labeled",
            Self::Assigned => "assigned",
            Self::ReviewRequested => "review_requested",
            Self::Approved => "approved",
            Self::ChangesRequested => "changes_requested",
            Self::Reviewed => "reviewed",
            Self::Merged => "merged",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
        }
    }
}

impl RunState {
    /// The contract's action of a pipeline or deployment that came to be so. None: nobody is told
    /// of it.
    pub fn action(self) -> Option<&'static str> {
        match self {
            Self::Pending | Self::Skipped => None,
            Self::Running => Some("started"),
            Self::Succeeded => Some("succeeded"),
            Self::Failed => Some("failed"),
            Self::Canceled => Some("canceled"),
            Self::Blocked => Some("blocked"),
        }
    }

    /// The state in a word, as events say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Skipped => "skipped",
            Self::Blocked => "blocked",
        }
    }
}

impl Event {
    pub fn of_merge_request(action: MergeRequestAction, request: MergeRequest) -> Self {
        Self {
            kind: "merge_request".to_owned(),
            action: Some(action.name().to_owned()),
            subject: Some(merge_request_subject(&request)),
            state: Some(request.state.clone()),
            url: request.url.clone(),
            merge_request: Some(request),
            ..Self::default()
        }
    }

    /// A comment on a merge request (`subject` is then its own) or on anything else.
    pub fn of_comment(action: &str, comment: Comment) -> Self {
        Self {
            kind: "comment".to_owned(),
            action: Some(action.to_owned()),
            url: comment.url.clone(),
            comment: Some(comment),
            ..Self::default()
        }
    }

    pub fn of_issue(action: &str, issue: Issue) -> Self {
        Self {
            kind: "issue".to_owned(),
            action: Some(action.to_owned()),
            subject: Some(issue_subject(&issue)),
            state: Some(issue.state.clone()),
            url: issue.url.clone(),
            issue: Some(issue),
            ..Self::default()
        }
    }

    pub fn of_release(action: &str, release: Release) -> Self {
        Self {
            kind: "release".to_owned(),
            action: Some(action.to_owned()),
            subject: Some(format!("release:{}", release.tag)),
            tag: Some(release.tag.clone()),
            url: release.url.clone(),
            release: Some(release),
            ..Self::default()
        }
    }

    /// `subject` tells which pipeline of which ref it is, not which run of it. None: the run's
    /// state is one that nobody is told of.
    pub fn of_pipeline(subject: String, pipeline: Pipeline) -> Option<Self> {
        Some(Self {
            kind: "pipeline".to_owned(),
            action: Some(pipeline.state.action()?.to_owned()),
            subject: Some(subject),
            state: Some(pipeline.state.name().to_owned()),
            url: pipeline.url.clone(),
            pipeline: Some(pipeline),
            ..Self::default()
        })
    }

    pub fn of_deployment(deployment: Deployment) -> Option<Self> {
        Some(Self {
            kind: "deployment".to_owned(),
            action: Some(deployment.state.action()?.to_owned()),
            subject: Some(format!("deployment:{}", deployment.environment)),
            state: Some(deployment.state.name().to_owned()),
            url: deployment.url.clone(),
            deployment: Some(deployment),
            ..Self::default()
        })
    }

    /// Firing as long as one of the alerts is.
    pub fn of_alerts(subject: String, alerts: AlertGroup) -> Self {
        let firing = alerts.alerts.iter().any(|alert| alert.firing);
        let state = if firing { "firing" } else { "resolved" };
        // The worst comes first among the severities.
        let severity = alerts.alerts.iter().filter_map(|alert| alert.severity);
        Self {
            kind: "alert".to_owned(),
            action: Some(state.to_owned()),
            subject: Some(subject),
            state: Some(state.to_owned()),
            severity: severity.min_by_key(|severity| *severity as u8),
            alerts: Some(alerts),
            ..Self::default()
        }
    }
}

/// What all events about a merge request have as their subject.
pub fn merge_request_subject(request: &MergeRequest) -> String {
    format!("merge_request:{}", request.number)
}

/// What all events about an issue have as their subject.
pub fn issue_subject(issue: &Issue) -> String {
    format!("issue:{}", issue.number)
}

/// What all comments on a commit have as their subject.
pub fn commit_subject(sha: &str) -> String {
    format!("commit:{sha}")
}

/// What all runs of one pipeline of one ref have as their subject. `place` is the branch, or the
/// commit where there is none.
pub fn pipeline_subject(name: &str, place: Option<&str>) -> String {
    match place {
        Some(place) => format!("pipeline:{name}@{place}"),
        None => format!("pipeline:{name}"),
    }
}

impl From<Event> for Delivery {
    /// Of one event, without an id.
    fn from(event: Event) -> Self {
        Self {
            events: vec![event],
            ..Self::default()
        }
    }
}
