//! What the tests of AI plugins share: a plugin in a host of its own, and a server for it.

use push_notify_host::{
    Ai, AiRequest, CallError, Ceilings, Completion, Failure, Host, HostConfig, MemoryCache,
    ModelInfo, NetworkPolicy, PluginFile, PluginState, Quarantine, Role, SecretValue, Settings,
    Source, Turn,
};
use push_notify_tests::{Logs, Receiver, Response, compiled_plugins, official};
use serde_json::{Value, json};
use std::{ops::Deref, sync::Arc, time::Duration};

pub(super) const GRANTS: [&str; 2] = ["http:${config.api_url}", "reuse"];

/// A stand-in for a vendor's server.
pub(super) trait Vendor: Deref<Target = Receiver> + Sized {
    const PLUGIN: &str;
    const MODEL: &str;

    async fn start() -> Self;

    /// As an administrator gives it.
    fn api_url(&self) -> String;

    fn key(&self) -> Option<String>;
}

pub(super) struct Setup<V> {
    pub(super) server: V,
    /// Fields of the model besides address, key and name.
    pub(super) fields: Value,
    pub(super) model: &'static str,
    pub(super) key: Option<String>,
    pub(super) url: String,
    ai: Arc<dyn Ai>,
    host: Host,
}

impl<V: Vendor> Setup<V> {
    pub(super) async fn start() -> Self {
        Self::with(&GRANTS, Ceilings::default()).await
    }

    pub(super) async fn with(grants: &[&str], limits: Ceilings) -> Self {
        Logs::capture();
        let host = Host::new(
            HostConfig {
                cache_dir: compiled_plugins().await.to_owned(),
                network: NetworkPolicy::new(vec!["127.0.0.0/8".parse().expect("a range")]),
                ehlo_name: None,
                extra_roots_pem: Vec::new(),
                limits,
                quarantine: Quarantine::default(),
            },
            Arc::new(MemoryCache::default()),
        )
        .expect("a plugin host");
        let source = Source {
            name: V::PLUGIN.to_owned(),
            file: PluginFile::read(official(V::PLUGIN)),
            enabled: None,
            grants: grants.iter().map(ToString::to_string).collect(),
        };
        for plugin in host.load(vec![source]).await {
            assert_eq!(plugin.state, PluginState::Active);
        }
        let server = V::start().await;
        Self {
            ai: host.ai(V::PLUGIN).expect("it is loaded"),
            fields: json!({}),
            model: V::MODEL,
            key: server.key(),
            url: server.api_url(),
            server,
            host,
        }
    }

    fn settings(&self) -> Settings {
        let config = json!({"api_url": self.url, "model": self.model});
        let mut config = config.as_object().cloned().unwrap_or_default();
        config.extend(self.fields.as_object().cloned().unwrap_or_default());
        let secret = |key| ("api_key".to_owned(), SecretValue::new(key));
        Settings {
            config,
            secrets: self.key.iter().map(secret).collect(),
            ..Settings::default()
        }
    }

    pub(super) async fn ask(&self, json: bool) -> Result<Completion, Failure> {
        self.ask_about("为什么？", json).await
    }

    pub(super) async fn ask_about(&self, text: &str, json: bool) -> Result<Completion, Failure> {
        let request = AiRequest {
            turns: vec![
                turn(Role::System, "You review code."),
                turn(Role::User, text),
            ],
            json,
            schema: None,
            max_tokens: Some(500),
        };
        self.within_the_contract(self.ai.complete(&request, &self.settings()).await)
    }

    pub(super) async fn probe(&self) -> Result<ModelInfo, Failure> {
        self.within_the_contract(self.ai.probe(&self.settings()).await)
    }

    /// What the plugin decided. That the host had to decide for it is a bug.
    #[track_caller]
    fn within_the_contract<T>(&self, answer: Result<T, CallError>) -> T {
        let answer = answer.unwrap_or_else(|error| panic!("{error}"));
        for plugin in self.host.plugins() {
            assert_eq!(plugin.traps, 0, "{}", plugin.name);
        }
        if let Some(key) = &self.key {
            let logged = Logs::with(key);
            assert!(logged.is_empty(), "logged: {logged:#?}");
        }
        answer
    }

    /// What becomes of one answer.
    pub(super) async fn answered(&self, response: Response) -> Result<Completion, Failure> {
        self.server.then(response);
        self.ask(false).await
    }

    pub(super) async fn retried(&self, response: Response) -> Option<Duration> {
        match self.answered(response).await {
            Err(Failure::Retry { after, .. }) => after,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn misconfigured(&self, response: Response) -> String {
        match self.answered(response).await {
            Err(Failure::Misconfigured(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn rejected(&self, response: Response) -> String {
        match self.answered(response).await {
            Err(Failure::Rejected(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }
}

fn turn(role: Role, text: &str) -> Turn {
    Turn {
        role,
        text: text.to_owned(),
    }
}
