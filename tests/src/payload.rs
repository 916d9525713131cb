//! What hosts send, without what proves it.

use crate::{Proof, workspace};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

/// A webhook's body and the headers that say what it is.
#[derive(Debug, Clone)]
pub struct Payload {
    pub host: String,
    pub name: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Payload {
    pub const HOSTS: [&str; 4] = ["github", "gitlab", "gitee", "gitea"];

    /// Those of a host.
    pub fn of(host: &str) -> Vec<Self> {
        let all = all().into_iter();
        all.filter(|payload| payload.host == host).collect()
    }

    /// Those of the other hosts.
    pub fn not_of(host: &str) -> Vec<Self> {
        let all = all().into_iter();
        all.filter(|payload| payload.host != host).collect()
    }

    /// The fixture `name` of a host's provider.
    pub fn fixture(host: &str, name: &str) -> Self {
        let folder = workspace().join(format!("plugins/provider-{host}/fixtures"));
        Self {
            host: host.to_owned(),
            name: name.to_owned(),
            headers: event(host, name.split('.').next().unwrap_or_default()),
            body: fs::read(folder.join(format!("{name}.json"))).expect("a fixture"),
        }
    }

    /// The request, as the host sends it; proved by the `secret` if there is one. `id` and `now_ms`
    /// are for this delivery alone.
    pub fn onto(
        &self,
        request: reqwest::RequestBuilder,
        proof: Proof,
        secret: Option<&str>,
        id: &str,
        now_ms: i64,
    ) -> reqwest::RequestBuilder {
        let (content_type, body) = proof.written(&self.body);
        let mut request = request.header("content-type", content_type).body(body);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let proofs = secret.map(|secret| proof.headers(secret, &self.body, id, now_ms));
        for (name, value) in proofs.into_iter().flatten() {
            request = request.header(name, value);
        }
        request
    }

    /// Under a name that another host gives to events that matter.
    pub fn dressed(&self, host: &str, index: usize) -> Self {
        let names = match host {
            "github" | "gitea" => ["push", "pull_request", "create", "delete"],
            _ => ["push", "tag_push", "merge_request", "push"],
        };
        Self {
            headers: event(host, names[index % names.len()]),
            ..self.clone()
        }
    }

    /// From the repository at `url`. None: it does not say where it is from.
    pub fn of_repository(&self, url: &str) -> Option<Self> {
        let mut body: Value = serde_json::from_slice(&self.body).ok()?;
        let places = ["repository", "project"].into_iter();
        let named: Vec<&str> = places.filter(|name| body[*name].is_object()).collect();
        for name in &named {
            let repository = body[*name].as_object_mut()?;
            repository.retain(|field, _| !field.contains("url") && field != "homepage");
            // As one host or another calls it.
            for field in ["html_url", "web_url", "homepage"] {
                repository.insert(field.to_owned(), url.into());
            }
        }
        (!named.is_empty()).then(|| self.with("at home", body.to_string()))
    }

    /// With another body.
    pub fn with(&self, how: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            name: format!("{} {how}", self.name),
            body: body.into(),
            ..self.clone()
        }
    }
}

/// The fixtures of all providers, and the recorded deliveries where they are.
fn all() -> Vec<Payload> {
    let mut all: Vec<Payload> = Payload::HOSTS.into_iter().flat_map(fixtures).collect();
    let folder = std::env::var_os("PUSH_NOTIFY_PAYLOADS").map(Into::into);
    let folder = folder.unwrap_or_else(|| workspace().join("../shared/payloads"));
    if folder.join("cases.jsonl").exists() {
        all.extend(recorded(&folder));
    }
    all
}

fn fixtures(host: &str) -> Vec<Payload> {
    let folder = workspace().join(format!("plugins/provider-{host}/fixtures"));
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("a folder of fixtures")
        .map(|entry| entry.expect("a file").file_name().into_string())
        .filter_map(|name| {
            Some(
                name.expect("a name in Unicode")
                    .strip_suffix(".json")?
                    .to_owned(),
            )
        })
        .filter(|name| !name.ends_with(".expected"))
        .collect();
    names.sort();
    let fixture = |name: String| Payload::fixture(host, &name);
    names.into_iter().map(fixture).collect()
}

/// The header for an event, by the first part of a fixture's name.
fn event(host: &str, event: &str) -> Vec<(String, String)> {
    let hook = match event {
        "push" => "Push Hook",
        "tag_push" => "Tag Push Hook",
        "merge_request" => "Merge Request Hook",
        "note" => "Note Hook",
        "issue" => "Issue Hook",
        "pipeline" => "Pipeline Hook",
        _ => "System Hook",
    };
    let (name, value) = match host {
        "github" => ("x-github-event", event),
        "gitea" => ("x-gitea-event", event),
        "gitee" => ("x-gitee-event", hook),
        _ => ("x-gitlab-event", hook),
    };
    vec![(name.to_owned(), value.to_owned())]
}

fn recorded(folder: &Path) -> Vec<Payload> {
    #[derive(Deserialize)]
    struct Case {
        provider: String,
        payload: String,
        headers: BTreeMap<String, String>,
    }
    let cases = fs::read_to_string(folder.join("cases.jsonl")).expect("a list of cases");
    let recorded = |line: &str| {
        let case: Case = serde_json::from_str(line).expect("a case");
        let proves = |name: &str| name.contains("signature") || name.contains("token");
        let headers = case.headers.into_iter();
        Payload {
            host: case.provider,
            headers: headers
                .map(|(name, value)| (name.to_lowercase(), value))
                .filter(|(name, _)| !proves(name))
                .collect(),
            body: fs::read(folder.join(&case.payload)).expect("a payload"),
            name: case.payload,
        }
    };
    cases.lines().map(recorded).collect()
}
