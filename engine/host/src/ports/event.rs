//! The normalised event.

use serde::{Deserialize, Serialize};

/// What happened, in one form for all sources. Serialised, it is what is stored and what the event
/// API shows, which shows absent parts as null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// The plugin's id.
    pub provider: String,
    /// `push`, `pipeline`, ...: one of those that the contract has.
    pub kind: String,
    /// One of those that the contract has for the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The same for all events about one thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// One line of plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What the subject is now. `state` alone is the state of the record, where events are shown.
    #[serde(rename = "subject_state", skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// RFC 3339, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<String>,
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub git_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forced: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<Commit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_commits: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Person>,
    pub repository: Repository,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_request: Option<MergeRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<Issue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<Pipeline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<Deployment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alerts: Option<AlertGroup>,
}

impl Event {
    /// The names of its fields as they are serialised, also of those that are left out where they
    /// are absent; `true` is a list.
    pub const FIELDS: [(&str, bool); 32] = [
        ("provider", false),
        ("kind", false),
        ("action", false),
        ("subject", false),
        ("title", false),
        ("text", false),
        ("url", false),
        ("severity", false),
        ("subject_state", false),
        ("labels", true),
        ("fields", true),
        ("happened_at", false),
        ("ref", false),
        ("branch", false),
        ("tag", false),
        ("before", false),
        ("after", false),
        ("created", false),
        ("deleted", false),
        ("forced", false),
        ("compare_url", false),
        ("commits", true),
        ("total_commits", false),
        ("actor", false),
        ("repository", false),
        ("merge_request", false),
        ("comment", false),
        ("issue", false),
        ("release", false),
        ("pipeline", false),
        ("deployment", false),
        ("alerts", false),
    ];
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub id: String,
    pub message: String,
    pub url: Option<String>,
    pub timestamp: Option<String>,
    pub author: Option<Person>,
    pub added: Vec<String>,
    pub modified: Vec<String>,
    pub removed: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: Option<String>,
    pub login: Option<String>,
    pub email: Option<String>,
    pub avatar_url: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    pub full_name: String,
    pub url: Option<String>,
    pub clone_url: Option<String>,
    pub default_branch: Option<String>,
    pub private: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeRequest {
    pub number: u64,
    pub title: String,
    /// Markdown.
    #[serde(default)]
    pub text: Option<String>,
    /// The event's, again.
    pub action: String,
    pub state: String,
    pub source_branch: String,
    pub target_branch: String,
    pub head_sha: Option<String>,
    pub base_sha: Option<String>,
    pub url: Option<String>,
    pub author: Option<Person>,
    pub draft: Option<bool>,
    pub merged: Option<bool>,
    #[serde(default)]
    pub labels: Vec<String>,
    #[serde(default)]
    pub assignees: Vec<Person>,
    #[serde(default)]
    pub reviewers: Vec<Person>,
}

/// What somebody said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    pub id: Option<String>,
    /// Markdown.
    pub text: String,
    pub url: Option<String>,
    pub path: Option<String>,
    /// From 1.
    pub line: Option<u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    pub number: String,
    pub title: String,
    /// Markdown.
    pub text: Option<String>,
    /// `open` or `closed`.
    pub state: String,
    pub url: Option<String>,
    pub author: Option<Person>,
    pub labels: Vec<String>,
    pub assignees: Vec<Person>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    pub tag: String,
    pub name: Option<String>,
    /// Markdown.
    pub text: Option<String>,
    pub url: Option<String>,
    pub author: Option<Person>,
    pub draft: Option<bool>,
    pub prerelease: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipeline {
    pub id: String,
    pub name: Option<String>,
    pub state: RunState,
    pub url: Option<String>,
    /// From 1.
    pub attempt: Option<u32>,
    pub duration_ms: Option<u64>,
    pub jobs: Vec<Job>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub name: String,
    pub stage: Option<String>,
    pub state: RunState,
    pub url: Option<String>,
    /// A failure of it does not make the pipeline fail.
    pub optional: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    pub id: String,
    pub environment: String,
    pub state: RunState,
    pub url: Option<String>,
}

/// Of a pipeline, a job or a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    Pending,
    Running,
    Succeeded,
    Failed,
    Canceled,
    Skipped,
    /// It waits for a person.
    Blocked,
}

/// Alerts that the source tells of together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertGroup {
    pub alerts: Vec<Alert>,
    /// The true number when the list is capped.
    pub total: Option<u32>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub fingerprint: Option<String>,
    pub name: String,
    pub firing: bool,
    pub severity: Option<Severity>,
    /// Plain text.
    pub summary: Option<String>,
    pub labels: Vec<Label>,
    /// RFC 3339, as sent.
    pub starts_at: Option<String>,
    pub ends_at: Option<String>,
    pub url: Option<String>,
    pub silence_url: Option<String>,
}

/// The worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub name: String,
    pub value: String,
}

/// Something to show beside a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub value: String,
    /// It may stand beside another one.
    pub short: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The list is what the API shows of an event that lacks them.
    #[test]
    fn the_names_of_all_fields_are_listed() {
        let mut full = json!({
            "provider": "p", "kind": "push", "action": "a", "subject": "s", "title": "t", "text": "t", "url": "u",
            "severity": "high", "subject_state": "s", "labels": [{"name": "n", "value": "v"}],
            "fields": [{"name": "n", "value": "v", "short": true}], "happened_at": "h", "ref": "r", "branch": "b",
            "tag": "t", "before": "b", "after": "a", "created": true, "deleted": true, "forced": true,
            "compare_url": "c", "total_commits": 1, "actor": {},
            "commits": [{"id": "i", "message": "m", "added": [], "modified": [], "removed": []}],
            "repository": {"full_name": "f"},
            "comment": {"text": "t"},
            "release": {"tag": "t"},
            "deployment": {"id": "i", "environment": "e", "state": "failed"},
            "alerts": {"alerts": []},
        });
        full["merge_request"] = serde_json::to_value(MergeRequest::default()).unwrap();
        full["issue"] = serde_json::to_value(Issue::default()).unwrap();
        full["pipeline"] = json!({"id": "i", "state": "running", "jobs": []});
        let event: Event = serde_json::from_value(full).unwrap();
        let Value::Object(mut shown) = serde_json::to_value(&event).unwrap() else {
            panic!("it is an object");
        };
        for (name, is_list) in Event::FIELDS {
            let value = shown.remove(name);
            assert_eq!(value.map(|value| value.is_array()), Some(is_list), "{name}");
        }
        assert!(shown.is_empty(), "{shown:?}");
    }

    /// Absent parts take no room where events are stored.
    #[test]
    fn what_is_absent_is_not_written() {
        let bare = serde_json::to_value(Event::default()).unwrap();
        let names: Vec<&str> = bare
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(names, ["kind", "provider", "repository"]);
        let again: Event = serde_json::from_value(bare).unwrap();
        assert_eq!(again, Event::default());
    }
}
