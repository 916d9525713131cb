use crate::{PATIENCE, workspace};
use std::{
    net::SocketAddr,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};
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

impl Node {
    /// `binary` is `env!("CARGO_BIN_EXE_push-notify-under-test")`. Returns when it listens.
    pub async fn start(binary: &str, config: &Path) -> Self {
        let mut child = Command::new(binary)
            .args(["serve", "--config"])
            .arg(config)
            .current_dir(workspace().join("target"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the server starts");
        let lines = Arc::new(Mutex::new(String::new()));
        let (found, mut listening) = watch::channel(None);
        let found = Arc::new(found);
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        tokio::spawn(read(stdout, lines.clone(), None));
        tokio::spawn(read(stderr, lines.clone(), Some(found)));
        let waiting = listening.wait_for(Option::is_some);
        let address = match tokio::time::timeout(PATIENCE, waiting).await {
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

    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Waits for it to end by itself.
    pub async fn ended(&mut self) -> std::process::ExitStatus {
        tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .expect("it ends in time")
            .expect("it was started")
    }

    /// All that it wrote.
    pub fn output(&self) -> String {
        self.lines.lock().expect("no test panics with it").clone()
    }
}

async fn read(
    stream: impl AsyncRead + Unpin,
    kept: Arc<Mutex<String>>,
    found: Option<Arc<watch::Sender<Option<SocketAddr>>>>,
) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let address = line
            .split_once("listening on http://")
            .and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
        if let (Some(found), Some(address)) = (&found, address) {
            found.send(Some(address)).ok();
        }
        let mut kept = kept.lock().expect("no test panics with it");
        kept.push_str(&line);
        kept.push('\n');
    }
}
