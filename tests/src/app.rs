use crate::{
    Answer, Api, Authority, Backend, Database, Delivery, Logs, plugins::share_compiled_plugins,
    until,
};
use push_notify::run::Server;
use push_notify_core::{
    clock::Clock,
    config::{self, Config, PluginSwitch},
};
use serde_json::{Value, json};
use std::{ops::Deref, path::PathBuf};
use tempfile::TempDir;

/// A server of the test's own, in this process, with an administrator logged in.
pub struct TestApp {
    pub server: Server,
    pub config: Config,
    /// Logged in as the administrator.
    pub api: Api,
    pub admin_password: String,
    /// Values that must not show up anywhere.
    pub secrets: Vec<String>,
    // Dropped in this order: the server's connections first.
    _database: Database,
    _dir: TempDir,
}

/// What the server is started with.
pub struct Builder {
    backend: Backend,
    /// None: one of its own.
    database: Option<Database>,
    config: Config,
    clock: Clock,
    dir: TempDir,
}

/// A repository as the administrator made it.
#[derive(Debug, Clone)]
pub struct Repo {
    pub id: i64,
    /// Path of its webhook address.
    pub path: String,
    pub secret: String,
}

impl TestApp {
    pub async fn start(backend: Backend) -> Self {
        Self::on(backend).start().await
    }

    pub fn on(backend: Backend) -> Builder {
        let dir = tempfile::tempdir().expect("a folder");
        let mut config = config::load(None).expect("the defaults are sound");
        config.server.listen = "127.0.0.1:0".parse().expect("an address");
        config.server.public_url = "https://notify.example.com".to_owned();
        config.server.data_dir = dir.path().join("data");
        config.server.shutdown_seconds = 5;
        config.auth.admin_password = format!("Admin-not-real-{}", random());
        config.network.allow = loopback();
        config.network.extra_roots = vec![Authority::get().root()];
        config.rate_limit.enabled = false;
        config.delivery.backoff_base_ms = 50;
        config.delivery.backoff_cap_ms = 400;
        config.delivery.breaker_base_ms = 50;
        config.delivery.breaker_cap_ms = 400;
        Builder {
            backend,
            database: None,
            config,
            clock: Clock::default(),
            dir,
        }
    }

    /// Another server on the same database.
    pub fn beside(&self) -> Builder {
        let dir = tempfile::tempdir().expect("a folder");
        let mut config = self.config.clone();
        let key = std::fs::read_to_string(config.server.data_dir.join("secret.key"));
        config.secrets.key = key.expect("the first one's key").trim().to_owned();
        config.server.data_dir = dir.path().join("data");
        Builder {
            database: Some(Database::of_somebody_else(&config.database.url)),
            backend: Backend::Postgres,
            config,
            clock: Clock::default(),
            dir,
        }
    }

    /// Makes a user with the password `User-not-real-1`, and returns the id and a client that is
    /// logged in.
    pub async fn user(&self, username: &str, role: &str) -> (i64, Api) {
        let password = "User-not-real-1";
        let body = json!({
            "username": username,
            "email": format!("{username}@example.com"),
            "password": password,
            "role": role,
        });
        let made = self.api.post("/api/v1/users", &body).await.expect(200);
        let api = self.anonymous().unrecorded();
        let (api, _) = api.login(username, password).await;
        (made.id(), api)
    }

    /// Makes a GitHub repository.
    pub async fn repo(&mut self, name: &str) -> Repo {
        self.repo_with(name, json!({})).await
    }

    /// As [`TestApp::repo`], with other or more fields.
    pub async fn repo_with(&mut self, name: &str, fields: Value) -> Repo {
        let secret = format!("webhook-secret-not-real-{}", random());
        self.secrets.push(secret.clone());
        let mut body = json!({
            "name": name,
            "url": "https://github.com/company/backend-service",
            "type": "github",
            "webhook_secret": secret,
        });
        if let (Value::Object(body), Value::Object(fields)) = (&mut body, fields) {
            body.extend(fields);
        }
        // The one answer that may show the secret, to whoever made it up.
        let made = self.api.unrecorded().post("/api/v1/repos", &body).await;
        assert!(matches!(made.status, 200 | 201), "{}", made.text);
        let url = made.data()["webhook_url"].as_str().expect("a webhook URL");
        let path = url
            .strip_prefix("https://notify.example.com")
            .expect("at the public address");
        Repo {
            id: made.id(),
            path: path.to_owned(),
            secret,
        }
    }

    /// Makes a target, and returns its id. It gets what every repository sends, unless the body
    /// says otherwise.
    pub async fn target(&mut self, body: Value) -> i64 {
        for field in ["access_token", "secret", "password"] {
            if let Some(secret) = body["config"][field].as_str() {
                self.secrets.push(secret.to_owned());
            }
        }
        let made = self.api.post("/api/v1/targets", &body).await;
        assert!(matches!(made.status, 200 | 201), "{}", made.text);
        made.id()
    }

    /// Sends a webhook.
    pub async fn deliver(&self, repo: &Repo, delivery: Delivery) -> Answer {
        let request = self
            .api
            .anonymous()
            .request(reqwest::Method::POST, &repo.path);
        self.api.send(delivery.onto(request, &repo.secret)).await
    }

    /// Sends a webhook that is taken, and returns the ids of its pushes.
    pub async fn push(&self, repo: &Repo, commit: &str) -> Vec<i64> {
        push_ids(&self.deliver(repo, Delivery::push(commit)).await.expect(200))
    }

    pub async fn push_detail(&self, id: i64) -> Value {
        self.api
            .get(&format!("/api/v1/pushes/{id}"))
            .await
            .expect(200)
            .data()
            .clone()
    }

    /// The push, when it has come to `state`. Panics when it ended in another.
    pub async fn push_in_state(&self, id: i64, state: &str) -> Value {
        until(&format!("push {id} to be {state}"), async || {
            let push = self.push_detail(id).await;
            let there = push["state"] == state;
            let may_come = matches!(push["state"].as_str(), Some("pending" | "parked"));
            assert!(there || may_come, "push {id} is not {state}: {push:#}");
            there.then_some(push)
        })
        .await
    }

    /// The push, when its `count`th attempt is over and recorded.
    pub async fn push_after(&self, id: i64, count: usize) -> Value {
        until(&format!("attempt {count} at push {id}"), async || {
            let push = self.push_detail(id).await;
            let attempts = push["attempts"].as_array().map_or(0, Vec::len);
            let held = push["state"] == "pending" && push["next_attempt_at"].is_null();
            (attempts >= count && !held).then_some(push)
        })
        .await
    }

    /// Lets time pass at once, and tells the workers.
    pub fn advance(&self, by: std::time::Duration) {
        self.server.app().clock.advance(by);
        self.server.app().wake.notify_one();
    }

    /// Every file of its database, as it is on disk.
    pub fn database_files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let path = self.config.database.url.strip_prefix("sqlite://");
        let path = path.expect("only SQLite's files are at hand");
        ["", "-wal"]
            .into_iter()
            .map(|suffix| PathBuf::from(format!("{path}{suffix}")))
            .filter_map(|path| Some((path.clone(), std::fs::read(path).ok()?)))
            .collect()
    }

    /// Panics when a secret is in a log line or an answer.
    #[track_caller]
    pub fn assert_nothing_leaked(&self) {
        assert!(!Logs::with("listening on").is_empty(), "somebody listens");
        let answers = self.api.answered.lock().expect("no test panics with it");
        for secret in self.secrets.iter().chain([&self.admin_password]) {
            assert!(secret.len() > 8, "{secret} is too short to look for");
            let lines = Logs::with(secret);
            assert!(lines.is_empty(), "logged: {lines:#?}");
            for answer in answers.iter() {
                assert!(!answer.contains(secret.as_str()), "answered: {answer}");
            }
        }
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl Deref for TestApp {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Builder {
    pub fn config(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// The server goes by this clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Loads a plugin besides the official ones.
    pub fn plugin(mut self, id: &str, wasm: &[u8], grants: &[&str]) -> Self {
        std::fs::create_dir_all(self.plugin_dir()).expect("a folder for plugins");
        std::fs::write(self.plugin_dir().join(format!("{id}.wasm")), wasm).expect("it is written");
        self.config.plugins.dir = self.plugin_dir().display().to_string();
        let grants = grants.iter().map(ToString::to_string).collect();
        self.config.plugins.each.insert(
            id.to_owned(),
            PluginSwitch {
                enabled: true,
                grants,
            },
        );
        self
    }

    pub fn plugin_dir(&self) -> PathBuf {
        self.dir.path().join("plugins")
    }

    pub async fn start(mut self) -> TestApp {
        Logs::capture();
        let database = match self.database {
            Some(database) => database,
            None => Database::create(self.backend, self.dir.path()).await,
        };
        self.config.database.url = database.url.clone();
        share_compiled_plugins(&self.config.server.data_dir).await;
        let mut server = Server::start_with(self.config.clone(), None, self.clock)
            .await
            .expect("the server starts");
        server.loaded().await;
        let admin_password = self.config.auth.admin_password.clone();
        let (api, login) = Api::new(server.address())
            .login("admin", &admin_password)
            .await;
        api.answered.lock().expect("no test panics with it").clear();
        let token = |name: &str| login.data()[name].as_str().expect("a token").to_owned();
        TestApp {
            server,
            secrets: vec![token("access_token"), token("refresh_token")],
            config: self.config,
            api,
            admin_password,
            _database: database,
            _dir: self.dir,
        }
    }
}

fn loopback() -> Vec<ipnet::IpNet> {
    ["127.0.0.0/8", "::1/128"]
        .map(|range| range.parse().expect("a range"))
        .to_vec()
}

fn random() -> String {
    hex::encode(rand::random::<[u8; 8]>())
}

fn push_ids(answer: &Answer) -> Vec<i64> {
    let ids = answer.data()["push_ids"].as_array().expect("push_ids");
    ids.iter().filter_map(Value::as_i64).collect()
}
