//! Who is connected, and who has to leave when there is no place any more.

use crate::shares::network;
use ipnet::IpNet;
use parking_lot::{Mutex, MutexGuard};
use push_notify_core::config;
use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};
use tokio::sync::Notify;

/// So many parts of the places are freed at once: a look for who is idle must not be needed for
/// each newcomer of a crowd.
const PARTS: usize = 64;
/// In place of a time: there is a request under way.
const BUSY: u64 = u64::MAX;

/// The places for connections. When all are taken, or all that one address may have, the connection
/// that waits longest for its next request gives way to a new one; if all are busy, a new one
/// waits, or is refused where its own address has them all.
pub(super) struct Places {
    most: usize,
    per_address: usize,
    /// These speak for many.
    proxies: Vec<IpNet>,
    /// Times are counted from here, in nanoseconds.
    opened: Instant,
    seats: Mutex<Seats>,
    left: Notify,
}

#[derive(Default)]
struct Seats {
    last_id: u64,
    by_id: HashMap<u64, Arc<Connection>>,
    by_network: HashMap<IpAddr, HashSet<u64>>,
}

/// Of one connection.
struct Connection {
    /// None: it is a proxy's.
    network: Option<IpAddr>,
    idle_since: AtomicU64,
    asked_to_leave: Notify,
}

/// A place, until it is dropped.
pub(super) struct Occupied {
    id: u64,
    connection: Arc<Connection>,
    places: Arc<Places>,
}

/// Why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Its address has all that it may have.
    ByItself,
    ByAll,
}

impl Places {
    pub(super) fn new(settings: &config::Connections, proxies: &[IpNet]) -> Self {
        Self {
            most: settings.most,
            per_address: settings.per_address,
            proxies: proxies.to_vec(),
            opened: Instant::now(),
            seats: Mutex::default(),
            left: Notify::new(),
        }
    }

    /// Waits while all are taken. None: the address has all that it may have, and all are busy.
    pub(super) async fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Occupied> {
        loop {
            // Before the look, so that whoever leaves in between is noticed.
            let left = self.left.notified();
            match self.try_take(peer) {
                Ok(place) => return Some(place),
                Err(Taken::ByItself) => return None,
                Err(Taken::ByAll) => left.await,
            }
        }
    }

    fn try_take(self: &Arc<Self>, peer: IpAddr) -> Result<Occupied, Taken> {
        let peer = peer.to_canonical();
        let is_proxy = self.proxies.iter().any(|net| net.contains(&peer));
        let network = (!is_proxy).then(|| network(Some(peer)));
        let mut seats = self.lock();
        if let Some(network) = network
            && seats.of(network) >= self.per_address
            && !seats.send_away(Some(network), self.per_address / PARTS)
        {
            return Err(Taken::ByItself);
        }
        if seats.by_id.len() >= self.most && !seats.send_away(None, self.most / PARTS) {
            return Err(Taken::ByAll);
        }
        let connection = Arc::new(Connection {
            network,
            idle_since: AtomicU64::new(self.now()),
            asked_to_leave: Notify::new(),
        });
        seats.last_id += 1;
        let id = seats.last_id;
        seats.by_id.insert(id, connection.clone());
        if let Some(network) = network {
            seats.by_network.entry(network).or_default().insert(id);
        }
        drop(seats);
        let places = self.clone();
        Ok(Occupied {
            id,
            connection,
            places,
        })
    }

    /// Frees some, if some are idle.
    pub(super) fn make_room(&self) {
        self.lock().send_away(None, self.most / PARTS);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_nanos()).unwrap_or(BUSY - 1)
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        // Nothing that holds it can panic half-way.
        self.seats.lock()
    }
}

impl Seats {
    fn of(&self, network: IpAddr) -> usize {
        self.by_network.get(&network).map_or(0, HashSet::len)
    }

    /// Asks those that have been idle for longest to leave, of a network or of all: so many, but
    /// one at least. Their places are free at once. False: nobody is idle.
    fn send_away(&mut self, network: Option<IpAddr>, count: usize) -> bool {
        let of_network = network.map(|network| self.by_network.get(&network));
        let ids: Box<dyn Iterator<Item = &u64>> = match of_network {
            Some(ids) => Box::new(ids.into_iter().flatten()),
            None => Box::new(self.by_id.keys()),
        };
        let since = |id: &u64| Some((self.by_id.get(id)?.idle_since.load(Relaxed), *id));
        let mut idle: Vec<(u64, u64)> = ids
            .filter_map(since)
            .filter(|(since, _)| *since != BUSY)
            .collect();
        if idle.is_empty() {
            return false;
        }
        let count = count.clamp(1, idle.len());
        idle.select_nth_unstable(count - 1);
        for (_, id) in idle.into_iter().take(count) {
            if let Some(connection) = self.remove(id) {
                connection.asked_to_leave.notify_one();
            }
        }
        true
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Connection>> {
        let connection = self.by_id.remove(&id)?;
        if let Some(network) = connection.network
            && let Some(ids) = self.by_network.get_mut(&network)
        {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_network.remove(&network);
            }
        }
        Some(connection)
    }
}

impl Occupied {
    /// A request is under way until what is returned is dropped.
    pub(super) fn busy(self: &Arc<Self>) -> UnderWay {
        self.connection.idle_since.store(BUSY, Relaxed);
        UnderWay(self.clone())
    }

    pub(super) fn is_busy(&self) -> bool {
        self.connection.idle_since.load(Relaxed) == BUSY
    }

    /// Comes when somebody else has got the place.
    pub(super) async fn asked_to_leave(&self) {
        self.connection.asked_to_leave.notified().await;
    }
}

impl Drop for Occupied {
    fn drop(&mut self) {
        let freed = self.places.lock().remove(self.id);
        if freed.is_some() {
            self.places.left.notify_one();
        }
    }
}

/// A request on a connection.
pub(super) struct UnderWay(Arc<Occupied>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let Occupied {
            connection, places, ..
        } = &*self.0;
        connection.idle_since.store(places.now(), Relaxed);
    }
}

#[cfg(test)]
mod tests;
