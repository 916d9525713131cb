//! What the operating system says of this process, under the names that Prometheus' own clients
//! use. Linux only; elsewhere nothing is said.

use super::text::Text;
use std::fs;

/// Of `utime` and `stime`: 100 on every Linux that we run on.
const TICKS: f64 = 100.0;

/// `started_at` is in microseconds since 1970.
pub(super) fn write(text: &mut Text, started_at: i64) {
    text.gauge(
        "process_start_time_seconds",
        "When the process started, in seconds since 1970.",
        started_at as f64 / 1e6,
    );
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bytes = |name: &str| kib(&status, name).map(|kib| kib * 1024);
    if let Some(bytes) = bytes("VmRSS:") {
        let help = "Memory that the process has in RAM.";
        text.gauge("process_resident_memory_bytes", help, bytes);
    }
    if let Some(bytes) = bytes("VmSize:") {
        let help = "Memory that the process has addresses for.";
        text.gauge("process_virtual_memory_bytes", help, bytes);
    }
    if let Some(seconds) = cpu_seconds() {
        let help = "Time on the CPU, for itself and in the kernel.";
        text.counter("process_cpu_seconds_total", help, seconds);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        let help = "Open file descriptors.";
        text.gauge("process_open_fds", help, files.count());
    }
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    if let Some(most) = most_files(&limits) {
        let help = "Most file descriptors that may be open.";
        text.gauge("process_max_fds", help, most);
    }
    if let Some(threads) = number_after(&status, "Threads:") {
        text.gauge("process_threads", "Threads.", threads);
    }
}

fn kib(status: &str, name: &str) -> Option<u64> {
    number_after(status, name)
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Fields 14 and 15 of `/proc/self/stat`; the second may hold anything, in brackets.
fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks = rest.split_whitespace().skip(11).take(2);
    let ticks = ticks
        .map(|ticks| ticks.parse::<u64>().ok())
        .sum::<Option<u64>>()?;
    Some(ticks as f64 / TICKS)
}

fn most_files(limits: &str) -> Option<u64> {
    let rest = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    rest.split_whitespace().next()?.parse().ok()
}
