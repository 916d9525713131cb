use super::{Dropped, Level, Line, Lines, store};
use crate::app::App;
use push_notify_db::rows::MOST;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

/// A line is written at the latest after this.
const GATHERING: Duration = Duration::from_millis(250);
/// After a full batch: a flood of lines must not take the disk from webhooks.
const BREATH: Duration = Duration::from_millis(100);
const ATTEMPTS: u32 = 3;
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(1);

/// Writes lines until `stop`, then what still waits.
pub async fn run(app: App, mut lines: Lines, stop: CancellationToken) {
    let mut report = Report::of(lines.dropped().clone());
    loop {
        let mut batch = Vec::new();
        let gathered = stop
            .run_until_cancelled(gather(&mut lines, &mut batch))
            .await;
        match gathered {
            Some(true) => {}
            // Everything is here already: no line waits for a peer.
            Some(false) | None => break finish(&app, &mut lines, batch, &mut report, &stop).await,
        }
        let full = batch.len() == MOST;
        write(&app, batch, &mut report, &stop).await;
        if full {
            sleep(BREATH).await;
        }
    }
}

/// False: nobody can log any more.
async fn gather(lines: &mut Lines, batch: &mut Vec<Line>) -> bool {
    if lines.take(batch, MOST).await == 0 {
        return false;
    }
    let end = Instant::now() + GATHERING;
    while batch.len() < MOST {
        match timeout_at(end, lines.take(batch, MOST - batch.len())).await {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
    }
    true
}

async fn finish(
    app: &App,
    lines: &mut Lines,
    mut batch: Vec<Line>,
    report: &mut Report,
    stop: &CancellationToken,
) {
    loop {
        let room = MOST.saturating_sub(batch.len());
        lines.take_now(&mut batch, room);
        if batch.is_empty() {
            return;
        }
        write(app, std::mem::take(&mut batch), report, stop).await;
    }
}

/// Gives up after some attempts: what cannot be written must not keep the rest from being written.
async fn write(app: &App, mut batch: Vec<Line>, report: &mut Report, stop: &CancellationToken) {
    for attempt in 1..=ATTEMPTS {
        let told = report.add_to(&mut batch, app);
        match store::insert(&app.db, &batch).await {
            Ok(()) => {
                report.told(told);
                return;
            }
            Err(error) => {
                batch.truncate(batch.len() - usize::from(told > 0));
                tracing::warn!(%error, attempt, "cannot write the system log");
            }
        }
        if stop.is_cancelled() {
            break;
        }
        stop.run_until_cancelled(sleep(BETWEEN_ATTEMPTS)).await;
    }
    report.dropped.add(batch.len());
}

/// Tells, in the log itself, what is missing from it.
struct Report {
    dropped: Dropped,
    told: u64,
}

impl Report {
    fn of(dropped: Dropped) -> Self {
        Self { dropped, told: 0 }
    }

    /// Returns how many lines the added one is about; 0: none was added.
    fn add_to(&self, batch: &mut Vec<Line>, app: &App) -> u64 {
        let missing = self.dropped.count() - self.told;
        if missing > 0 {
            batch.push(Line {
                level: Level::Warn,
                module: "log".to_owned(),
                message: format!("{missing} log lines were dropped"),
                detail: None,
                request_id: None,
                client_ip: None,
                created_at: app.clock.now_us(),
            });
        }
        missing
    }

    fn told(&mut self, count: u64) {
        self.told += count;
    }
}
