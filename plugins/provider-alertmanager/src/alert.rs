//! One alert.

use crate::labels::Labels;
use push_notify_sdk::{Alert, Severity, delivery::present};
use serde::Deserialize;

/// What Go writes for no time.
const NEVER: &str = "0001-01-01T00:00:00Z";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertPayload {
    status: Option<String>,
    labels: Option<Labels>,
    annotations: Option<Annotations>,
    starts_at: Option<String>,
    ends_at: Option<String>,
    fingerprint: Option<String>,
    #[serde(rename = "generatorURL")]
    generator_url: Option<String>,
    // Of Grafana.
    #[serde(rename = "silenceURL")]
    silence_url: Option<String>,
    #[serde(rename = "dashboardURL")]
    dashboard_url: Option<String>,
    #[serde(rename = "panelURL")]
    panel_url: Option<String>,
}

/// What rules are used to say of what is wrong.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Annotations {
    summary: Option<String>,
    description: Option<String>,
    message: Option<String>,
}

impl Annotations {
    pub(crate) fn summary(self) -> Option<String> {
        let said = [self.summary, self.message, self.description];
        said.into_iter().find_map(present)
    }
}

impl AlertPayload {
    pub(crate) fn normalised(self) -> Alert {
        let firing = self.status.as_deref() != Some("resolved");
        let labels = self.labels.unwrap_or_default();
        let seen = [self.panel_url, self.dashboard_url, self.generator_url];
        let ends_at = present(self.ends_at).filter(|at| !firing && at != NEVER);
        Alert {
            fingerprint: present(self.fingerprint),
            name: labels.get("alertname").unwrap_or("alert").to_owned(),
            firing,
            severity: severity(&labels),
            summary: self.annotations.and_then(Annotations::summary),
            labels: labels.0,
            starts_at: present(self.starts_at).filter(|at| at != NEVER),
            ends_at,
            url: seen.into_iter().find_map(present),
            silence_url: present(self.silence_url),
        }
    }
}

/// By the label that rules are used to have. What it says is a matter of taste: these are the words
/// that are in use.
fn severity(labels: &Labels) -> Option<Severity> {
    let word = labels.get("severity").or_else(|| labels.get("priority"))?;
    match word.to_ascii_lowercase().as_str() {
        "critical" | "crit" | "page" | "fatal" | "disaster" | "emergency" | "p0" | "p1" => {
            Some(Severity::Critical)
        }
        "high" | "error" | "major" | "p2" => Some(Severity::High),
        "warning" | "warn" | "medium" | "average" | "p3" => Some(Severity::Medium),
        "low" | "minor" | "p4" => Some(Severity::Low),
        "info" | "information" | "informational" | "none" | "debug" | "p5" => Some(Severity::Info),
        _ => None,
    }
}
