//! A group of alerts, as one event.

use crate::{
    alert::{AlertPayload, Annotations},
    labels::Labels,
};
use push_notify_sdk::{
    Alert, AlertGroup, Delivery, Event, Rejection, Repository, clock, crypto,
    delivery::{Listed, missing, of_no_interest, present},
};
use serde::Deserialize;

/// A longer key of a group is told by its digest.
const LONGEST_KEY: usize = 400;
const MINUTE_MS: u64 = 60_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupPayload {
    group_key: Option<String>,
    status: Option<String>,
    group_labels: Option<Labels>,
    common_labels: Option<Labels>,
    common_annotations: Option<Annotations>,
    #[serde(rename = "externalURL")]
    external_url: Option<String>,
    /// How many the sender left out, as it was told to.
    truncated_alerts: Option<u32>,
    /// As many as the engine keeps.
    alerts: Option<Listed<AlertPayload, 200>>,
}

/// `url` is where the repository is said to be.
pub(crate) fn delivery(payload: GroupPayload, url: &str) -> Result<Delivery, Rejection> {
    let listed = payload.alerts.ok_or_else(|| missing("alerts"))?;
    let status = present(payload.status).ok_or_else(|| missing("status"))?;
    let key = present(payload.group_key).ok_or_else(|| missing("groupKey"))?;
    if !matches!(status.as_str(), "firing" | "resolved") {
        return Err(of_no_interest("status", &status));
    }
    let all = u32::try_from(listed.total).unwrap_or(u32::MAX);
    let all = all.saturating_add(payload.truncated_alerts.unwrap_or(0));
    let entries = listed.entries.into_iter();
    let alerts: Vec<Alert> = entries.map(AlertPayload::normalised).collect();
    if alerts.is_empty() {
        return Err(Rejection::Ignored("there is no alert in it".to_owned()));
    }
    let id = id(&key, &status, &alerts);
    let source = present(payload.external_url);
    let source = source.or_else(|| present(Some(url.to_owned())));
    let full_name = source.as_deref().map(place).filter(|name| !name.is_empty());
    let only = alerts.first().filter(|_| all == 1);
    let only_url = only.and_then(|alert| alert.url.clone());
    let summary = match only {
        Some(alert) => alert.summary.clone(),
        None => payload.common_annotations.and_then(Annotations::summary),
    };
    let group = payload.group_labels.unwrap_or_default();
    let name = group.get("alertname").map(str::to_owned);
    let event = Event::of_alerts(
        subject(&key),
        AlertGroup {
            alerts,
            total: Some(all),
        },
    );
    let title = summary.or(name).map(|title| first_line(&title));
    Ok(Delivery {
        id: Some(id),
        effect: None,
        events: vec![Event {
            // Of those that are not listed some may still fire.
            action: Some(status.clone()),
            state: Some(status),
            title,
            url: only_url.or_else(|| source.clone()),
            labels: payload.common_labels.unwrap_or_default().0,
            repository: Repository {
                full_name: full_name.unwrap_or_else(|| "alertmanager".to_owned()),
                url: source,
                ..Repository::default()
            },
            ..event
        }],
    })
}

fn subject(key: &str) -> String {
    match key.len() > LONGEST_KEY {
        true => format!("alerts:{}", crypto::hex(crypto::sha256(key))),
        false => format!("alerts:{key}"),
    }
}

/// The same for what each of several Alertmanagers tells of one group, and where it is sent again
/// within a minute; another one as soon as an alert comes or goes, and for a reminder
/// (`repeat_interval`), which says nothing else than what it reminds of.
fn id(key: &str, status: &str, alerts: &[Alert]) -> String {
    let part = |alert: &Alert| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (fingerprint, start) = (text(&alert.fingerprint), text(&alert.starts_at));
        format!("{fingerprint}\n{}\n{start}", alert.firing)
    };
    let mut parts: Vec<String> = alerts.iter().map(part).collect();
    parts.sort_unstable();
    let minute = match status {
        "firing" => (clock::now_ms() / MINUTE_MS).to_string(),
        _ => String::new(),
    };
    crypto::hex(crypto::sha256(format!(
        "{key}\n{status}\n{minute}\n{}",
        parts.join("\n")
    )))
}

/// The host of an address and the path below it.
fn place(url: &str) -> String {
    let place = url.split_once("://").map_or(url, |(_, place)| place);
    let end = place.find(['?', '#']).unwrap_or(place.len());
    place[..end].trim_end_matches('/').to_owned()
}

fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().to_owned()
}
