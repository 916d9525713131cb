use super::{connection::Connection, message::Server};
use crate::{network::NetworkPolicy, tls::Trust};
use parking_lot::{Mutex, MutexGuard};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// Servers hang up after minutes; admins notice sessions that sit there.
const IDLE: Duration = Duration::from_secs(30);
/// Used so recently that asking whether it still works would cost more than finding out.
const FRESH: Duration = Duration::from_millis(500);
/// Idle connections to one server with one login. Several, because each mail takes a few round
/// trips.
const PER_SERVER: usize = 8;
const POLITE: Duration = Duration::from_secs(2);

/// Open connections that wait for the next mail.
pub(crate) struct Pool {
    pub(super) network: Arc<NetworkPolicy>,
    pub(super) trust: Trust,
    /// What we are called when we introduce ourselves; our address where there is none.
    pub(super) ehlo_name: Option<String>,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    connections: HashMap<Server, Vec<(Connection, Instant)>>,
    swept: bool,
}

impl Pool {
    pub(crate) fn new(
        network: Arc<NetworkPolicy>,
        trust: Trust,
        ehlo_name: Option<String>,
    ) -> Self {
        Self {
            network,
            trust,
            ehlo_name,
            idle: Mutex::default(),
        }
    }

    /// A connection that waited, if one still works.
    pub(super) async fn waiting(&self, server: &Server) -> Option<Connection> {
        loop {
            let (mut connection, since) = {
                let mut idle = self.idle();
                idle.connections.get_mut(server)?.pop()?
            };
            let age = since.elapsed();
            if age < FRESH || (age < IDLE && connection.reset().await) {
                return Some(connection);
            }
        }
    }

    pub(super) fn put_back(self: &Arc<Self>, server: Server, connection: Connection) {
        let mut idle = self.idle();
        let waiting = idle.connections.entry(server).or_default();
        if waiting.len() < PER_SERVER {
            waiting.push((connection, Instant::now()));
        }
        if !idle.swept {
            idle.swept = true;
            let pool = Arc::downgrade(self);
            // Lives while something waits, and no longer: an idle engine does nothing.
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(IDLE).await;
                    let Some(pool) = pool.upgrade() else { break };
                    let Some(old) = pool.sweep() else { break };
                    drop(pool);
                    for connection in old {
                        let _ = tokio::time::timeout(POLITE, connection.quit()).await;
                    }
                }
            });
        }
    }

    /// Connections that waited too long; none when the next round has nothing to do.
    fn sweep(&self) -> Option<Vec<Connection>> {
        let mut idle = self.idle();
        if idle.connections.is_empty() {
            idle.swept = false;
            return None;
        }
        let mut old = Vec::new();
        idle.connections.retain(|_, waiting| {
            let (past, still) = std::mem::take(waiting)
                .into_iter()
                .partition(|(_, since)| since.elapsed() >= IDLE);
            *waiting = still;
            let past: Vec<(Connection, Instant)> = past;
            old.extend(past.into_iter().map(|(connection, _)| connection));
            !waiting.is_empty()
        });
        Some(old)
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock()
    }
}
