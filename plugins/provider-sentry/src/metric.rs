//! `metric_alert`: a number left its bounds, or came back.

use crate::{hook::Hook, level::project};
use push_notify_sdk::{
    Alert, AlertGroup, Event, Rejection, Severity,
    delivery::{Id, Listed, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Data {
    metric_alert: Option<Metric>,
    description_text: Option<String>,
    description_title: Option<String>,
    web_url: Option<String>,
}

#[derive(Deserialize)]
struct Metric {
    id: Option<Id>,
    title: Option<String>,
    alert_rule: Option<Rule>,
    projects: Option<Listed<Option<String>, 8>>,
    date_started: Option<String>,
    date_closed: Option<String>,
}

#[derive(Deserialize)]
struct Rule {
    name: Option<String>,
}

pub(crate) fn event(hook: Hook<Data>) -> Result<Event, Rejection> {
    let action = present(hook.action).ok_or_else(|| missing("action"))?;
    let (firing, severity) = match action.as_str() {
        "critical" => (true, Some(Severity::Critical)),
        "warning" => (true, Some(Severity::Medium)),
        "resolved" => (false, None),
        other => return Err(of_no_interest("metric_alert action", other)),
    };
    let data = hook.data.ok_or_else(|| missing("data"))?;
    let metric = data
        .metric_alert
        .ok_or_else(|| missing("data.metric_alert"))?;
    let id = metric.id.and_then(|id| present(Some(id.0)));
    let id = id.ok_or_else(|| missing("data.metric_alert.id"))?;
    let rule = metric.alert_rule.and_then(|rule| present(rule.name));
    let title = present(data.description_title);
    let name = rule.or(present(metric.title)).or(title.clone());
    let url = present(data.web_url);
    let text = present(data.description_text);
    let (starts_at, ends_at) = (present(metric.date_started), present(metric.date_closed));
    let alert = Alert {
        fingerprint: Some(id.clone()),
        name: name.unwrap_or_else(|| "metric alert".to_owned()),
        firing,
        severity,
        summary: text,
        labels: Vec::new(),
        starts_at,
        ends_at: ends_at.filter(|_| !firing),
        url: url.clone(),
        silence_url: None,
    };
    let projects = metric.projects.unwrap_or_default().entries;
    let alerts = AlertGroup {
        alerts: vec![alert],
        total: Some(1),
    };
    Ok(Event {
        title,
        url,
        repository: project(
            projects
                .into_iter()
                .flatten()
                .find_map(|it| present(Some(it))),
        ),
        ..Event::of_alerts(format!("metric_alert:{id}"), alerts)
    })
}
