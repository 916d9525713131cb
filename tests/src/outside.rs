use crate::{Authority, Mail, until};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::Stdio,
};
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

/// A mail server that is none of our own work: aiosmtpd, with STARTTLS and without login.
pub struct AioSmtpd {
    pub address: SocketAddr,
    dir: TempDir,
    _child: Child,
}

impl AioSmtpd {
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let address = free_address();
        let certificates = Authority::get().dir();
        let child = Command::new(python().await)
            .args([
                "-m",
                "aiosmtpd",
                "--nosetuid",
                "--listen",
                &address.to_string(),
            ])
            .arg("--tlscert")
            .arg(certificates.join("server.pem"))
            .arg("--tlskey")
            .arg(certificates.join("server.key"))
            .args(["--class", "aiosmtpd.handlers.Mailbox"])
            .arg(dir.path().join("mail"))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("aiosmtpd starts");
        until("aiosmtpd to listen", async || {
            TcpStream::connect(address).await.ok()
        })
        .await;
        Self {
            address,
            dir,
            _child: child,
        }
    }

    /// Waits for that many mails.
    pub async fn wait_for(&self, count: usize) -> Vec<Mail> {
        let new = self.dir.path().join("mail/new");
        until(&format!("{count} mails in the Maildir"), async || {
            Some(read(&new)).filter(|mails| mails.len() >= count)
        })
        .await
    }
}

/// A Redis of the test's own, which may be killed, stopped and started again.
pub struct RedisServer {
    address: SocketAddr,
    child: Child,
}

impl RedisServer {
    pub async fn start() -> Self {
        let address = free_address();
        let child = Self::run(address).await;
        Self { address, child }
    }

    async fn run(address: SocketAddr) -> Child {
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &address.port().to_string()])
            .args(["--save", "", "--appendonly", "no"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server starts: run `tests/services.sh ensure`");
        until("Redis to listen", async || {
            TcpStream::connect(address).await.ok()
        })
        .await;
        child
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// Where it was before, with nothing in it.
    pub async fn start_again(&mut self) {
        self.child = Self::run(self.address).await;
    }

    /// From now on it takes connections and says nothing.
    pub async fn freeze(&self) {
        self.signal("-STOP").await;
    }

    pub async fn thaw(&self) {
        self.signal("-CONT").await;
    }

    async fn signal(&self, signal: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let told = Command::new("kill").args([signal, &id]).status().await;
        assert!(told.is_ok_and(|status| status.success()));
    }
}

/// The one that all tests share.
pub fn redis_url() -> String {
    std::env::var("PUSH_NOTIFY_TEST_REDIS").unwrap_or_else(|_| {
        panic!(
            "PUSH_NOTIFY_TEST_REDIS is not set: run `make test`, or `tests/services.sh run cargo test -p push-notify-tests`"
        )
    })
}

/// Free a moment ago: for servers that cannot say which port they got.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
}

fn read(folder: &Path) -> Vec<Mail> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .filter_map(|entry| std::fs::read(entry.ok()?.path()).ok())
        .map(|raw| Mail {
            from: String::new(),
            to: Vec::new(),
            raw,
            encrypted: true,
            logged_in: false,
        })
        .collect()
}

/// Debian's packages belong to its own Python, which need not be the first on the PATH.
async fn python() -> &'static str {
    for python in ["/usr/bin/python3", "python3"] {
        let asked = Command::new(python)
            .args(["-c", "import aiosmtpd"])
            .stderr(Stdio::null())
            .status()
            .await;
        if asked.is_ok_and(|status| status.success()) {
            return python;
        }
    }
    panic!("no Python has aiosmtpd: run `tests/services.sh ensure`");
}
