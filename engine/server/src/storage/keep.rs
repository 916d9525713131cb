use super::{Storage, store};
use crate::app::App;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// What a server that dies has not written down is counted anew some time (`recount`).
const WRITE_EVERY: Duration = Duration::from_secs(5);
/// What other servers stored, and to whom repositories belong.
const READ_EVERY: Duration = Duration::from_secs(30);

/// Writes down what this server stored, and reads what the others did, until `stop`; then once
/// more.
pub async fn run(app: App, stop: CancellationToken) {
    let mut read: Option<Instant> = None;
    loop {
        let done = match read {
            Some(last) if last.elapsed() < READ_EVERY => save(&app, &app.storage).await,
            _ => keep(&app).await.inspect(|()| read = Some(Instant::now())),
        };
        if let Err(error) = done {
            app.db.report(&error, "cannot count what is stored");
        }
        if stop.is_cancelled() {
            return;
        }
        timeout(WRITE_EVERY, stop.cancelled()).await.ok();
    }
}

pub(super) async fn keep(app: &App) -> Result<(), sqlx::Error> {
    save(app, &app.storage).await?;
    app.storage.learn(&store::all(app.db.read()).await?);
    Ok(())
}

async fn save(app: &App, storage: &Storage) -> Result<(), sqlx::Error> {
    let unsaved = storage.take_unsaved();
    if unsaved.is_empty() {
        return Ok(());
    }
    let written = async {
        let mut transaction = app.db.begin().await?;
        store::add(&mut transaction, &unsaved).await?;
        transaction.commit().await
    };
    written.await.inspect_err(|_| storage.put_back(&unsaved))
}
