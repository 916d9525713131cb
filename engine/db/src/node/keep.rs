//! Keeps a number while the server runs: looks whether its session lives, and opens another when it
//! does not.

use super::{Number, session::Session};
use push_notify_core::clock::Clock;
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A session that does not answer is taken for lost.
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// The session of a number, for [`keep`].
pub struct NodeSession(pub(super) Session);

/// Runs until `stop`. Then the number is nobody's, and what was left under it is taken over as from
/// a dead server.
pub async fn keep(
    NodeSession(mut session): NodeSession,
    url: String,
    number: Arc<Number>,
    clock: Clock,
    stop: CancellationToken,
) {
    loop {
        if stop.run_until_cancelled(sleep(LOOK_EVERY)).await.is_none() {
            return session.close().await;
        }
        let asked = Instant::now();
        match timeout(CHECK_TIMEOUT, session.check()).await {
            Ok(Ok(())) => number.seen(session.number, asked),
            failed => {
                let error = failed.err().map_or("it is gone", |_| "it does not answer");
                tracing::warn!(
                    node = session.number,
                    error,
                    "lost the session that holds this server's number"
                );
                let again = again(&url, &number, &clock);
                match stop.run_until_cancelled(again).await {
                    Some(opened) => session = opened,
                    None => return,
                }
            }
        }
    }
}

async fn again(url: &str, number: &Number, clock: &Clock) -> Session {
    let mut said = None;
    loop {
        let asked = Instant::now();
        let before = number.get();
        let opened = timeout(CHECK_TIMEOUT, async {
            match number.is_sure() {
                true => Session::reopen(url, before).await,
                // Others may be about to take its work over; and they may have it.
                false => Session::open(url, clock).await.map(Some),
            }
        })
        .await;
        match opened {
            // Not if it took so long that the number is no longer sure: then another is opened.
            Ok(Ok(Some(session))) if session.number != before || number.is_sure() => {
                number.seen(session.number, asked);
                tracing::info!(
                    node = session.number,
                    before,
                    "this server has a number again"
                );
                return session;
            }
            Ok(Err(error)) if said.is_none() => {
                tracing::warn!(%error, "cannot get this server's number back yet");
                said = Some(());
            }
            _ => {}
        }
        sleep(BETWEEN_TRIES).await;
    }
}
