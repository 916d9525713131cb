//! What the sources send.

use push_notify_tests::{Delivery, push_body, workspace};
use serde_json::{Value, json};

const COMMIT: &str = "9c1f3c0a6d5f4c0e8a7b2d1e3f405162738495a6";

pub(crate) fn push() -> Delivery {
    let mut body = push_body(COMMIT);
    body["commits"][0]["message"] = json!("feat: a page to log in by");
    Delivery::new("push", &body).id("5d0b6a52-0000-4000-8000-000000000001")
}

/// A run of a workflow as GitHub tells of it, with this end.
pub(crate) fn run(conclusion: &str, number: u64) -> anyhow::Result<Delivery> {
    let path = "plugins/provider-github/fixtures/workflow_run.failed.json";
    let text = std::fs::read_to_string(workspace().join(path))?;
    let text = text.replace("orchard-works/pear-ledger", "company/backend-service");
    let mut body: Value = serde_json::from_str(&text)?;
    body["workflow_run"]["conclusion"] = json!(conclusion);
    body["workflow_run"]["id"] = json!(number);
    Ok(Delivery::new("workflow_run", &body))
}

/// As Alertmanager posts it: the alert fires, or has ended.
pub(crate) fn alert(ended: bool) -> Value {
    let labels = json!({"alertname": "HighLoad", "instance": "web-1", "severity": "critical"});
    let summary = json!({"summary": "The load of web-1 is above 20"});
    let (status, end) = match ended {
        true => ("resolved", "2026-01-19T06:28:00Z"),
        false => ("firing", "0001-01-01T00:00:00Z"),
    };
    json!({
        "version": "4", "groupKey": "{}:{alertname=\"HighLoad\"}", "truncatedAlerts": 0,
        "status": status, "receiver": "push-notify",
        "groupLabels": {"alertname": "HighLoad"}, "commonLabels": labels,
        "commonAnnotations": summary, "externalURL": "https://alerts.example.com",
        "alerts": [{
            "status": status, "labels": labels, "annotations": summary,
            "startsAt": "2026-01-19T06:25:00Z", "endsAt": end,
            "generatorURL": "https://prometheus.example.com/graph", "fingerprint": "c1a0",
        }],
    })
}

/// The settings of a source of no known kind, and something that it sends.
pub(crate) fn backup() -> (Value, Value) {
    let mapping = json!({
        "title": "/job", "text": "/report", "severity": "info", "url": "/log",
        "state": "/result", "fields": {"Size": "/size", "Took": "{{.Body.seconds}} s"},
    });
    let body = json!({
        "job": "The nightly backup", "report": "All 12 databases are safe.",
        "result": "done", "size": "48 GiB", "seconds": 713, "log": "https://backup.example.com/814",
    });
    (mapping, body)
}
