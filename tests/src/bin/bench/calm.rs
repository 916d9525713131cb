//! Whether the machine has time for us. Figures of a busy one are printed and not judged.

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    hint::black_box,
    sync::Mutex,
    time::{Duration, Instant},
};

/// What others may use of the machine's CPU time.
const MOST_BY_OTHERS: f64 = 0.10;
/// The slowest of the equal pieces of work against the fastest.
const MOST_APART: f64 = 1.30;
const LOOK: Duration = Duration::from_millis(500);
/// A build that has just ended may still write its files.
const CALM_TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) struct Watch {
    /// The highest share of others, and the widest calibration, at any look.
    worst: Mutex<(f64, f64)>,
}

impl Watch {
    /// Waits a while for a calm machine.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let watch = Self {
            worst: Mutex::new((0.0, 1.0)),
        };
        let started = Instant::now();
        while share_of_others().await? > MOST_BY_OTHERS && started.elapsed() < CALM_TIMEOUT {}
        Ok(watch)
    }

    /// To be asked while everything of our own is idle.
    pub(crate) async fn is_calm(&self) -> anyhow::Result<bool> {
        let share = share_of_others().await?;
        let apart = tokio::task::spawn_blocking(calibrate).await?;
        let calm = share <= MOST_BY_OTHERS && apart <= MOST_APART;
        if !calm {
            crate::say(&format!(
                "busy: others use {:.0} % of the CPU, equal work takes up to {apart:.2}x as long",
                share * 100.0
            ));
        }
        if let Ok(mut worst) = self.worst.lock() {
            *worst = (worst.0.max(share), worst.1.max(apart));
        }
        Ok(calm)
    }

    pub(crate) fn summary(&self) -> String {
        let (share, apart) = self.worst.lock().map_or((0.0, 1.0), |worst| *worst);
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load = load.split(' ').next().unwrap_or_default().to_owned();
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        format!(
            "{cores} cores; others used at most {:.0} % of them; equal work took at most {apart:.2}x as long; load average {load} at the end",
            share * 100.0
        )
    }
}

/// The part of the machine's CPU time that was used while we slept.
async fn share_of_others() -> anyhow::Result<f64> {
    let (busy, all) = cpu_time()?;
    tokio::time::sleep(LOOK).await;
    let (busy_then, all_then) = cpu_time()?;
    Ok((busy_then - busy) / (all_then - all).max(1.0))
}

/// Ticks used and ticks passed, over all cores.
fn cpu_time() -> anyhow::Result<(f64, f64)> {
    let stat = fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<f64> = line
        .split_whitespace()
        .skip(1)
        .filter_map(|field| field.parse().ok())
        .collect();
    // user nice system idle iowait irq softirq steal; what follows is part of user.
    let all: f64 = ticks.iter().take(8).sum();
    let idle: f64 = ticks.iter().skip(3).take(2).sum();
    Ok((all - idle, all))
}

/// Runs equal pieces of work: the time of the slowest against the fastest.
fn calibrate() -> f64 {
    let data = vec![7_u8; 1 << 20];
    let times = (0..8).map(|_| {
        let started = Instant::now();
        for _ in 0..8 {
            black_box(Sha256::digest(black_box(&data)));
        }
        started.elapsed().as_secs_f64()
    });
    // The first is a warm-up.
    let rounds = crate::stat::Rounds::new(times.skip(1));
    rounds.at(1.0) / rounds.at(0.0)
}
