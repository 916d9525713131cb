use crate::{
    Authority, Backend, Database, WAIT_TIMEOUT, example_channel, plugins::share_compiled_plugins,
};
use serde_json::json;
use std::{
    fmt::Display,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
};

/// The server as a process of its own, which can be killed.
pub struct Node {
    pub address: SocketAddr,
    child: Child,
    lines: Arc<Mutex<String>>,
}

/// What a server process keeps between two starts: its settings, its data, its database.
pub struct Site {
    binary: &'static str,
    pub config: PathBuf,
    database: Database,
    dir: TempDir,
}

impl Site {
    /// `binary` is `env!("CARGO_BIN_EXE_push-notify-under-test")`; `settings` is TOML, none of
    /// `[server]`, `[database]`, `[network]`, `[rate_limit]` and `[plugins]`. The example channel
    /// is loaded.
    pub async fn new(on: Backend, binary: &'static str, settings: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let database = Database::create(on, dir.path()).await;
        Self::in_folder(dir, database, binary, settings).await
    }

    /// As [`Site::new`], on a database that somebody else keeps.
    pub async fn on(url: &str, binary: &'static str, settings: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let database = Database::of_somebody_else(url);
        Self::in_folder(dir, database, binary, settings).await
    }

    async fn in_folder(
        dir: TempDir,
        database: Database,
        binary: &'static str,
        settings: &str,
    ) -> Self {
        let data = dir.path().join("data");
        let plugins = dir.path().join("plugins");
        std::fs::create_dir(&plugins).expect("a folder");
        std::fs::write(plugins.join("hook.wasm"), example_channel()).expect("it is written");
        share_compiled_plugins(&data).await;
        let text = format!(
            r#"
            [server]
            listen = "127.0.0.1:0"
            data_dir = {data}
            [database]
            url = {url}
            [network]
            allow = ["127.0.0.0/8"]
            extra_roots = [{root}]
            [rate_limit]
            enabled = false
            [plugins]
            dir = {plugins}
            [plugins.hook]
            grants = ["http:${{config.url}}"]
            {settings}
            "#,
            data = quoted(data.display()),
            url = quoted(&database.url),
            root = quoted(Authority::get().root().display()),
            plugins = quoted(plugins.display()),
        );
        let config = dir.path().join("config.toml");
        std::fs::write(&config, text).expect("it is written");
        Self {
            binary,
            config,
            database,
            dir,
        }
    }

    /// Where it runs.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Starts a server and waits until it listens and has its plugins.
    pub async fn start(&self) -> Node {
        Node::start(self.command()).await
    }

    /// As [`Site::start`], with more arguments.
    pub async fn start_with(&self, arguments: &[&str]) -> Node {
        let mut command = self.command();
        command.args(arguments);
        Node::start(command).await
    }

    /// As [`Site::start`], with so many open files, of which the first can be raised to the second.
    pub async fn start_with_files(&self, soft: u32, hard: u32) -> Node {
        let mut command = Command::new("prlimit");
        command
            .arg(format!("--nofile={soft}:{hard}"))
            .arg(self.binary);
        Node::start(self.prepared(command, &["serve"])).await
    }

    /// Leaves the folder behind, for whoever wants to look into it. Returns where it is.
    pub fn keep(&mut self) -> PathBuf {
        self.dir.disable_cleanup(true);
        self.dir.path().to_owned()
    }

    /// Runs a command with these settings to its end: its exit code, and what it says.
    pub async fn run(&self, arguments: &[&str]) -> (i32, String) {
        let running = self.command_of(arguments).output();
        let output = tokio::time::timeout(WAIT_TIMEOUT, running)
            .await
            .expect("it ends");
        let output = output.expect("it can be started");
        let code = output.status.code().expect("nobody kills it");
        let said = [output.stdout, output.stderr].concat();
        (code, String::from_utf8_lossy(&said).into_owned())
    }

    /// Starts a command and kills it after `time`, unless it has ended.
    pub async fn run_for(&self, arguments: &[&str], time: std::time::Duration) {
        let mut child = self
            .command_of(arguments)
            .spawn()
            .expect("it can be started");
        if tokio::time::timeout(time, child.wait()).await.is_err() {
            child.kill().await.expect("it can be killed");
        }
    }

    /// Where the secret key is.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Starts a server that is not expected to run, and returns what it says.
    pub async fn fail(&self) -> String {
        self.fail_with(&[]).await
    }

    /// As [`Site::fail`], with more arguments.
    pub async fn fail_with(&self, arguments: &[&str]) -> String {
        let running = self.command().args(arguments).output();
        let output = tokio::time::timeout(WAIT_TIMEOUT, running)
            .await
            .expect("it ends");
        let output = output.expect("it can be started");
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    fn command(&self) -> Command {
        self.command_of(&["serve"])
    }

    fn command_of(&self, arguments: &[&str]) -> Command {
        self.prepared(Command::new(self.binary), arguments)
    }

    fn prepared(&self, mut command: Command, arguments: &[&str]) -> Command {
        command
            .args(arguments)
            .arg("--config")
            .arg(&self.config)
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// As a TOML string.
fn quoted(text: impl Display) -> String {
    json!(text.to_string()).to_string()
}

impl Node {
    async fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the server starts");
        let lines = Arc::new(Mutex::new(String::new()));
        let (found, mut listening) = watch::channel(None);
        let found = Arc::new(found);
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        tokio::spawn(read(stdout, lines.clone(), None));
        tokio::spawn(read(stderr, lines.clone(), Some(found)));
        let waiting = listening.wait_for(Option::is_some);
        let address = match tokio::time::timeout(WAIT_TIMEOUT, waiting).await {
            Ok(Ok(address)) => address.expect("it was waited for"),
            _ => panic!(
                "the server does not listen:\n{}",
                lines.lock().expect("no test panics with it")
            ),
        };
        Self {
            address,
            child,
            lines,
        }
    }

    /// `kill -9`, and waits until it is gone.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// Tells it to read its settings again.
    pub async fn hang_up(&self) {
        self.signal("-HUP").await;
    }

    async fn signal(&self, signal: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill").args([signal, &id]).status().await;
        assert!(told.is_ok_and(|status| status.success()));
    }

    /// Asks it to end, as an operator does, and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal("-TERM").await;
        tokio::time::timeout(WAIT_TIMEOUT, self.child.wait())
            .await
            .expect("it ends in time")
            .expect("it was started")
    }

    /// The most memory that it ever held, in KiB.
    pub fn peak_kib(&self) -> i64 {
        self.status("VmHWM:")
    }

    /// The memory of its own that it holds now, in KiB.
    pub fn resident_kib(&self) -> i64 {
        self.status("RssAnon:")
    }

    fn status(&self, field: &str) -> i64 {
        let id = self.child.id().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.and_then(|number| number.parse().ok()).expect(field)
    }

    /// All that it wrote.
    pub fn output(&self) -> String {
        self.lines.lock().expect("no test panics with it").clone()
    }
}

impl Drop for Node {
    /// What it said belongs to the test that failed.
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{} said:\n{}", self.address, self.output());
        }
    }
}

async fn read(
    stream: impl AsyncRead + Unpin,
    kept: Arc<Mutex<String>>,
    found: Option<Arc<watch::Sender<Option<SocketAddr>>>>,
) {
    let mut lines = BufReader::new(stream).lines();
    let (mut address, mut is_loaded) = (None, false);
    while let Ok(Some(line)) = lines.next_line().await {
        let listens = line
            .split_once("listening on http://")
            .and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
        address = address.or(listens);
        is_loaded |= line.contains("the plugins are loaded");
        if let (Some(found), Some(address), true) = (&found, address, is_loaded) {
            found.send(Some(address)).ok();
        }
        let mut kept = kept.lock().expect("no test panics with it");
        kept.push_str(&line);
        kept.push('\n');
    }
}
