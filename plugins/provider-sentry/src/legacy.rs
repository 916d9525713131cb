//! The WebHooks plugin of before there were integrations, which has no header of its own.

use crate::error::{ErrorPayload, Told};
use push_notify_sdk::{
    Event, Rejection,
    delivery::{Id, Listed, missing, present},
};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Legacy {
    /// Of the issue.
    id: Option<Id>,
    project: Option<String>,
    project_slug: Option<String>,
    culprit: Option<String>,
    message: Option<String>,
    url: Option<String>,
    level: Option<String>,
    triggering_rules: Option<Listed<Option<String>, 8>>,
    event: Option<ErrorPayload>,
}

pub(crate) fn event(legacy: Legacy) -> Result<Event, Rejection> {
    let id = legacy.id.filter(|id| !id.0.is_empty());
    let id = id.ok_or_else(|| missing("id"))?;
    let rules = legacy.triggering_rules.unwrap_or_default().entries;
    let rules: Vec<String> = rules.into_iter().flatten().collect();
    let mut error = legacy.event.unwrap_or_default();
    error.issue_id = Some(id);
    error.message = present(error.message).or(present(legacy.message));
    error.culprit = present(error.culprit).or(present(legacy.culprit));
    error.level = present(error.level).or(present(legacy.level));
    error.web_url = present(legacy.url);
    error.event(Told {
        rule: present(Some(rules.join(", "))),
        project: present(legacy.project_slug).or(present(legacy.project)),
    })
}
