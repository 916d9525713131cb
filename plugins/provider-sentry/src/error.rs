//! `error` and `event_alert`: something went wrong, and a rule thinks that it should be told.

use crate::{
    hook::Hook,
    level::{project, project_in, severity, subject},
};
use push_notify_sdk::{
    Alert, AlertGroup, Event, Field, Label, Rejection,
    delivery::{Id, Listed, missing, of_no_interest, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Data {
    /// Of an `error`.
    error: Option<ErrorPayload>,
    /// Of an `event_alert`.
    event: Option<ErrorPayload>,
    triggered_rule: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct ErrorPayload {
    event_id: Option<String>,
    pub(crate) issue_id: Option<Id>,
    title: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) culprit: Option<String>,
    pub(crate) level: Option<String>,
    environment: Option<String>,
    release: Option<String>,
    datetime: Option<String>,
    pub(crate) web_url: Option<String>,
    url: Option<String>,
    issue_url: Option<String>,
    tags: Option<Listed<Tag, 48>>,
}

/// A name and a value.
#[derive(Deserialize)]
struct Tag(String, Option<String>);

/// Of the rule that told, and the project.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) rule: Option<String>,
    pub(crate) project: Option<String>,
}

pub(crate) fn of_error(hook: Hook<Data>) -> Result<Event, Rejection> {
    let action = present(hook.action).ok_or_else(|| missing("action"))?;
    if action != "created" {
        return Err(of_no_interest("error action", &action));
    }
    let error = hook.data.and_then(|data| data.error);
    let error = error.ok_or_else(|| missing("data.error"))?;
    error.event(Told::default())
}

pub(crate) fn of_alert(hook: Hook<Data>) -> Result<Event, Rejection> {
    let action = present(hook.action).ok_or_else(|| missing("action"))?;
    if action != "triggered" {
        return Err(of_no_interest("event_alert action", &action));
    }
    let data = hook.data.ok_or_else(|| missing("data"))?;
    let rule = present(data.triggered_rule);
    let error = data.event.ok_or_else(|| missing("data.event"))?;
    error.event(Told {
        rule,
        project: None,
    })
}

impl ErrorPayload {
    pub(crate) fn event(self, told: Told) -> Result<Event, Rejection> {
        let addresses = [self.url.as_deref(), self.issue_url.as_deref()];
        let found = || addresses.into_iter().flatten().find_map(project_in);
        let project = project(told.project.or_else(found));
        let issue = self.issue_id.and_then(|id| present(Some(id.0)));
        let issue = issue.ok_or_else(|| missing("issue_id"))?;
        let title = present(self.title).or(present(self.message));
        let name = title.unwrap_or_else(|| "error".to_owned());
        let known = [
            ("environment", self.environment),
            ("release", self.release),
            ("level", self.level.clone()),
        ];
        let known = known.map(|(name, value)| Tag(name.to_owned(), value));
        let mut labels: Vec<Label> = Vec::new();
        let tags = self.tags.unwrap_or_default().entries;
        for Tag(name, value) in known.into_iter().chain(tags) {
            let is_new = !labels.iter().any(|label| label.name == name);
            if let Some(value) = present(value).filter(|_| is_new && !name.is_empty()) {
                labels.push(Label { name, value });
            }
        }
        let field = |name: &str, value: Option<String>| {
            present(value).map(|value| Field {
                name: name.to_owned(),
                value,
                short: false,
            })
        };
        let fields = [field("Rule", told.rule), field("Culprit", self.culprit)];
        let url = present(self.web_url);
        let datetime = present(self.datetime);
        let alert = Alert {
            fingerprint: present(self.event_id),
            name: name.clone(),
            firing: true,
            severity: severity(self.level.as_deref()),
            summary: None,
            labels: Vec::new(),
            starts_at: datetime.clone(),
            ends_at: None,
            url: url.clone(),
            silence_url: None,
        };
        let alerts = AlertGroup {
            alerts: vec![alert],
            total: Some(1),
        };
        Ok(Event {
            title: Some(name.lines().next().unwrap_or_default().to_owned()),
            url,
            labels,
            fields: fields.into_iter().flatten().collect(),
            happened_at: datetime,
            repository: project,
            ..Event::of_alerts(subject(&issue), alerts)
        })
    }
}
