use crate::until;
use sqlx::{Connection as _, PgConnection};
use std::{
    env, fs,
    net::TcpListener,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Stdio,
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A PostgreSQL of the test's own, which may be stopped and started again.
pub struct PostgresServer {
    dir: TempDir,
    port: u16,
    child: Option<Child>,
}

impl PostgresServer {
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let data = dir.path().join("data");
        fs::create_dir(&data).expect("a folder");
        if is_root() {
            // Passed through, not looked into.
            fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).expect("ours");
            let given = Command::new("chown").arg("postgres").arg(&data).status();
            assert!(given.await.is_ok_and(|status| status.success()));
        }
        let made = program("initdb")
            .args(["-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust"])
            .arg("-D")
            .arg(&data)
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .status()
            .await;
        assert!(made.is_ok_and(|status| status.success()), "initdb failed");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let mut server = Self {
            dir,
            port,
            child: None,
        };
        server.start_again().await;
        server
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// As if its machine had lost power: nothing is finished, nobody is told.
    pub async fn stop_at_once(&mut self) {
        let mut child = self.child.take().expect("it runs");
        let id = child.id().expect("it runs").to_string();
        let told = Command::new("kill").args(["-QUIT", &id]).status().await;
        assert!(told.is_ok_and(|status| status.success()));
        child.wait().await.expect("it ends");
    }

    pub async fn start_again(&mut self) {
        let child = program("postgres")
            .arg("-D")
            .arg(self.dir.path().join("data"))
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            // What the system keeps survives a killed process.
            .args(["-c", "fsync=off"])
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("postgres starts");
        self.child = Some(child);
        let url = self.url();
        until("PostgreSQL to answer", async || {
            PgConnection::connect(&url).await.ok()?.close().await.ok()
        })
        .await;
    }
}

/// Connections that stand and that nobody answers, until this is dropped: what is left of them when
/// a network forgets them.
pub struct Silenced(Vec<i32>);

impl PostgresServer {
    /// Silences the connections whose last statement was a `COMMIT`.
    pub async fn silence_committers(&self) -> Silenced {
        let mut connection = PgConnection::connect(&self.url()).await.expect("it runs");
        let pids: Vec<i32> = sqlx::query_scalar(
            "SELECT pid FROM pg_stat_activity WHERE state = 'idle' AND query = 'COMMIT'",
        )
        .fetch_all(&mut connection)
        .await
        .expect("its connections");
        assert!(!pids.is_empty(), "nobody has committed anything");
        let silenced = Silenced(pids);
        silenced.signal("-STOP");
        silenced
    }
}

impl Silenced {
    fn signal(&self, signal: &str) {
        for pid in &self.0 {
            // One that is gone needs none.
            let _ = std::process::Command::new("kill")
                .args([signal, &pid.to_string()])
                .status();
        }
    }
}

impl Drop for Silenced {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

/// PostgreSQL refuses to run as root.
fn program(name: &str) -> Command {
    let path = folder().join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
        // It goes with the test.
        .args(["--pdeathsig", "INT"])
        .arg(path);
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// On the PATH, or where Debian hides it (the newest version).
fn folder() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).find(|folder| has_both(folder));
    let of_debian = || {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let folders = versions.flatten().map(|version| version.path().join("bin"));
        folders.filter(|folder| has_both(folder)).max()
    };
    on_path
        .or_else(of_debian)
        .expect("no PostgreSQL: run `tests/services.sh ensure`")
}

fn has_both(folder: &Path) -> bool {
    ["initdb", "postgres"]
        .iter()
        .all(|name| folder.join(name).is_file())
}
