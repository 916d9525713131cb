//! Providers at their Git hosts, through the component.

mod gitea;
mod gitee;
mod github;
mod gitlab;
mod suite;

use push_notify_host::{
    CallError, Ceilings, ChangePage, CommitStatus, Event, Failure, Host, HostConfig, MemoryCache,
    MergeRequest, NetworkPolicy, PluginFile, PluginState, Provider, Published, Quarantine,
    Repository, Review, ReviewComment, SecretValue, Settings, Source, StatusState,
};
use push_notify_tests::{Logs, compiled_plugins, forge::Forge, official};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// A provider's component in a plugin host of its own, with what the default configuration grants
/// to it, and a stand-in for its Git host.
struct Setup {
    forge: Forge,
    /// As the repository has it.
    token: String,
    /// Its other fields.
    fields: Value,
    provider: Arc<dyn Provider>,
    plugins: Host,
}

impl Setup {
    async fn start(id: &str, forge: Forge) -> Self {
        Logs::capture();
        let plugins = Host::new(
            HostConfig {
                cache_dir: compiled_plugins().await.to_owned(),
                network: NetworkPolicy::new(vec!["127.0.0.0/8".parse().expect("a range")]),
                ehlo_name: None,
                extra_roots_pem: Vec::new(),
                // As `config/default.toml` has it.
                limits: Ceilings {
                    cpu: Duration::from_secs(2),
                    ..Ceilings::default()
                },
                quarantine: Quarantine::default(),
            },
            Arc::new(MemoryCache::default()),
        )
        .expect("a plugin host");
        let source = Source {
            name: id.to_owned(),
            file: PluginFile::read(official(id)),
            enabled: None,
            grants: ["http:${config.url}", "reuse"].map(str::to_owned).to_vec(),
        };
        for plugin in plugins.load(vec![source]).await {
            assert_eq!(plugin.state, PluginState::Active);
        }
        Self {
            token: forge.token.clone(),
            fields: json!({"url": forge.repository_url()}),
            provider: plugins.provider(id).expect("it is loaded"),
            forge,
            plugins,
        }
    }

    /// With nothing remembered, as after a crash.
    async fn restarted(self, id: &str) -> Self {
        Self::start(id, self.forge).await
    }

    fn settings(&self) -> Settings {
        let token = ("access_token".to_owned(), SecretValue::new(&self.token));
        let has_token = !self.token.is_empty();
        Settings {
            config: self.fields.as_object().cloned().unwrap_or_default(),
            secrets: has_token.then_some(token).into_iter().collect(),
            ..Settings::default()
        }
    }

    async fn changes(&self, event: &Event, from: Option<&str>) -> Result<ChangePage, Failure> {
        let answer = self.provider.changes(event, from, &self.settings()).await;
        self.within_the_contract(answer)
    }

    /// All parts, in their order.
    async fn all_changes(&self, event: &Event) -> Vec<ChangePage> {
        let mut pages: Vec<ChangePage> = Vec::new();
        loop {
            let from = pages.last().and_then(|page| page.next.as_deref());
            if !pages.is_empty() && from.is_none() {
                return pages;
            }
            let page = self.changes(event, from).await.expect("a part");
            pages.push(page);
        }
    }

    async fn content(&self, event: &Event, path: &str) -> Result<Option<String>, Failure> {
        let answer = self.provider.content(event, path, &self.settings()).await;
        self.within_the_contract(answer)
    }

    async fn publish(&self, event: &Event, review: &Review) -> Result<Published, Failure> {
        let settings = self.settings();
        let answer = self.provider.publish_review(event, review, &settings).await;
        self.within_the_contract(answer)
    }

    async fn probe(&self) -> Result<(), Failure> {
        self.within_the_contract(self.provider.probe(&self.settings()).await)
    }

    /// What the plugin decided. That the host had to decide for it is a bug.
    #[track_caller]
    fn within_the_contract<T>(&self, answer: Result<T, CallError>) -> T {
        let answer = answer.unwrap_or_else(|error| panic!("{error}"));
        for plugin in self.plugins.plugins() {
            assert_eq!(plugin.traps, 0, "{}", plugin.name);
        }
        let logged = Logs::with(&self.forge.token);
        assert!(logged.is_empty(), "logged: {logged:#?}");
        for request in self.forge.requests() {
            let address = request.uri.to_string();
            assert!(!address.contains(&self.forge.token), "{address}");
        }
        answer
    }
}

/// A merge request into `main`.
fn merge_request(number: u64, head: &str) -> Event {
    Event {
        kind: "merge_request".to_owned(),
        repository: repository(),
        merge_request: Some(MergeRequest {
            number,
            title: "A change".to_owned(),
            action: "opened".to_owned(),
            state: "open".to_owned(),
            source_branch: "feature".to_owned(),
            target_branch: "main".to_owned(),
            head_sha: Some(head.to_owned()),
            base_sha: Some("aaaa".repeat(10)),
            ..MergeRequest::default()
        }),
        ..Event::default()
    }
}

/// A push to the branch `feature`.
fn push(before: &str, after: &str) -> Event {
    Event {
        kind: "push".to_owned(),
        branch: Some("feature".to_owned()),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
        repository: repository(),
        ..Event::default()
    }
}

/// The payload's address is one that nobody may call.
fn repository() -> Repository {
    Repository {
        full_name: "company/backend-service".to_owned(),
        url: Some("https://evil.example.com/company/backend-service".to_owned()),
        default_branch: Some("main".to_owned()),
        ..Repository::default()
    }
}

fn review(head: &str, comments: Vec<ReviewComment>) -> Review {
    Review {
        head_sha: head.to_owned(),
        verdict: None,
        score: Some(80),
        summary: Some("## 评审\n\nMostly fine.".to_owned()),
        earlier: None,
        comments,
        status: Some(CommitStatus {
            state: StatusState::Success,
            description: "80 of 100".to_owned(),
            url: None,
        }),
    }
}

/// At a line that was added.
fn comment(path: &str, line: u32, body: &str) -> ReviewComment {
    ReviewComment {
        path: path.to_owned(),
        old_path: None,
        line,
        old_line: None,
        position: line,
        body: body.to_owned(),
    }
}

/// What a reader sees: not the mark by which the text is known again.
fn shown(text: &str) -> &str {
    text.split("\n\n<!-- push-notify:")
        .next()
        .unwrap_or_default()
}
