//! Quotas, replications and the retention of tags.

use crate::payload::{Data, Place, RepositoryPayload, Resource, field};
use push_notify_sdk::{
    Alert, AlertGroup, Event, Rejection, Repository, Severity,
    delivery::{Listed, missing, of_no_interest, present},
};
use serde::de::IgnoredAny;

/// Nobody is told when there is room again.
pub(crate) fn quota(data: Data, is_full: bool) -> Result<Vec<Event>, Rejection> {
    let repository = RepositoryPayload::normalised(data.repository)?;
    let project = repository.full_name.split('/').next().unwrap_or_default();
    let name = match is_full {
        true => format!("The quota of {project} is used up"),
        false => format!("The quota of {project} is nearly used up"),
    };
    let resource = data
        .resources
        .and_then(|all| all.entries.into_iter().next());
    let image = resource.and_then(|resource: Resource| resource.resource_url);
    let alert = Alert {
        name: name.clone(),
        firing: true,
        severity: Some(if is_full {
            Severity::High
        } else {
            Severity::Medium
        }),
        summary: data.custom_attributes.and_then(|it| present(it.details)),
        ..Alert::default()
    };
    let alerts = AlertGroup {
        alerts: vec![alert],
        total: Some(1),
    };
    let subject = format!("quota:{project}");
    Ok(vec![Event {
        title: Some(name),
        fields: field("Image", image).into_iter().collect(),
        repository,
        ..Event::of_alerts(subject, alerts)
    }])
}

pub(crate) fn replication(data: Data) -> Result<Vec<Event>, Rejection> {
    let told = data.replication.ok_or_else(|| missing("replication"))?;
    let state = state("replication status", told.job_status)?;
    let from = place(told.src_resource, "replication.src_resource")?;
    let to = place(told.dest_resource, "replication.dest_resource")?;
    let count = |list: Option<Listed<IgnoredAny, 1>>| {
        let count = list.map(|list| list.total).filter(|count| *count > 0);
        count.map(|count| count.to_string())
    };
    let fields = [
        field("Trigger", told.trigger_type),
        field("Copied", count(told.successful_artifact)),
        field("Not copied", count(told.failed_artifact)),
    ];
    Ok(vec![Event {
        title: Some(format!("Replication of {from} to {to}: {state}")),
        fields: fields.into_iter().flatten().collect(),
        repository: Repository {
            full_name: from.clone(),
            ..Repository::default()
        },
        ..custom("replication", state, format!("replication:{from}->{to}"))
    }])
}

pub(crate) fn retention(data: Data) -> Result<Vec<Event>, Rejection> {
    let told = data.retention.ok_or_else(|| missing("retention"))?;
    let project = present(told.project_name).ok_or_else(|| missing("retention.project_name"))?;
    let state = state("retention result", told.result)?;
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let deleted = told.deleted_artifact.map(|list| list.total.to_string());
    let fields = [
        field("Tags", number(told.total)),
        field("Kept", number(told.retained)),
        field("Deleted", deleted),
    ];
    Ok(vec![Event {
        title: Some(format!("Retention of tags in {project}: {state}")),
        fields: fields.into_iter().flatten().collect(),
        repository: Repository {
            full_name: project.clone(),
            ..Repository::default()
        },
        ..custom("retention", state, format!("retention:{project}"))
    }])
}

fn custom(what: &str, state: &str, subject: String) -> Event {
    Event {
        kind: "custom".to_owned(),
        action: Some(format!("{what}_{state}")),
        subject: Some(subject),
        state: Some(state.to_owned()),
        ..Event::default()
    }
}

/// Where a job has come to.
fn state(what: &str, word: Option<String>) -> Result<&'static str, Rejection> {
    let word = present(word).ok_or_else(|| missing(what))?;
    match word.to_ascii_lowercase().as_str() {
        "success" | "succeed" => Ok("succeeded"),
        "failed" | "fail" | "error" => Ok("failed"),
        "stopped" => Ok("canceled"),
        "inprogress" | "running" => Ok("running"),
        _ => Err(of_no_interest(what, &word)),
    }
}

fn place(place: Option<Place>, field: &str) -> Result<String, Rejection> {
    let place = place.ok_or_else(|| missing(field))?;
    let endpoint = present(place.endpoint).map(|endpoint| {
        let host = endpoint
            .split_once("://")
            .map_or(&*endpoint, |(_, host)| host);
        host.trim_end_matches('/').to_owned()
    });
    match (endpoint, present(place.namespace)) {
        (Some(endpoint), Some(space)) => Ok(format!("{endpoint}/{space}")),
        (endpoint, space) => endpoint.or(space).ok_or_else(|| missing(field)),
    }
}
