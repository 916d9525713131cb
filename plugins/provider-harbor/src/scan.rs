//! What a scan found in an artifact.

use crate::{
    artifact::each,
    payload::{Data, RepositoryPayload, Resource, field},
    report::Summary,
};
use push_notify_sdk::{
    Alert, AlertGroup, Event, Field, Rejection, Severity,
    delivery::{of_no_interest, present},
};

/// Firing as long as there is something to mend, so that a scan that finds nothing resolves it.
pub(crate) fn completed(data: Data) -> Result<Vec<Event>, Rejection> {
    let repository = RepositoryPayload::normalised(data.repository)?;
    each(data.resources, |mut resource| {
        let report = resource.scan_overview.take().and_then(|it| it.0);
        let report = report.ok_or_else(|| {
            Rejection::Ignored("the scan has no report of vulnerabilities".to_owned())
        })?;
        if report
            .scan_status
            .as_deref()
            .is_some_and(|status| status == "Error")
        {
            return failed(&resource, &repository.full_name, "failed").map(|event| Event {
                repository: repository.clone(),
                ..event
            });
        }
        let image = format!("{}:{}", repository.full_name, resource.version()?);
        let word = present(report.severity).unwrap_or_else(|| "None".to_owned());
        let severity = severity(&word)?;
        let fields = report.summary.map(Summary::fields).unwrap_or_default();
        let alert = Alert {
            name: format!("Vulnerabilities in {image}"),
            firing: severity.is_some(),
            severity,
            ..Alert::default()
        };
        let alerts = AlertGroup {
            alerts: vec![alert],
            total: Some(1),
        };
        let worst = field("Severity", Some(word));
        Ok(Event {
            title: Some(format!("Scan of {image}")),
            fields: worst.into_iter().chain(fields).collect(),
            repository: repository.clone(),
            ..Event::of_alerts(format!("scan:{image}"), alerts)
        })
    })
}

/// Without a report: it `failed`, or was `canceled`.
pub(crate) fn ended(data: Data, state: &str) -> Result<Vec<Event>, Rejection> {
    let repository = RepositoryPayload::normalised(data.repository)?;
    each(data.resources, |resource| {
        let event = failed(&resource, &repository.full_name, state)?;
        Ok(Event {
            repository: repository.clone(),
            ..event
        })
    })
}

fn failed(resource: &Resource, home: &str, state: &str) -> Result<Event, Rejection> {
    let image = format!("{home}:{}", resource.version()?);
    Ok(Event {
        kind: "custom".to_owned(),
        action: Some(format!("scan_{state}")),
        subject: Some(format!("scan:{image}")),
        state: Some(state.to_owned()),
        title: Some(format!("Scan of {image}: {state}")),
        fields: field("Digest", resource.digest()).into_iter().collect(),
        ..Event::default()
    })
}

/// None: there is nothing to mend.
fn severity(word: &str) -> Result<Option<Severity>, Rejection> {
    Ok(match word {
        "Critical" => Some(Severity::Critical),
        "High" => Some(Severity::High),
        "Medium" => Some(Severity::Medium),
        "Low" => Some(Severity::Low),
        "Unknown" => Some(Severity::Info),
        "None" | "Negligible" => None,
        other => return Err(of_no_interest("severity", other)),
    })
}

impl Summary {
    fn fields(self) -> Vec<Field> {
        let counts = self.summary.map(|counts| {
            let counts = [
                ("critical", counts.critical),
                ("high", counts.high),
                ("medium", counts.medium),
                ("low", counts.low),
            ];
            let told = counts
                .into_iter()
                .filter_map(|(name, count)| Some((name, count?)));
            told.map(|(name, count)| format!("{count} {name}"))
                .collect::<Vec<_>>()
                .join(", ")
        });
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        let fields = [
            field("Found", number(self.total)),
            field("Fixable", number(self.fixable)),
            field("By severity", counts),
        ];
        fields.into_iter().flatten().collect()
    }
}
