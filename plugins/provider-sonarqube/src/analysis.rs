//! An analysis, as a pipeline that its quality gate lets pass or not.

use push_notify_sdk::{
    Delivery, Event, Field, Pipeline, Rejection, Repository, RunState,
    delivery::{Listed, missing, of_no_interest, pipeline_subject, present, time},
};
use serde::Deserialize;

/// As many as an event shows.
const MOST_FIELDS: usize = 32;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Analysis {
    task_id: Option<String>,
    /// Of the task: it may end without a result.
    status: Option<String>,
    analysed_at: Option<String>,
    /// When something other than an analysis changed the gate's status.
    changed_at: Option<String>,
    revision: Option<String>,
    project: Option<Project>,
    branch: Option<Branch>,
    quality_gate: Option<Gate>,
}

#[derive(Deserialize)]
struct Project {
    key: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Branch {
    /// Of a pull request, its number.
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Gate {
    name: Option<String>,
    status: Option<String>,
    conditions: Option<Listed<Condition, 100>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Condition {
    metric: Option<String>,
    operator: Option<String>,
    value: Option<String>,
    status: Option<String>,
    error_threshold: Option<String>,
}

pub(crate) fn delivery(analysis: Analysis) -> Result<Delivery, Rejection> {
    let project = analysis.project.ok_or_else(|| missing("project"))?;
    let key = present(project.key).ok_or_else(|| missing("project.key"))?;
    let status = present(analysis.status).ok_or_else(|| missing("status"))?;
    let gate = analysis.quality_gate;
    let (state, name, conditions) = match (status.as_str(), gate) {
        ("SUCCESS", Some(gate)) => (gate.state()?, present(gate.name), gate.conditions),
        ("SUCCESS", None) => {
            let reason = "the project has no quality gate".to_owned();
            return Err(Rejection::Ignored(reason));
        }
        ("FAILED", _) => (RunState::Failed, None, None),
        ("CANCELED" | "CANCELLED", _) => (RunState::Canceled, None, None),
        (other, _) => return Err(of_no_interest("status", other)),
    };
    let (place, branch, url) = match analysis.branch {
        Some(branch) => branch.parts(),
        None => (None, None, None),
    };
    let project_url = present(project.url);
    let pipeline = Pipeline {
        id: present(analysis.task_id).ok_or_else(|| missing("taskId"))?,
        name: Some(name.unwrap_or_else(|| "SonarQube".to_owned())),
        state,
        url: url.or_else(|| project_url.clone()),
        attempt: None,
        duration_ms: None,
        jobs: Vec::new(),
    };
    let title = match status.as_str() {
        "SUCCESS" => format!("Quality gate of {key}: {}", state.name()),
        _ => format!("Analysis of {key}: {}", state.name()),
    };
    let subject = pipeline_subject(&key, place.as_deref());
    let event = Event {
        title: Some(title),
        branch,
        after: present(analysis.revision),
        fields: fields(conditions.unwrap_or_default()),
        happened_at: time(analysis.changed_at.or(analysis.analysed_at)),
        repository: Repository {
            full_name: key,
            url: project_url,
            ..Repository::default()
        },
        ..Event::of_pipeline(subject, pipeline)
            .ok_or_else(|| of_no_interest("state", state.name()))?
    };
    Ok(event.into())
}

impl Branch {
    /// What tells it from others, the branch that it is, and its page.
    fn parts(self) -> (Option<String>, Option<String>, Option<String>) {
        let (name, url) = (present(self.name), present(self.url));
        match self.kind.as_deref() {
            Some("PULL_REQUEST") => (name.map(|name| format!("pull request {name}")), None, url),
            _ => (name.clone(), name, url),
        }
    }
}

impl Gate {
    /// A warning, which older servers had, lets pass.
    fn state(&self) -> Result<RunState, Rejection> {
        match self.status.as_deref().unwrap_or_default() {
            "OK" | "WARN" => Ok(RunState::Succeeded),
            "ERROR" => Ok(RunState::Failed),
            "" => Err(missing("qualityGate.status")),
            other => Err(of_no_interest("quality gate status", other)),
        }
    }
}

/// Those that failed come first.
fn fields(conditions: Listed<Condition, 100>) -> Vec<Field> {
    let mut conditions = conditions.entries;
    conditions.sort_by_key(|condition| condition.status.as_deref() != Some("ERROR"));
    let fields = conditions.into_iter().filter_map(Condition::field);
    fields.take(MOST_FIELDS).collect()
}

impl Condition {
    /// None where there was nothing to measure.
    fn field(self) -> Option<Field> {
        let status = present(self.status).filter(|status| status != "NO_VALUE")?;
        let value = present(self.value)?;
        let sign = match self.operator.as_deref() {
            Some("LESS_THAN") => "<",
            Some("GREATER_THAN") => ">",
            Some("EQUALS") => "=",
            Some("NOT_EQUALS") => "≠",
            _ => "",
        };
        let limit = present(self.error_threshold).filter(|_| !sign.is_empty());
        let limit = limit.map_or(String::new(), |limit| format!(", fails if {sign} {limit}"));
        Some(Field {
            name: present(self.metric)?,
            value: format!("{status}: {value}{limit}"),
            short: true,
        })
    }
}
