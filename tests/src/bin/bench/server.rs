//! The server under measure, as a process of its own, and its admin API.

use crate::{child::Process, far_side, fetch, payload::SECRET, place::Place};
use anyhow::{Context as _, bail, ensure};
use push_notify_manifest::{Manifest, Permissions};
use push_notify_tests::{OpenAi, forge::Forge};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::process::Command;

const PASSWORD: &str = "bench-password-not-real";
/// In base64. The nodes of one database need the same.
const KEY: &str = "YmVuY2gta2V5LW5vdC1yZWFsLWJlbmNoLWtleS0wMDE=";
const SETTLE_TIMEOUT: Duration = Duration::from_secs(20);
/// Tokens: more than any run uses, but a bound that has to be looked after.
const PLENTY: u64 = 1 << 40;

/// What differs between the servers of a run.
#[derive(Clone, Copy, Default)]
pub(crate) struct Settings<'a> {
    /// `None` is SQLite.
    pub(crate) database: Option<&'a str>,
    /// `None`: what nodes share is in memory.
    pub(crate) redis: Option<&'a str>,
    /// A fresh instance for every call of the channel, which is what a plugin gets that does not
    /// ask for more.
    pub(crate) fresh_channel: bool,
    /// Pushes wait in the table, but for one on its way and some behind it: nothing but the record
    /// is made of them.
    pub(crate) hold_pushes: bool,
    /// Reviews at the same time, all of them of one repository; and nobody counts tokens out.
    /// `None` is as the server comes.
    pub(crate) reviews: Option<usize>,
}

pub(crate) struct Server {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    client: reqwest::Client,
    token: String,
    prepared: Prepared,
}

/// A program with its configuration, ready to be started any number of times.
pub(crate) struct Prepared {
    program: PathBuf,
    directory: TempDir,
    /// None: SQLite, in the directory.
    database: Option<String>,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) async fn start(place: &Place, settings: Settings<'_>) -> anyhow::Result<Self> {
        let prepared = Prepared::new(place, settings)?;
        let process = prepared.start()?;
        let process = prepared.until_it_answers(process)?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        let mut server = Self {
            process,
            address: prepared.address,
            client,
            token: String::new(),
            prepared,
        };
        let login = json!({ "username": "admin", "password": PASSWORD });
        let data = server.call(Method::POST, "auth/login", Some(login)).await?;
        server.token = text(&data, "access_token")?;
        Ok(server)
    }

    /// The same server, started anew: what is done once, such as compiling plugins, is done.
    pub(crate) async fn restarted(self) -> anyhow::Result<Self> {
        self.process.stop().await;
        let process = self.prepared.until_it_answers(self.prepared.start()?)?;
        Ok(Self { process, ..self })
    }

    /// A new repository; the path at which its webhooks arrive.
    pub(crate) async fn repo(&self, name: &str) -> anyhow::Result<Repo> {
        let url = format!("https://github.example.com/orchard/{name}");
        self.add_repo(json!({ "name": name, "url": url })).await
    }

    /// A repository of this Git host, whose merge requests are reviewed by this model. The host is
    /// to show what was found.
    pub(crate) async fn reviewed_repo(
        &self,
        name: &str,
        host: &Forge,
        model: &OpenAi,
    ) -> anyhow::Result<Repo> {
        let reviewer = json!({
            "name": "reviewer",
            "type": OpenAi::MODEL,
            "provider": "openai",
            "api_url": model.completions_url(),
            "api_key": model.key,
        });
        let reviewer = self.call(Method::POST, "models", Some(reviewer)).await?;
        let repo = json!({
            "name": name,
            "url": host.repository_url(),
            "access_token": host.token,
            "model_id": reviewer["id"],
            "review": { "publish": ["inline", "summary"], "language": "en-US" },
        });
        self.add_repo(repo).await
    }

    async fn add_repo(&self, mut body: Value) -> anyhow::Result<Repo> {
        body["type"] = "github".into();
        body["webhook_secret"] = SECRET.into();
        let data = self.call(Method::POST, "repos", Some(body)).await?;
        let id = data["id"].as_i64().context("a repository without an id")?;
        let url = text(&data, "webhook_url")?;
        let (_, path) = url.split_once("/webhook/").context("an odd webhook URL")?;
        Ok(Repo {
            id,
            path: format!("/webhook/{path}"),
        })
    }

    /// A target of this repository that posts to `path` of the far side.
    pub(crate) async fn target(
        &self,
        repo: &Repo,
        far_side: SocketAddr,
        path: &str,
        name: &str,
    ) -> anyhow::Result<()> {
        let body = json!({
            "name": format!("{name} of repository {}", repo.id),
            "type": "hook",
            "config": { "url": format!("http://{far_side}{path}") },
            "scope": "repo",
            "repo_ids": [repo.id],
        });
        self.call(Method::POST, "targets", Some(body)).await?;
        Ok(())
    }

    /// A repository whose only target is the far side's path.
    pub(crate) async fn repo_with_target(
        &self,
        name: &str,
        far_side: SocketAddr,
        path: &str,
    ) -> anyhow::Result<Repo> {
        let repo = self.repo(name).await?;
        self.target(&repo, far_side, path, "target").await?;
        Ok(repo)
    }

    /// A repository with the targets `/now/1` to `/now/COUNT`.
    pub(crate) async fn repo_with_targets(
        &self,
        name: &str,
        far_side: SocketAddr,
        count: usize,
    ) -> anyhow::Result<Repo> {
        let repo = self.repo(name).await?;
        for number in 1..=count {
            let path = format!("{}/{number}", far_side::NOW);
            self.target(&repo, far_side, &path, &format!("target {number}"))
                .await?;
        }
        Ok(repo)
    }

    /// Where its database can be read.
    pub(crate) fn database(&self) -> String {
        if let Some(url) = &self.prepared.database {
            return url.clone();
        }
        let directory = self.prepared.directory.path();
        format!(
            "sqlite://{}/data/push-notify.db?mode=ro",
            directory.display()
        )
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let url = format!("http://{}/api/v1/{path}", self.address);
        let mut request = self
            .client
            .request(method, url)
            .bearer_auth(&self.token)
            .header("accept-language", "en-US");
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let mut answer: Value = answer.json().await?;
        if !status.is_success() {
            bail!("{path}: {status} {answer}\n{}", self.last_words());
        }
        Ok(answer["data"].take())
    }

    fn last_words(&self) -> String {
        last_words(self.prepared.directory.path())
    }

    /// The last lines of the server's log, with a problem that it may explain.
    pub(crate) fn explain<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.with_context(|| format!("the server's last words:\n{}", self.last_words()))
    }
}

/// Where webhooks of a repository go.
pub(crate) struct Repo {
    pub(crate) id: i64,
    pub(crate) path: String,
}

impl Prepared {
    pub(crate) fn new(place: &Place, settings: Settings<'_>) -> anyhow::Result<Self> {
        let directory = place.directory()?;
        let plugins = directory.path().join("plugins");
        fs::create_dir(&plugins)?;
        fs::write(plugins.join("hook.wasm"), channel(place)?)?;
        let address = free_address()?;
        fs::write(
            directory.path().join("config.toml"),
            config(directory.path(), address, settings),
        )?;
        Ok(Self {
            program: place.server.clone(),
            directory,
            database: settings.database.map(str::to_owned),
            address,
        })
    }

    pub(crate) fn start(&self) -> anyhow::Result<Process> {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.directory.path().join("log"))?;
        let mut command = Command::new(&self.program);
        command
            .args(["serve", "--config"])
            .arg(self.directory.path().join("config.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        // Settings of whoever runs the bench must not reach the server.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PUSH_NOTIFY_")) {
            command.env_remove(name);
        }
        Process::start(&mut command)
    }

    /// Blocks until the server is healthy, and looks often.
    pub(crate) fn until_it_answers(&self, mut process: Process) -> anyhow::Result<Process> {
        let started = Instant::now();
        while fetch::get(self.address, "/readyz").is_err() {
            let late = started.elapsed() > SETTLE_TIMEOUT;
            ensure!(
                !late && !process.has_ended(),
                "the server does not start:\n{}",
                last_words(self.directory.path())
            );
            std::thread::sleep(Duration::from_micros(500));
        }
        Ok(process)
    }
}

fn config(directory: &Path, address: SocketAddr, settings: Settings<'_>) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let grants = match settings.fresh_channel {
        true => json!(["http:${config.url}"]),
        false => json!(["http:${config.url}", "reuse"]),
    };
    let delivery = match settings.hold_pushes {
        true => "[delivery]\nqueue = 64\nper_target = 1\n",
        false => "",
    };
    let review = settings.reviews.map(|most| {
        format!("[review]\nconcurrency = {most}\nper_repo = {most}\nrepo_daily_tokens = {PLENTY}\n")
    });
    let review = review.unwrap_or_default();
    format!(
        "[server]\nlisten = {}\ndata_dir = {}\n[database]\nurl = {}\n[redis]\nurl = {}\n\
         [auth]\nadmin_password = {}\n[secrets]\nkey = \"{KEY}\"\n\
         [network]\nallow = [\"127.0.0.1/32\"]\n[rate_limit]\nenabled = false\n{delivery}{review}\
         [plugins]\ndir = {}\n[plugins.hook]\ngrants = {grants}\n",
        quoted(&address.to_string()),
        quoted(&directory.join("data").to_string_lossy()),
        quoted(settings.database.unwrap_or("sqlite")),
        quoted(settings.redis.unwrap_or_default()),
        quoted(PASSWORD),
        quoted(&directory.join("plugins").to_string_lossy()),
    )
}

/// The example channel as an official one would be: it may keep its instances, and it brings a text
/// (DingTalk's).
fn channel(place: &Place) -> anyhow::Result<Vec<u8>> {
    let component = place.component("guests", "hook.wasm")?;
    let manifest = push_notify_tests::manifest_of(&component);
    let dingtalk = push_notify_tests::manifest_of(&place.component("plugins", "dingtalk.wasm")?);
    let changed = Manifest {
        permissions: Permissions {
            reuse: dingtalk.permissions.reuse,
            ..manifest.permissions
        },
        templates: dingtalk.templates,
        ..manifest
    };
    Ok(push_notify_tests::replace_manifest(&component, &changed))
}

/// A moment ago nobody listened there.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn last_words(directory: &Path) -> String {
    let log = fs::read_to_string(directory.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}

fn text(data: &Value, name: &str) -> anyhow::Result<String> {
    data[name]
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("an answer without `{name}`"))
}
