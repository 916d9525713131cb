//! Other processes, and what they use.

use anyhow::Context as _;
use std::{fs, net::SocketAddr, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// What the kernel counts CPU time in, seconds: the same on every Linux.
const TICK: f64 = 0.01;

/// A process of ours, killed when dropped.
pub(crate) struct Process {
    child: Child,
    id: u32,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let child = command.kill_on_drop(true).spawn();
        let child =
            child.with_context(|| format!("cannot start {:?}", command.as_std().get_program()))?;
        let id = child.id().context("a process ended at once")?;
        Ok(Self { child, id })
    }

    /// CPU time of all its threads so far, in seconds.
    pub(crate) fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.id)).context("a process is gone")?;
        // The name before may hold anything.
        let (_, fields) = stat.rsplit_once(')').context("odd /proc/PID/stat")?;
        let ticks = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<f64>().ok());
        Ok(ticks.sum::<f64>() * TICK)
    }

    /// The same of the threads that it has now, as exact as the scheduler counts.
    pub(crate) fn cpu_seconds_of_threads(&self) -> anyhow::Result<f64> {
        let threads =
            fs::read_dir(format!("/proc/{}/task", self.id)).context("a process is gone")?;
        let nanoseconds = threads.filter_map(|thread| {
            let path = thread.ok()?.path().join("schedstat");
            fs::read_to_string(path)
                .ok()?
                .split(' ')
                .next()?
                .parse::<f64>()
                .ok()
        });
        Ok(nanoseconds.sum::<f64>() / 1e9)
    }

    /// Resident memory in MiB.
    pub(crate) fn memory_mib(&self) -> anyhow::Result<f64> {
        self.status_mib("VmRSS:")
    }

    /// The most of it since the process began.
    pub(crate) fn peak_memory_mib(&self) -> anyhow::Result<f64> {
        self.status_mib("VmHWM:")
    }

    fn status_mib(&self, field: &str) -> anyhow::Result<f64> {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.id)).context("a process is gone")?;
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
        Ok(kib.context("odd /proc/PID/status")? / 1024.0)
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to stop and waits until it did.
    pub(crate) async fn stop(mut self) {
        let asked = Command::new("kill").arg(self.id.to_string()).status().await;
        if asked.is_ok() {
            tokio::time::timeout(Duration::from_secs(10), self.child.wait())
                .await
                .ok();
        }
    }
}

/// This program in another role; it serves until it is dropped.
pub(crate) struct Role {
    pub(crate) address: SocketAddr,
    pub(crate) process: Process,
}

impl Role {
    pub(crate) async fn start(role: &str) -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let mut command = Command::new(program);
        command
            .arg(role)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = Process::start(&mut command)?;
        let output = process.child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        let address = line
            .trim()
            .parse()
            .with_context(|| format!("the role {role} did not start"))?;
        Ok(Self { address, process })
    }
}

/// Runs in the other process: says where it listens, and serves until the first process is gone.
pub(crate) async fn serve(router: axum::Router) -> anyhow::Result<()> {
    use axum::serve::ListenerExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| _ = stream.set_nodelay(true));
    std::thread::spawn(|| {
        // The first process holds the other end; it says nothing.
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).ok();
        std::process::exit(0);
    });
    axum::serve(listener, router).await?;
    Ok(())
}
