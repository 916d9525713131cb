use crate::{outside::free_address, until};
use reqwest::Client;
use serde_json::{Value, json};
use std::{net::SocketAddr, process::Stdio};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const PROGRAM: &str = "prometheus-alertmanager";

/// A real Alertmanager, as Debian has it, which tells one receiver.
pub struct Alertmanager {
    address: SocketAddr,
    client: Client,
    _dir: TempDir,
    _child: Child,
}

impl Alertmanager {
    /// Whether there is one to start. Not every system has a package of it.
    pub fn is_installed() -> bool {
        let found = std::process::Command::new(PROGRAM)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        found.is_ok_and(|status| status.success())
    }

    /// Tells `receiver` of what fires and ends, and shows it `credentials`.
    pub async fn telling(receiver: &str, credentials: &str) -> Self {
        let address = free_address();
        let dir = tempfile::tempdir().expect("a folder");
        let config = dir.path().join("alertmanager.yml");
        // JSON is YAML.
        let settings = json!({
            "route": {
                "receiver": "us", "group_by": ["alertname"],
                "group_wait": "10ms", "group_interval": "1s", "repeat_interval": "1h",
            },
            "receivers": [{
                "name": "us",
                "webhook_configs": [{
                    "url": receiver, "send_resolved": true,
                    "http_config": {"authorization": {"credentials": credentials}},
                }],
            }],
        });
        std::fs::write(&config, settings.to_string()).expect("it is written");
        let child = Command::new(PROGRAM)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", dir.path().display()))
            .arg(format!("--web.listen-address={address}"))
            .arg(format!("--web.external-url={}", url(address)))
            .arg("--cluster.listen-address=")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let client = Client::builder().no_proxy().build().expect("a client");
        until("Alertmanager to be ready", async || {
            let ready = client.get(format!("{}/-/ready", url(address)));
            let ready = ready.send().await.ok()?;
            ready.status().is_success().then_some(())
        })
        .await;
        Self {
            address,
            client,
            _dir: dir,
            _child: child,
        }
    }

    /// What it calls itself in what it tells: it has no path.
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// What Prometheus posts again and again: alerts that fire, or that ended where they say when.
    pub async fn post(&self, alerts: &Value) {
        let alerts = self
            .client
            .post(format!("{}/api/v2/alerts", self.url()))
            .json(alerts);
        let answer = alerts.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}
